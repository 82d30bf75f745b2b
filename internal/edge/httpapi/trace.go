package httpapi

import (
	"cordon"
	"cordon/internal/usecase/trace"
	"cordon/wire"
)

func (a *api) traceRoutes() []route {
	return []route{
		serve(wire.CheckDraft, a.checkDraft),
		serve(wire.ScanText, func(c *call, in wire.Scan) (wire.Scanned, error) {
			r, err := trace.Scan(c.Context(), c.by, in.Text)
			return wire.Scanned{ID: r.ID, Hits: foundAll(r.Hits)}, err
		}),
		serve(wire.ListHolders, a.holders),
	}
}

func (a *api) checkDraft(c *call, in wire.Check) (wire.Checked, error) {
	audience, err := c.orgOf(in.Audience)
	if err != nil {
		return wire.Checked{}, err
	}
	r, err := trace.Check(c.Context(), c.by, in.Text, audience)
	if err != nil {
		return wire.Checked{}, err
	}
	out := wire.Checked{
		ID: r.ID, Audience: wire.Named(r.Audience), Note: r.Note,
		Refused: make([]wire.Finding, len(r.Refused)), Allowed: foundAll(r.Allowed),
	}
	for i, f := range r.Refused {
		out.Refused[i] = wire.Finding{TracedPortion: found(f.Hit), Reasons: f.Reasons, Missing: owners(f.Missing), Needs: f.Needs}
	}
	return out, nil
}

func (a *api) holders(c *call, in wire.OfPortion) (wire.List[wire.Holder], error) {
	all, err := trace.Holders(c.Context(), c.by, cordon.ID(in.Portion))
	var out []wire.Holder
	for _, h := range all {
		out = append(out, wire.Holder{
			Person: wire.Named{ID: h.Person, Name: h.Name}, Organisation: wire.Named{ID: h.Org, Name: h.OrgName},
			Times: h.Times, First: h.First, Last: h.Last, Via: h.Via, Derived: h.Derived,
		})
	}
	return whole(out), err
}

func foundAll(hits []trace.Hit) []wire.TracedPortion {
	out := make([]wire.TracedPortion, len(hits))
	for i, h := range hits {
		out[i] = found(h)
	}
	return out
}

func found(h trace.Hit) wire.TracedPortion {
	out := wire.TracedPortion{
		Portion: h.Portion, Report: h.Report, Ref: h.Ref, ReportRef: h.ReportRef, Marking: h.Mark, Owners: owners(h.Owners),
		Words: h.Words, Of: h.Of, Fraction: h.Fraction, Passages: make([]wire.Passage, len(h.Passages)),
	}
	for i, p := range h.Passages {
		out.Passages[i] = wire.Passage(p)
	}
	return out
}

func owners(all []trace.Owner) []wire.Named {
	out := make([]wire.Named, len(all))
	for i, o := range all {
		out[i] = wire.Named(o)
	}
	return out
}
