package tokens

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cordon/internal/harness/sample"
)

// slowly is Match by the book: try every place in the text with every place in
// the portion, take the longest, repeat in what is left of the text.
func slowly(text, portion string) []Passage {
	k := New(testKey(9))
	a, b := k.readAll(text), k.readAll(portion)
	least := least(portion, b)
	if least == 0 {
		return nil
	}
	taken := make([]bool, len(a))
	var passages []Passage
	for {
		var best run
		for i := range a {
			for j := range b {
				n := 0
				for i+n < len(a) && j+n < len(b) && !taken[i+n] && a[i+n].hash == b[j+n].hash {
					n++
				}
				if n > best.n && evidence(a[i:i+n]) >= least {
					best = run{i, j, n}
				}
			}
		}
		if best.n == 0 {
			break
		}
		for i := range best.n {
			taken[best.text+i] = true
		}
		passages = append(passages, Passage{
			Start: int(a[best.text].start), End: int(a[best.text+best.n-1].end),
			From: int(b[best.at].start), To: int(b[best.at+best.n-1].end), Words: evidence(a[best.text:best.text+best.n]) / wholeWord,
		})
	}
	slices.SortFunc(passages, func(a, b Passage) int { return a.Start - b.Start })
	return passages
}

// portions draws rows of so few different words that they repeat themselves.
func portions(most int) *rapid.Generator[string] {
	return rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{"harbour", "street", "The", "港", "ท"}), 0, most),
		func(words []string) string { return strings.Join(words, ", ") })
}

// quoting draws texts that quote pieces of the portion, one after the other,
// with and without something between them.
func quoting(portion string) *rapid.Generator[string] {
	words := strings.Split(portion, ", ")
	return rapid.Custom(func(t *rapid.T) string {
		var text []string
		for range rapid.IntRange(0, 5).Draw(t, "pieces") {
			from := rapid.IntRange(0, len(words)).Draw(t, "from")
			to := rapid.IntRange(from, len(words)).Draw(t, "to")
			text = append(text, words[from:to]...)
			text = append(text, rapid.SampledFrom([][]string{nil, nil, {"street"}, {"unrelated"}}).Draw(t, "between")...)
		}
		return strings.Join(text, " ")
	})
}

// same compares passages but for where in the portion a trimmed one stands,
// which the slow way may find elsewhere; there it compares the words.
func same(t *rapid.T, text, portion string, got, want []Passage) {
	for i := range got {
		quoted, original := read(text[got[i].Start:got[i].End]), read(portion[got[i].From:got[i].To])
		if !slices.Equal(quoted, original) || Count(text[got[i].Start:got[i].End]) != got[i].Words {
			t.Fatalf("%+v is %q in the text and %q in the portion", got[i], quoted, original)
		}
		got[i].From, got[i].To = 0, 0
	}
	for i := range want {
		want[i].From, want[i].To = 0, 0
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("text %q, portion %q: %s", text, portion, d)
	}
}

func TestMatchAsByTheBook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		portion := portions(40).Draw(t, "portion")
		text := quoting(portion).Draw(t, "text")
		same(t, text, portion, Match(text, portion), slowly(text, portion))
	})
}

// row gives words a, a+1 … as text.
func row(from, to int) string {
	var words []string
	for i := from; i < to; i++ {
		words = append(words, fmt.Sprint("w", i))
	}
	return strings.Join(words, " ") + " "
}

