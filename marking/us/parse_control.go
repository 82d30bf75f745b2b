package us

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"cordon/marking"
)

// sci reads "SI-G ABCD EFGH-XYZ/TK" (A.6, H.4).
func (p *parser) sci(at, end int) bool {
	list, ok := p.controls(at, end, true)
	p.m.sci = list
	return ok
}

// sap reads "SAR-BP-J12 J54/CD", after it NATO's BALK and BOHEMIA (H.5, H.7).
func (p *parser) sap(at, end int) bool {
	s := p.s[at:end]
	prefix := ""
	for _, word := range [...]string{"SAR-", "SPECIAL ACCESS REQUIRED-"} {
		if strings.HasPrefix(s, word) && (p.form == bannerForm || word == "SAR-") {
			prefix = word
		}
	}
	tail := end
	for tail > at {
		cut := strings.LastIndexByte(p.s[at:tail], '/')
		i := natoIndex(p.s[at+cut+1 : tail])
		if i < 0 {
			break
		}
		bit := natoControl(1) << i
		if bit >= p.m.nato && p.m.nato != 0 {
			return p.fail(at+cut+1, "BALK and BOHEMIA stand once, in this order", "A.6; H.7")
		}
		p.m.nato |= bit
		tail = at + max(cut, 0)
	}
	if tail == at {
		return true
	}
	if prefix == "" {
		return p.fail(at, "special access programs begin with SAR-", sapSection)
	}
	list, ok := p.controls(at+len(prefix), tail, false)
	p.m.sap = list
	return ok
}

// controls reads control systems or programs in ascending order.
func (p *parser) controls(at, end int, isSCI bool) ([]control, bool) {
	section := sapSection
	if isSCI {
		section = sciSection
	}
	if n := 1 + strings.Count(p.s[at:end], "/"); cap(p.ctrls)-len(p.ctrls) < n {
		p.ctrls = make([]control, 0, min(n, marking.MaxEntries))
	}
	start := len(p.ctrls)
	for at <= end {
		stop, after := p.next(at, end, "/")
		n := len(p.ctrls)
		if !p.control(at, stop, isSCI, section) {
			return nil, false
		}
		if c := &p.ctrls[n]; n > start && p.ctrls[n-1].name >= c.name {
			if p.ctrls[n-1].name == c.name {
				return nil, p.fail(at, c.name+" is repeated", section)
			}
			return nil, p.fail(at, "controls stand in ascending order, numbers first", section)
		}
		at = after
	}
	return cut(p.ctrls, start, len(p.ctrls)), true
}

// control reads one of them with its compartments, behind those that were read.
func (p *parser) control(at, end int, isSCI bool, section string) bool {
	stop, after := p.next(at, end, "-")
	name := p.s[at:stop]
	if !p.count(at) {
		return false
	}
	var entries []sciEntry
	if isSCI {
		if p.form == bannerForm {
			name = systemName(name)
		}
		if !p.systemName(at, name) {
			return false
		}
		entries = sciOf(name)
	} else if !p.programName(at, name) {
		return false
	}
	start := len(p.comps)
	for at = after; at <= end; at = after {
		stop, after = p.next(at, end, "-")
		n := len(p.comps)
		if !p.compartment(at, stop, name, entries, isSCI, section) {
			return false
		}
		// J writes HCS-P JJJ-P DDDD: a repeated compartment is one.
		if k := &p.comps[n]; n > start && p.comps[n-1].name >= k.name {
			if p.comps[n-1].name != k.name {
				return p.fail(at, "compartments stand in ascending order, numbers first", section)
			}
			if len(k.subs) == 0 || len(p.comps[n-1].subs) == 0 {
				return p.fail(at, "the compartment "+k.name+" is repeated", section)
			}
			p.comps[n-1].subs = merge(p.comps[n-1].subs, k.subs)
			p.comps = p.comps[:n]
		}
	}
	p.ctrls = append(p.ctrls, control{name: name, comps: cut(p.comps, start, len(p.comps))})
	return true
}

