package reading

import (
	"context"
	"slices"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
)

// MaxNamed bounds the ids that are named at once.
const MaxNamed = 500

// Place is what an id is to a person: a report of which they see something, or a
// portion that they may see.
type Place struct {
	Report cordon.ID
	// Portion is empty for a report. Mark is the portion's, or the title's.
	Portion cordon.ID
	Kind    cordon.ReportKind
	Mark    string
	// Title and Ref are the report's; empty where they are withheld.
	Title, Ref string
	// Struck says that nothing but its being struck keeps them from it.
	Struck bool
}

// Named tells which of the ids name reports and portions that the person may see,
// and what those are called, at most MaxNamed of them. Of others nothing is said,
// and it is no refusal: they were not asked for by somebody who reads. The titles
// that are shown stand in their owners' feeds as listed.
func Named(ctx context.Context, by act.Caller, ids []cordon.ID) (map[cordon.ID]Place, error) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	ids = ids[:min(len(ids), MaxNamed)]
	if len(ids) == 0 {
		return nil, nil
	}
	type plan struct {
		places map[cordon.ID]Place
		titles disclosed
	}
	out, err := act.Answer(ctx, by, act.ByRole(cordon.ActList, cordon.RoleReader), func(s *act.Snapshot) (plan, error) {
		tx := s.Unnoted()
		p := plan{places: make(map[cordon.ID]Place)}
		portions, err := tx.PortionsByID(ids)
		if err != nil {
			return p, err
		}
		reports := slices.Clone(ids)
		for _, one := range portions {
			reports = slices.DeleteFunc(reports, func(id cordon.ID) bool { return id == one.ID })
			d := s.Decide(one)
			struck := slices.Contains(d.Reasons, access.Struck)
			if len(d.Reasons) > 1 || len(d.Reasons) == 1 && !struck {
				continue
			}
			p.places[one.ID] = Place{Report: one.Report, Portion: one.ID, Mark: one.Mark, Struck: struck}
			reports = append(reports, one.Report)
		}
		slices.Sort(reports)
		reports = slices.Compact(reports)
		seen, err := s.Visible()
		if err != nil {
			return p, err
		}
		titles, err := tx.Titles(reports, seen)
		if err != nil {
			return p, err
		}
		for id, place := range p.places {
			report, err := tx.Report(place.Report)
			if err != nil {
				return p, err
			}
			place.Kind = report.Kind
			p.places[id] = place
		}
		for _, title := range titles {
			report, err := tx.Report(title.Report)
			if err != nil {
				return p, err
			}
			p.places[title.Report] = Place{Report: title.Report, Kind: report.Kind, Mark: title.Mark}
		}
		// Of a report whose title is withheld something else may be seen.
		for _, id := range ids {
			_, known := p.places[id]
			if known || slices.ContainsFunc(portions, func(one cordon.Portion) bool { return one.ID == id }) {
				continue
			}
			numbers, err := tx.PortionRules(id)
			if err != nil {
				return p, err
			}
			under, err := s.VisibleUnder(numbers)
			if err != nil {
				return p, err
			}
			if some, err := tx.Portions(id, under); err != nil || len(some) == 0 {
				if err != nil {
					return p, err
				}
				continue
			}
			report, err := tx.Report(id)
			if err != nil {
				return p, err
			}
			p.places[id] = Place{Report: id, Kind: report.Kind}
		}
		p.titles, err = disclose(s, titles)
		return p, err
	}, func(c *act.Recorder, p plan) (plan, error) {
		return p, record(c, cordon.ActList, "", p.titles.portions)
	})
	if err != nil {
		return nil, err
	}
	for _, title := range out.titles.portions {
		content, err := out.titles.sealed.Open(title)
		if err != nil {
			return nil, err
		}
		for id, place := range out.places {
			if place.Report == title.Report {
				place.Title, place.Ref = content.Text, content.ReportRef
				out.places[id] = place
			}
		}
	}
	return out.places, nil
}
