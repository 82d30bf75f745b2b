// Package webpage reads the text of HTML as a browser shows it. Text that is
// hidden, comments, descriptions of pictures and the addresses of links are
// asides.
package webpage

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"cordon"
	"cordon/internal/edge/exchange/encoded"
	"cordon/internal/edge/exchange/parts"
)

// Kind is what messages call such a file.
const Kind = "a web page"

// The bounds of a page.
const (
	// maxDepth bounds the elements that are open at once; deeper ones change
	// nothing.
	maxDepth = 512
	// maxToken bounds one tag, text or comment, in bytes.
	maxToken = cordon.MaxFileBytes
)

// begins is how a page begins, behind white space and comments: an element of
// HTML, not any tag.
var begins = regexp.MustCompile(`(?is)^(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|(?:html|head|body|title|meta|p|div|span|table|h[1-6]|ul|ol|font|center|article|section|main|blockquote|b|strong|em|i|a|pre|br)(?:\s[^<>]*)?/?>)`)

// whole is how a page begins that can be nothing else.
var whole = regexp.MustCompile(`(?is)^(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html|(?:!doctype\s+)?svg)[\s/>]`)

// drawing is how a drawing begins, which is text in elements as a page is.
var drawing = regexp.MustCompile(`(?is)^(?:\x{FEFF}|\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+)?svg[\s/>]`)

// IsSVG reports whether what Is a page is a drawing (SVG).
func IsSVG(src []byte) bool { return drawing.Match(src[:min(len(src), 4096)]) }

// Is reports whether a text is a page. Sure is set where it can be nothing else:
// Markdown too may begin with an element.
func Is(src []byte) (is, sure bool) {
	head := src[:min(len(src), 4096)]
	sure = whole.Match(head)
	return sure || begins.Match(head) && bytes.Contains(src, []byte("</")), sure
}

// Decode gives a page in UTF-8, by what it says of its encoding or contentType
// does.
func Decode(src []byte, contentType string) ([]byte, error) {
	in, err := charset.NewReader(bytes.NewReader(src), contentType)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(in)
}

// Read reads a page in UTF-8.
func Read(name string, src []byte) parts.File { return read(name, src, 0) }

// read reads a page that is depth pages deep in others.
func read(name string, src []byte, depth int) parts.File {
	w := walker{file: parts.File{Name: name, Kind: Kind}, line: 1, depth: depth}
	z := html.NewTokenizer(bytes.NewReader(src))
	z.SetMaxBuf(maxToken)
	for {
		kind := z.Next()
		raw := z.Raw()
		if kind == html.ErrorToken {
			if err := z.Err(); err != io.EOF {
				w.file.Lose(w.line, "the page could not be read to its end: "+err.Error(), "save it again")
			}
			break
		}
		newlines := bytes.Count(raw, []byte("\n"))
		w.token(z.Token())
		w.line += newlines
	}
	w.flush()
	if e := w.top(); e.silent {
		w.file.Lose(w.line, "<"+e.name+"> is not closed, so that all behind it is shown by no browser", "close it")
	}
	return w.file
}

// styleText is text that a style sheet puts into a page.
var styleText = regexp.MustCompile(`(?i)content\s*:\s*(?:"([^"]*)"|'([^']*)')`)

// scripted puts aside what a script says, and of a style sheet the texts that it
// shows.
func (w *walker) scripted(e element, text string) {
	if e.tag != atom.Style {
		if parts.Weight(text) > 0 {
			w.aside("a script", text)
			if said := encoded.Escaped(text); said != "" {
				w.aside("a script", said)
			}
		}
		return
	}
	for _, m := range styleText.FindAllStringSubmatch(text, -1) {
		if said := m[1] + m[2]; parts.Weight(said) > 0 {
			w.aside("text of a style sheet", said)
		}
	}
}

// data reads a page or a text that stands in the address of an element (RFC 2397).
func (w *walker) data(address string) {
	rest, ok := strings.CutPrefix(address, "data:")
	if !ok || len(w.open) >= maxDepth {
		return
	}
	kind, coded, _ := strings.Cut(rest, ",")
	text, err := url.PathUnescape(coded)
	if err != nil {
		text = coded
	}
	if strings.HasSuffix(kind, ";base64") {
		src, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			w.file.Lose(w.line, "what an address holds could not be decoded", "hand it in by itself")
			return
		}
		text = string(src)
	}
	switch {
	case strings.HasPrefix(kind, "text/html"), strings.HasPrefix(kind, "application/xhtml"), strings.HasPrefix(kind, "image/svg"):
		w.inner(text)
	case kind == "" || strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, ";"):
		w.aside("text in an address", text)
	default:
		w.file.Note(w.line, "what an address holds was left out ("+parts.Clip(kind)+")", "hand it in by itself")
	}
}

