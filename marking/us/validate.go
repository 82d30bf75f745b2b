package us

import (
	"math/bits"
	"strings"
)

// violation is one broken relationship of the register's templates.
type violation struct {
	token   string // the marking that may not stand so, as a portion mark
	reason  string
	section string
	// missing and surplus are the controls whose addition or removal would
	// mend it; zero where nothing can be said.
	missing dissem
	surplus dissem
}

// validate checks what the templates of section H say about the relationship
// of markings to each other, and points at the one that breaks it.
func (p *parser) validate() bool {
	v := p.m.check()
	if v == nil {
		return true
	}
	return p.fail(p.locate(v.token), v.reason, v.section)
}

// locate finds a portion token, or its banner forms, in the text.
func (p *parser) locate(token string) int {
	names := []string{token}
	for _, register := range [...][]entry{dissemRegister[:], nonICRegister[:], aeaRegister[:], natoRegister[:]} {
		for i := range register {
			if e := &register[i]; e.portion == token {
				names = append(names, e.abbr, e.title)
			}
		}
	}
	for _, n := range names {
		for from := 0; n != "" && from < len(p.s); {
			i := strings.Index(p.s[from:], n)
			if i < 0 {
				break
			}
			at := from + i
			if (at == 0 || strings.IndexByte("/- ", p.s[at-1]) >= 0) &&
				(at+len(n) == len(p.s) || strings.IndexByte("/- ,", p.s[at+len(n)]) >= 0) {
				return at
			}
			from = at + 1
		}
	}
	return 0
}

// check gives the first broken relationship, or nil.
func (m *mark) check() *violation {
	for _, c := range m.sci {
		if v := m.checkControl(c); v != nil {
			return v
		}
	}
	if len(m.sap) > 0 && !m.level.in(classified) {
		return &violation{token: m.sap[0].name, reason: "special access programs are for classified information", section: "H.5"}
	}
	if v := m.checkEntries(uint16(m.nato), natoRegister[:]); v != nil {
		return v
	}
	if v := m.checkEntries(uint16(m.aea), aeaRegister[:]); v != nil {
		return v
	}
	if m.sigma != 0 && !m.level.in(secretUp) {
		return &violation{token: "SG", reason: "SIGMA may only be used with TOP SECRET or SECRET", section: sigmaSection}
	}
	if v := m.checkEntries(uint16(m.dissem), dissemRegister[:]); v != nil {
		return v
	}
	if v := m.checkEntries(uint16(m.nonIC), nonICRegister[:]); v != nil {
		return v
	}
	if v := m.checkNATO(); v != nil {
		return v
	}
	if m.dissem&eyes != 0 && (len(m.relTo.groups) > 0 || !holds(secondParties, m.relTo.countries)) {
		return &violation{token: "EYES ONLY", reason: "EYES ONLY names Second Parties only: " + strings.Join(secondParties, ", "), section: "H.8 EYES ONLY"}
	}
	switch {
	case m.kind == kindConcealed && m.fgi:
		return &violation{token: "FGI", reason: "concealed FGI is not mixed with other FGI in one portion", section: "H.7 FGI, Commingling"}
	case m.kind == kindJoint:
		return m.checkJoint()
	}
	return nil
}

// checkNATO: ATOMAL, BALK and BOHEMIA are controls of NATO's information. They
// stand in a marking of NATO's own, or in one that acknowledges NATO as a source
// or conceals its sources (H.7; G.1 Table 4, 2; Appendix B).
func (m *mark) checkNATO() *violation {
	token := ""
	switch {
	case m.nato&balk != 0:
		token = "BALK"
	case m.nato&bohemia != 0:
		token = "BOHEMIA"
	case m.aea&atomal != 0:
		token = "ATOMAL"
	default:
		return nil
	}
	const nato = "NATO"
	if m.owners.has(nato) || m.kind == kindConcealed || m.fgi && (m.fgiList.empty() || m.fgiList.has(nato)) {
		return nil
	}
	return &violation{token: token, reason: token + " is a control of NATO's information, and the marking has none", section: "H.7; Appendix B"}
}

