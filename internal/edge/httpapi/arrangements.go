package httpapi

import (
	"context"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/usecase/arrangement"
	"cordon/wire"
)

func (a *api) arrangementRoutes() []route {
	return []route{
		serve(wire.ListArrangements, a.arrangements),
		serve(wire.AddArrangement, a.addArrangement),
		serve(wire.GetArrangement, onArrangement(arrangement.Show)),
		serve(wire.Agree, onProposal(arrangement.Agree)),
		serve(wire.Decline, onProposal(arrangement.Decline)),
		serve(wire.Amend, a.amend),
		serve(wire.SuspendArrangement, onArrangement(arrangement.Suspend)),
		serve(wire.ResumeArrangement, onArrangement(arrangement.Resume)),
		serve(wire.LeaveArrangement, onArrangement(arrangement.Leave)),
		serve(wire.EndArrangement, onArrangement(arrangement.End)),
	}
}

func (a *api) arrangements(c *call, in wire.Page) (wire.List[wire.Arrangement], error) {
	var last cordon.Cursor
	return newest(in, func(after cordon.Cursor, limit int) ([]wire.Arrangement, bool, error) {
		all, err := arrangement.List(c.Context(), c.by, after, limit)
		if err != nil {
			return nil, false, err
		}
		if n := len(all); n > 0 {
			last = cordon.Cursor{Created: all[n-1].Listed, ID: all[n-1].ID}
		}
		out, err := each(all, c.showArrangement)
		return out, len(all) == limit, err
	}, func(wire.Arrangement) cordon.Cursor { return last })
}

func (a *api) addArrangement(c *call, in wire.ArrangementDraft) (wire.ArrangementAfter, error) {
	draft := arrangement.Draft{
		Name: in.Name, Mark: in.Marking, Parties: given(in.Parties), Named: given(in.Named), Terms: terms(in.ArrangementTerms),
	}
	return c.arranged(arrangement.Create(c.Context(), c.by, draft))
}

func (a *api) amend(c *call, in wire.Amendment) (wire.ArrangementAfter, error) {
	id, err := c.arrangementOf(in.OfArrangement.Arrangement)
	if err != nil {
		return wire.ArrangementAfter{}, err
	}
	amendment := arrangement.Amendment{
		Version: in.Version, Mark: in.Marking, Named: given(in.Named), Invite: given(in.Invite), Terms: terms(in.ArrangementTerms),
	}
	return c.arranged(arrangement.Amend(c.Context(), c.by, id, amendment))
}

// onArrangement makes the function of an act that needs nothing besides.
func onArrangement(do func(ctx context.Context, by act.Caller, id cordon.ID) (arrangement.Arrangement, error)) func(*call, wire.OfArrangement) (wire.ArrangementAfter, error) {
	return func(c *call, in wire.OfArrangement) (wire.ArrangementAfter, error) {
		id, err := c.arrangementOf(in.Arrangement)
		if err != nil {
			return wire.ArrangementAfter{}, err
		}
		return c.arranged(do(c.Context(), c.by, id))
	}
}

// onProposal makes the function of an answer to a proposal.
func onProposal(do func(ctx context.Context, by act.Caller, id, proposal cordon.ID) (arrangement.Arrangement, error)) func(*call, wire.ProposalAnswer) (wire.ArrangementAfter, error) {
	return func(c *call, in wire.ProposalAnswer) (wire.ArrangementAfter, error) {
		id, err := c.arrangementOf(in.Arrangement)
		if err != nil {
			return wire.ArrangementAfter{}, err
		}
		return c.arranged(do(c.Context(), c.by, id, in.Proposal))
	}
}

func (c *call) arranged(a arrangement.Arrangement, err error) (wire.ArrangementAfter, error) {
	if err != nil || !a.Known {
		return wire.ArrangementAfter{}, err
	}
	out, err := c.showArrangement(a)
	return wire.ArrangementAfter{Arrangement: &out}, err
}

func (c *call) showArrangement(a arrangement.Arrangement) (wire.Arrangement, error) {
	out := wire.Arrangement{
		ID: a.ID, Name: a.Name, Marking: a.Mark, State: a.State, Version: a.Version, Created: a.Created, Ended: a.Ended,
	}
	var err error
	if out.Drafter, err = c.org(a.Drafter); err != nil {
		return out, err
	}
	if out.Parties, err = c.orgs(a.Parties); err != nil {
		return out, err
	}
	if out.SuspendedBy, err = c.orgs(a.SuspendedBy); err != nil {
		return out, err
	}
	if out.ShownTerms, err = c.shownTerms(a.Terms); err != nil || a.Proposal == nil {
		return out, err
	}
	p := wire.Proposal{ID: a.Proposal.ID, Marking: a.Proposal.Mark, Created: a.Proposal.Created}
	if p.By, err = c.org(a.Proposal.By); err != nil {
		return out, err
	}
	if p.Parties, err = c.orgs(a.Proposal.Parties); err != nil {
		return out, err
	}
	if p.Agreed, err = c.orgs(a.Proposal.Agreed); err != nil {
		return out, err
	}
	p.ShownTerms, err = c.shownTerms(a.Proposal.Terms)
	out.Proposal = &p
	return out, err
}

func (c *call) shownTerms(t cordon.Terms) (wire.ShownTerms, error) {
	out := wire.ShownTerms{
		Scheme: t.Scheme, DefaultMarking: t.DefaultMark, Equivalences: t.Equivalences, Withheld: t.Withheld, Onward: t.Onward,
		ShownOnly: t.ShownOnly, LongestSeconds: int64(t.Longest / time.Second), Until: t.Until, TwoPersons: t.TwoPersons,
		EmergencySeconds: int64(t.EmergencyFor / time.Second),
	}
	var err error
	if out.Recipients, err = c.orgs(t.Recipients); err != nil {
		return out, err
	}
	out.EmergencyAuthorities, err = c.members(t.EmergencyAuthorities)
	return out, err
}

// terms reads the terms of a request. A length of time that does not fit a
// time.Duration is beyond every bound.
func terms(in wire.ArrangementTerms) cordon.Terms {
	return cordon.Terms{
		Scheme: in.Scheme, DefaultMark: in.DefaultMarking, Equivalences: in.Equivalences, Withheld: in.Withheld, Onward: in.Onward,
		ShownOnly: in.ShownOnly, Longest: lasting(in.LongestSeconds), Until: in.Until, TwoPersons: in.TwoPersons,
		EmergencyFor: lasting(in.EmergencySeconds), Recipients: given(in.Recipients), EmergencyAuthorities: given(in.EmergencyAuthorities),
	}
}

func lasting(n int64) time.Duration {
	const most = int64(1<<63-1) / int64(time.Second)
	return time.Duration(max(-most, min(n, most))) * time.Second
}
