// Package refile makes tokens anew where an older version of package tokens made
// them: what a word is has changed since, and search, tracing and inheritance would not
// meet what they ask for.
package refile

import (
	"bytes"
	"context"
	"strconv"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/tokens"
)

// done is the key under which it stands which version all tokens are of at least.
const done = "tokens made"

// atOnce is how many portions one transaction files anew.
const atOnce = 256

// Finish makes all tokens of before anew, in transactions of a few portions each, so that
// others can go on beside it. Killed at any moment, it goes on where it was when it is
// called next. A portion that does not open keeps its tokens and is counted in left; it
// is tried again the next time. Where nothing is to be done it costs one read.
func Finish(ctx context.Context, base *act.Base) (made, left int, err error) {
	by, deed := base.Itself(), act.ByAnyone(cordon.ActSearch)
	now := []byte(strconv.Itoa(tokens.Version))
	stands, err := act.Read(ctx, by, deed, func(s *act.Snapshot) ([]byte, error) {
		stands, err := s.Tx.Meta(done)
		if cordon.KindOf(err) == cordon.KindNotFound {
			err = nil
		}
		return stands, err
	})
	if err != nil || bytes.Equal(stands, now) {
		return 0, 0, err
	}
	for after := cordon.ID(""); ; {
		before := left
		p, err := act.Do(ctx, by, deed, func(s *act.Snapshot) (step, error) { return load(s, after) },
			func(c *act.Commit, p step) (step, error) {
				if p.last == "" && before == 0 {
					return p, c.Tx.PutMeta(done, now)
				}
				return p, c.Tx.ReplaceTokens(p.fresh)
			})
		if err != nil {
			return made, left, err
		}
		made, left = made+len(p.fresh), left+p.left
		if after = p.last; after == "" {
			return made, left, nil
		}
	}
}

// step is some portions' new tokens, and the last portion looked at; empty at the end.
type step struct {
	fresh []cordon.PortionTokens
	left  int
	last  cordon.ID
}

func load(s *act.Snapshot, after cordon.ID) (p step, err error) {
	old, err := s.Unnoted().MadeBefore(tokens.Version, after, atOnce)
	if err != nil {
		return p, err
	}
	for _, o := range old {
		p.last = o.ID
		rule, err := s.Rule(o.Rule)
		if err != nil {
			return p, err
		}
		body, err := content.Open(s.Keys, o, rule)
		if err != nil {
			p.left++
			continue
		}
		k := s.Base.Tokens.Of(body.Text)
		k.Portion, k.Rule = o.ID, o.Rule
		p.fresh = append(p.fresh, k)
	}
	return p, nil
}
