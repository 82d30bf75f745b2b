package client

import (
	"context"
	"net/http"
	"time"

	"cordon"
)

// TokenDraft is a token to be made.
type TokenDraft struct {
	Label string `json:"label,omitempty"`
	// Scopes are what it may do of what its person may; all that the token
	// or session it is made with may where it is left out.
	Scopes cordon.Scopes `json:"scopes,omitempty"`
	// Expires is the zero time for a token without an end, or with that of
	// the token it is made with.
	Expires time.Time `json:"expires,omitzero"`
}

// Token is a token as it is shown, once.
type Token struct {
	ID     cordon.ID     `json:"id"`
	Person Named         `json:"person"`
	Token  string        `json:"token"`
	Label  string        `json:"label,omitempty"`
	Scopes cordon.Scopes `json:"scopes"`
	// Expires is the zero time for a token without an end.
	Expires time.Time `json:"expires,omitzero"`
}

// TokenInfo is what is kept of a token.
type TokenInfo struct {
	ID      cordon.ID     `json:"id"`
	Label   string        `json:"label,omitempty"`
	Scopes  cordon.Scopes `json:"scopes"`
	Created time.Time     `json:"created"`
	// Expires is the zero time for a token without an end.
	Expires time.Time `json:"expires,omitzero"`
	Revoked bool      `json:"revoked,omitempty"`
	// MadeWith is the token it was made with, with which it is revoked.
	MadeWith cordon.ID `json:"madeWith,omitempty"`
	// Current says that it is the one that asks.
	Current bool `json:"current,omitempty"`
}

// SignIn is who wants to sign in, as ORG/Name, and his password.
type SignIn struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

// Session is a session as it is shown, once. Its secret is used like a token.
type Session struct {
	ID      cordon.ID `json:"id"`
	Person  Named     `json:"person"`
	Secret  string    `json:"secret"`
	Expires time.Time `json:"expires"`
}

// SessionInfo is what is kept of a session.
type SessionInfo struct {
	ID cordon.ID `json:"id"`
	// By is how the person signed in.
	By      cordon.CredentialKind `json:"by"`
	Created time.Time             `json:"created"`
	// Used is when it was last used, to within some minutes.
	Used    time.Time `json:"used"`
	Expires time.Time `json:"expires"`
	// Current says that it is the one that asks.
	Current bool `json:"current,omitempty"`
}

// Enrolment lets the person set a password, or add a passkey, once.
type Enrolment struct {
	Person  Named     `json:"person"`
	Secret  string    `json:"secret"`
	Expires time.Time `json:"expires"`
}

// EnrolmentUse sets the password of whoever the enrolment is for.
type EnrolmentUse struct {
	Secret   string `json:"secret"`
	Password string `json:"password"`
}

// PasswordChange is one's old password and the one to have from now on.
type PasswordChange struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// Credential is a way in which a person can sign in.
type Credential struct {
	ID      cordon.ID             `json:"id"`
	Kind    cordon.CredentialKind `json:"kind"`
	Label   string                `json:"label,omitempty"`
	Created time.Time             `json:"created"`
}

// CertificateDraft says what of a client certificate stands for a person:
// sha256:HEX, dn:SUBJECT, uri:…, email:… or dns:….
type CertificateDraft struct {
	Mapping string `json:"mapping"`
}

// NewToken makes a token for oneself, or for anybody as an administrator. The
// token is shown once: asked again under the same key, the answer is a
// Conflict. A token makes none that can do more than it can or lives longer.
func (c *Client) NewToken(ctx context.Context, person string, draft TokenDraft) (Token, error) {
	var out Token
	err := c.post(ctx, path("people", person, "tokens"), draft, &out)
	return out, err
}

// Tokens lists a person's tokens, newest first: one's own, or anybody's as an
// administrator.
func (c *Client) Tokens(ctx context.Context, person string, page Page) (List[TokenInfo], error) {
	var out List[TokenInfo]
	err := c.get(ctx, path("people", person, "tokens"), page.query(), &out)
	return out, err
}

// RevokeToken ends one, and all that were made with it.
func (c *Client) RevokeToken(ctx context.Context, person string, token cordon.ID) error {
	return c.send(ctx, http.MethodDelete, path("people", person, "tokens", string(token)), nil, nil)
}

// SignIn signs in with a password. Whatever is wrong is Unauthenticated; after
// too many failures, TooMany.
func (c *Client) SignIn(ctx context.Context, in SignIn) (Session, error) {
	var out Session
	err := c.post(ctx, path("sessions"), in, &out)
	return out, err
}

// SignOut ends the session that the client acts by.
func (c *Client) SignOut(ctx context.Context) error {
	return c.send(ctx, http.MethodDelete, path("session"), nil, nil)
}

// Sessions lists a person's live sessions, newest first: one's own, or
// anybody's as an administrator.
func (c *Client) Sessions(ctx context.Context, person string, page Page) (List[SessionInfo], error) {
	var out List[SessionInfo]
	err := c.get(ctx, path("people", person, "sessions"), page.query(), &out)
	return out, err
}

// EndSession ends one, from the next request on.
func (c *Client) EndSession(ctx context.Context, person string, session cordon.ID) error {
	return c.send(ctx, http.MethodDelete, path("people", person, "sessions", string(session)), nil, nil)
}

// Enrol gives a person a way in. It takes an administrator.
func (c *Client) Enrol(ctx context.Context, person string) (Enrolment, error) {
	var out Enrolment
	err := c.post(ctx, path("people", person, "enrolments"), nil, &out)
	return out, err
}

// UseEnrolment sets a password by an enrolment, and signs in.
func (c *Client) UseEnrolment(ctx context.Context, use EnrolmentUse) (Session, error) {
	var out Session
	err := c.post(ctx, path("enrolments"), use, &out)
	return out, err
}

// ChangePassword gives one a new password, and ends one's other sessions.
func (c *Client) ChangePassword(ctx context.Context, change PasswordChange) error {
	return c.send(ctx, http.MethodPut, path("password"), change, nil)
}

// Credentials lists how a person can sign in: oneself, or as an administrator
// anybody.
func (c *Client) Credentials(ctx context.Context, person string) ([]Credential, error) {
	var out List[Credential]
	err := c.get(ctx, path("people", person, "credentials"), nil, &out)
	return out.Items, err
}

// DropCredential takes one away, and with it the person's sessions, except the
// one that does it.
func (c *Client) DropCredential(ctx context.Context, person string, credential cordon.ID) error {
	return c.send(ctx, http.MethodDelete, path("people", person, "credentials", string(credential)), nil, nil)
}

// AddCertificate lets whoever shows such a certificate be the person. It takes
// an administrator.
func (c *Client) AddCertificate(ctx context.Context, person string, draft CertificateDraft) (Credential, error) {
	var out Credential
	err := c.post(ctx, path("people", person, "certificates"), draft, &out)
	return out, err
}
