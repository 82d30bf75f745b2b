package us

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"cordon/marking"
	"pgregory.net/rapid"
)

// What ODNI's Schematron rules for ISM (ISM.XML V2021-NOVr2022-NOV, phases
// ROLLUP and ROLLDOWN, approved for public release) say about the banner of a
// US document and its portions, stated from their published descriptions.

// ismDoc is a document as the rules see it.
type ismDoc struct {
	portions []ISM
	banner   ISM
}

func words(s string) []string { return strings.Fields(s) }

func has(attr, token string) bool { return slices.Contains(words(attr), token) }

// get reads an attribute by its name.
func get(a ISM, attr string) string { return *a.field(attr) }

func (d ismDoc) some(f func(ISM) bool) bool  { return slices.ContainsFunc(d.portions, f) }
func (d ismDoc) every(f func(ISM) bool) bool { return !d.some(func(a ISM) bool { return !f(a) }) }

func (d ismDoc) carry(attr, token string) bool {
	return d.some(func(a ISM) bool { return has(get(a, attr), token) })
}

func (d ismDoc) unclassified() bool { return d.banner.Classification == "U" }

const (
	dissemAttr = "disseminationControls"
	nonICAttr  = "nonICmarkings"
	aeaAttr    = "atomicEnergyMarkings"
)

// rises: a token of a portion is in the banner, unless a portion carries what
// takes its place.
func rises(attr, token string, unless ...string) func(ismDoc) bool {
	return func(d ismDoc) bool {
		replaced := slices.ContainsFunc(unless, func(t string) bool { return d.carry(attr, t) })
		return !d.carry(attr, token) || replaced || has(get(d.banner, attr), token)
	}
}

// risesInU is rises in an unclassified document.
func risesInU(attr, token string) func(ismDoc) bool {
	return func(d ismDoc) bool { return !d.unclassified() || rises(attr, token)(d) }
}

// risesWith: the tokens of a portion that begin so are in the banner.
func risesWith(attr, prefix string) func(ismDoc) bool {
	return func(d ismDoc) bool {
		return d.every(func(a ISM) bool {
			return !slices.ContainsFunc(words(get(a, attr)), func(t string) bool {
				return strings.HasPrefix(t, prefix) && !has(get(d.banner, attr), t)
			})
		})
	}
}

// falls: a token of the banner that begins so is in a portion.
func falls(attr, prefix string) func(ismDoc) bool {
	return func(d ismDoc) bool {
		return !slices.ContainsFunc(words(get(d.banner, attr)), func(t string) bool {
			return strings.HasPrefix(t, prefix) && !d.carry(attr, t)
		})
	}
}

// decides is what the rules call a portion with a foreign disclosure or
// release marking.
func decides(a ISM) bool {
	return a.ReleasableTo != "" || a.DisplayOnlyTo != "" || has(a.DisseminationControls, "NF") || has(a.DisseminationControls, "RELIDO") ||
		has(a.NonICMarkings, "LES-NF") || has(a.NonICMarkings, "SBU-NF")
}

// members are the codes of lists without USA, the tetragraphs that the manual
// lets expand replaced by their members (D.2 Table 3, 23).
func members(lists ...string) []string {
	var out []string
	for _, c := range words(strings.Join(lists, " ")) {
		switch m, ok := refMembers[c]; {
		case ok:
			out = append(out, m...)
		case c != "USA":
			out = append(out, c)
		}
	}
	return sortedSet(out)
}

// common are the codes that every deciding portion has in its lists.
func (d ismDoc) common(lists func(ISM) []string) []string {
	out := []string{}
	for _, c := range members(strings.Join(slices.Concat(collect(d.portions, lists)...), " ")) {
		if d.every(func(a ISM) bool { return !decides(a) || slices.Contains(members(lists(a)...), c) }) {
			out = append(out, c)
		}
	}
	return out
}

func collect(in []ISM, f func(ISM) []string) (out [][]string) {
	for _, a := range in {
		out = append(out, f(a))
	}
	return out
}

func releaseList(a ISM) []string { return []string{a.ReleasableTo} }
func showLists(a ISM) []string   { return []string{a.ReleasableTo, a.DisplayOnlyTo} }

// ismRule is one rule, with portions and a wrong banner that break it.
type ismRule struct {
	id       string
	holds    func(ismDoc) bool
	portions string // by semicolons
	wrong    string
}

