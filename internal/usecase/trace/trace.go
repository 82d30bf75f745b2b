// Package trace says where the words of a text come from, whether an audience
// may have them, and who had a portion.
//
// # What the asker is not told
//
// A text is compared with every portion there is, whoever may see it. The person
// is told of those that package access lets them see, and nothing that depends
// on the rest: no count, no doubt, no other message. To everyone concerned the
// rest is told through another channel. Each owner finds the act in its feed with
// its portions and the number of words, and of portions that the person may not
// see the owner gets a notice as well, so that it can act.
//
// That makes an honest limit of a check: it speaks of the reports the checker
// may see. An answer such as "there is more, ask your security officer" would
// confirm to anybody who asks about a guessed sentence that it stands in a
// report whose existence is withheld from them, so there is no such answer, and
// no answer of a check is a clearance. [CheckNote] says so in each.
//
// Two things still depend on what is hidden: the time of a scan, in which
// candidates are opened (some microseconds each) before it is known who may
// see them, and the growth of the ledger as a whole. Those who measure either
// against guessed sentences of eight words leave each guess in the feed of
// the owner it concerns.
//
// # How
//
// The comparison can take long, so it works on a snapshot and not on the path
// that writers wait on. Everything it found is then loaded anew, decided on,
// recorded and answered in one act: a portion struck, limited or regraded
// meanwhile is treated as it stands there. A portion published meanwhile is not
// in the answer.
package trace

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/finder"
	"cordon/internal/core/ledger"
	"cordon/internal/core/likeness"
	"cordon/internal/core/notice"
	"cordon/internal/core/tokens"
)

// portionsLoaded is how many portions are fetched at once.
const portionsLoaded = 256

// reading is the deed, under the name, of somebody who reads.
func reading(name cordon.Act) act.Deed { return act.ByRole(name, cordon.RoleReader) }

// findings is what a text has of portions.
type findings struct {
	found []finder.Quotation
	// like says of each portion how the text tells of it.
	like map[cordon.ID]likeness.Match
}

// search compares the text, on a snapshot: word for word with everything, and in other
// words with what the person may see, of which the best up to top are found in any case.
func search(ctx context.Context, by act.Caller, deed act.Deed, text string, top int) (findings, error) {
	return act.Read(ctx, by, deed, func(s *act.Snapshot) (findings, error) {
		found, err := finder.Find(s.Tx, s.Keys, by.Tokens, s.Rule, text)
		if err != nil {
			return findings{}, err
		}
		f := findings{found, make(map[cordon.ID]likeness.Match)}
		sees, err := s.Visible()
		if err != nil {
			return f, err
		}
		like, err := likeness.Find(s.Tx, by.Tokens, sees, text, top)
		if err != nil {
			return f, err
		}
		return f, f.add(s, by.Tokens, text, like, top)
	})
}

// add adds what is told in other words to what is quoted. A match that rests on one name
// is weak, and left out unless the best are asked for.
func (f *findings) add(s *act.Snapshot, tok *tokens.Tokeniser, text string, like []likeness.Match, top int) error {
	for _, m := range like {
		f.like[m.Portion] = m
	}
	for _, q := range f.found {
		m := f.like[q.Portion.ID]
		m.Portion, m.Report, m.Level, m.How = q.Portion.ID, q.Portion.Report, likeness.Alarm, likeness.Verbatim
		m.Score = 0.95*(1-0.5*math.Exp(-float64(q.Words)/12)) + 0.05*m.Score
		f.like[q.Portion.ID] = m
	}
	for some := range slices.Chunk(like, portionsLoaded) {
		ids := make([]cordon.ID, 0, len(some))
		for _, m := range some {
			if f.like[m.Portion].How != likeness.Verbatim {
				ids = append(ids, m.Portion)
			}
		}
		portions, err := s.Tx.PortionsByID(ids)
		if err != nil {
			return err
		}
		for _, p := range portions {
			q, name, err := alike(s, tok, text, p, f.like[p.ID])
			if err != nil {
				return err
			}
			if m := f.like[p.ID]; name && m.How != likeness.Indicator {
				if top == 0 {
					continue
				}
				m.Level, m.Score = likeness.Weak, min(m.Score, 0.499)
				f.like[p.ID] = m
			}
			f.found = append(f.found, q)
		}
	}
	return nil
}

