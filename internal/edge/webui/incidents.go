package webui

import (
	"slices"

	"cordon"
	"cordon/internal/edge/httpapi"
	containing "cordon/internal/usecase/contain"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/trace"
	"cordon/wire"
)

// incidentsPage lists the incidents that somebody may know of.
type incidentsPage struct {
	frame
	Incidents wire.List[wire.Incident]
	People    []wire.Person
}

func incidents(v *visit) error { return showIncidents(v, nil) }

func showIncidents(v *visit, problem error) error {
	view := incidentsPage{frame: v.frame("Incidents")}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	if view.Incidents, err = httpapi.Do(v.Caller, wire.ListIncidents, v.cursor()); err != nil {
		return err
	}
	if view.People, err = v.colleagues(); err != nil {
		return err
	}
	return v.show("incidents", status, view)
}

// colleagues are the people of one's own organisation.
func (v *visit) colleagues() ([]wire.Person, error) {
	list, err := httpapi.Do(v.Caller, wire.ListPeople, wire.PeopleOf{OfOrganisation: wire.OfOrganisation{Organisation: string(v.me.Organisation.ID)}, Page: wire.Page{Limit: cordon.MaxPage}})
	return list.Items, err
}

func openIncident(v *visit) error {
	draft := wire.IncidentDraft{Title: v.text("title")}
	for _, id := range v.ids("custody") {
		draft.Custody = append(draft.Custody, string(id))
	}
	err := v.once()
	if draft.Title == "" {
		err = wrong("title", "give it a title")
	}
	if err != nil {
		return showIncidents(v, err)
	}
	opened, err := httpapi.Do(v.Caller, wire.OpenIncident, draft)
	if err != nil {
		return showIncidents(v, err)
	}
	return v.to("/incidents/"+string(opened.ID), "done")
}

// incidentPage is the room of one incident: what was found outside, what it was
// made from and what was made from it, what was done, and what can be.
type incidentPage struct {
	frame
	Incident wire.Incident
	Struck   []cordon.ID
	Lineage  drawing
	// Found are portions that a scan has just found, to be planned for.
	Found    []wire.Disclosed
	Portions []suspect
	// Strikable are those and all that was made from them, as far as one may see.
	Strikable []trace.Member
	// Reports has a portion of each report that can be limited.
	Reports   []trace.Member
	People    []wire.Person
	Orgs      []wire.Organisation
	Grants    []wire.Grant
	Contained *wire.Containment
	// Custodian says that the person is in the circle of the incident's custody.
	Custodian bool
	// Things are what reports and portions are called, as far as one may see them.
	Things map[cordon.ID]thing
}

// Called is what a report is called; empty where it is withheld.
func (p incidentPage) Called(id cordon.ID) string { return p.Things[id].Name }

// InCustody reports whether the person can open the struck original.
func (p incidentPage) InCustody(id cordon.ID) bool {
	_, seen := p.Things[id]
	return p.Custodian && seen
}

// suspect is a portion of the plan: found outside before or now.
type suspect struct {
	wire.Disclosed
	trace.Member
	// Copies are how many were made from it that one may see.
	Copies int
	New    bool
}

func incident(v *visit) error { return showIncident(v, nil, nil) }

func showIncident(v *visit, contained *wire.Containment, problem error) error {
	shown, err := httpapi.Do(v.Caller, wire.GetIncident, wire.OfIncident{Incident: v.id("incident")})
	if err != nil {
		return err
	}
	view := incidentPage{Incident: shown, Found: v.found(), Contained: contained}
	var marks []string
	err = v.Together(func() error {
		if view.Orgs, err = v.organisations(); err != nil {
			return err
		}
		if view.People, err = v.colleagues(); err != nil {
			return err
		}
		if err := view.survey(v); err != nil {
			return err
		}
		if ids := view.suspects(); len(ids) > 0 && holds(v.me.Person, cordon.RoleReleaseAuthority) {
			grants, err := httpapi.Do(v.Caller, wire.ListGrants, wire.GrantsFor{Portions: ids})
			if err != nil {
				return err
			}
			view.Grants = grants.Items
		}
		return nil
	})
	if err != nil {
		return err
	}
	view.Custodian = among(v.me.Person.ID, shown.Custody)
	ids := slices.Clone(view.Struck)
	for _, s := range shown.Steps {
		ids = append(ids, s.Target.ID)
	}
	for _, n := range view.Lineage.Nodes {
		marks, ids = append(marks, n.Mark), append(ids, n.Report, n.Portion)
	}
	for _, m := range slices.Concat(view.Strikable, view.Reports) {
		ids = append(ids, m.Report)
	}
	if contained != nil {
		ids = append(ids, contained.Review...)
		for _, t := range contained.Tearlines {
			ids = append(ids, t.Report)
		}
	}
	for _, p := range view.Portions {
		ids = append(ids, p.Report)
	}
	if view.Things, err = v.named(ids); err != nil {
		return err
	}
	view.Lineage.call(view.Things)
	for _, t := range view.Things {
		marks = append(marks, t.Mark)
	}
	for _, p := range view.Portions {
		marks = append(marks, p.Mark)
	}
	view.frame = v.frame("Incident", marks...)
	view.Live = len(view.Found) == 0
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	return v.show("incident", status, view)
}

