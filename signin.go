package cordon

import (
	"slices"
	"time"
)

// Scope is a part of a person's powers to which a token can be held. It gives
// nothing that the person's roles do not.
type Scope string

// The scopes.
const (
	// ScopeRead lists, opens, searches, checks and scans.
	ScopeRead Scope = "read"
	// ScopeWrite publishes and derives, and keeps facts and registries.
	ScopeWrite Scope = "write"
	// ScopeRelease agrees arrangements, and asks for, decides and revokes
	// releases.
	ScopeRelease Scope = "release"
	// ScopeContain works on incidents, the public record and custody.
	ScopeContain Scope = "contain"
	// ScopeAudit reads and verifies the ledger.
	ScopeAudit Scope = "audit"
	// ScopeAdminister keeps people and how they sign in, and organisations.
	ScopeAdminister Scope = "administer"
)

// Scopes is a set of scopes.
type Scopes []Scope

// AllScopes lists every scope: all that a person may do.
func AllScopes() Scopes {
	return Scopes{ScopeRead, ScopeWrite, ScopeRelease, ScopeContain, ScopeAudit, ScopeAdminister}
}

// Cover reports whether each of the others is among the scopes.
func (s Scopes) Cover(others ...Scope) bool {
	for _, o := range others {
		if !slices.Contains(s, o) {
			return false
		}
	}
	return true
}

// Principal is what a request was let in by: whose it is, and how much of what
// they may do.
type Principal struct {
	Person ID
	// Token and Session are the id of what was shown, where it was one.
	Token   ID
	Session ID
	Scopes  Scopes
	// Expires is when it ends at the latest; the zero time for no end.
	Expires time.Time
	// Local says that they work on the data itself, with the root key, and so
	// may do all that an operator and every organisation's administrators may.
	Local bool
	// TokensUntil is when a token that it makes ends at the latest; the zero
	// time for no end. It is set where somebody's standing elsewhere is known
	// for a time only, as after a sign-in by an OpenID provider.
	TokensUntil time.Time
}

// Session is a person signed in. Only the hash of its secret is stored. An
// ended one is not kept; the ledger is the record.
type Session struct {
	ID     ID
	Person ID
	// Hash is the SHA-256 of the secret's 256 random bits.
	Hash [32]byte
	// By is how the person showed who they are.
	By      CredentialKind
	Created time.Time
	// Used is when it was last seen in use, to within some minutes.
	Used time.Time
	// Expires is when it ends however much it is used.
	Expires time.Time
}

// CredentialKind is the closed set of ways in which people show who they are.
type CredentialKind string

// The kinds.
const (
	CredentialPassword CredentialKind = "password"
	// CredentialPasskey is a WebAuthn credential.
	CredentialPasskey CredentialKind = "passkey"
	// CredentialOIDC is an account at an OpenID provider.
	CredentialOIDC CredentialKind = "oidc"
	// CredentialCertificate is a client certificate, or what it says of its
	// holder.
	CredentialCertificate CredentialKind = "certificate"
	// CredentialEnrolment is a secret that is good once, for setting a password or
	// adding a passkey.
	CredentialEnrolment CredentialKind = "enrolment"
)

// Credential is one way in which one person can show who they are.
type Credential struct {
	ID     ID
	Person ID
	Kind   CredentialKind
	// Handle is the key by which it is looked up: a hash, or a keyed one
	// where the hashed value could be guessed. No two credentials of a kind
	// have the same.
	Handle []byte
	// Body is the rest, sealed under the root key.
	Body    Sealed
	Created time.Time
}

// Attempts counts failures to sign in under one key, which is a keyed hash: of
// a name, whether or not anybody is called so, or of where they came from.
type Attempts struct {
	Key      []byte
	Failures int
	// At is the time of the last failure. No other attempt is heard before
	// Until.
	At    time.Time
	Until time.Time
}
