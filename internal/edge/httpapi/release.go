package httpapi

import (
	"strings"

	"cordon"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/release"
	"cordon/wire"
)

func (c *call) releaseDraft() (release.RequestDraft, error) {
	var in wire.ReleaseDraft
	if err := c.decode(&in); err != nil {
		return release.RequestDraft{}, err
	}
	draft := release.RequestDraft{Portions: in.Portions, Purpose: in.Purpose, Expires: in.Expires}
	if err := wellFormed(in.Portions...); err != nil {
		return draft, err
	}
	var err error
	if in.Report != "" {
		if len(in.Portions) > 0 {
			return draft, cordon.Errorf(cordon.Invalid, "a request names portions, or a report, and not both")
		}
		if draft.Report, err = c.reportOf(in.Report); err != nil {
			return draft, err
		}
	}
	draft.Audience, err = c.orgOf(in.Audience)
	return draft, err
}

func (a *api) planRelease(c *call) (any, error) {
	draft, err := c.releaseDraft()
	if err != nil {
		return nil, err
	}
	plan, err := release.Preview(c.Context(), c.by, draft)
	if err != nil {
		return nil, err
	}
	audience, err := c.org(plan.Audience)
	if err != nil {
		return nil, err
	}
	out := wire.ReleasePlan{Audience: audience, Paragraphs: make([]wire.PlannedParagraph, len(plan.Paragraphs))}
	for i, p := range plan.Paragraphs {
		missing, err := c.orgs(p.Missing)
		if err != nil {
			return nil, err
		}
		out.Paragraphs[i] = wire.PlannedParagraph{
			ID: p.ID, Report: p.Report, Marking: p.Mark, Missing: missing, Clear: p.Clear, Excluded: p.Excluded, RuledOut: p.RuledOut,
		}
	}
	return out, nil
}

func (a *api) request(c *call) (any, error) {
	draft, err := c.releaseDraft()
	if err != nil {
		return nil, err
	}
	return c.releaseRequest(release.Ask(c.Context(), c.by, draft))
}

func (a *api) requests(c *call) (any, error) {
	q, err := c.query("cursor", "limit")
	if err != nil {
		return nil, err
	}
	page, err := c.page(q, "")
	if err != nil {
		return nil, err
	}
	all, more, err := release.Requests(c.Context(), c.by, page.After, page.Limit)
	if err != nil {
		return nil, err
	}
	out := wire.List[wire.ReleaseRequest]{Items: make([]wire.ReleaseRequest, len(all))}
	for i, r := range all {
		if out.Items[i], err = c.releaseRequest(r, nil); err != nil {
			return nil, err
		}
	}
	if more {
		last := all[len(all)-1]
		out.Next = c.cursor(cordon.Cursor{Created: last.Created, ID: last.ID}, "")
	}
	return out, nil
}

func (a *api) oneRequest(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	id, err := c.id("request")
	if err != nil {
		return nil, err
	}
	return c.releaseRequest(release.OpenRequest(c.Context(), c.by, id))
}

func (a *api) release(c *call) (any, error) {
	var in wire.Leaving
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.id("request")
	if err != nil {
		return nil, err
	}
	if err := wellFormed(in.Without...); err != nil {
		return nil, err
	}
	return c.releaseRequest(release.Release(c.Context(), c.by, id, in.Without))
}

func (a *api) withdraw(c *call) (any, error) {
	var in struct{}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.id("request")
	if err != nil {
		return nil, err
	}
	return c.releaseRequest(release.Withdraw(c.Context(), c.by, id))
}

func (a *api) parts(c *call) (any, error) {
	q, err := c.query("cursor", "limit")
	if err != nil {
		return nil, err
	}
	page, err := c.page(q, "")
	if err != nil {
		return nil, err
	}
	all, more, err := release.Parts(c.Context(), c.by, page.After, page.Limit)
	if err != nil {
		return nil, err
	}
	out := wire.List[wire.ReleasePart]{}
	if out.Items, err = c.releaseParts(all); err != nil {
		return nil, err
	}
	if more {
		last := all[len(all)-1]
		out.Next = c.cursor(cordon.Cursor{Created: last.Created, ID: last.ID}, "")
	}
	return out, nil
}

func (a *api) onePart(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	id, err := c.id("part")
	if err != nil {
		return nil, err
	}
	return c.releasePart(release.OpenPart(c.Context(), c.by, id))
}

