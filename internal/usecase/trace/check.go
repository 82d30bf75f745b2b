package trace

import (
	"context"
	"fmt"
	"slices"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/finder"
)

// CheckNote goes with every check, whatever it found.
const CheckNote = "This looks at the words of reports you may see, as they stand and told in other words as far as that can be measured. " +
	"It is no clearance: of what you may not see it cannot speak, and other words may escape it."

// Check says, before anything is told, which passages of a text come from
// portions that the audience, an organisation, may not have, who owns them, and
// what permission would take. It speaks of portions that the checker may see
// and of no others: see the package comment. Clearances and read-ins are a
// person's and not looked at. A portion limited to a circle is refused unless
// one of the circle is of the audience.
//
// A passage is allowed where the same words stand in another portion of the
// same owners, such as a tearline, that the checker may see and the audience
// may have. The owners of everything found have the check in their feeds before
// the checker has the answer. They get a notice of portions that the audience
// may not have and the checker may not see. It needs the role Reader. An absent
// audience is ErrNotFound, a text beyond cordon.MaxFileBytes TooLarge.
func Check(ctx context.Context, by act.Caller, text string, audience cordon.ID) (CheckReport, error) {
	deed := reading(cordon.ActCheck)
	found, err := search(ctx, by, deed, text, 0)
	if err != nil {
		return CheckReport{}, err
	}
	type plan struct {
		report          CheckReport
		titles          titles
		org             cordon.Organisation
		allowed, unseen []finder.Quotation
		refused         []refused
	}
	out, err := act.Do(ctx, by, deed, func(s *act.Snapshot) (plan, error) {
		// load
		to, err := loadAudience(s, audience)
		if err != nil {
			return plan{}, err
		}
		q, err := inquire(s, text, found)
		if err != nil {
			return plan{}, err
		}

		// decide
		seen, hidden := q.visible()
		allowed, denied := to.divide(seen)
		denied = q.uncovered(denied, allowed)
		allowedUnseen, deniedUnseen := to.divide(hidden)
		deniedUnseen = q.uncovered(deniedUnseen, slices.Concat(allowed, allowedUnseen))
		p := plan{
			report: CheckReport{ID: q.id, Audience: Owner{ID: to.org.ID, Name: to.org.Name}, Note: CheckNote, Compared: compared(text)}, org: to.org,
			allowed: slices.Concat(allowed, allowedUnseen), refused: to.together(slices.Concat(denied, deniedUnseen)), unseen: deniedUnseen,
		}
		told, toldDenied := q.sift(allowed), q.sift(denied)
		if p.report.Allowed, err = q.hits(told); err != nil {
			return p, err
		}
		if p.report.Refused, err = q.findings(to, toldDenied); err != nil {
			return p, err
		}
		p.titles, err = q.titles(slices.Concat(told, toldDenied))
		return p, err
	}, func(c *act.Commit, p plan) (plan, error) {
		e := cordon.Entry{Subject: p.report.ID, Audience: p.org.ID}
		if err := c.Record(e); err != nil {
			return p, err
		}
		if err := record(c, e, p.allowed); err != nil {
			return p, err
		}
		e.Outcome = cordon.OutcomeRefused
		for _, r := range p.refused {
			e.Reasons = r.reasons
			if err := record(c, e, r.found); err != nil {
				return p, err
			}
		}
		return p, notify(c, p.unseen, func(s share) string {
			return fmt.Sprintf("%s of %s checked a text meant for %s with %s of yours in it, which %s may not have. "+
				"They may not see them either and were not told. The check is %s in your feed.",
				c.Actor.Person.Name, c.Actor.Org.Name, p.org.Name, s, p.org.Name, p.report.ID)
		})
	})
	if err != nil {
		return CheckReport{}, err
	}
	var hits []*Hit
	for i := range out.report.Allowed {
		hits = append(hits, &out.report.Allowed[i])
	}
	for i := range out.report.Refused {
		hits = append(hits, &out.report.Refused[i].TracedPortion)
	}
	return out.report, out.titles.name(hits)
}
