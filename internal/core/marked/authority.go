package marked

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/marking"
)

// authorityLine is a line of the classification authority block that no other text
// has (manual, section E; 32 CFR 2001.21). "Derived From" alone is one of many.
var authorityLine = regexp.MustCompile(`(?im)^[^\pL\n]{0,16}(classified[ \t]+by|declassify[ \t]+on|classification[ \t]+authority)[*_"' \t]*:`)

// Authority finds the classification authority block in a text: a line of it, and
// where that stands. It is on documents that hold classified information only.
func Authority(text string) (said string, line, column int) {
	m := authorityLine.FindStringSubmatchIndex(text)
	if m == nil {
		return "", 0, 0
	}
	before := text[:m[2]]
	return text[m[2]:m[3]], 1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}

// Classified reports whether a marking says that what it marks is classified in
// the scheme whose block that is. Where that scheme is not in force, nobody can
// write so, and nothing is asked.
func Classified(set *marking.Set, whole marking.Marks) bool {
	if _, ok := set.Scheme("us"); !ok {
		return true
	}
	m := whole.Of("us")
	if m == nil {
		return false
	}
	return !strings.HasPrefix(m.Portion(), "U")
}

// UnclassifiedAuthority says what is wrong with a classification authority block in
// what is marked as unclassified.
func UnclassifiedAuthority(said string, whole marking.Marks) (problem, fix string) {
	return fmt.Sprintf("%q names who classified this document, and it is marked %s, which is no classification", said, whole), "mark the classified portions, or take the block out"
}

// HoldAuthority is the issue for the first of the texts that has such a block,
// where the whole is marked as unclassified.
func HoldAuthority(set *marking.Set, whole marking.Marks, texts []string) (cordon.Issue, bool) {
	for _, text := range texts {
		if said, line, column := Authority(text); said != "" && !Classified(set, whole) {
			problem, fix := UnclassifiedAuthority(said, whole)
			return cordon.Issue{Line: line, Column: column, Problem: problem, Fix: fix}, true
		}
	}
	return cordon.Issue{}, false
}
