package us

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"pgregory.net/rapid"
)

// The reference: a roll-up written from the manual, on strings and sets, slow
// and without any of the code under test. A portion is described by what a
// person would fill into a form; the text is made of it here too.

type form13 struct {
	kind   string // "US", "FGI", or owners: "DEU", "CAN DEU", "NATO"; "JOINT CAN"
	level  string
	sci    []string // paths: "SI", "SI-G", "SI-G ABCD"
	sap    []string // paths below SAR-
	nato   []string
	aea    []string // "RD", "RD-CNWDI", "RD-SG 14", "FRD-SG 18", "TFNI", ...
	fgi    string   // "", "*" (concealed), or codes
	dissem []string // portion marks without release markings
	fdr    string   // "", NF, RELIDO, REL, REL+RELIDO, DISPLAY, REL+DISPLAY, EYES
	rel    []string
	disp   []string
	nonIC  []string
}

func sortedSet(in ...[]string) []string {
	seen := map[string]bool{}
	for _, l := range in {
		for _, s := range l {
			seen[s] = true
		}
	}
	var out []string
	for s := range seen {
		out = append(out, s)
	}
	sort.Strings(out)
	return out
}

// codeOrder sorts trigraphs before tetragraphs.
func codeOrder(in []string) []string {
	out := sortedSet(in)
	sort.SliceStable(out, func(i, j int) bool { return len(out[i]) < len(out[j]) })
	return out
}

// tree writes paths ("SI-G ABCD", "SI-G", "TK") as "SI-G ABCD/TK".
func tree(paths []string) string {
	type node map[string]map[string]map[string]bool
	n := node{}
	for _, p := range paths {
		sys, rest, _ := strings.Cut(p, "-")
		if n[sys] == nil {
			n[sys] = map[string]map[string]bool{}
		}
		if rest == "" {
			continue
		}
		comp, sub, _ := strings.Cut(rest, " ")
		if n[sys][comp] == nil {
			n[sys][comp] = map[string]bool{}
		}
		if sub != "" {
			n[sys][comp][sub] = true
		}
	}
	var systems []string
	for sys := range n {
		systems = append(systems, sys)
	}
	sort.Strings(systems)
	for i, sys := range systems {
		var comps []string
		for c := range n[sys] {
			comps = append(comps, c)
		}
		sort.Strings(comps)
		for _, c := range comps {
			var subs []string
			for s := range n[sys][c] {
				subs = append(subs, s)
			}
			sort.Strings(subs)
			systems[i] += "-" + strings.Join(append([]string{c}, subs...), " ")
		}
	}
	return strings.Join(systems, "/")
}

