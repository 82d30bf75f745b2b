package writing_test

import (
	"context"
	"slices"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/writing"
)

// TestARefusalToChangeAReportIsInItsOwnersFeeds, whether who asks sees the
// report and does not hold it or sees nothing of it, and however it is named.
// The answer is the same as for something absent.
func TestARefusalToChangeAReportIsInItsOwnersFeeds(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		draft := w.Draft(t, []string{"VALDOR"}, "(U) Harbour notes", "(S//REL TO USA, GBR) "+cityText)
		draft.Ref = "MRD-1"
		report, err := writing.Publish(ctx, w.By(w.ID("mara")), draft)
		if err != nil {
			t.Fatal(err)
		}
		portion := report.Portions[1].ID
		if _, err := people.ChangePerson(ctx, w.Local(), withRole(w, "theo", cordon.RoleReleaseAuthority)); err != nil {
			t.Fatal(err)
		}
		revise := func(person, report string, portion cordon.ID) error {
			_, err := writing.Revise(ctx, w.By(w.ID(person)), report, portion, writing.Revision{Text: "Other words."})
			return err
		}
		for _, tt := range []struct {
			name, person string
			of           cordon.Act
			ask          func(person string) error
			// portions are those refused; nil for the report as a whole, and
			// reasons are given with them.
			portions []cordon.ID
			reasons  []string
			absent   bool
		}{
			{
				name: "revising what one sees and does not hold", person: "ana", of: cordon.ActRevise,
				ask:      func(who string) error { return revise(who, string(report.Report), portion) },
				portions: []cordon.ID{portion}, reasons: []string{"holder"},
			},
			{
				name: "the same by its outside name", person: "ana", of: cordon.ActRevise,
				ask:      func(who string) error { return revise(who, "MRD-1", portion) },
				portions: []cordon.ID{portion}, reasons: []string{"holder"},
			},
			{
				name: "revising what one does not see", person: "theo", of: cordon.ActRevise,
				ask:      func(who string) error { return revise(who, string(report.Report), portion) },
				portions: []cordon.ID{portion}, reasons: []string{"audience"},
			},
			{
				name: "revising a portion that is not there", person: "ana", of: cordon.ActRevise,
				ask: func(who string) error { return revise(who, string(report.Report), cordon.NewID()) },
			},
			{
				name: "revising by a name that somebody else uses", person: "theo", of: cordon.ActRevise,
				ask:     func(who string) error { return revise(who, "MRD-1", portion) },
				reasons: []string{"audience", "owner"},
			},
			{
				name: "revising by a name that nobody uses", person: "theo", of: cordon.ActRevise,
				ask: func(who string) error { return revise(who, "MRD-2", portion) }, absent: true,
			},
			{
				name: "marking as a whole what one sees and does not hold", person: "sol", of: cordon.ActRegrade,
				ask: func(who string) error {
					_, err := writing.SetCompilation(ctx, w.By(w.ID(who)), string(report.Report), "TS")
					return err
				},
			},
			{
				name: "marking as a whole by a name that somebody else uses", person: "theo", of: cordon.ActRegrade,
				ask: func(who string) error {
					_, err := writing.SetCompilation(ctx, w.By(w.ID(who)), "MRD-1", "TS")
					return err
				},
				reasons: []string{"audience", "owner"},
			},
			{
				name: "marking as a whole by a name that nobody uses", person: "theo", of: cordon.ActRegrade,
				ask: func(who string) error {
					_, err := writing.SetCompilation(ctx, w.By(w.ID(who)), "MRD-2", "TS")
					return err
				},
				absent: true,
			},
			{
				name: "a name that somebody else uses", person: "theo", of: cordon.ActRead,
				ask: func(who string) error {
					id, err := reading.Find(ctx, w.By(w.ID(who)), "MRD-1")
					if id != "" {
						t.Errorf("it resolves to %s", id)
					}
					return err
				},
				reasons: []string{"audience", "owner"},
			},
			{
				name: "a name that nobody uses", person: "theo", of: cordon.ActRead,
				ask: func(who string) error {
					_, err := reading.Find(ctx, w.By(w.ID(who)), "MRD-2")
					return err
				},
				absent: true,
			},
		} {
			owners := len(w.Feed(t, "MERIDIAN", tt.of, cordon.OutcomeRefused))
			installation := len(w.Feed(t, "", tt.of, cordon.OutcomeRefused))
			if err := tt.ask(tt.person); err != error(cordon.ErrNotFound) {
				t.Errorf("%s: %v, want ErrNotFound itself", tt.name, err)
			}
			if got := w.Feed(t, "", tt.of, cordon.OutcomeRefused)[installation:]; len(got) != 1 || got[0].Subject != "" || len(got[0].Portions) > 0 {
				t.Errorf("%s: the installation's feed has %+v, want that something was refused", tt.name, got)
			}
			got := w.Feed(t, "MERIDIAN", tt.of, cordon.OutcomeRefused)[owners:]
			if tt.absent {
				if len(got) > 0 {
					t.Errorf("%s: the feed of an owner that has nothing to do with it has %+v", tt.name, got)
				}
				continue
			}
			if len(got) != 1 || got[0].Actor != w.ActorIn(got[0].Feed, got[0].ActorOrg, w.ID(tt.person)) || got[0].Subject != report.Report ||
				!slices.Equal(got[0].Portions, tt.portions) || !slices.Equal(got[0].Reasons, tt.reasons) {
				t.Errorf("%s: the owner's feed has %+v", tt.name, got)
			}
		}
		if got := w.Texts(t, "mara", report.Report); !slices.Equal(got, []string{"Harbour notes", cityText}) {
			t.Errorf("after refusals only, the report reads %q", got)
		}
	})
}

// withRole is the person with one role more.
func withRole(w *casetest.World, name string, role cordon.Role) cordon.Person {
	p := w.Person[name]
	p.Roles = append(slices.Clone(p.Roles), role)
	return p
}
