package marking_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"cordon/marking"
)

var update = flag.Bool("update", false, "write the tables of docs/markings.md anew")

const (
	docFile  = "../docs/markings.md"
	docBegin = "<!-- made by go test ./marking -run TestCoverage -update; do not edit below -->\n"
)

// Every entry of every register parses, is refused when misused, rolls up and
// compiles to a rule; docs/markings.md says how, and cannot go stale.
func TestCoverage(t *testing.T) {
	var b strings.Builder
	b.WriteString("\n## The schemes\n\n| name | scheme | clearances, lowest first | entries |\n| --- | --- | --- | --- |\n")
	for _, s := range all() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %d |\n", s.Name(), s.Title(), strings.Join(s.Ladder(), ", "), len(s.(marking.Registrar).Register()))
	}
	for _, s := range all() {
		coverage(t, &b, s)
	}
	old, err := os.ReadFile(docFile)
	if err != nil {
		t.Fatal(err)
	}
	head, table, ok := strings.Cut(string(old), docBegin)
	if !ok {
		t.Fatalf("%s has lost its line %q", docFile, docBegin)
	}
	if *update {
		if err := os.WriteFile(docFile, []byte(head+docBegin+b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != b.String() {
		t.Errorf("%s is stale; run go test ./marking -run TestCoverage -update", docFile)
	}
}

func coverage(t *testing.T, b *strings.Builder, s marking.Scheme) {
	b.WriteString("\n## " + s.Title() + " (`" + s.Name() + "`)\n\n")
	if l := s.Ladder(); len(l) > 0 {
		b.WriteString("Clearances, lowest first: " + strings.Join(l, ", ") + ".\n\n")
	}
	b.WriteString("| category | marking | portion mark | parsed | refused | with the lowest rolls up to | enforced | source |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n")
	entries := s.(marking.Registrar).Register()
	var lowest marking.Marking
	for _, e := range entries {
		m, err := s.ParsePortion(e.Example)
		if err != nil {
			t.Errorf("%s: %v", e.Title, err)
			continue
		}
		if m.Portion() != e.Example && !strings.Contains(e.Title, "sub-compartment") {
			t.Errorf("%s: %s prints as %s", e.Title, e.Example, m.Portion())
		}
		if back, err := s.ParseBanner(m.Banner()); err != nil || back.Portion() != m.Portion() {
			t.Errorf("%s: the banner %s reads as %v, %v", e.Title, m.Banner(), back, err)
		}
		if _, err := s.ParsePortion(e.Refused); err == nil {
			t.Errorf("%s: %s is accepted", e.Title, e.Refused)
		}
		if lowest == nil || s.Name() == "us" {
			if lowest, err = s.ParsePortion(map[bool]string{true: "U", false: e.Example}[s.Name() == "us"]); err != nil {
				t.Fatal(err)
			}
		}
		whole, err := s.RollUp([]marking.Marking{lowest, m})
		if err != nil {
			t.Errorf("%s: %v", e.Title, err)
			continue
		}
		if back, err := s.ParseBanner(whole.Banner()); err != nil || back.Portion() != whole.Portion() {
			t.Errorf("%s: the roll-up %s reads as %v, %v", e.Title, whole.Banner(), back, err)
		}
		if e.Section == "" || e.Category == "" || e.Title == "" {
			t.Errorf("%+v is not complete", e)
		}
		row := []string{e.Category, e.Title, "`" + strings.TrimSpace(e.Portion) + "`", "`(" + m.Portion() + ")`", "`(" + e.Refused + ")`", "`" + whole.Banner() + "`", enforced(s, m.Rule()), e.Section}
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
}

// enforced says what a rule asks.
func enforced(s marking.Scheme, r marking.Rule) string {
	var out []string
	if r.Level > 0 {
		out = append(out, "clearance "+s.Ladder()[r.Level])
	}
	if len(r.ReadIns) > 0 {
		out = append(out, "read-in "+strings.Join(r.ReadIns, ", "))
	}
	for _, a := range r.Audience {
		out = append(out, "audience "+strings.Join(append(append([]string(nil), a.Countries...), a.Communities...), ", "))
	}
	if r.Named {
		out = append(out, "named individuals")
	}
	if on := [...]string{"", "onward to clients", "onward to the community", "onward to anyone"}[r.Onward]; on != "" {
		out = append(out, on)
	}
	if len(out) == 0 {
		return "owners and recipients only"
	}
	return strings.Join(out, "; ")
}
