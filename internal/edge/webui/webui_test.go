package webui_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"cordon"
	"cordon/client"
	"cordon/internal/app"
	"cordon/wire"
)

// served is an installation on a socket, on localhost as browsers know it.
func served(t *testing.T) (origin string, api *client.Client) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	config := app.Config{DataDir: filepath.Join(t.TempDir(), "data"), Origin: "http://localhost:" + port}
	if _, _, err := app.Init(t.Context(), config, cordon.Organisation{Name: "HUB"}, cordon.Person{Name: "root"}); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = a.Handler()
	server.Start()
	t.Cleanup(func() { server.Close(); a.Close() })
	api = a.FirstPersonClient()
	if _, err := api.AddPerson(t.Context(), wire.PersonDraft{Organisation: "HUB", Name: "Ada Quill", Roles: []cordon.Role{cordon.RoleReader}}); err != nil {
		t.Fatal(err)
	}
	return config.Origin, api
}

const password = "correct horse battery"

func enrolment(t *testing.T, api *client.Client) string {
	t.Helper()
	e, err := api.Enrol(t.Context(), "HUB/Ada Quill")
	if err != nil {
		t.Fatal(err)
	}
	return e.Secret
}

// browser is a client that keeps cookies and says where it comes from, as
// browsers do, and has no JavaScript.
type browser struct {
	t      testing.TB
	origin string
	http   http.Client
}

func newBrowser(t testing.TB, origin string) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, origin: origin, http: http.Client{Jar: secureOnLocalhost{jar}}}
}

// secureOnLocalhost gives and takes cookies as browsers do there.
type secureOnLocalhost struct{ http.CookieJar }

func https(u *url.URL) *url.URL { s := *u; s.Scheme = "https"; return &s }

func (j secureOnLocalhost) SetCookies(u *url.URL, c []*http.Cookie) {
	j.CookieJar.SetCookies(https(u), c)
}

func (j secureOnLocalhost) Cookies(u *url.URL) []*http.Cookie { return j.CookieJar.Cookies(https(u)) }

// body posts a body of a type.
func (b *browser) body(path, contentType, body string) (int, string, string) {
	b.t.Helper()
	return b.send("POST", path, body, "Content-Type", contentType)
}

// do gives the status, where it ended and the page.
func (b *browser) do(method, path string, form url.Values, header ...string) (int, string, string) {
	b.t.Helper()
	return b.send(method, path, form.Encode(), header...)
}

func (b *browser) send(method, path, body string, header ...string) (int, string, string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.origin+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	if strings.HasPrefix(path, "/api/") {
		r.Header.Del("Accept")
	}
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", b.origin)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i+1] == "" {
			r.Header.Del(header[i])
		}
	}
	res, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	page := string(text)
	if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		b.t.Errorf("%s %s: policy %q", method, path, csp)
	}
	for _, inline := range []string{"style=", "onclick=", "<style", "<script>", "javascript:"} {
		if strings.Contains(page, inline) {
			b.t.Errorf("%s %s has %s in it", method, path, inline)
		}
	}
	return res.StatusCode, res.Request.URL.Path, page
}

