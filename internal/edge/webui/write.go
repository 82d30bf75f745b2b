package webui

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/internal/usecase/writing"
	"cordon/wire"
)

// rowsAtFirst and rowsMore are how many portions the form has, and gets.
const (
	rowsAtFirst = 3
	rowsMore    = 3
)

// writePage is where a report is written, portion by portion or from a document
// that is pasted whole, and looked at before it is published.
type writePage struct {
	frame
	Rows []row
	// Sources are the portions it can be made from, beside the text.
	Sources      []wire.Shown
	Arrangements []wire.Arrangement
	Orgs         []wire.Organisation
	Recipients   map[cordon.ID]bool
	Kinds        []cordon.ReportKind
	PortionKinds []cordon.PortionKind
	// Reach is who could read it as it is marked; nil before one has looked.
	Reach *writing.Reach
	// From is the report it is written from.
	From  string
	Asked choices
}

// row is one portion of the form.
type row struct {
	N       int
	Kind    string
	Mark    string
	Text    string
	Sources map[cordon.ID]bool
	// Says is what is wrong with its marking, found when the form was sent.
	Says string
}

func write(v *visit) error {
	v.form.Set("from", v.r.URL.Query().Get("from"))
	if v.form.Get("from") != "" {
		v.form.Set("kind", string(cordon.ReportMemo))
	}
	return showWrite(v, make([]row, rowsAtFirst), nil, nil)
}

func showWrite(v *visit, rows []row, reach *writing.Reach, problem error) error {
	view := writePage{
		Rows: rows, Reach: reach, From: v.form.Get("from"), Recipients: make(map[cordon.ID]bool),
		Kinds:        slices.DeleteFunc(cordon.ReportKinds(), func(k cordon.ReportKind) bool { return k == cordon.ReportTearline }),
		PortionKinds: slices.DeleteFunc(cordon.PortionKinds(), func(k cordon.PortionKind) bool { return k == cordon.PortionTitle }),
	}
	marks := []string{v.form.Get("title-mark")}
	for i := range view.Rows {
		view.Rows[i].N = i + 1
		marks = append(marks, view.Rows[i].Mark)
	}
	for _, id := range v.ids("recipient") {
		view.Recipients[id] = true
	}
	if view.From != "" {
		shown, err := httpapi.Do(v.Caller, wire.OpenReport, wire.OfReport{Report: view.From})
		if err != nil {
			return err
		}
		for _, p := range shown.Portions {
			if !p.Withheld {
				view.Sources = append(view.Sources, p)
				marks = append(marks, p.Marking)
			}
		}
	}
	view.frame = v.frame("Write a report", marks...)
	view.Unread = v.text("document") != ""
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	view.Asked = v.choices(view.Problem, true)
	err = v.Together(func() error {
		all, err := httpapi.Do(v.Caller, wire.ListArrangements, wire.Page{Limit: cordon.MaxPage})
		if err != nil {
			return err
		}
		for _, a := range all.Items {
			if a.State == cordon.ArrangementStateInForce && among(v.me.Organisation.ID, a.Parties) {
				view.Arrangements = append(view.Arrangements, a)
			}
		}
		view.Orgs, err = v.organisations()
		return err
	})
	if err != nil {
		return err
	}
	return v.show("write", status, view)
}

// rows are the portions of the form, and those that are empty at its end.
func (v *visit) rows() []row {
	var out []row
	for i := 1; i <= cordon.MaxPortions && v.form.Has("text-"+strconv.Itoa(i)); i++ {
		n := strconv.Itoa(i)
		r := row{Kind: v.form.Get("kind-" + n), Mark: v.text("mark-" + n), Text: strings.TrimSpace(strings.ReplaceAll(v.form.Get("text-"+n), "\r\n", "\n")), Sources: make(map[cordon.ID]bool)}
		for _, id := range v.ids("source-" + n) {
			r.Sources[id] = true
		}
		out = append(out, r)
	}
	return out
}

// draft is the report that the form says. A portion without text is none.
func (v *visit) draft(rows []row) wire.Draft {
	d := wire.Draft{
		Kind: cordon.ReportKind(v.form.Get("kind")), Ref: v.text("ref"), Arrangement: v.text("arrangement"), Named: v.listed("named"), Compilation: v.text("compilation"), MarksQuoted: v.is("quoted"),
		Title: wire.PortionDraft{Marking: v.text("title-mark"), Text: v.text("title")},
	}
	for _, id := range v.ids("recipient") {
		d.Recipients = append(d.Recipients, string(id))
	}
	d.Title.Sources, d.Title.Dismissed = v.declared(0), v.dismissed()
	for _, r := range rows {
		if r.Text == "" {
			continue
		}
		p := wire.PortionDraft{Kind: cordon.PortionKind(r.Kind), Marking: r.Mark, Text: r.Text}
		for id := range r.Sources {
			p.Sources = append(p.Sources, id)
		}
		p.Sources = append(p.Sources, v.declared(len(d.Portions)+1)...)
		slices.Sort(p.Sources)
		p.Sources, p.Dismissed = slices.Compact(p.Sources), d.Title.Dismissed
		d.Portions = append(d.Portions, p)
	}
	return d
}

