package release_test

import (
	"context"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/release"
)

// TestARequestIsAsHiddenAsItsPortions: its purpose, its marks and that it was
// made are not for a colleague who may see nothing of what was asked for.
func TestARequestIsAsHiddenAsItsPortions(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	secret := w.Publish(t, "mara", []string{"VALDOR"}, "(S//REL TO USA, GBR) Notes", "(S//REL TO USA, GBR) "+cityText)
	ask(t, w, secret.Report)
	colleague, err := people.AddPerson(ctx, w.By(w.ID("root")), cordon.Person{
		Org: w.ID("VALDOR"), Name: "lee", Roles: []cordon.Role{cordon.RoleReader, cordon.RoleAuthor}, Clearances: map[string]string{"us": "C"},
	})
	if err != nil {
		t.Fatal(err)
	}
	count := func(person cordon.ID) int {
		list, _, err := release.Requests(ctx, w.By(person), cordon.Cursor{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if n := count(colleague.ID); n != 0 {
		t.Errorf("cleared C, lee lists %d requests for what is S", n)
	}
	if n := count(w.ID("ana")); n != 1 {
		t.Errorf("ana, who asked, lists %d", n)
	}
	colleague.Clearances["us"] = "S"
	if _, err := people.ChangePerson(ctx, w.By(w.ID("root")), colleague); err != nil {
		t.Fatal(err)
	}
	if n := count(colleague.ID); n != 1 {
		t.Errorf("cleared S, lee lists %d", n)
	}
}
