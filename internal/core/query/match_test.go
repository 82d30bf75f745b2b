package query

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"cordon"
	"cordon/internal/core/tokens"
)

var tok = tokens.New([32]byte{7})

func parse(t testing.TB, text string) Query {
	t.Helper()
	q, err := Parse(tok, text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return q
}

func TestWhatAnswersAQuery(t *testing.T) {
	const text = "The Harbour-Street office was watched nightly;\nMeridian’s couriers met at the fish mar-\nket of Harbourtown."
	have := tok.Words(text)
	for query, want := range map[string]bool{
		"harbour":                           true,
		"office HARBOUR street":             true,
		"harbour-street":                    true,
		"harbour ferry":                     false,
		`"harbour street office"`:           true,
		`"Harbour-Street office"`:           true,
		`"street office was"`:               true, // begins inside a joined word
		`"the harbour"`:                     true, // ends inside one
		`"fish market of harbourtown"`:      true, // broken at the line's end
		`"harbour office"`:                  false,
		`"street harbour"`:                  false,
		`"meridian's couriers"`:             true,
		`"meridians couriers"`:              true,
		`“fish market” office`:              true,
		`"nightly meridian`:                 true, // not closed
		"office -ferry":                     true,
		"office -courier":                   true, // couriers is another word
		"office -couriers":                  false,
		`office -"fish market"`:             false,
		`office -"market fish"`:             true,
		"ferry OR office":                   true,
		"ferry OR pier OR harbour couriers": true,
		"ferry OR harbour pier":             false,
		`ferry OR "fish market"`:            true,
		"OR harbour":                        false, // a word
		"harbour OR":                        false,
		"harbour OR -couriers":              false, // and here too
		"harbour or office":                 false,
		"office — nightly":                  true,
	} {
		q := parse(t, query)
		m, got := q.Match(text)
		if got != want {
			t.Errorf("%s: answered %v", query, got)
		}
		// By tokens a text is never missed; where nothing more is asked for,
		// none is found wrongly.
		byTokens := slices.ContainsFunc(q.Choices(), func(all []int64) bool {
			return !slices.ContainsFunc(all, func(n int64) bool { return !slices.Contains(have, n) })
		})
		if got && !byTokens || q.ByTokens() && got != byTokens {
			t.Errorf("%s: answered %v, by tokens %v", query, got, byTokens)
		}
		if got && len(m.hits) == 0 {
			t.Errorf("%s: no hits", query)
		}
	}
}

func TestQueriesRefused(t *testing.T) {
	many := strings.Repeat("same ", cordon.MaxQueryWords)
	for query, want := range map[string]cordon.Kind{
		"":                                   cordon.KindInvalid,
		" —*- \"\" ":                         cordon.KindInvalid,
		"-ferry":                             cordon.KindInvalid,
		many + "more":                        cordon.KindTooLarge,
		`"` + many + `more"`:                 cordon.KindTooLarge,
		"a OR b c OR d e OR f g OR h i OR j": cordon.KindTooLarge,
		strings.Repeat("x", 10_000):          cordon.KindTooLarge,
	} {
		if _, err := Parse(tok, query); err == nil || cordon.KindOf(err) != want {
			t.Errorf("%.40q: %v", query, err)
		}
	}
	parse(t, many)
	parse(t, "a OR b c OR d e OR f g OR h")
}

func TestRank(t *testing.T) {
	q := parse(t, "beacon harbour")
	weights := []float64{Weight(3, 1000), Weight(400, 1000)}
	score := func(text string) float64 {
		m, ok := q.Match(text)
		if !ok {
			t.Fatalf("%q does not answer", text)
		}
		return m.Score(weights)
	}
	filler := strings.Repeat(" and so on", 60)
	falling := []float64{
		score("beacon beacon harbour"), // more of the rare word
		score("beacon harbour harbour"),
		score("beacon harbour"),
		score("beacon harbour" + filler), // the same in a longer text
	}
	for i, s := range falling[1:] {
		if s >= falling[i] || s <= 0 {
			t.Errorf("scores %v do not fall", falling)
		}
	}
	if Weight(0, 0) <= 0 || Weight(1000, 3) <= 0 {
		t.Error("a weight is not positive")
	}
}

func snippet(t testing.TB, query, text string) string {
	m, ok := parse(t, query).Match(text)
	if !ok {
		t.Fatalf("%q does not answer %q", text, query)
	}
	var b strings.Builder
	for _, p := range m.Snippet(text) {
		if p.Hit {
			fmt.Fprintf(&b, "[%s]", p.Text)
			continue
		}
		b.WriteString(p.Text)
	}
	return b.String()
}

func TestSnippets(t *testing.T) {
	long := strings.Repeat("filler words, ", 40)
	for _, c := range []struct{ query, text, want string }{
		{"beacon", "A Beacon\n\tby night", "A [Beacon] by night"},
		{`"by night" beacon`, "A Beacon by  night, by day", "A [Beacon] [by night], by day"},
		{"fish-market", "fish market and fish-market", "[fish] [market] and [fish-market]"},
		{"beacon", "beacon", "[beacon]"},
		{`"a beacon" beacon`, "a beacon", "[a beacon]"},
	} {
		if got := snippet(t, c.query, c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.query, got, c.want)
		}
	}
	got := snippet(t, "beacon pier", "beacon "+long+" a beacon at the pier "+long)
	if !strings.Contains(got, "[beacon] at the [pier]") || !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") || len(got) > 260 {
		t.Errorf("of a long text: %q", got)
	}
}

func FuzzQuery(f *testing.F) {
	f.Add(`harbour "fish market" -ferry OR pier`, "The fish mar-\nket of Harbour-Street. Ünïcode 汉字")
	f.Add(`-"x`, "x")
	f.Add("a OR \"b c\" -d", "a b c")
	f.Fuzz(func(t *testing.T, query, text string) {
		q, err := Parse(tok, query)
		if err != nil {
			if k := cordon.KindOf(err); k != cordon.KindInvalid && k != cordon.KindTooLarge {
				t.Fatal(err)
			}
			return
		}
		m, ok := q.Match(text)
		if !ok {
			return
		}
		have := tok.Words(text)
		if !slices.ContainsFunc(q.Choices(), func(all []int64) bool {
			return !slices.ContainsFunc(all, func(n int64) bool { return !slices.Contains(have, n) })
		}) {
			t.Fatalf("%q answers %q and has not its tokens", text, query)
		}
		for _, p := range m.Snippet(text) {
			if utf8.ValidString(text) && !utf8.ValidString(p.Text) || p.Text == "" {
				t.Fatalf("a snippet's piece is %q", p.Text)
			}
		}
	})
}
