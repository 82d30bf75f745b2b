package httpapi

import (
	"cordon"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/release"
	"cordon/wire"
)

func (a *api) releaseRoutes() []route {
	return []route{
		serve(wire.PlanRelease, a.planRelease),
		serve(wire.ListReleaseRequests, a.releaseRequests),
		serve(wire.RequestRelease, func(c *call, in wire.ReleaseDraft) (wire.ReleaseRequest, error) {
			draft, err := c.releaseDraft(in)
			if err != nil {
				return wire.ReleaseRequest{}, err
			}
			return c.releaseRequest(release.Ask(c.Context(), c.by, draft))
		}),
		serve(wire.GetReleaseRequest, func(c *call, in wire.OfRequest) (wire.ReleaseRequest, error) {
			return c.releaseRequest(release.OpenRequest(c.Context(), c.by, in.Request))
		}),
		serve(wire.Release, func(c *call, in wire.Leaving) (wire.ReleaseRequest, error) {
			return c.releaseRequest(release.Release(c.Context(), c.by, in.Request, in.Without))
		}),
		serve(wire.WithdrawRequest, func(c *call, in wire.OfRequest) (wire.ReleaseRequest, error) {
			return c.releaseRequest(release.Withdraw(c.Context(), c.by, in.Request))
		}),
		serve(wire.ListReleaseParts, a.releaseParts),
		serve(wire.GetReleasePart, func(c *call, in wire.OfPart) (wire.ReleasePart, error) {
			return c.releasePart(release.OpenPart(c.Context(), c.by, in.Part))
		}),
		serve(wire.OpenPart, a.openPart),
		serve(wire.DecidePart, a.decide),
		serve(wire.ConfirmPart, func(c *call, in wire.Confirmation) (wire.ReleasePart, error) {
			return c.releasePart(release.Confirm(c.Context(), c.by, in.Part, in.Proposal))
		}),
		serve(wire.ListGrants, a.grants),
		serve(wire.RevokeGrant, func(c *call, in wire.OfGrant) (wire.Done, error) {
			return wire.Done{}, release.Revoke(c.Context(), c.by, in.Grant)
		}),
	}
}

func (c *call) releaseDraft(in wire.ReleaseDraft) (release.RequestDraft, error) {
	draft := release.RequestDraft{Portions: in.Portions, Audience: cordon.ID(in.Audience), Purpose: in.Purpose, Expires: in.Expires}
	var err error
	if in.Report != "" {
		if len(in.Portions) > 0 {
			return draft, cordon.Errorf(cordon.KindInvalid, "a request names portions, or a report, and not both")
		}
		draft.Report, err = c.reportOf(in.Report)
	}
	return draft, err
}

func (a *api) planRelease(c *call, in wire.ReleaseDraft) (wire.ReleasePlan, error) {
	draft, err := c.releaseDraft(in)
	if err != nil {
		return wire.ReleasePlan{}, err
	}
	plan, err := release.Preview(c.Context(), c.by, draft)
	if err != nil {
		return wire.ReleasePlan{}, err
	}
	audience, err := c.org(plan.Audience)
	if err != nil {
		return wire.ReleasePlan{}, err
	}
	out := wire.ReleasePlan{Audience: audience, Paragraphs: make([]wire.PlannedParagraph, len(plan.Paragraphs))}
	for i, p := range plan.Paragraphs {
		missing, err := c.orgs(p.Missing)
		if err != nil {
			return wire.ReleasePlan{}, err
		}
		out.Paragraphs[i] = wire.PlannedParagraph{
			ID: p.ID, Report: p.Report, Marking: p.Mark, Missing: missing, Clear: p.Clear, Excluded: p.Excluded, RuledOut: p.RuledOut,
		}
	}
	return out, nil
}

func (a *api) releaseRequests(c *call, in wire.Page) (wire.List[wire.ReleaseRequest], error) {
	return newest(in, func(after cordon.Cursor, limit int) ([]wire.ReleaseRequest, bool, error) {
		all, more, err := release.Requests(c.Context(), c.by, after, limit)
		if err != nil {
			return nil, false, err
		}
		out, err := each(all, func(r release.Request) (wire.ReleaseRequest, error) { return c.releaseRequest(r, nil) })
		return out, more, err
	}, func(r wire.ReleaseRequest) cordon.Cursor { return cordon.Cursor{Created: r.Created, ID: r.ID} })
}

func (a *api) releaseParts(c *call, in wire.Page) (wire.List[wire.ReleasePart], error) {
	return newest(in, func(after cordon.Cursor, limit int) ([]wire.ReleasePart, bool, error) {
		all, more, err := release.Parts(c.Context(), c.by, after, limit)
		if err != nil {
			return nil, false, err
		}
		out, err := c.parts(all)
		return out, more, err
	}, func(p wire.ReleasePart) cordon.Cursor { return cordon.Cursor{Created: p.Created, ID: p.ID} })
}

