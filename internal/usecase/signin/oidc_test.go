package signin_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"cordon"
	"cordon/internal/core/reader"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/signin"
)

// liar is a provider that says what a test has it say, in place of what it
// should. Honest ones are tested against a real server, in
// package webui.
type liar struct {
	issuer string
	key    *ecdsa.PrivateKey // in its key set
	signs  *ecdsa.PrivateKey
	claims map[string]any
}

func newLiar(t *testing.T) *liar {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	l := &liar{key: key, signs: key}
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(v); err != nil {
			t.Error(err)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{
			"issuer": l.issuer, "authorization_endpoint": l.issuer + "/auth", "token_endpoint": l.issuer + "/token", "jwks_uri": l.issuer + "/keys",
			"id_token_signing_alg_values_supported": []string{"ES256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &l.key.PublicKey, KeyID: "1", Algorithm: "ES256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("code") != "good" || len(r.FormValue("code_verifier")) < 43 {
			w.WriteHeader(http.StatusBadRequest)
			answer(w, map[string]string{"error": "invalid_grant"})
			return
		}
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: l.signs, KeyID: "1"}}, nil)
		if err != nil {
			t.Error(err)
			return
		}
		text, err := json.Marshal(l.claims)
		if err != nil {
			t.Error(err)
			return
		}
		signed, err := signer.Sign(text)
		if err != nil {
			t.Error(err)
			return
		}
		id, err := signed.CompactSerialize()
		if err != nil {
			t.Error(err)
		}
		answer(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": id})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	l.issuer = server.URL
	return l
}

// signIn goes to the provider and comes back, with what it says and what the browser
// brings changed on the way.
func (l *liar) signIn(t *testing.T, w *casetest.World, s *signin.Methods, lie func(claims map[string]any), twist func(errand, state, code *string)) (signin.Signed, error) {
	t.Helper()
	address, errand, err := s.BeginOIDC(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || q.Get("redirect_uri") != s.Origin+signin.CallbackPath {
		t.Fatalf("asked %s", address)
	}
	now := w.Clock.Now()
	l.claims = map[string]any{
		"iss": l.issuer, "aud": "cordon", "sub": "1", "nonce": q.Get("nonce"), "name": "Ivo Lane", "groups": []string{"staff", "cleared"},
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}
	if lie != nil {
		lie(l.claims)
	}
	state, code := q.Get("state"), "good"
	if twist != nil {
		twist(&errand, &state, &code)
	}
	return s.WithOIDC(t.Context(), errand, state, code)
}

func TestAProviderIsBelievedForWhatItMaySay(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		l := newLiar(t)
		config := w.SignIn.Config
		config.Provider = &signin.Provider{
			Label: "it", Issuer: l.issuer, ClientID: "cordon", ClientSecret: "s", Organisation: "VALDOR", Subject: "sub", Name: "name", Provision: true,
			Rules: []signin.ClaimRule{{Claim: "groups", Value: "cleared", Clearances: map[string]string{"us": "S"}, Roles: []cordon.Role{cordon.RoleReader}}},
		}
		s, err := signin.New(w.Base, config)
		if err != nil {
			t.Fatal(err)
		}
		try := func(s *signin.Methods, lie func(claims map[string]any), twist func(errand, state, code *string)) (signin.Signed, error) {
			t.Helper()
			return l.signIn(t, w, s, lie, twist)
		}
		node, err := signin.New(w.Base, config) // which another node finishes as well
		if err != nil {
			t.Fatal(err)
		}
		for _, on := range []*signin.Methods{s, node} {
			signed, err := try(on, nil, nil)
			if err != nil || signed.Person.Name != "Ivo Lane" || !maps.Equal(signed.Person.Clearances, map[string]string{"us": "S"}) || signed.Session.By != cordon.CredentialOIDC {
				t.Fatalf("an honest provider: %+v, %v", signed, err)
			}
		}
		other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		set := func(name string, value any) func(map[string]any) {
			return func(claims map[string]any) { claims[name] = value }
		}
		var used string
		for what, k := range map[string]struct {
			lie   func(map[string]any)
			twist func(errand, state, code *string)
		}{
			"for another audience":    {lie: set("aud", "another")},
			"of another issuer":       {lie: set("iss", "https://another.example")},
			"with another nonce":      {lie: set("nonce", "another")},
			"without nonce":           {lie: func(c map[string]any) { delete(c, "nonce") }},
			"expired":                 {lie: set("exp", w.Clock.Now().Add(-time.Minute).Unix())},
			"without subject":         {lie: func(c map[string]any) { delete(c, "sub") }},
			"with no text as subject": {lie: set("sub", 7)},
			"without a name, new":     {lie: func(c map[string]any) { c["sub"] = "2"; delete(c, "name") }},
			"of the name of another":  {lie: func(c map[string]any) { c["sub"], c["name"] = "3", "ana" }},
			"signed by another":       {lie: func(map[string]any) { l.signs = other }},
			"a code that is none":     {twist: func(_, _, code *string) { *code = "bad" }},
			"another's state":         {twist: func(_, state, _ *string) { *state += "x" }},
			"no state":                {twist: func(_, state, _ *string) { *state = "" }},
			"no errand":               {twist: func(errand, _, _ *string) { *errand = "" }},
			"a forged errand":         {twist: func(errand, _, _ *string) { *errand = strings.Repeat("A", len(*errand)) }},
			"too late":                {twist: func(errand, _, _ *string) { used = *errand; w.Clock.Advance(signin.CeremonyFor) }},
		} {
			l.signs = l.key
			if _, err := try(s, k.lie, k.twist); cordon.KindOf(err) != cordon.KindUnauthenticated && cordon.KindOf(err) != cordon.KindInvalid || err == nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		l.signs = l.key
		w.AbsentFromFiles(t, "Ivo Lane's", l.issuer, used)

		// Whom the file does not add is nobody, and what it says of nobody is
		// nothing.
		closed := *config.Provider
		closed.Provision = false
		config.Provider = &closed
		if s, err = signin.New(w.Base, config); err != nil {
			t.Fatal(err)
		}
		if _, err := try(s, set("sub", "unknown"), nil); cordon.KindOf(err) != cordon.KindUnauthenticated || err.Error() != reader.ErrUnauthenticated.Message {
			t.Errorf("somebody unknown: %v", err)
		}
		signed, err := try(s, set("groups", []any{"staff", "Cleared", 7, nil, map[string]any{"cleared": "cleared"}}), nil)
		if err != nil || len(signed.Person.Clearances)+len(signed.Person.Roles)+len(signed.Person.ReadIns) != 0 {
			t.Errorf("claims that no rule names: %+v, %v", signed.Person, err)
		}
		people, err := people.People(t.Context(), w.Local(), w.ID("VALDOR"))
		if err != nil || len(people) != 3 {
			t.Errorf("%d people, %v; want ana, sol and Ivo Lane", len(people), err)
		}
	})
}

// TestAnUnverifiedAddressIsNobodys: an e-mail address counts, as a subject and in a
// rule, only where the provider has verified whose it is.
func TestAnUnverifiedAddressIsNobodys(t *testing.T) {
	w := casetest.New(t)
	l := newLiar(t)
	config := w.SignIn.Config
	provider := signin.Provider{
		Label: "it", Issuer: l.issuer, ClientID: "cordon", ClientSecret: "s", Organisation: "VALDOR", Subject: "email", Name: "name", Provision: true,
		Rules: []signin.ClaimRule{{Claim: "email", Value: "ivo@valdor.example", Roles: []cordon.Role{cordon.RoleReader}}},
	}
	says := func(subject string, verified any) (signin.Signed, error) {
		t.Helper()
		p := provider
		p.Subject = subject
		config.Provider = &p
		s, err := signin.New(w.Base, config)
		if err != nil {
			t.Fatal(err)
		}
		return l.signIn(t, w, s, func(claims map[string]any) {
			claims["email"] = "ivo@valdor.example"
			if verified != nil {
				claims["email_verified"] = verified
			}
			if subject != "email" {
				claims["name"] = "Ivo Other"
			}
		}, nil)
	}
	for _, verified := range []any{nil, false, "false", 1, "yes"} {
		if _, err := says("email", verified); cordon.KindOf(err) != cordon.KindUnauthenticated || err == nil {
			t.Errorf("known by an address with email_verified %v: %v", verified, err)
		}
		if signed, err := says("sub", verified); err != nil || len(signed.Person.Roles) != 0 {
			t.Errorf("a rule on an address with email_verified %v: %+v, %v", verified, signed.Person, err)
		}
	}
	for _, verified := range []any{true, "true"} {
		for _, subject := range []string{"email", "sub"} {
			if signed, err := says(subject, verified); err != nil || !signed.Person.Has(cordon.RoleReader) {
				t.Errorf("%s, verified %v: %+v, %v", subject, verified, signed.Person, err)
			}
		}
	}
}

// TestWhatIsMadeInAProvidersSessionEndsWithIt: a token that is made after a sign-in
// by a provider, and each that is made with that one, lives for as long as the
// provider's word is taken; a passkey, which has no end, is not added.
func TestWhatIsMadeInAProvidersSessionEndsWithIt(t *testing.T) {
	w := casetest.New(t)
	l := newLiar(t)
	for tokensFor, want := range map[string]time.Duration{"": signin.DefaultTokensFor, "90m": 90 * time.Minute} {
		config := w.SignIn.Config
		config.Provider = &signin.Provider{
			Label: "it", Issuer: l.issuer, ClientID: "cordon", ClientSecret: "s", Organisation: "VALDOR", Subject: "sub", Name: "name", Provision: true, TokensFor: tokensFor,
		}
		s, err := signin.New(w.Base, config)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := l.signIn(t, w, s, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		last := signed.Session.Created.Add(want)
		session, err := s.Authenticate(t.Context(), signed.Secret)
		if err != nil || !session.TokensUntil.Equal(last) {
			t.Fatalf("%+v, %v; want tokens until %s", session, err, last)
		}
		by := w.As(session)
		secret, token, err := people.NewToken(t.Context(), by, session.Person, people.TokenDraft{})
		if err != nil || !token.Expires.Equal(last) {
			t.Fatalf("a token with no end asked: %+v, %v; want until %s", token, err, last)
		}
		if _, _, err := people.NewToken(t.Context(), by, session.Person, people.TokenDraft{Expires: last.Add(time.Second)}); cordon.KindOf(err) != cordon.KindDenied {
			t.Errorf("a token that outlives it: %v", err)
		}
		if _, token, err := people.NewToken(t.Context(), by, session.Person, people.TokenDraft{Expires: last}); err != nil || !token.Expires.Equal(last) {
			t.Errorf("a token as long as it may be: %+v, %v", token, err)
		}
		if _, err := s.BeginAddingPasskey(t.Context(), by, ""); cordon.KindOf(err) != cordon.KindDenied {
			t.Errorf("a passkey in the session: %v", err)
		}
		made, err := people.Authenticate(t.Context(), w.Base, secret)
		if err != nil {
			t.Fatal(err)
		}
		if _, second, err := people.NewToken(t.Context(), w.As(made), made.Person, people.TokenDraft{}); err != nil || !second.Expires.Equal(last) {
			t.Errorf("made with it: %+v, %v", second, err)
		}
		if _, err := s.BeginAddingPasskey(t.Context(), w.As(made), ""); cordon.KindOf(err) != cordon.KindDenied {
			t.Errorf("a passkey by the token: %v", err)
		}
		w.Clock.Advance(want)
		if _, err := people.Authenticate(t.Context(), w.Base, secret); cordon.KindOf(err) != cordon.KindUnauthenticated || err == nil {
			t.Errorf("at its end: %v", err)
		}
	}
}

// TestAProvidersRulesAreChecked against what anybody can hold here.
func TestAProvidersRulesAreChecked(t *testing.T) {
	w := casetest.New(t)
	good := signin.ClaimRule{
		Claim: "groups", Value: "x", Roles: []cordon.Role{cordon.RoleReader}, Clearances: map[string]string{"us": "S"}, ReadIns: []string{"us:SI"}, Nationality: "GBR",
	}
	for says, change := range map[string]func(*signin.Provider, *signin.ClaimRule){
		"":          func(*signin.Provider, *signin.ClaimRule) {},
		`"VALDOUR"`: func(p *signin.Provider, _ *signin.ClaimRule) { p.Organisation = "VALDOUR" },
		`rule 2 of the provider: "raeder" is not a role`:                    func(_ *signin.Provider, r *signin.ClaimRule) { r.Roles = []cordon.Role{"raeder"} },
		`rule 2 of the provider: "SECRET" is no clearance`:                  func(_ *signin.Provider, r *signin.ClaimRule) { r.Clearances = map[string]string{"us": "SECRET"} },
		`rule 2 of the provider: there are no clearances in a scheme "usa"`: func(_ *signin.Provider, r *signin.ClaimRule) { r.Clearances = map[string]string{"usa": "S"} },
		`rule 2 of the provider: "SI" is not a read-in`:                     func(_ *signin.Provider, r *signin.ClaimRule) { r.ReadIns = []string{"SI"} },
		`rule 2 of the provider: "GB" is not a nationality`:                 func(_ *signin.Provider, r *signin.ClaimRule) { r.Nationality = "GB" },
	} {
		p, second := signin.Provider{Organisation: "VALDOR"}, good
		change(&p, &second)
		p.Rules = []signin.ClaimRule{good, second}
		err := p.Check(t.Context(), w.Base)
		if says == "" && err != nil || says != "" && (err == nil || cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), says)) {
			t.Errorf("%q: %v", says, err)
		}
	}
	for _, bad := range []string{"x", "-1h", "0s", "2161h"} {
		text := `{"label":"x","issuer":"https://x.example","clientId":"x","clientSecretFile":"x","organisation":"x","rules":[],"tokensFor":"` + bad + `"}`
		if _, err := signin.ParseProvider([]byte(text)); cordon.KindOf(err) != cordon.KindInvalid || err == nil {
			t.Errorf("tokensFor %s: %v", bad, err)
		}
	}
}

func FuzzParseProvider(f *testing.F) {
	const good = `{"label":"it","issuer":"https://idp.example","clientId":"c","clientSecretFile":"f","organisation":"O","rules":[{"claim":"g","value":"v","roles":["reader"]}]}`
	if _, err := signin.ParseProvider([]byte(good)); err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	for _, bad := range []string{
		"", "{}", "null", good + "{}", strings.Replace(good, "https:", "http:", 1), strings.Replace(good, `"label"`, `"labels"`, 1),
		strings.Replace(good, `"g"`, `""`, 1), strings.Replace(good, `"label":"it"`, `"label":"it","provision":true`, 1),
		strings.Replace(good, `"c"`, `""`, 1),
	} {
		if _, err := signin.ParseProvider([]byte(bad)); err == nil || cordon.KindOf(err) != cordon.KindInvalid {
			f.Errorf("%s: %v", bad, err)
		}
		f.Add(bad)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := signin.ParseProvider([]byte(text))
		if err == nil && (p.Issuer == "" || p.Subject == "" || p.Organisation == "") {
			t.Errorf("%q was taken as %+v", text, p)
		}
	})
}
