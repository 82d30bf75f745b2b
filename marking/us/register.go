package us

// form is one of the two ways a marking is written.
type form uint8

const (
	portionForm form = iota
	bannerForm
)

// dissem is a set of dissemination controls, in the order of the register.
type dissem uint16

const (
	rsen dissem = 1 << iota
	fouo
	orcon
	usgov
	imcon
	noforn
	propin
	rel
	relido
	eyes
	dsen
	fisa
	display

	// fdr are the foreign disclosure and release markings (B.3).
	fdr = noforn | rel | relido | eyes | display
)

// nonIC is a set of non-IC dissemination controls, in the order of the
// register.
type nonIC uint16

const (
	limdis nonIC = 1 << iota
	exdis
	nodis
	sbu
	sbuNF
	les
	lesNF
	ssi

	anyNonIC = limdis | exdis | nodis | sbu | sbuNF | les | lesNF | ssi
)

// aea is a set of Atomic Energy Act markings, in the order of the register.
// ATOMAL is NATO's and follows them (H.7).
type aea uint16

const (
	rd aea = 1 << iota
	cnwdi
	frd
	dcni
	ucni
	tfni
	atomal
)

// natoControl is a set of NATO's special programs; they stand where US
// special access programs do, after them (H.7, Example Page 2).
type natoControl uint8

const (
	balk natoControl = 1 << iota
	bohemia
)

// entry is one marking of the register (G.1 Table 4) with what its template
// in section H says about its use.
type entry struct {
	title    string // authorized banner line marking title
	abbr     string // authorized banner line abbreviation; empty means the title stands
	portion  string // authorized portion mark
	levels   levels // classifications it may be used with
	requires dissem // dissemination controls it requires
	excludes dissem // dissemination controls it excludes
	// excludesNonIC are the non-IC controls it excludes.
	excludesNonIC nonIC
	section       string // the template
	list          bool   // a list of codes follows
	usaOnly       bool   // readers need USA affiliation (G.2 Table 5)
}

func (e *entry) banner() string {
	if e.abbr != "" {
		return e.abbr
	}
	return e.title
}

// is reports whether s is the entry in the given form. A banner may use the
// title or the abbreviation (D.1).
func (e *entry) is(s string, f form) bool {
	if f == portionForm {
		return same(s, e.portion)
	}
	return same(s, e.title) || same(s, e.abbr)
}

// same compares what is seldom equal: first the first letters. An empty text
// is the same as nothing.
func same(a, b string) bool {
	return len(a) == len(b) && a != "" && a[0] == b[0] && a == b
}

// dissemRegister is category 8, in its order; the index is the bit.
var dissemRegister = [...]entry{
	{title: "RISK SENSITIVE", abbr: "RSEN", portion: "RS", levels: secretUp, section: "H.8 RISK SENSITIVE"},
	{title: "FOR OFFICIAL USE ONLY", abbr: "FOUO", portion: "FOUO", levels: onlyU, excludes: propin | dsen | fisa, excludesNonIC: anyNonIC, section: "H.8 FOR OFFICIAL USE ONLY"},
	{title: "ORIGINATOR CONTROLLED", abbr: "ORCON", portion: "OC", levels: classified, excludes: usgov | relido, section: "H.8 ORCON"},
	{title: "ORIGINATOR CONTROLLED-USGOV", abbr: "ORCON-USGOV", portion: "OC-USGOV", levels: classified, excludes: orcon | relido, section: "H.8 ORCON-USGOV"},
	{title: "CONTROLLED IMAGERY", abbr: "IMCON", portion: "IMC", levels: secretUp, section: "H.8 CONTROLLED IMAGERY"},
	{title: "NOT RELEASABLE TO FOREIGN NATIONALS", abbr: "NOFORN", portion: "NF", levels: anyLevel, excludes: rel | relido | eyes | display, section: "H.8 NOFORN"},
	{title: "CAUTION-PROPRIETARY INFORMATION INVOLVED", abbr: "PROPIN", portion: "PR", levels: anyLevel, section: "H.8 PROPIN"},
	{title: "AUTHORIZED FOR RELEASE TO", abbr: "REL TO", portion: "REL TO", levels: anyLevel, excludes: noforn | eyes, section: "H.8 REL TO", list: true},
	{title: "RELEASABLE BY INFORMATION DISCLOSURE OFFICIAL", abbr: "RELIDO", portion: "RELIDO", levels: anyLevel, excludes: noforn | display | orcon | usgov, section: "H.8 RELIDO"},
	{title: "EYES ONLY", portion: "EYES ONLY", levels: classified, excludes: noforn | rel | display, section: "H.8 EYES ONLY", list: true},
	{title: "DEA SENSITIVE", portion: "DSEN", levels: anyLevel, section: "H.8 DEA SENSITIVE", usaOnly: true},
	{title: "FOREIGN INTELLIGENCE SURVEILLANCE ACT", abbr: "FISA", portion: "FISA", levels: anyLevel, section: "H.8 FISA"},
	{title: "DISPLAY ONLY", portion: "DISPLAY ONLY", levels: anyLevel, excludes: noforn | relido | eyes, section: "H.8 DISPLAY ONLY", list: true},
}

