package document

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"

	"cordon"
)

// Withheld stands for the text of a portion that is shown by its mark only:
// one whose Text is empty.
const Withheld = "[withheld]"

// WriteMarkdown writes a document with its banner, if it has one, at the top
// and at the bottom, and every portion with its mark. The texts are escaped, so
// that ReadMarkdown gives the same portions with the same marks, whatever is
// in them, and a viewer shows what they say. The refs are not written; kinds
// come back as far as Markdown can tell them apart, which it cannot for an
// attachment, a caption that does not begin as one, or a table not made of
// rows between pipes; nor is a list marker kept.
func WriteMarkdown(w io.Writer, d Document) error {
	out := bufio.NewWriter(w)
	put := func(parts ...string) {
		for _, s := range parts {
			out.WriteString(s) // the error comes again from Flush
		}
	}
	if d.Banner != "" {
		put(d.Banner, "\n\n")
	}
	put("# ", d.Title.Marks.String(), " ", markdownLine(shown(d.Title), false), "\n")
	inList := false
	for _, p := range d.Portions {
		list := p.Kind == cordon.PortionListItem
		if !list || !inList {
			put("\n")
		}
		inList = list
		switch mark := p.Marks.String(); {
		case p.Kind == cordon.PortionTable && isTable(p.Text):
			put(mark, "\n\n", p.Text, "\n")
		case p.Kind == cordon.PortionHeading:
			put("## ", mark, " ", markdownLine(shown(p), false), "\n")
		case list:
			put("- ", mark, " ", markdownText(p, "\n  "), "\n")
		default:
			put(mark, " ", markdownText(p, "\n"), "\n")
		}
	}
	if d.Banner != "" {
		put("\n", d.Banner, "\n")
	}
	return out.Flush()
}

// shown is the text of a portion, or what stands for it.
func shown(p Portion) string {
	if p.Text == "" {
		return Withheld
	}
	return p.Text
}

// isTable reports whether a text can stand in Markdown as it is: rows between
// pipes, without a mark in a cell that would be read as one.
func isTable(text string) bool {
	for l := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(l, "|") || l != trim(l) || !utf8.ValidString(l) {
			return false
		}
		for _, cell := range cells(line{text: l}) {
			for part := range strings.SplitSeq(cell.text, cellBreak) {
				if beforeMark.MatchString(part) {
					return false
				}
			}
		}
	}
	return true
}

// markdownText is a text as the lines of one paragraph. The end of a line that
// a blank one follows, which would end the paragraph, is written as a character
// reference.
func markdownText(p Portion, newline string) string {
	var b strings.Builder
	for i, l := range strings.Split(shown(p), "\n") {
		switch {
		case i == 0:
		case l == "":
			b.WriteString("&#10;")
		default:
			b.WriteString(newline)
		}
		b.WriteString(markdownLine(l, i > 0))
	}
	return b.String()
}

// WriteText writes a document as plain text, on the same terms as
// WriteMarkdown. Kinds other than list items and tables come back as the
// reader guesses them, and a title as such if it is one line of at most 200
// characters with portions after it.
func WriteText(w io.Writer, d Document) error {
	out := bufio.NewWriter(w)
	put := func(parts ...string) {
		for _, s := range parts {
			out.WriteString(s) // the error comes again from Flush
		}
	}
	if d.Banner != "" {
		put(d.Banner, "\n\n")
	}
	put(d.Title.Marks.String(), " ", textLines(d.Title), "\n")
	for _, p := range d.Portions {
		put("\n")
		if p.Kind == cordon.PortionListItem {
			put("- ")
		}
		put(p.Marks.String(), " ", textLines(p), "\n")
	}
	if d.Banner != "" {
		put("\n", d.Banner, "\n")
	}
	return out.Flush()
}

// textLines puts a backslash before every line that would be read as
// something else.
func textLines(p Portion) string {
	if p.Text == "" {
		return Withheld
	}
	lines := strings.Split(strings.NewReplacer("\u2028", "\n", "\u2029", "\n").Replace(p.Text), "\n")
	for i, l := range lines {
		if special(l) {
			lines[i] = "\\" + l
		}
	}
	return strings.Join(lines, "\n")
}

// WriteJSONL writes a document as one JSON line, with refs and kinds.
func WriteJSONL(w io.Writer, d Document) error {
	type portion struct {
		Kind    cordon.PortionKind `json:"kind,omitempty"`
		Ref     string             `json:"ref,omitempty"`
		Marking string             `json:"marking"`
		Text    string             `json:"text"`
	}
	rec := struct {
		Title        string    `json:"title"`
		Ref          string    `json:"ref,omitempty"`
		Marking      string    `json:"marking,omitempty"`
		TitleMarking string    `json:"titleMarking"`
		Portions     []portion `json:"portions"`
	}{Title: shown(d.Title), Ref: d.Ref, Marking: d.Banner, TitleMarking: d.Title.Marks.Portion(), Portions: []portion{}}
	for _, p := range d.Portions {
		rec.Portions = append(rec.Portions, portion{p.Kind, p.Ref, p.Marks.Portion(), shown(p)})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(rec)
}
