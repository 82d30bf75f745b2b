// Package signin lets people show who they are: by password, passkey, an
// account at an OpenID provider or a client certificate, and by the sessions
// that follow. The part of a credential that is kept lies sealed, and is found
// by a hash.
//
// Those who fail learn nothing but that they failed: a name that nobody has, a
// person without that credential, a suspended one and a wrong password are one
// and the same answer, after the same work.
package signin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/names"
)

// Methods are the ways to sign in to one installation. They are safe for
// concurrent use.
type Methods struct {
	*act.Base
	Config
	key [32]byte // of the keyed hashes
	// slots bounds how many passwords are hashed at a time, each of which
	// takes much memory.
	slots   chan struct{}
	dummy   hashed
	relying *webauthn.WebAuthn
	openID  openID
	swept   atomic.Int64 // when sweep was last run here, in Unix seconds
}

// Config configures the methods.
type Config struct {
	// Cost is what hashing a password takes; DefaultCost where it is zero.
	// Passwords kept with another stay as they are until they are changed.
	Cost Cost
	// Origin is where browsers find this installation: https://cordon.example.
	// Passkeys belong to it; http is for localhost alone.
	Origin string
	// Provider is the OpenID provider whose people may sign in; none if nil.
	Provider *Provider
}

// maxSlots bounds the passwords that are hashed at a time, in memory and in
// processors that others wait for.
const maxSlots = 4

// New makes the methods of the installation. An origin that is none is Invalid.
func New(base *act.Base, c Config) (*Methods, error) {
	if c.Cost == (Cost{}) {
		c.Cost = DefaultCost
	}
	relying, err := relyingParty(c.Origin)
	if err != nil {
		return nil, err
	}
	return &Methods{
		Base: base, Config: c, relying: relying, key: base.Vault.Subkey("sign-in"),
		slots: make(chan struct{}, min(maxSlots, runtime.GOMAXPROCS(0))),
		dummy: nobodys(c.Cost),
	}, nil
}

// keyed is a hash under a key of the installation, so that its input cannot be
// found by trying.
func (m *Methods) keyed(purpose, text string) []byte {
	h := hmac.New(sha256.New, m.key[:])
	h.Write([]byte(purpose + "\x00" + text))
	return h.Sum(nil)
}

// seal puts what is kept of a credential into it, bound to its id and person.
func (m *Methods) seal(c *cordon.Credential, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return cordon.Errorf(cordon.KindInternal, "a credential cannot be kept").Because(err)
	}
	c.Body = m.Vault.SealRoot(bodyContext(c), text)
	return nil
}

func (m *Methods) open(c *cordon.Credential, body any) error {
	text, err := m.Vault.OpenRoot(bodyContext(c), c.Body)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, body); err != nil {
		return cordon.Errorf(cordon.KindInternal, "a kept credential is not in the form it was sealed in").Because(err)
	}
	return nil
}

func bodyContext(c *cordon.Credential) string {
	return "credential\x00" + string(c.Kind) + "\x00" + string(c.ID) + "\x00" + string(c.Person)
}

// find is the person of a sign-in name, ORG/Name. For a name that nobody has it
// asks the store the same questions and is ErrNotFound.
func find(tx cordon.ReadTx, name string) (cordon.Person, error) {
	orgName, personName, _ := strings.Cut(name, "/")
	org, err := names.Find(orgName, tx.OrganisationByName)
	if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
		return cordon.Person{}, err
	}
	return names.Find(personName, func(name string) (cordon.Person, error) { return tx.PersonByName(org.ID, name) })
}

// signingIn is the deed of those who sign in.
var signingIn = act.ByAnyone(cordon.ActSignIn)

// refusal turns the error of credentials that do not hold into one that is
// recorded with the person whose credentials they would be, if there is one,
// and with their kind. Any other error stays as it is.
func refusal(err error, person cordon.ID, kind cordon.CredentialKind) error {
	answer := (*cordon.Error)(nil)
	if !errors.As(err, &answer) || answer.Kind != cordon.KindUnauthenticated {
		return err
	}
	return &act.Refusal{Answer: answer, Subject: person, Reasons: []string{string(kind)}}
}

// credentialEntry is the ledger entry of a person's credential that was added,
// used up or removed.
func credentialEntry(person cordon.ID, kind cordon.CredentialKind) cordon.Entry {
	return cordon.Entry{Act: cordon.ActCredential, Subject: person, Reasons: []string{string(kind)}}
}

// sweepEvery is how often, at most, ended records are cleared away.
const sweepEvery = time.Hour

func (m *Methods) sweepDue(now time.Time) bool {
	return now.Unix()-m.swept.Load() >= int64(sweepEvery/time.Second)
}

// sweep clears away ended sessions and enrolments, and failures of more than a
// day ago.
func (m *Methods) sweep(c *act.Commit) error {
	if !m.sweepDue(c.Now) {
		return nil
	}
	return c.Tx.Sweep(c.Now.Add(-forgetAfter))
}

// noteSweep notes the sweep of a sign-in that is on disk.
func (m *Methods) noteSweep(out Signed, err error) (Signed, error) {
	if err == nil && m.sweepDue(out.Session.Created) {
		m.swept.Store(out.Session.Created.Unix())
	}
	return out, err
}
