package httpapi

import (
	"cordon"
	"cordon/internal/usecase/emergency"
	"cordon/wire"
)

func (a *api) emergencyRoutes() []route {
	return []route{
		serve(wire.ListEmergencies, a.emergencies),
		serve(wire.ReleaseInEmergency, a.releaseInEmergency),
		serve(wire.ReviewEmergency, a.reviewEmergency),
	}
}

func (a *api) releaseInEmergency(c *call, in wire.EmergencyDraft) (wire.EmergencyRelease, error) {
	draft := emergency.Draft{Portions: in.Portions, Audience: cordon.ID(in.Audience), Reason: in.Reason}
	if in.Report != "" {
		var err error
		if draft.Report, err = c.reportOf(in.Report); err != nil {
			return wire.EmergencyRelease{}, err
		}
	}
	out, err := emergency.Release(c.Context(), c.by, draft)
	if err != nil {
		return wire.EmergencyRelease{}, err
	}
	audience, err := c.org(out.Audience)
	released := wire.EmergencyRelease{ID: out.ID, Audience: audience, Portions: out.Portions, Clear: out.Clear, Until: out.Until}
	for _, s := range out.Still {
		released.Still = append(released.Still, wire.EmergencyStill{Portion: s.Portion, Shut: s.Shut, Needs: s.Needs})
	}
	return released, err
}

func (a *api) emergencies(c *call, in wire.EmergenciesPage) (wire.List[wire.EmergencyPart], error) {
	return newest(in.Page, func(after cordon.Cursor, limit int) ([]wire.EmergencyPart, bool, error) {
		parts, more, err := emergency.Parts(c.Context(), c.by, in.All, after, limit)
		if err != nil {
			return nil, false, err
		}
		out, err := each(parts, c.emergencyPart)
		return out, more, err
	}, func(p wire.EmergencyPart) cordon.Cursor { return cordon.Cursor{Created: p.Created, ID: p.ID} })
}

func (a *api) reviewEmergency(c *call, in wire.EmergencyReview) (wire.EmergencyPart, error) {
	review := emergency.Review{Until: in.Until, Note: in.Note}
	switch in.Decision {
	case wire.ReviewUphold:
	case wire.ReviewOverrule:
		review.Overrule = true
	default:
		return wire.EmergencyPart{}, cordon.Errorf(cordon.KindInvalid, "%q is not a decision: uphold or overrule", in.Decision)
	}
	out, err := emergency.Decide(c.Context(), c.by, in.Part, review)
	if err != nil {
		return wire.EmergencyPart{}, err
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
