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
			return trace.Scan(c.Context(), c.by, in.Text)
		}),
		serve(wire.ListHolders, a.holders),
	}
}

func (a *api) checkDraft(c *call, in wire.Check) (wire.Checked, error) {
	return trace.Check(c.Context(), c.by, in.Text, cordon.ID(in.Audience))
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
