package us

import (
	"cordon/marking"
)

// whole collects what the portions of a document contribute to its banner.
type whole struct {
	level    level
	sci, sap []control
	nato     natoControl
	aea      aea
	rdSigma  uint32
	frdSigma uint32
	dissem   dissem // without release markings
	nonIC    nonIC

	fgi       bool // some portion holds foreign information
	concealed bool // of a source that may not be named
	fgiList   codes
	ownFGI    codes // the FGI category of the portions alone
	hasOwnFGI bool

	kind   kind // while same is set, that of all portions
	owners codes
	nac    string
	same   bool

	release release
}

// rollUp makes the banner of the portions, by D.2 and the precedence rules of
// the templates in H.
func rollUp(portions []*mark) (*mark, *marking.Error) {
	w := whole{same: true, kind: portions[0].kind, owners: portions[0].owners, nac: portions[0].nac}
	for i, m := range portions {
		w.add(m)
		w.release.add(m, i)
	}
	out := &mark{level: w.level, sci: w.sci, sap: w.sap, nato: w.nato}
	w.setKind(out)
	w.setAEA(out)
	w.setDissem(out)
	if err := w.release.set(out); err != nil {
		return nil, err
	}
	w.setNonIC(out)
	if v := out.check(); v != nil {
		return nil, &marking.Error{Scheme: name, Reason: "the roll-up would be invalid: " + v.reason, Section: v.section}
	}
	return out.seal(), nil
}

func (w *whole) add(m *mark) {
	w.level = max(w.level, m.level)
	w.sci = unite(w.sci, m.sci)
	w.sap = unite(w.sap, m.sap)
	w.nato |= m.nato
	w.aea |= m.aea
	if m.aea&rd != 0 {
		w.rdSigma |= m.sigma
	} else {
		w.frdSigma |= m.sigma
	}
	w.dissem |= m.dissem &^ fdr
	w.nonIC |= m.nonIC
	if m.kind != w.kind || m.nac != w.nac || !m.owners.equal(w.owners) {
		w.same = false
	}
	if m.fgi {
		w.fgi, w.hasOwnFGI = true, true
		w.concealed = w.concealed || m.fgiList.empty()
		w.ownFGI = w.ownFGI.union(m.fgiList)
	}
	switch m.kind {
	case kindConcealed:
		w.fgi, w.concealed = true, true
	case kindNonUS, kindJoint:
		w.fgi = true
		w.fgiList = w.fgiList.union(m.owners)
		if m.nac != "" {
			w.fgiList = w.fgiList.union(codes{groups: []string{m.nac}})
		}
	}
}

// setKind: portions of the same foreign owners, or all JOINT of the same
// owners, make a document of those owners (H.3, J); any other mixture is a US
// document, in which the foreign owners stand as FGI (H.3 Derivative Use,
// D.2). A concealed source hides the names of all (D.2). Information whose
// source is concealed stands in US documents only (H.7).
//
// LIMDIS is a control of US information (H.9). Where a classified whole would
// drop it, the whole must not seem to be its foreign owners' alone, who would
// then read what LIMDIS kept from them.
func (w *whole) setKind(out *mark) {
	hidesLIMDIS := w.nonIC&limdis != 0 && w.level != levelU
	if w.same && (w.kind == kindNonUS && !hidesLIMDIS || w.kind == kindJoint) {
		out.kind, out.owners, out.nac = w.kind, w.owners, w.nac
		out.fgi = w.hasOwnFGI
		if !w.concealed {
			out.fgiList = w.ownFGI
		}
		return
	}
	out.level = w.level.us()
	out.fgi = w.fgi
	if !w.concealed {
		out.fgiList = w.fgiList.union(w.ownFGI)
	}
}

// setAEA: RD takes precedence over FRD and gathers its SIGMA numbers, both
// over TFNI; UCNI stands in unclassified documents only (H.6).
func (w *whole) setAEA(out *mark) {
	set := w.aea
	out.sigma = w.frdSigma | w.rdSigma
	switch {
	case set&rd != 0:
		set &^= frd | tfni
	case set&frd != 0:
		set &^= tfni
	}
	if out.level != levelU {
		set &^= dcni | ucni
	}
	out.aea = set
}

// setDissem: ORCON takes precedence over ORCON-USGOV; FOUO stands only in an
// unclassified document without other dissemination controls than release
// markings (H.8).
func (w *whole) setDissem(out *mark) {
	set := w.dissem
	if set&orcon != 0 {
		set &^= usgov
	}
	if out.level != levelU || set&^fouo != 0 || w.nonIC != 0 {
		set &^= fouo
	}
	out.dissem = set
}

// setNonIC: what the classification protects already is dropped from a
// classified document; what is stricter takes the place of what it holds
// (H.9). With NOFORN in the banner, SBU NOFORN and LES NOFORN are written SBU
// and LES beside it (H.9 Example Pages).
func (w *whole) setNonIC(out *mark) {
	set := w.nonIC
	if set&nodis != 0 {
		set &^= exdis
	}
	if out.level != levelU {
		set &^= limdis | sbu | sbuNF
	}
	if set&(nodis|exdis) != 0 {
		set &^= sbu | sbuNF
	}
	if out.dissem&noforn != 0 {
		set = plain(set, sbuNF, sbu)
		set = plain(set, lesNF, les)
	}
	if set&sbuNF != 0 {
		set &^= sbu
	}
	if set&lesNF != 0 {
		set &^= les
	}
	out.nonIC = set
}

func plain(set, nf, without nonIC) nonIC {
	if set&nf != 0 {
		set = set&^nf | without
	}
	return set
}
