package signin

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"cordon"
	"cordon/internal/core/reader"
	"cordon/internal/usecase/people"
)

const (
	// MaxProviderFile bounds the file that describes a provider.
	MaxProviderFile = 1 << 20
	// maxRules bounds what it maps.
	maxRules = 10_000
	// providerFor bounds how long a provider is waited for.
	providerFor = 20 * time.Second
	// CallbackPath is where a provider sends a browser back to.
	CallbackPath = "/signin/oidc/callback"
)

// Provider is an OpenID provider whose people may sign in, and what of what it
// says of them counts. What it says and no rule names gives nothing.
type Provider struct {
	// Label is what people know it by.
	Label  string `json:"label"`
	Issuer string `json:"issuer"`
	// ClientID and the secret are what Cordon is known by there. The secret
	// stands in a file of its own.
	ClientID         string `json:"clientId"`
	ClientSecretFile string `json:"clientSecretFile"`
	ClientSecret     string `json:"-"`
	// Scopes are asked for besides openid.
	Scopes []string `json:"scopes,omitempty"`
	// UserInfo also asks the provider's userinfo endpoint.
	UserInfo bool `json:"userInfo,omitempty"`
	// Organisation is the one to which all its people belong, by name.
	Organisation string `json:"organisation"`
	// Subject is the claim by which a person is known again; sub if empty.
	Subject string `json:"subject,omitempty"`
	// Provision adds people that are not known yet, under the name in the
	// claim Name.
	Provision bool   `json:"provision,omitempty"`
	Name      string `json:"name,omitempty"`
	// Rules say what a person holds whose claim has, or has among others,
	// the value.
	Rules []ClaimRule `json:"rules"`
}

// ClaimRule gives what it names to those whose claim has the value.
type ClaimRule struct {
	Claim       string            `json:"claim"`
	Value       string            `json:"value"`
	Clearances  map[string]string `json:"clearances,omitempty"`
	ReadIns     []string          `json:"readIns,omitempty"`
	Roles       []cordon.Role     `json:"roles,omitempty"`
	Nationality string            `json:"nationality,omitempty"`
}

// ParseProvider reads the description of a provider: JSON, nothing unknown in
// it. The secret is read by the caller.
func ParseProvider(text []byte) (*Provider, error) {
	if len(text) > MaxProviderFile {
		return nil, cordon.Errorf(cordon.TooLarge, "a provider is described in at most %d bytes", MaxProviderFile)
	}
	var p Provider
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return nil, cordon.Errorf(cordon.Invalid, "the provider is not described as it should be: %v", err).Because(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, cordon.Errorf(cordon.Invalid, "something follows the description of the provider")
	}
	u, err := url.Parse(p.Issuer)
	switch {
	case err != nil, u.Host == "", u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1"):
		return nil, cordon.Errorf(cordon.Invalid, "the issuer is an https address")
	case p.ClientID == "", p.ClientSecretFile == "", p.Organisation == "", p.Label == "":
		return nil, cordon.Errorf(cordon.Invalid, "a provider needs label, issuer, clientId, clientSecretFile and organisation")
	case p.Provision && p.Name == "":
		return nil, cordon.Errorf(cordon.Invalid, "to add people, the provider needs the claim with their name")
	case len(p.Rules) > maxRules:
		return nil, cordon.Errorf(cordon.TooLarge, "a provider has at most %d rules", maxRules)
	}
	for i, r := range p.Rules {
		if r.Claim == "" || r.Value == "" {
			return nil, cordon.Errorf(cordon.Invalid, "rule %d needs a claim and a value", i+1)
		}
	}
	if p.Subject == "" {
		p.Subject = "sub"
	}
	return &p, nil
}

// hold gives the person what the rules say of the claims, and nothing else.
func (p *Provider) hold(person *cordon.Person, claims map[string]any) {
	person.Clearances, person.ReadIns, person.Roles, person.Nationality = nil, nil, nil, ""
	for _, r := range p.Rules {
		if !has(claims[r.Claim], r.Value) {
			continue
		}
		for scheme, level := range r.Clearances {
			if person.Clearances == nil {
				person.Clearances = make(map[string]string)
			}
			// Of two rules the first stands: the file puts the higher first.
			if _, set := person.Clearances[scheme]; !set {
				person.Clearances[scheme] = level
			}
		}
		for _, c := range r.ReadIns {
			if !slices.Contains(person.ReadIns, cordon.ReadIn{Compartment: c}) {
				person.ReadIns = append(person.ReadIns, cordon.ReadIn{Compartment: c})
			}
		}
		for _, role := range r.Roles {
			if !person.Has(role) {
				person.Roles = append(person.Roles, role)
			}
		}
		if person.Nationality == "" {
			person.Nationality = r.Nationality
		}
	}
}

