package marking_test

import (
	"fmt"
	"strings"
	"testing"

	"cordon/marking"
)

// many is a scheme that uses what the form of definition can say: names in
// mixed case, more than 64 codes, groups joined by a double slash, requirements
// and exclusions, codewords, a code that restricts the audience, a fallback for
// lists with nobody in common, and the end of a marking.
func many() string {
	var codes []string
	for i := range 200 {
		codes = append(codes, fmt.Sprintf(`{"portion": "C%03d"}`, i))
	}
	return `{
  "name": "many", "title": "Many", "source": "Handbook",
  "levels": [{"portion": "Open"}, {"portion": "Inner", "banner": "Inner Circle"}],
  "groups": [
    {"name": "subject", "join": "union", "before": "//", "between": "/", "codes": [` + strings.Join(codes, ",") + `]},
    {"name": "codeword", "join": "union", "before": "//", "between": "/", "free": {"shortest": 5, "longest": 12, "readIn": true}},
    {"name": "control", "join": "union", "before": "//", "between": "/", "codes": [
      {"portion": "Own", "audience": {"countries": ["NOR"]}},
      {"portion": "Few", "requires": ["Own"]},
      {"portion": "All", "excludes": ["Few"]}]},
    {"name": "permission", "join": "intersection", "before": " + ", "between": " + ", "codes": [{"portion": "Quote"}]}
  ],
  "lists": [{"name": "eyes", "kind": "only", "before": "//FOR ", "between": " ", "first": "NOR", "countries": true, "fallback": "Own"}],
  "until": {"before": " until ", "events": ["the end of the exercise"]}
}`
}

func TestDefinitionForm(t *testing.T) {
	s, err := marking.Define([]byte(many()))
	if err != nil {
		t.Fatal(err)
	}
	set := marking.NewSet(s)
	for _, text := range []string{
		"Inner", "Inner//C000/C063/C064/C199", "Inner//WALNUT", "Inner//C100//CHERRY/WALNUT//Own/Few until 2031-05-01", "Inner//All//FOR NOR DNK SWE until 2031-05-01", "Open//All until the end of the exercise", "Inner//FOR NOR DNK",
	} {
		m, err := set.Parse(text)
		if err != nil || m.Portion() != text {
			t.Errorf("%s: %s, %v", text, m.Portion(), err)
		}
		if m, err := set.ParseBanner(m.Banner()); err != nil || m.Portion() != text {
			t.Errorf("banner of %s: %v, %v", text, m, err)
		}
	}
	for text, want := range map[string]string{
		"Inner//C064/C063":        "order",
		"Inner//Few":              "requires Own",
		"Inner//Own/Few/All":      "may not be used with Few",
		"Inner//WALNUT/CHERRY":    "alphabetical",
		"Inner until 2031-13-01":  "here stands a date",
		"Inner//C200":             "nothing known",
		"Inner//C000/C000":        "repeated",
		"Inner//FOR NOR ATLANTIS": "none",
		"Inner//FOR NOR":          "written Own",
		"Inner//Own//FOR NOR DNK": "stands beside Own",
		"Inner//OWN":              "nothing known",
		"Inner//INNNER":           "nothing known",
	} {
		if m, err := set.Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %s, %v; want %s", text, m.Portion(), err, want)
		}
	}
	if m, _, err := set.Repair("INNER CIRCLE//own"); err != nil || m.Portion() != "Inner//Own" {
		t.Errorf("%v, %v", m, err)
	}
	for _, c := range []struct{ a, b, want string }{
		{"Inner//C063", "Open//C064", "Inner//C063/C064"},
		{"Inner//WALNUT", "Inner//CHERRY", "Inner//CHERRY/WALNUT"},
		{"Inner//FOR NOR DNK SWE", "Inner//FOR NOR SWE", "Inner//FOR NOR SWE"},
		{"Inner//FOR NOR DNK", "Inner//FOR NOR SWE", "Inner//Own"},
		{"Inner//Own", "Inner//FOR NOR SWE", "Inner//Own"},
		{"Inner", "Open//FOR NOR SWE", "Inner//FOR NOR SWE"},
		{"Inner until 2030-01-01", "Inner until 2031-01-01", "Inner until 2031-01-01"},
		{"Inner until 2030-01-01", "Inner", "Inner"},
		{"Inner until 2030-01-01", "Inner until the end of the exercise", "Inner"},
	} {
		m, err := set.RollUp(parse(t, set, c.a, c.b))
		if err != nil || m.Portion() != c.want {
			t.Errorf("%s with %s: %s, %v; want %s", c.a, c.b, m.Portion(), err, c.want)
		}
	}
	if _, err := set.RollUp(parse(t, set, "Inner//Own/Few", "Open//All")); err == nil {
		t.Error("codes that exclude each other are rolled up")
	}
	r := parse(t, set, "Inner//WALNUT//Own")[0][0].Rule()
	if len(r.ReadIns) != 1 || r.ReadIns[0] != "WALNUT" || len(r.Audience) != 1 || r.Audience[0].Countries[0] != "NOR" {
		t.Errorf("%+v", r)
	}
}

// What would make a roll-up freer than its portions, unreadable, or dependent on
// its order is no definition.
func TestDefinitionFormRefuses(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`"first": "NOR", `, ``, "the fallback"},
		{`"first": "NOR"`, `"first": "DNK"`, "admits others"},
		{`{"countries": ["NOR"]}`, `{"countries": ["NOR", "DNK"]}`, "admits others"},
		{`{"countries": ["NOR"]}`, `{"communities": ["NATO"]}`, "admits others"},
		{`"portion": "Own", "audience": {"countries": ["NOR"]}`, `"portion": "Own"`, "admits others"},
		{`"portion": "Own", `, `"portion": "Own", "levels": ["Inner"], `, "other levels"},
		{`"portion": "Own", `, `"portion": "Own", "excludes": ["Few"], `, "requires or excludes"},
		{`"fallback": "Own"`, `"fallback": "Mine"`, "is no code"},
		{`"requires": ["Own"]`, `"requires": ["Mine"]`, "no code"},
		{`"requires": ["Own"]`, `"requires": ["Quote"]`, "join by union"},
		{`"portion": "Few", `, `"portion": "Few", "levels": ["Open"], `, "not with the stricter Inner"},
		{`"free": {"shortest": 5`, `"free": {"shortest": 0`, "codewords"},
		{`"free": {"shortest": 5, "longest": 12`, `"free": {"shortest": 5, "longest": 4`, "codewords"},
		{`"before": " until "`, `"before": ""`, "until"},
	} {
		text := strings.Replace(many(), c.old, c.new, 1)
		if text == many() {
			t.Fatalf("%q is not in the definition", c.old)
		}
		if _, err := marking.Define([]byte(text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.new, err, c.want)
		}
	}
}
