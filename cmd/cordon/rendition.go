package main

import (
	"regexp"
	"strings"

	"cordon"
	"cordon/cmd/cordon/internal/tty"
	"cordon/marking"
	"cordon/wire"
)

// rendition writes a report as it is read: between its banners, each portion
// behind its mark.
func (c *cli) rendition(r wire.Rendition, ids bool) {
	bar := c.out.Bar(tty.Clean(r.Banner), c.colours(r.Banner))
	c.out.Printf("%s\n\n", bar)
	for _, p := range r.Portions {
		c.portion(p)
		if ids && p.ID != "" {
			c.out.Printf("%s\n", c.out.Dim("    "+string(p.ID)+"  of "+tty.Line(names(p.Owners))))
		}
		c.out.Printf("\n")
	}
	// Other commands take the outside name and the id.
	about := string(r.Kind) + " of " + name(r.Holder)
	if r.Ref != "" {
		about = r.Ref + ", " + about
	}
	about = tty.Line(about) + ", " + when(r.Created) + ", id " + string(r.Report)
	for _, line := range tty.Wrap(about, c.out.Width) {
		c.out.Printf("%s\n", c.out.Dim(line))
	}
	c.out.Printf("\n%s\n", bar)
}

func (c *cli) portion(p wire.Shown) {
	mark := tty.Clean(asMark(p.Marking))
	text := tty.Clean(p.Text)
	switch {
	case p.Withheld:
		text = "[withheld]"
	case c.out.Width > 0 && flows(p.Kind):
		text = strings.Join(strings.Fields(text), " ")
	}
	lines := tty.Wrap(mark+" "+text, c.out.Width)
	if p.Kind == cordon.PortionTitle || p.Kind == cordon.PortionHeading {
		for i := range lines {
			rest := strings.TrimPrefix(lines[i], mark)
			lines[i] = strings.TrimSuffix(lines[i], rest) + c.out.Bold(rest)
		}
	}
	lines[0] = strings.Replace(lines[0], mark, c.out.Cyan(mark), 1)
	if p.Kind == cordon.PortionListItem && !numbered.MatchString(text) {
		lines[0] = "- " + lines[0]
	}
	c.out.Printf("%s\n", strings.Join(lines, "\n"))
}

// numbered is how the text of an item of a numbered list begins.
var numbered = regexp.MustCompile(`^[0-9]+[.)] `)

// asMark is a marking as it stands before a text: in parentheses, which the
// marks of several schemes side by side have already.
func asMark(marking string) string {
	if strings.HasPrefix(marking, "(") {
		return marking
	}
	return "(" + marking + ")"
}

// flows says that the line breaks of a portion are those of its file's width
// and not its own. A list item or a table keeps them.
func flows(kind cordon.PortionKind) bool {
	return kind == cordon.PortionTitle || kind == cordon.PortionHeading || kind == cordon.PortionParagraph
}

// colours are those by which people know the banner's marking; none where it
// has none, or where markings of several schemes stand side by side.
func (c *cli) colours(banner string) tty.Colours {
	marks, err := c.set.ParseBanner(banner)
	if err != nil || len(marks) != 1 {
		return tty.Colours{}
	}
	if scheme, ok := c.set.Scheme(marks[0].Scheme()); ok {
		if s, ok := scheme.(marking.Styler); ok {
			style := s.Style(marks[0])
			return tty.Colours{Letters: style.Color, Behind: style.Background}
		}
	}
	return tty.Colours{}
}
