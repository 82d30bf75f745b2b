package webui

import (
	"io"

	"cordon"
	"cordon/internal/edge/exchange/document"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// importPage takes files whose portions are marked, and says what is wrong with
// them in place.
type importPage struct {
	frame
	Arrangements []wire.Arrangement
	Orgs         []wire.Organisation
	Recipients   map[cordon.ID]bool
	Kinds        []cordon.ReportKind
	Done         []imported
}

// imported is what became of one document.
type imported struct {
	Name     string
	Line     int
	Report   cordon.ID
	Ref      string
	Banner   string
	Before   bool
	Problem  *problem
	Warnings []cordon.Issue
}

func importFile(v *visit) error { return showImport(v, nil, nil) }

func showImport(v *visit, done []imported, problem error) error {
	view := importPage{Done: done, Kinds: cordon.ReportKinds(), Recipients: make(map[cordon.ID]bool)}
	var marks []string
	for _, d := range done {
		marks = append(marks, d.Banner)
	}
	view.frame = v.frame("Import a file", marks...)
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	for _, id := range v.ids("recipient") {
		view.Recipients[id] = true
	}
	all, err := httpapi.Do(v.Caller, wire.ListArrangements, wire.Page{Limit: cordon.MaxPage})
	if err != nil {
		return err
	}
	for _, a := range all.Items {
		if a.State == cordon.ArrangementStateInForce && among(v.me.Organisation.ID, a.Parties) {
			view.Arrangements = append(view.Arrangements, a)
		}
	}
	if view.Orgs, err = v.organisations(); err != nil {
		return err
	}
	return v.show("import", status, view)
}

// importReports reads the file that was sent, and publishes what is in it.
func importReports(v *visit) error {
	if err := v.once(); err != nil {
		return showImport(v, nil, err)
	}
	sent := v.file("file")
	if sent == nil {
		return showImport(v, nil, wrong("file", "choose a file, or drop one"))
	}
	f, err := sent.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	docs, err := v.document(sent.Filename, f)
	if err != nil {
		return showImport(v, nil, wrongField{"file", err})
	}
	in := wire.Import{}
	for _, doc := range docs {
		if doc.Title.Line == 0 && v.form.Get("kind") == string(cordon.ReportTearline) {
			return showImport(v, nil, wrong("file", "a tearline does not take its file's name for its title: begin it with a heading"))
		}
		in.Reports = append(in.Reports, v.drafted(doc))
	}
	out, err := httpapi.Do(v.Caller, wire.ImportReports, in)
	if err != nil {
		return showImport(v, nil, err)
	}
	var done []imported
	for i, one := range out.Items {
		d := imported{Name: sent.Filename, Line: docs[i].Line, Ref: docs[i].Ref, Before: one.Before, Warnings: docs[i].Warnings}
		switch {
		case one.Problem != nil:
			d.Problem = v.explain(v.r, one.Problem.Err())
		case one.Published != nil:
			d.Report, d.Banner = one.Published.Report, one.Published.Banner
		}
		done = append(done, d)
	}
	return showImport(v, done, nil)
}

// drafted is a document as the form says that it is shared.
func (v *visit) drafted(doc document.Document) wire.Draft {
	portion := func(p document.Portion) wire.PortionDraft {
		return wire.PortionDraft{Kind: p.Kind, Ref: p.Ref, Marking: p.Marks.Portion(), Text: p.Text}
	}
	d := wire.Draft{
		Kind: cordon.ReportKind(first(v.form.Get("kind"), string(cordon.ReportOriginal))), Ref: first(v.text("ref"), doc.Ref), Arrangement: v.text("arrangement"), Named: v.listed("named"), MarksQuoted: v.is("quoted"),
		Title: portion(doc.Title),
	}
	d.Title.Kind = ""
	for _, id := range v.ids("recipient") {
		d.Recipients = append(d.Recipients, string(id))
	}
	if doc.Compilation {
		d.Compilation = doc.Marks.Portion()
	}
	for _, p := range doc.Portions {
		d.Portions = append(d.Portions, portion(p))
	}
	return d
}

// document reads the documents of a file: one, or with JSON lines several, none of
// which may be wrong.
func (v *visit) document(name string, r io.Reader) ([]document.Document, error) {
	options := document.Options{Schemes: v.Base.Schemes, Open: v.Open, Quoted: v.is("quoted")}
	if text := v.text("default"); text != "" {
		marks, err := v.Base.Schemes.Parse(text)
		if err != nil {
			return nil, wrong("default", "%s", err)
		}
		options.DefaultMark = marks
	}
	var out []document.Document
	for doc, err := range document.Read(name, r, options) {
		if err != nil {
			return nil, err
		}
		if out = append(out, doc); len(out) > wire.MaxImport {
			return nil, cordon.Errorf(cordon.KindTooLarge, "a file has at most %d documents here: use the command line for bulk", wire.MaxImport)
		}
	}
	if len(out) == 0 {
		return nil, cordon.Errorf(cordon.KindInvalid, "there is no document in it")
	}
	return out, nil
}
