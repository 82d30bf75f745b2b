package marking_test

import (
	"strings"
	"testing"
	"time"

	"cordon/marking"
)

// Whatever is given, an answer comes soon: the worst texts of every length that
// is looked at, and texts far beyond it.
func TestBounded(t *testing.T) {
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
		"a long line":   "(" + strings.Repeat("x", 50<<20),
		"a long margin": strings.Repeat(" ", 50<<20) + "(U)",
		"long bars":     strings.Repeat("|", 1<<20),
	} {
		start := time.Now()
		set.Parse(text)
		set.ParseBanner(text)
		set.Repair(text)
		set.LeadingMark(text)
		set.LeadingMark("(" + text + ")")
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s: %v", name, took)
		} else if testing.Verbose() {
			t.Logf("%s: %v", name, took)
		}
	}
}
