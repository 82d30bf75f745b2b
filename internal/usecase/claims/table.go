package claims

import (
	"cmp"
	"slices"
	"time"
)

// Table draws up the record as it stood at the instant. It depends on the
// propositions, the sources and the statements published at or before at, and
// not on their order. The record is one that Validate accepts. Of statements
// of one source published at the same instant, the later id counts as later.
func Table(record Record, at time.Time) Matrix {
	var said []Statement
	for _, s := range record.Statements {
		if !s.Published.After(at) {
			said = append(said, s)
		}
	}
	slices.SortFunc(said, func(a, b Statement) int {
		return cmp.Or(a.Published.Compare(b.Published), cmp.Compare(a.ID, b.ID))
	})
	m := Matrix{
		At:                        at,
		Propositions:              []Row{},
		DeniedThoughNobodyClaimed: []string{},
		ChangedTheirWords:         []Change{},
		Unheard:                   []string{},
	}
	standing := make(map[string]words) // by source
	for _, s := range said {
		now, changes := standing[s.Source].hear(s)
		standing[s.Source] = now
		m.ChangedTheirWords = append(m.ChangedTheirWords, changes...)
	}
	sources := slices.SortedFunc(slices.Values(record.Sources), func(a, b Source) int {
		return cmp.Compare(a.ID, b.ID)
	})
	for _, s := range sources {
		if len(standing[s.ID]) == 0 {
			m.Unheard = append(m.Unheard, s.ID)
		}
	}
	history := histories(said)
	for _, p := range record.Propositions {
		r := row(p, sources, standing)
		r.Said = append(r.Said, history[p.ID]...)
		m.Propositions = append(m.Propositions, r)
		if len(r.DeniedBy) > 0 && len(r.ClaimedBy) == 0 {
			m.DeniedThoughNobodyClaimed = append(m.DeniedThoughNobodyClaimed, p.ID)
		}
	}
	slices.SortFunc(m.Propositions, func(a, b Row) int { return cmp.Compare(a.ID, b.ID) })
	slices.Sort(m.DeniedThoughNobodyClaimed)
	return m
}

func row(p Proposition, sources []Source, standing map[string]words) Row {
	r := Row{
		ID: p.ID, Text: p.Text,
		OutrightDenials: []string{}, ClaimedBy: []string{}, DeniedBy: []string{},
		Silence: []string{}, Said: []Said{},
	}
	var confirming []Source
	for _, s := range sources {
		w := standing[s.ID]
		switch w.stance(p.ID) {
		case Confirms:
			confirming = append(confirming, s)
		case Denies:
			r.OutrightDenials = append(r.OutrightDenials, s.ID)
		case "", DoesNotAddress:
			if len(w) > 0 {
				r.Silence = append(r.Silence, s.ID)
			}
		}
		if w.ever(p.ID, Confirms) {
			r.ClaimedBy = append(r.ClaimedBy, s.ID)
		}
		if w.ever(p.ID, Denies) {
			r.DeniedBy = append(r.DeniedBy, s.ID)
		}
	}
	r.ConfirmedByRoots = Roots(confirming)
	return r
}

// words are one source's statements in force, oldest first, each correction
// in the place of what it corrects.
type words []Statement

// hear adds the next statement published and tells which stances it changed.
func (w words) hear(s Statement) (words, []Change) {
	next := slices.Clone(w)
	place := slices.IndexFunc(w, func(old Statement) bool { return s.Corrects != "" && old.ID == s.Corrects })
	if place >= 0 {
		next[place] = s
	} else {
		next = append(next, s)
	}
	var changes []Change
	for p := range s.Stances {
		from, to := w.stance(p), next.stance(p)
		if from != "" && from != to {
			changes = append(changes, Change{Source: s.Source, Proposition: p, From: from, To: to})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Compare(a.Proposition, b.Proposition) })
	return next, changes
}

// stance is the latest taken on the proposition; empty for none.
func (w words) stance(proposition string) Stance {
	for _, s := range slices.Backward(w) {
		if stance, ok := s.Stances[proposition]; ok {
			return stance
		}
	}
	return ""
}

func (w words) ever(proposition string, stance Stance) bool {
	return slices.ContainsFunc(w, func(s Statement) bool { return s.Stances[proposition] == stance })
}

// histories gives what was said of each proposition, of statements in order
// of publication.
func histories(said []Statement) map[string][]Said {
	correctedBy := make(map[string]string)
	for _, s := range said {
		if s.Corrects != "" {
			correctedBy[s.Corrects] = s.ID
		}
	}
	h := make(map[string][]Said)
	for _, s := range said {
		for p, stance := range s.Stances {
			h[p] = append(h[p], Said{
				Statement: s.ID, Source: s.Source, Stance: stance,
				Published: s.Published, Approximate: s.Approximate,
				CorrectedBy: correctedBy[s.ID],
			})
		}
	}
	return h
}