// alike is a portion that the text tells of in other words, in the form of one that it
// quotes: its passages are from the first to the last word that both have. Name says that
// what both have is one run of words, too short to be a quotation, and hardly anything
// else: the name of an office, say.
func alike(s *act.Snapshot, tok *tokens.Tokeniser, text string, p cordon.Portion, m likeness.Match) (q finder.Quotation, name bool, err error) {
	rule, err := s.Rule(p.Rule)
	if err != nil {
		return q, false, err
	}
	body, err := content.Open(s.Keys, p, rule)
	if err != nil {
		return q, false, cordon.Errorf(cordon.KindInternal, "a portion does not open, so no text can be compared with all: run cordon ledger verify").Because(err)
	}
	own := make(map[tokens.Term]bool)
	for _, t := range tok.Terms(body.Text) {
		own[t.Same()] = true
	}
	p.Body, p.Key = nil, nil
	q = finder.Quotation{Portion: p, Rule: rule, Ref: body.Ref, Of: max(1, tokens.Count(body.Text))}
	row := tokens.NewRow(nil)
	if m.Level != likeness.Weak { // a weak match need not be doubted
		row = tokens.NewRow(tokens.Read(body.Text))
	}
	besides := make(map[tokens.Term]bool)
	for _, span := range m.Spans {
		var passage tokens.Passage
		run := longestRun(row, text[span.Start:span.End])
		for _, at := range tok.Stemmer().Positions(text[span.Start:span.End]) {
			if !own[at.Term.Same()] {
				continue
			}
			if passage.Words == 0 || at.Start+span.Start < passage.Start {
				passage.Start = span.Start + at.Start
			}
			passage.End = max(passage.End, span.Start+at.End)
			if at.Start < run.Start || at.End > run.End {
				besides[at.Term.Same()] = true
			}
			passage.Words++
		}
		if passage.Words == 0 { // an indicator beside its context
			passage = tokens.Passage{Start: span.Start, End: span.End, Words: 1}
		}
		q.Passages = append(q.Passages, passage)
		q.Words += passage.Words
	}
	q.Words = min(q.Words, q.Of)
	return q, len(besides) < fewestBesides, nil
}

// fewestBesides is how many terms a text and a portion must have in common besides the
// longest run of words that both have.
const fewestBesides = 3

// longestRun is where in the text the longest run stands that the row has too.
func longestRun(row *tokens.Row, text string) (at likeness.Span) {
	words := tokens.Read(text)
	longest := 0
	for _, r := range row.Common(words, 1) {
		if r.N > longest {
			longest, at = r.N, likeness.Span{Start: words[r.A].Start, End: words[r.A+r.N-1].End}
		}
	}
	return at
}

// quoted separates what the text quotes from what it tells in other words.
func (q *inquiry) quoted(found []finder.Quotation) (quoted, told []finder.Quotation) {
	for _, f := range found {
		if q.like[f.Portion.ID].How == likeness.Verbatim {
			quoted = append(quoted, f)
		} else {
			told = append(told, f)
		}
	}
	return quoted, told
}

// sift is finder.Sift of what is quoted, and all of what is told in other words, the
// likest first.
func (q *inquiry) sift(found []finder.Quotation) []finder.Quotation {
	quoted, told := q.quoted(found)
	slices.SortStableFunc(told, func(a, b finder.Quotation) int {
		return cmp.Compare(q.like[b.Portion.ID].Score, q.like[a.Portion.ID].Score)
	})
	return append(finder.Sift(quoted), told...)
}

// best is the highest score among what is told in other words.
func (q *inquiry) best(found []finder.Quotation) (best float64) {
	_, told := q.quoted(found)
	for _, f := range told {
		best = max(best, q.like[f.Portion.ID].Score)
	}
	return best
}

// inquiry is one question about a text inside the act that answers it.
type inquiry struct {
	*act.Snapshot
	text string
	// id is the inquiry's own, the subject of its ledger entries.
	id    cordon.ID
	found []finder.Quotation
	like  map[cordon.ID]likeness.Match
	names map[cordon.ID]string
}

// inquire loads everything that was found as it stands now.
func inquire(s *act.Snapshot, text string, f findings) (*inquiry, error) {
	q := &inquiry{Snapshot: s, text: text, id: cordon.NewID(), like: f.like, names: make(map[cordon.ID]string)}
	for some := range slices.Chunk(f.found, portionsLoaded) {
		ids := make([]cordon.ID, len(some))
		for i, f := range some {
			ids[i] = f.Portion.ID
		}
		portions, err := s.Tx.PortionsByID(ids)
		if err != nil {
			return nil, err
		}
		for _, f := range some {
			i := slices.IndexFunc(portions, func(p cordon.Portion) bool { return p.ID == f.Portion.ID })
			if i < 0 || portions[i].State != cordon.PortionLive {
				continue
			}
			f.Portion = portions[i]
			f.Portion.Body, f.Portion.Key = nil, nil
			if f.Rule, err = s.Rule(f.Portion.Rule); err != nil {
				return nil, err
			}
			q.found = append(q.found, f)
		}
	}
	return q, nil
}

