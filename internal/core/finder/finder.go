// Package finder finds the protected portions that a text quotes, no matter
// who may see them. Publishing and deriving ask it so that nothing pasted in
// goes unnoticed (promise 3), and tracing asks it where a text came from.
//
// Its answer is not for the person who asked. It names portions that they may
// not see, and a use-case decides how much of it leaves. The plaintext of the
// portions never does: a portion that shares a fingerprint with the text is
// opened here, compared and forgotten.
package finder

import (
	"cmp"
	"slices"

	"cordon"
	"cordon/internal/core/content"
	"cordon/internal/core/tokens"
	"cordon/internal/core/vault"
)

// The bounds of one search.
const (
	// printsAsked is how many fingerprints the store is asked for at once.
	printsAsked = 5000
	// portionsOpened is how many portions are fetched at once.
	portionsOpened = 256
	// MaxHits bounds how many times fingerprints of one block of the text
	// may stand in portions; beyond it the text is refused, TooLarge.
	MaxHits = 1 << 20
	// whole is the part of a portion's words from which on it counts as
	// quoted whole.
	whole = 0.9
)

// Quotation is a portion of which the text quotes something.
type Quotation struct {
	Portion cordon.Portion
	// Rule is the rule of the portion.
	Rule cordon.Rule
	// Ref is the outside name of the portion; empty for none.
	Ref string
	// Passages are the stretches that the text quotes, in its order, not
	// overlapping.
	Passages []tokens.Passage
	// Words is how many of the portion's words are quoted, and Of how many
	// it has.
	Words, Of int
	// Whole says that nine tenths of the portion are quoted.
	Whole bool
}