func (a *api) openPart(c *call, in wire.OfPart) (wire.List[wire.PartWording], error) {
	none := wire.List[wire.PartWording]{}
	asked, err := release.Asked(c.Context(), c.by, in.Part)
	if err != nil {
		return none, err
	}
	shown, err := reading.OpenPortions(c.Context(), c.by, in.Part, asked)
	if err != nil {
		return none, err
	}
	out := make([]wire.PartWording, len(shown))
	for i, p := range shown {
		out[i] = wire.PartWording{ID: p.ID, Report: p.Report, Marking: p.Mark, Text: p.Text}
	}
	return whole(out), nil
}

func (a *api) decide(c *call, in wire.Decision) (wire.ReleasePart, error) {
	answer := release.Decision{Grant: in.Grant, Until: in.Until, ShownOnly: in.ShownOnly, Known: in.Known, Reason: in.Reason, People: given(in.People)}
	if in.Tearline != "" {
		var err error
		if answer.Tearline, err = c.reportOf(in.Tearline); err != nil {
			return wire.ReleasePart{}, err
		}
	}
	return c.releasePart(release.Decide(c.Context(), c.by, in.Part, answer))
}

func (a *api) grants(c *call, in wire.GrantsFor) (wire.List[wire.Grant], error) {
	var portions []cordon.ID
	for _, id := range in.Portions {
		portions = append(portions, cordon.ID(id))
	}
	if len(portions) > cordon.MaxPage {
		return wire.List[wire.Grant]{}, cordon.Errorf(cordon.KindTooLarge, "at most %d portions are asked for at once", cordon.MaxPage)
	}
	return newest(in.Page, func(after cordon.Cursor, limit int) ([]wire.Grant, bool, error) {
		all, more, err := release.Grants(c.Context(), c.by, portions, after, limit)
		if err != nil {
			return nil, false, err
		}
		out, err := each(all, c.grant)
		return out, more, err
	}, func(g wire.Grant) cordon.Cursor { return cordon.Cursor{Created: g.Created, ID: g.ID} })
}

func (c *call) grant(g cordon.Grant) (wire.Grant, error) {
	parties, err := c.orgs([]cordon.ID{g.Owner, g.To})
	if err != nil {
		return wire.Grant{}, err
	}
	return wire.Grant{
		ID: g.ID, Owner: parties[0], To: parties[1], Request: g.Request, Portions: g.Portions, People: g.People,
		ShownOnly: g.ShownOnly, Emergency: g.Emergency, Created: g.Created, Until: g.Until, Revoked: g.Revoked,
	}, nil
}

// releaseRequest shows what a use-case gave.
func (c *call) releaseRequest(r release.Request, err error) (wire.ReleaseRequest, error) {
	if err != nil {
		return wire.ReleaseRequest{}, err
	}
	audience, err := c.org(r.Audience)
	if err != nil {
		return wire.ReleaseRequest{}, err
	}
	parts, err := c.parts(r.Parts)
	return wire.ReleaseRequest{
		ID: r.ID, Audience: audience, Report: r.Report, Purpose: r.Purpose, State: wire.RequestState(r.State), Created: r.Created, Expires: r.Expires,
		Released: r.Released, Parts: parts, Clear: r.Clear, Excluded: r.Excluded,
	}, err
}

func (c *call) parts(all []release.Part) ([]wire.ReleasePart, error) {
	return each(all, func(p release.Part) (wire.ReleasePart, error) { return c.releasePart(p, nil) })
}

// releasePart shows what a use-case gave.
func (c *call) releasePart(p release.Part, err error) (wire.ReleasePart, error) {
	if err != nil {
		return wire.ReleasePart{}, err
	}
	named, err := c.orgs([]cordon.ID{p.Owner, p.Requester, p.Audience})
	if err != nil {
		return wire.ReleasePart{}, err
	}
	others, err := c.orgs(p.Others)
	if err != nil {
		return wire.ReleasePart{}, err
	}
	out := wire.ReleasePart{
		ID: p.ID, Request: p.Request, Owner: named[0], State: p.State, RequestState: wire.RequestState(p.RequestState), Requester: named[1], Audience: named[2],
		Purpose: p.Purpose, Created: p.Created, Expires: p.Expires, Granted: p.Granted, Until: p.Until, ShownOnly: p.ShownOnly, People: p.People,
		Reason: p.Reason, Tearline: p.Tearline, Known: p.Known, Grant: p.Grant, TwoPersons: p.TwoPersons, Proposal: p.Proposal, Proposer: p.Proposer,
		Others: others, Portions: make([]wire.PartPortion, len(p.Portions)),
	}
	for i, portion := range p.Portions {
		out.Portions[i] = wire.PartPortion{
			ID: portion.ID, Report: portion.Report, Marking: portion.Mark, Wording: portion.Wording, Readable: portion.Readable, Sources: portion.Sources,
		}
	}
	return out, nil
}