// visible separates the portions that the person may see from the rest.
func (q *inquiry) visible() (seen, hidden []finder.Quotation) {
	for _, f := range q.found {
		if q.Decide(f.Portion).Allowed() {
			seen = append(seen, f)
		} else {
			hidden = append(hidden, f)
		}
	}
	return seen, hidden
}

// share is one owner's part of what was found.
type share struct {
	owner cordon.ID
	found []finder.Quotation
}

func (s share) portions() []cordon.ID {
	ids := make([]cordon.ID, len(s.found))
	for i, f := range s.found {
		ids[i] = f.Portion.ID
	}
	return ids
}

func (s share) words() (n int) {
	for _, f := range s.found {
		n += f.Words
	}
	return n
}

// String is for notices: "41 words of 2 portions".
func (s share) String() string {
	if len(s.found) == 1 {
		return fmt.Sprintf("%d words of a portion", s.words())
	}
	return fmt.Sprintf("%d words of %d portions", s.words(), len(s.found))
}

// shares divides everything that was found among the owners, in the order of
// their ids; a portion of several is in the share of each.
func shares(found []finder.Quotation) []share {
	by := make(map[cordon.ID][]finder.Quotation)
	for _, f := range found {
		for _, owner := range f.Rule.OwnerIDs() {
			by[owner] = append(by[owner], f)
		}
	}
	var all []share
	for _, owner := range slices.Sorted(maps.Keys(by)) {
		all = append(all, share{owner, by[owner]})
	}
	return all
}

// record writes everything that was found into the feed of each of its owners.
func record(c *act.Commit, e cordon.Entry, found []finder.Quotation) error {
	for _, s := range shares(found) {
		for some := range slices.Chunk(s.found, ledger.MaxEntryPortions) {
			part := share{s.owner, some}
			e.Feed, e.Portions, e.Words = part.owner, part.portions(), part.words()
			if err := c.Record(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// notify tells each owner of everything that was found, in words made for its
// share.
func notify(c *act.Commit, found []finder.Quotation, words func(share) string) error {
	for _, s := range shares(found) {
		if err := notice.Send(c, notice.Message{Org: s.owner, Kind: cordon.NoticeTrace, Portions: s.portions(), Text: words(s)}); err != nil {
			return err
		}
	}
	return nil
}

func (q *inquiry) owners(ids []cordon.ID) ([]Owner, error) {
	owners := make([]Owner, len(ids))
	for i, id := range ids {
		name, ok := q.names[id]
		if !ok {
			org, err := q.Tx.Organisation(id)
			if err != nil {
				return nil, err
			}
			name = org.Name
			q.names[id] = name
		}
		owners[i] = Owner{ID: id, Name: name}
	}
	return owners, nil
}

// titles are the titles, of those of the hits' reports, that the person may
// see. They carry the reports' outside names, and open once the act is on disk.
type titles struct {
	sealed   act.Sealed
	byReport map[cordon.ID]cordon.Portion
}

// titles loads the titles of the reports of everything that was found.
func (q *inquiry) titles(found []finder.Quotation) (titles, error) {
	var heads []cordon.ID
	asked := make(map[cordon.ID]bool)
	for _, f := range found {
		report := f.Portion.Report
		if asked[report] {
			continue
		}
		asked[report] = true
		all, err := q.Tx.PortionHeads(report)
		if err != nil {
			return titles{}, err
		}
		i := slices.IndexFunc(all, func(p cordon.Portion) bool { return p.Kind == cordon.PortionTitle })
		if i >= 0 && q.Decide(all[i]).Allowed() {
			heads = append(heads, all[i].ID)
		}
	}
	portions, err := q.Tx.PortionsByID(heads)
	if err != nil {
		return titles{}, err
	}
	t := titles{byReport: make(map[cordon.ID]cordon.Portion)}
	for _, p := range portions {
		t.byReport[p.Report] = p
	}
	t.sealed, err = q.Ready(portions)
	return t, err
}

// name gives the hits the outside names of their reports.
func (t titles) name(hits []*Hit) error {
	refs := make(map[cordon.ID]string)
	for report, title := range t.byReport {
		body, err := t.sealed.Open(title)
		if err != nil {
			return err
		}
		refs[report] = body.ReportRef
	}
	for _, h := range hits {
		h.ReportRef = refs[h.Report]
	}
	return nil
}

// inOrder puts what was found into the order of the text, as the finder does.
func inOrder(found []finder.Quotation) {
	slices.SortFunc(found, func(a, b finder.Quotation) int {
		return cmp.Or(
			cmp.Compare(a.Passages[0].Start, b.Passages[0].Start),
			cmp.Compare(b.Words, a.Words),
			cmp.Compare(a.Portion.ID, b.Portion.ID))
	})
}
