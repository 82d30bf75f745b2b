// Package signin is how people show who they are: by password, passkey, an
// account at an OpenID provider or a client certificate, and the sessions that
// follow. What it keeps of a credential lies sealed, and is found by a hash.
//
// Whoever fails learns nothing but that he failed: a name that nobody has, a
// person without that credential, a suspended one and a wrong password are one
// and the same answer, after the same work.
package signin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
)

// Service is the use-cases on what they work with. It is safe for concurrent
// use.
type Service struct {
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

// Config is what a Service works with.
type Config struct {
	Store  cordon.Store
	Vault  *vault.Vault
	Rules  *reader.RuleCache
	People *act.Base
	Clock  cordon.Clock
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

// New makes a Service. An origin that is none is Invalid.
func New(c Config) (*Service, error) {
	if c.Cost == (Cost{}) {
		c.Cost = DefaultCost
	}
	relying, err := relyingParty(c.Origin)
	if err != nil {
		return nil, err
	}
	return &Service{
		Config: c, relying: relying, key: c.Vault.Subkey("sign-in"),
		slots: make(chan struct{}, min(maxSlots, runtime.GOMAXPROCS(0))),
		dummy: nobodys(c.Cost),
	}, nil
}

// keyed is a hash under a key of the installation: what is hashed cannot be
// found by trying.
func (s *Service) keyed(purpose, text string) []byte {
	h := hmac.New(sha256.New, s.key[:])
	h.Write([]byte(purpose + "\x00" + text))
	return h.Sum(nil)
}

// seal puts what is kept of a credential into it, bound to its id and person.
func (s *Service) seal(c *cordon.Credential, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return cordon.Errorf(cordon.Internal, "a credential cannot be kept").Because(err)
	}
	c.Body = s.Vault.SealRoot(bodyContext(c), text)
	return nil
}

func (s *Service) open(c *cordon.Credential, body any) error {
	text, err := s.Vault.OpenRoot(bodyContext(c), c.Body)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, body); err != nil {
		return cordon.Errorf(cordon.Internal, "a kept credential is not in the form it was sealed in").Because(err)
	}
	return nil
}

func bodyContext(c *cordon.Credential) string {
	return "credential\x00" + string(c.Kind) + "\x00" + string(c.ID) + "\x00" + string(c.Person)
}

// find is the person of a name as one signs in by it, ORG/Name. For a name that
// nobody has it asks the store the same and is ErrNotFound.
func find(tx cordon.ReadTx, name string) (cordon.Person, error) {
	orgName, personName, _ := strings.Cut(name, "/")
	org, err := tx.OrganisationByName(orgName)
	if err != nil && cordon.KindOf(err) != cordon.NotFound {
		return cordon.Person{}, err
	}
	return tx.PersonByName(org.ID, personName)
}

// record is the ledger's entry, in the installation's own feed.
func (s *Service) record(tx cordon.WriteTx, now time.Time, by cordon.Person, act cordon.Act, outcome cordon.Outcome, subject cordon.ID, reasons ...string) error {
	return ledger.Append(tx, cordon.Entry{
		ID: cordon.NewID(), At: now, Actor: by.ID, ActorOrg: by.Org, Act: act, Outcome: outcome, Subject: subject, Reasons: reasons,
	})
}

// sweepEvery is how often what has ended is cleared away, at most.
const sweepEvery = time.Hour

// sweep clears away, now and then, what has ended: sessions, enrolments,
// failures of more than a day ago.
func (s *Service) sweep(tx cordon.WriteTx, now time.Time) error {
	last := s.swept.Load()
	if now.Unix()-last < int64(sweepEvery/time.Second) || !s.swept.CompareAndSwap(last, now.Unix()) {
		return nil
	}
	return tx.Sweep(now.Add(-forgetAfter))
}
