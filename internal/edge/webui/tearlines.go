package webui

import (
	"slices"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// tearlinePage is where a tearline is written beside its originals, and looked at:
// what of them still stands in it.
type tearlinePage struct {
	frame
	Report     wire.Rendition
	Rows       []row
	Against    []cordon.ID
	Orgs       []wire.Organisation
	Recipients map[cordon.ID]bool
	Check      *wire.TearlineChecked
	Asked      choices
}

// Is reports whether it is written against the portion; against all before
// anybody chose.
func (p tearlinePage) Is(id cordon.ID) bool {
	return len(p.Against) == 0 || slices.Contains(p.Against, id)
}

func newTearline(v *visit) error { return showTearline(v, make([]row, 1), nil, nil) }

func showTearline(v *visit, rows []row, check *wire.TearlineChecked, problem error) error {
	report := first(v.form.Get("report"), v.r.URL.Query().Get("report"))
	shown, err := httpapi.Do(v.Caller, wire.OpenReport, wire.OfReport{Report: report})
	if err != nil {
		return err
	}
	marks := []string{shown.Banner}
	for _, p := range shown.Portions {
		marks = append(marks, p.Marking)
	}
	view := tearlinePage{frame: v.frame("Write a tearline", marks...), Report: shown, Rows: rows, Against: v.ids("against"), Check: check, Recipients: make(map[cordon.ID]bool)}
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	view.Asked = v.choices(view.Problem, false)
	for i := range view.Rows {
		view.Rows[i].N = i + 1
	}
	for _, id := range v.ids("recipient") {
		view.Recipients[id] = true
	}
	if view.Orgs, err = v.organisations(); err != nil {
		return err
	}
	return v.show("tearline", status, view)
}

// writeTearline gives more room, checks, or publishes.
func writeTearline(v *visit) error {
	rows := v.rows()
	do, err := v.pressed("check", "more", "publish")
	if err != nil {
		return showTearline(v, rows, nil, err)
	}
	if do == "more" {
		return showTearline(v, append(rows, row{}), nil, nil)
	}
	draft := wire.TearlineDraft{Ref: v.text("ref"), Against: v.ids("against"), Title: wire.TearlinePortion{Marking: v.text("title-mark"), Text: v.text("title"), Dismissed: v.dismissed()}}
	check := wire.TearlineCheck{Against: draft.Against, Paragraphs: []wire.TearlineParagraph{{Marking: draft.Title.Marking, Text: draft.Title.Text}}}
	for _, id := range v.ids("recipient") {
		draft.Recipients = append(draft.Recipients, string(id))
	}
	for _, r := range rows {
		if r.Text != "" {
			draft.Portions = append(draft.Portions, wire.TearlinePortion{Kind: cordon.PortionKind(r.Kind), Marking: r.Mark, Text: r.Text, Dismissed: draft.Title.Dismissed})
			check.Paragraphs = append(check.Paragraphs, wire.TearlineParagraph{Marking: r.Mark, Text: r.Text})
		}
	}
	if err := v.marked(v.draft(rows), rows); err != nil {
		return showTearline(v, rows, nil, err)
	}
	if do != "publish" {
		checked, err := whatStands(v, check)
		if err != nil {
			return showTearline(v, rows, nil, err)
		}
		return showTearline(v, rows, &checked, nil)
	}
	if err := v.once(); err != nil {
		return showTearline(v, rows, nil, err)
	}
	written, err := httpapi.Do(v.Caller, wire.AddTearline, draft)
	if err != nil {
		return showTearline(v, rows, nil, err)
	}
	return v.to("/reports/"+string(written.Report), "published")
}

// whatStands is what still stands in a tearline. What is said of one stretch for
// several originals stands once: the page does not name the originals.
func whatStands(v *visit, check wire.TearlineCheck) (wire.TearlineChecked, error) {
	checked, err := httpapi.Do(v.Caller, wire.CheckTearline, check)
	type said struct {
		paragraph int
		at        wire.Span
		says      string
	}
	seen := make(map[said]bool)
	checked.Findings = slices.DeleteFunc(checked.Findings, func(f wire.TearlineFinding) bool {
		s := said{paragraph: f.Paragraph, says: f.Says}
		if f.At != nil {
			s.at = *f.At
		}
		again := seen[s]
		seen[s] = true
		return again
	})
	return checked, err
}

// tearlineCheckPage is what still stands in a tearline that was published.
type tearlineCheckPage struct {
	frame
	Report cordon.ID
	Check  wire.TearlineChecked
}

func checkTearline(v *visit) error {
	report := v.r.URL.Query().Get("report")
	checked, err := whatStands(v, wire.TearlineCheck{Report: report})
	if err != nil {
		return err
	}
	var marks []string
	for _, o := range checked.Originals {
		marks = append(marks, o.Marking)
	}
	return v.show("tearline-check-page", 200, tearlineCheckPage{v.frame("What still stands in it", marks...), cordon.ID(report), checked})
}
