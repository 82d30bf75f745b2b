package storetest

import (
	"slices"
	"strings"
	"testing"

	"cordon"
)

func testTearlines(t *testing.T, s cordon.Store) {
	one, two, first, second := cordon.NewID(), cordon.NewID(), cordon.NewID(), cordon.NewID()
	links := []cordon.TearlineLink{{Portion: one, Original: first}, {Portion: one, Original: second}, {Portion: two, Original: first}}
	update(t, s, func(tx cordon.Tx) error {
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
	view(t, s, func(tx cordon.Tx) error {
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
