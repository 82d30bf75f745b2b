package reading

import (
	"context"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/act"
)

// Rendition is what one reader is shown of a report at one time.
type Rendition struct {
	Report cordon.ID
	Ref    string
	Kind   cordon.ReportKind
	Holder cordon.ID
	// Banner is the roll-up of what is shown, and of nothing else.
	Banner   string
	Title    string
	Created  time.Time
	Portions []Shown
}

// Open shows the person as much of the report as access lets them see. The
// report is named by its id or its outside name. Each owner's feed has the read
// before anything is shown. A report of which they may see nothing is
// ErrNotFound. That is recorded as a refusal in its owners' feeds, and looks
// the same as a report that is not there. Via says what the rendition is for:
// ActRead or ActExport.
func Open(ctx context.Context, by act.Caller, name string, via cordon.Act) (Rendition, error) {
	type plan struct {
		report   cordon.Report
		shown    disclosed
		withheld []cordon.Portion
		// placed are the portions in their places: those shown, and those of
		// which the mark alone is shown, without bodies.
		placed []cordon.Portion
		banner string
	}
	out, err := act.Answer(ctx, by, act.ByRole(via, cordon.RoleReader), func(s *act.Snapshot) (plan, error) {
		report, err := s.FindReport(name)
		if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
			return plan{}, err
		}
		// An absent report is asked for in the same way as a withheld one, so
		// that the time it takes does not tell them apart.
		numbers, err := s.Tx.PortionRules(report.ID)
		if err != nil {
			return plan{}, err
		}
		seen, err := s.VisibleUnder(numbers)
		if err != nil {
			return plan{}, err
		}
		shown, err := s.Tx.Portions(report.ID, seen)
		if err != nil {
			return plan{}, err
		}
		if len(shown) == 0 {
			return plan{}, cordon.ErrNotFound
		}
		withheld, err := notShown(s, report, numbers, shown)
		if err != nil {
			return plan{}, err
		}
		if via == cordon.ActExport {
			var only []cordon.Portion
			shown, only = exportable(s, shown)
			withheld = append(withheld, only...)
		}
		if len(shown) == 0 { // that it is there they know
			return plan{}, &act.Refusal{Answer: errShownOnly, Subject: report.ID, Portions: withheld}
		}
		p := plan{report: report, withheld: withheld}
		marked, err := marksToShow(s, report, withheld)
		if err != nil {
			return plan{}, err
		}
		p.placed = slices.Concat(shown, marked)
		slices.SortFunc(p.placed, func(a, b cordon.Portion) int { return a.Ordinal - b.Ordinal })
		if p.banner, err = s.Banner(report, p.placed); err != nil {
			return plan{}, err
		}
		p.shown, err = disclose(s, shown)
		return p, err
	}, func(c *act.Recorder, p plan) (plan, error) {
		if err := c.RecordWithheld(p.report.ID, p.withheld); err != nil {
			return p, err
		}
		return p, record(c, via, p.report.ID, p.shown.portions)
	})
	if err != nil {
		return Rendition{}, err
	}
	r := out.report
	return out.shown.render(Rendition{Report: r.ID, Kind: r.Kind, Holder: r.Holder, Banner: out.banner, Created: r.Created}, out.placed)
}

var errShownOnly = cordon.Errorf(cordon.KindDenied, "this is shown to you and not given: read it here, it cannot be exported")

// exportable divides the portions into those that the reader may take away and
// those that they are shown only.
func exportable(s *act.Snapshot, portions []cordon.Portion) (may, shownOnly []cordon.Portion) {
	for _, p := range portions {
		if s.DecideExport(p).Allowed() {
			may = append(may, p)
		} else {
			p.Body, p.Key = nil, nil // nothing of it is opened by mistake
			shownOnly = append(shownOnly, p)
		}
	}
	return may, shownOnly
}