// inner reads a page within the page.
func (w *walker) inner(page string) {
	if w.depth >= parts.MaxDepth {
		w.file.Lose(w.line, fmt.Sprintf("pages are in each other more than %d deep", parts.MaxDepth), "hand them in by themselves")
		return
	}
	f := read(w.file.Name, []byte(page), w.depth+1)
	w.flush()
	w.file.Blocks = append(w.file.Blocks, f.Blocks...)
	w.file.Asides = append(w.file.Asides, f.Asides...)
	w.file.Lost = append(w.file.Lost, f.Lost...)
	w.file.Notes = append(w.file.Notes, f.Notes...)
	if f.Subject != nil {
		w.aside("the title of a page within the page", f.Subject.Text)
	}
}

// element is one that is open.
type element struct {
	tag    atom.Atom
	name   string
	hidden bool
	silent bool // its text is nobody's: a script
	pre    bool
}

type walker struct {
	file  parts.File
	line  int
	depth int
	open  []element

	kind   cordon.PortionKind
	lists  int
	text   strings.Builder
	at     int // the line on which the text begins
	unseen strings.Builder
	rows   [][]string
	row    []string
	tables int
	title  bool
}

func (w *walker) token(t html.Token) {
	switch t.Type {
	case html.TextToken:
		w.write(t.Data)
	case html.CommentToken:
		if strings.TrimSpace(t.Data) != "" {
			w.aside("a comment", t.Data)
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		w.start(t)
	case html.EndTagToken:
		w.end(t.DataAtom, t.Data)
	}
}

func (w *walker) aside(what, text string) {
	w.file.Asides = append(w.file.Asides, parts.Aside{What: what, Line: parts.Line{Text: strings.TrimSpace(text), No: w.line, Col: 1}, Plain: what == "a link" || what == anAttribute})
}

// top is the innermost element.
func (w *walker) top() element {
	if n := len(w.open); n > 0 {
		return w.open[n-1]
	}
	return element{}
}

var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Li: true, atom.Ul: true, atom.Ol: true,
	atom.Table: true, atom.Tr: true, atom.Blockquote: true, atom.Pre: true, atom.Section: true, atom.Article: true, atom.Header: true, atom.Footer: true, atom.Nav: true,
	atom.Main: true, atom.Aside: true, atom.Dt: true, atom.Dd: true, atom.Dl: true, atom.Figure: true, atom.Figcaption: true, atom.Hr: true, atom.Form: true, atom.Fieldset: true,
	atom.Body: true, atom.Html: true, atom.Head: true, atom.Address: true, atom.Option: true, atom.Caption: true, atom.Details: true, atom.Summary: true, atom.Title: true,
	atom.Center: true, atom.Legend: true, atom.Textarea: true,
}

var void = map[atom.Atom]bool{
	atom.Area: true, atom.Base: true, atom.Br: true, atom.Col: true, atom.Embed: true, atom.Hr: true, atom.Img: true, atom.Input: true, atom.Link: true, atom.Meta: true,
	atom.Source: true, atom.Track: true, atom.Wbr: true,
}

// closes are elements that end where another of their kind begins.
var closes = map[atom.Atom]bool{atom.P: true, atom.Li: true, atom.Td: true, atom.Th: true, atom.Tr: true, atom.Dt: true, atom.Dd: true, atom.Option: true}

var unseenStyle = regexp.MustCompile(`(?i)display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%|;|\s|$)|opacity\s*:\s*0(?:\.0+)?(?:;|\s|$)`)

// described are attributes whose words a browser shows or reads out.
var described = map[string]bool{"alt": true, "title": true, "aria-label": true, "aria-description": true, "placeholder": true, "label": true, "summary": true}

// structural are attributes that say how an element looks, works or is addressed,
// or that are read where their element is.
var structural = map[string]bool{
	"class": true, "id": true, "style": true, "href": true, "src": true, "srcset": true, "sizes": true, "rel": true, "type": true, "content": true, "value": true, "srcdoc": true,
	"width": true, "height": true, "d": true, "points": true, "viewbox": true, "transform": true, "xmlns": true, "xml:space": true, "font-family": true, "face": true, "media": true,
	"role": true, "allow": true, "sandbox": true, "headers": true, "accept": true, "coords": true, "data": true, "stroke-dasharray": true, "preserveaspectratio": true,
}

// anAttribute is what asides call an attribute with words that no browser shows.
const anAttribute = "an attribute that is not shown"

