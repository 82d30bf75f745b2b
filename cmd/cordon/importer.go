package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cordon"
	"cordon/client"
	"cordon/cmd/cordon/internal/tty"
	"cordon/internal/edge/exchange/document"
	"cordon/wire"
)

// publisher is the part of the client that imports.
type publisher = *client.Client

// batchBytes is how much text one request carries, and with it how much of a
// bulk file is held at once.
const batchBytes = 8 << 20

// linesShown is how many reports of one file get a line of their own in the
// table for people; a bulk file would fill the screen.
const linesShown = 20

// warningsShown is how many warnings on one document are shown to people.
const warningsShown = 5

// importer takes files one after the other. A file or a line that is refused is
// reported, and the rest goes on. A fault, or credentials that do not hold, end it.
type importer struct {
	*cli
	api     publisher
	opts    importOptions
	reading document.Options
	bar     *bar

	imported, before, refused int
	// unread counts those refused since the file could not be read.
	unread int

	// shown is how many mistakes of each kind have been met in the file.
	shown   map[string]int
	shownOf string
	// unlisted is how many more there are than the reader of documents lists.
	unlisted map[string]int
}

// imported is the outcome of one document.
type importedLine struct {
	File     string                  `json:"file"`
	Line     int                     `json:"line"`
	Report   cordon.ID               `json:"report,omitempty"`
	Ref      string                  `json:"ref,omitempty"`
	Banner   string                  `json:"banner,omitempty"`
	Portions []wire.PublishedPortion `json:"portions,omitempty"`
	Warnings []cordon.Issue          `json:"warnings,omitempty"`
	Error    *importError            `json:"error,omitempty"`
	// Before says that it was imported before and left out now.
	Before bool `json:"before,omitempty"`
}

// place is where a document stands, for people: nothing of standard input.
func (l importedLine) place() string {
	switch {
	case l.File == "-":
		return ""
	case l.Line > 1:
		return fmt.Sprintf("%s:%d: ", l.File, l.Line)
	}
	return l.File + ": "
}

type importError struct {
	Kind    string         `json:"kind"`
	Message string         `json:"message"`
	Issues  []cordon.Issue `json:"issues,omitempty"`
}

// pending is a document read and not yet sent.
type pending struct {
	doc   document.Document
	draft wire.Draft
}

func (im *importer) file(ctx context.Context, name string) error {
	in, err := im.input(name)
	if err != nil {
		im.refuse(importedLine{File: name}, err)
		return nil
	}
	defer in.Close()
	im.bar.Name(name)
	reader := im.bar.Reader(in)
	var batch []pending
	size, shown := 0, 0
	flush := func() error {
		done, err := im.send(ctx, name, batch, shown)
		batch, size, shown = nil, 0, shown+done
		return err
	}
	for doc, err := range im.documents(name, reader) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			// Documents before it in the file are reported before it.
			if err := flush(); err != nil {
				return err
			}
			im.refuse(importedLine{File: name, Line: firstLine(err)}, err)
			continue
		}
		if im.opts.kind == string(cordon.ReportTearline) {
			if err := titled(doc); err != nil {
				im.refuse(importedLine{File: name, Line: doc.Line}, err)
				continue
			}
		}
		p := pending{doc, im.draft(doc)}
		if err := im.opts.sources.apply(&p.draft); err != nil {
			return err
		}
		batch = append(batch, p)
		for _, portion := range doc.Portions {
			size += len(portion.Text)
		}
		if len(batch) == wire.MaxImport || size >= batchBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	if rest := shown - linesShown; rest > 0 && !im.json {
		im.bar.Clear()
		im.out.Printf("%s: and %d more\n", name, rest)
	}
	return nil
}