// nonICRegister is category 9, in its order; the index is the bit.
var nonICRegister = [...]entry{
	{title: "LIMITED DISTRIBUTION", abbr: "LIMDIS", portion: "DS", levels: onlyU, section: "H.9 LIMDIS", usaOnly: true},
	{title: "EXCLUSIVE DISTRIBUTION", abbr: "EXDIS", portion: "XD", levels: anyLevel, requires: noforn, excludesNonIC: nodis | sbu | sbuNF, section: "H.9 EXDIS", usaOnly: true},
	{title: "NO DISTRIBUTION", abbr: "NODIS", portion: "ND", levels: anyLevel, requires: noforn, excludesNonIC: exdis | sbu | sbuNF, section: "H.9 NODIS", usaOnly: true},
	{title: "SENSITIVE BUT UNCLASSIFIED", abbr: "SBU", portion: "SBU", levels: onlyU, section: "H.9 SBU"},
	{title: "SENSITIVE BUT UNCLASSIFIED NOFORN", abbr: "SBU NOFORN", portion: "SBU-NF", levels: onlyU, excludes: fdr, excludesNonIC: sbu, section: "H.9 SBU NOFORN", usaOnly: true},
	{title: "LAW ENFORCEMENT SENSITIVE", abbr: "LES", portion: "LES", levels: anyLevel, section: "H.9 LES"},
	{title: "LAW ENFORCEMENT SENSITIVE NOFORN", abbr: "LES NOFORN", portion: "LES-NF", levels: anyLevel, excludes: fdr, excludesNonIC: les, section: "H.9 LES NOFORN", usaOnly: true},
	{title: "SENSITIVE SECURITY INFORMATION", abbr: "SSI", portion: "SSI", levels: anyLevel, section: "H.9 SSI"},
}

// aeaRegister is category 6, in its order; the index is the bit. RD and FRD
// are "always used with NOFORN unless a sharing agreement has been
// established" (H.6): nobody can tell that from the marking, so it is not
// required here.
var aeaRegister = [...]entry{
	{title: "RESTRICTED DATA", abbr: "RD", portion: "RD", levels: classified, section: "H.6 RESTRICTED DATA"},
	{title: "CRITICAL NUCLEAR WEAPON DESIGN INFORMATION", abbr: "CNWDI", portion: "CNWDI", levels: secretUp, section: "H.6 CNWDI"},
	{title: "FORMERLY RESTRICTED DATA", abbr: "FRD", portion: "FRD", levels: classified, section: "H.6 FORMERLY RESTRICTED DATA"},
	{title: "DOD UNCLASSIFIED CONTROLLED NUCLEAR INFORMATION", abbr: "DOD UCNI", portion: "DCNI", levels: onlyU, section: "H.6 DOD UCNI"},
	{title: "DOE UNCLASSIFIED CONTROLLED NUCLEAR INFORMATION", abbr: "DOE UCNI", portion: "UCNI", levels: onlyU, section: "H.6 DOE UCNI"},
	{title: "TRANSCLASSIFIED FOREIGN NUCLEAR INFORMATION", abbr: "TFNI", portion: "TFNI", levels: classified, section: "H.6 TFNI"},
	{title: "ATOMAL", portion: "ATOMAL", levels: classified, section: "H.7; Appendix B"},
}

// sigmaSection is the template of SIGMA under RD and FRD. The current
// categories are 14, 15, 18 and 20; 1 to 5 and 9 to 13 stay on information at
// rest (H.6 SIGMA, Notes).
const sigmaSection = "H.6 SIGMA"

const sigmaValid uint32 = 1<<14 | 1<<15 | 1<<18 | 1<<20 | 0x3e | 0x3e00

// natoRegister are NATO's control markings that stand in the place of special
// access programs.
var natoRegister = [...]entry{
	{title: "BALK", portion: "BALK", levels: classified, section: "H.7; Appendix B"},
	{title: "BOHEMIA", portion: "BOHEMIA", levels: onlyTS, section: "H.7; Appendix B"},
}

// sciEntry is one node of category 4: a control system, a compartment
// (system is set) or the sub-compartments of a compartment (sub is set).
// "*" stands for any unpublished value.
type sciEntry struct {
	system, comp string
	sub          bool
	title        string // how a banner may spell it out
	levels       levels
	requires     dissem
	excludes     dissem
	minLen       int
	maxLen       int
	digits       bool // alphanumeric, not alphabetic only
	section      string
}

