package us

import "strings"

// classification reads the first category. Foreign says that the marking
// begins with "//" (A.6).
func (p *parser) classification(at, end int, foreign bool) bool {
	s := p.s[at:end]
	if !foreign {
		l, ok := levelOf(s, p.form)
		if strings.HasPrefix(s, "JOINT ") {
			return p.fail(at, "a JOINT marking begins with //", "H.3; A.6")
		}
		if !ok || l == levelR {
			return p.fail(at, "a US marking begins with its classification", "H.1")
		}
		p.m.level = l
		return true
	}
	switch {
	case s == "JOINT", strings.HasPrefix(s, "JOINT "):
		return p.joint(at, end)
	case strings.HasPrefix(s, "FGI "):
		p.m.kind = kindConcealed
		return p.levelAt(at+len("FGI "), end, "H.7 FGI")
	}
	return p.nonUS(at, end)
}

// levelAt reads nothing but a classification.
func (p *parser) levelAt(at, end int, section string) bool {
	l, ok := levelOf(p.s[at:end], p.form)
	if !ok {
		return p.fail(at, "here stands a classification", section)
	}
	p.m.level = l
	return true
}

// joint reads "JOINT S CAN GBR USA", or "JOINT S" where the list is that of
// the banner (H.3).
func (p *parser) joint(at, end int) bool {
	p.m.kind = kindJoint
	at += len("JOINT")
	if at == end {
		return p.fail(at, "JOINT is followed by a classification", "H.3")
	}
	at++
	l, width := p.leadingLevel(p.s[at:end])
	if width == 0 || l == levelR {
		if why := p.otherForm(p.s[at:end]); why != "" {
			// Reading ends where it began: what is wrong in the other form is what is wrong.
			return p.fail(0, why, "H.3")
		}
		return p.fail(at, p.whyNoJointLevel(p.s[at:end]), "H.3")
	}
	p.m.level = l
	at += width
	if at == end {
		if p.form == bannerForm {
			return p.fail(at, "a JOINT banner lists its owners", "H.3")
		}
		return true
	}
	return p.jointOwners(at+1, end)
}

// otherForm says so where the classification is one of the other form; empty where it
// is none.
func (p *parser) otherForm(s string) string {
	word, _, _ := strings.Cut(s, " ")
	switch l, ok := levelOf(word, bannerForm-p.form); {
	case !ok || l == levelR:
		return ""
	case p.form == bannerForm:
		return "the classification of a JOINT banner is spelled out: " + l.name(bannerForm)
	default:
		return "the classification of a JOINT portion is abbreviated: " + l.name(portionForm)
	}
}

// whyNoJointLevel says what stands in the place of the classification.
func (p *parser) whyNoJointLevel(s string) string {
	word, _, _ := strings.Cut(s, " ")
	switch {
	case word == "R" || word == "RESTRICTED":
		return "JOINT information has a US classification, and there is no US RESTRICTED"
	case word == usa, isCountry(word), isGroup(word):
		return "JOINT is followed by the classification, and that by the owners"
	}
	return "JOINT is followed by a US classification"
}

// jointOwners reads the list with USA among the countries, where it stands in
// alphabetical order.
func (p *parser) jointOwners(at, end int) bool {
	usaAt := -1
	prev, prevGroup := "", false
	for at <= end {
		stop, after := p.next(at, end, " ")
		code := p.s[at:stop]
		group := isGroup(code)
		switch {
		case !p.count(at):
			return false
		case strings.ContainsAny(code, ",/"):
			return p.fail(at, "the owners of JOINT information are separated by spaces", "H.3")
		case !group && !isCountry(code):
			return p.fail(at, "unknown country or organisation code "+code, "G.1 Annex A, B")
		case code == prev:
			return p.fail(at, "the code "+code+" is repeated", "A.6")
		case prevGroup && !group, prevGroup == group && code < prev:
			return p.fail(at, "codes stand in alphabetical order, countries before organisations", "H.3")
		case code == usa:
			usaAt = at
		case group:
			p.m.owners.groups = append(p.m.owners.groups, code)
		default:
			p.m.owners.countries = append(p.m.owners.countries, code)
		}
		prev, prevGroup = code, group
		at = after
	}
	if usaAt < 0 {
		return p.fail(end-len(prev), "USA is always an owner of JOINT information", "H.3")
	}
	if p.m.owners.empty() {
		return p.fail(usaAt, "JOINT information has an owner beside USA", "H.3")
	}
	return true
}