// compartment reads one with its sub-compartments, behind those that were read.
func (p *parser) compartment(at, end int, system string, entries []sciEntry, isSCI bool, section string) bool {
	stop, after := p.next(at, end, " ")
	name := p.s[at:stop]
	if isSCI && p.form == bannerForm {
		name = compartmentName(system, name)
	}
	if !p.count(at) || !p.pathName(at, name, system, entries, name, false, isSCI, section) {
		return false
	}
	start := len(p.names)
	for at = after; at <= end; at = after {
		stop, after = p.next(at, end, " ")
		sub := p.s[at:stop]
		if !p.count(at) || !p.pathName(at, sub, system, entries, name, true, isSCI, section) {
			return false
		}
		if n := len(p.names); n > start && p.names[n-1] >= sub {
			return p.fail(at, "sub-compartments stand once each, in ascending order, numbers first", section)
		}
		p.names = append(p.names, sub)
	}
	p.comps = append(p.comps, compartment{name: name, subs: cut(p.names, start, len(p.names))})
	return true
}

// systemName accepts the control systems of the register and those other ones
// that are known. What else is registered is not published (H.4), and cannot
// be told from a slip.
func (p *parser) systemName(at int, s string) bool {
	switch s {
	case "BUR", "HCS", "KLM", "MVL", "RSV", "SI", "TK":
		return true
	case "":
		return p.fail(at, "an entry is empty", sciSection)
	case "COMINT", "ECI", "KDK", "EL":
		return p.fail(at, s+" is retired", "H.4")
	}
	if slices.Contains(otherSystems[:], s) {
		return true
	}
	return p.unknown(at, s)
}

// programName accepts a program's abbreviation, or its nickname of several
// words (H.5).
func (p *parser) programName(at int, s string) bool {
	if strings.HasPrefix(s, "SAR") && len(s) == 3 {
		return p.fail(at, "SAR- is not repeated between programs", "H.5; I (December 2011)")
	}
	for word := range strings.SplitSeq(s, " ") {
		if !alnum(word) {
			return p.fail(at, "a program identifier is letters and digits", sapSection)
		}
		if isReserved(word) {
			return p.fail(at, word+" is a marking of another category, and no program", sapSection)
		}
	}
	if isReserved(s) || len(s) == 1 {
		return p.fail(at, s+" is a marking of another category, and no program", sapSection)
	}
	return true
}

// pathName judges the name of a compartment, or of a sub-compartment of comp,
// by the register.
func (p *parser) pathName(at int, s, system string, entries []sciEntry, comp string, sub, isSCI bool, section string) bool {
	if !alnum(s) || len(s) > 24 {
		return p.fail(at, "compartments are letters and digits, joined by a hyphen and followed by a space for each sub-compartment", section)
	}
	if !sub && isReserved(s) || s == "TS" {
		return p.fail(at, s+" is a marking of its own, and no compartment", section)
	}
	if !isSCI {
		return true
	}
	e := sciFind(entries, comp, sub)
	switch {
	case e == nil && system == "HCS":
		return p.fail(at, "HCS has the compartments O and P, and only P has sub-compartments", "H.4 HCS")
	case e == nil && system == "TK":
		return p.fail(at, "TK has the compartments BLFH, IDIT and KAND", "H.4 TALENT KEYHOLE")
	case e == nil && !sub && (system == "BUR" || system == "MVL"):
		return p.fail(at, system+" has no compartment "+s, "CVEnumISMSCIControls")
	case e == nil || e.minLen == 0:
		return true
	case len(s) < e.minLen || len(s) > e.maxLen || !e.digits && !letters(s):
		return p.fail(at, s+" is not such a compartment: it has "+lengthText(e), e.section)
	}
	return true
}

