package tearline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cordon"
	"cordon/internal/core/tokens"
	"cordon/internal/usecase/mosaic"
	"cordon/internal/usecase/tearline"
	"cordon/marking"
	"cordon/marking/us"
)

var schemes = marking.NewSet(us.Scheme())

func marks(t testing.TB, text string) marking.Marks {
	t.Helper()
	m, err := schemes.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// words is a finding as tests compare it.
func brief(all []tearline.Finding) []string {
	var out []string
	for _, f := range all {
		out = append(out, fmt.Sprintf("%s %s %d %q", f.Severity, f.Kind, f.Paragraph, f.Text))
	}
	return out
}

func has(t *testing.T, r tearline.Result, want ...string) {
	t.Helper()
	got := brief(r.Findings)
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("no finding %s among\n%s", w, strings.Join(got, "\n"))
		}
	}
}

func TestWhatStillStands(t *testing.T) {
	id := cordon.NewID()
	in := tearline.Input{
		Schemes: schemes,
		Paragraphs: []tearline.Paragraph{
			{Marks: marks(t, "U"), Text: "Advice on harbours"},
			{Marks: marks(t, "U"), Text: "Goods are MOVING through a northern harbour; eleven crates on the old pier, we hear. Velmora and Port\nSelwyn are named, and 14 March."},
		},
		Originals: []tearline.Original{{
			ID: id, Marks: marks(t, "S//NF"),
			Text: "The courier counted eleven crates on the old pier in Port Selwyn near Velmora on 14 March. Smuggled goods, he said, went inland by quartermaster's lorry.",
		}},
		Elsewhere: map[string]int{"goods": 1, "harbour": 0},
	}
	r := tearline.Compare(in)
	has(t, r,
		`doubtful passage 1 "eleven crates on the old pier"`, // of six words, four of which tell
		`doubtful name 1 "Velmora"`,
		`doubtful name 1 "Port\nSelwyn"`,
		`doubtful name 1 "14 March"`,
		`slight rare-word 1 "Goods"`,
	)
	for _, f := range r.Findings {
		if f.Paragraph == 0 || strings.Contains(f.Text, "harbour") {
			t.Errorf("found what does not stand in both: %+v", f)
		}
		if f.Original != id || f.Says == "" {
			t.Errorf("%+v", f)
		}
	}
	if s := r.Shares[0]; s.Words != 6 || s.Of != 26 || s.Mark != "S//NF" {
		t.Errorf("share %+v", s)
	}
}

func TestFactsThatStillStand(t *testing.T) {
	low, high := 30.0, 40.0
	in := tearline.Input{
		Schemes: schemes,
		Paragraphs: []tearline.Paragraph{
			{Text: "A man of 40 who repairs radios in Velmora"},
			{Text: "Nothing of it.", Facts: []mosaic.Fact{{Attribute: "trade", Values: []string{"radio repair"}}, {Attribute: "city", Values: []string{"inland"}}}},
		},
		Originals: []tearline.Original{{ID: cordon.NewID(), Text: "It is said.", Facts: []mosaic.Fact{
			{Attribute: "city", Values: []string{"Velmora"}},
			{Attribute: "trade", Values: []string{"radio repair", "ropes"}},
			{Attribute: "age", Min: &low, Max: &high},
		}}},
	}
	r := tearline.Compare(in)
	if got, want := brief(r.Findings), []string{`serious fact 0 "40"`, `serious fact 0 "Velmora"`, `serious fact-as-fine 1 ""`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMarkingsThatMakeNoTearline(t *testing.T) {
	check := func(own, original string) []string {
		return brief(tearline.Compare(tearline.Input{
			Schemes:    schemes,
			Paragraphs: []tearline.Paragraph{{Marks: marks(t, own), Text: "One thing."}},
			Originals:  []tearline.Original{{ID: cordon.NewID(), Marks: marks(t, original), Text: "Another."}},
		}).Findings)
	}
	for _, c := range []struct {
		own, original string
		want          []string
	}{
		{"C//REL TO USA, FRA, GBR", "S//REL TO USA, GBR", nil},
		{"S//NF", "S//REL TO USA, GBR", []string{`doubtful marking 0 ""`}},
		{"S//NF", "S//NF", []string{`doubtful marking 0 ""`}},
		{"S//SI//REL TO USA, FRA, GBR", "TS//SI//NF", []string{`serious marking 0 ""`}},
	} {
		if got := check(c.own, c.original); !slices.Equal(got, c.want) {
			t.Errorf("%s of %s: %q, want %q", c.own, c.original, got, c.want)
		}
	}
}

func TestTheSlightestIsLeftOff(t *testing.T) {
	var text strings.Builder
	elsewhere := map[string]int{}
	for i := range tearline.MaxFindings + 20 {
		w := "w" + strings.Repeat("x", i%7) + strings.Repeat("y", i/7)
		elsewhere[w] = 0
		fmt.Fprintf(&text, "%s. the ", w)
	}
	reversed := strings.Split(text.String(), " the ")
	slices.Reverse(reversed)
	r := tearline.Compare(tearline.Input{
		Paragraphs: []tearline.Paragraph{{Text: text.String()}, {Text: "Nothing but four telling words here."}},
		Originals:  []tearline.Original{{Text: strings.Join(reversed, " of ") + " nothing but four telling words here"}},
		Elsewhere:  elsewhere,
	})
	if len(r.Findings) != tearline.MaxFindings || r.More != 21 || r.Findings[0].Kind != tearline.Passage {
		t.Errorf("%d listed, %d more, first %+v", len(r.Findings), r.More, r.Findings[0])
	}
}

// Every stretch that is listed stands in both texts, where it says; and every run of words
// that stands in both and tells enough is said to.
func TestComparePromises(t *testing.T) {
	prose := rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for _, w := range rapid.SliceOfN(rapid.SampledFrom([]string{"crates", "Velmora", "KESTREL-7", "14", "the", "of", "pier", "old", "counted"}), 0, 20).Draw(t, "words") {
			b.WriteString(w + rapid.SampledFrom([]string{" ", ", ", ".\n", " *"}).Draw(t, "between"))
		}
		return b.String()
	})
	rapid.Check(t, func(t *rapid.T) {
		in := tearline.Input{Elsewhere: map[string]int{}}
		for range rapid.IntRange(1, 3).Draw(t, "paragraphs") {
			in.Paragraphs = append(in.Paragraphs, tearline.Paragraph{Text: prose.Draw(t, "paragraph")})
		}
		for range rapid.IntRange(1, 2).Draw(t, "originals") {
			in.Originals = append(in.Originals, tearline.Original{ID: cordon.NewID(), Text: prose.Draw(t, "original")})
		}
		for _, w := range tearline.Candidates(in) {
			in.Elsewhere[w] = 0
		}
		r := tearline.Compare(in)
		keys := func(text string) string {
			var b strings.Builder
			for _, w := range tokens.Read(text) {
				b.WriteString(w.Key + " ")
			}
			return b.String()
		}
		for _, f := range r.Findings {
			o := in.Originals[slices.IndexFunc(in.Originals, func(o tearline.Original) bool { return o.ID == f.Original })]
			a, b := in.Paragraphs[f.Paragraph].Text[f.At.Start:f.At.End], o.Text[f.In.Start:f.In.End]
			if keys(a) != keys(b) || keys(a) == "" || keys(f.Text) != keys(a) {
				t.Fatalf("%+v: %q is not %q", f, a, b)
			}
		}
		for j, p := range in.Paragraphs {
			for i, o := range in.Originals {
				everywhere(t, j, tokens.Read(p.Text), tokens.Read(o.Text), r, o.ID)
				if s := r.Shares[i]; s.Words > s.Of {
					t.Fatalf("share %+v", s)
				}
			}
		}
	})
}

