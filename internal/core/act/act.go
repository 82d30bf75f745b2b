// Package act is the one way in which every use-case acts.
//
// An act has two halves. The first loads and decides: it is handed a [Snapshot],
// which cannot write, and returns a plan. The second is handed a [Commit] and the
// plan; it makes the changes, records them, and returns the result. [Do] runs
// both in one Update, so that the decision still holds when it commits. [Answer] is
// for acts that change nothing and record what they show: both halves run on a
// snapshot, and what they record is committed if what was decided on has not changed
// since. [Read] runs the first half alone.
//
// A half may run more than once. It returns what it made and assigns nothing
// that it captured.
//
// A refusal is an error of kind NotFound or Denied. It is recorded before it is
// answered, even if the use-case records nothing itself: see [Refusal].
package act

import (
	"context"
	"errors"

	"cordon"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
	"cordon/internal/core/tokens"
	"cordon/internal/core/vault"
	"cordon/marking"
	"cordon/wire"
)

// Base is the store, keys, rules and clock of one installation, which every act
// uses. It keeps no state of its own and is safe for concurrent use.
type Base struct {
	Store   cordon.Store
	Vault   *vault.Vault
	Rules   *reader.RuleCache
	Schemes *marking.Set
	Tokens  *tokens.Tokeniser
	Ledger  *ledger.Ledger
	Clock   cordon.Clock
	// Compare, if set, is told that something waits to be compared, and sees to it in a
	// moment. Otherwise whoever writes compares at once, and how long that takes tells.
	Compare func()
}

// Caller is somebody about to act. Who they are is loaded in the transaction
// that acts.
type Caller struct {
	*Base
	// Principal is who their request was let in as.
	cordon.Principal
	nobody bool
}

// As makes the principal the caller.
func (b *Base) As(p cordon.Principal) Caller { return Caller{Base: b, Principal: p} }

// By makes the person the caller, with every scope.
func (b *Base) By(person cordon.ID) Caller {
	return b.As(cordon.Principal{Person: person, Scopes: cordon.AllScopes()})
}

// Itself makes Cordon the caller, where it acts without being asked. It holds no
// role, and no rule admits it.
func (b *Base) Itself() Caller { return Caller{Base: b, nobody: true} }

// Anyone makes somebody the caller who has not shown yet who they are. They hold
// no role, and no rule admits them, until the act goes on as theirs:
// [Snapshot.As].
func (b *Base) Anyone() Caller { return Caller{Base: b, nobody: true} }

// Deed is the ledger's name of an act, and the roles that may do it.
type Deed struct {
	Act cordon.Act
	// Needs lists roles, one of which the caller must hold; none is needed if
	// it is empty. A caller who holds none of them is Denied.
	Needs []cordon.Role
}

// ByAnyone is a deed that needs no role.
func ByAnyone(a cordon.Act) Deed { return Deed{Act: a} }

// ByRole is a deed for the holders of one of the roles.
func ByRole(a cordon.Act, roles ...cordon.Role) Deed { return Deed{Act: a, Needs: roles} }

// Done is the result of an act that has none.
type Done struct{}

// Do runs decide and, unless that refuses, write, as one act. The people,
// organisations, reports and incidents that decide loaded through its snapshot
// are held against change until the commit. Do returns the result of write in
// the run that was committed.
//
// An error of decide or write undoes the act. A refusal is recorded all the same:
// in the same Update where decide refuses, and in another where write does. The
// answer waits for that.
func Do[P, R any](ctx context.Context, by Caller, deed Deed, decide func(*Snapshot) (P, error), write func(*Commit, P) (R, error)) (R, error) {
	done := &committed{}
	out, err := cordon.Update(ctx, by.Store, func(tx cordon.WriteTx) (outcome[R], error) {
		s, err := by.snapshot(cordon.Holding(tx), tx, deed, done)
		if err != nil {
			return outcome[R]{}, err
		}
		plan, err := decided(s, decide)
		if isRefusal(err) {
			return outcome[R]{refusal: err}, s.refuse(ctx, tx, tx, err)
		}
		if err != nil {
			return outcome[R]{}, err
		}
		result, err := write(&Commit{Recorder: Recorder{Snapshot: s, Log: tx}, Tx: tx}, plan)
		if isRefusal(err) {
			// What write changed must not stay.
			err = &undone{s, err}
		}
		return outcome[R]{result: result}, err
	})
	if late := (*undone)(nil); errors.As(err, &late) {
		out, err = outcome[R]{refusal: late.refusal}, late.snapshot.refuseLater(ctx, late.refusal)
	}
	if err == nil && out.refusal == nil {
		done.yes = true
	}
	return out.answer(err)
}

// tries is how often an Answer is decided on a snapshot while others change what it
// rests on, before it is decided where it commits.
const tries = 3

