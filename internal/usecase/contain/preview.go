package contain

import (
	"context"
	"slices"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
)

// MaxPreviewed bounds the portions, people and organisations of a preview.
const MaxPreviewed = 100

// Previewed is what a containment would do, as far as the person may see it, and
// who could read what before and after.
type Previewed struct {
	Portions []PreviewedPortion
	// People are those of the person's own organisation, Organisations all others,
	// each as a whole.
	People        []PreviewedPerson
	Organisations []PreviewedOrganisation
}

// PreviewedPortion is a portion of the plan, or one that hangs on it.
type PreviewedPortion struct {
	Portion cordon.ID
	Report  cordon.ID
	Kind    cordon.ReportKind
	Holder  cordon.ID
	Mark    string
	// Step is what would be done to it; empty where it stays as it is.
	Step cordon.Step
}

// PreviewedPerson is a person, and of each portion whether they can read it now and
// could read it afterwards.
type PreviewedPerson struct {
	Person cordon.Person
	Reach  []Reach
}

// PreviewedOrganisation is an organisation, and the same of it as a whole: what of
// its people's clearances and read-ins nobody outside knows is left out, and so are
// the grants of others.
type PreviewedOrganisation struct {
	Organisation cordon.Organisation
	Reach        []Reach
}

// Reach is whether a portion opens now, and whether it would after the containment.
type Reach struct{ Before, After bool }

// Preview is Contain without doing it: what Contain would refuse it refuses alike,
// and records it. It shows no text, and no portion that the person may not see,
// even where the containment would reach it.
func Preview(ctx context.Context, by act.Caller, incident cordon.ID, plan Plan) (Previewed, error) {
	if err := plan.validate(); err != nil {
		return Previewed{}, err
	}
	return act.Read(ctx, by, act.ByRole(cordon.ActIncident, cordon.RoleSecurityOfficer), func(s *act.Snapshot) (Previewed, error) {
		i, err := visible(s, incident)
		if err != nil {
			return Previewed{}, err
		}
		d, err := decide(s, i, plan)
		if err != nil {
			return Previewed{}, err
		}
		return d.preview(s)
	})
}

// preview is what the person may see of a decided plan.
func (d *containment) preview(s *act.Snapshot) (Previewed, error) {
	var out Previewed
	tx := s.Unnoted()
	struck := make(map[cordon.ID]bool)
	for _, p := range d.struck {
		struck[p.ID] = true
	}
	var portions []cordon.Portion
	for _, p := range append(d.touched(), d.disclosed...) {
		known := slices.ContainsFunc(portions, func(have cordon.Portion) bool { return have.ID == p.ID })
		if known || len(portions) == MaxPreviewed || p.State != cordon.PortionLive || !s.Decide(p).Allowed() {
			continue
		}
		report, err := tx.Report(p.Report)
		if err != nil {
			return out, err
		}
		one := PreviewedPortion{Portion: p.ID, Report: p.Report, Kind: report.Kind, Holder: report.Holder, Mark: p.Mark}
		switch _, narrowed := d.narrowed[p.ID]; {
		case struck[p.ID]:
			one.Step = cordon.StepStrike
		case narrowed:
			one.Step = cordon.StepLimit
		}
		portions, out.Portions = append(portions, p), append(out.Portions, one)
	}
	people, err := tx.People(s.Actor.Org.ID)
	if err != nil {
		return out, err
	}
	for _, person := range people {
		if len(out.People) == MaxPreviewed || person.Suspended {
			continue
		}
		view, err := s.Base.Rules.View(tx, person.ID, s.Now)
		if err != nil {
			return out, err
		}
		one := PreviewedPerson{Person: person}
		for _, p := range portions {
			reach := Reach{Before: view.Decide(p).Allowed()}
			after := p
			if rule, narrowed := d.narrowed[p.ID]; narrowed {
				view.Learn(rule)
				after.Rule = rule.No()
			}
			reach.After = !struck[p.ID] && view.Decide(after).Allowed()
			one.Reach = append(one.Reach, reach)
		}
		out.People = append(out.People, one)
	}
	orgs, err := tx.Organisations()
	if err != nil {
		return out, err
	}
	for _, org := range orgs {
		if org.ID == s.Actor.Org.ID || len(out.Organisations) == MaxPreviewed {
			continue
		}
		one, err := d.previewAs(s, org, portions, struck)
		if err != nil {
			return out, err
		}
		out.Organisations = append(out.Organisations, one)
	}
	return out, nil
}

func (d *containment) previewAs(s *act.Snapshot, org cordon.Organisation, portions []cordon.Portion, struck map[cordon.ID]bool) (PreviewedOrganisation, error) {
	out := PreviewedOrganisation{Organisation: org}
	grants, err := s.Unnoted().GrantsTo(org.ID, s.Now)
	if err != nil {
		return out, err
	}
	ours := slices.DeleteFunc(grants, func(g cordon.Grant) bool { return g.Owner != s.Actor.Org.ID })
	left := slices.DeleteFunc(slices.Clone(ours), func(g cordon.Grant) bool {
		return slices.ContainsFunc(d.revoked, func(r cordon.Grant) bool { return r.ID == g.ID })
	})
	opens := func(p cordon.Portion, rule cordon.Rule, grants []cordon.Grant) (bool, error) {
		if !access.DecideAudience(rule, org, access.WaiversFor(p.ID, grants, "", s.Now)).Allowed() {
			return false, nil
		}
		if !rule.Circled {
			return true, nil
		}
		for _, id := range rule.Circle {
			person, err := s.Unnoted().Person(id)
			if err != nil || person.Org == org.ID {
				return err == nil, err
			}
		}
		return false, nil
	}
	for _, p := range portions {
		rule, err := s.Rule(p.Rule)
		if err != nil {
			return out, err
		}
		var reach Reach
		if reach.Before, err = opens(p, rule, ours); err != nil {
			return out, err
		}
		if narrowed, ok := d.narrowed[p.ID]; ok {
			rule = narrowed
		}
		if reach.After, err = opens(p, rule, left); err != nil {
			return out, err
		}
		reach.After = reach.After && !struck[p.ID]
		out.Reach = append(out.Reach, reach)
	}
	return out, nil
}
