package casetest

import (
	"context"
	"errors"

	"cordon"
)

// Twice is a store that runs every function it is handed twice, as any store
// may: the first run of an Update is rolled back. A use-case that leaves
// something behind in what it captured, or returns what the first run made,
// fails its tests on it.
type Twice struct{ cordon.Store }

// errRunAgain rolls the first run back.
var errRunAgain = errors.New("casetest: run again")

// View implements cordon.Store.
func (s Twice) View(ctx context.Context, fn func(cordon.ReadTx) error) error {
	if err := s.Store.View(ctx, func(tx cordon.ReadTx) error { fn(tx); return nil }); err != nil {
		return err
	}
	return s.Store.View(ctx, fn)
}

// Decide implements cordon.Store.
func (s Twice) Decide(ctx context.Context, fn func(cordon.ReadTx) error) (cordon.Basis, error) {
	if err := s.Store.View(ctx, func(tx cordon.ReadTx) error { fn(tx); return nil }); err != nil {
		return cordon.Basis{}, err
	}
	return s.Store.Decide(ctx, fn)
}

// Commit implements cordon.Store.
func (s Twice) Commit(ctx context.Context, on cordon.Basis, fn func(cordon.WriteTx) error) error {
	err := s.Store.Commit(ctx, on, func(tx cordon.WriteTx) error { fn(tx); return errRunAgain })
	if err != errRunAgain {
		return err
	}
	return s.Store.Commit(ctx, on, fn)
}

// Update implements cordon.Store.
func (s Twice) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	err := s.Store.Update(ctx, func(tx cordon.WriteTx) error { fn(tx); return errRunAgain })
	if err != errRunAgain {
		return err
	}
	return s.Store.Update(ctx, fn)
}
