package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
	"cordon/internal/strictjson"
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

// Provider is an OpenID provider whose people may sign in. Its rules say which
// of its claims count; a claim that no rule names gives nothing.
type Provider struct {
	// Label is what people know it by.
	Label  string `json:"label"`
	Issuer string `json:"issuer"`
	// ClientID and the secret identify Cordon at the provider. The secret
	// stands in a file of its own.
	ClientID         string `json:"clientId"`
	ClientSecretFile string `json:"clientSecretFile"`
	ClientSecret     string `json:"-"`
	// Scopes are asked for besides openid.
	Scopes []string `json:"scopes,omitempty"`
	// UserInfo also asks the provider's userinfo endpoint.
	UserInfo bool `json:"userInfo,omitempty"`
	// Organisation is the name of the organisation to which all the provider's
	// people belong.
	Organisation string `json:"organisation"`
	// Subject is the claim that identifies a person; sub if empty.
	Subject string `json:"subject,omitempty"`
	// Provision adds people who are not known yet, under the name in the claim
	// Name.
	Provision bool   `json:"provision,omitempty"`
	Name      string `json:"name,omitempty"`
	// TokensFor is how long a token lives at most that somebody makes whom the
	// provider signed in, counted from that sign-in, such as 24h: Cordon does not
	// ask the provider in between. DefaultTokensFor if empty, MaxTokensFor at
	// most.
	TokensFor string `json:"tokensFor,omitempty"`
	// Rules give a person what they name if the claim has the value, or lists
	// it among others. A rule on the claim email, and the subject email, count
	// only where the provider says that the address is verified.
	Rules []ClaimRule `json:"rules"`
}

// The bounds of Provider.TokensFor.
const (
	DefaultTokensFor = 24 * time.Hour
	MaxTokensFor     = 90 * 24 * time.Hour
)

// tokensFor is TokensFor; the default too where there is no provider any more.
func (p *Provider) tokensFor() time.Duration {
	if p == nil || p.TokensFor == "" {
		return DefaultTokensFor
	}
	d, err := time.ParseDuration(p.TokensFor)
	if err != nil {
		return 0 // ParseProvider refuses it
	}
	return d
}

// ClaimRule gives a person what it names if their claim has the value.
type ClaimRule struct {
	Claim       string            `json:"claim"`
	Value       string            `json:"value"`
	Clearances  map[string]string `json:"clearances,omitempty"`
	ReadIns     []string          `json:"readIns,omitempty"`
	Roles       []cordon.Role     `json:"roles,omitempty"`
	Nationality string            `json:"nationality,omitempty"`
}

// ParseProvider reads the description of a provider: JSON without unknown
// members. The caller reads the secret.
func ParseProvider(text []byte) (*Provider, error) {
	if len(text) > MaxProviderFile {
		return nil, cordon.Errorf(cordon.KindTooLarge, "a provider is described in at most %d bytes", MaxProviderFile)
	}
	var p Provider
	if err := strictjson.Unmarshal(text, &p); err != nil {
		return nil, cordon.Errorf(cordon.KindInvalid, "the provider is not described as it should be: %v", err).Because(err)
	}
	u, err := url.Parse(p.Issuer)
	switch {
	case err != nil, u.Host == "", u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1"):
		return nil, cordon.Errorf(cordon.KindInvalid, "the issuer is an https address")
	case p.ClientID == "", p.ClientSecretFile == "", p.Organisation == "", p.Label == "":
		return nil, cordon.Errorf(cordon.KindInvalid, "a provider needs label, issuer, clientId, clientSecretFile and organisation")
	case p.Provision && p.Name == "":
		return nil, cordon.Errorf(cordon.KindInvalid, "to add people, the provider needs the claim with their name")
	case len(p.Rules) > maxRules:
		return nil, cordon.Errorf(cordon.KindTooLarge, "a provider has at most %d rules", maxRules)
	}
	if d, err := time.ParseDuration(p.TokensFor); p.TokensFor != "" && (err != nil || d <= 0 || d > MaxTokensFor) {
		return nil, cordon.Errorf(cordon.KindInvalid, "tokensFor is %q: a time up to %s, such as 24h", p.TokensFor, MaxTokensFor)
	}
	for i, r := range p.Rules {
		if r.Claim == "" || r.Value == "" {
			return nil, cordon.Errorf(cordon.KindInvalid, "rule %d needs a claim and a value", i+1)
		}
	}
	if p.Subject == "" {
		p.Subject = "sub"
	}
	return &p, nil
}

// Check is Invalid, with the rule's number, where the provider names an
// organisation that is not there, or a rule a clearance, read-in, role or
// nationality that nobody can hold.
func (p *Provider) Check(ctx context.Context, base *act.Base) error {
	_, err := cordon.View(ctx, base.Store, func(tx cordon.ReadTx) (cordon.Organisation, error) {
		return tx.OrganisationByName(p.Organisation)
	})
	if err != nil {
		return cordon.InvalidIfAbsent(err, fmt.Sprintf("the provider's people are of the organisation %q, which is not there: add it, or name another", p.Organisation))
	}
	for i, r := range p.Rules {
		var person cordon.Person
		(&Provider{Rules: []ClaimRule{r}}).give(&person, map[string]any{r.Claim: r.Value, "email_verified": true})
		if err := people.Check(base, person); err != nil {
			return cordon.Errorf(cordon.KindInvalid, "rule %d of the provider: %s", i+1, err).Because(err)
		}
	}
	return nil
}

