package us

import (
	"math/bits"
	"strings"

	"cordon/marking"
)

// explanation collects the steps of one roll-up.
type explanation struct {
	portions []*mark
	out      *mark
	steps    []marking.Step
}

// Explain gives, part by part, the rules that made the banner of the portions,
// with the sections of the manual.
func (s scheme) Explain(portions []marking.Marking) ([]marking.Step, error) {
	m, err := s.RollUp(portions)
	if err != nil {
		return nil, err
	}
	x := &explanation{out: m.(*mark)}
	for _, p := range portions {
		x.portions = append(x.portions, p.(*mark))
	}
	x.classification()
	x.controls()
	x.aea()
	x.fgi()
	x.dissem()
	x.release()
	x.nonIC()
	return x.steps, nil
}

// step adds one rule and the portions for which holds is true.
func (x *explanation) step(part, result, rule, section string, holds func(*mark) bool) {
	st := marking.Step{Scheme: name, Part: part, Result: result, Rule: rule, Section: section}
	for i, p := range x.portions {
		if holds(p) {
			st.Portions = append(st.Portions, i)
		}
	}
	x.steps = append(x.steps, st)
}

func (x *explanation) any(holds func(*mark) bool) bool {
	for _, p := range x.portions {
		if holds(p) {
			return true
		}
	}
	return false
}

func (x *explanation) classification() {
	const part = "classification"
	out := x.out
	result := string(out.writeClassification(nil, bannerForm))
	x.step(part, result, "the highest classification of all portions", "D.2", func(m *mark) bool { return m.level.us() == out.level.us() })
	if out.kind == kindUS && x.any(func(m *mark) bool { return m.level == levelR }) {
		x.step(part, result, "a US banner has no RESTRICTED; CONFIDENTIAL protects it", "H.7; G.2 Table 5", func(m *mark) bool { return m.level == levelR })
	}
	foreign := func(m *mark) bool { return m.kind != kindUS }
	switch {
	case out.kind != kindUS:
		x.step(part, result, "all portions have the same owners, so the whole is theirs", "H.3; J", foreign)
	case x.any(foreign):
		x.step(part, result, "a document that mixes owners carries a US classification", "H.3 Derivative Use; D.2", foreign)
	}
}

func (x *explanation) controls() {
	if len(x.out.sci) > 0 {
		x.step("SCI", string(appendControls(nil, x.out.sci)), "all unique SCI markings of the portions", "D.2; H.4", func(m *mark) bool { return len(m.sci) > 0 })
	}
	if sap := x.out.writeSAP(nil); len(sap) > 0 {
		x.step("SAP", string(sap[2:]), "all unique special access programs of the portions, NATO's after them", "D.2; H.5; H.7", func(m *mark) bool { return len(m.sap) > 0 || m.nato != 0 })
	}
}

func (x *explanation) aea() {
	if text := x.out.writeAEA(nil, bannerForm); len(text) > 0 {
		x.step("AEA", string(text[2:]), "all unique Atomic Energy Act markings of the portions", "D.2; H.6", func(m *mark) bool { return m.aea&^(dcni|ucni) != 0 || m.aea&x.out.aea != 0 })
	}
	for _, d := range [...]struct {
		lost          aea
		rule, section string
	}{
		{frd, "RD takes precedence over FRD and gathers its SIGMA numbers", "H.6 RESTRICTED DATA; SIGMA"},
		{tfni, "RD and FRD take precedence over TFNI", "H.6 TFNI"},
		{dcni | ucni, "UCNI does not appear in the banner of a classified document", "H.6 DOD UCNI; DOE UCNI"},
	} {
		lost := func(m *mark) bool { return m.aea&d.lost&^x.out.aea != 0 }
		if x.any(lost) {
			x.step("AEA", "", d.rule, d.section, lost)
		}
	}
}

func (x *explanation) fgi() {
	if !x.out.fgi {
		return
	}
	result := "FGI" + string(x.out.fgiList.append(nil, " "))
	concealed := func(m *mark) bool { return m.kind == kindConcealed || m.fgi && m.fgiList.empty() }
	if x.any(concealed) {
		x.step("FGI", result, "a portion conceals its source, so the banner names none", "D.2; H.7", concealed)
		return
	}
	x.step("FGI", result, "the sources of all portions with foreign information", "D.2; H.7; H.3", func(m *mark) bool { return m.fgi || m.kind != kindUS })
}

func (x *explanation) dissem() {
	const part = "dissemination"
	for set := x.out.dissem &^ fdr; set != 0; set &= set - 1 {
		bit := set & -set
		e := &dissemRegister[bits.TrailingZeros16(uint16(bit))]
		x.step(part, e.banner(), "appears in the banner where a portion has it", e.section, func(m *mark) bool { return m.dissem&bit != 0 })
	}
	lost := func(bit dissem) func(*mark) bool {
		return func(m *mark) bool { return m.dissem&bit&^x.out.dissem != 0 }
	}
	if x.any(lost(usgov)) {
		x.step(part, "", "ORCON takes precedence over ORCON-USGOV", "H.8 ORCON-USGOV", lost(usgov))
	}
	if x.any(lost(fouo)) {
		rule := "FOUO is not used in the banner of a classified document"
		if x.out.level == levelU {
			rule = "FOUO is not conveyed beside other dissemination controls"
		}
		x.step(part, "", rule, "H.8 FOR OFFICIAL USE ONLY", lost(fouo))
	}
}

