package reading

import (
	"context"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
)

// Rendition is what one reader is shown of a report at one time.
type Rendition struct {
	Report cordon.ID         `json:"report"`
	Ref    string            `json:"ref,omitempty"`
	Kind   cordon.ReportKind `json:"kind"`
	Holder cordon.ID         `json:"holder"`
	// Banner is the roll-up of what is shown, and of nothing else.
	Banner   string    `json:"banner"`
	Title    string    `json:"title,omitempty"`
	Created  time.Time `json:"created"`
	Portions []Shown   `json:"portions"`
}

// Open shows the person what access lets him see of the report, which is
// named by its id or its outside name. Each owner's feed has the read before
// anything is shown. A report of which he may see nothing is ErrNotFound,
// recorded as a refusal in its owners' feeds, and cannot be told from one
// that is not there. Via says what the rendition is for: ActRead or ActExport.
func Open(ctx context.Context, by act.Caller, name string, via cordon.Act) (Rendition, error) {
	var out Rendition
	var placed []cordon.Portion
	var held sealed
	err := update(ctx, by.Base, func(tx cordon.WriteTx) (error, error) {
		// load
		view, err := look(by.Base, cordon.Holding(tx), by.Person, cordon.Reader)
		if err != nil {
			return nil, err
		}
		report, err := find(by.Base, cordon.Holding(tx), view, name)
		if cordon.KindOf(err) == cordon.NotFound && !cordon.ID(name).Valid() {
			report, err = tx.AnyByRef(by.Tokens.Ref(name)) // for its owners to learn of it
		}
		if err != nil && cordon.KindOf(err) != cordon.NotFound {
			return nil, err
		}
		numbers, err := tx.PortionRules(report.ID)
		if err != nil {
			return nil, err
		}

		// decide
		seen, err := view.Of(numbers)
		if err != nil {
			return nil, err
		}
		shown, err := tx.Portions(report.ID, seen)
		if err != nil {
			return nil, err
		}
		if len(shown) == 0 {
			return cordon.ErrNotFound, view.RefuseWhole(tx, via, report.ID, numbers)
		}
		withheld, err := withheld(by.Base, tx, view, report, numbers, shown)
		if err != nil {
			return nil, err
		}
		if via == cordon.ActExport {
			var only []cordon.Portion
			shown, only = keepable(view, shown)
			withheld = append(withheld, only...)
		}

		// record
		if err := view.Refuse(tx, via, report.ID, withheld); err != nil {
			return nil, err
		}
		if len(shown) == 0 { // that it is there he knows
			return errShownOnly, nil
		}
		if err := record(tx, view, via, report.ID, shown); err != nil {
			return nil, err
		}

		// act: what leaves is opened once this is on disk
		if held, err = hold(by.Base, tx, view, shown); err != nil {
			return nil, err
		}
		out = Rendition{Report: report.ID, Kind: report.Kind, Holder: report.Holder, Created: report.Created}
		if withheld, err = marksToShow(by.Base, tx, view, report, withheld); err != nil {
			return nil, err
		}
		placed = slices.Concat(shown, withheld)
		slices.SortFunc(placed, func(a, b cordon.Portion) int { return a.Ordinal - b.Ordinal })
		out.Banner, err = view.Banner(report, placed)
		return nil, err
	})
	if err != nil {
		return Rendition{}, err
	}
	return held.render(out, placed)
}

var errShownOnly = cordon.Errorf(cordon.Denied, "this is shown to you and not given: read it here, it cannot be exported")

// keepable divides the portions into those the reader may take away and those
// that he is shown only.
func keepable(view *reader.View, portions []cordon.Portion) (keep, only []cordon.Portion) {
	for _, p := range portions {
		if view.Keep(p).Allowed() {
			keep = append(keep, p)
		} else {
			p.Body, p.Key = nil, nil // nothing of it is opened by mistake
			only = append(only, p)
		}
	}
	return keep, only
}