// Find gives every live portion of which the text contains a verbatim passage
// (package tokens defines that), in the order in which they first appear in
// the text. The rule of a portion is looked up in rules. The time depends on
// the portions found and so must not show where it matters. Memory is bounded
// for any text.
//
// A text beyond cordon.MaxFileBytes or with more than MaxHits hits is
// TooLarge. A portion that does not open fails the whole search, since a text
// that cannot be compared cannot be cleared. The message does not say which
// portion.
func Find(tx cordon.ReadTx, ring *vault.Ring, tok *tokens.Tokeniser,
	rules func(cordon.RuleNo) (cordon.Rule, error), text string,
) ([]Quotation, error) {
	f := search{tx: tx, ring: ring, tok: tok, rules: rules}
	found, err := f.each([]string{text})
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// Scope says which portions FindEach looks at.
type Scope struct {
	// Sees leaves out portions of which it is false, before anything of them is looked at;
	// nil leaves out none.
	Sees func(portion cordon.ID, rule cordon.RuleNo) bool
	// Asks says whether what stands under the rule matters to the text, by its number.
	// Portions under other rules are given only for a text in which one that matters was
	// found: they may say that its words are free.
	Asks func(text int, rule cordon.RuleNo) (bool, error)
}

// FindEach is Find for each of several texts that are to be written, with few questions
// to the store in all. Of a fingerprint that stands in very many portions it looks at a
// few under each rule, the oldest ones: the others say no more.
func FindEach(tx cordon.ReadTx, ring *vault.Ring, tok *tokens.Tokeniser,
	rules func(cordon.RuleNo) (cordon.Rule, error), scope Scope, texts []string,
) ([][]Quotation, error) {
	f := search{tx: tx, ring: ring, tok: tok, rules: rules, scope: &scope}
	return f.each(texts)
}

type search struct {
	tx    cordon.ReadTx
	ring  *vault.Ring
	tok   *tokens.Tokeniser
	rules func(cordon.RuleNo) (cordon.Rule, error)
	scope *Scope // nil where all is to be found
	found []map[cordon.ID]*Quotation
}

// stretch is a block of one of the texts.
type stretch struct {
	*tokens.Block
	text int
}

func (f *search) each(texts []string) ([][]Quotation, error) {
	f.found = make([]map[cordon.ID]*Quotation, len(texts))
	var some []stretch
	probes := 0
	for i, text := range texts {
		if len(text) > cordon.MaxFileBytes {
			return nil, cordon.Errorf(cordon.KindTooLarge, "a text is searched up to %d MiB", cordon.MaxFileBytes>>20)
		}
		f.found[i] = make(map[cordon.ID]*Quotation)
		for block := range f.tok.Blocks(text) {
			some = append(some, stretch{block, i})
			probes += len(block.Probes())
			// A block holds only until the next of its text is asked for.
			if probes < printsAsked && block.Final() {
				continue
			}
			if err := f.look(some); err != nil {
				return nil, err
			}
			some, probes = nil, 0
		}
	}
	if err := f.look(some); err != nil {
		return nil, err
	}
	all := make([][]Quotation, len(texts))
	for i := range texts {
		all[i] = inOrder(f.found[i])
	}
	return all, nil
}

// look compares the stretches with the portions that have a fingerprint in
// common with them.
func (f *search) look(some []stretch) error {
	candidates, err := f.candidates(some)
	if err != nil {
		return err
	}
	for i, s := range some {
		asking, others, err := f.divide(s.text, candidates[i])
		if err != nil {
			return err
		}
		if err := f.compareAll(s, asking, candidates[i]); err != nil {
			return err
		}
		if len(f.found[s.text]) == 0 {
			continue
		}
		if err := f.compareAll(s, others, candidates[i]); err != nil {
			return err
		}
	}
	return nil
}

// divide tells the portions that matter to the text from the others, each in the order
// of their ids.
func (f *search) divide(text int, candidates map[cordon.ID]candidate) (asking, others []cordon.ID, err error) {
	for id, c := range candidates {
		asks := true
		if f.scope != nil {
			if asks, err = f.scope.Asks(text, c.rule); err != nil {
				return nil, nil, err
			}
		}
		if asks {
			asking = append(asking, id)
		} else {
			others = append(others, id)
		}
	}
	slices.Sort(asking)
	slices.Sort(others)
	return asking, others, nil
}

func (f *search) compareAll(s stretch, ids []cordon.ID, candidates map[cordon.ID]candidate) error {
	for some := range slices.Chunk(ids, portionsOpened) {
		portions, err := f.tx.PortionsByID(some)
		if err != nil {
			return err
		}
		for _, p := range portions {
			if p.State != cordon.PortionLive {
				continue
			}
			if err := f.compare(s, p, candidates[p.ID].near); err != nil {
				return err
			}
		}
	}
	return nil
}

// candidate is a portion that has fingerprints of a stretch, and the places in
// the stretch where they stand.
type candidate struct {
	rule cordon.RuleNo
	near []int32
}

// spot is where a fingerprint stands in one of some stretches.
type spot struct {
	print       int64
	stretch, at int32
}

// candidates gives, for each of the stretches, the portions that have one of
// its fingerprints.
func (f *search) candidates(some []stretch) ([]map[cordon.ID]candidate, error) {
	var spots []spot
	for i, s := range some {
		for at, print := range s.Probes() {
			spots = append(spots, spot{print, int32(i), int32(at)})
		}
	}
	slices.SortFunc(spots, func(a, b spot) int {
		return cmp.Or(cmp.Compare(a.print, b.print), cmp.Compare(a.stretch, b.stretch), cmp.Compare(a.at, b.at))
	})
	candidates := make([]map[cordon.ID]candidate, len(some))
	hits := make([]int, len(some))
	asked := make([]int64, 0, min(printsAsked, len(spots)))
	ask := func() error {
		found, err := f.tx.PrintHits(asked)
		if err != nil {
			return err
		}
		for _, h := range f.scoped(found) {
			first, _ := slices.BinarySearchFunc(spots, h.Print, func(s spot, p int64) int { return cmp.Compare(s.print, p) })
			for _, s := range spots[first:] {
				if s.print != h.Print {
					break
				}
				if hits[s.stretch]++; hits[s.stretch] > MaxHits {
					return cordon.Errorf(cordon.KindTooLarge,
						"this text has too much in common with what is kept here: take it in smaller parts")
				}
				in := candidates[s.stretch]
				if in == nil {
					in = make(map[cordon.ID]candidate)
					candidates[s.stretch] = in
				}
				in[h.Portion] = candidate{h.Rule, append(in[h.Portion].near, s.at)}
			}
		}
		asked = asked[:0]
		return nil
	}
	for i, s := range spots {
		if i > 0 && spots[i-1].print == s.print {
			continue
		}
		if asked = append(asked, s.print); len(asked) == printsAsked {
			if err := ask(); err != nil {
				return nil, err
			}
		}
	}
	if len(asked) > 0 {
		if err := ask(); err != nil {
			return nil, err
		}
	}
	for _, in := range candidates {
		for _, c := range in {
			slices.Sort(c.near)
		}
	}
	return candidates, nil
}

// The bounds of one fingerprint in a scope: where it stands in more than common
// portions, so many of each rule are looked at.
const (
	common    = 64
	ofOneRule = 4
)

// scoped leaves out what is not in the scope, and most of what stands in very many
// portions.
func (f *search) scoped(hits []cordon.PrintHit) []cordon.PrintHit {
	if f.scope == nil {
		return hits
	}
	if f.scope.Sees != nil {
		hits = slices.DeleteFunc(hits, func(h cordon.PrintHit) bool { return !f.scope.Sees(h.Portion, h.Rule) })
	}
	many := make(map[int64]int)
	for _, h := range hits {
		many[h.Print]++
	}
	slices.SortFunc(hits, func(a, b cordon.PrintHit) int {
		return cmp.Or(cmp.Compare(a.Print, b.Print), cmp.Compare(a.Rule, b.Rule), a.Created.Compare(b.Created), cmp.Compare(a.Portion, b.Portion))
	})
	var kept []cordon.PrintHit
	run := 0
	for i, h := range hits {
		if run++; i > 0 && (hits[i-1].Print != h.Print || hits[i-1].Rule != h.Rule) {
			run = 1
		}
		if many[h.Print] <= common || run <= ofOneRule {
			kept = append(kept, h)
		}
	}
	return kept
}

// compare opens a candidate and notes the passages that the block quotes of
// it.
func (f *search) compare(s stretch, p cordon.Portion, near []int32) error {
	rule, err := f.rules(p.Rule)
	if err != nil {
		return err
	}
	content, err := content.Open(f.ring, p, rule)
	if err != nil {
		return cordon.Errorf(cordon.KindInternal, "a portion does not open, so no text can be compared with all: run cordon ledger verify").Because(err)
	}
	pattern := f.tok.Pattern(content.Text)
	found := f.found[s.text]
	after := 0
	if have := found[p.ID]; have != nil {
		after = have.Passages[len(have.Passages)-1].End
	}
	passages := pattern.Match(s.Block, near, after)
	if len(passages) == 0 {
		return nil
	}
	have := found[p.ID]
	if have == nil {
		p.Body, p.Key = nil, nil
		have = &Quotation{Portion: p, Rule: rule, Ref: content.Ref, Of: pattern.Words()}
		found[p.ID] = have
	}
	have.Passages = append(have.Passages, passages...)
	have.Words = pattern.Covered(have.Passages)
	have.Whole = float64(have.Words) >= whole*float64(have.Of)
	return nil
}

func inOrder(byID map[cordon.ID]*Quotation) []Quotation {
	found := make([]Quotation, 0, len(byID))
	for _, x := range byID {
		found = append(found, *x)
	}
	slices.SortFunc(found, func(a, b Quotation) int {
		return cmp.Or(
			cmp.Compare(a.Passages[0].Start, b.Passages[0].Start),
			cmp.Compare(b.Words, a.Words),
			cmp.Compare(a.Portion.ID, b.Portion.ID))
	})
	return found
}