// OpenPortions shows the person those of the portions that access lets them
// see, in the order in which they are named. The others are recorded as refused
// in their owners' feeds. Subject is the matter for which the person looks at
// them.
func OpenPortions(ctx context.Context, by act.Caller, subject cordon.ID, portions []cordon.ID) ([]Shown, error) {
	if len(portions) > cordon.MaxPortions {
		return nil, cordon.Errorf(cordon.KindTooLarge, "at most %d portions are shown at once", cordon.MaxPortions)
	}
	type plan struct {
		shown    disclosed
		withheld []cordon.Portion
	}
	out, err := act.Answer(ctx, by, act.ByRole(cordon.ActRead, cordon.RoleReader), func(s *act.Snapshot) (plan, error) {
		all, err := s.Tx.PortionsByID(portions)
		if err != nil {
			return plan{}, err
		}
		var p plan
		var shown []cordon.Portion
		for _, one := range all {
			if s.Decide(one).Allowed() {
				shown = append(shown, one)
			} else {
				p.withheld = append(p.withheld, one)
			}
		}
		slices.SortFunc(shown, func(a, b cordon.Portion) int {
			return slices.Index(portions, a.ID) - slices.Index(portions, b.ID)
		})
		p.shown, err = disclose(s, shown)
		return p, err
	}, func(c *act.Recorder, p plan) (plan, error) {
		if err := c.RecordWithheld(subject, p.withheld); err != nil || len(p.shown.portions) == 0 {
			return p, err
		}
		return p, record(c, cordon.ActRead, subject, p.shown.portions)
	})
	if err != nil {
		return nil, err
	}
	return out.shown.all()
}

// all opens all of the portions.
func (d disclosed) all() ([]Shown, error) {
	var out []Shown
	for _, p := range d.portions {
		content, err := d.sealed.Open(p)
		if err != nil {
			return nil, err
		}
		out = append(out, d.show(p, content))
	}
	return out, nil
}

// render opens the portions of one report that have bodies. Of the others it
// gives the mark alone.
func (d disclosed) render(out Rendition, placed []cordon.Portion) (Rendition, error) {
	for _, p := range placed {
		if p.Body == nil {
			out.Portions = append(out.Portions, Shown{Kind: p.Kind, Mark: p.Mark, Withheld: true})
			continue
		}
		content, err := d.sealed.Open(p)
		if err != nil {
			return Rendition{}, err
		}
		if p.Kind == cordon.PortionTitle {
			out.Title, out.Ref = content.Text, content.ReportRef
		}
		out.Portions = append(out.Portions, d.show(p, content))
	}
	return out, nil
}

// notShown lists the live portions that are not among those shown, without
// bodies. It asks the database only where some rule of the report keeps the
// reader out.
func notShown(s *act.Snapshot, report cordon.Report, numbers []cordon.RuleNo, shown []cordon.Portion) ([]cordon.Portion, error) {
	if !slices.ContainsFunc(numbers, func(no cordon.RuleNo) bool { return !s.Sees(no) }) {
		return nil, nil
	}
	heads, err := s.Tx.PortionHeads(report.ID)
	if err != nil {
		return nil, err
	}
	in := make(map[cordon.ID]bool, len(shown))
	for _, p := range shown {
		in[p.ID] = true
	}
	return slices.DeleteFunc(heads, func(p cordon.Portion) bool {
		return in[p.ID] || p.State != cordon.PortionLive
	}), nil
}

// marksToShow gives the withheld portions whose marks the reader is shown.
// These are portions that belong to the parties of the report's arrangement
// alone, if the arrangement says so and the reader may see it. An owner of a
// source who is no party has not agreed to that.
func marksToShow(s *act.Snapshot, report cordon.Report, withheld []cordon.Portion) ([]cordon.Portion, error) {
	if len(withheld) == 0 || report.Arrangement == "" {
		return nil, nil
	}
	a, err := s.Tx.Arrangement(report.Arrangement)
	if err != nil {
		return nil, err
	}
	if a.Withheld != cordon.WithheldShowMark || !s.Sees(a.Rule) {
		return nil, nil
	}
	var marked []cordon.Portion
	agreed := make(map[cordon.RuleNo]bool)
	for _, p := range withheld {
		if _, known := agreed[p.Rule]; !known {
			rule, err := s.Rule(p.Rule)
			if err != nil {
				return nil, err
			}
			agreed[p.Rule] = !slices.ContainsFunc(rule.OwnerIDs(), func(owner cordon.ID) bool { return !slices.Contains(a.Parties, owner) })
		}
		if agreed[p.Rule] {
			marked = append(marked, p)
		}
	}
	return marked, nil
}