// has reports whether the claim is the value, or a list with it in it.
func has(claim any, value string) bool {
	switch c := claim.(type) {
	case string:
		return c == value
	case []any:
		for _, v := range c {
			if s, ok := v.(string); ok && s == value {
				return true
			}
		}
	}
	return false
}

// openID is the provider once it has been reached.
type openID struct {
	mu       sync.Mutex // guards the rest
	provider *oidc.Provider
}

// reached is the provider, asked for its addresses and keys when first needed.
func (s *Service) reached(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	if s.Provider == nil {
		return nil, nil, cordon.ErrNotFound
	}
	s.openID.mu.Lock()
	defer s.openID.mu.Unlock()
	if s.openID.provider == nil {
		p, err := oidc.NewProvider(ctx, s.Provider.Issuer)
		if err != nil {
			return nil, nil, unreachable(err)
		}
		s.openID.provider = p
	}
	return s.openID.provider, &oauth2.Config{
		ClientID: s.Provider.ClientID, ClientSecret: s.Provider.ClientSecret, Endpoint: s.openID.provider.Endpoint(),
		RedirectURL: s.Origin + CallbackPath, Scopes: append([]string{oidc.ScopeOpenID}, s.Provider.Scopes...),
	}, nil
}

func unreachable(err error) error {
	return cordon.Errorf(cordon.Unavailable, "the provider cannot be reached: try again, or sign in another way").Because(err)
}

// errand is what a browser carries, sealed, to the provider and back.
type errand struct {
	State, Nonce, Verifier string
	Until                  time.Time
}

const errandContext = "oidc: errand"

// BeginOIDC gives the provider's address to send a browser to, and what it is
// to bring back with the answer. ErrNotFound where there is no provider.
func (s *Service) BeginOIDC(ctx context.Context) (address, sealed string, err error) {
	ctx, cancel := context.WithTimeout(ctx, providerFor)
	defer cancel()
	_, config, err := s.reached(ctx)
	if err != nil {
		return "", "", err
	}
	e := errand{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Until: s.Clock.Now().Add(CeremonyFor)}
	text, err := json.Marshal(e)
	if err != nil {
		return "", "", cordon.Errorf(cordon.Internal, "the errand cannot be written").Because(err)
	}
	address = config.AuthCodeURL(e.State, oidc.Nonce(e.Nonce), oauth2.S256ChallengeOption(e.Verifier))
	return address, base64.RawURLEncoding.EncodeToString(s.Vault.SealRoot(errandContext, text)), nil
}

// WithOIDC signs in whoever the provider says has come back. What he holds is
// what it says now, by the rules, from the next request on. Whatever is wrong
// is one answer.
func (s *Service) WithOIDC(ctx context.Context, sealed, state, code string) (Signed, error) {
	ctx, cancel := context.WithTimeout(ctx, providerFor)
	defer cancel()
	claims, err := s.claims(ctx, sealed, state, code)
	var subject, name string
	if err == nil {
		subject, _ = claims[s.Provider.Subject].(string)
		name, _ = claims[s.Provider.Name].(string)
		if subject == "" || len(subject) > cordon.MaxNameBytes {
			err = reader.ErrUnauthenticated.Because(fmt.Errorf("the claim %q is missing, empty or too long", s.Provider.Subject))
		}
	}
	var out Signed
	if err == nil {
		err = s.Store.Update(ctx, func(tx cordon.WriteTx) error {
			person, err := s.fromProvider(tx, subject, name, claims)
			if err != nil {
				return err
			}
			out, err = s.newSession(tx, person, cordon.OIDC)
			return err
		})
	}
	if cordon.KindOf(err) == cordon.Unauthenticated && err != nil {
		if e := s.Store.Update(ctx, func(tx cordon.WriteTx) error {
			return s.record(tx, s.Clock.Now(), cordon.Person{}, cordon.ActSignIn, cordon.RefusedWith, "", string(cordon.OIDC))
		}); e != nil {
			return Signed{}, e
		}
	}
	return out, err
}