func TestMatchChoosesAmongOverlaps(t *testing.T) {
	for _, c := range []struct{ name, text, portion, want string }{
		{"the longer has all, the earlier its beginning", row(0, 25), row(0, 12) + "x " + row(9, 25), "w0-w8 w9-w24"},
		{"the longer has all, the later its end", row(0, 25), row(13, 25) + "x " + row(0, 16), "w0-w15 w16-w24"},
		{"of equals the first has all", row(0, 20), row(0, 14) + "x " + row(6, 20), "w0-w13"},
		{"too little is left", row(0, 18), row(0, 12) + "x " + row(7, 18), "w0-w11"},
	} {
		var got []string
		for _, p := range Match(c.text, c.portion) {
			words := strings.Fields(c.text[p.Start:p.End])
			got = append(got, words[0]+"-"+words[len(words)-1])
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

func TestMatchGivesTheFirstPlaceInThePortion(t *testing.T) {
	got := Match("y "+row(3, 13), "z "+row(3, 13)+"x "+row(0, 13)+"x "+row(3, 13))
	if len(got) != 1 || got[0].From != 2 {
		t.Errorf("%+v", got)
	}
}

func TestMatchNearProbes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := New(testKey(3))
		portion := portions(30).Draw(t, "portion")
		text := quoting(portion).Draw(t, "text")
		prints, p := k.Prints(portion), k.Pattern(portion)
		for b := range k.Blocks(text) {
			var near []int32
			for i, probe := range b.Probes() {
				if slices.Contains(prints, probe) {
					near = append(near, int32(i))
				}
			}
			if near == nil {
				near = []int32{}
			}
			same(t, text, portion, p.Match(b, near, 0), Match(text, portion))
		}
	})
}

// Read in small blocks nothing is lost: the same words of the text are quoted.
func TestBlocksLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const half = 40
		k := New(testKey(3))
		portion := portions(half).Draw(t, "portion")
		var text string
		for range rapid.IntRange(0, 8).Draw(t, "quotes") {
			text += strings.Repeat(" unrelated", rapid.IntRange(1, 60).Draw(t, "gap")) + " " + portion
		}
		p := k.Pattern(portion)
		var got []Passage
		words := 0
		for b := range k.blocks(text, half) {
			if words++; len(b.words) > 2*half {
				t.Fatalf("a block of %d words", len(b.words))
			}
			got = append(got, p.Match(b, nil, end(got))...)
		}
		same(t, text, portion, got, Match(text, portion))
	})
}

// Guarantee words of a portion in a row share a fingerprint with it, in any
// surroundings.
func TestGuarantee(t *testing.T) {
	k := New(testKey(4))
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(Guarantee, 80).Draw(t, "words")
		words := make([]string, n)
		for i := range words {
			words[i] = fmt.Sprintf("word%d", rapid.IntRange(0, 40).Draw(t, "word"))
		}
		prints := k.Prints(strings.Join(words, " "))
		from := rapid.IntRange(0, n-Guarantee).Draw(t, "from")
		text := "before it " + strings.Join(words[from:from+Guarantee], " ") + " and after"
		for b := range k.Blocks(text) {
			if !slices.ContainsFunc(b.Probes(), func(p int64) bool { return slices.Contains(prints, p) }) {
				t.Fatalf("words %d on of %q are not found", from, words)
			}
		}
	})
}

func TestPrintsAreFew(t *testing.T) {
	var words []string
	for i := range 10_000 {
		words = append(words, fmt.Sprint("word", i))
	}
	if n := len(New(testKey(1)).Prints(strings.Join(words, " "))); n < 3_500 || n > 4_500 {
		t.Errorf("%d fingerprints for 10,000 words, about 4,000 are expected", n)
	}
}

func TestShortPortions(t *testing.T) {
	k := New(testKey(5))
	for _, c := range []struct {
		name, portion, text string
		found               bool
	}{
		{"tasking quoted whole", "Watch the Harbour Street office nightly.", "He wrote: watch the HARBOUR street\noffice nightly! And then", true},
		{"tasking but for a word", "Watch the Harbour Street office nightly.", "watch the Harbour Street office", false},
		{"five words", "Meet Ilse at Pier Nine", "we were to meet Ilse at pier nine.", true},
		{"four words", "Meet Ilse, Pier Nine", "we were to meet Ilse, pier nine.", false},
		{"everyday phrase", "He got to his feet and went", "He got to his feet and went", false},
		{"eight everyday words", "You do not know what you are to do", "You do not know what you are to do", true},
	} {
		got := len(Match(c.text, c.portion)) == 1
		if got != c.found {
			t.Errorf("%s: found %v", c.name, got)
		}
		prints := k.Prints(c.portion)
		for b := range k.Blocks(c.text) {
			shared := slices.ContainsFunc(b.Probes(), func(p int64) bool { return slices.Contains(prints, p) })
			if c.found && !shared || len(k.readAll(c.portion)) < Guarantee && len(prints) > 1 {
				t.Errorf("%s: shared %v, %d prints", c.name, shared, len(prints))
			}
		}
	}
}

