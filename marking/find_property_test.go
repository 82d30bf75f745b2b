package marking_test

import (
	"strings"
	"testing"

	"cordon/marking"
	"pgregory.net/rapid"
)

// Whatever people and programs do to a portion mark at the head of a line, what
// is found there covers what was written, or is refused: nothing is missed, and
// nothing is read as less.
func TestFindNeverReadsLess(t *testing.T) {
	t.Parallel()
	set := marking.NewSet(all()...)
	var marks []string
	for _, sch := range set.Schemes() {
		for _, e := range sch.(marking.Registrar).Register() {
			marks = append(marks, e.Example)
		}
		marks = append(marks, more[sch.Name()]...)
	}
	marks = append(marks, "TS//SI-G ABCD/TK//OC/NF", "S//REL TO USA, FVEY", "TS//SI/TK//RD-CNWDI//FGI GBR//OC/NF//XD", "TOP SECRET//SI//NOFORN", "NATO SECRET", "UK SECRET", "STRENG GEHEIM")
	wide := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r > ' ' && r < 0x7f {
				return r + 0xfee0
			}
			return r
		}, s)
	}
	at := func(s, put string, n int) string { return s[:n] + put + s[n:] }
	done := map[string]func(s string, n int) string{
		"nothing":         func(s string, _ int) string { return s },
		"wide":            func(s string, _ int) string { return wide(s) },
		"zero width":      func(s string, n int) string { return at(s, "\u200b", n) },
		"soft hyphen":     func(s string, n int) string { return at(s, "\u00ad", n) },
		"word break":      func(s string, n int) string { return at(s, "<wbr>", n) },
		"emphasis":        func(s string, n int) string { return at(s, "**", n) },
		"bold beginning":  func(s string, n int) string { return "<b>" + at(s, "</b>", n) },
		"no-break spaces": func(s string, _ int) string { return strings.ReplaceAll(s, " ", "\u00a0") },
		"spaced slashes":  func(s string, _ int) string { return strings.ReplaceAll(s, "//", " // ") },
		"other slashes":   func(s string, _ int) string { return strings.ReplaceAll(s, "/", "\u2044") },
		"entities":        func(s string, _ int) string { return strings.ReplaceAll(s, "/", "&#47;") },
		"brackets apart":  func(s string, _ int) string { return strings.ReplaceAll(s, "//", ")(") },
		"brackets spaced": func(s string, _ int) string { return strings.ReplaceAll(s, "//", ") (") },
		"cut by a line": func(s string, n int) string {
			if i := strings.IndexAny(s[n:], " /-,"); i >= 0 {
				return at(s, "\n", n+i)
			}
			return "\n" + s
		},
		"commas":         func(s string, _ int) string { return strings.ReplaceAll(s, "//", ", ") },
		"ampersands":     func(s string, _ int) string { return strings.ReplaceAll(s, "//", " & ") },
		"colons":         func(s string, _ int) string { return strings.ReplaceAll(s, "//", ":") },
		"cut at a slash": func(s string, _ int) string { return strings.Replace(s, "//", "//\n", 1) },
		"underlined":     func(s string, n int) string { return at(s, "\u0332", n) },
		"dashes":         func(s string, _ int) string { return strings.ReplaceAll(s, "-", "\u2011") },
	}
	var ways []string
	for way := range done {
		ways = append(ways, way)
	}
	rapid.Check(t, func(t *rapid.T) {
		mark := rapid.SampledFrom(marks).Draw(t, "mark")
		way := rapid.SampledFrom(ways).Draw(t, "way")
		n := rapid.IntRange(0, len(mark)).Draw(t, "at")
		for n > 0 && n < len(mark) && mark[n]&0xc0 == 0x80 {
			n--
		}
		around := rapid.SampledFrom([][2]string{{"(", ")"}, {"[", "]"}, {"1. (", ")"}, {"（", "）"}}).Draw(t, "around")
		if strings.HasPrefix(mark, "//") && (way == "commas" || way == "ampersands" || way == "colons") {
			return
		}
		if strings.HasPrefix(mark, "//") && (strings.HasPrefix(way, "brackets") || strings.HasPrefix(way, "cut")) {
			return // the slashes of a foreign mark part nothing
		}
		if (strings.Contains(mark, "Str.") || strings.Contains(mark, "Geh. ")) && strings.HasPrefix(way, "cut") {
			return // a point ends what is read without brackets
		}
		if strings.Contains(mark, "WATTLE") && strings.HasPrefix(way, "brackets") {
			return // in a bracket of its own a codeword is any word
		}
		text := around[0] + done[way](mark, n) + around[1] + " The courier met nobody."
		want, err := set.Parse("(" + mark + ")")
		if err != nil {
			t.Fatal(err)
		}
		var got []marking.Marks
		for f := range set.Find(text) {
			if f.Err != nil {
				return // refused
			}
			if f.Place.Head() {
				got = append(got, f.Marks)
			}
		}
		if len(got) == 0 {
			t.Fatalf("%s: nothing is found in %q", way, text)
		}
		if whole, err := set.RollUp(got); err != nil || !set.Covers(whole, want) && whole.Portion() != want.Portion() {
			t.Fatalf("%s: %q reads as %v, not as %s", way, text, whole, want)
		}
	})
}

// Whatever stands beside whatever, Find says only what is in the text, in order.
func TestFindTakesAnything(t *testing.T) {
	t.Parallel()
	set := marking.NewSet(all()...)
	pieces := strings.Split("SECRET|TOP SECRET|NOFORN|REL TO USA, GBR|S//NF|TLP:RED|tlp|Traffic Light Protocol|Stg. GEHEIM|機密|Ⓢ|ⓢ|Ѕ|(|)|[|]|{|}|<|>|<td>|</b>|&nbsp;|\"|'|“|”|`|**|_|,|;|:|.|-|—|/|//|\\|=|+|\t|\n|\u202e|\u202c|\u2028|\u00a0| |  |classification|name|Ann|1|(a)|Classified|draft|\xff|é", "|")
	pieces = append(pieces, "|")
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 30).Draw(t, "pieces"), "")
		at := 0
		for f := range set.Find(text) {
			if f.Start < at || f.End <= f.Start || f.End > len(text) || f.Lead > f.Start || !strings.Contains(text[f.Start:f.End], f.Text) || f.Err == nil && f.Marks.Empty() {
				t.Fatalf("%q at %d: %+v", text, at, f)
			}
			at = f.End
		}
	})
}
