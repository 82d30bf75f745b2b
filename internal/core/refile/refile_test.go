package refile_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"cordon"
	"cordon/internal/core/refile"
	"cordon/internal/core/tokens"
	"cordon/internal/harness/casetest"
)

// dying is a store that fails after so many Updates, as one whose process is killed.
type dying struct {
	cordon.Store
	left int
}

var errKilled = errors.New("killed")

func (s *dying) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	if s.left--; s.left < 0 {
		return errKilled
	}
	return s.Store.Update(ctx, fn)
}

// A database whose tokens an older version made: words are not found by what they are
// now. Filing anew is killed after each transaction and goes on; at the end everything is
// found as it is now, and not as it was. A portion that does not open is left, and named.
func TestOlderTokensAreMadeAnew(t *testing.T) {
	t.Parallel()
	w := casetest.New(t)
	var paragraphs []string
	for i := range 300 {
		paragraphs = append(paragraphs, fmt.Sprintf("(U) Crate n%d left Velmora by night.", i))
	}
	out := w.Publish(t, "mara", nil, paragraphs...)
	old := tokens.New([32]byte{9})
	var damaged cordon.Portion
	err := w.Store.Update(t.Context(), func(tx cordon.WriteTx) error {
		heads, err := tx.PortionHeads(out.Report)
		if err != nil {
			return err
		}
		var before []cordon.PortionTokens
		for _, p := range heads {
			k := old.Of(fmt.Sprintf("older words of %s", p.ID))
			k.Portion, k.Rule, k.Made = p.ID, p.Rule, 0
			before = append(before, k)
			damaged = p
		}
		return tx.ReplaceTokens(before)
	})
	if err != nil {
		t.Fatal(err)
	}
	found := func(k *tokens.Tokeniser, text string) (n int) {
		t.Helper()
		err := w.Store.View(t.Context(), func(tx cordon.ReadTx) error {
			heads, err := tx.PortionHeads(out.Report)
			if err != nil {
				return err
			}
			var sees cordon.Visibility
			for _, p := range heads {
				sees.Rules = append(sees.Rules, p.Rule)
			}
			hits, err := tx.Search(k.Words(text), sees, cordon.Cursor{}, 1000)
			n = len(hits)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n, was := found(w.Tokens, "velmora"), found(old, "older"); n != 0 || was != 300 {
		t.Fatalf("before: %d found by what it is now, %d by what it was", n, was)
	}

	base := *w.Base
	done := 0
	for killed := 0; ; killed++ {
		base.Store = &dying{w.Store, 1}
		made, left, err := refile.Finish(t.Context(), &base)
		if left != 0 {
			t.Fatalf("%d portions did not open", left)
		}
		done += made
		if err == nil {
			break
		}
		if !errors.Is(err, errKilled) || killed > 10 {
			t.Fatal(err)
		}
		if n := found(w.Tokens, "velmora"); n < min(done, 300)-1 {
			t.Errorf("killed after %d portions, %d are found", done, n)
		}
	}
	if n, was := found(w.Tokens, "velmora"), found(old, "older"); n != 300 || was != 0 || done != 300 {
		t.Errorf("after: %d found by what it is now, %d by what it was, %d made", n, was, done)
	}
	base.Store = &dying{w.Store, 0}
	if made, _, err := refile.Finish(t.Context(), &base); made != 0 || err != nil {
		t.Errorf("where nothing is to be done: %d, %v", made, err)
	}

	err = w.Store.Update(t.Context(), func(tx cordon.WriteTx) error {
		k := old.Of("older words")
		k.Portion, k.Rule, k.Made = damaged.ID, damaged.Rule, 0
		all, err := tx.PortionsByID([]cordon.ID{damaged.ID})
		if err != nil {
			return err
		}
		all[0].Body = append(cordon.Sealed{1}, all[0].Body...)
		return errors.Join(tx.ReplacePortion(all[0]), tx.ReplaceTokens([]cordon.PortionTokens{k}), tx.PutMeta("tokens made", nil))
	})
	if err != nil {
		t.Fatal(err)
	}
	if made, left, err := refile.Finish(t.Context(), w.Base); made != 0 || left != 1 || err != nil {
		t.Errorf("with a portion that does not open: %d made, %d left, %v", made, left, err)
	}
}