// The bound on short portions, measured: few of the short lines of a story that
// are traced at all stand in another story.
func TestShortLinesAccuseFew(t *testing.T) { sample.Each(t, shortLinesAccuseFew) }

func shortLinesAccuseFew(t *testing.T, s sample.Set) {
	lines := make(map[string]int)    // short lines, and the story of each
	stands := make(map[string][]int) // all runs of as many words, and their stories
	stories, _ := s.Texts(t, "trace/unrelated.jsonl")
	for i, story := range stories {
		all := read(story)
		for n := Shortest; n < Guarantee; n++ {
			for j := range len(all) - n + 1 {
				key := strings.Join(all[j:j+n], " ")
				if in := stands[key]; len(in) == 0 || in[len(in)-1] != i {
					stands[key] = append(in, i)
				}
			}
		}
		for _, l := range strings.FieldsFunc(story, func(r rune) bool { return strings.ContainsRune(".!?\"\n", r) }) {
			words := read(l)
			if len(words) >= Shortest && len(words) < Guarantee {
				lines[strings.Join(words, " ")] = i
			}
		}
	}
	traced, shared, dropped, sharedDropped := 0, 0, 0, 0
	for line, of := range lines {
		elsewhere := slices.ContainsFunc(stands[line], func(i int) bool { return i != of })
		if k := New(testKey(9)); least(line, k.readAll(line)) == 0 {
			dropped++
			if elsewhere {
				sharedDropped++
			}
			continue
		}
		traced++
		if elsewhere {
			shared++
			t.Log(line)
		}
	}
	t.Logf("of %d short lines traced %d stand in another story; of %d left out %d do", traced, shared, dropped, sharedDropped)
	if traced < sample.Pick(s, 25, 1000) || shared*500 > traced || sharedDropped*500 < dropped {
		t.Error("the bound does not do what the package comment says")
	}
}

func TestCoveredCountsAWordOnce(t *testing.T) {
	k := New(testKey(6))
	portion := "The liaison officer was changed after the third meeting in Karlsgrad."
	text := portion + " Again: " + portion + " And was changed after the third meeting in Karlsgrad."
	if n := k.Pattern(portion).Covered(Match(text, portion)); n != 11 {
		t.Errorf("%d words covered of 11", n)
	}
	if n := k.Pattern(portion).Covered(Match("was changed after the third meeting in Karlsgrad", portion)); n != 8 {
		t.Errorf("%d words covered of 8", n)
	}
}

func TestEditsThatDoNotHide(t *testing.T) {
	const portion = "The liaison officer's cover-name was changed after the third meeting in Karlsgrad, so the old list is useless."
	for _, edited := range []string{
		"> The liaison officer’s cover‑name was chan-\n> ged after the **third** meeting\n> in “Karlsgrad”, so the old\n> list is use-\n> less.",
		strings.ToUpper(portion),
		strings.ReplaceAll(portion, " ", " \u00a0\n"),
		strings.ReplaceAll(portion, "e", "e\u200b"),
		"x " + strings.ReplaceAll(portion, " ", " _") + " y",
	} {
		got := Match("Yesterday it said: "+edited+" No more.", portion)
		if len(got) != 1 || got[0].Words != len(read(portion)) {
			t.Errorf("%q: %+v", edited, got)
		}
	}
}