func attr(t html.Token, name string) (string, bool) {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// marked notes what the attributes of an element say of its marking.
func (w *walker) marked(t html.Token) {
	all := make([]parts.Attribute, len(t.Attr))
	for i, a := range t.Attr {
		all[i] = parts.Attribute{Name: a.Key, Value: a.Val}
	}
	for _, said := range parts.Attributes(all) {
		w.file.Asides = append(w.file.Asides, parts.Aside{What: "an attribute", Line: parts.Line{Text: said, No: w.line, Col: 1}, Plain: true, Tells: said})
	}
}

func (w *walker) start(t html.Token) {
	tag := t.DataAtom
	if closes[tag] && w.within(tag) {
		w.end(tag, t.Data)
	}
	switch {
	case tag == atom.Br:
		w.write("\n")
	case (tag == atom.Td || tag == atom.Th) && w.tables > 0:
		w.cell()
	case blocks[tag]:
		w.flush()
	}
	w.marked(t)
	for _, a := range t.Attr {
		switch {
		case parts.Weight(a.Val) == 0:
		case described[a.Key]:
			w.aside("a description", a.Val)
		case !structural[a.Key] && (strings.Contains(strings.TrimSpace(a.Val), " ") || strings.Contains(a.Val, "//") && !strings.Contains(a.Val, "://")):
			w.aside(anAttribute, a.Val)
		}
	}
	switch tag {
	case atom.Bdo:
		v, _ := attr(t, "dir")
		w.write(map[string]string{"rtl": parts.RightToLeft, "ltr": parts.LeftToRight}[strings.ToLower(v)])
	case atom.A, atom.Area:
		if v, ok := attr(t, "href"); ok && !strings.HasPrefix(v, "#") && v != "" {
			w.aside("a link", v)
			if said := encoded.Percent(v); said != "" {
				w.aside("a link", said)
			}
		}
	case atom.Input:
		v, ok := attr(t, "value")
		if kind, _ := attr(t, "type"); ok && kind != "hidden" {
			w.write(" " + v + " ")
		} else if ok {
			w.aside("hidden text", v)
		}
	case atom.Meta:
		name := ""
		for _, key := range [...]string{"name", "property", "itemprop"} {
			if v, ok := attr(t, key); ok && name == "" {
				name = v
			}
		}
		if v, ok := attr(t, "content"); ok && name != "" && name != "viewport" {
			w.aside("a property of the page", name+": "+v)
			w.file.Asides[len(w.file.Asides)-1].Tells = v
		}
	case atom.Iframe:
		if v, ok := attr(t, "srcdoc"); ok && len(w.open) < maxDepth {
			w.inner(v)
		}
		v, _ := attr(t, "src")
		w.data(v)
	case atom.Img, atom.Embed, atom.Image:
		v, _ := attr(t, "src")
		w.data(v)
	case atom.Object:
		v, _ := attr(t, "data")
		w.data(v)
	case atom.Ul, atom.Ol:
		w.lists++
	case atom.Table:
		w.tables++
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.kind = cordon.PortionHeading
	case atom.Li:
		w.kind = cordon.PortionListItem
	case atom.Caption, atom.Figcaption:
		w.kind = cordon.PortionCaption
	}
	if void[tag] || t.Type == html.SelfClosingTagToken && (tag == 0 || void[tag]) || len(w.open) >= maxDepth {
		return
	}
	up := w.top()
	e := element{tag: tag, name: t.Data, hidden: up.hidden, silent: up.silent, pre: up.pre || tag == atom.Pre || tag == atom.Textarea}
	_, hid := attr(t, "hidden")
	style, _ := attr(t, "style")
	e.hidden = e.hidden || hid || unseenStyle.MatchString(style) || tag == atom.Template || tag == atom.Noscript
	e.silent = e.silent || tag == atom.Script || tag == atom.Style
	w.open = append(w.open, e)
}

func (w *walker) within(tag atom.Atom) bool {
	for i := len(w.open) - 1; i >= 0; i-- {
		switch w.open[i].tag {
		case tag:
			return true
		case atom.Table, atom.Ul, atom.Ol, atom.Div, atom.Blockquote, atom.Body:
			return false
		}
	}
	return false
}

func (w *walker) end(tag atom.Atom, name string) {
	at := -1
	for i := len(w.open) - 1; i >= 0; i-- {
		if w.open[i].name == name {
			at = i
			break
		}
	}
	switch {
	case tag == atom.Br, at < 0 && tag == atom.P:
		w.write("\n")
		return
	case at < 0:
		return
	case (tag == atom.Td || tag == atom.Th) && w.tables > 0:
		w.cell()
	case blocks[tag]:
		w.flush()
	case tag == atom.Bdo:
		w.write(parts.EndOverride)
	}
	switch tag {
	case atom.Ul, atom.Ol:
		w.lists = max(0, w.lists-1)
	case atom.Table:
		if w.tables = max(0, w.tables-1); w.tables == 0 {
			w.table()
		}
	case atom.Tr:
		if w.tables > 0 {
			w.cell() // whose end tag may be left out
		}
		if len(w.row) > 0 {
			w.rows = append(w.rows, w.row)
			w.row = nil
		}
	}
	w.open = w.open[:at]
	w.kind = cordon.PortionParagraph
	for _, e := range w.open {
		switch e.tag {
		case atom.Li:
			w.kind = cordon.PortionListItem
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			w.kind = cordon.PortionHeading
		}
	}
}

// write adds text, with white space as a browser shows it.
func (w *walker) write(text string) {
	e := w.top()
	if e.silent {
		w.scripted(e, text)
		return
	}
	if e.tag == atom.Title {
		w.title = true
	}
	if e.hidden {
		w.unseen.WriteString(text)
		return
	}
	if w.text.Len() == 0 {
		w.at = w.line + strings.Count(text[:len(text)-len(strings.TrimLeftFunc(text, unicode.IsSpace))], "\n")
	}
	if !e.pre && text != "\n" {
		text = collapse(text)
		if strings.HasPrefix(text, " ") && endsBlank(w.text.String()) {
			text = text[1:]
		}
	}
	w.text.WriteString(text)
}

func endsBlank(s string) bool {
	return s == "" || s[len(s)-1] == ' ' || s[len(s)-1] == '\n'
}

func collapse(s string) string {
	var b strings.Builder
	blank := false
	for _, r := range s {
		if r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' {
			blank = true
			continue
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(r)
	}
	if blank {
		b.WriteByte(' ')
	}
	return b.String()
}

// flush ends a block.
func (w *walker) flush() {
	w.unsee()
	text := w.text.String()
	if w.tables > 0 {
		if strings.TrimSpace(text) != "" && !endsBlank(text) {
			w.text.WriteByte('\n') // two blocks in one cell
		}
		return
	}
	w.text.Reset()
	lines := lines(text, w.at)
	if len(lines) == 0 {
		return
	}
	if w.title {
		w.title = false
		if w.file.Subject == nil {
			w.file.Subject = &lines[0]
			lines = lines[1:]
		}
		if len(lines) == 0 {
			return
		}
	}
	b := parts.Block{Kind: w.kind, Lines: lines}
	if b.Kind == "" {
		b.Kind = cordon.PortionParagraph
	}
	if b.Kind == cordon.PortionListItem {
		b.Depth = max(1, w.lists)
	}
	w.file.Blocks = append(w.file.Blocks, b)
}

// unsee puts hidden text aside.
func (w *walker) unsee() {
	if text := strings.TrimSpace(w.unseen.String()); text != "" {
		w.aside("hidden text", text)
	}
	w.unseen.Reset()
}

// cell ends a cell of a table.
func (w *walker) cell() {
	w.unsee()
	text := strings.TrimSpace(w.text.String())
	w.text.Reset()
	if text == "" && w.top().tag != atom.Td && w.top().tag != atom.Th {
		return // white space before the first
	}
	var all []string
	for l := range strings.SplitSeq(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			all = append(all, strings.ReplaceAll(l, "|", "\\|"))
		}
	}
	w.row = append(w.row, strings.Join(all, "<br>"))
}

