package httpapi

import (
	"cordon"
	"cordon/internal/usecase/contain"
	"cordon/wire"
)

func (a *api) incidentRoutes() []route {
	return []route{
		serve(wire.ListIncidents, a.incidents),
		serve(wire.OpenIncident, func(c *call, in wire.IncidentDraft) (wire.Incident, error) {
			return c.incident(contain.OpenIncident(c.Context(), c.by, in.Title, given(in.Custody)))
		}),
		serve(wire.GetIncident, func(c *call, in wire.OfIncident) (wire.Incident, error) {
			return c.incident(contain.Find(c.Context(), c.by, in.Incident))
		}),
		serve(wire.Contain, a.contain),
		serve(wire.OpenCustody, func(c *call, in wire.OfPortion) (wire.Struck, error) {
			return contain.Custody(c.Context(), c.by, cordon.ID(in.Portion))
		}),
		serve(wire.Destroy, func(c *call, in wire.Destruction) (wire.Done, error) {
			return wire.Done{}, contain.Destroy(c.Context(), c.by, in.Portion)
		}),
	}
}

func (a *api) incidents(c *call, in wire.Page) (wire.List[wire.Incident], error) {
	all, err := contain.Incidents(c.Context(), c.by)
	if err != nil {
		return wire.List[wire.Incident]{}, err
	}
	out, err := each(all, func(i contain.Incident) (wire.Incident, error) { return c.incident(i, nil) })
	return cut(in, out, func(i wire.Incident) string { return newestFirst(i.Opened, i.ID) }), err
}

func (a *api) contain(c *call, in wire.Plan) (wire.Containment, error) {
	plan, err := c.plan(in)
	if err != nil {
		return wire.Containment{}, err
	}
	done, err := contain.Contain(c.Context(), c.by, in.Incident, plan)
	if err != nil {
		return wire.Containment{}, err
	}
	tearlines, err := c.tearlineReviews(done.Tearlines)
	if err != nil {
		return wire.Containment{}, err
	}
	notified, err := c.orgs(done.Notified)
	return wire.Containment{
		Incident: done.Incident, Struck: some(done.Struck), Limited: some(done.Limited), Revoked: some(done.Revoked),
		Notified: notified, Scrubbed: done.Scrubbed, Review: done.Review, Tearlines: tearlines,
	}, err
}

func (c *call) plan(in wire.Plan) (contain.Plan, error) {
	plan := contain.Plan{Strike: in.Strike, Revoke: in.Revoke, Notify: given(in.Notify)}
	for _, d := range in.Disclosed {
		plan.Disclosed = append(plan.Disclosed, contain.Disclosed{Portion: d.Portion, Words: d.Words})
	}
	for _, l := range in.Limit {
		report, err := c.reportOf(l.Report)
		if err != nil {
			return plan, err
		}
		plan.Limit = append(plan.Limit, contain.Limit{Report: report, Circle: given(l.Circle)})
	}
	return plan, nil
}

// incident names the people of an incident, who are of the caller's
// organisation, and the organisations notified under it.
func (c *call) incident(i contain.Incident, err error) (wire.Incident, error) {
	if err != nil {
		return wire.Incident{}, err
	}
	people := append([]cordon.ID{i.Opener}, i.Custody...)
	for _, s := range i.Steps {
		people = append(people, s.By)
	}
	named, err := c.members(people)
	if err != nil {
		return wire.Incident{}, err
	}
	out := wire.Incident{ID: i.ID, Title: i.Title, Opener: named[0], Opened: i.Opened, Custody: named[1 : 1+len(i.Custody)]}
	for _, d := range i.Disclosures {
		out.Disclosures = append(out.Disclosures, wire.Disclosure{Portion: d.Portion, Words: d.Words, Found: d.Found})
	}
	for n, s := range i.Steps {
		step := wire.ContainmentStep{Step: s.Step, Target: wire.Named{ID: s.Target}, By: named[1+len(i.Custody)+n], At: s.At}
		if s.Step == cordon.StepNotify {
			if step.Target, err = c.org(s.Target); err != nil {
				return wire.Incident{}, err
			}
		}
		out.Steps = append(out.Steps, step)
	}
	return out, nil
}

// some is the ids as a list that is empty, and not null, where there are none.
func some(ids []cordon.ID) []cordon.ID {
	if ids == nil {
		return []cordon.ID{}
	}
	return ids
}