// writeReport does what the button pressed says: more room, a document taken
// apart, a look, or the publication.
func writeReport(v *visit) error {
	rows := v.rows()
	do, err := v.pressed("look", "more", "paste", "publish")
	if err != nil {
		return showWrite(v, rows, nil, err)
	}
	switch do {
	case "more":
		return showWrite(v, append(rows, make([]row, rowsMore)...), nil, nil)
	case "paste":
		return paste(v, rows)
	}
	if v.text("document") != "" {
		// Nothing is said of a text that is not read yet.
		if slices.ContainsFunc(rows, func(r row) bool { return r.Text != "" }) {
			return showWrite(v, rows, nil, wrong("document", "the pasted document is not taken apart yet: take it apart, which replaces the portions below, or empty the field"))
		}
		return paste(v, rows)
	}
	draft := v.draft(rows)
	if err := v.marked(draft, rows); err != nil {
		return showWrite(v, rows, nil, err)
	}
	if do != "publish" {
		reach, err := v.reach(draft)
		if err != nil {
			return showWrite(v, rows, nil, err)
		}
		return showWrite(v, rows, &reach, nil)
	}
	if err := v.once(); err != nil {
		return showWrite(v, rows, nil, err)
	}
	published, err := httpapi.Do(v.Caller, wire.Publish, draft)
	if err != nil {
		return showWrite(v, rows, nil, err)
	}
	return v.to("/reports/"+string(published.Report), "published")
}

// marked finds what is wrong with the markings, field by field.
func (v *visit) marked(d wire.Draft, rows []row) error {
	var wrongs []error
	look := func(field, mark string) string {
		if mark == "" {
			return ""
		}
		if _, err := v.Base.Schemes.Parse(mark); err != nil {
			wrongs = append(wrongs, wrong(field, "%s", err))
			return sentence(v.look.plainly(err.Error()))
		}
		return ""
	}
	if d.Title.Text == "" {
		wrongs = append(wrongs, wrong("title", "the report has no title: a title is a portion too, and is marked like one"))
	}
	look("title-mark", d.Title.Marking)
	look("compilation", d.Compilation)
	for i := range rows {
		rows[i].Says = look("mark-"+strconv.Itoa(i+1), rows[i].Mark)
	}
	if len(wrongs) == 0 {
		return nil
	}
	return wrongs[0]
}

// reach looks who could read the draft.
func (v *visit) reach(d wire.Draft) (writing.Reach, error) {
	out := writing.Draft{Kind: d.Kind, Ref: d.Ref, Arrangement: cordon.ID(d.Arrangement), Compilation: d.Compilation, Quoted: d.MarksQuoted}
	for _, r := range d.Recipients {
		out.Recipients = append(out.Recipients, cordon.ID(r))
	}
	for _, name := range d.Named {
		p, err := httpapi.Do(v.Caller, wire.GetPerson, wire.OfPerson{Person: name})
		if err != nil {
			return writing.Reach{}, at("named", err)
		}
		out.Named = append(out.Named, p.ID)
	}
	portion := func(p wire.PortionDraft) writing.PortionDraft {
		kind := p.Kind
		if kind == "" {
			kind = cordon.PortionParagraph
		}
		return writing.PortionDraft{Kind: kind, Ref: p.Ref, Mark: p.Marking, Text: p.Text, Sources: p.Sources}
	}
	out.Title = portion(d.Title)
	for _, p := range d.Portions {
		out.Portions = append(out.Portions, portion(p))
	}
	return writing.Look(v.r.Context(), v.by, out)
}

// paste takes a document apart into the portions of the form.
func paste(v *visit, rows []row) error {
	read, err := v.document("pasted", strings.NewReader(v.form.Get("document")))
	if err != nil {
		return showWrite(v, rows, nil, wrongField{"document", err})
	}
	doc := read[0]
	v.form.Set("title", doc.Title.Text)
	v.form.Set("title-mark", doc.Title.Marks.Portion())
	if doc.Ref != "" {
		v.form.Set("ref", doc.Ref)
	}
	if doc.Compilation {
		v.form.Set("compilation", doc.Marks.Portion())
	}
	v.form.Del("document")
	rows = nil
	for _, p := range doc.Portions {
		rows = append(rows, row{Kind: string(p.Kind), Mark: p.Marks.Portion(), Text: p.Text})
	}
	return showWrite(v, append(rows, row{}), nil, nil)
}

// marks looks at markings while they are typed, for the script of the pages. It
// is the schemes' say, and concerns nobody's information.
func marks(v *visit) error {
	type mark struct {
		Mark    string `json:"mark"`
		Tone    string `json:"tone"`
		Problem string `json:"problem,omitempty"`
	}
	answer := struct {
		Marks  []mark `json:"marks"`
		Banner mark   `json:"banner"`
	}{Marks: []mark{}}
	var good []string
	for _, text := range v.form["mark"] {
		one := mark{}
		if text = strings.TrimSpace(text); text != "" {
			m, err := v.Base.Schemes.Parse(text)
			if err != nil {
				one.Problem = sentence(v.look.plainly(err.Error()))
			} else {
				one.Mark, one.Tone = m.Portion(), tone(m.Portion())
				good = append(good, one.Mark)
			}
		}
		answer.Marks = append(answer.Marks, one)
	}
	banner := v.look.rollUp(good)
	answer.Banner = mark{Mark: banner, Tone: tone(banner)}
	return v.json(http.StatusOK, answer)
}
