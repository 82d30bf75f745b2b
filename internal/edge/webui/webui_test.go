package webui_test

import (
	"net/url"
	"strings"
	"testing"

	"cordon/internal/harness/pages"
	"cordon/wire"
)

func TestWithoutJavaScript(t *testing.T) {
	origin, api := pages.Empty(t)
	b := pages.NewBrowser(t, origin)
	if status, at, _ := b.Do("GET", "/account", nil); status != 200 || at != "/signin" {
		t.Errorf("the account of nobody: %d at %s", status, at)
	}
	code := pages.Enrolment(t, api)
	for _, c := range []struct {
		what, path   string
		form         url.Values
		status       int
		ends, says   string
		header, also string
	}{
		{"a wrong code", "/enrol", url.Values{"code": {"x"}, "password": {pages.Password}}, 401, "/enrol", "This code is not good", "", ""},
		{"a short password", "/enrol", url.Values{"code": {code}, "password": {"short"}}, 400, "/enrol", "at least 12 characters", "", ""},
		{"from another site", "/enrol", url.Values{"code": {code}, "password": {pages.Password}}, 403, "/enrol", "does not come from a page of this site", "Origin", "https://evil.example"},
		{"from nowhere", "/enrol", url.Values{"code": {code}, "password": {pages.Password}}, 403, "/enrol", "does not come from a page of this site", "Origin", ""},
		{"the enrolment", "/enrol", url.Values{"code": {code}, "password": {pages.Password}}, 200, "/", "<strong>Ada Quill</strong>", "", ""},
		{"the enrolment again", "/enrol", url.Values{"code": {code}, "password": {pages.Password}}, 401, "/enrol", "This code is not good", "", ""},
		{"signing out from another site", "/signout", nil, 403, "/signout", "does not come from", "Sec-Fetch-Site", "cross-site"},
		{"signing out", "/signout", nil, 200, "/signin", "Sign in to Cordon", "", ""},
		{"a wrong password", "/signin", url.Values{"name": {"HUB/Ada Quill"}, "password": {"wrong"}}, 401, "/signin", "The name or the password is not right.", "", ""},
		{"a name nobody has", "/signin", url.Values{"name": {"HUB/Nobody <b>"}, "password": {"wrong"}}, 401, "/signin", "The name or the password is not right.", "", ""},
		{"signing in", "/signin", url.Values{"name": {"HUB/Ada Quill"}, "password": {pages.Password}}, 200, "/", "<strong>Ada Quill</strong>", "", ""},
		{"another password", "/account/password", url.Values{"old": {"wrong"}, "new": {pages.Password}}, 403, "/account/password", "This is not the password you have", "", ""},
		{"too much", "/signin", url.Values{"name": {strings.Repeat("a", 200_000)}}, 413, "/signin", "more than a page takes", "", ""},
	} {
		var header []string
		if c.header != "" {
			header = []string{c.header, c.also}
		}
		status, at, page := b.Do("POST", c.path, c.form, header...)
		if status != c.status || at != c.ends || !strings.Contains(page, c.says) {
			t.Errorf("%s: %d at %s: %s", c.what, status, at, page)
		}
		if strings.Contains(page, pages.Password) || strings.Contains(page, "<b>") {
			t.Errorf("%s: the page repeats what was typed", c.what)
		}
	}
	// The cookie is believed by the API, for what its pages ask.
	if status, _, body := b.Do("GET", "/api/v1/me", nil); status != 200 || !strings.Contains(body, "Ada Quill") {
		t.Errorf("the API by the cookie: %d %s", status, body)
	}
	for _, header := range [][]string{{"Origin", ""}, {"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}} {
		if status, _, body := b.Do("POST", "/api/v1/scan", url.Values{}, header...); status != 403 || !strings.Contains(body, "page of this site") {
			t.Errorf("a write by the cookie with %v: %d %s", header, status, body)
		}
	}
	// Suspended, he is out with the next click.
	if _, err := api.ChangePerson(t.Context(), "HUB/Ada Quill", wire.PersonDraft{Organisation: "HUB", Name: "Ada Quill", Suspended: true}); err != nil {
		t.Fatal(err)
	}
	if _, at, _ := b.Do("GET", "/account", nil); at != "/signin" {
		t.Errorf("suspended, he is at %s", at)
	}
}
