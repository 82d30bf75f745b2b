package webui_test

import (
	"net/url"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/pages"
	"cordon/wire"
)

// TestAuthorityOnPages: an operator invites and sets what was asked for, an
// administrator adds a program and makes its token, and another organisation's
// people are nowhere to be seen.
func TestAuthorityOnPages(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	p := w.As(t, "officer") // who is operator and administrator of HARBOUR
	added, err := w.API.AddOrganisation(t.Context(), wire.OrganisationDraft{Name: "NEREUS"})
	if err != nil {
		t.Fatal(err)
	}
	page := "/organisations/" + string(added.ID)
	p.Open(page)
	if got := p.Send(page+"/invitation", "", url.Values{"administrator": {"Ada Berg"}}); !strings.Contains(got, "cordon-enrolment_") {
		t.Errorf("an invitation shows no code: %s", got)
	}
	p.Open(page)
	if got := p.Send(page+"/ceiling", "", url.Values{"clearance-us": {"S"}}); strings.Contains(got, "they did not ask") {
		t.Errorf("a first ceiling: %s", got)
	}
	p.Open(page)
	if _, got := p.Try(page+"/ceiling", "", url.Values{"clearance-us": {"TS"}}); !strings.Contains(got, "they did not ask for this") {
		t.Errorf("a ceiling is raised that nobody asked for: %s", got)
	}
	p.Open("/people")
	if got := p.Send("/people/ceiling", "", url.Values{"clearance-us": {"TS"}, "read-ins": {"us:SI"}}); !strings.Contains(got, "We ask for:") {
		t.Errorf("what was asked for is not shown: %s", got)
	}
	program, err := w.API.AddPerson(t.Context(), wire.PersonDraft{Organisation: "HARBOUR", Name: "nightly list", Service: true, Roles: []cordon.Role{cordon.RoleReader}})
	if err != nil {
		t.Fatal(err)
	}
	p.Open("/people/" + string(program.ID))
	if got := p.Send("/people/"+string(program.ID)+"/signin", "new-token", url.Values{"label": {"list"}}); !strings.Contains(got, "cordon_") {
		t.Errorf("a program's token is not shown: %s", got)
	}
	if got := p.Open("/people?org=" + string(w.IDs["MERIDIAN"])); strings.Contains(got, "Edda") {
		t.Errorf("another organisation's people are listed: %s", got)
	}
}
