package people_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/reader"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/people"
)

// TestWhateverIsWrongWithATokenTheAnswerIsTheSame.
func TestWhateverIsWrongWithATokenTheAnswerIsTheSame(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		good, _, err := people.NewToken(ctx, w.By(w.ID("ana")), w.ID("ana"), people.TokenDraft{Label: "mine"})
		if err != nil {
			t.Fatal(err)
		}
		brief, _, err := people.NewToken(ctx, w.By(w.ID("root")), w.ID("ana"), people.TokenDraft{Label: "an hour", Expires: w.Clock.Now().Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{good, brief} {
			if p, err := people.Authenticate(ctx, w.Base, token); err != nil || p.Person != w.ID("ana") {
				t.Fatalf("a good token: %+v, %v", p, err)
			}
		}
		w.Clock.Advance(time.Hour)
		bad := map[string]string{
			"none": "", "nonsense": "cordon_nonsense", "expired": brief, "cut": good[:len(good)-1], "longer": good + "A",
			"of another case": strings.ToUpper(good),
		}
		for name, token := range bad {
			if _, err := people.Authenticate(ctx, w.Base, token); err != error(reader.ErrUnauthenticated) {
				t.Errorf("%s: %v, want ErrUnauthenticated itself", name, err)
			}
		}
		ana := w.Person["ana"]
		ana.Suspended = true
		if _, err := people.ChangePerson(ctx, w.By(w.ID("root")), ana); err != nil {
			t.Fatal(err)
		}
		if _, err := people.Authenticate(ctx, w.Base, good); err != error(reader.ErrUnauthenticated) {
			t.Errorf("a suspended person's: %v, want ErrUnauthenticated itself", err)
		}
		w.AbsentFromFiles(t, good, strings.TrimPrefix(good, "cordon_"))
	})
}

func TestOnlyAnAdministratorChangesWhoTakesPart(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	for name, try := range map[string]func(cordon.ID) error{
		"add an organisation": func(by cordon.ID) error {
			_, err := people.AddOrganisation(ctx, w.By(by), cordon.Organisation{Name: "NEW " + string(by[:4])})
			return err
		},
		"add a person": func(by cordon.ID) error {
			_, err := people.AddPerson(ctx, w.By(by), cordon.Person{Org: w.ID("VALDOR"), Name: "new " + string(by[:4])})
			return err
		},
		"change a person": func(by cordon.ID) error {
			_, err := people.ChangePerson(ctx, w.By(by), w.Person["theo"])
			return err
		},
		"make another's token": func(by cordon.ID) error {
			_, _, err := people.NewToken(ctx, w.By(by), w.ID("theo"), people.TokenDraft{})
			return err
		},
	} {
		for person, want := range map[string]bool{"root": true, "ana": false, "mara": false, "sol": false} {
			if err := try(w.ID(person)); (err == nil) != want || !want && cordon.KindOf(err) != cordon.KindDenied {
				t.Errorf("%s as %s: %v", name, person, err)
			}
		}
	}
	if list, err := people.People(ctx, w.By(w.ID("ana")), w.ID("MERIDIAN")); err != error(cordon.ErrNotFound) {
		t.Errorf("another organisation's people: %+v, %v", list, err)
	}
	if list, err := people.People(ctx, w.By(w.ID("ana")), w.ID("VALDOR")); err != nil || len(list) != 3 {
		t.Errorf("one's own people: %+v, %v", list, err)
	}
	if p, err := people.Person(ctx, w.By(w.ID("ana")), w.ID("theo")); err != error(cordon.ErrNotFound) || p.Name != "" {
		t.Errorf("somebody of another organisation: %+v, %v", p, err)
	}
	// Each change is in the installation's own feed, and so is each refusal,
	// which does not say of whom.
	for what, want := range map[cordon.Act]int{cordon.ActOrg: 3, cordon.ActPerson: 6 + 2, cordon.ActToken: 3} {
		refused := w.Feed(t, "", what, cordon.OutcomeRefused)
		if len(refused) != want {
			t.Errorf("%s was refused %d times in the feed, want %d", what, len(refused), want)
		}
		for _, e := range refused {
			if e.Actor == "" || e.Subject != "" || len(e.Reasons) > 0 {
				t.Errorf("recorded %+v", e)
			}
		}
	}
	if added := w.Feed(t, "", cordon.ActPerson, cordon.OutcomeAllowed); len(added) != 4+2 {
		t.Errorf("%d changes of people in the feed, want 6", len(added))
	}
}

func TestWhoCannotBe(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	for says, org := range map[string]cordon.Organisation{
		"needs a name":        {Name: ""},
		`"A&B" is not a name`: {Name: "A&B"},
		"is not a country":    {Name: "X", Country: "usa"},
		"is not a community":  {Name: "X", Communities: []string{"five eyes"}},
	} {
		if _, err := people.AddOrganisation(ctx, w.By(w.ID("root")), org); cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v, want one that says %q", org, err, says)
		}
	}
	if _, err := people.AddOrganisation(ctx, w.By(w.ID("root")), cordon.Organisation{Name: "valdor"}); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("a second VALDOR: %v, want Conflict", err)
	}
	for says, p := range map[string]cordon.Person{
		"needs a name":         {Name: " "},
		"is not a nationality": {Name: "x", Nationality: "Usa"},
		"us has U, C, S, TS":   {Name: "x", Clearances: map[string]string{"tlp": "RED"}},
		"one of U, C, S, TS":   {Name: "x", Clearances: map[string]string{"us": "SECRET"}},
		"such as us:SI":        {Name: "x", ReadIns: cordon.ReadIns("SI")},
		`"king" is not a role: give one of reader, author`: {Name: "x", Roles: []cordon.Role{"king"}},
	} {
		p.Org = w.ID("VALDOR")
		if _, err := people.AddPerson(ctx, w.By(w.ID("root")), p); cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v, want one that says %q", p, err, says)
		}
	}
	moved := w.Person["ana"]
	moved.Org = w.ID("TARSIS")
	if _, err := people.ChangePerson(ctx, w.By(w.ID("root")), moved); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("moved to another organisation: %v", err)
	}
}

func TestInitialiseOnce(t *testing.T) {
	w := casetest.New(t)
	_, _, err := people.Initialise(context.Background(), w.Base, cordon.Organisation{Name: "AGAIN"}, cordon.Person{Name: "x"},
		func(cordon.WriteTx) error { return nil })
	if cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("set up twice: %v, want Conflict", err)
	}
	if first, err := people.First(context.Background(), w.Base); err != nil || first != w.ID("root") {
		t.Errorf("the first person is %s, %v", first, err)
	}
}
