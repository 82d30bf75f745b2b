package httpapi

import (
	"cordon"
	"cordon/internal/usecase/tearline"
	"cordon/internal/usecase/writing"
	"cordon/wire"
)

func (a *api) tearlineRoutes() []route {
	return []route{
		serve(wire.AddTearline, a.addTearline),
		serve(wire.CheckTearline, a.checkTearline),
		serve(wire.ListTearlines, a.tearlines),
	}
}

func (a *api) addTearline(c *call, in wire.TearlineDraft) (wire.WrittenTearline, error) {
	defer c.onBeat()
	draft, err := c.tearlineDraft(in)
	if err != nil {
		return wire.WrittenTearline{}, err
	}
	written, err := tearline.Add(c.Context(), c.by, draft)
	if err != nil {
		return wire.WrittenTearline{}, err
	}
	published, err := c.published(written.Published, nil)
	return wire.WrittenTearline{Published: published, Check: tearlineChecked(written.Check)}, err
}

func (c *call) tearlineDraft(in wire.TearlineDraft) (writing.Draft, error) {
	portion := func(p wire.TearlinePortion) wire.PortionDraft {
		return wire.PortionDraft{Kind: p.Kind, Ref: p.Ref, Marking: p.Marking, Text: p.Text, Dismissed: p.Dismissed}
	}
	plain := wire.Draft{
		Kind: cordon.ReportTearline, Ref: in.Ref, Arrangement: in.Arrangement, Recipients: in.Recipients, Named: in.Named,
		Title: portion(in.Title), Portions: make([]wire.PortionDraft, len(in.Portions)),
	}
	for i, p := range in.Portions {
		plain.Portions[i] = portion(p)
	}
	draft, err := c.draft(plain)
	if err != nil {
		return draft, err
	}
	against := func(own []cordon.ID) []cordon.ID {
		if len(own) == 0 {
			return in.Against
		}
		return own
	}
	draft.Title.Against = against(in.Title.Against)
	for i, p := range in.Portions {
		draft.Portions[i].Against = against(p.Against)
	}
	return draft, nil
}

func (a *api) checkTearline(c *call, in wire.TearlineCheck) (wire.TearlineChecked, error) {
	if in.Report != "" {
		if len(in.Against)+len(in.Paragraphs) > 0 {
			return wire.TearlineChecked{}, cordon.Errorf(cordon.KindInvalid, "a check is of a report that was written, or of paragraphs against originals, and not of both")
		}
		report, err := c.reportOf(in.Report)
		if err != nil {
			return wire.TearlineChecked{}, err
		}
		checked, err := tearline.CheckReport(c.Context(), c.by, report)
		if err != nil {
			return wire.TearlineChecked{}, err
		}
		return tearlineChecked(checked), nil
	}
	draft := tearline.CheckDraft{Against: in.Against}
	for _, p := range in.Paragraphs {
		draft.Paragraphs = append(draft.Paragraphs, tearline.CheckParagraph{Mark: p.Marking, Text: p.Text})
	}
	checked, err := tearline.Check(c.Context(), c.by, draft)
	if err != nil {
		return wire.TearlineChecked{}, err
	}
	return tearlineChecked(checked), nil
}

func (a *api) tearlines(c *call, in wire.OfReport) (wire.List[wire.TearlineLink], error) {
	report, err := c.reportOf(in.Report)
	if err != nil {
		return wire.List[wire.TearlineLink]{}, err
	}
	links, err := tearline.List(c.Context(), c.by, report)
	out := make([]wire.TearlineLink, len(links))
	for i, l := range links {
		out[i] = wire.TearlineLink{
			Tearline: l.Tearline, Portion: l.Portion, Marking: l.Mark,
			Report: l.Report, Original: l.Original, OriginalMarking: l.OriginalMark,
		}
	}
	return whole(out), err
}

func tearlineChecked(r tearline.Checked) wire.TearlineChecked {
	out := wire.TearlineChecked{
		ID: r.ID, Originals: make([]wire.TearlineShare, len(r.Shares)), Findings: make([]wire.TearlineFinding, len(r.Findings)),
		More: r.More, Notes: r.Notes,
	}
	for i, s := range r.Shares {
		out.Originals[i] = wire.TearlineShare{
			Portion: s.Original, Marking: s.Mark, Words: s.Words, Of: s.Of, Share: float64(s.Words) / float64(max(1, s.Of)),
		}
	}
	for i, f := range r.Findings {
		out.Findings[i] = wire.TearlineFinding{
			Severity: wire.Severity(f.Severity), Kind: wire.FindingKind(f.Kind), Paragraph: f.Paragraph, Original: f.Original,
			At: span(f.At), In: span(f.In), Words: f.Words, Text: f.Text, Says: f.Says,
		}
	}
	return out
}

func span(s *tearline.Span) *wire.Span {
	if s == nil {
		return nil
	}
	return &wire.Span{Start: s.Start, End: s.End}
}

// tearlineReviews names the organisations that tearlines of contained portions were
// released to.
func (c *call) tearlineReviews(all []tearline.Linked) ([]wire.TearlineReview, error) {
	var out []wire.TearlineReview
	for _, l := range all {
		to, err := c.orgs(l.To)
		if err != nil {
			return nil, err
		}
		out = append(out, wire.TearlineReview{Report: l.Report, Originals: l.Originals, To: to, Onward: l.Onward})
	}
	return out, nil
}
