package us

import (
	"math/bits"
	"slices"
	"strconv"

	"cordon/marking"
)

// Rule compiles the marking by the conceptual access rights of G.2 Table 5.
//
//   - Level: the clearance of the classification; any SCI asks TS.
//   - ReadIns: control systems, compartments and sub-compartments, programs;
//     "RD" for the Q access that RD, CNWDI and SIGMA ask, "CNWDI",
//     "SIGMA 14"; "ATOMAL", "BALK", "BOHEMIA", and "NATO" for what NATO owns.
//     FRD and TFNI alone do not affect access.
//   - Audience: USA and whom the marking releases or shows the information
//     to. Classified and foreign information without such a decision is for
//     USA affiliation only (G.2), and so is RELIDO, which "does not by itself
//     indicate an affirmative decision", and what DEA SENSITIVE, LIMDIS,
//     EXDIS, NODIS, SBU NOFORN and LES NOFORN ask. Other unclassified
//     information without a decision names no audience.
//   - Named: NODIS.
//
// What a marking asks of a reader's organisation (ORCON, FOUO, LIMDIS and the
// like) is not in the rule: Cordon decides it by owners and recipients.
func (m *mark) Rule() marking.Rule {
	return marking.Rule{
		Level:    m.clearance(),
		ReadIns:  m.readIns(),
		Audience: m.audience(),
		Named:    m.nonIC&nodis != 0,
		Onward:   m.onward(),
	}
}

func (m *mark) clearance() int {
	if len(m.sci) > 0 {
		return levelTS.clearance() // G.2 Table 5, 4
	}
	return m.level.clearance()
}

// onward: every marking of the register leaves further dissemination to its
// originator; unclassified information "is withheld from public release until
// approved" (H.1 UNCLASSIFIED, Notes).
func (m *mark) onward() marking.Onward { return marking.OnwardNone }

func (m *mark) readIns() []string {
	var out []string
	for _, c := range m.sci {
		out = c.readIns(out)
	}
	for _, c := range m.sap {
		c.name = "SAR-" + c.name
		out = c.readIns(append(out, c.name))
	}
	if m.aea&rd != 0 || m.sigma != 0 {
		out = append(out, "RD")
	}
	if m.aea&cnwdi != 0 {
		out = append(out, "CNWDI")
	}
	for n := m.sigma; n != 0; n &= n - 1 {
		out = append(out, "SIGMA "+strconv.Itoa(bits.TrailingZeros32(n)))
	}
	if m.aea&atomal != 0 {
		out = append(out, "ATOMAL")
	}
	for set := uint16(m.nato); set != 0; set &= set - 1 {
		out = append(out, natoRegister[bits.TrailingZeros16(set)].portion)
	}
	if m.asksNATO() {
		out = append(out, "NATO")
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// asksNATO: what NATO owns asks the NATO read-in, unless it is NATO
// UNCLASSIFIED; so does FGI NATO (G.2 Table 5). A US marking with concealed
// FGI may stand for NATO portions too, since one concealed source makes it
// hide all of them (D.2), so it asks the same: a roll-up never asks less than
// its portions.
func (m *mark) asksNATO() bool {
	const nato = "NATO"
	switch {
	case m.fgi && (m.fgiList.empty() || m.fgiList.has(nato)):
		return true
	case m.kind == kindNonUS || m.kind == kindJoint:
		return m.owners.has(nato) && m.level != levelU
	}
	return false
}

// readIns adds what c asks. HCS and RSV are not read-ins by themselves: the
// legacy HCS asks HCS-P, RSV always has a compartment, and SI-ECRU asks
// NONBOOK too (G.2 Table 5, 4).
func (c control) readIns(out []string) []string {
	switch {
	case c.name == "HCS" && len(c.comps) == 0:
		return append(out, "HCS-P")
	case c.name != "HCS" && c.name != "RSV":
		out = append(out, c.name)
	}
	for _, k := range c.comps {
		path := c.name + "-" + k.name
		out = append(out, path)
		if path == "SI-EU" {
			out = append(out, "SI-NK")
		}
		for _, s := range k.subs {
			out = append(out, path+" "+s)
		}
	}
	return out
}

// audience is one clause, or none for unclassified information without a
// decision.
func (m *mark) audience() []marking.Audience {
	to := codes{}
	switch {
	case m.dissem&(rel|eyes|display) != 0:
		// Released or shown to a list. What other controls ask of the
		// country is thereby widened to that list (G.2). Display is reading,
		// so DISPLAY ONLY counts like REL TO here; that nothing shown may be
		// kept is for whoever hands out copies.
		to = m.relTo.union(m.displayTo)
	case m.dissem&fdr != 0, m.asksUSA():
	case m.kind == kindJoint, m.kind == kindNonUS:
		// Its owners' own information; nobody has released it further.
		to = m.owners
	case m.level == levelU && !m.foreign():
		return nil
	}
	return []marking.Audience{{
		Countries:   merge(to.expanded(), []string{usa}),
		Communities: to.communities(),
	}}
}

// asksUSA reports whether a control asks USA affiliation by itself.
func (m *mark) asksUSA() bool {
	for set := uint16(m.dissem); set != 0; set &= set - 1 {
		if dissemRegister[bits.TrailingZeros16(set)].usaOnly {
			return true
		}
	}
	for set := uint16(m.nonIC); set != 0; set &= set - 1 {
		if nonICRegister[bits.TrailingZeros16(set)].usaOnly {
			return true
		}
	}
	return false
}