var ismRules = []ismRule{
	{"ISM-ID-00056, 00058, 00059", func(d ismDoc) bool {
		return d.every(func(a ISM) bool { return rank(a.Classification) <= rank(d.banner.Classification) })
	}, "S;TS", "SECRET"},
	{"ISM-ID-00108, 00109, 00110", func(d ismDoc) bool { // RESTRICTED becomes CONFIDENTIAL (H.7)
		return d.unclassified() || d.some(func(a ISM) bool {
			return a.Classification == d.banner.Classification || a.Classification == "R" && d.banner.Classification == "C"
		})
	}, "U;S", "TOP SECRET"},
	{"ISM-ID-00064", func(d ismDoc) bool {
		return d.every(func(a ISM) bool { return a.FGISourceOpen == "" }) || d.banner.FGISourceOpen+d.banner.FGISourceProtected != ""
	}, "S//FGI DEU//NF", "SECRET//NOFORN"},
	{"ISM-ID-00065", rises("FGIsourceProtected", "FGI"), "S//FGI//NF", "SECRET//FGI DEU//NOFORN"},
	{"ISM-ID-00066", func(d ismDoc) bool {
		alone := d.every(func(a ISM) bool {
			return a.NonICMarkings == "" && !slices.ContainsFunc(words(a.DisseminationControls), func(t string) bool {
				return !slices.Contains([]string{"REL", "RELIDO", "NF", "EYES", "DISPLAYONLY", "FOUO"}, t)
			})
		})
		return !d.unclassified() || !alone || rises(dissemAttr, "FOUO")(d)
	}, "U//FOUO;U//NF", "UNCLASSIFIED//NOFORN"},
	{"ISM-ID-00067", rises(dissemAttr, "OC"), "S//OC-USGOV", "SECRET"},
	{"ISM-ID-00068", rises(dissemAttr, "IMC"), "S//IMC", "SECRET"},
	{"ISM-ID-00070", rises(dissemAttr, "NF"), "S//NF", "SECRET"},
	{"ISM-ID-00071", rises(dissemAttr, "PR"), "U//PR", "UNCLASSIFIED"},
	{"ISM-ID-00072", rises(aeaAttr, "RD"), "S//RD", "SECRET//FRD"},
	{"ISM-ID-00073", rises(aeaAttr, "RD-CNWDI"), "S//RD-CNWDI", "SECRET//RD"},
	{"ISM-ID-00074", risesWith(aeaAttr, "RD-SG-"), "S//RD-SG 14;S//RD-SG 18", "SECRET//RD-SIGMA 14"},
	{"ISM-ID-00075", rises(aeaAttr, "FRD", "RD"), "S//FRD", "SECRET//TFNI"},
	{"ISM-ID-00077", func(d ismDoc) bool {
		return has(d.banner.AtomicEnergyMarkings, "RD") || risesWith(aeaAttr, "FRD-SG-")(d)
	}, "S//FRD-SG 14", "SECRET//FRD"},
	{"ISM-ID-00078", risesInU(aeaAttr, "DCNI"), "U//DCNI", "UNCLASSIFIED"},
	{"ISM-ID-00079", risesInU(aeaAttr, "UCNI"), "U//UCNI", "UNCLASSIFIED"},
	{"ISM-ID-00080", rises(dissemAttr, "DSEN"), "S//DSEN", "SECRET"},
	{"ISM-ID-00081", rises(dissemAttr, "FISA"), "U//FISA;S", "SECRET"},
	{"ISM-ID-00084", risesInU(nonICAttr, "DS"), "U//DS", "UNCLASSIFIED"},
	{"ISM-ID-00085", rises(nonICAttr, "XD", "ND"), "S//NF//XD", "SECRET//NOFORN"},
	{"ISM-ID-00086", rises(nonICAttr, "ND"), "S//NF//ND", "SECRET//NOFORN//EXDIS"},
	{"ISM-ID-00087, 00146", func(d ismDoc) bool {
		return d.unclassified() || !d.carry(nonICAttr, "SBU-NF") && !d.carry(nonICAttr, "LES-NF") || has(d.banner.DisseminationControls, "NF")
	}, "U//SBU-NF;S", "SECRET"},
	{"ISM-ID-00088", func(d ismDoc) bool {
		return d.banner.ReleasableTo == "" || d.every(func(a ISM) bool {
			return a.Classification == "U" && a.DisseminationControls == "" || a.ReleasableTo != ""
		})
	}, "S//REL TO USA, GBR;S", "SECRET//REL TO USA, GBR"},
	{
		"ISM-ID-00090", func(d ismDoc) bool {
			return !d.carry(dissemAttr, "REL") || !has(d.banner.DisseminationControls, "EYES")
		},
		"S//REL TO USA, GBR;S//USA/GBR EYES ONLY", "SECRET//USA/GBR EYES ONLY",
	},
	{"ISM-ID-00104", func(d ismDoc) bool {
		return has(d.banner.DisseminationControls, "NF") || risesInU(nonICAttr, "SBU-NF")(d)
	}, "U//SBU-NF;U", "UNCLASSIFIED//SBU"},
	{"ISM-ID-00105", func(d ismDoc) bool {
		return !d.unclassified() || rises(nonICAttr, "SBU", "SBU-NF", "XD", "ND")(d)
	}, "U//SBU;U", "UNCLASSIFIED"},
	{"ISM-ID-00132", func(d ismDoc) bool {
		return !has(d.banner.DisseminationControls, "RELIDO") || d.every(func(a ISM) bool {
			return a.Classification == "U" || has(a.DisseminationControls, "RELIDO")
		})
	}, "S//RELIDO;S", "SECRET//RELIDO"},
	{"ISM-ID-00145", rises(nonICAttr, "LES", "LES-NF"), "S//LES", "SECRET"},
	{"ISM-ID-00147", func(d ismDoc) bool {
		return d.unclassified() || !d.carry(nonICAttr, "LES-NF") || has(d.banner.NonICMarkings, "LES")
	}, "U//LES-NF;S", "SECRET//NOFORN"},
	{"ISM-ID-00149", func(d ismDoc) bool {
		return has(d.banner.DisseminationControls, "NF") || risesInU(nonICAttr, "LES-NF")(d)
	}, "U//LES-NF;U", "UNCLASSIFIED//LES"},
	{"ISM-ID-00154", falls(dissemAttr, "FOUO"), "U", "UNCLASSIFIED//FOUO"},
	{"ISM-ID-00165", rises(dissemAttr, "RS"), "S//RS", "SECRET"},
	{"ISM-ID-00228", falls(aeaAttr, "FRD"), "S//TFNI", "SECRET//FRD"}, // and 00230
	{"ISM-ID-00229", func(d ismDoc) bool { return !has(d.banner.AtomicEnergyMarkings, "RD") || d.carry(aeaAttr, "RD") }, "S//FRD", "SECRET//RD"},
	{"ISM-ID-00231", func(d ismDoc) bool {
		return !slices.ContainsFunc(words(d.banner.AtomicEnergyMarkings), func(t string) bool {
			return strings.HasPrefix(t, "RD-SG-") && !d.carry(aeaAttr, t) && !d.carry(aeaAttr, "F"+t)
		})
	}, "S//RD", "SECRET//RD-SIGMA 14"},
	{"ISM-ID-00298", rises(aeaAttr, "TFNI", "RD", "FRD"), "S//TFNI", "SECRET"},
	{"ISM-ID-00303", func(d ismDoc) bool {
		return !has(d.banner.DisseminationControls, "OC-USGOV") || d.every(func(a ISM) bool {
			return !has(a.DisseminationControls, "OC") || has(a.DisseminationControls, "OC-USGOV")
		})
	}, "S//OC;S//OC-USGOV", "SECRET//ORCON-USGOV"},
	{"ISM-ID-00318", func(d ismDoc) bool {
		return d.banner.ReleasableTo == "" || slices.Equal(members(d.banner.ReleasableTo), d.common(releaseList))
	}, "S//REL TO USA, FVEY;S//REL TO USA, ACGU", "SECRET//REL TO USA, AUS"},
	{"ISM-ID-00320", func(d ismDoc) bool {
		return d.banner.DisplayOnlyTo == "" || slices.Equal(members(showLists(d.banner)...), d.common(showLists))
	}, "S//REL TO USA, FVEY;S//DISPLAY ONLY AUS, GBR", "SECRET//DISPLAY ONLY AUS"},
	{"ISM-ID-00343", risesWith("SCIcontrols", ""), "S//SI;S//TK", "SECRET//SI"},
	{"ISM-ID-00344", falls("SCIcontrols", ""), "S//SI", "SECRET//SI/TK"},
	{"ISM-ID-00347", risesWith("SARIdentifier", ""), "S//SAR-BP-J12;S//SAR-CD", "SECRET//SAR-BP/CD"},
	{"ISM-ID-00348", falls("SARIdentifier", ""), "S//SAR-BP", "SECRET//SAR-BP/CD"},
	{"ISM-ID-00373", rises(nonICAttr, "SSI"), "U//SSI", "UNCLASSIFIED"},
	{"ISM-ID-00374", falls(nonICAttr, "SSI"), "U", "UNCLASSIFIED//SSI"},
	// H.8 RELIDO Example Page 2 is against this rule: RELIDO beside REL
	// TO/RELIDO is RELIDO. The rule is of the register of 2019.
	{"ISM-ID-00521", func(d ismDoc) bool {
		return !d.carry(dissemAttr, "REL") || slices.ContainsFunc([]string{"REL", "DISPLAYONLY", "NF", "RELIDO"}, func(t string) bool {
			return has(d.banner.DisseminationControls, t)
		})
	}, "S//REL TO USA, GBR", "SECRET"},
}