// leadingLevel reads a classification at the beginning of s, and its length.
func (p *parser) leadingLevel(s string) (level, int) {
	for l := levelTS; ; l-- {
		n := l.name(p.form)
		if s == n || strings.HasPrefix(s, n) && s[len(n)] == ' ' {
			return l, len(n)
		}
		if l == levelU {
			return 0, 0
		}
	}
}

// nonUS reads "CAN DEU S", "CTS", "NS", "NIS", or in a banner
// "CAN DEU SECRET", "COSMIC TOP SECRET", "NATO ISAF SECRET", "UN RESTRICTED".
func (p *parser) nonUS(at, end int) bool {
	p.m.kind = kindNonUS
	s := p.s[at:end]
	if l, nac, ok := natoMark(s, p.form); ok {
		p.m.level, p.m.nac = l, nac
		p.m.owners = codes{groups: []string{"NATO"}}
		return true
	}
	if nac, ok := strings.CutSuffix(s, "TS"); ok && len(nac) > 1 && nac[0] == 'N' && (nacActivities[nac[1:]] != "" || isGroup(nac[1:])) {
		return p.fail(at, "NATO activities have SECRET at most; NATO's TOP SECRET is CTS", "G.1 Table 4, 2")
	}
	cut := p.trailingLevel(s)
	if cut <= 0 {
		return p.fail(at, "a non-US marking is the codes of its owners and a classification", "H.2; H.7")
	}
	if !p.levelAt(at+cut+1, end, "H.7") {
		return false
	}
	owners, ok := p.codes(at, at+cut, " ", false, "H.7")
	if ok && owners.isNATO() {
		return p.fail(at, "NATO information carries NATO's own classification", "G.1; Appendix B")
	}
	if ok && owners.has(unitedNations) && (s[:cut] != unitedNations || p.m.level != levelR) {
		return p.fail(at, "the United Nations have RESTRICTED only, and alone", "G.1 Table 4, 2")
	}
	p.m.owners = owners
	return ok
}

// trailingLevel gives the offset of the space before the classification at
// the end of s, or -1.
func (p *parser) trailingLevel(s string) int {
	if cut := strings.LastIndexByte(s, ' '); p.form == portionForm {
		return cut
	}
	for l := levelTS; ; l-- {
		if n := l.name(p.form); strings.HasSuffix(s, " "+n) {
			return len(s) - len(n) - 1
		}
		if l == levelU {
			return -1
		}
	}
}

// natoMark reads NATO's own classifications (G.1 Table 4, 2). Of the NAC
// activities the manual gives one letter; others are written by their code.
func natoMark(s string, f form) (l level, nac string, ok bool) {
	if f == bannerForm {
		if s == "COSMIC TOP SECRET" {
			return levelTS, "", true
		}
		rest, ok := strings.CutPrefix(s, "NATO ")
		if !ok {
			return 0, "", false
		}
		if l, ok := levelOf(rest, f); ok && l != levelTS {
			return l, "", true
		}
		nac, word, _ := strings.Cut(rest, " ")
		l, ok := levelOf(word, f)
		return l, nac, ok && l != levelTS && isGroup(nac)
	}
	if s == "CTS" {
		return levelTS, "", true
	}
	if len(s) < 2 || s[0] != 'N' {
		return 0, "", false
	}
	l, ok = levelOf(s[len(s)-1:], f)
	switch inner := s[1 : len(s)-1]; {
	case !ok:
	case inner == "":
		return l, "", true
	case nacActivities[inner] != "":
		return l, nacActivities[inner], true
	case isGroup(inner):
		return l, inner, true
	}
	return 0, "", false
}