// documents reads a file in the format asked for, or in its own.
func (im *importer) documents(name string, r io.Reader) iter.Seq2[document.Document, error] {
	one := func(read func(string, io.Reader, document.Options) (document.Document, error)) iter.Seq2[document.Document, error] {
		return func(yield func(document.Document, error) bool) { yield(read(name, r, im.reading)) }
	}
	switch im.opts.format {
	case "markdown":
		return one(document.ReadMarkdown)
	case "text":
		return one(document.ReadText)
	case "docx":
		return one(document.ReadDOCX)
	case "jsonl":
		return document.ReadJSONL(name, r, im.reading)
	}
	return document.Read(name, r, im.reading)
}

func (im *importer) draft(doc document.Document) wire.Draft {
	o := im.opts
	d := wire.Draft{
		Kind: cordon.ReportKind(o.kind), Ref: doc.Ref, Arrangement: o.arrangement,
		Recipients: o.to, Named: o.named, Title: im.portion(doc, doc.Title),
	}
	if o.ref != "" {
		d.Ref = o.ref
	}
	d.MarksQuoted = o.quoted
	if doc.Compilation {
		d.Compilation = doc.Marks.Portion()
	}
	for _, p := range doc.Portions {
		d.Portions = append(d.Portions, im.portion(doc, p))
	}
	d.Title.Kind = ""
	return d
}

func (im *importer) portion(doc document.Document, p document.Portion) wire.PortionDraft {
	out := wire.PortionDraft{Kind: p.Kind, Ref: p.Ref, Marking: p.Marks.Portion(), Text: p.Text}
	if p.Inherited && doc.Banner == "" && im.opts.leaveToServer() && p.Marks.Equal(im.reading.DefaultMark) {
		out.Marking = ""
	}
	return out
}

// send publishes a batch and reports on each of its documents; shown is how
// many lines of the file were shown before.
func (im *importer) send(ctx context.Context, file string, batch []pending, shown int) (done int, err error) {
	if len(batch) == 0 {
		return 0, nil
	}
	drafts := make([]wire.Draft, len(batch))
	for i, p := range batch {
		drafts[i] = p.draft
	}
	keys, err := im.keys(drafts)
	if err != nil {
		return 0, err
	}
	answers, err := im.api.Import(ctx, drafts, keys)
	switch k := cordon.KindOf(err); {
	case err == nil:
	case k == cordon.KindUnavailable || k == cordon.KindInternal:
		im.bar.Clear()
		return 0, hint(err, "no answer came for the last %d %s sent, which may be imported or not: give the command again, which leaves out those that are",
			len(batch), plural(len(batch), "document", "documents"))
	default:
		return 0, err
	}
	for i, a := range answers {
		p := batch[i]
		line := importedLine{File: cmp.Or(p.doc.File, file), Line: max(p.doc.Line, 1), Ref: p.draft.Ref, Warnings: p.doc.Warnings}
		if a.Problem != nil {
			err := a.Problem.Err()
			switch err.Kind {
			case cordon.KindUnauthenticated, cordon.KindUnavailable, cordon.KindInternal:
				return done, err
			}
			im.refuse(line, located(line.File, p.doc, err))
			continue
		}
		if a.Before {
			im.before++
			line.Before = true
			if err := im.showLine(line, func() { im.bar.Clear(); im.out.Printf("%s\n", tty.Clean(line.place()+"imported before, left out")) }); err != nil {
				return done, err
			}
			continue
		}
		im.imported++
		done++
		line.Report, line.Banner, line.Portions = a.Published.Report, a.Published.Banner, a.Published.Portions
		if err := im.showLine(line, func() { im.printed(line, shown+done <= linesShown) }); err != nil {
			return done, err
		}
	}
	im.bar.Done()
	return done, nil
}

