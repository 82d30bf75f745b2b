package httpapi

import (
	"cordon"
	"cordon/internal/usecase/contain"
	"cordon/wire"
)

func (a *api) openIncident(c *call) (any, error) {
	var in wire.IncidentDraft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	custody, err := c.peopleOf(in.Custody)
	if err != nil {
		return nil, err
	}
	out, err := contain.OpenIncident(c.Context(), c.by, in.Title, custody)
	if err != nil {
		return nil, err
	}
	return c.incident(out)
}

func (a *api) incidents(c *call) (any, error) {
	all, err := contain.Incidents(c.Context(), c.by)
	if err != nil {
		return nil, err
	}
	var out []wire.Incident
	for _, i := range all {
		one, err := c.incident(i)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return paged(c, out, func(i wire.Incident) string { return newestFirst(i.Opened, i.ID) })
}

func (a *api) incident(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	id, err := c.id("incident")
	if err != nil {
		return nil, err
	}
	i, err := contain.Find(c.Context(), c.by, id)
	if err != nil {
		return nil, err
	}
	return c.incident(i)
}

func (a *api) contain(c *call) (any, error) {
	var in wire.Plan
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.id("incident")
	if err != nil {
		return nil, err
	}
	plan, err := c.plan(in)
	if err != nil {
		return nil, err
	}
	done, err := contain.Contain(c.Context(), c.by, id, plan)
	if err != nil {
		return nil, err
	}
	tearlines, err := c.tearlineReviews(done.Tearlines)
	if err != nil {
		return nil, err
	}
	notified, err := c.orgs(done.Notified)
	return wire.Containment{
		Incident: done.Incident, Struck: some(done.Struck), Limited: some(done.Limited), Revoked: some(done.Revoked),
		Notified: notified, Scrubbed: done.Scrubbed, Review: done.Review, Tearlines: tearlines,
	}, err
}

func (c *call) plan(in wire.Plan) (contain.Plan, error) {
	plan := contain.Plan{Strike: in.Strike, Revoke: in.Revoke}
	if err := wellFormed(append(append([]cordon.ID{}, in.Strike...), in.Revoke...)...); err != nil {
		return plan, err
	}
	for _, d := range in.Disclosed {
		if err := wellFormed(d.Portion); err != nil {
			return plan, err
		}
		plan.Disclosed = append(plan.Disclosed, contain.Disclosed{Portion: d.Portion, Words: d.Words})
	}
	for _, l := range in.Limit {
		report, err := c.reportOf(l.Report)
		if err != nil {
			return plan, err
		}
		circle, err := c.peopleOf(l.Circle)
		if err != nil {
			return plan, err
		}
		plan.Limit = append(plan.Limit, contain.Limit{Report: report, Circle: circle})
	}
	var err error
	plan.Notify, err = c.orgsOf(in.Notify)
	return plan, err
}

func (a *api) custody(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	kept, err := contain.Custody(c.Context(), c.by, cordon.ID(c.PathValue("portion")))
	return wire.Kept{
		Portion: kept.Portion, Report: kept.Report, Incident: kept.Incident, Ref: kept.Ref, Marking: kept.Mark, Text: kept.Text,
	}, err
}

func (a *api) destroy(c *call) (any, error) {
	id, err := c.id("portion")
	if err != nil {
		return nil, err
	}
	return nothing, contain.Destroy(c.Context(), c.by, id)
}

// incident names the people of an incident, who are of the caller's
// organisation, and the organisations notified under it.
func (c *call) incident(i contain.Incident) (wire.Incident, error) {
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
		step := wire.Step{Step: s.Step, Target: wire.Named{ID: s.Target}, By: named[1+len(i.Custody)+n], At: s.At}
		if s.Step == cordon.StepNotify {
			if step.Target, err = c.org(s.Target); err != nil {
				return wire.Incident{}, err
			}
		}
		out.Steps = append(out.Steps, step)
	}
	return out, nil
}

// some is the ids; none is an empty list, not null.
func some(ids []cordon.ID) []cordon.ID {
	if ids == nil {
		return []cordon.ID{}
	}
	return ids
}