// checkEntries holds each marking of one register against its own entry.
func (m *mark) checkEntries(set uint16, register []entry) *violation {
	for ; set != 0; set &= set - 1 {
		e := &register[bits.TrailingZeros16(set)]
		switch {
		case !m.level.in(e.levels):
			return &violation{token: e.portion, reason: e.banner() + " may only be used with " + e.levels.text(), section: e.section}
		case e.requires&^m.dissem != 0:
			return m.missing(e.portion, e.banner(), e.requires, e.section)
		case e.excludes&m.dissem != 0:
			return m.surplus(e.portion, e.banner(), e.excludes, e.section)
		case e.excludesNonIC&m.nonIC != 0:
			other := &nonICRegister[bits.TrailingZeros16(uint16(e.excludesNonIC&m.nonIC))]
			return &violation{token: e.portion, reason: e.banner() + " and " + other.banner() + " cannot be used together", section: e.section}
		}
	}
	return nil
}

// checkControl holds a control system against every entry that fits it.
func (m *mark) checkControl(c control) *violation {
	if c.name == "RSV" && len(c.comps) == 0 {
		return &violation{token: c.name, reason: "RSV is not used without a compartment", section: "H.4 RESERVE"}
	}
	if !m.level.in(classified) {
		return &violation{token: c.name, reason: "SCI markings are for classified information", section: "H.4"}
	}
	entries := sciOf(c.name)
	for i := range entries {
		e := &entries[i]
		if !e.fits(c, entries) {
			continue
		}
		switch {
		case !m.level.in(e.levels):
			return &violation{token: e.system, reason: e.name() + " may only be used with " + e.levels.text(), section: e.section}
		case e.requires&^m.dissem != 0:
			return m.missing(e.system, e.name(), e.requires, e.section)
		case e.excludes&m.dissem != 0:
			return m.surplus(e.system, e.name(), e.excludes, e.section)
		}
	}
	return nil
}

// name is how an error speaks of the entry.
func (e *sciEntry) name() string {
	name := e.system
	switch e.comp {
	case "":
	case "*":
		name += " compartments"
	default:
		name += "-" + e.comp
	}
	if e.sub {
		name += " sub-compartments"
	}
	return name
}

// fits reports whether the entry, one of those of its system, speaks about
// something c holds.
func (e *sciEntry) fits(c control, entries []sciEntry) bool {
	if e.comp == "" {
		return true
	}
	for _, k := range c.comps {
		if e.sub == (len(k.subs) > 0) || !e.sub {
			if e.comp == k.name || e.comp == "*" && sciFind(entries, k.name, false) == e {
				return true
			}
		}
	}
	return false
}

func (m *mark) checkJoint() *violation {
	switch {
	case m.dissem&rel == 0:
		return m.missing("JOINT", "JOINT", rel, "H.3")
	case !m.shortREL && !m.relTo.admits(m.owners):
		return &violation{token: "REL TO", reason: "JOINT information is released at least to all its owners", section: "H.3"}
	}
	for _, c := range m.sci {
		if c.name == "HCS" {
			return &violation{token: "HCS", reason: "HCS may not be used with JOINT", section: "H.3"}
		}
	}
	return nil
}

// admits reports whether every code of o is in c, itself or as a member of a
// tetragraph of c.
func (c codes) admits(o codes) bool {
	have := c.expanded()
	for _, code := range o.countries {
		if !holds(have, []string{code}) {
			return false
		}
	}
	for _, g := range o.groups {
		if !holds(c.groups, []string{g}) && (decomposable[g] == nil || !holds(have, decomposable[g])) {
			return false
		}
	}
	return true
}

func (m *mark) missing(token, name string, requires dissem, section string) *violation {
	lack := requires &^ m.dissem
	return &violation{token: token, reason: name + " requires " + lack.text(), section: section, missing: lack}
}

func (m *mark) surplus(token, name string, excludes dissem, section string) *violation {
	clash := excludes & m.dissem
	return &violation{token: token, reason: name + " may not be used with " + clash.text(), section: section, surplus: clash}
}

// text names the controls of a set: "ORCON and NOFORN".
func (d dissem) text() string {
	var names []string
	for set := d; set != 0; set &= set - 1 {
		names = append(names, dissemRegister[bits.TrailingZeros16(uint16(set))].banner())
	}
	return strings.Join(names, " and ")
}

// text names the classifications of a set. RESTRICTED is left out: a US
// marking has none.
func (set levels) text() string {
	var names []string
	for l := levelTS; ; l-- {
		if l.in(set) && l != levelR {
			names = append(names, levelNames[l].banner)
		}
		if l == levelU {
			return strings.Join(names, " or ")
		}
	}
}
