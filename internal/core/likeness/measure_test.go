package likeness

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/tokens"
	"cordon/internal/harness/sample"
	"cordon/internal/harness/soak"
	"cordon/internal/store/terms"
)

// held is a store that has nothing but terms.
type held struct {
	cordon.ReadTx
	index *terms.Index
}

func (h held) Nearest(asked [][]uint32, sees cordon.Visibility, limit int) ([][]cordon.Near, error) {
	return h.index.Nearest(asked, sees, limit), nil
}

func (h held) Carrying(asked []uint32, sees cordon.Visibility, most int) ([]cordon.TermHit, error) {
	return h.index.Carrying(asked, sees, most), nil
}

var seesAll = cordon.Visibility{Rules: []cordon.RuleNo{1}}

type collection struct {
	held
	tok  *tokens.Tokeniser
	refs map[cordon.ID]string
}

func collect(texts, refs []string) collection {
	c := collection{tok: tokens.New([32]byte{1}), refs: make(map[cordon.ID]string)}
	reports := make(map[string]cordon.ID)
	var rows []terms.Row
	for i, text := range texts {
		group := refs[i][:max(0, strings.LastIndexByte(refs[i], '/'))]
		if reports[group] == "" {
			reports[group] = cordon.NewID()
		}
		id := cordon.NewID()
		c.refs[id] = refs[i]
		rows = append(rows, terms.Row{Portion: id, Report: reports[group], Rule: 1, Terms: c.tok.Of(text).Terms})
	}
	c.index = terms.New(rows)
	return c
}

func (c collection) find(t testing.TB, text string, top int) []Match {
	t.Helper()
	found, err := Find(c, c.tok, seesAll, text, top)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// question is a text with the portions it tells of, if any.
type question struct {
	Kind, Text string
	Refs       []string
}

// questions are those of the set that stand at odd places, on which nothing was set, and
// sentences, ten words and lightly changed texts out of the portions.
func questions(t testing.TB, s sample.Set, texts, refs []string) []question {
	t.Helper()
	var all []question
	for i, line := range s.Lines(t, "trace/queries.jsonl") {
		var q question
		if err := json.Unmarshal([]byte(line), &q); err != nil {
			t.Fatal(err)
		}
		if i%2 == 1 {
			all = append(all, q)
		}
	}
	dice := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		n := dice.IntN(len(texts))
		words := strings.Fields(texts[n])
		if len(words) < 30 {
			continue
		}
		at := dice.IntN(len(words) - 20)
		all = append(all, question{"about 20 words, verbatim", strings.Join(words[at:at+20], " "), refs[n : n+1]},
			question{"ten words, verbatim", strings.Join(words[at:at+10], " "), refs[n : n+1]})
		light := slices.DeleteFunc(slices.Clone(words), func(string) bool { return dice.IntN(7) == 0 })
		for i := 0; i+1 < len(light); i += 9 {
			light[i], light[i+1] = light[i+1], light[i]
		}
		all = append(all, question{"lightly reworded", strings.Join(light, " "), refs[n : n+1]})
	}
	return all
}

// TestMeasured logs the table of docs/benchmarks.md, and holds what Rates promise, in a
// soak run.
func TestMeasured(t *testing.T) {
	if !soak.On() {
		t.Skip("it takes a while: CORDON_SOAK=1")
	}
	sample.Each(t, func(t *testing.T, s sample.Set) {
		if s.Name == "ours" {
			t.Skip("there are no questions in our own set")
		}
		texts, refs := s.Texts(t, "trace/portions.jsonl")
		c := collect(texts, refs)
		type row struct{ n, first, ten, alarm, triage, wrong int }
		table := make(map[string]*row)
		for _, q := range questions(t, s, texts, refs) {
			kind := q.Kind
			if len(q.Refs) == 0 {
				kind += ", of nothing here"
			}
			r := table[kind]
			if r == nil {
				r = &row{}
				table[kind] = r
			}
			r.n++
			for i, m := range c.find(t, q.Text, 10) {
				right := slices.Contains(q.Refs, c.refs[m.Portion])
				switch {
				case right && i == 0:
					r.first++
					fallthrough
				case right && i < 10:
					r.ten++
					if m.Level == Alarm {
						r.alarm++
					} else if m.Level == Triage {
						r.triage++
					}
				}
				if right {
					break
				}
				if m.Level == Alarm {
					r.wrong++
				}
			}
		}
		stories, _ := s.Texts(t, "trace/unrelated.jsonl")
		size, alarms, triages := 0, 0, 0
		began := time.Now()
		for _, story := range stories {
			size += len(story)
			for _, m := range c.find(t, story, 0) {
				switch m.Level {
				case Alarm:
					alarms++
				case Triage:
					triages++
				}
			}
		}
		mb := float64(size) / 1e6
		if alarms > int(mb)+1 || float64(triages) > 3*mb {
			t.Errorf("Rates promise too much: %d alarms and %d triages in %.1f MB", alarms, triages, mb)
		}
		t.Logf("stories: %.2f alarms and %.1f triages a MB, %.1f MB/s", float64(alarms)/mb, float64(triages)/mb, mb/time.Since(began).Seconds())
		for kind, r := range table {
			n := float64(r.n)
			if (kind == "reworded" && (r.first < r.n*97/100 || r.alarm < r.n*4/5)) || (kind == "summary-of-meeting" && (r.ten < r.n*97/100 || r.alarm < r.n*7/10)) {
				t.Errorf("%s is found worse than it was", kind)
			}
			t.Logf("%-40s n %3d R@1 %.3f R@10 %.3f alarm %.3f or triage %.3f, others first at alarm %.2f", kind, r.n, float64(r.first)/n, float64(r.ten)/n, float64(r.alarm)/n, float64(r.alarm+r.triage)/n, float64(r.wrong)/n)
		}
	})
}
