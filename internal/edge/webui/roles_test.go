package webui_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/pages"
	"cordon/wire"
)

var navigation = regexp.MustCompile(`(?s)<nav.*?</nav>`)

var address = regexp.MustCompile(`href="(/[^"]*)"`)

// enrolled adds somebody who holds the roles, and signs them in.
func enrolled(t *testing.T, w *pages.World, name string, roles ...cordon.Role) (*pages.Browser, cordon.ID) {
	t.Helper()
	p, err := w.API.AddPerson(t.Context(), wire.PersonDraft{Organisation: "HARBOUR", Name: name, Clearances: map[string]string{"us": "S"}, Roles: roles})
	if err != nil {
		t.Fatal(err)
	}
	e, err := w.API.Enrol(t.Context(), string(p.ID))
	if err != nil {
		t.Fatal(err)
	}
	b := pages.NewBrowser(t, w.Origin)
	if status, _, page := b.Do("POST", "/enrol", url.Values{"code": {e.Secret}, "password": {pages.Password}}); status != 200 {
		t.Fatalf("%s: %d: %s", name, status, pages.ProblemOf(page))
	}
	return b, p.ID
}

// TestEveryPlaceOpens: each place that the navigation leads somebody to opens for
// them, whatever the one role is that they hold; so does the page of each colleague.
func TestEveryPlaceOpens(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	var all []cordon.ID
	browsers := map[string]*pages.Browser{}
	for _, role := range append(cordon.Roles(), "") {
		roles := []cordon.Role{role}
		if role == "" {
			roles = nil
		}
		b, id := enrolled(t, w, "Only "+string(role)+".", roles...)
		browsers[string(role)], all = b, append(all, id)
	}
	for role, b := range browsers {
		_, _, home := b.Do("GET", "/", nil)
		links := address.FindAllStringSubmatch(navigation.FindString(home), -1)
		if len(links) < 3 {
			t.Fatalf("%s has hardly any places: %s", role, home)
		}
		for _, id := range append(all, w.IDs["Iris Vane"]) {
			links = append(links, []string{"", "/people/" + string(id)})
		}
		for _, l := range links {
			if status, _, page := b.Do("GET", html.UnescapeString(l[1]), nil); status != 200 {
				t.Errorf("%s at %s: %d: %s", role, l[1], status, pages.ProblemOf(page))
			}
		}
	}
	// An administrator who is no operator sees one, and has no form to change them by.
	if _, _, page := browsers["administrator"].Do("GET", "/people/"+string(w.IDs["Iris Vane"]), nil); strings.Contains(page, "What they hold") {
		t.Error("the form to change an operator is shown to somebody who may not")
	}
}

var once = regexp.MustCompile(`name="once" value="([^"]+)"`)

// TestSentTwice: a form that is sent a second time is told that it was, though what it
// asks for is refused by now for another reason.
func TestSentTwice(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	p := w.As(t, "officer")
	p.Open("/groups")
	form := url.Values{"once": {pages.First(once, p.Page)}, "name": {"Pier"}, "person": {string(w.IDs["Noor Falk"])}}
	if status, _, page := p.Do("POST", "/groups", form); status != 200 {
		t.Fatalf("%d: %s", status, pages.ProblemOf(page))
	}
	if status, _, page := p.Do("POST", "/groups", form); status != 409 || !strings.Contains(page, "This form was sent before") {
		t.Errorf("%d: %s", status, pages.ProblemOf(page))
	}
}

// TestNothingIsDropped: what a form or an address has that is none of the choices is
// refused, with its place.
func TestNothingIsDropped(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	p := w.As(t, "officer")
	for _, c := range []struct {
		path string
		form url.Values
		says string
	}{
		{"/people", url.Values{"name": {"Ada"}, "role": {"reader", "king"}}, `There is no role &#34;king&#34;`},
		{"/people/" + string(w.IDs["Noor Falk"]), url.Values{"name": {"Noor Falk"}, "role": {"king"}}, `There is no role &#34;king&#34;`},
		{"/account/tokens", url.Values{"label": {"x"}, "scope": {"all"}}, `There is no scope &#34;all&#34;`},
		{"/ledger/bundle", url.Values{"after": {"x"}}, "This is no number of an entry"},
	} {
		if status, _, page := p.Do("POST", c.path, c.form); status != 400 || !strings.Contains(page, c.says) {
			t.Errorf("%s: %d: %s", c.path, status, pages.ProblemOf(page))
		}
	}
	for _, after := range []string{"x", "-1", "9999999999999999999"} {
		if status, _, page := p.Do("GET", "/ledger?after="+after, nil); status != 400 || !strings.Contains(page, "is no number of an entry") {
			t.Errorf("after=%s: %d: %s", after, status, pages.ProblemOf(page))
		}
	}
}

// TestMethodsOfPages: a method that no page has at a path is told by the path, whether
// anything lies there or not, and whoever asks.
func TestMethodsOfPages(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	officer, nobody := w.As(t, "officer").Browser, pages.NewBrowser(t, w.Origin)
	for _, c := range []struct{ path, allow string }{
		{"/reports", "GET, HEAD"},
		{"/people/" + string(w.IDs["Noor Falk"]), "GET, HEAD, POST"},
		{"/people/" + string(cordon.NewID()), "GET, HEAD, POST"},
		{"/reports/" + string(cordon.NewID()) + "/export", "POST"},
		{"/signin", "GET, HEAD, POST"},
	} {
		for _, b := range []*pages.Browser{officer, nobody} {
			for _, method := range []string{"PUT", "DELETE", "PATCH"} {
				r, err := http.NewRequestWithContext(t.Context(), method, w.Origin+c.path, nil)
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Origin", w.Origin)
				res, err := b.HTTP.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				res.Body.Close()
				if res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != c.allow {
					t.Errorf("%s %s: %d, Allow %q, not %q", method, c.path, res.StatusCode, res.Header.Get("Allow"), c.allow)
				}
			}
		}
	}
}
