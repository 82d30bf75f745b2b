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
		brief, _, err := people.NewToken(ctx, w.Local(), w.ID("ana"), people.TokenDraft{Label: "an hour", Expires: w.Clock.Now().Add(time.Hour)})
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
		if _, err := people.ChangePerson(ctx, w.Local(), ana); err != nil {
			t.Fatal(err)
		}
		if _, err := people.Authenticate(ctx, w.Base, good); err != error(reader.ErrUnauthenticated) {
			t.Errorf("a suspended person's: %v, want ErrUnauthenticated itself", err)
		}
		w.AbsentFromFiles(t, good, strings.TrimPrefix(good, "cordon_"))
	})
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
		if _, err := people.AddOrganisation(ctx, w.Local(), org); cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v, want one that says %q", org, err, says)
		}
	}
	if _, err := people.AddOrganisation(ctx, w.Local(), cordon.Organisation{Name: "valdor"}); cordon.KindOf(err) != cordon.KindConflict {
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
		if _, err := people.AddPerson(ctx, w.Local(), p); cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v, want one that says %q", p, err, says)
		}
	}
	moved := w.Person["ana"]
	moved.Org = w.ID("TARSIS")
	if _, err := people.ChangePerson(ctx, w.Local(), moved); cordon.KindOf(err) != cordon.KindInvalid {
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
