package marking_test

import (
	"strings"
	"testing"

	"cordon/marking"
)

// Whatever is given, an answer comes: the worst texts of every length that is
// looked at, and texts so far beyond it that work which grew with their square
// would not end within the test's time.
func TestBounded(t *testing.T) {
	t.Parallel()
	set := marking.NewSet(all()...)
	rep := func(s string) string { return strings.Repeat(s, (marking.MaxText-40)/len(s)) }
	for name, text := range map[string]string{
		"slashes":       rep("/"),
		"entries":       "S//" + rep("A/"),
		"slips":         "S//" + rep("NOFRON/"),
		"compartments":  "S//SI" + rep("-A"),
		"subs":          "TS//SI-G" + rep(" ABCD"),
		"codes":         "S//REL TO USA" + rep(", GBR"),
		"eyes":          "S//" + rep("USA/") + "GBR EYES ONLY",
		"programs":      "S//SAR-" + rep("BP/"),
		"parentheses":   rep("("),
		"marks":         rep("(U)"),
		"spaces":        "S" + rep(" "),
		"tlp":           "TLP:" + rep("A"),
		"list":          "NS RELEASABLE TO " + rep("SWE, "),
		"a long line":   "(" + strings.Repeat("x", 8<<20),
		"a long margin": strings.Repeat(" ", 8<<20) + "(U)",
		"long bars":     strings.Repeat("|", 1<<20),
	} {
		set.Parse(text)
		set.ParseBanner(text)
		set.Repair(text)
		set.LeadingMark(text)
		set.LeadingMark("(" + text + ")")
		t.Log(name)
	}
}