func TestWithoutJavaScript(t *testing.T) {
	origin, api := served(t)
	b := newBrowser(t, origin)
	if status, at, _ := b.do("GET", "/account", nil); status != 200 || at != "/signin" {
		t.Errorf("the account of nobody: %d at %s", status, at)
	}
	code := enrolment(t, api)
	for _, c := range []struct {
		what, path   string
		form         url.Values
		status       int
		ends, says   string
		header, also string
	}{
		{"a wrong code", "/enrol", url.Values{"code": {"x"}, "password": {password}}, 401, "/enrol", "This code is not good", "", ""},
		{"a short password", "/enrol", url.Values{"code": {code}, "password": {"short"}}, 400, "/enrol", "at least 12 characters", "", ""},
		{"from another site", "/enrol", url.Values{"code": {code}, "password": {password}}, 403, "/enrol", "does not come from a page of this site", "Origin", "https://evil.example"},
		{"from nowhere", "/enrol", url.Values{"code": {code}, "password": {password}}, 403, "/enrol", "does not come from a page of this site", "Origin", ""},
		{"the enrolment", "/enrol", url.Values{"code": {code}, "password": {password}}, 200, "/", "<strong>Ada Quill</strong>", "", ""},
		{"the enrolment again", "/enrol", url.Values{"code": {code}, "password": {password}}, 401, "/enrol", "This code is not good", "", ""},
		{"signing out from another site", "/signout", nil, 403, "/signout", "does not come from", "Sec-Fetch-Site", "cross-site"},
		{"signing out", "/signout", nil, 200, "/signin", "Sign in to Cordon", "", ""},
		{"a wrong password", "/signin", url.Values{"name": {"HUB/Ada Quill"}, "password": {"wrong"}}, 401, "/signin", "The name or the password is not right.", "", ""},
		{"a name nobody has", "/signin", url.Values{"name": {"HUB/Nobody <b>"}, "password": {"wrong"}}, 401, "/signin", "The name or the password is not right.", "", ""},
		{"signing in", "/signin", url.Values{"name": {"HUB/Ada Quill"}, "password": {password}}, 200, "/", "<strong>Ada Quill</strong>", "", ""},
		{"another password", "/account/password", url.Values{"old": {"wrong"}, "new": {password}}, 403, "/account/password", "This is not the password you have", "", ""},
		{"too much", "/signin", url.Values{"name": {strings.Repeat("a", 200_000)}}, 413, "/signin", "more than a page takes", "", ""},
	} {
		var header []string
		if c.header != "" {
			header = []string{c.header, c.also}
		}
		status, at, page := b.do("POST", c.path, c.form, header...)
		if status != c.status || at != c.ends || !strings.Contains(page, c.says) {
			t.Errorf("%s: %d at %s: %s", c.what, status, at, page)
		}
		if strings.Contains(page, password) || strings.Contains(page, "<b>") {
			t.Errorf("%s: the page repeats what was typed", c.what)
		}
	}
	// The cookie is believed by the API, for what its pages ask.
	if status, _, body := b.do("GET", "/api/v1/me", nil); status != 200 || !strings.Contains(body, "Ada Quill") {
		t.Errorf("the API by the cookie: %d %s", status, body)
	}
	for _, header := range [][]string{{"Origin", ""}, {"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}} {
		if status, _, body := b.do("POST", "/api/v1/scan", url.Values{}, header...); status != 403 || !strings.Contains(body, "page of this site") {
			t.Errorf("a write by the cookie with %v: %d %s", header, status, body)
		}
	}
	// Suspended, he is out with the next click.
	if _, err := api.ChangePerson(t.Context(), "HUB/Ada Quill", wire.PersonDraft{Organisation: "HUB", Name: "Ada Quill", Suspended: true}); err != nil {
		t.Fatal(err)
	}
	if _, at, _ := b.do("GET", "/account", nil); at != "/signin" {
		t.Errorf("suspended, he is at %s", at)
	}
}

// command is a command of the browser's protocol as an action.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[R] {
	return func(ctx context.Context, t *chromedp.Target) (R, error) { return cdp.Call(ctx, t, c, params) }
}

// run gives what an action does, and keeps a picture of where it failed.
func run[R any](t *testing.T, ctx context.Context, action chromedp.Action[R]) R {
	t.Helper()
	out, err := chromedp.Run(ctx, action)
	if err != nil {
		shoot(t, ctx, "failed")
		t.Fatal(err)
	}
	return out
}

// credential is a passkey of the browser's authenticator. It has the fields that
// every browser knows, and no more: the generated type always sends what only
// the newest have, and an authenticator that lacks the extension refuses it.
type credential struct {
	CredentialID         []byte  `json:"credentialId"`
	IsResidentCredential bool    `json:"isResidentCredential"`
	RpID                 string  `json:"rpId"`
	PrivateKey           []byte  `json:"privateKey"`
	UserHandle           []byte  `json:"userHandle"`
	SignCount            float64 `json:"signCount"`
}

type addCredentialParams struct {
	AuthenticatorID webauthn.AuthenticatorID `json:"authenticatorId"`
	Credential      credential               `json:"credential"`
}