func lengthText(e *sciEntry) string {
	n := strconv.Itoa(e.maxLen)
	if e.minLen == 1 {
		n = "up to " + n
	} else if e.minLen != e.maxLen {
		n = strconv.Itoa(e.minLen) + " or " + n
	}
	if e.digits {
		return n + " letters or digits"
	}
	return n + " letters"
}

// sciFind is the entry for a compartment, or for its sub-compartments, of those
// of its control system; nil where the register has none.
func sciFind(entries []sciEntry, comp string, sub bool) *sciEntry {
	var any *sciEntry
	for i := range entries {
		e := &entries[i]
		if e.sub != sub {
			continue
		}
		if e.comp == comp {
			return e
		}
		if e.comp == "*" {
			any = e
		}
	}
	return any
}

// aea reads "RD-CNWDI-SG 14 18/ATOMAL" (A.6, H.6).
func (p *parser) aea(at, end int) bool {
	for at <= end {
		stop, after := p.next(at, end, "/")
		if !p.aeaEntry(at, stop) {
			return false
		}
		at = after
	}
	return true
}

func (p *parser) aeaEntry(at, end int) bool {
	i, width := aeaIndex(p.s[at:end], p.form)
	if i < 0 {
		return p.unknown(at, p.s[at:end])
	}
	bit := aea(1) << i
	switch {
	case !p.count(at):
		return false
	case p.m.aea&bit != 0:
		return p.fail(at, "the marking is repeated", "D.1")
	case p.m.aea&^cnwdi > bit:
		return p.fail(at, "Atomic Energy Act markings stand in the order of the register", "A.6; G.1")
	case bit == frd && p.m.aea&rd != 0, bit == tfni && p.m.aea&(rd|frd) != 0:
		return p.fail(at, "RD takes precedence over FRD, and both over TFNI", aeaRegister[i].section)
	}
	p.m.aea |= bit
	for at += width; at < end; {
		at++ // the hyphen
		stop, _ := p.next(at, end, "-")
		if !p.aeaSubset(bit, at, stop) {
			return false
		}
		at = stop
	}
	return true
}

// aeaSubset reads what follows the hyphen after RD or FRD.
func (p *parser) aeaSubset(bit aea, at, end int) bool {
	s := p.s[at:end]
	if aeaRegister[bits.TrailingZeros16(uint16(cnwdi))].is(s, p.form) || p.form == bannerForm && s == "CNWDI" {
		if bit != rd || p.m.aea&cnwdi != 0 || p.m.sigma != 0 {
			return p.fail(at, "CNWDI stands once, as the first subset of RD", "H.6 CNWDI")
		}
		p.m.aea |= cnwdi
		return true
	}
	word := "SG "
	if p.form == bannerForm {
		word = "SIGMA "
	}
	rest, ok := strings.CutPrefix(s, word)
	if !ok || bit&(rd|frd) == 0 || p.m.sigma != 0 {
		return p.fail(at, "unknown subset "+s, "H.6")
	}
	for at += len(word); at <= end; {
		stop, after := p.next(at, end, " ")
		n, err := strconv.Atoi(p.s[at:stop])
		switch {
		case err != nil, n < 1, n > 31, sigmaValid&(1<<n) == 0, p.s[at] == '0':
			return p.fail(at, "SIGMA categories are 14, 15, 18 and 20, and on information at rest 1 to 5 and 9 to 13", sigmaSection)
		case !p.count(at):
			return false
		case p.m.sigma>>n != 0:
			return p.fail(at, "SIGMA numbers stand once each, in numerical order", sigmaSection)
		}
		p.m.sigma |= 1 << n
		at = after
	}
	return rest != ""
}

// aeaIndex is the bit of the marking an entry begins with and the length of
// its name, or -1. CNWDI does not stand alone.
func aeaIndex(entry string, f form) (index, width int) {
	name, _, _ := strings.Cut(entry, "-")
	return find(name, f, catAEA), len(name)
}
