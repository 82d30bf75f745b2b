// Package trace says where the words of a text come from, whether an audience
// may have them, and who had a portion.
//
// # What the asker is not told
//
// A text is compared with every portion there is, whoever may see it; what
// comes back to the person is what package access lets him see, and nothing
// that depends on the rest: no count, no doubt, no other message. To everyone
// concerned the rest is told through another channel. Each owner finds the act
// in its feed with its portions and the number of words, and where the person
// may not see what was found the owner gets a notice as well, so that it can
// act.
//
// That makes an honest limit of a check: it speaks of the reports the checker
// may see. An answer such as "there is more, ask your security officer" would
// confirm to anybody who asks about a guessed sentence that it stands in a
// report whose existence is withheld from him, so there is no such answer, and
// no answer of a check is a clearance. [CheckNote] says so in each.
//
// Two things still depend on what is hidden: the time of a scan, in which
// candidates are opened (some microseconds each) before it is known who may
// see them, and the growth of the ledger as a whole. Who can measure either
// against guessed sentences of eight words leaves each guess in the feed of
// the owner it concerns.
//
// # How
//
// The comparison can take long, so it works on a snapshot and not on the path
// that writers wait on. What it found is then loaded anew, decided on, recorded
// and answered in one transaction: a portion struck, limited or regraded
// meanwhile is treated as it stands there. What was published meanwhile is not
// in the answer.
package trace

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/finder"
	"cordon/internal/core/ledger"
	"cordon/internal/core/notice"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
)

// portionsLoaded is how many portions are fetched at once.
const portionsLoaded = 256

// look loads who asks and requires that he reads.
func look(base *act.Base, tx cordon.ReadTx, person cordon.ID) (*reader.View, error) {
	view, err := base.Rules.Look(tx, person, base.Clock.Now())
	if err != nil {
		return nil, err
	}
	return view, view.Require(cordon.Reader)
}

// search compares the text with everything, on a snapshot.
func search(ctx context.Context, base *act.Base, person cordon.ID, text string) (found []finder.Found, err error) {
	err = base.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := look(base, tx, person)
		if err != nil {
			return err
		}
		found, err = finder.Find(tx, base.Vault.Ring(tx), base.Tokens, view.Rule, text)
		return err
	})
	return found, err
}

// inquiry is one question about a text inside the transaction that answers.
type inquiry struct {
	tx   cordon.WriteTx
	ring *vault.Ring
	view *reader.View
	text string
	// id is the inquiry's own, the subject of its ledger entries.
	id    cordon.ID
	found []finder.Found
	names map[cordon.ID]string
}

// inquire loads who asks, and what was found as it stands now.
func inquire(base *act.Base, tx cordon.WriteTx, person cordon.ID, text string, found []finder.Found) (*inquiry, error) {
	view, err := look(base, cordon.Holding(tx), person)
	if err != nil {
		return nil, err
	}
	q := &inquiry{tx: tx, ring: base.Vault.Ring(tx), view: view, text: text, id: cordon.NewID(), names: make(map[cordon.ID]string)}
	for some := range slices.Chunk(found, portionsLoaded) {
		ids := make([]cordon.ID, len(some))
		for i, f := range some {
			ids[i] = f.Portion.ID
		}
		portions, err := tx.PortionsByID(ids)
		if err != nil {
			return nil, err
		}
		for _, f := range some {
			i := slices.IndexFunc(portions, func(p cordon.Portion) bool { return p.ID == f.Portion.ID })
			if i < 0 || portions[i].State != cordon.Live {
				continue
			}
			f.Portion = portions[i]
			f.Portion.Body, f.Portion.Key = nil, nil
			if f.Rule, err = view.Rule(f.Portion.Rule); err != nil {
				return nil, err
			}
			q.found = append(q.found, f)
		}
	}
	return q, nil
}

// visible divides what was found into what the person may see and the rest.
func (q *inquiry) visible() (seen, hidden []finder.Found) {
	for _, f := range q.found {
		if q.view.Decide(f.Portion).Allowed() {
			seen = append(seen, f)
		} else {
			hidden = append(hidden, f)
		}
	}
	return seen, hidden
}

// entry starts a ledger entry on the inquiry.
func (q *inquiry) entry(act cordon.Act, outcome cordon.Outcome) cordon.Entry {
	e := q.view.Entry(act, outcome)
	e.Subject = q.id
	return e
}

// share is one owner's part of what was found.
type share struct {
	owner cordon.ID
	found []finder.Found
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

// shares divides what was found among the owners, in the order of their ids; a
// portion of several is in the share of each.
func shares(found []finder.Found) []share {
	by := make(map[cordon.ID][]finder.Found)
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

// record writes what was found into the feed of each of its owners.
func (q *inquiry) record(e cordon.Entry, found []finder.Found) error {
	for _, s := range shares(found) {
		for some := range slices.Chunk(s.found, ledger.MaxEntryPortions) {
			part := share{s.owner, some}
			e.ID, e.Feed, e.Portions, e.Words = cordon.NewID(), part.owner, part.portions(), part.words()
			if err := ledger.Append(q.tx, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// notify tells each owner of what was found, in words made for its share.
func (q *inquiry) notify(found []finder.Found, words func(share) string) error {
	for _, s := range shares(found) {
		if err := notice.Tell(q.tx, q.ring, q.view, notice.Message{Org: s.owner, Kind: cordon.AboutTrace, Portions: s.portions(), Text: words(s)}); err != nil {
			return err
		}
	}
	return nil
}

// Owner is an owner by id and name.
type Owner struct {
	ID   cordon.ID `json:"id"`
	Name string    `json:"name"`
}

func (q *inquiry) owners(ids []cordon.ID) ([]Owner, error) {
	owners := make([]Owner, len(ids))
	for i, id := range ids {
		name, ok := q.names[id]
		if !ok {
			org, err := q.tx.HoldOrganisation(id)
			if err != nil {
				return nil, err
			}
			name = org.Name
			q.names[id] = name
		}
		owners[i] = Owner{id, name}
	}
	return owners, nil
}

// titleRefs gives the outside names of the reports of what was found, where
// the person may see their titles, which carry them.
func (q *inquiry) titleRefs(found []finder.Found) (map[cordon.ID]string, error) {
	refs := make(map[cordon.ID]string)
	for _, f := range found {
		report := f.Portion.Report
		if _, ok := refs[report]; ok {
			continue
		}
		refs[report] = ""
		heads, err := q.tx.PortionHeads(report)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(heads, func(p cordon.Portion) bool { return p.Kind == cordon.Title })
		if i < 0 || !q.view.Decide(heads[i]).Allowed() {
			continue
		}
		title, err := q.tx.PortionsByID([]cordon.ID{heads[i].ID})
		if err != nil {
			return nil, err
		}
		if len(title) != 1 {
			continue
		}
		rule, err := q.view.Rule(title[0].Rule)
		if err != nil {
			return nil, err
		}
		content, err := content.Open(q.ring, title[0], rule)
		if err != nil {
			return nil, err
		}
		refs[report] = content.ReportRef
	}
	return refs, nil
}

// inOrder puts what was found into the order of the text, as the finder does.
func inOrder(found []finder.Found) {
	slices.SortFunc(found, func(a, b finder.Found) int {
		return cmp.Or(
			cmp.Compare(a.Passages[0].Start, b.Passages[0].Start),
			cmp.Compare(b.Words, a.Words),
			cmp.Compare(a.Portion.ID, b.Portion.ID))
	})
}