// everywhere fails where a telling run of both, or one word that is not
// everyday, is in no finding.
func everywhere(t *rapid.T, paragraph int, p, o []tokens.Word, r tearline.Result, original cordon.ID) {
	covered := func(from, to int, kinds ...tearline.Kind) bool {
		return slices.ContainsFunc(r.Findings, func(f tearline.Finding) bool {
			return f.Paragraph == paragraph && f.Original == original && f.At.Start <= from && to <= f.At.End &&
				(kinds == nil || slices.Contains(kinds, f.Kind))
		})
	}
	met := map[string]bool{}
	for i := range p {
		for j := range o {
			n, telling := 0, 0
			for i+n < len(p) && j+n < len(o) && p[i+n].Key == o[j+n].Key {
				if !p[i+n].Everyday {
					telling++
				}
				n++
			}
			if telling >= tearline.Telling && !covered(p[i].Start, p[i+n-1].End, tearline.Passage) {
				t.Fatalf("a run of %d words is not listed", n)
			}
			if n > 0 && !p[i].Everyday && !met[p[i].Key] && covered(p[i].Start, p[i].End) {
				met[p[i].Key] = true
			}
		}
	}
	for _, w := range p {
		if !w.Everyday && !met[w.Key] && slices.ContainsFunc(o, func(x tokens.Word) bool { return x.Key == w.Key }) {
			t.Fatalf("%q stands in both and in no finding", w.Key)
		}
	}
}

// A number of the original is one however it is written.
func TestNumbersWrittenOtherwise(t *testing.T) {
	const original = "We paid 12,500 crowns on 3 March 2026 to the clerk; his number is +44 20 7946 0018, his site heron.example."
	for _, c := range []struct{ text, want string }{
		{"A payment of 12500 crowns was made.", "12500"},
		{"A payment of 12'500 crowns was made.", "12'500"},
		{"A payment of 12.500 was made.", "12.500"},
		{"A payment of ١٢٬٥٠٠ was made.", "١٢٬٥٠٠"},
		{"Somebody can be reached at 0044-20-79460018.", "0044-20-79460018"},
		{"It was done on 2026-03-03.", "2026-03-03"},
		{"Avoid heron[.]example for now.", "heron[.]example"},
		{"A payment of 12600 was made.", ""},
	} {
		got := ""
		for _, f := range tearline.Compare(tearline.Input{Paragraphs: []tearline.Paragraph{{Text: c.text}}, Originals: []tearline.Original{{ID: "o", Text: original}}}).Findings {
			if f.Kind == tearline.Number || f.Kind == tearline.Name {
				if f.Severity != tearline.Doubtful {
					t.Errorf("%q: %+v", c.text, f)
				}
				got = f.Text
			}
		}
		if got != c.want && !(c.want != "" && strings.HasPrefix(got, c.want)) {
			t.Errorf("%q: found %q, want %q", c.text, got, c.want)
		}
	}
}
