package marking_test

import (
	"cmp"
	"errors"
	"reflect"
	"strings"
	"testing"

	"cordon/marking"
	"cordon/marking/au"
	"cordon/marking/ca"
	"cordon/marking/cui"
	"cordon/marking/de"
	"cordon/marking/eu"
	"cordon/marking/europol"
	"cordon/marking/fr"
	"cordon/marking/nato"
	"cordon/marking/pap"
	"cordon/marking/tlp"
	"cordon/marking/uk"
	"cordon/marking/us"
)

// all are the schemes that come with the library.
func all() []marking.Scheme {
	return []marking.Scheme{
		us.Scheme(), tlp.Scheme(), tlp.ChathamHouse(), pap.Scheme(), europol.Scheme(), nato.Scheme(), eu.Scheme(), uk.Scheme(),
		cui.Scheme(), de.Scheme(), fr.Scheme(), au.Scheme(), ca.Scheme(),
	}
}

func TestSchemeMarks(t *testing.T) {
	for _, c := range []struct {
		scheme          marking.Scheme
		text            string
		portion, banner string
		rule            marking.Rule
	}{
		{tlp.Scheme(), "TLP:RED", "TLP:RED", "TLP:RED", marking.Rule{Named: true}},
		{tlp.Scheme(), "TLP:AMBER+STRICT", "TLP:AMBER+STRICT", "TLP:AMBER+STRICT", marking.Rule{}},
		{tlp.Scheme(), "(TLP:AMBER)", "TLP:AMBER", "TLP:AMBER", marking.Rule{Onward: marking.OnwardClients}},
		{tlp.Scheme(), "TLP:GREEN", "TLP:GREEN", "TLP:GREEN", marking.Rule{Onward: marking.OnwardCommunity}},
		{tlp.Scheme(), "TLP:CLEAR", "TLP:CLEAR", "TLP:CLEAR", marking.Rule{Onward: marking.OnwardAnyone}},
		{tlp.Scheme(), "TLP:WHITE", "TLP:CLEAR", "TLP:CLEAR", marking.Rule{Onward: marking.OnwardAnyone}},
		{pap.Scheme(), "PAP:WHITE", "PAP:CLEAR", "PAP:CLEAR", marking.Rule{SilentOnward: true}},
		{europol.Scheme(), "H1/H2", "H1/H2", "H1/H2", marking.Rule{}},
		{nato.Scheme(), "NU", "NU", "NATO UNCLASSIFIED", marking.Rule{}},
		{nato.Scheme(), "CTS-B", "CTS-B", "COSMIC TOP SECRET BOHEMIA", marking.Rule{Level: 4, ReadIns: []string{"BOHEMIA"}, Audience: []marking.Audience{{Communities: []string{"NATO"}}}}},
		{
			nato.Scheme(), "NS-A RELEASABLE TO FIN, SWE", "NS-A RELEASABLE TO FIN, SWE", "NATO SECRET ATOMAL RELEASABLE TO FIN, SWE",
			marking.Rule{Level: 3, ReadIns: []string{"ATOMAL"}, Audience: []marking.Audience{{Countries: []string{"FIN", "SWE"}, Communities: []string{"NATO"}}}},
		},
		{eu.Scheme(), "R-UE/EU-R", "R-UE", "RESTREINT UE/EU RESTRICTED", marking.Rule{Audience: []marking.Audience{{Communities: []string{"EU"}}}}},
		{eu.Scheme(), "TS-UE", "TS-UE", "TRÈS SECRET UE/EU TOP SECRET", marking.Rule{Level: 3, Audience: []marking.Audience{{Communities: []string{"EU"}}}}},
		{uk.Scheme(), "UK OS", "UK OS", "UK OFFICIAL-SENSITIVE", marking.Rule{}},
		{uk.Scheme(), "UK S - UK/NZ/US EYES ONLY", "UK S - UK/NZ/US EYES ONLY", "UK SECRET - UK/NZ/US EYES ONLY", marking.Rule{Level: 1, Audience: []marking.Audience{{Countries: []string{"GBR", "NZL", "USA"}}}}},
		{uk.Scheme(), "UK TS UK/US EYES ONLY", "UK TS - UK/US EYES ONLY", "UK TOP SECRET - UK/US EYES ONLY", marking.Rule{Level: 2, Audience: []marking.Audience{{Countries: []string{"GBR", "USA"}}}}},
	} {
		m, err := c.scheme.ParsePortion(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if m.Portion() != c.portion || m.Banner() != c.banner {
			t.Errorf("%s prints as %s, %s", c.text, m.Portion(), m.Banner())
		}
		if !reflect.DeepEqual(m.Rule(), c.rule) {
			t.Errorf("%s: rule %+v, want %+v", c.text, m.Rule(), c.rule)
		}
		b, err := c.scheme.ParseBanner(c.banner)
		if err != nil || b.Portion() != c.portion {
			t.Errorf("%s: banner reads as %v, %v", c.banner, b, err)
		}
	}
}

func TestSchemeRollUp(t *testing.T) {
	for _, c := range []struct {
		scheme   marking.Scheme
		portions string // separated by ;
		want     string
	}{
		{tlp.Scheme(), "TLP:CLEAR;TLP:GREEN", "TLP:GREEN"},
		{tlp.Scheme(), "TLP:AMBER+STRICT;TLP:AMBER", "TLP:AMBER+STRICT"},
		{tlp.Scheme(), "TLP:AMBER;TLP:RED;TLP:CLEAR", "TLP:RED"},
		{pap.Scheme(), "PAP:GREEN;PAP:AMBER", "PAP:AMBER"},
		{europol.Scheme(), "H2;H0/H1", "H0/H1/H2"},
		{nato.Scheme(), "NC-A;CTS-B;NU", "CTS-A-B"},
		{nato.Scheme(), "NS RELEASABLE TO FIN, SWE;NU;NC RELEASABLE TO SWE", "NS RELEASABLE TO SWE"},
		{nato.Scheme(), "NS RELEASABLE TO SWE;NC", "NS"},
		{eu.Scheme(), "R-UE RELEASABLE TO CHE;S-UE RELEASABLE TO CHE, NOR", "S-UE RELEASABLE TO CHE"},
		{uk.Scheme(), "UK S - UK/US EYES ONLY;UK TS;UK S - UK/NZ/US EYES ONLY", "UK TS - UK/US EYES ONLY"},
	} {
		var in []marking.Marking
		for _, p := range strings.Split(c.portions, ";") {
			m, err := c.scheme.ParsePortion(p)
			if err != nil {
				t.Fatal(err)
			}
			in = append(in, m)
		}
		got, err := c.scheme.RollUp(in)
		if err != nil || got.Portion() != c.want {
			t.Errorf("%s: %v, %v, want %s", c.portions, got, err, c.want)
			continue
		}
		for _, m := range in {
			if !c.scheme.Covers(got, m) {
				t.Errorf("%s does not cover %s", got.Portion(), m.Portion())
			}
			if m.Portion() != got.Portion() && c.scheme.Covers(m, got) {
				t.Errorf("%s covers %s", m.Portion(), got.Portion())
			}
		}
	}
}

// Two eyes-only lists without a nation in common leave nobody to read.
func TestRollUpNobody(t *testing.T) {
	s, err := marking.Define([]byte(`{"name": "club", "title": "Club", "levels": [{"portion": "X"}],
		"lists": [{"name": "only", "kind": "only", "before": " FOR ", "between": " "}]}`))
	if err != nil {
		t.Fatal(err)
	}
	set := marking.NewSet(tlp.Scheme(), s)
	_, err = set.RollUp(parse(t, set, "TLP:RED", "X FOR AUT", "X", "X FOR BEL CHE"))
	var e *marking.Error
	if !errors.As(err, &e) || !reflect.DeepEqual(e.Portions, []int{1, 3}) {
		t.Errorf("%v", err)
	}
}

func parse(t testing.TB, set *marking.Set, texts ...string) []marking.Marks {
	t.Helper()
	var out []marking.Marks
	for _, text := range texts {
		m, err := set.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

func TestSchemeMalformed(t *testing.T) {
	for _, c := range []struct {
		scheme  marking.Scheme
		text    string
		at      int
		suggest string
	}{
		{tlp.Scheme(), "TLP: AMBER", 0, "TLP:AMBER"},
		{tlp.Scheme(), "(tlp:amber)", 1, "TLP:AMBER"},
		{tlp.Scheme(), "TLP:Amber+Strict", 0, "TLP:AMBER+STRICT"},
		{tlp.Scheme(), "TLP:AMBER + STRICT", 0, "TLP:AMBER+STRICT"},
		{tlp.Scheme(), "TLP:AMBER-STRICT", 0, "TLP:AMBER+STRICT"},
		{tlp.Scheme(), "TLP:ROUGE", 0, "TLP:RED"},
		{tlp.Scheme(), "TLP:VERT", 0, "TLP:GREEN"},
		{tlp.Scheme(), "TLP:AMBRE", 0, "TLP:AMBER"},
		{tlp.Scheme(), "TLP:GREEM", 0, "TLP:GREEN"},
		{tlp.Scheme(), "TLP:BLUE", 0, ""},
		{tlp.Scheme(), "TLP", 0, ""},
		{tlp.Scheme(), "TLP:RED//NF", 0, ""},
		{pap.Scheme(), "pap: red", 0, "PAP:RED"},
		{europol.Scheme(), "H2/H1", 3, "H1/H2"},
		{europol.Scheme(), "H1/H1", 3, "H1"},
		{europol.Scheme(), "h2, h0", 0, "H0/H2"},
		{europol.Scheme(), "H4", 0, ""},
		{europol.Scheme(), "H1/", 2, "H1"},
		{nato.Scheme(), "NU-A", 3, ""},
		{nato.Scheme(), "NS-B", 3, ""},
		{nato.Scheme(), "NS RELEASABLE TO SWE, FIN", 22, "NS RELEASABLE TO FIN, SWE"},
		{nato.Scheme(), "NS RELEASABLE TO ", 17, ""},
		{nato.Scheme(), "ns", 0, "NS"},
		{uk.Scheme(), "UK S - US/UK EYES ONLY", 7, "UK S - UK/US EYES ONLY"},
		{uk.Scheme(), "UK S US/UK EYES ONLY", 5, "UK S - UK/US EYES ONLY"},
		{uk.Scheme(), "UK S UK/US EYES", 4, ""},
		{uk.Scheme(), "UK S - UK/AU EYES ONLY", 10, ""},
		{uk.Scheme(), "UK S - UK/FVEY EYES ONLY", 10, ""},
		{uk.Scheme(), "UK S - UK/USA EYES ONLY", 13, "UK S - UK/US EYES ONLY"},
	} {
		_, err := c.scheme.ParsePortion(c.text)
		var e *marking.Error
		if !errors.As(err, &e) {
			t.Errorf("%s accepts %q", c.scheme.Name(), c.text)
			continue
		}
		if e.At != c.at || e.Suggestion != c.suggest || e.Scheme != c.scheme.Name() || e.Text != c.text || e.Section == "" {
			t.Errorf("%q: %d %q %+v; want at %d, suggestion %q", c.text, e.At, e.Suggestion, e, c.at, c.suggest)
		}
	}
}

// The roll-up of a defined scheme, for all pairs and triples of all markings
// without lists, is commutative, associative, idempotent and never freer.
func TestDefinedAlgebra(t *testing.T) {
	for scheme, texts := range map[marking.Scheme][]string{
		tlp.Scheme():     {"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"},
		europol.Scheme(): {"H0", "H1", "H2", "H3", "H1/H2", "H0/H3"},
		nato.Scheme():    {"NU", "NU RELEASABLE TO SWE", "NR", "NC-A", "NS RELEASABLE TO FIN, SWE", "CTS-A-B", "CTS-BALK RELEASABLE TO SWE"},
		eu.Scheme():      {"R-UE", "C-UE RELEASABLE TO CHE", "TS-UE"},
		uk.Scheme():      {"UK O", "UK OS", "UK S - UK/US EYES ONLY", "UK TS - UK EYES ONLY"},
	} {
		var all []marking.Marking
		for _, text := range texts {
			m, err := scheme.ParsePortion(text)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, m)
		}
		roll := func(in ...marking.Marking) marking.Marking {
			m, err := scheme.RollUp(in)
			if err != nil {
				t.Fatalf("%v: %v", in, err)
			}
			return m
		}
		for _, a := range all {
			if got := roll(a, a).Portion(); got != a.Portion() {
				t.Errorf("%s with itself is %s", a.Portion(), got)
			}
			for _, b := range all {
				ab := roll(a, b)
				if got := roll(b, a).Portion(); got != ab.Portion() {
					t.Errorf("%v %v: %s and %s", a, b, ab.Portion(), got)
				}
				if !stricter(ab.Rule(), a.Rule()) {
					t.Errorf("%v and %v make the freer %v", a, b, ab)
				}
				for _, c := range all {
					if x, y := roll(ab, c).Portion(), roll(a, roll(b, c)).Portion(); x != y {
						t.Errorf("%v %v %v: %s and %s", a, b, c, x, y)
					}
				}
			}
		}
	}
}

// stricter reports whether rule w asks everything that rule p asks.
func stricter(w, p marking.Rule) bool {
	if cmp.Less(w.Level, p.Level) || p.Named && !w.Named || w.Onward > p.Onward {
		return false
	}
	for _, r := range p.ReadIns {
		if !strings.Contains("|"+strings.Join(w.ReadIns, "|")+"|", "|"+r+"|") {
			return false
		}
	}
	for _, a := range p.Audience {
		found := false
		for _, b := range w.Audience {
			within := true
			for _, c := range b.Countries {
				within = within && strings.Contains(strings.Join(a.Countries, " "), c)
			}
			for _, c := range b.Communities {
				within = within && strings.Contains(strings.Join(a.Communities, " "), c)
			}
			found = found || within
		}
		if !found {
			return false
		}
	}
	return true
}
