package casetest

import (
	"context"

	"cordon"
)

// Between is a store that lets another act in while one is under way: after what it
// decides on was read, and before it commits. The first Calls of its transactions pass;
// Act then runs, once. Where an act is one transaction, it runs before that; where what
// was read is an error, nothing is to commit and it does not run, and neither does it once
// something has been committed, as where what was published is compared afterwards.
type Between struct {
	cordon.Store
	Calls int
	Act   func()

	committed bool
}

// Met reports whether Act has run.
func (s *Between) Met() bool { return s.Act == nil }

func (s *Between) meet() {
	if s.Calls--; s.Calls >= 0 || s.Act == nil || s.committed {
		return
	}
	act := s.Act
	s.Act = nil
	act()
}

// View implements cordon.Store.
func (s *Between) View(ctx context.Context, fn func(cordon.ReadTx) error) error {
	err := s.Store.View(ctx, fn)
	s.meet()
	return err
}

// Decide implements cordon.Store.
func (s *Between) Decide(ctx context.Context, fn func(cordon.ReadTx) error) (cordon.Basis, error) {
	on, err := s.Store.Decide(ctx, fn)
	if err == nil {
		s.meet()
	}
	return on, err
}

// Update implements cordon.Store.
func (s *Between) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	s.meet()
	return s.wrote(s.Store.Update(ctx, fn))
}

// Commit implements cordon.Store.
func (s *Between) Commit(ctx context.Context, on cordon.Basis, fn func(cordon.WriteTx) error) error {
	return s.wrote(s.Store.Commit(ctx, on, fn))
}

// Record implements cordon.Store.
func (s *Between) Record(ctx context.Context, on cordon.Basis, log cordon.Log) error {
	return s.wrote(s.Store.Record(ctx, on, log))
}

func (s *Between) wrote(err error) error {
	s.committed = s.committed || err == nil
	return err
}