func (p *incidentPage) suspects() []string {
	var ids []string
	for _, s := range p.Portions {
		ids = append(ids, string(s.Disclosed.Portion))
	}
	return ids
}

// survey finds what the incident is about, and what hangs on it.
func (p *incidentPage) survey(v *visit) error {
	met := make(map[cordon.ID]bool)
	add := func(id cordon.ID, words int, fresh bool) {
		if !met[id] && id.Valid() {
			met[id] = true
			p.Portions = append(p.Portions, suspect{Disclosed: wire.Disclosed{Portion: id, Words: words}, New: fresh})
		}
	}
	for _, d := range p.Found {
		add(d.Portion, d.Words, true)
	}
	for _, d := range p.Incident.Disclosures {
		add(d.Portion, d.Words, false)
	}
	for _, s := range p.Incident.Steps {
		if s.Step == cordon.StepStrike {
			p.Struck = append(p.Struck, s.Target.ID)
			add(s.Target.ID, 0, false)
		}
	}
	families := trace.Family{}
	in, reported := make(map[cordon.ID]bool), make(map[cordon.ID]bool)
	for i := range p.Portions {
		s := &p.Portions[i]
		family, err := trace.FamilyOf(v.r.Context(), v.by, []cordon.ID{s.Disclosed.Portion})
		if kind := cordon.KindOf(err); err != nil && (kind == cordon.KindNotFound || kind == cordon.KindDenied) {
			continue // of somebody else's that the officer may not see
		}
		if err != nil {
			return err
		}
		for _, m := range family.Members {
			if m.Portion == s.Disclosed.Portion {
				s.Member = m
			}
			if !in[m.Portion] {
				in[m.Portion] = true
				if m.Ours && !m.Struck && below(family, s.Disclosed.Portion, m.Portion) {
					p.Strikable = append(p.Strikable, m)
				}
				families.Members = append(families.Members, m)
			}
			if m.Ours && !reported[m.Report] && !m.Struck {
				reported[m.Report] = true
				p.Reports = append(p.Reports, m)
			}
		}
		for _, step := range family.Steps {
			families.Steps = append(families.Steps, step)
			if step.Source == s.Disclosed.Portion {
				s.Copies++
			}
		}
	}
	families.Steps = distinct(families.Steps)
	p.Lineage = draw(families, "", p.Orgs)
	return nil
}

func distinct(all []cordon.Derivation) []cordon.Derivation {
	met := make(map[cordon.Derivation]bool)
	var out []cordon.Derivation
	for _, d := range all {
		if !met[d] {
			met[d] = true
			out = append(out, d)
		}
	}
	return out
}

// takeTo takes what a scan found to an incident.
func takeTo(v *visit) error {
	if id := cordon.ID(v.form.Get("incident")); id.Valid() {
		v.r.SetPathValue("incident", string(id))
	}
	return showIncident(v, nil, nil)
}

// Holder is what the organisation that holds a report is called.
func (p incidentPage) Holder(id cordon.ID) string {
	for _, o := range p.Orgs {
		if o.ID == id {
			return o.Name
		}
	}
	return ""
}

// contain does all of the plan, once what it does was seen.
func contain(v *visit) error {
	id := v.id("incident")
	plan := wire.Plan{OfIncident: wire.OfIncident{Incident: id}, Disclosed: v.found(), Strike: v.ids("strike"), Revoke: v.ids("revoke")}
	for _, more := range v.listed("strike-more") {
		plan.Strike = append(plan.Strike, cordon.ID(more))
	}
	for _, report := range append(v.form["limit"], v.listed("limit-more")...) {
		limit := wire.Limit{Report: report}
		for _, person := range v.ids("circle") {
			limit.Circle = append(limit.Circle, string(person))
		}
		plan.Limit = append(plan.Limit, limit)
	}
	for _, more := range v.listed("revoke-more") {
		plan.Revoke = append(plan.Revoke, cordon.ID(more))
	}
	for _, org := range v.ids("notify") {
		plan.Notify = append(plan.Notify, string(org))
	}
	for _, field := range []string{"strike-more", "revoke-more"} {
		for _, more := range v.listed(field) {
			if !cordon.ID(more).Valid() {
				return showIncident(v, nil, wrong(field, "%q is no id: take it whole, as it stands in an address or a notice", more))
			}
		}
	}
	switch {
	case len(plan.Limit) > 0 && len(plan.Limit[0].Circle) == 0:
		return showIncident(v, nil, wrong("circle", "tick the people to whom reports are limited"))
	case len(plan.Strike)+len(plan.Limit)+len(plan.Revoke)+len(plan.Notify)+len(plan.Disclosed) == 0:
		return showIncident(v, nil, wrong("plan", "choose what is to be done"))
	}
	then := []string{"All of it happens or nothing. When it returns, no read on any node gives the struck text."}
	if len(plan.Strike) > 0 {
		then = append(then, "Struck text leaves every derivative, index, search and export, with all copies of the same words. The originals lie in custody.")
	}
	if len(plan.Limit) > 0 {
		then = append(then, "Reports are limited to the people ticked, from the next request on.")
	}
	if len(plan.Revoke) > 0 {
		then = append(then, "The audience's next request is decided without the grants.")
	}
	then = append(then, "Every owner concerned is told, and the organisations ticked.")
	seen, marks, err := v.foresee(plan)
	if err != nil {
		return showIncident(v, nil, at("plan", err))
	}
	if yes, err := v.sure(preview{
		title: "Contain", says: "Portions struck: %d. Reports limited: %d. Grants revoked: %d. Organisations told besides the owners: %d.",
		args: []any{len(plan.Strike), len(plan.Limit), len(plan.Revoke), len(plan.Notify)}, do: "Contain now", bad: true, back: "/incidents/" + string(id), then: then, foreseen: seen, marks: marks,
	}); !yes || err != nil {
		return err
	}
	done, err := httpapi.Do(v.Caller, wire.Contain, plan)
	if err != nil {
		return showIncident(v, nil, at("plan", err))
	}
	v.form = nil
	return showIncident(v, &done, nil)
}