// OpenPortions shows the person those of the portions that access lets him see,
// in the order in which they are named, and none of the rest, which is in its
// owners' feeds as refused. Subject is what he looks at them for.
func OpenPortions(ctx context.Context, by act.Caller, subject cordon.ID, portions []cordon.ID) ([]Shown, error) {
	if len(portions) > cordon.MaxPortions {
		return nil, cordon.Errorf(cordon.TooLarge, "at most %d portions are shown at once", cordon.MaxPortions)
	}
	var out []Shown
	var shown []cordon.Portion
	var held sealed
	err := update(ctx, by.Base, func(tx cordon.WriteTx) (error, error) {
		// load
		view, err := look(by.Base, cordon.Holding(tx), by.Person, cordon.Reader)
		if err != nil {
			return nil, err
		}
		all, err := tx.PortionsByID(portions)
		if err != nil {
			return nil, err
		}

		// decide
		var withheld []cordon.Portion
		shown = nil
		for _, p := range all {
			if view.Decide(p).Allowed() {
				shown = append(shown, p)
			} else {
				withheld = append(withheld, p)
			}
		}
		slices.SortFunc(shown, func(a, b cordon.Portion) int {
			return slices.Index(portions, a.ID) - slices.Index(portions, b.ID)
		})

		// record
		if err := view.Refuse(tx, cordon.ActRead, subject, withheld); err != nil {
			return nil, err
		}
		if err := record(tx, view, cordon.ActRead, subject, shown); err != nil {
			return nil, err
		}
		held, err = hold(by.Base, tx, view, shown)
		return nil, err
	})
	if err != nil {
		return nil, err
	}
	for _, p := range shown {
		content, err := held.open(p)
		if err != nil {
			return nil, err
		}
		out = append(out, Shown{
			ID: p.ID, Report: p.Report, Ref: content.Ref, Kind: p.Kind, Mark: p.Mark,
			Owners: held.rules[p.Rule].OwnerIDs(), Text: content.Text,
		})
	}
	return out, nil
}

// render opens what was decided on and recorded. A head without a body is a
// withheld portion whose mark alone is shown.
func (h sealed) render(out Rendition, placed []cordon.Portion) (Rendition, error) {
	for _, p := range placed {
		if p.Body == nil {
			out.Portions = append(out.Portions, Shown{Kind: p.Kind, Mark: p.Mark, Withheld: true})
			continue
		}
		content, err := h.open(p)
		if err != nil {
			return Rendition{}, err
		}
		if p.Kind == cordon.Title {
			out.Title, out.Ref = content.Text, content.ReportRef
		}
		out.Portions = append(out.Portions, Shown{
			ID: p.ID, Report: p.Report, Ref: content.Ref, Kind: p.Kind, Mark: p.Mark,
			Owners: h.rules[p.Rule].OwnerIDs(), Text: content.Text,
		})
	}
	return out, nil
}

// find loads the report by id, or by its outside name among those in which
// the reader may see something.
func find(base *act.Base, tx cordon.ReadTx, view *reader.View, name string) (cordon.Report, error) {
	if id := cordon.ID(name); id.Valid() {
		return tx.Report(id)
	}
	all, err := view.All()
	if err != nil {
		return cordon.Report{}, err
	}
	reports, err := tx.ReportsByRef(base.Tokens.Ref(name), all)
	if err != nil {
		return cordon.Report{}, err
	}
	if len(reports) == 0 {
		return cordon.Report{}, cordon.ErrNotFound
	}
	return tx.Report(reports[0].ID)
}

// withheld lists the live portions not shown. It asks the database only where
// some rule of the report keeps the reader out.
func withheld(base *act.Base, tx cordon.ReadTx, view *reader.View, report cordon.Report, numbers []cordon.RuleNo, shown []cordon.Portion) ([]cordon.Portion, error) {
	if !slices.ContainsFunc(numbers, func(no cordon.RuleNo) bool { return !view.Sees(no) }) {
		return nil, nil
	}
	heads, err := tx.PortionHeads(report.ID)
	if err != nil {
		return nil, err
	}
	in := make(map[cordon.ID]bool, len(shown))
	for _, p := range shown {
		in[p.ID] = true
	}
	return slices.DeleteFunc(heads, func(p cordon.Portion) bool {
		return in[p.ID] || p.State != cordon.Live
	}), nil
}

// marksToShow keeps the withheld portions whose marks the reader is shown:
// where the report's arrangement says so and he may see that arrangement,
// those that belong to its parties alone. An owner of a source who is no party
// has not agreed to be seen.
func marksToShow(base *act.Base, tx cordon.ReadTx, view *reader.View, report cordon.Report, withheld []cordon.Portion) ([]cordon.Portion, error) {
	if len(withheld) == 0 || report.Arrangement == "" {
		return nil, nil
	}
	a, err := tx.Arrangement(report.Arrangement)
	if err != nil {
		return nil, err
	}
	if a.Withheld != cordon.ShowMark || !view.Sees(a.Rule) {
		return nil, nil
	}
	agreed := make(map[cordon.RuleNo]bool)
	for _, p := range withheld {
		if _, known := agreed[p.Rule]; known {
			continue
		}
		rule, err := view.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		agreed[p.Rule] = !slices.ContainsFunc(rule.OwnerIDs(), func(owner cordon.ID) bool { return !slices.Contains(a.Parties, owner) })
	}
	return slices.DeleteFunc(withheld, func(p cordon.Portion) bool { return !agreed[p.Rule] }), nil
}
