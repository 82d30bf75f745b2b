package client

import (
	"context"
	"net/http"

	"cordon"
	"cordon/wire"
)

// NewToken makes a token for oneself, or for anybody as an administrator. The
// token is shown once: asked again under the same key, the answer is a
// Conflict. A token makes none that can do more than it can or lives longer.
func (c *Client) NewToken(ctx context.Context, person string, draft wire.TokenDraft) (wire.Token, error) {
	var out wire.Token
	err := c.post(ctx, path("people", person, "tokens"), draft, &out)
	return out, err
}

// Tokens lists a person's tokens, newest first: one's own, or anybody's as an
// administrator.
func (c *Client) Tokens(ctx context.Context, person string, page Page) (wire.List[wire.TokenInfo], error) {
	var out wire.List[wire.TokenInfo]
	err := c.get(ctx, path("people", person, "tokens"), page.query(), &out)
	return out, err
}

// RevokeToken ends one, and all that were made with it.
func (c *Client) RevokeToken(ctx context.Context, person string, token cordon.ID) error {
	return c.send(ctx, http.MethodDelete, path("people", person, "tokens", string(token)), nil, nil)
}

// SignIn signs in with a password. Whatever is wrong is Unauthenticated; after
// too many failures, TooMany.
func (c *Client) SignIn(ctx context.Context, in wire.SignIn) (wire.Session, error) {
	var out wire.Session
	err := c.post(ctx, path("sessions"), in, &out)
	return out, err
}

// SignOut ends the session that the client acts by.
func (c *Client) SignOut(ctx context.Context) error {
	return c.send(ctx, http.MethodDelete, path("session"), nil, nil)
}

// Sessions lists a person's live sessions, newest first: one's own, or
// anybody's as an administrator.
func (c *Client) Sessions(ctx context.Context, person string, page Page) (wire.List[wire.SessionInfo], error) {
	var out wire.List[wire.SessionInfo]
	err := c.get(ctx, path("people", person, "sessions"), page.query(), &out)
	return out, err
}

// EndSession ends one, from the next request on.
func (c *Client) EndSession(ctx context.Context, person string, session cordon.ID) error {
	return c.send(ctx, http.MethodDelete, path("people", person, "sessions", string(session)), nil, nil)
}

// Enrol gives a person a way in. It takes an administrator.
func (c *Client) Enrol(ctx context.Context, person string) (wire.Enrolment, error) {
	var out wire.Enrolment
	err := c.post(ctx, path("people", person, "enrolments"), nil, &out)
	return out, err
}

// UseEnrolment sets a password by an enrolment, and signs in.
func (c *Client) UseEnrolment(ctx context.Context, use wire.EnrolmentUse) (wire.Session, error) {
	var out wire.Session
	err := c.post(ctx, path("enrolments"), use, &out)
	return out, err
}

// ChangePassword gives one a new password, and ends one's other sessions.
func (c *Client) ChangePassword(ctx context.Context, change wire.PasswordChange) error {
	return c.send(ctx, http.MethodPut, path("password"), change, nil)
}

// Credentials lists how a person can sign in: oneself, or as an administrator
// anybody.
func (c *Client) Credentials(ctx context.Context, person string) ([]wire.Credential, error) {
	var out wire.List[wire.Credential]
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
func (c *Client) AddCertificate(ctx context.Context, person string, draft wire.CertificateDraft) (wire.Credential, error) {
	var out wire.Credential
	err := c.post(ctx, path("people", person, "certificates"), draft, &out)
	return out, err
}