func aeaText(in []string) string {
	has := map[string]bool{}
	sig := map[string][]int{}
	for _, a := range in {
		head, tail, _ := strings.Cut(a, "-")
		has[head] = true
		if n, ok := strings.CutPrefix(tail, "SG "); ok {
			var v int
			fmt.Sscan(n, &v)
			sig[head] = append(sig[head], v)
		} else if tail != "" {
			has[a] = true
		}
	}
	var out []string
	for _, head := range []string{"RD", "FRD", "DCNI", "UCNI", "TFNI", "ATOMAL"} {
		if !has[head] {
			continue
		}
		s := head
		if has[head+"-CNWDI"] {
			s += "-CNWDI"
		}
		if nums := sig[head]; len(nums) > 0 {
			slices.Sort(nums)
			s += "-SG"
			for _, n := range slices.Compact(nums) {
				s += fmt.Sprintf(" %d", n)
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, "/")
}

var (
	refDissemOrder = []string{"RS", "FOUO", "OC", "OC-USGOV", "IMC", "NF", "PR", "REL", "RELIDO", "EYES", "DSEN", "FISA", "DISPLAY"}
	refNonICOrder  = []string{"DS", "XD", "ND", "SBU", "SBU-NF", "LES", "LES-NF", "SSI"}
)

func (p form13) text() string {
	var cats []string
	switch {
	case p.kind == "US":
		cats = append(cats, p.level)
	case p.kind == "NATO":
		cats = append(cats, "//"+map[string]string{"U": "NU", "R": "NR", "C": "NC", "S": "NS", "TS": "CTS"}[p.level])
	case strings.HasPrefix(p.kind, "JOINT "):
		owners := codeOrder(append(strings.Fields(p.kind)[1:], "USA"))
		cats = append(cats, "//JOINT "+p.level+" "+strings.Join(owners, " "))
	default:
		cats = append(cats, "//"+p.kind+" "+p.level)
	}
	if len(p.sci) > 0 {
		cats = append(cats, tree(p.sci))
	}
	if len(p.sap)+len(p.nato) > 0 {
		var parts []string
		if len(p.sap) > 0 {
			parts = append(parts, "SAR-"+tree(p.sap))
		}
		cats = append(cats, strings.Join(append(parts, sortedSet(p.nato)...), "/"))
	}
	if len(p.aea) > 0 {
		cats = append(cats, aeaText(p.aea))
	}
	switch p.fgi {
	case "":
	case "*":
		cats = append(cats, "FGI")
	default:
		cats = append(cats, "FGI "+strings.Join(codeOrder(strings.Fields(p.fgi)), " "))
	}
	var ds []string
	for _, d := range refDissemOrder {
		switch d {
		case "NF", "RELIDO":
			if slices.Contains(strings.Split(p.fdr, "+"), d) {
				ds = append(ds, d)
			}
		case "REL":
			if strings.HasPrefix(p.fdr, "REL") && p.fdr != "RELIDO" {
				ds = append(ds, "REL TO "+strings.Join(append([]string{"USA"}, codeOrder(p.rel)...), ", "))
			}
		case "EYES":
			if p.fdr == "EYES" {
				ds = append(ds, "USA/"+strings.Join(codeOrder(p.rel), "/")+" EYES ONLY")
			}
		case "DISPLAY":
			if strings.HasSuffix(p.fdr, "DISPLAY") {
				ds = append(ds, "DISPLAY ONLY "+strings.Join(codeOrder(p.disp), ", "))
			}
		default:
			if slices.Contains(p.dissem, d) {
				ds = append(ds, d)
			}
		}
	}
	if len(ds) > 0 {
		cats = append(cats, strings.Join(ds, "/"))
	}
	var ns []string
	for _, n := range refNonICOrder {
		if slices.Contains(p.nonIC, n) {
			ns = append(ns, n)
		}
	}
	if len(ns) > 0 {
		cats = append(cats, strings.Join(ns, "/"))
	}
	return strings.Join(cats, "//")
}

var refMembers = map[string][]string{
	"ACGU": {"AUS", "CAN", "GBR"}, "FVEY": {"AUS", "CAN", "GBR", "NZL"}, "TEYE": {"AUS", "GBR"},
}

func refExpand(list []string) []string {
	var out []string
	for _, c := range list {
		if m, ok := refMembers[c]; ok {
			out = append(out, m...)
		} else if len(c) == 3 {
			out = append(out, c)
		}
	}
	return sortedSet(out)
}

// refCommon is D.2 Table 3, 21, 23, 25: the codes common to all lists.
func refCommon(lists [][]string) (out []string) {
	for _, code := range lists[0] {
		if len(code) == 4 && !slices.ContainsFunc(lists, func(l []string) bool { return !slices.Contains(l, code) }) {
			out = append(out, code)
		}
	}
	held := refExpand(out)
	for _, c := range refExpand(lists[0]) {
		if !slices.Contains(held, c) && !slices.ContainsFunc(lists, func(l []string) bool { return !slices.Contains(refExpand(l), c) }) {
			out = append(out, c)
		}
	}
	return codeOrder(out)
}

func rank(l string) int {
	return slices.Index([]string{"U", "R", "C", "S", "TS"}, l)
}

// reference rolls up by D.2 and the precedence rules of H.
func reference(ps []form13) form13 {
	out := form13{kind: "US", level: "U"}
	same := true
	var owners []string
	fgi, concealed := false, false
	var aea []string
	for _, p := range ps {
		if rank(p.level) > rank(out.level) {
			out.level = p.level
		}
		out.sci = sortedSet(out.sci, p.sci)
		out.sap = sortedSet(out.sap, p.sap)
		out.nato = sortedSet(out.nato, p.nato)
		aea = sortedSet(aea, p.aea)
		out.dissem = sortedSet(out.dissem, p.dissem)
		out.nonIC = sortedSet(out.nonIC, p.nonIC)
		same = same && p.kind == ps[0].kind
	}
	foreignDoc := same && ps[0].kind != "US" && ps[0].kind != "FGI"
	if foreignDoc && !strings.HasPrefix(ps[0].kind, "JOINT") && out.level != "U" && slices.Contains(out.nonIC, "DS") {
		foreignDoc = false // LIMDIS is US information, and would be dropped unseen
	}
	if foreignDoc {
		out.kind = ps[0].kind
	} else if out.level == "R" {
		out.level = "C"
	}
	for _, p := range ps {
		switch {
		case p.fgi == "*":
			fgi, concealed = true, true
		case p.fgi != "":
			fgi, owners = true, append(owners, strings.Fields(p.fgi)...)
		}
		if foreignDoc {
			continue
		}
		switch {
		case p.kind == "FGI":
			fgi, concealed = true, true
		case p.kind != "US":
			fgi = true
			owners = append(owners, strings.Fields(strings.TrimPrefix(p.kind, "JOINT "))...)
		}
	}
	if concealed {
		out.fgi = "*"
	} else if fgi {
		out.fgi = strings.Join(codeOrder(owners), " ")
	}
	u := out.level == "U"
	hasAEA := func(head string) bool {
		return slices.ContainsFunc(aea, func(a string) bool { return a == head || strings.HasPrefix(a, head+"-") })
	}
	for _, a := range aea {
		head, tail, _ := strings.Cut(a, "-")
		switch {
		case head == "TFNI" && (hasAEA("RD") || hasAEA("FRD")):
		case head == "FRD" && hasAEA("RD"):
			if tail != "" {
				out.aea = append(out.aea, "RD-"+tail)
			}
		case (head == "DCNI" || head == "UCNI") && !u:
		default:
			out.aea = append(out.aea, a)
		}
	}
	// Release.
	var votes []form13
	unmarked := false
	nf := false
	quiet := false
	for _, p := range ps {
		nfLike := slices.Contains(p.nonIC, "SBU-NF") || slices.Contains(p.nonIC, "LES-NF")
		switch {
		case p.fdr == "NF":
			nf = true
		case p.fdr != "":
			votes = append(votes, p)
		case nfLike:
			quiet = true
		case p.level != "U" || len(p.aea)+len(p.sap)+len(p.nato)+len(p.dissem)+len(p.nonIC) > 0 || p.fgi != "" || p.kind != "US":
			unmarked = true
		}
	}
	switch {
	case nf, quiet && (!u || len(votes) > 0), len(votes) > 0 && unmarked:
		out.fdr = "NF"
	case len(votes) == 0:
	default:
		relido, eyes := true, true
		var rels, shows [][]string
		for _, v := range votes {
			relido = relido && strings.HasSuffix(v.fdr, "RELIDO")
			eyes = eyes && v.fdr == "EYES"
			rels = append(rels, v.rel)
			shows = append(shows, append(slices.Clone(v.rel), v.disp...))
		}
		r := refCommon(rels)
		var d []string
		for _, c := range refCommon(shows) {
			switch {
			case len(c) == 3 && !slices.Contains(refExpand(r), c), len(c) == 4 && !slices.Contains(r, c):
				d = append(d, c)
			}
		}
		// A tetragraph all may be shown, whose members all have it too, says more
		// than REL TO; countries hidden in it are written once.
		switch {
		case relido && len(r) > 0:
			out.fdr, out.rel = "REL+RELIDO", r
		case relido:
			out.fdr = "RELIDO"
		case eyes && len(r) > 0:
			out.fdr, out.rel = "EYES", r
		case len(r) == 0 && len(d) == 0:
			out.fdr = "NF"
		case len(d) == 0:
			out.fdr, out.rel = "REL", r
		case len(r) == 0:
			out.fdr, out.disp = "DISPLAY", d
		default:
			out.fdr, out.rel, out.disp = "REL+DISPLAY", r, d
		}
	}
	// Dissemination controls.
	drop := func(list *[]string, names ...string) {
		*list = slices.DeleteFunc(*list, func(s string) bool { return slices.Contains(names, s) })
	}
	has := func(list []string, s string) bool { return slices.Contains(list, s) }
	if has(out.dissem, "OC") {
		drop(&out.dissem, "OC-USGOV")
	}
	if !u || len(out.nonIC) > 0 || slices.ContainsFunc(out.dissem, func(s string) bool { return s != "FOUO" }) {
		drop(&out.dissem, "FOUO")
	}
	if has(out.nonIC, "ND") {
		drop(&out.nonIC, "XD")
	}
	if !u {
		drop(&out.nonIC, "DS", "SBU", "SBU-NF")
	}
	if has(out.nonIC, "XD") || has(out.nonIC, "ND") {
		drop(&out.nonIC, "SBU", "SBU-NF")
	}
	for _, s := range []string{"SBU", "LES"} {
		if !has(out.nonIC, s+"-NF") {
			continue
		}
		if out.fdr == "NF" {
			drop(&out.nonIC, s+"-NF")
			out.nonIC = sortedSet(out.nonIC, []string{s})
		} else {
			drop(&out.nonIC, s)
		}
	}
	return out
}

// genForm draws a form that the manual allows.
func genForm(t *rapid.T) form13 {
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	some := func(label string, of ...string) []string {
		var out []string
		for _, o := range of {
			if rapid.IntRange(0, 3).Draw(t, label+o) == 0 {
				out = append(out, o)
			}
		}
		return out
	}
	p := form13{kind: pick("kind", "US", "US", "US", "US", "US", "FGI", "DEU", "CAN DEU", "NATO", "JOINT CAN", "JOINT GBR NZL")}
	p.level = pick("level", "U", "C", "S", "TS")
	joint := strings.HasPrefix(p.kind, "JOINT")
	if p.kind != "US" && !joint && rapid.IntRange(0, 5).Draw(t, "R") == 0 {
		p.level = "R"
	}
	u, high, ts := p.level == "U", p.level == "S" || p.level == "TS", p.level == "TS"
	needNF, needOC, noUSGOV := false, false, false
	if !u && rapid.Bool().Draw(t, "sci?") {
		switch pick("sci", "SI", "TK", "HCS", "XNB", "RSV", "SI-X", "SI-G", "BLFH", "IDIT", "HCS-O", "HCS-P", "HCS-PS", "EU", "BUR", "KLM", "KLM-X", "KLM-R", "MVL") {
		case "SI":
			p.sci = []string{"SI"}
		case "TK":
			if high {
				p.sci = []string{"TK"}
			}
		case "XNB":
			p.sci = []string{"XNB-" + pick("xc", "A1", "B2") + " " + pick("xs", "77", "QQ"), "SI"}
		case "RSV":
			if high {
				p.sci = []string{"RSV-" + pick("rc", "123", "ABC")}
			}
		case "SI-X":
			if ts {
				p.sci = []string{"SI-" + pick("sc", "ABC", "XYZ")}
			}
		case "SI-G":
			if ts {
				p.sci = []string{"SI-G"}
				if rapid.Bool().Draw(t, "gsub") {
					p.sci = []string{"SI-G " + pick("gs", "ABCD", "WXYZ")}
				}
				needOC, noUSGOV = true, true
			}
		case "EU":
			if ts {
				p.sci = []string{"SI-EU", "TK"}
			}
		// ODNI's Schematron, ISM-ID-00397, 00463, 00466, 00468, 00469, 00472.
		case "BUR":
			if high && !joint {
				p.sci, needNF = []string{"BUR-" + pick("bc", "BLG", "DTP", "WRG")}, true
			}
		case "KLM":
			if high {
				p.sci = []string{"KLM"}
			}
		case "KLM-X":
			if high {
				p.sci, needOC = []string{"KLM-" + pick("kc", "ABC", "XYZ")}, true
			}
		case "KLM-R":
			if ts && !joint {
				p.sci, needNF = []string{"KLM-R"}, true
			}
		case "MVL":
			if ts {
				p.sci = []string{"MVL"}
			}
		case "BLFH":
			if ts && !joint {
				p.sci, needNF = []string{"TK-BLFH " + pick("bs", "AA", "B1")}, true
			}
		case "IDIT":
			if high && !joint {
				p.sci, needNF = []string{"TK-IDIT"}, true
			}
		case "HCS":
			if !joint {
				p.sci = []string{"HCS-P"}
				if high {
					needNF = true
				} else {
					p.sci = nil
				}
			}
		case "HCS-O":
			if high && !joint {
				p.sci, needNF, needOC, noUSGOV = []string{"HCS-O"}, true, true, true
			}
		case "HCS-P":
			if high && !joint {
				p.sci, needNF = []string{"HCS-P"}, true
			}
		case "HCS-PS":
			if ts && !joint {
				p.sci, needNF, needOC, noUSGOV = []string{"HCS-P " + pick("hs", "JJJ", "KKK")}, true, true, true
			}
		}
	}
	if !u && rapid.IntRange(0, 4).Draw(t, "sap?") == 0 {
		p.sap = some("sap", "BP-J12 J54", "CD", "XR-XRA")
	}
	if p.kind == "NATO" && !u && rapid.IntRange(0, 2).Draw(t, "nato?") == 0 {
		p.nato = []string{"BALK"}
		if ts {
			p.nato = some("nato", "BALK", "BOHEMIA")
		}
	}
	if rapid.IntRange(0, 3).Draw(t, "aea?") == 0 {
		switch {
		case u:
			p.aea = some("aea", "DCNI", "UCNI")
		case p.kind == "NATO":
			p.aea = []string{"ATOMAL"}
		case high:
			p.aea = []string{pick("aea", "RD", "RD-CNWDI", "RD-SG 14", "FRD", "FRD-SG 18", "FRD-SG 20", "TFNI")}
		default:
			p.aea = []string{pick("aea", "RD", "FRD", "TFNI")}
		}
	}
	if p.kind == "US" && rapid.IntRange(0, 3).Draw(t, "fgi?") == 0 {
		p.fgi = pick("fgi", "*", "DEU", "FRA NATO", "GBR JPN")
	}
	if u {
		p.dissem = some("d", "FOUO", "PR", "DSEN", "FISA")
	} else {
		p.dissem = some("d", "PR", "DSEN", "FISA")
		if needOC {
			p.dissem = append(p.dissem, "OC")
		} else {
			oc := pick("oc", "", "", "", "OC", "OC-USGOV")
			if oc != "" && !(oc == "OC-USGOV" && noUSGOV) {
				p.dissem = append(p.dissem, oc)
			}
		}
		if high {
			p.dissem = append(p.dissem, some("d", "RS", "IMC")...)
		}
	}
	oc := slices.Contains(p.dissem, "OC") || slices.Contains(p.dissem, "OC-USGOV")
	codes := func(label string, must ...string) []string {
		out := append(slices.Clone(must), some(label, "AUS", "CAN", "GBR", "JPN", "NZL", "ACGU", "FVEY", "NATO", "TEYE", "GFNX")...)
		if len(out) == 0 {
			out = []string{pick(label+"1", "AUS", "FVEY", "NATO")}
		}
		return codeOrder(out)
	}
	choices := []string{"", "", "NF", "REL", "REL", "DISPLAY", "REL+DISPLAY"}
	if !oc {
		choices = append(choices, "RELIDO", "REL+RELIDO")
	}
	if !u {
		choices = append(choices, "EYES")
	}
	switch {
	case needNF:
		choices = []string{"NF"}
	case joint:
		choices = []string{"REL", "REL+DISPLAY"}
		if !oc {
			choices = append(choices, "REL+RELIDO")
		}
	}
	p.fdr = pick("fdr", choices...)
	switch p.fdr {
	case "REL", "REL+RELIDO", "REL+DISPLAY":
		p.rel = codes("rel")
		if joint {
			p.rel = codes("rel", strings.Fields(p.kind)[1:]...)
		}
	case "EYES":
		p.rel = []string{pick("eyes", "AUS", "CAN", "GBR")}
		if p.rel[0] != "CAN" && rapid.Bool().Draw(t, "eyes2") {
			p.rel = codeOrder(append(p.rel, "CAN"))
		}
	}
	if strings.HasSuffix(p.fdr, "DISPLAY") {
		p.disp = codes("disp")
	}
	if rapid.IntRange(0, 3).Draw(t, "nonIC?") == 0 {
		nonIC := []string{"LES", "SSI"}
		if u {
			nonIC = append(nonIC, "DS", "SBU")
			if p.fdr == "" {
				nonIC = append(nonIC, "SBU-NF", "LES-NF")
			}
		}
		if p.fdr == "NF" {
			nonIC = append(nonIC, pick("xdnd", "XD", "ND"))
		}
		p.nonIC = some("n", nonIC...)
	}
	p.exclude()
	return p
}

// exclude takes out of a portion what the templates of H.8 and H.9 do not allow
// beside what it has.
func (p *form13) exclude() {
	drop := func(list *[]string, gone string, by ...string) {
		for _, b := range by {
			if slices.Contains(p.dissem, b) || slices.Contains(p.nonIC, b) {
				*list = slices.DeleteFunc(*list, func(s string) bool { return s == gone })
			}
		}
	}
	drop(&p.nonIC, "SBU", "XD", "ND", "SBU-NF")
	drop(&p.nonIC, "SBU-NF", "XD", "ND")
	drop(&p.nonIC, "LES", "LES-NF")
	drop(&p.dissem, "FOUO", "PR", "DSEN", "FISA", "DS", "XD", "ND", "SBU", "SBU-NF", "LES", "LES-NF", "SSI")
}