var (
	getCredentials = cdp.Command[webauthn.GetCredentialsParams, struct {
		Credentials []credential `json:"credentials"`
	}]{Method: webauthn.CommandGetCredentials}
	addCredential = cdp.Command[addCredentialParams, cdp.Empty]{Method: webauthn.CommandAddCredential}
)

// TestPasskeyInABrowser: a person enrols with a passkey, signs out, and signs
// in with it, by keyboard.
func TestPasskeyInABrowser(t *testing.T) {
	ctx := chromium(t)
	origin, api := served(t)
	run(t, ctx, command(webauthn.Enable, webauthn.EnableParams{}))
	authenticator := run(t, ctx, command(webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		},
	})).AuthenticatorID

	run(t, ctx, chromedp.Navigate(origin+"/enrol#"+enrolment(t, api)))
	run(t, ctx, chromedp.WaitVisible(`button[data-passkey="add"]`))
	shoot(t, ctx, "enrol")
	if at := run(t, ctx, chromedp.Location()); strings.Contains(at, "#") {
		t.Errorf("the code stays in the address: %s", at)
	}
	run(t, ctx, chromedp.Click(`button[data-passkey="add"]`))
	run(t, ctx, chromedp.WaitVisible(`form[action="/signout"]`))
	if h := run(t, ctx, chromedp.Text(".who strong")); h != "Ada Quill" {
		t.Errorf("enrolled as %q", h)
	}
	shoot(t, ctx, "account")
	run(t, ctx, chromedp.Click(`form[action="/signout"] button`))
	signIn := func() {
		t.Helper()
		run(t, ctx, chromedp.WaitVisible(`button[data-passkey="signin"]`))
		run(t, ctx, chromedp.Focus(`button[data-passkey="signin"]`))
		run(t, ctx, chromedp.KeyEvent("\r"))
	}
	signIn()
	run(t, ctx, chromedp.WaitVisible(`form[action="/signout"]`))
	sessions, err := api.Sessions(t.Context(), "HUB/Ada Quill", wire.Page{})
	if err != nil || len(sessions.Items) != 1 || sessions.Items[0].By != cordon.CredentialPasskey {
		t.Errorf("sessions %+v, %v", sessions, err)
	}

	refused := func(what, says string) {
		t.Helper()
		run(t, ctx, chromedp.Navigate(origin+"/signin"))
		signIn()
		run(t, ctx, chromedp.Poll[bool](`document.getElementById("problem").textContent !== ""`))
		if problem := run(t, ctx, chromedp.Text("#problem")); !strings.Contains(problem, says) {
			t.Errorf("%s: %q", what, problem)
		}
	}
	// A passkey that was copied: its counter goes back.
	all := run(t, ctx, command(getCredentials, webauthn.GetCredentialsParams{AuthenticatorID: authenticator})).Credentials
	if len(all) != 1 || all[0].SignCount == 0 {
		t.Fatalf("the authenticator holds %+v", all)
	}
	again := func(count float64) {
		t.Helper()
		run(t, ctx, command(webauthn.ClearCredentials, webauthn.ClearCredentialsParams{AuthenticatorID: authenticator}))
		all[0].SignCount = count
		run(t, ctx, command(addCredential, addCredentialParams{AuthenticatorID: authenticator, Credential: all[0]}))
	}
	again(0)
	refused("copied", "does not sign anybody in here")
	shoot(t, ctx, "signin")
	again(1000)
	run(t, ctx, chromedp.Navigate(origin+"/signin"))
	signIn()
	run(t, ctx, chromedp.WaitVisible(`form[action="/signout"]`))
	// Taken away, it signs nobody in.
	list, err := api.Credentials(t.Context(), "HUB/Ada Quill")
	if err != nil || len(list) != 1 || list[0].Kind != cordon.CredentialPasskey {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := api.DropCredential(t.Context(), "HUB/Ada Quill", list[0].ID); err != nil {
		t.Fatal(err)
	}
	refused("taken away", "does not sign anybody in here")
	// Nor does one whose person is not known to it by touch, face or PIN.
	run(t, ctx, command(webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: authenticator}))
	refused("by somebody else", "No passkey was used")
}
