package claims

import (
	"cmp"
	"slices"
	"time"
)

// Matrix is the public record as it stood at an instant. Every list is there,
// empty where there is nothing in it, and sorted; ids are those of the record.
type Matrix struct {
	At           time.Time `json:"at"`
	Propositions []Row     `json:"propositions"`
	// DeniedThoughNobodyClaimed are the propositions that somebody had
	// denied and nobody had claimed.
	DeniedThoughNobodyClaimed []string `json:"deniedThoughNobodyClaimed"`
	// ChangedTheirWords lists every change of a source's stance, in the
	// order in which they became public.
	ChangedTheirWords []Change `json:"changedTheirWords"`
	// Unheard are the sources that had published nothing yet.
	Unheard []string `json:"unheard"`
}

// Row is how one proposition stood.
type Row struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	// ConfirmedByRoots counts the independent roots among the sources whose
	// stance is to confirm it.
	ConfirmedByRoots Range `json:"confirmedByRoots"`
	// OutrightDenials are the sources whose stance is to deny it.
	OutrightDenials []string `json:"outrightDenials"`
	// ClaimedBy and DeniedBy are the sources that had confirmed or denied
	// it by then, also those that have since said otherwise; words taken
	// back by a correction do not count.
	ClaimedBy []string `json:"claimedBy"`
	DeniedBy  []string `json:"deniedBy"`
	// Silence are the sources that had spoken of the affair and had not
	// addressed this.
	Silence []string `json:"silence"`
	// Said is who said what of it and when, in order of publication.
	Said []Said `json:"said"`
}

// Said is one stance taken in public.
type Said struct {
	Statement   string    `json:"statement"`
	Source      string    `json:"source"`
	Stance      Stance    `json:"stance"`
	Published   time.Time `json:"published"`
	Approximate bool      `json:"publishedIsApproximate,omitempty"`
	// CorrectedBy is the statement that had replaced this one by then.
	CorrectedBy string `json:"correctedBy,omitempty"`
}

// Change is a source that said one thing of a proposition and then another.
type Change struct {
	Source      string `json:"source"`
	Proposition string `json:"proposition"`
	From        Stance `json:"from"`
	To          Stance `json:"to"`
}

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