// Every rule can be broken.
func TestValidatorBites(t *testing.T) {
	for _, r := range ismRules {
		d := ismDoc{banner: attributes(t, banner(t, r.wrong))}
		for _, p := range strings.Split(r.portions, ";") {
			d.portions = append(d.portions, attributes(t, portion(t, p)))
		}
		if r.holds(d) {
			t.Errorf("%s lets %s stand over %s", r.id, r.wrong, r.portions)
		}
		d.banner = attributes(t, rolled(t, strings.Split(r.portions, ";")...))
		if !r.holds(d) {
			t.Errorf("%s is broken by the roll-up of %s", r.id, r.portions)
		}
	}
}

// moods narrow random portions to those that go together, since most mixtures
// are NOFORN and try few rules.
var moods = map[string]func(form13) bool{
	"any":          func(form13) bool { return true },
	"unclassified": func(p form13) bool { return p.level == "U" && p.kind == "US" },
	"no decision":  func(p form13) bool { return p.level == "U" && p.fdr == "" },
	"released":     func(p form13) bool { return len(p.rel) > 0 },
	"shown":        func(p form13) bool { return len(p.rel)+len(p.disp) > 0 && !strings.HasSuffix(p.fdr, "RELIDO") },
	"RELIDO":       func(p form13) bool { return strings.HasSuffix(p.fdr, "RELIDO") },
	"EYES":         func(p form13) bool { return p.fdr == "EYES" },
}

