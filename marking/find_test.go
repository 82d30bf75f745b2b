package marking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cordon/marking"
)

// shown writes what is found in a text, one by one: the place, how it stands
// there, and the marking or "?".
func shown(set *marking.Set, text string) string {
	var out []string
	for f := range set.Find(text) {
		place := map[marking.Place]string{marking.Running: "running", marking.Line: "line", marking.Break: "break", marking.Cell: "cell", marking.Field: "field"}[f.Place]
		if f.Word {
			place += " word"
		}
		reading := f.Marks.Portion()
		if f.Err != nil {
			reading = "?"
		}
		out = append(out, place+" "+reading)
	}
	return strings.Join(out, "; ")
}

func TestFind(t *testing.T) {
	set := marking.NewSet(all()...)
	for _, c := range []struct{ text, want string }{
		{"(SECRET|]SECRET", "line S; line word S"},
		// What may stand before a portion mark.
		{"(S//NF) The pier.", "line S//NF"},
		{"(1) (S//NF) The pier.", "line S//NF"},
		{"(a) (S//NF) The pier.", "line S//NF"},
		{"iv. (S//NF) The pier.", "line S//NF"},
		{"3.2.1 (S//NF) The pier.", "line S//NF"},
		{"1.\t(S//NF) The pier.", "line S//NF"},
		{"§ 4 (S//NF) The pier.", "line S//NF"},
		{"Art. 5 (S//NF) The pier.", "line S//NF"},
		{"Table 3. (S//NF) Piers", "line S//NF"},
		{"- [ ] (S//NF) The pier.", "line S//NF"},
		{"- [x] (S//NF) The pier.", "line S//NF"},
		{"☐ (S//NF) The pier.", "line S//NF"},
		{"> “(S//NF) The pier.”", "line S//NF"},
		{"SMITH: (S//NF) The pier.", "line S//NF"},
		{"Frau Dr. Beck: (S//NF) The pier.", "line S//NF"},
		{"[00:12:07] Smith: (S//NF) The pier.", "line S//NF"},
		{"\u00a0(S//NF) The pier.", "line S//NF"},
		{"\u200b\u200e\u3000\ufeff\u2060(S//NF) The pier.", "line S//NF"},
		{"\uf0b7 (S//NF) The pier.", "line S//NF"},
		{"\u3164\u2800(S//NF) The pier.", "line S//NF"},
		{"&nbsp;<b>(S//NF)</b> The pier.", "line S//NF"},
		{"**(S//NF)** The pier.", "line S//NF"},
		{"<!-- (S//NF) The pier. -->", "line S//NF"},
		{"（１）（S//NF）の桟橋", "line S//NF"},
		{"議長：(S//NF) 桟橋", "line S//NF"},
		{"(S//NF)(TLP:AMBER) The pier.", "line S//NF; line TLP:AMBER"},
		{"(U) (S//NF) The pier.", "line U; line S//NF"},
		{"The pier of the harbour (S//NF) is shut.", "running S//NF"},

		// Lines, cells, fields, breaks.
		{"(U) a\u2028(S//NF) b", "line U; line S//NF"},
		{"(U) a\r(S//NF) b\f(C) c\u0085(TS) d", "line U; line S//NF; line C; line TS"},
		{"(U) a<br/>(S//NF) b", "line U; break S//NF"},
		{"(U) a.\u00a0 (S//NF) b", "line U; running S//NF"},
		{"(U) a; (S//NF) b", "line U; running S//NF"},
		{"(U) 桟橋。(S//NF) 桟橋", "line U; running S//NF"},
		{"| Classification | TLP:RED |", "field TLP:RED"},
		{"| (U) a | (S//NF) b |", "cell U; cell S//NF"},
		{"Pier\tS//NF\tshut", "cell S//NF"},
		{"Classification: TLP:RED", "field TLP:RED"},
		{"Classification: Secret", "field word S"},
		{"Einstufung: SECRET//NOFORN", "field S//NF"},
		{"\"classification\": \"TLP:RED\",", "field TLP:RED"},
		{"classification: 'S'", "field word S"},

		// Enclosures.
		{"[S//NF] The pier.", "line S//NF"},
		{"{S//NF} The pier.", "line S//NF"},
		{"【S//NF】桟橋", "line S//NF"},
		{"`S//NF` The pier.", "line S//NF"},
		{"'TLP:RED' The pier.", "line TLP:RED"},
		{"«TLP:RED» The pier.", "line TLP:RED"},
		{"„TLP:RED“ The pier.", "line TLP:RED"},
		{"<span class=\"m\">(S//NF)</span> The pier.", "line S//NF"},
		{"<span>S//NF</span> The pier.", "line S//NF"},
		{"((S//NF)) The pier.", "line S//NF"},
		{"\\(S//NF\\) The pier.", "line S//NF"},
		{"(S//NF until May) The pier.", "line S//NF"},

		// Without brackets.
		{"TLP:RED The pier.", "line TLP:RED"},
		{"S//NF The pier.", "line S//NF"},
		{"The report is SECRET//REL TO USA, GBR, and old.", "running S//REL TO USA, GBR"},
		{"It is tlp:amber+strict, so keep it.", "running TLP:AMBER+STRICT"},
		{"It is TLP AMBER STRICT here.", "running TLP:AMBER+STRICT"},
		{"TOP SECRET // SI // NOFORN text", "line TS//SI//NF"},
		{"SECRET", "line word S"},
		{"## H1", "line word H1"},
		{"H1/H2 blockers", ""},
		{`{"name": "tlp:amber+strict"}`, "line TLP:AMBER+STRICT"},
		{`It has nato:classification="NS" and more.`, "running NS"},
		{`de-vs:Einstufung="STRENG GEHEIM"`, "line Str. Geh."},
		{`fr-classif:classifiees="TRES_SECRET", then`, "line FR TS"},
		{"(Geh.) Der Kai.", "line Geh."},
		{"Wir gehen (Geh.) zum Kai.", ""},
		{"VS-NUR FÜR DEN DIENSTGEBRAUCH", "line VS-NfD"},
		{"see https://example.com/S//NF/x", ""},

		// Written otherwise.
		{"(S-NF) The pier.", "line S//NF"},
		{"(TS-SI-NF) The pier.", "line TS//SI//NF"},
		{"(S/NF) The pier.", "line S//NF"},
		{"(FOUO) The pier.", "line U//FOUO"},
		{"(Secret) The pier.", "line S"},
		{"(secret) The pier.", "line S"},
		{"the (secret) pier", ""},
		{"(s//nf) The pier.", "line S//NF"},
		{"(S\u2044\u2044NF) The pier.", "line S//NF"},
		{"(Ｓ／／ＮＦ) The pier.", "line S//NF"},
		{"(ТLP:RED) The pier.", "line TLP:RED"},
		{"(S//\u200bNF) The pier.", "line S//NF"},

		// Meant as a mark, and unreadable.
		{"(S//QQQ) The pier.", "line ?"},
		{"S//NF//QQQ The pier.", "line ?"},
		{"(TLP:MAUVE) The pier.", "line ?"},
		{"(X9//ABC) The pier.", "line ?"},

		// No marks.
		{"(b)(3) (see below) (U.S. law) (c) (C-130) the person(s) (s/he) (S/MIME) (TLP) 4 (two)", ""},
		{"It's said 'so it is' by the U.S. and the EU; NATO and C code at 5 o'clock.", ""},
		{"a // b // c // d", ""},
	} {
		if got := shown(set, c.text); got != c.want {
			t.Errorf("%q: %s, not %s", c.text, got, c.want)
		}
	}
}

