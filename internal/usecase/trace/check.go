package trace

import (
	"context"
	"fmt"
	"slices"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/finder"
	"cordon/internal/core/ledger"
)

// CheckNote goes with every check, whatever it found.
const CheckNote = "This looks at the words of reports you may see, verbatim. It is no clearance: what you may not see, " +
	"and what is told in other words, it cannot speak of."

// CheckReport is what a check tells the checker.
type CheckReport struct {
	// ID is the check's own; its ledger entries have it as their subject.
	ID       cordon.ID `json:"id"`
	Audience Owner     `json:"audience"`
	// Refused are passages that the audience may not have.
	Refused []Finding `json:"refused"`
	// Allowed are passages that it may have.
	Allowed []Hit  `json:"allowed"`
	Note    string `json:"note"`
}

// Finding is a portion whose passages the audience may not have, and why.
type Finding struct {
	Hit
	// Reasons are the conditions that do not hold, by name.
	Reasons []string `json:"reasons"`
	// Missing are the owners whose permission is missing.
	Missing []Owner `json:"missing,omitempty"`
	// Needs says in plain words what it would take.
	Needs []string `json:"needs"`
}

// Check says, before anything is told, which passages of a text come from
// portions that the audience, an organisation, may not have, from which owner,
// and what would be needed. It tells of portions the checker may see and of no
// others: see the package comment. Clearances and read-ins are a person's and
// not looked at; a portion limited to a circle is refused unless one of the
// circle is of the audience.
//
// A passage is not refused where the audience may have a portion of the same
// owners, one the checker may see, in which the same words stand: a tearline.
// Owners of everything found have the check in their feeds before he has the
// answer, and a notice of what the audience may not have and he may not see.
// It needs the role Reader. An audience that is not there is ErrNotFound, a
// text beyond cordon.MaxFileBytes TooLarge.
func Check(ctx context.Context, by act.Caller, text string, audience cordon.ID) (CheckReport, error) {
	if !audience.Valid() {
		return CheckReport{}, cordon.ErrNotFound
	}
	found, err := search(ctx, by.Base, by.Person, text)
	if err != nil {
		return CheckReport{}, err
	}
	var report CheckReport
	err = by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		q, err := inquire(by.Base, tx, by.Person, text, found)
		if err != nil {
			return err
		}
		a, err := q.audience(audience)
		if err != nil {
			return err
		}

		// decide
		seen, hidden := q.visible()
		allowed, refused := a.divide(seen)
		refused = uncovered(refused, allowed)
		allowedUnseen, refusedUnseen := a.divide(hidden)
		refusedUnseen = uncovered(refusedUnseen, slices.Concat(allowed, allowedUnseen))

		// act
		report = CheckReport{ID: q.id, Audience: Owner{a.org.ID, a.org.Name}, Note: CheckNote}
		if report.Allowed, err = q.hits(finder.Sift(allowed)); err != nil {
			return err
		}
		if report.Refused, err = a.findings(finder.Sift(refused)); err != nil {
			return err
		}

		// record
		e := q.entry(cordon.ActCheck, cordon.Allowed)
		e.Audience = a.org.ID
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
		if err := q.record(e, slices.Concat(allowed, allowedUnseen)); err != nil {
			return err
		}
		if err := a.recordRefused(e, slices.Concat(refused, refusedUnseen)); err != nil {
			return err
		}
		who := q.view.Actor
		return q.notify(refusedUnseen, func(s share) string {
			return fmt.Sprintf("%s of %s checked a text meant for %s with %s of yours in it, which %s may not have. "+
				"They may not see them either and were not told. The check is %s in your feed.",
				who.Person.Name, who.Org.Name, a.org.Name, s, a.org.Name, q.id)
		})
	})
	if err != nil {
		return CheckReport{}, err
	}
	return report, nil
}