// give gives the person what the rules say of the claims, and nothing else.
func (p *Provider) give(person *cordon.Person, claims map[string]any) {
	person.Clearances, person.ReadIns, person.Roles, person.Nationality = nil, nil, nil, ""
	for _, r := range p.Rules {
		if !has(claims[r.Claim], r.Value) || !vouched(r.Claim, claims) {
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

// vouched reports whether the provider vouches for the claim. It says of an e-mail
// address whether it has verified that the address is the person's (OpenID Connect
// Core 1.0, section 5.1); one that it has not, anybody may have typed.
func vouched(claim string, claims map[string]any) bool {
	verified := claims["email_verified"]
	return claim != "email" || verified == true || verified == "true" // some providers send a string
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

// reached is the provider's configuration, fetched when it is first needed.
func (m *Methods) reached(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	if m.Provider == nil {
		return nil, nil, cordon.ErrNotFound
	}
	m.openID.mu.Lock()
	defer m.openID.mu.Unlock()
	if m.openID.provider == nil {
		p, err := oidc.NewProvider(ctx, m.Provider.Issuer)
		if err != nil {
			return nil, nil, unreachable(err)
		}
		m.openID.provider = p
	}
	return m.openID.provider, &oauth2.Config{
		ClientID: m.Provider.ClientID, ClientSecret: m.Provider.ClientSecret, Endpoint: m.openID.provider.Endpoint(),
		RedirectURL: m.Origin + CallbackPath, Scopes: append([]string{oidc.ScopeOpenID}, m.Provider.Scopes...),
	}, nil
}

func unreachable(err error) error {
	return cordon.Errorf(cordon.KindUnavailable, "the provider cannot be reached: try again, or sign in another way").Because(err)
}

// errand is what a browser carries, sealed, to the provider and back.
type errand struct {
	State, Nonce, Verifier string
	Until                  time.Time
}

const errandContext = "oidc: errand"

// BeginOIDC gives the provider's address to send a browser to, and the sealed
// state that the browser is to bring back with the answer. It is ErrNotFound
// where there is no provider.
func (m *Methods) BeginOIDC(ctx context.Context) (address, sealed string, err error) {
	ctx, cancel := context.WithTimeout(ctx, providerFor)
	defer cancel()
	_, config, err := m.reached(ctx)
	if err != nil {
		return "", "", err
	}
	e := errand{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Until: m.Clock.Now().Add(CeremonyFor)}
	text, err := json.Marshal(e)
	if err != nil {
		return "", "", cordon.Errorf(cordon.KindInternal, "the errand cannot be written").Because(err)
	}
	address = config.AuthCodeURL(e.State, oidc.Nonce(e.Nonce), oauth2.S256ChallengeOption(e.Verifier))
	return address, base64.RawURLEncoding.EncodeToString(m.Vault.SealRoot(errandContext, text)), nil
}

// WithOIDC signs in the person whom the provider names. By the rules, the
// provider's claims decide what they hold from the next request on. Every fault
// gets the same answer.
func (m *Methods) WithOIDC(ctx context.Context, sealed, state, code string) (Signed, error) {
	ctx, cancel := context.WithTimeout(ctx, providerFor)
	defer cancel()
	claims, err := m.claims(ctx, sealed, state, code)
	var subject, name string
	if err == nil {
		subject, _ = claims[m.Provider.Subject].(string)
		name, _ = claims[m.Provider.Name].(string)
		if subject == "" || len(subject) > cordon.MaxNameBytes {
			err = reader.ErrUnauthenticated.Because(fmt.Errorf("the claim %q is missing, empty or too long", m.Provider.Subject))
		} else if !vouched(m.Provider.Subject, claims) {
			err = reader.ErrUnauthenticated.Because(errors.New("the provider does not say that it has verified the e-mail address by which the person is known"))
		}
	}
	if cordon.KindOf(err) == cordon.KindUnauthenticated {
		err = act.Refuse(ctx, m.Anyone(), signingIn, refusal(err, "", cordon.CredentialOIDC))
	}
	if err != nil {
		return Signed{}, err
	}
	return m.noteSweep(act.Do(ctx, m.Anyone(), signingIn, func(s *act.Snapshot) (provided, error) {
		p, err := m.provided(s, subject, name, claims)
		return p, refusal(err, "", cordon.CredentialOIDC)
	}, func(c *act.Commit, p provided) (Signed, error) {
		if p.changed {
			if err := people.Put(c, p.person); err != nil {
				return Signed{}, err
			}
			if err := c.RecordOf(p.person.Org, cordon.Entry{Act: cordon.ActPerson, Subject: p.person.ID, Reasons: append(people.Changes(p.before, p.person), string(cordon.CredentialOIDC))}); err != nil {
				return Signed{}, err
			}
		}
		c, err := c.As(p.person.ID)
		if err != nil {
			return Signed{}, err
		}
		if p.fresh != nil {
			if err := c.Tx.PutCredential(*p.fresh); err != nil {
				return Signed{}, err
			}
			if err := c.Record(credentialEntry(p.person.ID, cordon.CredentialOIDC)); err != nil {
				return Signed{}, err
			}
		}
		return m.newSession(c, cordon.CredentialOIDC)
	}))
}

// claims are the provider's claims, verified: they are signed, meant for this
// installation, still good, and answer this browser's question.
func (m *Methods) claims(ctx context.Context, sealed, state, code string) (map[string]any, error) {
	var e errand
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(sealed) > maxCeremony || len(code) > maxCeremony {
		return nil, reader.ErrUnauthenticated
	}
	text, err := m.Vault.OpenRoot(errandContext, raw)
	if err != nil {
		return nil, reader.ErrUnauthenticated
	}
	if err := json.Unmarshal(text, &e); err != nil || !m.Clock.Now().Before(e.Until) || subtle.ConstantTimeCompare([]byte(e.State), []byte(state)) != 1 {
		return nil, reader.ErrUnauthenticated
	}
	provider, config, err := m.reached(ctx)
	if err != nil {
		return nil, err
	}
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(e.Verifier))
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && aboutUs(refused):
		return nil, cordon.Errorf(cordon.KindUnavailable, "the provider does not take this installation's credentials: sign in another way").
			Because(fmt.Errorf("the provider answered %d with the error %q %s", refused.Response.StatusCode, refused.ErrorCode, refused.ErrorDescription))
	case errors.As(err, &refused):
		return nil, reader.ErrUnauthenticated.Because(errors.New("the provider does not take the code that the browser brought"))
	case err != nil:
		return nil, unreachable(err)
	}
	given, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: m.Provider.ClientID, Now: m.Clock.Now}).Verify(ctx, given)
	if err != nil {
		return nil, reader.ErrUnauthenticated.Because(err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(e.Nonce)) != 1 {
		return nil, reader.ErrUnauthenticated.Because(errors.New("the id token's nonce is not the one that was asked with"))
	}
	claims := make(map[string]any)
	if m.Provider.UserInfo {
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

// provided is a person as the provider describes them.
type provided struct {
	person cordon.Person
	// changed says that the person is new or holds something else now, and so
	// is to be stored.
	changed bool
	before  cordon.Person
	// fresh is the credential of somebody new.
	fresh *cordon.Credential
}

// provided is the person of the subject, with what the claims give them. A new
// one is added where the provider provisions people.
func (m *Methods) provided(s *act.Snapshot, subject, name string, claims map[string]any) (provided, error) {
	org, err := s.Tx.OrganisationByName(m.Provider.Organisation)
	if cordon.KindOf(err) == cordon.KindNotFound {
		return provided{}, cordon.Errorf(cordon.KindInternal, "the provider's people belong to an organisation that is not there").Because(err)
	}
	if err != nil {
		return provided{}, err
	}
	handle := m.keyed("oidc", m.Provider.Issuer+"\x00"+subject)
	known, err := s.Tx.CredentialByHandle(cordon.CredentialOIDC, handle)
	if cordon.KindOf(err) == cordon.KindNotFound && m.Provider.Provision {
		p := provided{person: cordon.Person{ID: cordon.NewID(), Org: org.ID, Name: name}, changed: true}
		m.Provider.give(&p.person, claims)
		if p.person, err = people.Named(s, cordon.Person{}, p.person); cordon.KindOf(err) == cordon.KindConflict {
			err = reader.ErrUnauthenticated.Because(errors.New("somebody else has the name that the provider gives, or one that looks like it"))
		}
		if err != nil {
			return provided{}, err
		}
		p.fresh = &cordon.Credential{ID: cordon.NewID(), Person: p.person.ID, Kind: cordon.CredentialOIDC, Handle: handle, Created: s.Now}
		return p, m.seal(p.fresh, labelled{Label: m.Provider.Label})
	}
	if cordon.KindOf(err) == cordon.KindNotFound {
		err = reader.ErrUnauthenticated.Because(errors.New("nobody here is known by this subject, and the provider's file does not have people added (provision)"))
	}
	if err != nil {
		return provided{}, err
	}
	before, err := s.Tx.Person(known.Person)
	if err == nil && (before.Org != org.ID || before.Suspended) {
		err = reader.ErrUnauthenticated.Because(errors.New("the person is suspended, or of another organisation"))
	}
	if err != nil {
		return provided{}, err
	}
	p := provided{person: before}
	m.Provider.give(&p.person, claims)
	p.changed, p.before = !holdsTheSame(before, p.person), before
	return p, nil
}

func holdsTheSame(a, b cordon.Person) bool {
	return maps.Equal(a.Clearances, b.Clearances) && slices.Equal(a.ReadIns, b.ReadIns) && slices.Equal(a.Roles, b.Roles) && a.Nationality == b.Nationality
}
