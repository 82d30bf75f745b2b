package us

import (
	"slices"
	"strings"

	"cordon/marking"
)

// name is the scheme's name in clearances and on the command line.
const name = "us"

type scheme struct{}

// Scheme is the United States scheme: the register and manual of the IC
// Markings System, effective 31 December 2016.
func Scheme() marking.Scheme { return scheme{} }

func (scheme) Name() string     { return name }
func (scheme) Title() string    { return "United States (IC Markings System)" }
func (scheme) Ladder() []string { return append([]string(nil), ladder[:]...) }

// ParsePortion reads a portion mark, with or without parentheses.
func (scheme) ParsePortion(text string) (marking.Marking, error) { return read(text, portionForm) }

// ParseBanner reads a banner line.
func (scheme) ParseBanner(text string) (marking.Marking, error) { return read(text, bannerForm) }

func read(text string, f form) (marking.Marking, error) {
	m, err := parse(text, f)
	if err != nil {
		err.Suggestion = suggest(text, f)
		return nil, err
	}
	return m, nil
}

// RollUp gives the banner of a document made of the portions.
func (scheme) RollUp(portions []marking.Marking) (marking.Marking, error) {
	if len(portions) == 0 {
		return nil, &marking.Error{Scheme: name, Reason: "there is nothing to roll up", Section: "D.2"}
	}
	marks := make([]*mark, len(portions))
	for i, p := range portions {
		m, ok := p.(*mark)
		if !ok {
			return nil, &marking.Error{Scheme: name, Reason: "a portion is not marked in this scheme", Portions: []int{i}}
		}
		marks[i] = m
	}
	out, err := rollUp(marks)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Covers reports whether a document under the banner whole may contain a
// portion marked part: rolling part into it changes nothing.
func (scheme) Covers(whole, part marking.Marking) bool {
	w, ok := whole.(*mark)
	p, ok2 := part.(*mark)
	if !ok || !ok2 {
		return false
	}
	alone, err := rollUp([]*mark{w})
	if err != nil {
		return false
	}
	both, err := rollUp([]*mark{w, p})
	return err == nil && both.portion == alone.portion
}

// Claims reports whether text is evidently meant as a US marking: it begins
// with a classification in upper case and ends there or goes on with a slash,
// or it begins with slashes, or with a lower-case classification and "//".
func (scheme) Claims(text string) bool {
	s := strings.TrimSpace(text)
	if strings.HasPrefix(s, "//") {
		return true
	}
	for _, n := range levelNames {
		for _, word := range [...]string{n.portion, n.banner} {
			if word == "R" || word == "RESTRICTED" || len(s) < len(word) {
				continue
			}
			head, rest := s[:len(word)], strings.TrimLeft(s[len(word):], " ")
			switch {
			case head == word && (rest == "" || rest[0] == '/'):
				return true
			case strings.EqualFold(head, word) && strings.HasPrefix(rest, "//"):
				return true
			}
		}
	}
	return false
}

// Starts are the first words of the classifications, and of what is written
// without one.
func (scheme) Starts() []string {
	out := []string{"TOP"}
	for _, n := range levelNames {
		if n.portion != "R" {
			out = append(out, n.portion)
		}
		if n.banner != "RESTRICTED" && n.banner != "TOP SECRET" {
			out = append(out, n.banner)
		}
	}
	for _, alone := range unclassifiedAlone {
		out = append(out, strings.Fields(strings.ReplaceAll(alone, "-", " "))[0])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Match reads a text without its parentheses in either form.
func (scheme) Match(text string) (marking.Marking, bool) {
	// Most of what is asked for begins with no classification.
	if head, _, _ := strings.Cut(text, "//"); head != "" {
		_, portion := levelOf(head, portionForm)
		_, banner := levelOf(head, bannerForm)
		if !portion && !banner {
			return nil, false
		}
	}
	for _, f := range [...]form{portionForm, bannerForm} {
		if m, err := parse(text, f); err == nil {
			return m, true
		}
	}
	return nil, false
}

// Part reports whether text is what stands behind a classification: controls and
// compartments of the register.
func (scheme) Part(text string) (part, evident bool) {
	if strings.HasPrefix(text, "SAR-") {
		return true, true
	}
	entries := splitEntries(strings.ReplaceAll(text, "//", "/"))
	if len(entries) == 0 {
		return false, false
	}
	part = true
	for _, e := range entries {
		p, ok := recogniseExactly(e.text)
		system, _, _ := strings.Cut(e.text, "-")
		if !ok && (published(e.text) || slices.Contains(otherSystems[:], system)) {
			p, ok = asSCI(e.text) // with sub-compartments
		}
		part = part && ok
		evident = evident || ok && evidentPart(p, e.text)
	}
	return part, part && evident
}

// evidentPart reports whether a text that is read as a control is nothing else by
// chance, as SI (units) and FISA (an act of Congress) are.
func evidentPart(p piece, text string) bool {
	switch text {
	case "NF", "LES", "LES-NF", "SBU-NF":
		return true
	}
	switch p.cat {
	case catDissem:
		return p.text != "FISA" && len(text) > 3
	case catNonIC, catAEA:
		return len(text) > 4
	}
	return false
}
