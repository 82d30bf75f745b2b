// Package finder finds the protected portions that a text quotes, whoever may
// see them: publishing and deriving ask it so that nothing pasted in goes
// unnoticed (promise 3), tracing asks it where a text came from.
//
// Its answer is not for the person who asked. It names portions he may not
// see, and a use-case decides what of it leaves. The plaintext of the portions
// never does: a portion that shares a fingerprint with the text is opened here,
// compared and forgotten.
package finder

import (
	"cmp"
	"slices"

	"cordon"
	"cordon/internal/body"
	"cordon/internal/tokens"
	"cordon/internal/vault"
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

// Found is a portion of which the text quotes something.
type Found struct {
	Portion cordon.Portion
	// Rule is the rule of the portion.
	Rule cordon.Rule
	// Ref is the outside name of the portion; empty for none.
	Ref string
	// Passages are what the text quotes, in its order, not overlapping.
	Passages []tokens.Passage
	// Words is how many of the portion's words are quoted, and Of how many
	// it has.
	Words, Of int
	// Whole says that nine tenths of the portion are quoted.
	Whole bool
}

// Find gives every live portion of which the text contains a verbatim passage
// (package tokens says what that is), in the order in which they first appear
// in the text. Rules is where the rule of a portion is looked up. The time
// depends on what is found and so must not be shown where it matters; memory
// is bounded whatever the text.
//
// A text beyond cordon.MaxFileBytes or with more than MaxHits hits is TooLarge.
// A portion that does not open fails the whole search, since what cannot be
// compared cannot be cleared; the message does not say which.
func Find(tx cordon.Tx, ring *vault.Ring, tok *tokens.Tokeniser,
	rules func(cordon.RuleNo) (cordon.Rule, error), text string) ([]Found, error) {
	if len(text) > cordon.MaxFileBytes {
		return nil, cordon.Errorf(cordon.TooLarge, "a text is searched up to %d MiB", cordon.MaxFileBytes>>20)
	}
	f := search{tx: tx, ring: ring, tok: tok, rules: rules, found: make(map[cordon.ID]*Found)}
	for block := range tok.Blocks(text) {
		if err := f.block(block); err != nil {
			return nil, err
		}
	}
	return f.inOrder(), nil
}

type search struct {
	tx    cordon.Tx
	ring  *vault.Ring
	tok   *tokens.Tokeniser
	rules func(cordon.RuleNo) (cordon.Rule, error)
	found map[cordon.ID]*Found
}

func (f *search) block(b *tokens.Block) error {
	candidates, err := f.candidates(b.Probes())
	if err != nil {
		return err
	}
	ids := make([]cordon.ID, 0, len(candidates))
	for id := range candidates {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for some := range slices.Chunk(ids, portionsOpened) {
		portions, err := f.tx.PortionsByID(some)
		if err != nil {
			return err
		}
		for _, p := range portions {
			if p.State != cordon.Live {
				continue
			}
			if err := f.compare(b, p, candidates[p.ID]); err != nil {
				return err
			}
		}
	}
	return nil
}

// candidates gives the portions that have one of the fingerprints, each with
// the places in the block where they stand.
func (f *search) candidates(probes []int64) (map[cordon.ID][]int32, error) {
	places := make([]int32, len(probes)) // by fingerprint, then place
	for i := range places {
		places[i] = int32(i)
	}
	slices.SortFunc(places, func(a, b int32) int {
		return cmp.Or(cmp.Compare(probes[a], probes[b]), cmp.Compare(a, b))
	})
	candidates := make(map[cordon.ID][]int32)
	asked := make([]int64, 0, printsAsked)
	hits := 0
	ask := func() error {
		found, err := f.tx.PrintHits(asked)
		if err != nil {
			return err
		}
		for _, h := range found {
			at, _ := slices.BinarySearchFunc(places, h.Print, func(i int32, p int64) int {
				return cmp.Compare(probes[i], p)
			})
			for ; at < len(places) && probes[places[at]] == h.Print; at++ {
				if hits++; hits > MaxHits {
					return cordon.Errorf(cordon.TooLarge,
						"this text has too much in common with what is kept here: take it in smaller parts")
				}
				candidates[h.Portion] = append(candidates[h.Portion], places[at])
			}
		}
		asked = asked[:0]
		return nil
	}
	for i, at := range places {
		if i > 0 && probes[places[i-1]] == probes[at] {
			continue
		}
		if asked = append(asked, probes[at]); len(asked) == printsAsked {
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
	for _, near := range candidates {
		slices.Sort(near)
	}
	return candidates, nil
}

// compare opens a candidate and notes what the block quotes of it.
func (f *search) compare(b *tokens.Block, p cordon.Portion, near []int32) error {
	rule, err := f.rules(p.Rule)
	if err != nil {
		return err
	}
	content, err := body.Open(f.ring, p, rule)
	if err != nil {
		return cordon.Errorf(cordon.Internal, "something kept here does not open, so no text can be compared with it").Because(err)
	}
	pattern := f.tok.Pattern(content.Text)
	after := 0
	if have := f.found[p.ID]; have != nil {
		after = have.Passages[len(have.Passages)-1].End
	}
	passages := pattern.Match(b, near, after)
	if len(passages) == 0 {
		return nil
	}
	have := f.found[p.ID]
	if have == nil {
		p.Body, p.Key = nil, nil
		have = &Found{Portion: p, Rule: rule, Ref: content.Ref, Of: pattern.Words()}
		f.found[p.ID] = have
	}
	have.Passages = append(have.Passages, passages...)
	have.Words = pattern.Covered(have.Passages)
	have.Whole = float64(have.Words) >= whole*float64(have.Of)
	return nil
}

func (f *search) inOrder() []Found {
	found := make([]Found, 0, len(f.found))
	for _, x := range f.found {
		found = append(found, *x)
	}
	slices.SortFunc(found, func(a, b Found) int {
		return cmp.Or(
			cmp.Compare(a.Passages[0].Start, b.Passages[0].Start),
			cmp.Compare(b.Words, a.Words),
			cmp.Compare(a.Portion.ID, b.Portion.ID))
	})
	return found
}
