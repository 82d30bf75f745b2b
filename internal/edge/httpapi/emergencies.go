package httpapi

import (
	"cordon"
	"cordon/internal/usecase/emergency"
	"cordon/wire"
)

func (a *api) releaseInEmergency(c *call) (any, error) {
	var in wire.EmergencyDraft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := wellFormed(in.Portions...); err != nil {
		return nil, err
	}
	draft := emergency.Draft{Portions: in.Portions, Reason: in.Reason}
	var err error
	if in.Report != "" {
		if draft.Report, err = c.reportOf(in.Report); err != nil {
			return nil, err
		}
	}
	if draft.Audience, err = c.orgOf(in.Audience); err != nil {
		return nil, err
	}
	out, err := emergency.Release(c.Context(), c.by, draft)
	if err != nil {
		return nil, err
	}
	audience, err := c.org(out.Audience)
	released := wire.EmergencyRelease{ID: out.ID, Audience: audience, Portions: out.Portions, Clear: out.Clear, Until: out.Until}
	for _, s := range out.Still {
		released.Still = append(released.Still, wire.EmergencyStill{Portion: s.Portion, Shut: s.Shut, Needs: s.Needs})
	}
	return released, err
}

func (a *api) emergencies(c *call) (any, error) {
	q, err := c.query("all", "cursor", "limit")
	if err != nil {
		return nil, err
	}
	if q.Has("all") && q.Get("all") != "true" && q.Get("all") != "false" {
		return nil, cordon.Errorf(cordon.Invalid, "all is true or false")
	}
	page, err := c.page(q, q.Get("all"))
	if err != nil {
		return nil, err
	}
	parts, more, err := emergency.Parts(c.Context(), c.by, q.Get("all") == "true", page.After, page.Limit)
	if err != nil {
		return nil, err
	}
	out := wire.List[wire.EmergencyPart]{Items: make([]wire.EmergencyPart, len(parts))}
	for i, p := range parts {
		if out.Items[i], err = c.emergencyPart(p); err != nil {
			return nil, err
		}
	}
	if n := len(parts); more && n > 0 {
		out.Next = c.cursor(cordon.Cursor{Created: parts[n-1].Created, ID: parts[n-1].ID}, q.Get("all"))
	}
	return out, nil
}

func (a *api) reviewEmergency(c *call) (any, error) {
	var in wire.EmergencyReview
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.id("part")
	if err != nil {
		return nil, err
	}
	review := emergency.Review{Until: in.Until, Note: in.Note}
	switch in.Decision {
	case "uphold":
	case "overrule":
		review.Overrule = true
	default:
		return nil, cordon.Errorf(cordon.Invalid, "%q is not a decision: uphold or overrule", in.Decision)
	}
	out, err := emergency.Decide(c.Context(), c.by, id, review)
	if err != nil {
		return nil, err
	}
	return c.emergencyPart(out)
}

func (c *call) emergencyPart(p emergency.Part) (wire.EmergencyPart, error) {
	orgs, err := c.orgs([]cordon.ID{p.Org, p.Audience})
	if err != nil {
		return wire.EmergencyPart{}, err
	}
	out := wire.EmergencyPart{
		ID: p.ID, By: wire.Named{ID: p.By, Name: p.ByName}, Organisation: orgs[0], Audience: orgs[1], Portions: p.Portions, Reason: p.Reason,
		Grant: p.Grant, Created: p.Created, Until: p.Until, State: p.State, Overdue: p.Overdue, Reviewed: p.Reviewed, Note: p.Note,
	}
	if p.Reviewer != "" {
		named, err := c.members([]cordon.ID{p.Reviewer})
		if err != nil {
			return out, err
		}
		out.Reviewer = named[0]
	}
	return out, nil
}
