package marking_test

import (
	"strings"
	"testing"

	"cordon/marking"
)

// house is a scheme an organisation might write for itself.
const house = `{
  "name": "house", "title": "House rules", "source": "Handbook, chapter 4", "prefix": "HOUSE",
  "clearances": ["basic", "checked"],
  "audience": {"communities": ["HOUSE"]},
  "levels": [
    {"portion": "HOUSE OPEN", "open": true, "onward": "anyone", "meaning": "For anybody.", "section": "4.1"},
    {"portion": "HOUSE INNER", "banner": "HOUSE: INNER CIRCLE", "also": ["HOUSE IN"], "clearance": "checked", "named": true, "color": "#FFFFFF", "background": "#C8102E", "section": "4.2"}
  ],
  "groups": [
    {"name": "project", "join": "union", "before": " / ", "between": ", ", "section": "4.3",
     "codes": [{"portion": "ELM", "readIn": "ELM"}, {"portion": "OAK", "readIn": "OAK", "levels": ["HOUSE INNER"]}, {"portion": "YEW", "named": true}]},
    {"name": "permission", "join": "intersection", "before": " + ", "between": " + ",
     "codes": [{"portion": "QUOTE"}, {"portion": "PRINT"}]}
  ],
  "lists": [{"name": "guests", "kind": "release", "before": " FOR ", "between": " ", "section": "4.5"}],
  "retired": {"HOUSE:CLOSED": "HOUSE INNER"}
}`

func TestDefine(t *testing.T) {
	s, err := marking.Define([]byte(house))
	if err != nil {
		t.Fatal(err)
	}
	set := marking.NewSet(s)
	in := parse(t, set, "HOUSE IN / ELM, OAK + QUOTE + PRINT FOR GUEST1 GUEST2", "HOUSE OPEN / ELM + QUOTE", "HOUSE INNER + QUOTE FOR GUEST1")
	whole, err := set.RollUp(in)
	if err != nil {
		t.Fatal(err)
	}
	if whole.Portion() != "HOUSE INNER / ELM, OAK + QUOTE FOR GUEST1" || whole.Banner() != "HOUSE: INNER CIRCLE / ELM, OAK + QUOTE FOR GUEST1" {
		t.Errorf("%s, %s", whole.Portion(), whole.Banner())
	}
	rule := whole[0].Rule()
	if rule.Level != 1 || !rule.Named || strings.Join(rule.ReadIns, " ") != "ELM OAK" || len(rule.Audience) != 1 ||
		strings.Join(rule.Audience[0].Communities, " ") != "GUEST1 HOUSE" || rule.Onward != marking.OnwardNone {
		t.Errorf("%+v", rule)
	}
	if got := s.(marking.Styler).Style(whole[0]).Background; got != "#C8102E" {
		t.Errorf("style %s", got)
	}
	if yew := parse(t, set, "HOUSE OPEN / YEW"); !yew[0][0].Rule().Named {
		t.Error("YEW admits everybody")
	}
	steps, err := set.Explain(in)
	if err != nil || len(steps) != 4 || steps[0].Section != "4.2" || steps[3].Result != "FOR GUEST1" {
		t.Errorf("%+v, %v", steps, err)
	}
	if _, err := set.Parse("house: closed"); err == nil || !strings.Contains(err.Error(), "HOUSE INNER") {
		t.Errorf("%v", err)
	}
}

// A definition that is wrong anywhere is refused, with what and where.
func TestDefineRefuses(t *testing.T) {
	const inner = `"clearance": "checked"`
	for _, c := range []struct{ old, new, want string }{
		{`"name": "house"`, `"name": "The House"`, "lower-case"},
		{`"title": "House rules"`, `"title": ""`, "title"},
		{`"name": "house"`, `"nome": "house"`, "unknown field"},
		{inner, `"clearance": "secret"`, `level 2: there is no clearance "secret"`},
		{`"onward": "anyone"`, `"onward": "everyone"`, "level 1: onward"},
		{`"also": ["HOUSE IN"]`, `"also": ["HOUSE OPEN"]`, "defined twice"},
		{`"also": ["HOUSE IN"]`, `"also": ["HOUSE (IN)"]`, "parentheses"},
		{`"also": ["HOUSE IN"]`, `"also": [""]`, "empty"},
		{`"named": true,`, `"onward": "anyone",`, ""},
		{`"join": "union"`, `"join": "any"`, "group 1: join"},
		{`"join": "intersection"`, `"join": "sum"`, "group 2: join"},
		{`{"portion": "QUOTE"}`, `{"portion": "QUOTE", "readIn": "X"}`, "cannot restrict"},
		{`"levels": ["HOUSE INNER"]`, `"levels": ["HOUSE"]`, "no level"},
		{`"kind": "release"`, `"kind": "some"`, "list 1: kind"},
		{`"audience": {"communities": ["HOUSE"]},`, ``, "has none"},
		{`"HOUSE:CLOSED": "HOUSE INNER"`, `"HOUSE:CLOSED": "HOUSE ATTIC"`, "retired"},
		{`"HOUSE:CLOSED": "HOUSE INNER"`, `"HOUSE OPEN": "HOUSE INNER"`, "retired"},
		{`"between": ", "`, `"between": ""`, "between"},
		{`"before": " / "`, `"before": ""`, "before"},
		{`"title"`, `"title": 3, "title"`, "cannot be read"},
	} {
		text := strings.Replace(house, c.old, c.new, 1)
		if text == house {
			t.Fatalf("%q is not in the definition", c.old)
		}
		_, err := marking.Define([]byte(text))
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.new, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.new, err, c.want)
		}
	}
	for _, text := range []string{"", "{", "[]", "{}", house + "x", house + house, strings.Repeat(" ", marking.MaxDefinition+1)} {
		if _, err := marking.Define([]byte(text)); err == nil {
			t.Errorf("%.20q is accepted", text)
		}
	}
}

// Levels are written freest first; a file in which a later one asks less would
// make a roll-up freer than its portions, so it is refused.
func TestDefineOrder(t *testing.T) {
	for _, levels := range []string{
		`{"portion": "A", "clearance": "high"}, {"portion": "B", "clearance": "low"}`,
		`{"portion": "A", "named": true}, {"portion": "B"}`,
		`{"portion": "A"}, {"portion": "B", "onward": "anyone"}`,
		`{"portion": "A"}, {"portion": "B", "open": true}`,
	} {
		text := `{"name": "x", "title": "X", "clearances": ["low", "high"], "levels": [` + levels + `]}`
		if _, err := marking.Define([]byte(text)); err == nil || !strings.Contains(err.Error(), "level 2") {
			t.Errorf("%s: %v", levels, err)
		}
	}
}