// keys makes the key under which each draft is imported: of all that is sent of
// it, so that the same document is imported once, and one that was changed in
// any way is another. There are none where documents are to be imported again.
func (im *importer) keys(drafts []wire.Draft) ([]string, error) {
	if im.opts.again {
		return nil, nil
	}
	keys := make([]string, len(drafts))
	for i, d := range drafts {
		text, err := json.Marshal(d)
		if err != nil {
			return nil, cordon.Errorf(cordon.KindInternal, "a document does not encode").Because(err)
		}
		sum := sha256.Sum256(text)
		keys[i] = "import:" + base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return keys, nil
}

// printed shows a document that was imported, and what a person should look at
// in it.
func (im *importer) printed(l importedLine, itself bool) {
	if !itself && len(l.Warnings) == 0 {
		return
	}
	im.bar.Clear()
	if itself {
		im.wrapped("%s", tty.Clean(importedText(l)))
		if note := closedText(l.Portions); note != "" {
			im.err.Printf("cordon: note: %s\n", note)
		}
	}
	for i, w := range l.Warnings {
		if i == warningsShown {
			more := len(l.Warnings) - i
			for _, w := range l.Warnings {
				more += w.More
			}
			im.err.Printf("cordon: warning: %s: and %d more like it; --json lists the first %d\n", l.File, more, len(l.Warnings))
			return
		}
		im.err.Printf("cordon: warning: %s\n", tty.Clean(issueLine(w)))
	}
}

func importedText(l importedLine) string {
	name := string(l.Report)
	if l.Ref != "" {
		name = l.Ref + "  " + name
	}
	text := "imported " + name + "  " + l.Banner
	if l.File != "-" {
		text = l.File + ": " + text
	}
	return text
}

// closedText says how much of a report the importers themselves may not read, and
// what they lack: a report of which nothing shows afterwards puzzles people.
func closedText(portions []wire.PublishedPortion) string {
	closed := 0
	var lacks []string
	for _, p := range portions {
		if len(p.Closed) > 0 {
			closed++
		}
		for _, why := range p.Closed {
			if !slices.Contains(lacks, why) {
				lacks = append(lacks, why)
			}
		}
	}
	if closed == 0 {
		return ""
	}
	return fmt.Sprintf("%d of its %d portions are closed to you: %s", closed, len(portions), strings.Join(lacks, ", "))
}

// located gives an error of the server the place of the document it is about,
// where it names none itself.
func located(file string, doc document.Document, err *cordon.Error) *cordon.Error {
	issues := make([]cordon.Issue, 0, 1+len(err.Issues))
	for _, i := range err.Issues {
		at := doc.Title
		switch {
		case i.Portion > len(doc.Portions):
			continue
		case i.Portion > 0:
			at = doc.Portions[i.Portion-1]
		}
		i.File, i.Line, i.Column = file, max(at.Line+max(i.Line-1, 0), doc.Line, 1), at.Column
		i.Portion = 0
		issues = append(issues, i)
	}
	if len(issues) == 0 {
		issues = append(issues, cordon.Issue{File: file, Line: max(doc.Line, 1), Problem: err.Message})
	}
	return err.With(issues...)
}

// refuse reports a document that was not imported.
func (im *importer) refuse(line importedLine, err error) {
	im.refused++
	im.bar.Clear()
	e := &importError{Kind: cordon.KindOf(err).String(), Message: err.Error()}
	var usage usageError
	if errors.As(err, &usage) {
		e.Kind = cordon.KindInvalid.String()
		im.unread++
	}
	var ce *cordon.Error
	if errors.As(err, &ce) {
		e.Issues = ce.Issues
	}
	line.Error = e
	im.showLine(line, func() {
		if len(e.Issues) == 0 {
			im.err.Printf("cordon: %s\n", tty.Clean(e.Message))
			return
		}
		im.issues(line.File, e.Issues)
	})
}

// issuesShown is how many mistakes of one kind in one file are shown.
const issuesShown = 20

// issues shows the mistakes in a file, of each kind the first ones. How many more
// there are is told with the file's last.
func (im *importer) issues(file string, issues []cordon.Issue) {
	if im.shown == nil || im.shownOf != file {
		im.rest()
		im.shown, im.unlisted, im.shownOf = map[string]int{}, map[string]int{}, file
	}
	for _, issue := range issues {
		kind := document.KindOf(issue)
		if im.shown[kind]++; im.shown[kind] <= issuesShown {
			im.err.Printf("%s\n", tty.Clean(issueLine(issue)))
		}
		im.unlisted[kind] += issue.More
	}
}

// rest says how many mistakes of each kind were not shown.
func (im *importer) rest() {
	for _, kind := range slices.Sorted(maps.Keys(im.shown)) {
		if more := max(im.shown[kind]-issuesShown, 0) + im.unlisted[kind]; more > 0 {
			im.err.Printf("%s: and %d more like it: %s\n", im.shownOf, more, kind)
		}
	}
	im.shown = nil
}

func firstLine(err error) int {
	var e *cordon.Error
	if errors.As(err, &e) && len(e.Issues) > 0 {
		return e.Issues[0].Line
	}
	return 0
}

// outcome is nil where everything was imported, now or before.
func (im *importer) outcome() error {
	im.rest()
	if im.before > 0 && !im.json {
		im.bar.Clear()
		im.err.Printf("cordon: note: %d %s imported before and left out: --again imports once more\n", im.before, plural(im.before, "document was", "documents were"))
	}
	if im.refused == 0 {
		return nil
	}
	if im.unread > 0 {
		return usageError{foundf("%d %s not imported, %d of them since %s could not be read; %d %s", im.refused, plural(im.refused, "document was", "documents were"),
			im.unread, plural(im.unread, "it", "they"), im.imported, plural(im.imported, "was", "were"))}
	}
	return foundf("%d %s not imported, %d %s", im.refused, plural(im.refused, "document was", "documents were"),
		im.imported, plural(im.imported, "was", "were"))
}

// sources say what the portions of a derivative were made from.
type sources struct {
	all []cordon.ID
	of  map[int][]cordon.ID
	// dismissed are portions that they were not made from.
	dismissed []wire.Dismissal
}

func (s sources) none() bool { return len(s.all) == 0 && len(s.of) == 0 }

func parseSources(texts []string) (sources, error) {
	s := sources{of: map[int][]cordon.ID{}}
	for _, t := range texts {
		number, id, numbered := strings.Cut(t, "=")
		if !numbered {
			id = t
		}
		portion, err := idArg("portion", id)
		if err != nil {
			return s, err
		}
		if !numbered {
			s.all = append(s.all, portion)
			continue
		}
		n, err := strconv.ParseUint(number, 10, 31)
		if err != nil {
			return s, usagef("--source %q: write [N=]PORTION, N counted from 1, 0 for the title", t)
		}
		s.of[int(n)] = append(s.of[int(n)], portion)
	}
	return s, nil
}

func (s sources) apply(d *wire.Draft) error {
	for n, ids := range s.of {
		switch {
		case n == 0:
			d.Title.Sources = append(d.Title.Sources, ids...)
		case n <= len(d.Portions):
			d.Portions[n-1].Sources = append(d.Portions[n-1].Sources, ids...)
		default:
			return usagef("--source %d=…: the file has %d portions", n, len(d.Portions))
		}
	}
	for i := range d.Portions {
		d.Portions[i].Sources = append(d.Portions[i].Sources, s.all...)
		d.Portions[i].Dismissed = s.dismissed
	}
	d.Title.Dismissed = s.dismissed
	return nil
}

func parseDismissed(texts []string) ([]wire.Dismissal, error) {
	var out []wire.Dismissal
	for _, t := range texts {
		id, reason, _ := strings.Cut(t, "=")
		portion, err := idArg("portion", id)
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(reason) == "" {
			return nil, usagef("--dismiss %q: write PORTION=REASON; the portion's owner is shown the reason", t)
		}
		out = append(out, wire.Dismissal{Source: portion, Reason: reason})
	}
	return out, nil
}
