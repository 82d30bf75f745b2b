package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
)

func testTearlines(t *testing.T, s cordon.Store) {
	one, two, first, second := cordon.NewID(), cordon.NewID(), cordon.NewID(), cordon.NewID()
	links := []cordon.TearlineLink{{Portion: one, Original: first}, {Portion: one, Original: second}, {Portion: two, Original: first}}
	update(t, s, func(tx cordon.WriteTx) error {
		if err := tx.AddTearlines(links[:2]); err != nil {
			return err
		}
		return tx.AddTearlines(append(links, links[0])) // what is there already stays
	})
	slices.SortFunc(links, func(a, b cordon.TearlineLink) int {
		return strings.Compare(string(a.Portion+a.Original), string(b.Portion+b.Original))
	})
	only := func(keep func(cordon.TearlineLink) bool) []cordon.TearlineLink {
		return slices.DeleteFunc(slices.Clone(links), func(l cordon.TearlineLink) bool { return !keep(l) })
	}
	view(t, s, func(tx cordon.ReadTx) error {
		got, err := tx.Originals([]cordon.ID{one, cordon.NewID()})
		equal(t, "what one was written against", got, only(func(l cordon.TearlineLink) bool { return l.Portion == one }))
		if err != nil {
			return err
		}
		got, err = tx.Tearlines([]cordon.ID{first, one})
		equal(t, "the tearlines of the first", got, only(func(l cordon.TearlineLink) bool { return l.Original == first }))
		if err != nil {
			return err
		}
		// It is no lineage.
		sources, err := tx.Sources([]cordon.ID{one, two})
		equal(t, "sources", len(sources), 0)
		return err
	})
}

func testEmergencies(t *testing.T, s cordon.Store) {
	owner := cordon.NewID()
	var parts []cordon.EmergencyPart
	for i := range 4 {
		p := filled[cordon.EmergencyPart]()
		p.Owner, p.State, p.Created = owner, cordon.EmergencyAwaitsReview, base.Add(-time.Duration(i)*time.Second) // newest first
		parts = append(parts, p)
	}
	other := filled[cordon.EmergencyPart]()
	update(t, s, func(tx cordon.WriteTx) error { return tx.AddEmergency(append(slices.Clone(parts), other)) })
	err := s.Update(t.Context(), func(tx cordon.WriteTx) error { return tx.AddEmergency(parts[:1]) })
	wantKind(t, "added again", err, cordon.KindConflict)

	reviewed := parts[1]
	reviewed.State, reviewed.Reviewer, reviewed.Reviewed, reviewed.Note = cordon.EmergencyUpheld, cordon.NewID(), base, cordon.Sealed("why")
	update(t, s, func(tx cordon.WriteTx) error { return tx.PutEmergencyReview(reviewed) })
	parts[1] = reviewed
	view(t, s, func(tx cordon.ReadTx) error {
		all, err := tx.EmergencyParts(owner, "", cordon.Cursor{}, 10)
		equal(t, "all", all, parts)
		if err != nil {
			return err
		}
		waiting, err := tx.EmergencyParts(owner, cordon.EmergencyAwaitsReview, cordon.Cursor{}, 2)
		equal(t, "waiting", waiting, []cordon.EmergencyPart{parts[0], parts[2]})
		if err != nil {
			return err
		}
		rest, err := tx.EmergencyParts(owner, cordon.EmergencyAwaitsReview, cordon.Cursor{Created: parts[2].Created, ID: parts[2].ID}, 2)
		equal(t, "the rest", rest, parts[3:])
		return err
	})
}
