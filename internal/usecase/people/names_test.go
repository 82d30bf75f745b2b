package people_test

import (
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/people"
)

// TestNamesThatLookAlikeAreOneName: nobody stands beside VALDOR, or beside one
// of its people, under a name that reads the same.
func TestNamesThatLookAlikeAreOneName(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		root := w.Local()
		conflict, invalid := cordon.KindConflict, cordon.KindInvalid
		valdor := w.Org["VALDOR"]
		for name, want := range map[string]cordon.Kind{
			"VALDOR ": conflict, " valdor": conflict, "VA1DOR": conflict, "VALD0R": conflict,
			"V\u0410LDOR": invalid, "ＶＡＬＤＯＲ": invalid, "VALDOR\u3164": invalid, "A/B": invalid, string(valdor.ID): invalid,
		} {
			_, err := people.AddOrganisation(t.Context(), root, cordon.Organisation{Name: name})
			if cordon.KindOf(err) != want {
				t.Errorf("add the organisation %+q: %v, want %v", name, err, want)
			}
			tarsis := w.Org["TARSIS"]
			tarsis.Name = name
			if _, err := people.ChangeOrganisation(t.Context(), root, tarsis); cordon.KindOf(err) != want {
				t.Errorf("rename an organisation %+q: %v, want %v", name, err, want)
			}
		}
		for name, want := range map[string]cordon.Kind{
			"Ana": conflict, "ana ": conflict, "s0l": conflict, "aпa": invalid, "ana\u200b": invalid, "ana/sol": invalid,
		} {
			if _, err := people.AddPerson(t.Context(), root, cordon.Person{Org: valdor.ID, Name: name}); cordon.KindOf(err) != want {
				t.Errorf("add the person %+q: %v, want %v", name, err, want)
			}
		}
		// Of another organisation, somebody may have the name.
		if _, err := people.AddPerson(t.Context(), root, cordon.Person{Org: w.ID("TARSIS"), Name: "Ana"}); err != nil {
			t.Error(err)
		}
		big, err := people.AddOrganisation(t.Context(), root, cordon.Organisation{Name: " BIG \u00a0 ALLY "})
		if err != nil || big.Name != "BIG ALLY" {
			t.Fatalf("%+q, %v", big.Name, err)
		}
		if _, err := people.ChangeOrganisation(t.Context(), root, big); err != nil {
			t.Errorf("unchanged: %v", err)
		}
		if big.Name = "Big Ally"; true {
			if _, err := people.ChangeOrganisation(t.Context(), root, big); err != nil {
				t.Errorf("its own name otherwise: %v", err)
			}
		}
	})
}

// TestNamesOfBefore: an organisation and a person whose names would not be taken
// today are found by them, and all but their names can be changed.
func TestNamesOfBefore(t *testing.T) {
	w := casetest.New(t)
	root := w.Local()
	old := cordon.Organisation{ID: cordon.NewID(), Name: "VALDOR "}
	who := cordon.Person{ID: cordon.NewID(), Org: old.ID, Name: "A/B", Roles: []cordon.Role{cordon.RoleReader}}
	if err := w.Store.Update(t.Context(), func(tx cordon.WriteTx) error {
		if err := w.Vault.NewOwner(tx, old.ID); err != nil {
			return err
		}
		if err := tx.PutOrganisation(old); err != nil {
			return err
		}
		return tx.PutPerson(who)
	}); err != nil {
		t.Fatal(err)
	}
	old.Country, who.Nationality = "USA", "USA"
	if _, err := people.ChangeOrganisation(t.Context(), root, old); err != nil {
		t.Error(err)
	}
	if _, err := people.ChangePerson(t.Context(), root, who); err != nil {
		t.Error(err)
	}
	who.Name = strings.ToLower(who.Name)
	if _, err := people.ChangePerson(t.Context(), root, who); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("a new name with a slash: %v", err)
	}
	_, secret, _, err := w.SignIn.Enrol(t.Context(), root, who.ID)
	if err != nil {
		t.Fatal(err)
	}
	const passphrase = "nine herons under a bridge"
	if _, err := w.SignIn.EnrolPassword(t.Context(), secret, passphrase); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SignIn.WithPassword(t.Context(), "VALDOR /A/B", passphrase, ""); err != nil {
		t.Errorf("the person of before signs in: %v", err)
	}
}
