package wire

import (
	"time"

	"cordon"
)

// TokenDraft is a token to be made.
type TokenDraft struct {
	OfPerson
	Label string `json:"label,omitempty"`
	// Scopes are the parts of its person's powers that it has; all those of
	// the token or session it is made with where it is left out. An empty
	// list is refused.
	Scopes cordon.Scopes `json:"scopes,omitempty"`
	// Expires is the zero time for a token without an end, or with that of
	// the token it is made with. One that is past is refused.
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

// TokenInfo is a token as it is kept, without its secret.
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

// Credentials are those of somebody who wants to sign in.
type Credentials struct {
	// Name is ORG/Name.
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

// SessionInfo is a session as it is kept, without its secret.
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

// EnrolmentUse sets the password of the person whom the enrolment is for.
type EnrolmentUse struct {
	Secret   string `json:"secret"`
	Password string `json:"password"`
}

// PasswordChange is one's old password and the new one.
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
	OfPerson
	Mapping string `json:"mapping"`
}

// PersonPage asks for a page of a list of things of one person.
type PersonPage struct {
	OfPerson
	Page
}

// PersonToken names a token of a person's.
type PersonToken struct {
	OfPerson
	// Token is the id of one.
	Token cordon.ID `path:"token" json:"-"`
}

// PersonSession names a session of a person's.
type PersonSession struct {
	OfPerson
	// Session is the id of one.
	Session cordon.ID `path:"session" json:"-"`
}

// PersonCredential names a way in which a person can sign in.
type PersonCredential struct {
	OfPerson
	// Credential is the id of one.
	Credential cordon.ID `path:"credential" json:"-"`
}

var (
	exampleScopes  = cordon.Scopes{cordon.ScopeRead, cordon.ScopeWrite}
	exampleSession = Session{ID: exampleOther, Person: exampleNoor, Secret: "cordon_session_…", Expires: exampleLater}
	exampleKey     = Credential{ID: exampleOther, Kind: cordon.CredentialCertificate, Label: "dn:CN=noor,O=BRIAR", Created: exampleTime}
)

// NewToken makes a token for oneself or, as an administrator, for a program's
// account of one's organisation; nobody makes one for somebody else. It is shown
// once: asked again under the same key, the answer is a conflict. A token
// makes none that can do more than it can or lives longer.
var NewToken = Operation[TokenDraft, Token]{
	Name: "newToken", Pattern: "POST /api/v1/people/{person}/tokens", Tag: "sign-in", Scope: Any, Repeat: ShownOnce,
	Makes:   true,
	Example: TokenDraft{OfPerson: OfPerson{"noor"}, Label: "nightly import", Scopes: exampleScopes, Expires: exampleLater},
	Answer: Token{
		ID: exampleOther, Person: exampleNoor, Token: "cordon_…", Label: "nightly import", Scopes: exampleScopes, Expires: exampleLater,
	},
}

// ListTokens lists a person's tokens, newest first: one's own or, as an
// administrator, those of somebody of one's organisation.
var ListTokens = Operation[PersonPage, List[TokenInfo]]{
	Name: "listTokens", Pattern: "GET /api/v1/people/{person}/tokens", Tag: "sign-in", Scope: Any,
	Example: PersonPage{OfPerson: OfPerson{"noor"}},
	Answer: List[TokenInfo]{Items: []TokenInfo{
		{ID: exampleOther, Label: "nightly import", Scopes: exampleScopes, Created: exampleTime, Expires: exampleLater},
	}},
}

// RevokeToken ends a token, and all that were made with it.
var RevokeToken = Operation[PersonToken, Done]{
	Name: "revokeToken", Pattern: "DELETE /api/v1/people/{person}/tokens/{token}", Tag: "sign-in",
	Scope: Any, Repeat: AnsweredAgain,
	Example: PersonToken{OfPerson{"noor"}, exampleOther},
}

// SignIn signs in with a password. Whichever of name and password is wrong, the answer
// is the same; after too many failures it says when to try again.
var SignIn = Operation[Credentials, Session]{
	Name: "signIn", Pattern: "POST /api/v1/sessions", Tag: "sign-in", Scope: Open,
	Errors:  []cordon.Kind{cordon.KindUnauthenticated},
	Makes:   true,
	Example: Credentials{Name: "BRIAR/noor", Password: "correct horse battery staple"}, Answer: exampleSession,
}

// SignOut ends the session that asks.
var SignOut = Operation[None, Done]{
	Name: "signOut", Pattern: "DELETE /api/v1/session", Tag: "sign-in", Scope: Every, Repeat: AnsweredAgain,
	Errors: []cordon.Kind{cordon.KindNotFound},
}

// ListSessions lists a person's live sessions, newest first: one's own or, as an
// administrator, those of somebody of one's organisation.
var ListSessions = Operation[PersonPage, List[SessionInfo]]{
	Name: "listSessions", Pattern: "GET /api/v1/people/{person}/sessions", Tag: "sign-in", Scope: Every,
	Example: PersonPage{OfPerson: OfPerson{"noor"}},
	Answer: List[SessionInfo]{Items: []SessionInfo{
		{ID: exampleOther, By: cordon.CredentialPassword, Created: exampleTime, Used: exampleTime, Expires: exampleLater, Current: true},
	}},
}

// EndSession ends a session, from the next request on.
var EndSession = Operation[PersonSession, Done]{
	Name: "endSession", Pattern: "DELETE /api/v1/people/{person}/sessions/{session}", Tag: "sign-in",
	Scope: Every, Repeat: AnsweredAgain,
	Example: PersonSession{OfPerson{"noor"}, exampleOther},
}

// Enrol gives a person a way in, once. Its secret is shown once. It takes an
// administrator of their organisation.
var Enrol = Operation[OfPerson, Enrolment]{
	Name: "enrol", Pattern: "POST /api/v1/people/{person}/enrolments", Tag: "sign-in",
	Scope: cordon.ScopeAdminister, Repeat: ShownOnce,
	Example: OfPerson{"BRIAR/noor"}, Answer: Enrolment{Person: Named{ID: exampleNoor.ID}, Secret: "cordon_enrol_…", Expires: exampleLater},
}

// UseEnrolment sets a password by an enrolment, and signs in.
var UseEnrolment = Operation[EnrolmentUse, Session]{
	Name: "useEnrolment", Pattern: "POST /api/v1/enrolments", Tag: "sign-in", Scope: Open,
	Errors:  []cordon.Kind{cordon.KindUnauthenticated},
	Makes:   true,
	Example: EnrolmentUse{Secret: "cordon_enrol_…", Password: "correct horse battery staple"}, Answer: exampleSession,
}

// ChangePassword gives one a new password, and ends one's other sessions.
var ChangePassword = Operation[PasswordChange, Done]{
	Name: "changePassword", Pattern: "PUT /api/v1/password", Tag: "sign-in", Scope: Every, Repeat: AnsweredAgain,
	Errors:  []cordon.Kind{cordon.KindNotFound},
	Example: PasswordChange{Old: "correct horse battery staple", New: "another horse in another stable"},
}

// ListCredentials lists how a person can sign in: oneself or, as an
// administrator, somebody of one's organisation.
var ListCredentials = Operation[OfPerson, List[Credential]]{
	Name: "listCredentials", Pattern: "GET /api/v1/people/{person}/credentials", Tag: "sign-in", Scope: Every,
	Example: OfPerson{"noor"}, Answer: List[Credential]{Items: []Credential{exampleKey}},
}

// AddCertificate lets the holder of such a client certificate be the person. It
// takes an administrator of their organisation.
var AddCertificate = Operation[CertificateDraft, Credential]{
	Name: "addCertificate", Pattern: "POST /api/v1/people/{person}/certificates", Tag: "sign-in",
	Scope: cordon.ScopeAdminister, Repeat: AnsweredAgain,
	Makes:   true,
	Example: CertificateDraft{OfPerson{"BRIAR/noor"}, "dn:CN=noor,O=BRIAR"}, Answer: exampleKey,
}

// DropCredential takes a way to sign in away, and with it the person's
// sessions, except the one that does it.
var DropCredential = Operation[PersonCredential, Done]{
	Name: "dropCredential", Pattern: "DELETE /api/v1/people/{person}/credentials/{credential}", Tag: "sign-in",
	Scope: Every, Repeat: AnsweredAgain,
	Example: PersonCredential{OfPerson{"noor"}, exampleOther},
}
