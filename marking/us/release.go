package us

import "cordon/marking"

// release rolls up the foreign disclosure and release markings by D.2 Table 3
// and B.3. Every portion votes but the uncaveated unclassified ones without a
// decision (H.1 UNCLASSIFIED).
type release struct {
	nf         bool   // some portion is NOFORN
	quietNF    bool   // some portion is SBU NOFORN or LES NOFORN
	explicit   bool   // some portion carries another decision
	unmarked   bool   // some voting portion carries none
	classified bool   // the document is
	noRELIDO   bool   // some decision is not RELIDO
	noREL      bool   // some decision releases to nobody
	notEYES    bool   // some decision is not EYES ONLY
	rel        shared // what all release to
	show       shared // what all release or show to
	unknown    []int  // portions whose list is that of another document's banner
}

func (r *release) add(m *mark, portion int) {
	if m.level != levelU {
		r.classified = true
	}
	set := m.dissem & fdr
	if set == 0 {
		switch {
		case m.nonIC&(sbuNF|lesNF) != 0:
			r.quietNF = true
		case m.level != levelU || m.caveated() || m.foreign():
			r.unmarked = true
		}
		return
	}
	if set&noforn != 0 {
		r.nf = true
		return
	}
	r.explicit = true
	r.notEYES = r.notEYES || set&eyes == 0
	r.noRELIDO = r.noRELIDO || set&relido == 0
	if m.unresolved() {
		r.unknown = append(r.unknown, portion)
		return
	}
	if set&(rel|eyes) == 0 {
		r.noREL = true
	} else {
		r.rel.add(m.relTo)
	}
	r.show.add(m.relTo.union(m.displayTo))
}

// set writes the outcome into the banner.
func (r *release) set(out *mark) *marking.Error {
	switch {
	case r.nf,
		r.quietNF && (r.classified || r.explicit), // Table 3, 3 to 8, 14, 15
		r.explicit && r.unmarked:                  // Table 3, 12, 16, 17, 19
		out.dissem |= noforn
		return nil
	case !r.explicit:
		return nil // B.3.i: no portion carries a decision
	case len(r.unknown) > 0:
		return r.unresolved()
	}
	to := codes{}
	if !r.noREL {
		to = r.rel.list()
	}
	show := r.show.list().beyond(to)
	switch {
	case !r.noRELIDO: // Table 3, 24; H.8 RELIDO, Example Page 2
		out.dissem |= relido
		if !to.empty() {
			r.setREL(out, to)
		}
	case to.empty() && show.empty(): // Table 3, 9 to 11, 13, 18, 20
		out.dissem |= noforn
	default: // Table 3, 21 to 23, 25 to 27
		if !to.empty() {
			r.setREL(out, to)
		}
		if !show.empty() {
			out.dissem |= display
			out.displayTo = show
		}
	}
	return nil
}

// setREL writes the list as REL TO; only where every decision is EYES ONLY does
// that stay (Table 3, 22). What becomes of EYES ONLY beside another EYES
// ONLY no row says; ODNI's roll-up keeps it, with what the lists share.
func (r *release) setREL(out *mark, to codes) {
	out.relTo = to
	if r.notEYES {
		out.dissem |= rel
	} else {
		out.dissem |= eyes
	}
}

// unresolved refuses to guess the list of a portion marked REL or EYES.
func (r *release) unresolved() *marking.Error {
	return &marking.Error{
		Scheme:   name,
		Reason:   "a portion leaves its release list to the banner of the document it was in, which is not known here",
		Section:  "H.8 REL TO, Derivative Use",
		Portions: r.unknown,
	}
}

// shared is what several lists have in common. A tetragraph stays where it is
// on every list; countries are compared after the tetragraphs that may be
// expanded are (Table 3, 23; Roll-up Guidance for ISM 2.2).
type shared struct {
	any       bool
	last      codes
	countries []string // in every list, expanded
	groups    []string // in every list, as written
}

func (s *shared) add(c codes) {
	switch {
	case !s.any:
		s.any, s.countries, s.groups = true, c.expanded(), c.groups
	case c.equal(s.last):
		return
	default:
		s.countries = common(s.countries, c.expanded())
		s.groups = common(s.groups, c.groups)
	}
	s.last = c
}

// list writes the common part with as few codes as it takes.
func (s *shared) list() codes {
	return codes{countries: without(s.countries, codes{groups: s.groups}.expanded()), groups: s.groups}
}

// beyond is what c names and to does not.
func (c codes) beyond(to codes) codes {
	groups := without(c.groups, to.groups)
	left := without(c.expanded(), to.expanded())
	return codes{countries: without(left, codes{groups: groups}.expanded()), groups: groups}
}