// claims are what the provider says, verified: its signature, that it is meant
// for us and still good, and that it answers what this browser asked.
func (s *Service) claims(ctx context.Context, sealed, state, code string) (map[string]any, error) {
	var e errand
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(sealed) > maxCeremony || len(code) > maxCeremony {
		return nil, reader.ErrUnauthenticated
	}
	text, err := s.Vault.OpenRoot(errandContext, raw)
	if err != nil {
		return nil, reader.ErrUnauthenticated
	}
	if err := json.Unmarshal(text, &e); err != nil || !s.Clock.Now().Before(e.Until) || subtle.ConstantTimeCompare([]byte(e.State), []byte(state)) != 1 {
		return nil, reader.ErrUnauthenticated
	}
	provider, config, err := s.reached(ctx)
	if err != nil {
		return nil, err
	}
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(e.Verifier))
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && aboutUs(refused):
		return nil, cordon.Errorf(cordon.Unavailable, "the provider does not take this installation's credentials: sign in another way").
			Because(fmt.Errorf("the provider answered %d with the error %q %s", refused.Response.StatusCode, refused.ErrorCode, refused.ErrorDescription))
	case errors.As(err, &refused):
		return nil, reader.ErrUnauthenticated.Because(errors.New("the provider does not take the code that the browser brought"))
	case err != nil:
		return nil, unreachable(err)
	}
	given, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: s.Provider.ClientID, Now: s.Clock.Now}).Verify(ctx, given)
	if err != nil {
		return nil, reader.ErrUnauthenticated.Because(err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(e.Nonce)) != 1 {
		return nil, reader.ErrUnauthenticated.Because(errors.New("the id token's nonce is not the one that was asked with"))
	}
	claims := make(map[string]any)
	if s.Provider.UserInfo {
		info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil {
			return nil, unreachable(err)
		}
		if info.Subject != id.Subject {
			return nil, reader.ErrUnauthenticated.Because(errors.New("the userinfo is of another subject than the id token"))
		}
		if err := info.Claims(&claims); err != nil {
			return nil, reader.ErrUnauthenticated.Because(err)
		}
	}
	var signed map[string]any
	if err := id.Claims(&signed); err != nil {
		return nil, reader.ErrUnauthenticated.Because(err)
	}
	maps.Copy(claims, signed) // what is signed stands
	return claims, nil
}

// aboutUs reports whether a provider refuses not the code but Cordon itself
// (RFC 6749, section 5.2).
func aboutUs(e *oauth2.RetrieveError) bool {
	return e.Response.StatusCode == 401 ||
		slices.Contains([]string{"invalid_client", "unauthorized_client", "unsupported_grant_type"}, e.ErrorCode)
}

// fromProvider is the person of the subject, who holds what the claims say;
// added where the provider's people are.
func (s *Service) fromProvider(tx cordon.WriteTx, subject, name string, claims map[string]any) (cordon.ID, error) {
	now := s.Clock.Now()
	handle := s.keyed("oidc", s.Provider.Issuer+"\x00"+subject)
	org, err := tx.HoldOrganisationByName(s.Provider.Organisation)
	if cordon.KindOf(err) == cordon.NotFound {
		return "", cordon.Errorf(cordon.Internal, "the provider's people belong to an organisation that is not there").Because(err)
	}
	if err != nil {
		return "", err
	}
	var before cordon.Person
	c, err := tx.HoldCredentialByHandle(cordon.OIDC, handle)
	switch {
	case cordon.KindOf(err) == cordon.NotFound && s.Provider.Provision:
		before = cordon.Person{ID: cordon.NewID(), Org: org.ID, Name: name}
	case cordon.KindOf(err) == cordon.NotFound:
		return "", reader.ErrUnauthenticated.Because(errors.New("nobody here is known by this subject, and the provider's file does not have people added (provision)"))
	case err != nil:
		return "", err
	default:
		if before, err = tx.HoldPerson(c.Person); err != nil {
			return "", err
		}
		if before.Org != org.ID || before.Suspended {
			return "", reader.ErrUnauthenticated.Because(errors.New("the person is suspended, or of another organisation"))
		}
	}
	after := before
	s.Provider.hold(&after, claims)
	if c.ID == "" || !holdsTheSame(before, after) {
		err := people.Hold(s.People, tx, after)
		if cordon.KindOf(err) == cordon.Conflict { // somebody else has the name
			return "", reader.ErrUnauthenticated.Because(errors.New("somebody else has the name that the provider gives"))
		}
		if err != nil {
			return "", err
		}
		if err := s.record(tx, now, cordon.Person{}, cordon.ActPerson, cordon.Allowed, after.ID, string(cordon.OIDC)); err != nil {
			return "", err
		}
	}
	if c.ID != "" {
		return after.ID, nil
	}
	c = cordon.Credential{ID: cordon.NewID(), Person: after.ID, Kind: cordon.OIDC, Handle: handle, Created: now}
	if err := s.seal(&c, labelled{Label: s.Provider.Label}); err != nil {
		return "", err
	}
	if err := tx.PutCredential(c); err != nil {
		return "", err
	}
	return after.ID, s.record(tx, now, after, cordon.ActCredential, cordon.Allowed, after.ID, string(cordon.OIDC))
}

func holdsTheSame(a, b cordon.Person) bool {
	return maps.Equal(a.Clearances, b.Clearances) && slices.Equal(a.ReadIns, b.ReadIns) && slices.Equal(a.Roles, b.Roles) && a.Nationality == b.Nationality
}
