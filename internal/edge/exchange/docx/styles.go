package docx

import (
	"encoding/xml"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"cordon"
	"cordon/internal/edge/exchange/parts"
)

// style is what a style says of a paragraph's kind.
type style struct {
	name    string
	based   string
	outline bool
	list    bool
	hidden  bool
	num     string
	level   int
	caps    bool
}

// usual is the key of the style of paragraphs that name none.
const usual = "\x00"

// kind goes by the built-in names of styles, which are the same in every
// language of Word.
func (s style) kind() cordon.PortionKind {
	name := strings.ToLower(s.name)
	switch {
	case name == "title", strings.HasPrefix(name, "heading "), s.outline:
		return cordon.PortionHeading
	case name == "caption":
		return cordon.PortionCaption
	case s.list, strings.HasPrefix(name, "list bullet"), strings.HasPrefix(name, "list number"):
		return cordon.PortionListItem
	}
	return cordon.PortionParagraph
}

type styles map[string]style

// resolved is a style with what it takes from those it is based on: the numbering,
// the level in the outline, and that it is shown in capitals.
func (s styles) resolved(id string) style {
	out := s[id]
	up := out
	for range 16 { // a circle ends
		if up.based == "" {
			break
		}
		up = s[up.based]
		if out.num == "" {
			out.num, out.level, out.list = up.num, max(out.level, up.level), up.list
		}
		out.outline, out.caps = out.outline || up.outline, out.caps || up.caps
	}
	return out
}

// hidden reports whether the style, or one it is based on, hides text.
func (s styles) hidden(id string) bool {
	for range 16 { // a circle ends
		one, ok := s[id]
		if !ok {
			return false
		}
		if one.hidden {
			return true
		}
		id = one.based
	}
	return false
}

func readStyles(a *parts.Archive, part string) (styles, error) {
	all := styles{}
	id := ""
	err := a.Walk(part, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		s := all[id]
		switch e.Name.Local {
		case "style":
			if id = parts.Attr(e, "styleId"); parts.Attr(e, "default") == "1" && parts.Attr(e, "type") == "paragraph" {
				all[usual] = style{based: id}
			}
			return nil
		case "name":
			s.name = parts.Attr(e, "val")
		case "basedOn":
			s.based = parts.Attr(e, "val")
		case "outlineLvl":
			s.outline = parts.Attr(e, "val") != "9"
		case "numId":
			s.num = parts.Attr(e, "val")
			s.list = s.num != "0"
		case "ilvl":
			fmt.Sscan(parts.Attr(e, "val"), &s.level)
		case "vanish":
			s.hidden = on(e)
		case "caps", "smallCaps":
			s.caps = s.caps || on(e)
		default:
			return nil
		}
		all[id] = s
		return nil
	})
	delete(all, "")
	return all, err
}

// on reports whether a switch such as <w:vanish/> is on.
func on(e xml.StartElement) bool {
	switch parts.Attr(e, "val") {
	case "0", "false", "off":
		return false
	}
	return true
}

// numbering is the text of the bullets and numbers of lists.
type numbering struct {
	abstract map[string]string   // of a numbering, its definition
	levels   map[string][]string // of a definition, the texts of its levels
	styles   map[string]string   // of a definition, the style whose numbering it is
}

func readNumbering(a *parts.Archive, part string) (numbering, error) {
	n := numbering{map[string]string{}, map[string][]string{}, map[string]string{}}
	definition, num, level := "", "", 0
	err := a.Walk(part, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		switch e.Name.Local {
		case "abstractNum":
			definition, num = parts.Attr(e, "abstractNumId"), ""
		case "num":
			num = parts.Attr(e, "numId")
		case "abstractNumId":
			n.abstract[num] = parts.Attr(e, "val")
		case "numStyleLink":
			n.styles[definition] = parts.Attr(e, "val")
		case "lvl":
			level = 0
			fmt.Sscan(parts.Attr(e, "ilvl"), &level)
		case "lvlText":
			key := definition
			if num != "" {
				key = "num " + num // this list's own
			}
			texts := n.levels[key]
			for len(texts) <= level && level < 16 {
				texts = append(texts, "")
			}
			if level >= 0 && level < len(texts) {
				texts[level] = parts.Attr(e, "val")
			}
			n.levels[key] = texts
		}
		return nil
	})
	return n, err
}

// counter is the number in the text of a level, which is not in the file.
var counter = regexp.MustCompile(`%[0-9][.)]?`)

// telling is a text of a level that says more than that an item begins.
var telling = regexp.MustCompile(`[(\[{/:].*\pL|\pL.*//`)

// each gives the texts of all levels that have any.
func (n numbering) each(visit func(string)) {
	for _, key := range slices.Sorted(maps.Keys(n.levels)) {
		for _, text := range n.levels[key] {
			if text != "" {
				visit(text)
			}
		}
	}
}

// bullet is what stands before an item of a list where it has words in it.
func (n numbering) bullet(num string, level int, s styles) string {
	definition := n.abstract[num]
	if style, ok := n.styles[definition]; ok {
		definition = n.abstract[s.resolved(style).num]
	}
	for _, key := range []string{"num " + num, definition} {
		texts := n.levels[key]
		if level < 0 || level >= len(texts) || texts[level] == "" {
			continue
		}
		text := strings.TrimSpace(counter.ReplaceAllString(texts[level], ""))
		if telling.MatchString(text) && strings.ContainsFunc(text, unicode.IsLetter) {
			return text + " "
		}
		return ""
	}
	return ""
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