// table ends a table: rows between pipes, or paragraphs where it has one column,
// as tables that only lay out a page have.
func (w *walker) table() {
	w.cell()
	if len(w.row) > 0 {
		w.rows = append(w.rows, w.row)
	}
	rows := w.rows
	w.rows, w.row = nil, nil
	wide := 0
	for _, row := range rows {
		wide = max(wide, len(row))
	}
	if wide < 2 {
		for _, row := range rows {
			for _, cell := range row {
				for part := range strings.SplitSeq(cell, "<br>") {
					w.file.Add(cordon.PortionParagraph, strings.ReplaceAll(part, "\\|", "|"), w.line)
				}
			}
		}
		return
	}
	b := parts.Block{Kind: cordon.PortionTable}
	for i, row := range rows {
		b.Lines = append(b.Lines, parts.Line{Text: "| " + strings.Join(row, " | ") + " |", No: w.line, Col: 1})
		if i == 0 {
			b.Lines = append(b.Lines, parts.Line{Text: "|" + strings.Repeat(" --- |", wide), No: w.line, Col: 1})
		}
	}
	w.file.Blocks = append(w.file.Blocks, b)
}

// lines are those of a text that are not blank.
func lines(text string, no int) []parts.Line {
	var all []parts.Line
	for l := range strings.SplitSeq(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			all = append(all, parts.Line{Text: l, No: no, Col: 1})
		}
	}
	return all
}