// A quotation is a quotation in every script, and the name of an office is none.
func TestScripts(t *testing.T) {
	const (
		english = "The dock clerk told our man that the quartermaster keeps a second ledger behind the stove in the harbour office and copies it every Sunday night."
		chinese = "港口书记员告诉我们的人说军需官在港务局火炉后面藏着第二本账簿并且每个星期天晚上抄写一遍交给来自北方的船长"
		arabic  = "قال كاتب الميناء لرجلنا إن أمين المخزن يحتفظ بدفتر ثان خلف الموقد في مكتب الميناء وينسخه كل ليلة أحد"
		thai    = "เสมียนท่าเรือบอกคนของเราว่านายพลาธิการซ่อนบัญชีเล่มที่สองไว้หลังเตาในสำนักงานท่าเรือและคัดลอกทุกคืนวันอาทิตย์ให้กัปตันจากทางเหนือ"
		khmer   = "ស្មៀនកំពង់ផែប្រាប់មនុស្សរបស់យើងថាមន្ត្រីផ្គត់ផ្គង់លាក់បញ្ជីទីពីរនៅក្រោយចង្ក្រានក្នុងការិយាល័យកំពង់ផែ"
		hebrew  = "אמר פקיד הנמל לאיש שלנו כי האפסנאי מחזיק פנקס שני מאחורי התנור במשרד הנמל ומעתיק אותו בכל ליל ראשון"
		cyrilic = "Писарь порта сказал нашему человеку, что квартирмейстер держит вторую книгу за печью в конторе"
		number  = "We paid 12,500 crowns on 3 March for the well-known coordinates of the pump-house beneath the re-opened coal wharf"
	)
	for _, c := range []struct {
		name, portion, text string
		found               bool
	}{
		{"Chinese, after other words", chinese, "我方看法如下" + chinese, true},
		{"a clause of Chinese", chinese, "据称军需官在港务局火炉后面藏着第二本账簿。", true},
		{"the name of a ministry", "据可靠来源称中华人民共和国国家安全部派往北港的联络员每周二夜里更换住处并由船长接应", "新华社北京电 中华人民共和国国家安全部今天举行开放日活动欢迎市民参观", false},
		{"that name as a heading", "中华人民共和国国家安全部", "新华社北京电 中华人民共和国国家安全部今天举行开放日活动欢迎市民参观", false},
		{"slashes", english, "Words: " + strings.ReplaceAll(english, " ", "/"), true},
		{"bars", english, strings.ReplaceAll(english, " ", "|"), true},
		{"commas", english, strings.ReplaceAll(english, " ", ","), true},
		{"dashes", english, strings.ReplaceAll(english, " ", "—"), true},
		{"tatweel", arabic, "ذكرت الصحيفة أن أمين المخـزن يحتفـظ بدفتـر ثان خلف المـوقد في مكتـب المينـاء وينسخه كل ليلة أحد", true},
		{"Thai, after other words", thai, "ข่าวว่านายพลาธิการซ่อนบัญชีเล่มที่สองไว้หลังเตาในสำนักงานท่าเรือ", true},
		{"a word of Thai", thai, "สำนักงานท่าเรือเปิดวันนี้", false},
		{"Khmer", khmer, "ថ្ងៃនេះមន្ត្រីផ្គត់ផ្គង់លាក់បញ្ជីទីពីរនៅក្រោយចង្ក្រានក្នុងការិយាល័យ", true},
		{"Hebrew with points", hebrew, "כי האפסנאי מַחֲזִיק פִּנְקָס שֵׁנִי מאחורי התנור במשרד הנמל", true},
		{"Latin letters in Russian", cyrilic, "чтo квapтирмейстер держит втopую книгу зa пeчью в конторе", true},
		{"Russian letters in English", english, "the quаrtermaster kееps a sесоnd lеdger bеhind thе stоve in", true},
		{"hyphen and space", english, "He said the quarter- master keeps a second led- ger behind the stove in the har- bour office", true},
		{"a hyphen on its line", english, "the quarter\n-\nmaster keeps a second led\n-\nger behind the stove in the har\n-\nbour office", true},
		{"digits grouped otherwise", number, "paid 12 500 crowns on 3 March for the well-known", true},
		{"Arabic digits", number, "paid ١٢٬٥٠٠ crowns on ٣ March for the well-known", true},
		{"points between the digits", number, "paid 12.500 crowns on 3 March for the well-known", true},
		{"another number", number, "paid 12,600 crowns on 3 March for the well-known", false},
	} {
		if got := len(Match(c.text, c.portion)) > 0; got != c.found {
			t.Errorf("%s: found %v", c.name, got)
		}
		k := New(testKey(5))
		prints := k.Prints(c.portion)
		for b := range k.Blocks(c.text) {
			if !slices.ContainsFunc(b.Probes(), func(p int64) bool { return slices.Contains(prints, p) }) && c.found {
				t.Errorf("%s: no fingerprint in common", c.name)
			}
		}
	}
}

