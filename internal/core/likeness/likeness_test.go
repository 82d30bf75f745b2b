package likeness

import (
	"fmt"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/store/terms"
)

// among is the portion among others that have nothing to do with it.
func among(text string) collection {
	texts, refs := []string{text}, []string{"a/0"}
	for i := range 400 {
		texts = append(texts, fmt.Sprintf("Minute %d of the committee: item %d was taken, vote %d followed, and member %d spoke on road %d.", i, i*7, i*11, i*13, i%40))
		refs = append(refs, fmt.Sprintf("b%d/0", i))
	}
	return collect(texts, refs)
}

func TestFind(t *testing.T) {
	const (
		portion = "The dock clerk told our man that the quartermaster keeps a second ledger behind the stove in the harbour office and copies it every Sunday night."
		sha     = "4f1c9a7be2d05583c6b1a90e77d2f4480a3be61c5d9f20b7e8143c6a5d9e0f12"
	)
	c := among(portion + " The implant calls update-cdn.heron-mail.example and its SHA-256 is " + sha + ", for 12,500 crowns.")
	for _, x := range []struct {
		name, text string
		level      Level
		how        How
	}{
		{"reworded", "Our man learned from a clerk at the docks that in the harbour's office, behind a stove, the quartermaster was keeping another ledger, which he copied on Sunday nights.", Alarm, Reworded},
		{"reworded among other things", strings.Repeat("Nothing happened at the picnic of the choir, where people ate cake, sang old songs and went home early. ", 20) +
			"A clerk at the docks says the quartermaster copies his second ledger on Sunday nights and keeps it behind the harbour office stove, with the implant." +
			strings.Repeat(" The weather stayed fine, children played by the river and nobody complained of anything whatever.", 20), Alarm, Reworded},
		{"a hash", "IOC seen in the wild: " + strings.ToUpper(sha), Alarm, Indicator},
		{"a domain, defanged", "blocked update-cdn[.]heron-mail[.]example today", Alarm, Indicator},
		{"an amount", "It cost us 12 500 last year, all told, and more the year before.", Triage, Indicator},
		{"something else", "The annual picnic takes place on 4 July. Bring your own plates.", "", ""},
		{"a hash of another thing", strings.ReplaceAll(sha, "a", "b"), "", ""},
		{"nothing", "", "", ""},
	} {
		found := c.find(t, x.text, 0)
		if x.level == "" {
			if len(found) != 0 {
				t.Errorf("%s: found %+v", x.name, found)
			}
			continue
		}
		if len(found) == 0 || c.refs[found[0].Portion] != "a/0" || found[0].Level != x.level || found[0].How != x.how {
			t.Errorf("%s: found %+v", x.name, found)
			continue
		}
		if m := found[0]; (m.Level == Alarm) != (m.Score >= 0.5) || m.Score <= 0 || m.Score > 1 {
			t.Errorf("%s: at %s with a score of %v", x.name, m.Level, m.Score)
		}
		for _, s := range found[0].Spans {
			if s.Start < 0 || s.End > len(x.text) || s.Start >= s.End || !strings.ContainsAny(x.text[s.Start:s.End], "0123456789") && !strings.Contains(x.text[s.Start:s.End], "ledger") && !strings.Contains(x.text[s.Start:s.End], "heron") {
				t.Errorf("%s: at %v", x.name, s)
			}
		}
	}
	if found := c.find(t, "the committee took a vote on the road", 3); len(found) != 3 || found[0].Level == Alarm {
		t.Errorf("of the best three: %+v", found)
	}
}

func TestChinese(t *testing.T) {
	c := among("据可靠来源称中华人民共和国国家安全部派往北港的联络员每周二夜里更换住处并由船长接应")
	if found := c.find(t, "国家安全部派往北港的联络员由船长接应，每周二夜里更换住处，据可靠来源称", 0); len(found) == 0 || c.refs[found[0].Portion] != "a/0" {
		t.Errorf("a text in another order: %+v", found)
	}
}

// An indicator that stands in many reports says little, in very many nothing.
func TestIndicatorsAreWeighedByHowRareTheyAre(t *testing.T) {
	for _, x := range []struct {
		in    int
		level Level
	}{{1, Alarm}, {3, Alarm}, {4, Triage}, {20, Triage}, {21, ""}} {
		var texts, refs []string
		for i := range x.in {
			texts, refs = append(texts, fmt.Sprintf("case %d calls heron.example", i)), append(refs, fmt.Sprintf("r%d/0", i))
		}
		c := collect(texts, refs)
		found := c.find(t, "hxxp://heron[.]example", 0)
		if x.level == "" && len(found) > 0 || x.level != "" && (len(found) != x.in || found[0].Level != x.level) {
			t.Errorf("in %d reports: %+v", x.in, found)
		}
	}
}

// What is out of sight is not found and changes no score.
func TestOutOfSight(t *testing.T) {
	c := among("The quartermaster keeps a second ledger behind the stove in the harbour office.")
	const text = "a ledger that the quartermaster keeps behind a stove, heron.example"
	before := c.find(t, text, 5)
	hidden := []terms.Row{
		{Portion: cordon.NewID(), Report: cordon.NewID(), Rule: 2, Terms: c.tok.Of(text).Terms},
		{Portion: cordon.NewID(), Report: cordon.NewID(), Rule: 2, Terms: c.tok.Of("ledger stove").Terms},
	}
	c.index = c.index.Over(nil, hidden)
	after := c.find(t, text, 5)
	if fmt.Sprint(before) != fmt.Sprint(after) || len(before) == 0 {
		t.Errorf("with something hidden beside it: %+v, without: %+v", after, before)
	}
}
