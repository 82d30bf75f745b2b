package wire

import (
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
