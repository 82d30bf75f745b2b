package httpapi

import (
	"cordon"
	"cordon/client"
	"cordon/internal/release"
)

func (a *api) request(c *call) (any, error) {
	var in client.ReleaseDraft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := wellFormed(in.Portions...); err != nil {
		return nil, err
	}
	draft := release.RequestDraft{Portions: in.Portions, Purpose: in.Purpose, Expires: in.Expires}
	var err error
	if in.Report != "" {
		if len(in.Portions) > 0 {
			return nil, cordon.Errorf(cordon.Invalid, "a request names portions, or a report, and not both")
		}
		if draft.Report, err = c.reportOf(in.Report); err != nil {
			return nil, err
		}
	}
	if draft.Audience, err = c.orgOf(in.Audience); err != nil {
		return nil, err
	}
	out, err := a.Release.Ask(c.Context(), c.person, draft)
	if err != nil {
		return nil, err
	}
	return c.releaseRequest(out)
}

func (a *api) requests(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	all, err := a.Release.Requests(c.Context(), c.person)
	if err != nil {
		return nil, err
	}
	var out []client.ReleaseRequest
	for _, r := range all {
		one, err := c.releaseRequest(r)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return list(out, nil)
}

func (a *api) parts(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	all, err := a.Release.Parts(c.Context(), c.person)
	if err != nil {
		return nil, err
	}
	return list(c.releaseParts(all))
}

func (a *api) decide(c *call) (any, error) {
	var in client.Decision
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.id("part")
	if err != nil {
		return nil, err
	}
	answer := release.Decision{Grant: in.Grant, Until: in.Until, ShownOnly: in.ShownOnly, Reason: in.Reason}
	if in.Tearline != "" {
		if answer.Tearline, err = c.reportOf(in.Tearline); err != nil {
			return nil, err
		}
	}
	out, err := a.Release.Decide(c.Context(), c.person, id, answer)
	if err != nil {
		return nil, err
	}
	return c.releasePart(out)
}

func (a *api) grants(c *call) (any, error) {
	q, err := c.query("portion")
	if err != nil {
		return nil, err
	}
	var portions []cordon.ID
	for _, id := range q["portion"] {
		portions = append(portions, cordon.ID(id))
	}
	switch {
	case len(portions) == 0:
		return nil, cordon.Errorf(cordon.Invalid, "name the portions whose grants are wanted: ?portion=…")
	case len(portions) > cordon.MaxPage:
		return nil, cordon.Errorf(cordon.TooLarge, "at most %d portions are asked for at once", cordon.MaxPage)
	}
	all, err := a.Release.Grants(c.Context(), c.person, portions)
	if err != nil {
		return nil, err
	}
	var out []client.Grant
	for _, g := range all {
		parties, err := c.orgs([]cordon.ID{g.Owner, g.To})
		if err != nil {
			return nil, err
		}
		out = append(out, client.Grant{
			ID: g.ID, Owner: parties[0], To: parties[1], Request: g.Request, Portions: g.Portions,
			ShownOnly: g.ShownOnly, Emergency: g.Emergency, Created: g.Created, Until: g.Until, Revoked: g.Revoked,
		})
	}
	return list(out, nil)
}

func (a *api) revoke(c *call) (any, error) {
	var in struct{}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.id("grant")
	if err != nil {
		return nil, err
	}
	return nothing, a.Release.Revoke(c.Context(), c.person, id)
}

// nothing is the answer where there is nothing to say but that it was done.
var nothing = struct{}{}

func (c *call) releaseRequest(r release.Request) (client.ReleaseRequest, error) {
	audience, err := c.org(r.Audience)
	if err != nil {
		return client.ReleaseRequest{}, err
	}
	parts, err := c.releaseParts(r.Parts)
	return client.ReleaseRequest{
		ID: r.ID, Audience: audience, Purpose: r.Purpose, Created: r.Created, Expires: r.Expires,
		Parts: parts, Clear: r.Clear, Excluded: r.Excluded,
	}, err
}

func (c *call) releaseParts(all []release.Part) ([]client.ReleasePart, error) {
	out := make([]client.ReleasePart, len(all))
	for i, p := range all {
		var err error
		if out[i], err = c.releasePart(p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *call) releasePart(p release.Part) (client.ReleasePart, error) {
	named, err := c.orgs([]cordon.ID{p.Owner, p.Requester, p.Audience})
	if err != nil {
		return client.ReleasePart{}, err
	}
	out := client.ReleasePart{
		ID: p.ID, Request: p.Request, Owner: named[0], State: p.State, Requester: named[1], Audience: named[2],
		Purpose: p.Purpose, Expires: p.Expires, Reason: p.Reason, Grant: p.Grant, Tearline: p.Tearline,
		Portions: make([]client.PartPortion, len(p.Portions)),
	}
	for i, portion := range p.Portions {
		out.Portions[i] = client.PartPortion{ID: portion.ID, Marking: portion.Mark, Sources: portion.Sources}
	}
	return out, nil
}