// release names the rows of D.2 Table 3 that apply.
func (x *explanation) release() {
	const part = "release"
	var r release
	for i, p := range x.portions {
		r.add(p, i)
	}
	marked := func(m *mark) bool { return m.marked() }
	unmarked := func(m *mark) bool {
		return !m.marked() && (m.level != levelU || m.caveated() || m.foreign())
	}
	nf := func(m *mark) bool { return m.dissem&noforn != 0 }
	quiet := func(m *mark) bool { return m.nonIC&(sbuNF|lesNF) != 0 }
	text := string((&mark{dissem: x.out.dissem & fdr, relTo: x.out.relTo, displayTo: x.out.displayTo}).writeDissem(nil, bannerForm))
	// Each of these makes it NOFORN by itself.
	if r.nf {
		x.step(part, text, "NOFORN in any portion is NOFORN", "D.2 Table 3, 1, 2", nf)
	}
	if r.quietNF && (r.classified || r.explicit || r.nf) {
		x.step(part, text, "SBU NOFORN or LES NOFORN with classified or release-marked information is NOFORN", "D.2 Table 3, 3 to 8, 14, 15", quiet)
	}
	if r.explicit && r.unmarked {
		x.step(part, text, "a portion without a release decision beside one with it: NOFORN", "D.2 Table 3, 12, 16, 17, 19; B.3 Table 2", unmarked)
	}
	nobody := r.explicit && r.noRELIDO && len(r.unknown) == 0 && (r.noREL || r.rel.list().empty()) && r.show.list().empty()
	if nobody {
		x.step(part, text, "the decisions have nobody in common: NOFORN", "D.2 Table 3, 9 to 11, 13, 18, 20", func(m *mark) bool { return marked(m) && !nf(m) && !quiet(m) })
	}
	released := func(m *mark) bool { return m.dissem&(rel|eyes|display|relido) != 0 }
	switch {
	case x.out.dissem&noforn != 0:
		if x.any(released) {
			x.step(part, "", "NOFORN takes the place of what these portions release or show to", "D.2 Table 3; H.8 NOFORN", released)
		}
	case !r.explicit:
		if x.any(unmarked) {
			x.step(part, text, "no portion carries a release decision, so the banner carries none", "B.3.i", unmarked)
		}
	case !r.noRELIDO:
		x.step(part, text, "RELIDO on every portion stays; what all release to beside it is kept", "D.2 Table 3, 24; H.8 RELIDO", marked)
	case x.out.dissem&display != 0:
		x.step(part, text, "what is released may be shown; the codes common to all portions", "D.2 Table 3, 25 to 27", marked)
	default:
		x.step(part, text, "the codes common to all portions", "D.2 Table 3, 21 to 23", marked)
	}
	if left := x.leftOut(); left != "" && x.out.dissem&noforn == 0 {
		x.step(part, "", "not common to all portions, so left out: "+left, "D.2 Table 3, 9 to 11, 21 to 27", released)
	}
	abstains := func(m *mark) bool { return !m.marked() && !unmarked(m) }
	if (r.explicit || r.nf) && x.any(abstains) {
		x.step(part, "", "uncaveated unclassified portions do not take part", "H.1 UNCLASSIFIED", abstains)
	}
}

// leftOut names the nations and organisations that some portion releases or shows
// to and the banner does not.
func (x *explanation) leftOut() string {
	var all codes
	for _, p := range x.portions {
		all = all.union(p.relTo).union(p.displayTo)
	}
	left := all.beyond(x.out.relTo.union(x.out.displayTo))
	return strings.TrimPrefix(string(left.append(nil, ", ")), ", ")
}

func (x *explanation) nonIC() {
	const part = "non-IC"
	for set := x.out.nonIC; set != 0; set &= set - 1 {
		bit := set & -set
		e := &nonICRegister[bits.TrailingZeros16(uint16(bit))]
		rule := "appears in the banner where a portion has it"
		from := bit
		switch {
		case bit == sbu && x.any(hasNonIC(sbuNF)):
			rule, from = "beside NOFORN, SBU NOFORN is written SBU", sbu|sbuNF
		case bit == les && x.any(hasNonIC(lesNF)):
			rule, from = "beside NOFORN, LES NOFORN is written LES", les|lesNF
		}
		x.step(part, e.banner(), rule, e.section, hasNonIC(from))
	}
	for _, d := range [...]struct {
		lost, by      nonIC
		rule, section string
	}{
		{exdis, nodis, "NODIS has priority over EXDIS", "H.9 NODIS"},
		{sbu | sbuNF, exdis | nodis, "EXDIS and NODIS take precedence over SBU and SBU NOFORN", "H.9 EXDIS; NODIS"},
		{sbu, sbuNF, "SBU NOFORN supersedes SBU", "H.9 SBU NOFORN"},
		{les, lesNF, "LES NOFORN includes LES", "H.9 LES NOFORN"},
	} {
		lost := func(m *mark) bool { return m.nonIC&d.lost&^x.out.nonIC != 0 }
		if x.out.nonIC&d.by != 0 && x.any(lost) {
			x.step(part, "", d.rule, d.section, lost)
		}
	}
	protected := func(m *mark) bool { return m.nonIC&(limdis|sbu|sbuNF) != 0 }
	if x.out.level != levelU && x.any(protected) {
		x.step(part, "", "LIMDIS and SBU are not used in the banner of a classified document", "H.9 LIMDIS; SBU", protected)
	}
}

func hasNonIC(set nonIC) func(*mark) bool {
	return func(m *mark) bool { return m.nonIC&set != 0 }
}
