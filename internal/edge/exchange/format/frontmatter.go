package format

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"cordon"
	"cordon/internal/edge/exchange/parts"
)

// The bounds of front matter.
const (
	maxFrontMatter = 64 << 10 // bytes
	maxYAMLNodes   = 10_000   // with what aliases repeat
	maxYAMLDepth   = 32
)

// frontMatter notes what the fields before a text say of its marking: YAML between
// two lines of three hyphens, as static sites and notes have it. Where they cannot
// be read and a word in them is the name of a field that tells, the file is refused.
func frontMatter(f *parts.File, src string) {
	src = strings.TrimLeft(src, " \t\n")
	if !strings.HasPrefix(src, "---") {
		return
	}
	first, rest, _ := strings.Cut(src, "\n")
	if strings.TrimRight(first, " \t-") != "" {
		return
	}
	head, ok := "", false
	for l := range strings.Lines(rest) {
		if t := strings.TrimRight(l, " \t\n"); t == "---" || t == "..." {
			ok = true
			break
		}
		if head += l; len(head) > maxFrontMatter {
			return
		}
	}
	if !ok || !strings.Contains(head, ":") {
		return
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(head), &doc); err != nil {
		if fieldTells(head) {
			f.Refused = append(f.Refused, cordon.Issue{
				File: f.Name, Line: 1, Column: 1, Problem: "its first lines are fields in YAML that cannot be read, and one of them may tell of its marking: " + parts.Clip(err.Error()), Fix: "correct them, or put the mark on the first line of the text",
			})
		}
		return
	}
	y := yamlFields{file: f}
	y.node(&doc, "", 0)
}

// fieldTells reports whether a line of unreadable fields has the name of one that
// tells of a marking.
func fieldTells(head string) bool {
	for l := range strings.Lines(head) {
		name, _, ok := strings.Cut(l, ":")
		if ok && parts.Telling(name, "x") != "" {
			return true
		}
	}
	return false
}

// yamlFields walks through the fields.
type yamlFields struct {
	file  *parts.File
	nodes int
}

// node notes the values in a node below the names that lead to it.
func (y *yamlFields) node(n *yaml.Node, name string, depth int) {
	if y.nodes++; y.nodes > maxYAMLNodes || depth > maxYAMLDepth {
		return
	}
	switch n.Kind {
	case yaml.ScalarNode:
		if said := parts.Telling(name, n.Value); said != "" {
			y.file.Asides = append(y.file.Asides, parts.Aside{
				What: "a field before the text", Line: parts.Line{Text: parts.Clip(name + ": " + n.Value), No: n.Line + 1, Col: n.Column}, Plain: true, Tells: said,
			})
		}
	case yaml.AliasNode:
		y.node(n.Alias, name, depth+1)
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			y.node(n.Content[i+1], strings.TrimSpace(name+" "+n.Content[i].Value), depth+1)
		}
	default:
		for _, c := range n.Content {
			y.node(c, name, depth+1)
		}
	}
}
