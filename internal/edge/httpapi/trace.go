package httpapi

import (
	"cordon"
	"cordon/client"
	"cordon/internal/usecase/trace"
)

func (a *api) check(c *call) (any, error) {
	var in client.Check
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	audience, err := c.orgOf(in.Audience)
	if err != nil {
		return nil, err
	}
	r, err := a.Trace.Check(c.Context(), c.person, in.Text, audience)
	if err != nil {
		return nil, err
	}
	out := client.Checked{
		ID: r.ID, Audience: client.Named(r.Audience), Note: r.Note,
		Refused: make([]client.Finding, len(r.Refused)), Allowed: foundAll(r.Allowed),
	}
	for i, f := range r.Refused {
		out.Refused[i] = client.Finding{Found: found(f.Hit), Reasons: f.Reasons, Missing: owners(f.Missing), Needs: f.Needs}
	}
	return out, nil
}

func (a *api) scan(c *call) (any, error) {
	var in client.Scan
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	r, err := a.Trace.Scan(c.Context(), c.person, in.Text)
	return client.Scanned{ID: r.ID, Hits: foundAll(r.Hits)}, err
}

func (a *api) holders(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	id := cordon.ID(c.PathValue("portion")) // one that is none is asked for and recorded alike
	all, err := a.Trace.Holders(c.Context(), c.person, id)
	var out []client.Holder
	for _, h := range all {
		out = append(out, client.Holder{
			Person: client.Named{ID: h.Person, Name: h.Name}, Organisation: client.Named{ID: h.Org, Name: h.OrgName},
			Times: h.Times, First: h.First, Last: h.Last, Via: h.Via, Derived: h.Derived,
		})
	}
	return list(out, err)
}

func foundAll(hits []trace.Hit) []client.Found {
	out := make([]client.Found, len(hits))
	for i, h := range hits {
		out[i] = found(h)
	}
	return out
}

func found(h trace.Hit) client.Found {
	out := client.Found{
		Portion: h.Portion, Report: h.Report, Ref: h.Ref, ReportRef: h.ReportRef, Marking: h.Mark, Owners: owners(h.Owners),
		Words: h.Words, Of: h.Of, Fraction: h.Fraction, Passages: make([]client.Passage, len(h.Passages)),
	}
	for i, p := range h.Passages {
		out.Passages[i] = client.Passage(p)
	}
	return out
}

func owners(all []trace.Owner) []client.Named {
	out := make([]client.Named, len(all))
	for i, o := range all {
		out[i] = client.Named(o)
	}
	return out
}