// sciRegister is category 4. BUR, KLM and MVL are what ODNI has published since
// 2016 (CVEnumISMSCIControls), with the rules of its Schematron. A path is judged by every entry that fits it:
// SI-G ABCD by SI, SI-G and SI-G [sub-compartment].
var sciRegister = [...]sciEntry{
	{system: "HCS", levels: classified, section: "H.4 HCS"},
	{system: "HCS", comp: "O", title: "OPERATIONS", levels: secretUp, requires: orcon | noforn, excludes: usgov, section: "H.4 HCS OPERATIONS"},
	{system: "HCS", comp: "P", title: "PRODUCT", levels: secretUp, requires: noforn, section: "H.4 HCS PRODUCT"},
	{system: "HCS", comp: "P", sub: true, levels: onlyTS, requires: orcon | noforn, excludes: usgov, minLen: 1, maxLen: 6, digits: true, section: "H.4 HCS PRODUCT [SUB-COMPARTMENT]"},
	{system: "BUR", levels: secretUp, requires: noforn, section: "ISM-ID-00463"},
	{system: "BUR", comp: "BLG", levels: secretUp, requires: noforn, section: "ISM-ID-00463"},
	{system: "BUR", comp: "DTP", levels: secretUp, requires: noforn, section: "ISM-ID-00463"},
	{system: "BUR", comp: "WRG", levels: secretUp, requires: noforn, section: "ISM-ID-00463"},
	{system: "KLM", title: "KLAMATH", levels: secretUp, section: "ISM-ID-00466"},
	{system: "KLM", comp: "R", levels: onlyTS, requires: noforn, section: "ISM-ID-00468; 00469"},
	{system: "KLM", comp: "*", levels: secretUp, requires: orcon, minLen: 1, maxLen: 6, digits: true, section: "ISM-ID-00397"},
	{system: "MVL", title: "MARVEL", levels: onlyTS, section: "ISM-ID-00472"},
	{system: "RSV", title: "RESERVE", levels: secretUp, section: "H.4 RESERVE"},
	{system: "RSV", comp: "*", levels: secretUp, minLen: 3, maxLen: 3, digits: true, section: "H.4 RESERVE-[COMPARTMENT]"},
	{system: "SI", title: "SPECIAL INTELLIGENCE", levels: classified, section: "H.4 SPECIAL INTELLIGENCE"},
	{system: "SI", comp: "EU", title: "ECRU", levels: onlyTS, section: "H.4 ECRU"},
	{system: "SI", comp: "G", title: "GAMMA", levels: onlyTS, requires: orcon, excludes: usgov, section: "H.4 GAMMA"},
	{system: "SI", comp: "G", sub: true, levels: onlyTS, requires: orcon, excludes: usgov, minLen: 4, maxLen: 4, section: "H.4 GAMMA [SUB-COMPARTMENT]"},
	{system: "SI", comp: "NK", title: "NONBOOK", levels: onlyTS, section: "H.4 NONBOOK"},
	{system: "SI", comp: "*", levels: onlyTS, minLen: 2, maxLen: 3, section: "H.4 SI-[COMPARTMENT]"},
	{system: "TK", title: "TALENT KEYHOLE", levels: secretUp, section: "H.4 TALENT KEYHOLE"},
	{system: "TK", comp: "BLFH", title: "BLUEFISH", levels: onlyTS, requires: noforn, section: "H.4 BLUEFISH"},
	{system: "TK", comp: "BLFH", sub: true, levels: onlyTS, requires: noforn, minLen: 1, maxLen: 6, digits: true, section: "H.4 BLUEFISH [SUB-COMPARTMENT]"},
	{system: "TK", comp: "IDIT", title: "IDITAROD", levels: secretUp, requires: noforn, section: "H.4 IDITAROD"},
	{system: "TK", comp: "IDIT", sub: true, levels: secretUp, requires: noforn, minLen: 1, maxLen: 6, digits: true, section: "H.4 IDITAROD [SUB-COMPARTMENT]"},
	{system: "TK", comp: "KAND", title: "KANDIK", levels: secretUp, requires: noforn, section: "H.4 KANDIK"},
	{system: "TK", comp: "KAND", sub: true, levels: secretUp, requires: noforn, minLen: 1, maxLen: 6, digits: true, section: "H.4 KANDIK [SUB-COMPARTMENT]"},
}

// secondParties are those that EYES ONLY may name (H.8 EYES ONLY).
var secondParties = []string{"AUS", "CAN", "GBR", "NZL"}

// otherSystems are the control systems that the register of 2016 does not
// publish and that are read all the same: the notional ones of the manual's
// examples (A.6; H.4 Table 6; J).
var otherSystems = [...]string{"123", "ANB", "FGH", "LMN", "MMM", "XNB"}

const (
	sciSection = "H.4; A.6"
	sapSection = "H.5; A.6"
)

// systemName gives the abbreviation of a control system that a banner spells
// out, or the text itself.
func systemName(s string) string {
	switch s {
	case "TALENT KEYHOLE":
		return "TK"
	case "RESERVE":
		return "RSV"
	case "SPECIAL INTELLIGENCE":
		return "SI"
	case "AUNPUB": // with XUNPUB, a mock control system of J
		return "ANB"
	case "XUNPUB":
		return "XNB"
	}
	return s
}

// compartmentName is the same for a compartment of a system.
func compartmentName(system, s string) string {
	if len(s) < 4 {
		return s
	}
	for i := range sciRegister {
		e := &sciRegister[i]
		if e.comp != "" && e.title == s && e.system == system {
			return e.comp
		}
	}
	return s
}
