package act_test

import (
	"slices"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/harness/casetest"
	"cordon/wire"
)

// names is an act of the person's that looks up and names.
func names(t *testing.T, w *casetest.World, person string, fn func(*act.Snapshot) error) error {
	t.Helper()
	_, err := act.Read(t.Context(), w.By(w.ID(person)), deed, func(s *act.Snapshot) (act.Done, error) { return act.Done{}, fn(s) })
	return err
}

// TestFindingByName: an organisation is found by anybody, in any case; a person
// by name within one's own organisation, and elsewhere by an administrator alone,
// to whom somebody who is not there and to others somebody who is are one answer.
func TestFindingByName(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		for _, c := range []struct{ as, name, want string }{
			{"ana", "MERIDIAN", "MERIDIAN"},
			{"ana", "meridian", "MERIDIAN"},
			{"ana", string(w.ID("MERIDIAN")), "MERIDIAN"},
			{"ana", "NOWHERE", ""},
			{"ana", "", ""},
		} {
			err := names(t, w, c.as, func(s *act.Snapshot) error {
				id, err := s.FindOrganisation(cordon.ID(c.name))
				if err == nil && id != w.ID(c.want) {
					t.Errorf("%s finds %s under %q", c.as, id, c.name)
				}
				return err
			})
			if (err == nil) != (c.want != "") || err != nil && cordon.KindOf(err) != cordon.KindInvalid {
				t.Errorf("%s looks for the organisation %q: %v", c.as, c.name, err)
			}
		}
		answers := map[string]bool{}
		for _, c := range []struct{ as, name, want string }{
			{"ana", "ana", "ana"},
			{"ana", "VALDOR/ana", "ana"},
			{"ana", string(w.ID("mara")), "mara"},
			{"root", "MERIDIAN/mara", ""}, // an administrator of another organisation
			{"ana", "MERIDIAN/mara", ""},
			{"ana", "mara", ""},
			{"ana", "MERIDIAN/nobody", ""},
			{"root", "MERIDIAN/nobody", ""},
			{"ana", "NOWHERE/mara", ""},
		} {
			err := names(t, w, c.as, func(s *act.Snapshot) error {
				id, err := s.FindPerson(cordon.ID(c.name))
				if err == nil && id != w.ID(c.want) {
					t.Errorf("%s finds %s under %q", c.as, id, c.name)
				}
				return err
			})
			if (err == nil) != (c.want != "") || err != nil && cordon.KindOf(err) != cordon.KindInvalid {
				t.Errorf("%s looks for %q: %v", c.as, c.name, err)
			}
			if c.as == "ana" && strings.HasPrefix(c.name, "MERIDIAN/") {
				answers[strings.ReplaceAll(err.Error(), c.name, "…")] = true
			}
		}
		if len(answers) != 1 {
			t.Errorf("somebody who is there is answered otherwise than somebody who is not: %v", answers)
		}
	})
}

// TestNaming: answers name every organisation, and of people those of the
// caller's own alone.
func TestNaming(t *testing.T) {
	w := casetest.New(t)
	absent := cordon.NewID()
	err := names(t, w, "ana", func(s *act.Snapshot) error {
		orgs, err := s.NameOrganisations([]cordon.ID{w.ID("MERIDIAN"), absent, w.ID("MERIDIAN")})
		meridian := wire.Named{ID: w.ID("MERIDIAN"), Name: "MERIDIAN"}
		if want := []wire.Named{meridian, {ID: absent}, meridian}; !slices.Equal(orgs, want) {
			t.Errorf("organisations %v, want %v", orgs, want)
		}
		if err != nil {
			return err
		}
		people, err := s.NamePeople([]cordon.ID{w.ID("ana"), w.ID("mara"), absent})
		if want := []wire.Named{{ID: w.ID("ana"), Name: "ana"}, {ID: w.ID("mara")}, {ID: absent}}; !slices.Equal(people, want) {
			t.Errorf("people %v, want %v", people, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