// The roll-up of random portions keeps every rule.
func TestValidator(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mood := moods[rapid.SampledFrom(slices.Sorted(maps.Keys(moods))).Draw(t, "mood")]
		var marks []marking.Marking
		for _, f := range rapid.SliceOfN(rapid.Custom(genForm), 1, 24).Draw(t, "portions") {
			if m, err := Scheme().ParsePortion(f.text()); err != nil {
				t.Fatalf("the generator made %q: %v", f.text(), err)
			} else if mood(f) && len(marks) < 5 {
				marks = append(marks, m)
			}
		}
		if len(marks) == 0 {
			return
		}
		whole := mustRoll(t, marks...).(*mark)
		if whole.kind != kindUS {
			return // the rules are about documents of the US Government
		}
		d := ismDoc{banner: attributes(t, whole)}
		for _, m := range marks {
			d.portions = append(d.portions, attributes(t, m.(*mark)))
		}
		for _, r := range ismRules {
			if !r.holds(d) {
				t.Fatalf("%s: %s over %v", r.id, whole.Banner(), marks)
			}
		}
	})
}

func banner(t testing.TB, text string) *mark {
	t.Helper()
	m, err := Scheme().ParseBanner(text)
	if err != nil {
		t.Fatalf("ParseBanner(%q): %v", text, err)
	}
	return m.(*mark)
}

func attributes(t interface{ Fatalf(string, ...any) }, m *mark) ISM {
	a, err := ToISM(m)
	if err != nil {
		t.Fatalf("ToISM(%s): %v", m.Portion(), err)
	}
	return a
}
