package us

import (
	"math/bits"

	"cordon/marking"
)

// kind is what the first category of a marking says (A.5: US, non-US and
// JOINT are mutually exclusive).
type kind uint8

const (
	kindUS        kind = iota
	kindNonUS          // //DEU S, //NS
	kindConcealed      // //FGI S: foreign, its source concealed
	kindJoint          // //JOINT S CAN USA
)

// mark is one US marking. It is immutable once parse or roll-up returns it.
type mark struct {
	kind  kind
	level level
	// owners are the foreign owners of a non-US or JOINT marking. The list
	// of a JOINT portion may be left out where it is the banner's (H.3).
	owners codes
	// nac is the NAC activity of a NATO marking: NATO [nac] SECRET.
	nac string
	sci []control
	sap []control

	nato  natoControl
	aea   aea
	sigma uint32 // SIGMA numbers, of RD if there is RD, else of FRD

	fgi       bool
	fgiList   codes // empty where a source is concealed
	dissem    dissem
	shortREL  bool  // REL without a list: the banner's list (H.8 REL TO)
	relTo     codes // of REL TO or EYES ONLY
	displayTo codes
	nonIC     nonIC

	portion, banner string
}

var _ marking.Marking = (*mark)(nil)

// Scheme is always "us".
func (m *mark) Scheme() string { return name }

// Portion is the canonical portion mark, without parentheses.
func (m *mark) Portion() string { return m.portion }

// Banner is the canonical banner line. Classifications are spelled out; every
// control is written by its authorized abbreviation, which D.1 allows
// everywhere and which keeps a banner on one line.
func (m *mark) Banner() string { return m.banner }

// String is the portion mark.
func (m *mark) String() string { return m.portion }

// marked reports whether the marking carries a foreign disclosure or release
// decision of its own. SBU NOFORN and LES NOFORN are such decisions.
func (m *mark) marked() bool { return m.dissem&fdr != 0 || m.nonIC&(sbuNF|lesNF) != 0 }

// caveated reports whether it carries anything that makes unclassified
// information take part in the release roll-up: AEA, SAP or dissemination
// controls, but not SCI (B.3).
func (m *mark) caveated() bool {
	return m.aea != 0 || m.nato != 0 || len(m.sap) > 0 || m.dissem&^fdr != 0 || m.nonIC != 0
}

// foreign reports whether it holds foreign government information.
func (m *mark) foreign() bool { return m.fgi || m.kind == kindNonUS || m.kind == kindConcealed }

// unresolved reports whether the marking leaves a list to the banner of the
// document it stands in.
func (m *mark) unresolved() bool {
	return m.shortREL || m.kind == kindJoint && m.owners.empty()
}

// seal writes the canonical texts; afterwards the mark does not change. A text
// that the mark was read from is kept where it is one of them.
func (m *mark) seal(read ...string) *mark {
	// Control systems, programs and foreign sources are the same in both.
	var room, controlRoom [256]byte
	controls := m.writeControls(controlRoom[:0])
	foreign := m.writeFGI(controls[len(controls):])
	for f, text := range [...]*string{portionForm: &m.portion, bannerForm: &m.banner} {
		b := m.write(room[:0], form(f), controls, foreign)
		if len(read) > 0 && string(b) == read[0] {
			*text = read[0]
		} else {
			*text = string(b)
		}
	}
	return m
}

// write appends the marking in the order and with the separators of A.6.
func (m *mark) write(b []byte, f form, controls, foreign []byte) []byte {
	b = append(m.writeClassification(b, f), controls...)
	b = append(m.writeAEA(b, f), foreign...)
	if m.dissem != 0 {
		b = append(b, "//"...)
		b = m.writeDissem(b, f)
	}
	if m.nonIC != 0 {
		b = append(b, "//"...)
		b = appendEntries(b, uint16(m.nonIC), nonICRegister[:], f)
	}
	return b
}

func (m *mark) writeControls(b []byte) []byte {
	if len(m.sci) > 0 {
		b = append(b, "//"...)
		b = appendControls(b, m.sci)
	}
	return m.writeSAP(b)
}

func (m *mark) writeFGI(b []byte) []byte {
	if m.fgi {
		b = append(b, "//FGI"...)
		b = m.fgiList.append(b, " ")
	}
	return b
}

func (m *mark) writeClassification(b []byte, f form) []byte {
	level := m.level.name(f)
	switch m.kind {
	case kindConcealed:
		b = append(b, "//FGI "...)
		return append(b, level...)
	case kindJoint:
		b = append(b, "//JOINT "...)
		b = append(b, level...)
		if m.owners.empty() {
			return b
		}
		// USA stands among the countries in alphabetical order (H.3).
		return codes{merge(m.owners.countries, []string{usa}), m.owners.groups}.append(b, " ")
	case kindNonUS:
		return m.writeNonUS(append(b, "//"...), f)
	}
	return append(b, level...)
}