func (a *api) partWording(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	id, err := c.id("part")
	if err != nil {
		return nil, err
	}
	asked, err := release.Asked(c.Context(), c.by, id)
	if err != nil {
		return nil, err
	}
	shown, err := reading.OpenPortions(c.Context(), c.by, id, asked)
	if err != nil {
		return nil, err
	}
	out := make([]wire.PartWording, len(shown))
	for i, p := range shown {
		out[i] = wire.PartWording{ID: p.ID, Report: p.Report, Marking: p.Mark, Text: p.Text}
	}
	return list(out, nil)
}

func (a *api) decide(c *call) (any, error) {
	var in wire.Decision
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.id("part")
	if err != nil {
		return nil, err
	}
	answer := release.Decision{Grant: in.Grant, Until: in.Until, ShownOnly: in.ShownOnly, Known: in.Known, Reason: in.Reason}
	if answer.People, err = c.peopleOf(in.People); err != nil {
		return nil, err
	}
	if in.Tearline != "" {
		if answer.Tearline, err = c.reportOf(in.Tearline); err != nil {
			return nil, err
		}
	}
	return c.releasePart(release.Decide(c.Context(), c.by, id, answer))
}

func (a *api) confirm(c *call) (any, error) {
	var in wire.Confirmation
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.id("part")
	if err != nil {
		return nil, err
	}
	return c.releasePart(release.Confirm(c.Context(), c.by, id, in.Proposal))
}

func (a *api) grants(c *call) (any, error) {
	q, err := c.query("portion", "cursor", "limit")
	if err != nil {
		return nil, err
	}
	var portions []cordon.ID
	for _, id := range q["portion"] {
		portions = append(portions, cordon.ID(id))
	}
	if len(portions) > cordon.MaxPage {
		return nil, cordon.Errorf(cordon.TooLarge, "at most %d portions are asked for at once", cordon.MaxPage)
	}
	asked := strings.Join(q["portion"], ",")
	page, err := c.page(q, asked)
	if err != nil {
		return nil, err
	}
	all, more, err := release.Grants(c.Context(), c.by, portions, page.After, page.Limit)
	if err != nil {
		return nil, err
	}
	out := wire.List[wire.Grant]{Items: make([]wire.Grant, len(all))}
	for i, g := range all {
		parties, err := c.orgs([]cordon.ID{g.Owner, g.To})
		if err != nil {
			return nil, err
		}
		out.Items[i] = wire.Grant{
			ID: g.ID, Owner: parties[0], To: parties[1], Request: g.Request, Portions: g.Portions, People: g.People,
			ShownOnly: g.ShownOnly, Emergency: g.Emergency, Created: g.Created, Until: g.Until, Revoked: g.Revoked,
		}
	}
	if more {
		last := all[len(all)-1]
		out.Next = c.cursor(cordon.Cursor{Created: last.Created, ID: last.ID}, asked)
	}
	return out, nil
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
	return nothing, release.Revoke(c.Context(), c.by, id)
}

// nothing is the answer where there is nothing to say but that it was done.
var nothing = struct{}{}

// releaseRequest shows what a use-case gave.
func (c *call) releaseRequest(r release.Request, err error) (wire.ReleaseRequest, error) {
	if err != nil {
		return wire.ReleaseRequest{}, err
	}
	audience, err := c.org(r.Audience)
	if err != nil {
		return wire.ReleaseRequest{}, err
	}
	parts, err := c.releaseParts(r.Parts)
	return wire.ReleaseRequest{
		ID: r.ID, Audience: audience, Report: r.Report, Purpose: r.Purpose, State: string(r.State), Created: r.Created, Expires: r.Expires,
		Released: r.Released, Parts: parts, Clear: r.Clear, Excluded: r.Excluded,
	}, err
}

func (c *call) releaseParts(all []release.Part) ([]wire.ReleasePart, error) {
	out := make([]wire.ReleasePart, len(all))
	for i, p := range all {
		var err error
		if out[i], err = c.releasePart(p, nil); err != nil {
			return nil, err
		}
	}
	return out, nil
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
		ID: p.ID, Request: p.Request, Owner: named[0], State: p.State, RequestState: string(p.RequestState), Requester: named[1], Audience: named[2],
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