// The same promise as of Guarantee, for words of every kind that stand together.
func TestEnoughEvidenceIsFound(t *testing.T) {
	k := New(testKey(4))
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"harbour", "street", "7", "港", "夜", "か", "ท", "เ"}), 8, 90).Draw(t, "words")
		prints := k.Prints(strings.Join(words, ", "))
		from := rapid.IntRange(0, len(words)-1).Draw(t, "from")
		to := from
		for to < len(words) && Count(strings.Join(words[from:to], ", ")) < Guarantee {
			to++
		}
		quoted := strings.Join(words[from:to], ", ")
		if Count(quoted) < Guarantee {
			t.Skip("too little is left")
		}
		for b := range k.Blocks("before it, " + quoted + ", and after") {
			if !slices.ContainsFunc(b.Probes(), func(p int64) bool { return slices.Contains(prints, p) }) {
				t.Fatalf("%q of %q is not found", quoted, words)
			}
		}
	})
}

func FuzzMatch(f *testing.F) {
	f.Add("one two three four five six seven eight nine", "two three four five six seven eight nine ten")
	f.Add("½½½½½½½½½ a", "½½½½½½½½½ b")
	f.Add("a a a a a a a a a a a a", "a a a a a a a a a")
	f.Fuzz(func(t *testing.T, text, portion string) {
		passages := Match(text, portion)
		if len(text) < 300 && len(portion) < 300 {
			words := 0
			for _, p := range slowly(text, portion) {
				words += p.Words
			}
			for _, p := range passages {
				words -= p.Words
			}
			if words != 0 {
				t.Fatalf("%d words apart from the slow way", words)
			}
		}
		valid := utf8.ValidString(text) && utf8.ValidString(portion)
		boundary := func(s string, at int) bool { return at == len(s) || utf8.RuneStart(s[at]) }
		last := 0
		for _, p := range passages {
			if p.Start < 0 || p.End <= p.Start || p.End > len(text) || p.From < 0 || p.To <= p.From || p.To > len(portion) {
				t.Fatalf("%+v is out of bounds", p)
			}
			if valid && (!boundary(text, p.Start) || !boundary(text, p.End) || !boundary(portion, p.From) || !boundary(portion, p.To)) {
				t.Fatalf("%+v is not on rune boundaries", p)
			}
			if p.Start < last {
				// Two words of one character, as of ½, share its bytes.
				t.Logf("%+v overlaps", p)
			}
			last = p.End
		}
	})
}

func BenchmarkPrints(b *testing.B) {
	text := strings.Repeat("The liaison officer’s cover-name was changed after the third meeting in Karlsgrad; ", 1000)
	k := New(testKey(1))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		k.Prints(text)
	}
}

func BenchmarkMatch(b *testing.B) {
	portion := strings.Repeat("The liaison officer’s cover-name was changed after the third meeting in Karlsgrad; ", 6)
	text := strings.Repeat("Nothing of this concerns the officer at all, and that is a good thing. ", 1400) + portion
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if len(Match(text, portion)) != 1 {
			b.Fatal("not found")
		}
	}
}