// What Find tells of a mark is where it stands.
func TestFoundOffsets(t *testing.T) {
	set := marking.NewSet(all()...)
	text := "\u200b(1) (S//NF)(TLP:AMBER) The pier.\n| a | [TS] b |\nClassification: SECRET"
	var got []string
	for f := range set.Find(text) {
		got = append(got, fmt.Sprintf("%q leads to %q with %q in it; whole %v, bare %v", text[f.Lead:f.Start], text[f.Start:f.End], f.Text, f.Whole, f.Bare))
	}
	want := []string{
		`"\u200b(1) " leads to "(S//NF)" with "S//NF" in it; whole false, bare false`,
		`"" leads to "(TLP:AMBER)" with "TLP:AMBER" in it; whole false, bare false`,
		`" " leads to "[TS]" with "TS" in it; whole false, bare false`,
		`"Classification: " leads to "SECRET" with "SECRET" in it; whole true, bare true`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	for range set.Find(text) {
		break // no more is asked for, and none is given
	}
}

// However a mark is led to and enclosed, it is found at the head of its line
// with the marking it is read as alone.
func TestFindsEveryLead(t *testing.T) {
	set := marking.NewSet(all()...)
	leads := []string{"", "(1) ", "a) ", "[ ] ", "§ 12 ", "\u00a0", "\u200b", "\u3000", "\uf0b7\u00a0", "– ", "→ ", "\"", "“", "> ", "## ", "NAME: ", "12:30 Name: ", "<p>", "&#160;", "* 1. (a) ", "|"}
	around := [][2]string{{"(", ")"}, {"[", "]"}, {"（", "）"}, {"(\u00a0", " )"}, {"**(", ")**"}, {"<b>(", ")</b>"}, {"((", "))"}, {"`(", ")`"}}
	n := 0
	for _, sch := range set.Schemes() {
		for _, e := range sch.(marking.Registrar).Register() {
			alone, err := set.Parse("(" + e.Example + ")")
			if err != nil {
				t.Fatal(err)
			}
			check := func(lead string, a [2]string) {
				text := lead + a[0] + e.Example + a[1] + " The courier met nobody."
				ok := false
				for f := range set.Find(text) {
					ok = ok || f.Place.Head() && f.Err == nil && f.Marks.Equal(alone)
				}
				if !ok {
					t.Errorf("%q: %s", text, shown(set, text))
				}
				n++
			}
			for _, lead := range leads {
				check(lead, around[n%len(around)])
			}
			for _, a := range around {
				check(leads[n%len(leads)], a)
			}
		}
	}
	if n < 9_000 {
		t.Errorf("%d tried", n)
	}
}

// Looking through a text, however it is made, hands the schemes no more than a
// number of bytes for each of its own.
func TestFindBounded(t *testing.T) {
	t.Parallel()
	set := marking.NewSet(all()...)
	for _, part := range []string{
		"/", "(", "[(", "'", "\"S ", "([{（“<", "(U)", "S//", "TS//SI//NF ", "TOP SECRET ", "TLP:", "TLP ", "NATO ", "<a", "&a", "|", "\t", "\u200b",
		"S: ", "S//REL TO USA, GBR, ", ", GBR", "UK/US ", "S-", "//DEU ", "VS-", "<br>S", "(S//", "TLP:AMBER ",
	} {
		text := strings.Repeat(part, (1<<12)/len(part))
		work, _ := set.FindWork(text)
		twice, _ := set.FindWork(text + text)
		if work > 600*len(text) || twice > 2*work+64*marking.MaxText {
			t.Errorf("%q: %d bytes of work for %d, %d for twice that", part, work, len(text), twice)
		}
		t.Logf("%q: %d", part, work/len(text))
	}
}
