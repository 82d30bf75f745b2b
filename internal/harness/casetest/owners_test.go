package casetest_test

import (
	"context"
	"slices"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/store/postgres"
	"cordon/internal/store/storetest"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/release"
	"cordon/internal/usecase/writing"
)

// TestThreeOwnersAndAFourth: a memo made of three owners' portions goes to a
// fourth party only when all three have agreed; one of them takes its word
// back, and the fourth has lost it on the next request, whichever node it asks.
func TestThreeOwnersAndAFourth(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		w := casetest.New(t)
		threeOwners(t, w, w.Node(t))
	})
	t.Run("postgres", func(t *testing.T) {
		url := casetest.Database(t)
		store := func() cordon.Store {
			s, err := postgres.Open(t.Context(), url, storetest.Key)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			return s
		}
		w := casetest.On(t, store())
		threeOwners(t, w, w.NodeOn(t, store()))
	})
}

func threeOwners(t *testing.T, here, there *casetest.World) {
	const mark = "(S//REL TO USA, FRA, GBR) "
	ctx := context.Background()
	fourth, err := people.AddOrganisation(ctx, here.Local(), cordon.Organisation{Name: "NEREUS", Country: "GBR"})
	if err != nil {
		t.Fatal(err)
	}
	nia, err := people.AddPerson(ctx, here.Local(), cordon.Person{Org: fourth.ID, Name: "nia", Roles: []cordon.Role{cordon.RoleReader}, Clearances: map[string]string{"us": "S"}})
	if err != nil {
		t.Fatal(err)
	}
	theo := here.Person["theo"]
	theo.Roles = append(slices.Clone(theo.Roles), cordon.RoleReleaseAuthority)
	if _, err := people.ChangePerson(ctx, here.Local(), theo); err != nil {
		t.Fatal(err)
	}

	// ana of VALDOR makes a memo of what MERIDIAN and TARSIS gave and of her
	// own organisation's.
	texts := map[string]string{
		"mara": "The envoy has been receiving instructions from abroad since the spring.",
		"theo": "A second service saw the envoy leave by the garden door on Tuesday night.",
		"ana":  "Our own people hold both accounts for true and have a third that fits them.",
	}
	memo := writing.Draft{Kind: cordon.ReportMemo, Title: writing.PortionDraft{Mark: "U", Text: "Memo"}}
	var sources []cordon.ID
	for who, text := range texts {
		sources = append(sources, here.Publish(t, who, []string{"VALDOR"}, mark+"From "+who, mark+text).Portions[1].ID)
	}
	const whole = "All three accounts agree: he takes instructions, and goes out at night to get them."
	memo.Portions = []writing.PortionDraft{{Kind: cordon.PortionParagraph, Text: whole, Sources: sources}}
	written, err := writing.Publish(ctx, here.By(here.ID("ana")), memo)
	if err != nil {
		t.Fatal(err)
	}
	portion := written.Portions[1].ID
	if owners := written.Portions[1].Owners; len(owners) != 3 {
		t.Fatalf("it has %d owners", len(owners))
	}

	// reads is the same by opening and by searching, on both nodes.
	reads := func(when string, want bool) {
		t.Helper()
		for name, node := range map[string]*casetest.World{"here": here, "there": there} {
			out, err := reading.Open(ctx, node.By(nia.ID), string(written.Report), cordon.ActRead)
			got := slices.ContainsFunc(out.Portions, func(p reading.Shown) bool { return p.ID == portion && p.Text == whole })
			if got != want || !want && err != error(cordon.ErrNotFound) {
				t.Errorf("%s: %s she reads it: %v, %v", when, name, got, err)
			}
			found, err := reading.Search(ctx, node.By(nia.ID), reading.Query{Text: "instructions night"})
			if err != nil || (len(found.Hits) == 1) != want {
				t.Errorf("%s: %s she finds %d, %v", when, name, len(found.Hits), err)
			}
		}
	}
	reads("before anybody is asked", false)

	request, err := release.Ask(ctx, here.By(here.ID("ana")), release.RequestDraft{Portions: []cordon.ID{portion}, Audience: fourth.ID})
	if err != nil {
		t.Fatal(err)
	}
	if len(request.Parts) != 3 {
		t.Fatalf("%d owners are asked", len(request.Parts))
	}
	for i, authority := range []string{"mara", "theo", "sol"} { // each on the other node than the one before
		node := []*casetest.World{here, there}[i%2]
		parts, _, err := release.Parts(ctx, node.By(here.ID(authority)), cordon.Cursor{}, 0)
		if err != nil || len(parts) != 1 {
			t.Fatalf("%s has %d parts to decide, %v", authority, len(parts), err)
		}
		reads("before "+authority+" agrees", false)
		if _, err := release.Release(ctx, here.By(here.ID("ana")), request.ID, nil); cordon.KindOf(err) != cordon.KindConflict {
			t.Errorf("before %s agrees it is released: %v", authority, err)
		}
		if _, err := release.Decide(ctx, node.By(here.ID(authority)), parts[0].ID, release.Decision{Grant: []cordon.ID{portion}}); err != nil {
			t.Fatal(err)
		}
	}
	reads("all three have agreed and it is not released", false)
	released, err := release.Release(ctx, there.By(here.ID("ana")), request.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	grants := make(map[cordon.ID]cordon.ID)
	for _, p := range released.Parts {
		grants[p.Owner] = p.Grant
	}
	reads("it is released", true)

	// One takes its word back, there; the others' still hold, and are not enough.
	if err := release.Revoke(ctx, there.By(here.ID("theo")), grants[theo.Org]); err != nil {
		t.Fatal(err)
	}
	reads("TARSIS took its word back", false)
	if texts := here.Texts(t, "sol", written.Report); !slices.Contains(texts, whole) {
		t.Errorf("those who had it of right have lost it too: %q", texts)
	}
}
