package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// NewToken makes a token for oneself or, as an administrator, for a program's
// account. The token is shown once: asked again under the same key, the answer is a
// Conflict. A token makes none that can do more than it can or lives longer.
func (c *Client) NewToken(ctx context.Context, person string, draft wire.TokenDraft) (wire.Token, error) {
	draft.Person = person
	return do(ctx, c, wire.NewToken, draft)
}

// Tokens lists a person's tokens, newest first: one's own or, as an administrator,
// those of somebody of one's organisation.
func (c *Client) Tokens(ctx context.Context, person string, page wire.Page) (wire.List[wire.TokenInfo], error) {
	return do(ctx, c, wire.ListTokens, wire.PersonPage{OfPerson: wire.OfPerson{Person: person}, Page: page})
}

// RevokeToken ends a token, and all that were made with it.
func (c *Client) RevokeToken(ctx context.Context, person string, token cordon.ID) error {
	_, err := do(ctx, c, wire.RevokeToken, wire.PersonToken{OfPerson: wire.OfPerson{Person: person}, Token: token})
	return err
}

// SignIn signs in with a password. An error is Unauthenticated, whichever of
// the two is wrong; after too many failures it is TooMany.
func (c *Client) SignIn(ctx context.Context, in wire.Credentials) (wire.Session, error) {
	return do(ctx, c, wire.SignIn, in)
}

// SignOut ends the session that the client acts by.
func (c *Client) SignOut(ctx context.Context) error {
	_, err := do(ctx, c, wire.SignOut, wire.None{})
	return err
}

// Sessions lists a person's live sessions, newest first: one's own or, as an
// administrator, those of somebody of one's organisation.
func (c *Client) Sessions(ctx context.Context, person string, page wire.Page) (wire.List[wire.SessionInfo], error) {
	return do(ctx, c, wire.ListSessions, wire.PersonPage{OfPerson: wire.OfPerson{Person: person}, Page: page})
}

// EndSession ends one, from the next request on.
func (c *Client) EndSession(ctx context.Context, person string, session cordon.ID) error {
	_, err := do(ctx, c, wire.EndSession, wire.PersonSession{OfPerson: wire.OfPerson{Person: person}, Session: session})
	return err
}

// Enrol gives a person a way in. It takes an administrator of their organisation.
func (c *Client) Enrol(ctx context.Context, person string) (wire.Enrolment, error) {
	return do(ctx, c, wire.Enrol, wire.OfPerson{Person: person})
}

// UseEnrolment sets a password by an enrolment, and signs in.
func (c *Client) UseEnrolment(ctx context.Context, use wire.EnrolmentUse) (wire.Session, error) {
	return do(ctx, c, wire.UseEnrolment, use)
}

// ChangePassword gives one a new password, and ends one's other sessions.
func (c *Client) ChangePassword(ctx context.Context, change wire.PasswordChange) error {
	_, err := do(ctx, c, wire.ChangePassword, change)
	return err
}

// Credentials lists how a person can sign in: oneself or, as an
// administrator, somebody of one's organisation.
func (c *Client) Credentials(ctx context.Context, person string) ([]wire.Credential, error) {
	out, err := do(ctx, c, wire.ListCredentials, wire.OfPerson{Person: person})
	return out.Items, err
}

// DropCredential takes one away, and with it the person's sessions, except the
// one that does it.
func (c *Client) DropCredential(ctx context.Context, person string, credential cordon.ID) error {
	_, err := do(ctx, c, wire.DropCredential, wire.PersonCredential{OfPerson: wire.OfPerson{Person: person}, Credential: credential})
	return err
}

// AddCertificate lets the holder of such a certificate be the person. It
// takes an administrator of their organisation.
func (c *Client) AddCertificate(ctx context.Context, person string, draft wire.CertificateDraft) (wire.Credential, error) {
	draft.Person = person
	return do(ctx, c, wire.AddCertificate, draft)
}
