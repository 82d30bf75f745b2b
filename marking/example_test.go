package marking_test

import (
	"fmt"

	"cordon/marking"
	"cordon/marking/tlp"
	"cordon/marking/us"
)

func Example() {
	set := marking.NewSet(us.Scheme(), tlp.Scheme())
	a, _ := set.Parse("(S//REL TO USA, AUS, GBR)(TLP:GREEN)")
	b, _ := set.Parse("S//REL TO USA, FVEY")
	c, _ := set.Parse("U")
	whole, err := set.RollUp([]marking.Marks{a, b, c})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(whole.Banner())
	fmt.Println(set.Covers(whole, a), set.Covers(b, whole))
	// Output:
	// SECRET//REL TO USA, AUS, GBR | TLP:GREEN
	// true false
}

func ExampleSet_Parse() {
	set := marking.NewSet(us.Scheme(), tlp.Scheme())
	for _, text := range []string{"(S//NF)", "SECRET//NOFORN", "S//NOFRON", "TLP: AMBER"} {
		m, err := set.Parse(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(m.Portion())
	}
	// Output:
	// S//NF
	// S//NF
	// us: unknown marking NOFRON, column 4 of "S//NOFRON"; did you mean "S//NF"? (G.1)
	// tlp: unknown marking of Traffic Light Protocol 2.0, column 1 of "TLP: AMBER"; did you mean "TLP:AMBER"? (https://www.first.org/tlp/)
}

func ExampleSet_LeadingMark() {
	set := marking.NewSet(us.Scheme())
	marks, rest, ok, err := set.LeadingMark("(TS//SI//NF) The text of the paragraph.")
	fmt.Println(marks.Banner(), ok, err)
	fmt.Println(rest)
	_, rest, ok, err = set.LeadingMark("(see below) The text.")
	fmt.Println(rest, ok, err)
	// Output:
	// TOP SECRET//SI//NOFORN true <nil>
	// The text of the paragraph.
	// (see below) The text. false <nil>
}

func ExampleSet_Repair() {
	set := marking.NewSet(us.Scheme(), tlp.Scheme())
	m, changed, err := set.Repair("secret // noforn/orcon")
	fmt.Println(m.Portion(), err)
	fmt.Println(changed[0])
	// Output:
	// S//OC/NF <nil>
	// read secret // noforn/orcon as S//OC/NF
}

func ExampleSet_Explain() {
	set := marking.NewSet(us.Scheme())
	var portions []marking.Marks
	for _, text := range []string{"U", "S//REL TO USA, GBR", "C"} {
		m, _ := set.Parse(text)
		portions = append(portions, m)
	}
	steps, _ := set.Explain(portions)
	for _, s := range steps {
		fmt.Printf("%s: %s: %s (%s)\n", s.Part, s.Result, s.Rule, s.Section)
	}
	// Output:
	// classification: SECRET: the highest classification of all portions (D.2)
	// release: NOFORN: a portion without a release decision beside one with it: NOFORN (D.2 Table 3, 12, 16, 17, 19; B.3 Table 2)
	// release: : NOFORN takes the place of what these portions release or show to (D.2 Table 3; H.8 NOFORN)
	// release: : uncaveated unclassified portions do not take part (H.1 UNCLASSIFIED)
}

func ExampleMarking_rule() {
	m, _ := us.Scheme().ParsePortion("TS//SI-G ABCD//OC/REL TO USA, FVEY")
	r := m.Rule()
	fmt.Println(us.Scheme().Ladder()[r.Level])
	fmt.Println(r.ReadIns)
	fmt.Println(r.Audience[0].Countries)
	// Output:
	// TS
	// [SI SI-G SI-G ABCD]
	// [AUS CAN GBR NZL USA]
}

func ExampleDefine() {
	scheme, err := marking.Define([]byte(`{
		"name": "desk", "title": "News desk", "prefix": "DESK",
		"clearances": ["staff", "sworn"],
		"levels": [
			{"portion": "DESK OPEN", "onward": "anyone"},
			{"portion": "DESK EMBARGO"},
			{"portion": "DESK SOURCE", "clearance": "sworn", "named": true}
		],
		"groups": [{"name": "story", "join": "union", "before": "/", "between": "+", "codes": [{"portion": "HARBOUR", "readIn": "HARBOUR"}]}]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	a, _ := scheme.ParsePortion("DESK EMBARGO/HARBOUR")
	b, _ := scheme.ParsePortion("DESK SOURCE")
	whole, _ := scheme.RollUp([]marking.Marking{a, b})
	fmt.Println(whole.Portion(), whole.Rule().ReadIns, whole.Rule().Named)
	// Output:
	// DESK SOURCE/HARBOUR [HARBOUR] true
}

func ExampleSet_Find() {
	set := marking.NewSet(us.Scheme(), tlp.Scheme())
	text := "1. (S)(NF) The pier is shut.\nClassification: [TLP:RED]\nIt was SECRET//NOFRON and SECRET//QQQ."
	for f := range set.Find(text) {
		if f.Err != nil {
			fmt.Println(f.Place, f.Err)
			continue
		}
		fmt.Println(f.Place, f.Marks)
	}
	// Output:
	// at the beginning of a line (S//NF)
	// in a field (TLP:RED)
	// in running text (S//NF)
	// in running text us: unknown marking QQQ, column 9 of "SECRET//QQQ" (G.1)
}

func ExampleSet_With() {
	set := marking.NewSet(us.Scheme(), tlp.Scheme())
	scheme, _ := marking.Define([]byte(`{"name": "own", "title": "Own", "levels": [{"portion": "OPEN"}, {"portion": "SECRET"}]}`))
	_, err := set.With(scheme)
	fmt.Println(err)
	// Output:
	// own: the scheme us, which is in force, reads this as a marking of its own; write another word or a prefix before it, column 1 of "SECRET"
}