// isNATO reports whether NATO alone is the owner, for which NATO's own marks
// are used (G.1 Table 4, 2).
func (c codes) isNATO() bool {
	return len(c.countries) == 0 && len(c.groups) == 1 && c.groups[0] == "NATO"
}

func (m *mark) writeNonUS(b []byte, f form) []byte {
	level := m.level.name(f)
	if !m.owners.isNATO() {
		b = append(b, m.owners.append(nil, " ")[1:]...)
		b = append(b, ' ')
		return append(b, level...)
	}
	if f == portionForm {
		if m.level == levelTS && m.nac == "" {
			return append(b, "CTS"...)
		}
		b = append(b, 'N')
		b = append(b, nacLetter(m.nac)...)
		return append(b, level...)
	}
	if m.level == levelTS && m.nac == "" {
		return append(b, "COSMIC TOP SECRET"...)
	}
	b = append(b, "NATO "...)
	if m.nac != "" {
		b = append(b, m.nac...)
		b = append(b, ' ')
	}
	return append(b, level...)
}

// nacLetter is how a portion mark writes a NAC activity: by its letter where
// it has one, else in full.
func nacLetter(nac string) string {
	for letter, name := range nacActivities {
		if name == nac {
			return letter
		}
	}
	return nac
}

func (m *mark) writeSAP(b []byte) []byte {
	if len(m.sap) == 0 && m.nato == 0 {
		return b
	}
	b = append(b, "//"...)
	if len(m.sap) > 0 {
		b = append(b, "SAR-"...)
		b = appendControls(b, m.sap)
		if m.nato != 0 {
			b = append(b, '/')
		}
	}
	return appendEntries(b, uint16(m.nato), natoRegister[:], portionForm)
}

func (m *mark) writeAEA(b []byte, f form) []byte {
	sep := "//"
	for set := m.aea &^ cnwdi; set != 0; set &= set - 1 {
		bit := set & -set
		e := &aeaRegister[bits.TrailingZeros16(uint16(bit))]
		b = append(b, sep...)
		sep = "/"
		if f == portionForm {
			b = append(b, e.portion...)
		} else {
			b = append(b, e.banner()...)
		}
		if bit == rd && m.aea&cnwdi != 0 {
			b = append(b, "-CNWDI"...)
		}
		if m.sigma != 0 && (bit == rd || bit == frd && m.aea&rd == 0) {
			b = appendSigma(b, m.sigma, f)
		}
	}
	return b
}

func appendSigma(b []byte, sigma uint32, f form) []byte {
	if f == portionForm {
		b = append(b, "-SG"...)
	} else {
		b = append(b, "-SIGMA"...)
	}
	for n := range 32 {
		if sigma&(1<<n) != 0 {
			b = append(b, ' ')
			if n >= 10 {
				b = append(b, byte('0'+n/10))
			}
			b = append(b, byte('0'+n%10))
		}
	}
	return b
}

func (m *mark) writeDissem(b []byte, f form) []byte {
	first := true
	for set := m.dissem; set != 0; set &= set - 1 {
		if !first {
			b = append(b, '/')
		}
		first = false
		switch bit := set & -set; bit {
		case rel:
			if m.shortREL {
				b = append(b, "REL"...)
				continue
			}
			b = append(b, "REL TO USA"...)
			b = m.relTo.append(b, ", ")
		case eyes:
			if m.shortREL {
				b = append(b, "EYES"...)
				continue
			}
			b = append(b, usa...)
			b = m.relTo.append(b, "/")
			b = append(b, " EYES ONLY"...)
		case display:
			b = append(b, "DISPLAY ONLY "...)
			b = append(b, m.displayTo.append(nil, ", ")[2:]...)
		default:
			e := &dissemRegister[bits.TrailingZeros16(uint16(bit))]
			if f == portionForm {
				b = append(b, e.portion...)
			} else {
				b = append(b, e.banner()...)
			}
		}
	}
	return b
}

// append writes the codes, trigraphs before tetragraphs, each with sep before
// it (A.6).
func (c codes) append(b []byte, sep string) []byte {
	for _, s := range c.countries {
		b = append(b, sep...)
		b = append(b, s...)
	}
	for _, s := range c.groups {
		b = append(b, sep...)
		b = append(b, s...)
	}
	return b
}

func appendEntries(b []byte, set uint16, register []entry, f form) []byte {
	for first := true; set != 0; set &= set - 1 {
		if !first {
			b = append(b, '/')
		}
		first = false
		e := &register[bits.TrailingZeros16(set)]
		if f == portionForm {
			b = append(b, e.portion...)
		} else {
			b = append(b, e.banner()...)
		}
	}
	return b
}
