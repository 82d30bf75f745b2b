// Package audit shows the ledger to those entitled to it: an organisation's
// feed to its auditors, the verification of the whole to auditors and
// administrators. What the ledger is and proves is package ledger's; who may
// look is decided here.
package audit

import (
	"context"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
	"cordon/internal/usecase/arrangement"
)

// Feed is a stretch of a feed.
type Feed struct {
	Entries []cordon.LeafRecord
	// Steps are what the sealed entries commit to, by their subject: those
	// about arrangements of which the auditor may know.
	Steps map[cordon.ID]cordon.ArrangementStep
	// Size is how many entries the feed has.
	Size int64
}

// ReadFeed gives the entries of the organisation's feed after the number, at most
// limit and cordon.MaxPage of them, what was pending a moment ago among them.
func ReadFeed(ctx context.Context, by act.Caller, after int64, limit int) (Feed, error) {
	if after < 0 || limit < 0 {
		return Feed{}, cordon.Errorf(cordon.Invalid, "a place in a feed and a limit are not negative")
	}
	if limit == 0 || limit > cordon.MaxPage {
		limit = cordon.MaxPage
	}
	if _, err := auditor(ctx, by.Base, by.Person); err != nil {
		return Feed{}, err
	}
	if _, err := by.Ledger.Integrate(ctx); err != nil {
		return Feed{}, err
	}
	var out Feed
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		// Decided again: this transaction is the one that shows.
		view, err := look(by.Base, tx, by.Person)
		if err != nil {
			return err
		}
		if out.Size, err = tx.FeedSize(view.Actor.Org.ID); err != nil {
			return err
		}
		if out.Entries, err = tx.Feed(view.Actor.Org.ID, after, limit); err != nil {
			return err
		}
		out.Steps, err = unseal(tx, view, out.Entries)
		return err
	})
	return out, err
}

// unseal gives the steps that the sealed entries commit to. What does not
// match its commitment was changed in the database, and is not shown.
func unseal(tx cordon.ReadTx, view *reader.View, entries []cordon.LeafRecord) (map[cordon.ID]cordon.ArrangementStep, error) {
	var subjects []cordon.ID
	for _, leaf := range entries {
		if leaf.Entry.Act == cordon.ActSealed {
			subjects = append(subjects, leaf.Entry.Subject)
		}
	}
	if len(subjects) == 0 {
		return nil, nil
	}
	steps, err := tx.ArrangementSteps(subjects)
	if err != nil {
		return nil, err
	}
	known, seen := make(map[cordon.ID]bool), make(map[cordon.ID]cordon.ArrangementStep)
	for _, step := range steps {
		if _, asked := known[step.Arrangement]; !asked {
			a, err := tx.Arrangement(step.Arrangement)
			if err != nil {
				return nil, err
			}
			known[a.ID] = arrangement.Knows(view, a)
		}
		if known[step.Arrangement] && step.Commitment() == step.ID {
			seen[step.ID] = step
		}
	}
	return seen, nil
}

// Bundle gives the same stretch with proofs; see ledger.Bundle.
func Bundle(ctx context.Context, by act.Caller, after, oldSize int64, limit int) (ledger.Bundle, error) {
	org, err := auditor(ctx, by.Base, by.Person)
	if err != nil {
		return ledger.Bundle{}, err
	}
	if _, err := by.Ledger.Integrate(ctx); err != nil {
		return ledger.Bundle{}, err
	}
	if limit == 0 {
		limit = ledger.MaxBundle
	}
	return by.Ledger.Bundle(ctx, org, after, oldSize, limit)
}

// Checkpoint gives the signed head of the tree to whoever is signed in: it
// names nobody, and the more people keep one the better. It is empty while
// nothing has been recorded.
func Checkpoint(ctx context.Context, by act.Caller) (string, error) {
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		_, err := by.Rules.Look(tx, by.Person, by.Clock.Now())
		return err
	})
	if err != nil {
		return "", err
	}
	return by.Ledger.Checkpoint(ctx)
}

// Verify verifies the whole ledger for an auditor or an administrator; see
// ledger.Verify. How many entries other organisations' feeds have is left out.
func Verify(ctx context.Context, by act.Caller, kept ...string) (ledger.Report, error) {
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := by.Rules.Look(tx, by.Person, by.Clock.Now())
		if err != nil || view.Actor.Person.Has(cordon.Administrator) {
			return err
		}
		return view.Require(cordon.Auditor)
	})
	if err != nil {
		return ledger.Report{}, err
	}
	// A ledger too broken to be built upon is what Verify reports.
	if _, err := by.Ledger.Integrate(ctx); err != nil && cordon.KindOf(err) != cordon.Internal {
		return ledger.Report{}, err
	}
	report, err := by.Ledger.Verify(ctx, kept...)
	report.Feeds = nil
	return report, err
}

// auditor gives the organisation whose feed the person may see.
func auditor(ctx context.Context, base *act.Base, person cordon.ID) (cordon.ID, error) {
	var org cordon.ID
	err := base.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := look(base, tx, person)
		if err == nil {
			org = view.Actor.Org.ID
		}
		return err
	})
	return org, err
}

func look(base *act.Base, tx cordon.ReadTx, person cordon.ID) (*reader.View, error) {
	view, err := base.Rules.Look(tx, person, base.Clock.Now())
	if err != nil {
		return nil, err
	}
	return view, view.Require(cordon.Auditor)
}
