package httpapi

import (
	"cordon/internal/usecase/writing"
	"cordon/wire"
)

func (a *api) waitingRoutes() []route {
	return []route{
		serve(wire.ListWaiting, a.waiting),
		serve(wire.DecideWaiting, a.decideWaiting),
	}
}

func (a *api) waiting(c *call, in wire.WaitingPage) (wire.List[wire.WaitingReport], error) {
	all, err := writing.ListHeld(c.Context(), c.by, in.Limit)
	if err != nil {
		return wire.List[wire.WaitingReport]{}, err
	}
	out, err := each(all, c.waitingReport)
	return whole(out), err
}

func (c *call) waitingReport(h writing.Held) (wire.WaitingReport, error) {
	holder, err := c.org(h.Org)
	if err != nil {
		return wire.WaitingReport{}, err
	}
	out := wire.WaitingReport{Report: h.Report, Holder: holder, Ours: h.Ours, Since: h.Since}
	for _, m := range h.Matches {
		one := wire.FoundMatch{ID: m.ID, Words: m.Words, State: m.State, Effective: m.Effective, Source: m.Source, Passages: m.Passages}
		if m.Owner != "" {
			if one.Owner, err = c.org(m.Owner); err != nil {
				return out, err
			}
		}
		out.Matches = append(out.Matches, one)
	}
	return out, nil
}

func (a *api) decideWaiting(c *call, in wire.WaitingDecision) (wire.WaitingDecided, error) {
	out, err := writing.DecideHeld(c.Context(), c.by, writing.Ruling{
		Report: in.Report, Verdict: writing.Verdict(in.Verdict), Matches: in.Matches, Reason: in.Reason,
	})
	return wire.WaitingDecided{Open: out.Open, Effective: out.Effective}, err
}
