// Package audit shows the ledger to the people entitled to it. An
// organisation's auditors see its feed. Auditors, administrators and operators
// verify the whole. Package ledger says what the ledger is and proves; this package
// decides who may look at it.
package audit

import (
	"context"
	"maps"
	"slices"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
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

// auditing is the deed of an organisation's auditors.
var auditing = act.ByRole(cordon.ActAudit, cordon.RoleAuditor)

// ReadFeed gives the entries of the organisation's feed after the number, at
// most limit and cordon.MaxPage of them. Entries that were pending are
// integrated first, so they are included.
func ReadFeed(ctx context.Context, by act.Caller, after int64, limit int) (Feed, error) {
	if after < 0 || limit < 0 {
		return Feed{}, cordon.Errorf(cordon.KindInvalid, "a place in a feed and a limit are not negative")
	}
	if limit == 0 || limit > cordon.MaxPage {
		limit = cordon.MaxPage
	}
	if _, err := integrated(ctx, by, auditing); err != nil {
		return Feed{}, err
	}
	// Decided again: this transaction is the one that shows.
	return act.Read(ctx, by, auditing, func(s *act.Snapshot) (out Feed, err error) {
		head, err := s.Tx.FeedHead(s.Actor.Org.ID)
		if err != nil {
			return out, err
		}
		out.Size = head.Size
		if out.Entries, err = s.Tx.Feed(s.Actor.Org.ID, after, limit); err != nil {
			return out, err
		}
		out.Steps, err = unseal(s, out.Entries)
		return out, err
	})
}

// unseal gives the steps that the sealed entries commit to. A step that does
// not match its commitment was changed in the database, and is not shown.
func unseal(s *act.Snapshot, entries []cordon.LeafRecord) (map[cordon.ID]cordon.ArrangementStep, error) {
	var subjects []cordon.ID
	for _, leaf := range entries {
		if leaf.Entry.Act == cordon.ActSealed {
			subjects = append(subjects, leaf.Entry.Subject)
		}
	}
	if len(subjects) == 0 {
		return nil, nil
	}
	steps, err := s.Tx.ArrangementSteps(subjects)
	if err != nil {
		return nil, err
	}
	known, seen := make(map[cordon.ID]bool), make(map[cordon.ID]cordon.ArrangementStep)
	for _, step := range steps {
		if _, asked := known[step.Arrangement]; !asked {
			a, err := s.Tx.Arrangement(step.Arrangement)
			if err != nil {
				return nil, err
			}
			known[a.ID] = arrangement.Knows(s.View, a)
		}
		if known[step.Arrangement] && step.Commitment() == step.ID {
			seen[step.ID] = step
		}
	}
	return seen, nil
}

// Bundle gives the same stretch with proofs, under a tick of its own; see
// ledger.Bundle.
func Bundle(ctx context.Context, by act.Caller, after, oldSize int64, limit int) (ledger.Bundle, error) {
	org, err := permitted(ctx, by, auditing)
	if err == nil {
		_, err = by.Ledger.Tick(ctx, 0)
	}
	if err != nil {
		return ledger.Bundle{}, err
	}
	if limit == 0 {
		limit = ledger.MaxBundle
	}
	return by.Ledger.Bundle(ctx, org, after, oldSize, limit)
}

// Checkpoint gives the signed head of the public log to everybody who is signed in:
// it names nobody, and every copy kept elsewhere helps to prove a later change. Its
// last tick is of this moment, so that the copy covers all that was recorded.
func Checkpoint(ctx context.Context, by act.Caller) (string, error) {
	if _, err := permitted(ctx, by, act.ByAnyone(cordon.ActAudit)); err != nil {
		return "", err
	}
	return by.Ledger.Tick(ctx, 0)
}

// verifying is the deed of those who may have everything verified.
var verifying = act.ByRole(cordon.ActAudit, cordon.RoleAuditor, cordon.RoleAdministrator, cordon.RoleOperator)

// Verify ticks and verifies the whole ledger for an auditor, administrator or
// operator; see ledger.Verify. Of the sizes of feeds it leaves that of an auditor's own.
func Verify(ctx context.Context, by act.Caller, kept ...string) (ledger.Report, error) {
	own, err := act.Read(ctx, by, verifying, func(s *act.Snapshot) (own []cordon.ID, err error) {
		if s.Actor.Person.Has(cordon.RoleAuditor) {
			own = append(own, s.Actor.Org.ID)
		}
		return own, nil
	})
	if err != nil {
		return ledger.Report{}, err
	}
	// A ledger too broken to be built upon is what Verify reports.
	if _, err := by.Ledger.Tick(ctx, 0); err != nil && cordon.KindOf(err) != cordon.KindInternal {
		return ledger.Report{}, err
	}
	report, err := by.Ledger.Verify(ctx, kept...)
	maps.DeleteFunc(report.Feeds, func(feed cordon.ID, _ int64) bool { return !slices.Contains(own, feed) })
	return report, err
}

// MaxFaults bounds the differences that VerifyState lists.
const MaxFaults = 200

// VerifyState holds what the database keeps against what this installation has
// written; see cordon.StateReader. The whole database is looked at in one snapshot. It
// takes the same people as Verify. Which rows differ, and how many there are in all, is
// told to operators only; others are told that some differ.
func VerifyState(ctx context.Context, by act.Caller) (cordon.StateReport, error) {
	return act.Read(ctx, by, verifying, func(s *act.Snapshot) (cordon.StateReport, error) {
		report, err := s.Tx.VerifyState(MaxFaults)
		if !s.Operates() {
			report.Rows, report.Sets = 0, 0
			report.Faults = make([]cordon.Unverified, min(1, len(report.Faults)))
		}
		return report, err
	})
}

// permitted gives the organisation of the caller, if they may do the deed.
func permitted(ctx context.Context, by act.Caller, deed act.Deed) (cordon.ID, error) {
	return act.Read(ctx, by, deed, func(s *act.Snapshot) (cordon.ID, error) { return s.Actor.Org.ID, nil })
}

// integrated is permitted once everything that was pending is in the tree.
func integrated(ctx context.Context, by act.Caller, deed act.Deed) (cordon.ID, error) {
	org, err := permitted(ctx, by, deed)
	if err == nil {
		_, err = by.Ledger.Integrate(ctx)
	}
	return org, err
}