// Answer is Do of an act that changes nothing: it runs decide and, unless that refuses,
// note, which writes down what is shown. Both run on one snapshot. What they recorded
// is committed if nothing that decide rested on has changed since: the people,
// organisations, groups, grants, arrangements, reports and portions that it loaded.
// Otherwise it is all done again, on what is there now.
func Answer[P, R any](ctx context.Context, by Caller, deed Deed, decide func(*Snapshot) (P, error), note func(*Recorder, P) (R, error)) (R, error) {
	done := &committed{}
	var out outcome[R]
	err := error(cordon.ErrChanged)
	for try := 0; try < tries && errors.Is(err, cordon.ErrChanged); try++ {
		var log cordon.Log
		var on cordon.Basis
		out, on, err = cordon.Decide(ctx, by.Store, func(tx cordon.ReadTx) (outcome[R], error) {
			log = cordon.Log{}
			s, err := by.snapshot(tx, tx, deed, done)
			if err != nil {
				return outcome[R]{}, err
			}
			return noted(ctx, s, tx, &log, decide, note)
		})
		if err == nil {
			err = by.Store.Record(ctx, on, log)
		}
	}
	if errors.Is(err, cordon.ErrChanged) {
		out, err = cordon.Update(ctx, by.Store, func(tx cordon.WriteTx) (outcome[R], error) {
			s, err := by.snapshot(cordon.Holding(tx), tx, deed, done)
			if err != nil {
				return outcome[R]{}, err
			}
			var log cordon.Log
			out, err := noted(ctx, s, tx, &log, decide, note)
			if err != nil {
				return outcome[R]{}, err
			}
			return out, log.Write(tx)
		})
	}
	if err == nil && out.refusal == nil {
		done.yes = true
	}
	return out.answer(err)
}

// noted runs the halves of an Answer and gives what they record. Of a refusal that is
// the refusal alone.
func noted[P, R any](ctx context.Context, s *Snapshot, tx cordon.ReadTx, log *cordon.Log, decide func(*Snapshot) (P, error), note func(*Recorder, P) (R, error)) (outcome[R], error) {
	plan, err := decided(s, decide)
	var result R
	if err == nil {
		result, err = note(&Recorder{Snapshot: s, Log: log}, plan)
	}
	if isRefusal(err) {
		*log = cordon.Log{}
		return outcome[R]{refusal: err}, s.refuse(ctx, tx, log, err)
	}
	return outcome[R]{result: result}, err
}

// Read answers a question that leaves no entry in the ledger unless it is
// refused. Fn sees one consistent snapshot and holds nothing against change.
func Read[T any](ctx context.Context, by Caller, deed Deed, fn func(*Snapshot) (T, error)) (T, error) {
	out, err := cordon.View(ctx, by.Store, func(tx cordon.ReadTx) (outcome[T], error) {
		s, err := by.snapshot(tx, tx, deed, &committed{})
		if err != nil {
			return outcome[T]{}, err
		}
		result, err := decided(s, fn)
		if isRefusal(err) {
			return outcome[T]{refusal: err, snapshot: s}, nil
		}
		return outcome[T]{result: result}, err
	})
	if err == nil && out.refusal != nil {
		err = out.snapshot.refuseLater(ctx, out.refusal)
	}
	return out.answer(err)
}

// Refuse records and answers a refusal for which nothing was read from the store.
func Refuse(ctx context.Context, by Caller, deed Deed, refusal error) error {
	_, err := Do(ctx, by, deed, func(*Snapshot) (Done, error) { return Done{}, refusal }, func(*Commit, Done) (Done, error) { return Done{}, nil })
	return err
}

// outcome is how an act ended: with a result, or refused.
type outcome[T any] struct {
	result   T
	refusal  error
	snapshot *Snapshot
}

// answer is the caller's answer: of a refusal its Answer alone.
func (o outcome[T]) answer(err error) (T, error) {
	if err == nil && o.refusal != nil {
		err = o.refusal
		if r := (*Refusal)(nil); errors.As(err, &r) {
			err = r.Answer
		}
	}
	if err != nil {
		var none T
		return none, err
	}
	return o.result, nil
}

// decided requires the deed's role and runs fn.
func decided[T any](s *Snapshot, fn func(*Snapshot) (T, error)) (T, error) {
	if err := s.Require(s.deed.Needs...); err != nil {
		var none T
		return none, err
	}
	return fn(s)
}

// snapshot loads the caller. Names are read through a transaction that holds
// nothing against change.
func (c Caller) snapshot(tx cordon.ReadTx, names cordon.PeopleReader, deed Deed, done *committed) (*Snapshot, error) {
	view, err := c.view(tx)
	if err != nil {
		return nil, err
	}
	seen := &looked{ReadTx: tx}
	return &Snapshot{
		View: view, Base: c.Base, Principal: c.Principal, Tx: seen, Keys: c.Vault.Ring(tx), deed: deed, seen: seen, done: done,
		names: names, read: make(map[cordon.ID]wire.Named),
	}, nil
}

func (c Caller) view(tx cordon.ReadTx) (*reader.View, error) {
	if c.nobody {
		return c.Rules.ViewOfNobody(tx, c.Clock.Now())
	}
	if c.Local {
		// Whoever works on the data itself could undo a suspension anyway, and without
		// this nobody could where the only one who looks after people is suspended.
		p, err := tx.Person(c.Person)
		if err != nil {
			return nil, err
		}
		return c.Rules.ViewOf(tx, p, c.Clock.Now())
	}
	return c.Rules.View(tx, c.Person, c.Clock.Now())
}

// committed is set once the act is on disk.
type committed struct{ yes bool }

// undone is the refusal of a write. As an error it rolls the write back.
type undone struct {
	snapshot *Snapshot
	refusal  error
}

func (u *undone) Error() string { return u.refusal.Error() }