// foreseen is what a containment would do, as its officer may see it.
type foreseen struct {
	containing.Previewed
	things map[cordon.ID]thing
	orgs   []wire.Organisation
}

// Called is what a report is called; empty where it is withheld.
func (f foreseen) Called(id cordon.ID) string { return f.things[id].Name }

// Number is what a portion of the preview goes by.
func (foreseen) Number(i int) int { return i + 1 }

// Holder is what the organisation that holds a report is called.
func (f foreseen) Holder(id cordon.ID) string { return incidentPage{Orgs: f.orgs}.Holder(id) }

// foresee is what the plan would do, and the markings of what that shows. What
// containing would refuse it refuses.
func (v *visit) foresee(plan wire.Plan) (*foreseen, []string, error) {
	p := containing.Plan{Strike: plan.Strike, Revoke: plan.Revoke}
	for _, d := range plan.Disclosed {
		p.Disclosed = append(p.Disclosed, containing.Disclosed{Portion: d.Portion, Words: d.Words})
	}
	for _, l := range plan.Limit {
		report, err := reading.Find(v.r.Context(), v.by, l.Report)
		if err != nil {
			return nil, nil, err
		}
		limit := containing.Limit{Report: report}
		for _, person := range l.Circle {
			limit.Circle = append(limit.Circle, cordon.ID(person))
		}
		p.Limit = append(p.Limit, limit)
	}
	for _, org := range plan.Notify {
		p.Notify = append(p.Notify, cordon.ID(org))
	}
	out := &foreseen{}
	var err error
	if out.Previewed, err = containing.Preview(v.r.Context(), v.by, plan.Incident, p); err != nil {
		return nil, nil, err
	}
	if out.orgs, err = v.organisations(); err != nil {
		return nil, nil, err
	}
	var ids []cordon.ID
	var marks []string
	for _, one := range out.Portions {
		ids, marks = append(ids, one.Report), append(marks, one.Mark)
	}
	if out.things, err = v.named(ids); err != nil {
		return nil, nil, err
	}
	for _, t := range out.things {
		marks = append(marks, t.Mark)
	}
	return out, marks, nil
}

// below reports whether the portion was made from the source, over any steps.
func below(f trace.Family, source, portion cordon.ID) bool {
	from := map[cordon.ID]bool{source: true}
	for range f.Steps {
		for _, s := range f.Steps {
			if from[s.Source] {
				from[s.Portion] = true
			}
		}
	}
	return from[portion]
}

// custodyPage is a struck portion as its custodian reads it.
type custodyPage struct {
	frame
	Struck wire.Struck
}

func custody(v *visit) error {
	struck, err := httpapi.Do(v.Caller, wire.OpenCustody, wire.OfPortion{Portion: string(v.id("portion"))})
	if err != nil {
		return err
	}
	return v.show("custody", 200, custodyPage{v.frame("In custody", struck.Marking), struck})
}

func destroy(v *visit) error {
	path := "/custody/" + string(v.id("portion"))
	if yes, err := v.sure(preview{
		there: func() error {
			_, err := httpapi.Do(v.Caller, wire.OpenCustody, wire.OfPortion{Portion: string(v.id("portion"))})
			return err
		},
		title: "Destroy", says: "The struck original is destroyed for good.", do: "Destroy it", bad: true, back: path,
		then: []string{"It cannot be taken back, and is not in a backup of the database whose keys are backed up apart.", "The ledger keeps that it was destroyed, by whom and when."},
	}); !yes || err != nil {
		return err
	}
	if _, err := httpapi.Do(v.Caller, wire.Destroy, wire.Destruction{Portion: v.id("portion")}); err != nil {
		return err
	}
	return v.to("/incidents", "removed")
}
