package signin

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"cordon"
	"cordon/internal/core/reader"
)

const (
	// CeremonyFor is how long a person has for his passkey.
	CeremonyFor = 5 * time.Minute
	// maxCeremony bounds what a browser sends of one.
	maxCeremony = 64 << 10
	// maxPasskeys bounds the passkeys of one person.
	maxPasskeys = 32
)

// Ceremony is what a browser is given to ask a passkey for: the options, as
// JSON, and a state that it gives back with the answer. The state is sealed and
// says all there is to know, so that any node can finish what another began.
type Ceremony struct {
	Options json.RawMessage `json:"options"`
	State   string          `json:"state"`
}

// ceremony is what is sealed in a state.
type ceremony struct {
	Session webauthn.SessionData
	// Person and Enrolment are whose passkey it is to be, and the enrolment
	// by which, where one is added.
	Person    cordon.ID `json:",omitempty"`
	Enrolment cordon.ID `json:",omitempty"`
	Until     time.Time
}

const (
	signingIn = "passkey: sign in"
	adding    = "passkey: add"
)

// passkey is the body of a passkey's credential.
type passkey struct {
	Label      string
	Credential webauthn.Credential
}

// relyingParty makes what speaks WebAuthn for the origin. Every passkey names
// its person, and is used only by whoever it knows: by touch, face or PIN.
func relyingParty(origin string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" || u.Path != "" || u.RawQuery != "" || u.User != nil ||
		u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "localhost") {
		return nil, cordon.Errorf(cordon.Invalid, "the origin %q is none: write what a browser shows, https://cordon.example", origin)
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Cordon", RPOrigins: []string{origin}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, cordon.Errorf(cordon.Invalid, "passkeys cannot be used at the origin %q", origin).Because(err)
	}
	return w, nil
}

// holder is a person as the library wants him.
type holder struct {
	handle   []byte
	name     string
	passkeys []webauthn.Credential
}

func (h *holder) WebAuthnID() []byte                         { return h.handle }
func (h *holder) WebAuthnName() string                       { return h.name }
func (h *holder) WebAuthnDisplayName() string                { return h.name }
func (h *holder) WebAuthnCredentials() []webauthn.Credential { return h.passkeys }

// holderOf is the person with his passkeys. His handle is a keyed hash: what
// lies in a passkey names nobody elsewhere.
func (s *Service) holderOf(tx cordon.ReadTx, view *reader.View) (*holder, error) {
	p := view.Actor.Person
	h := &holder{handle: s.keyed("passkeys of", string(p.ID)), name: view.Actor.Org.Name + "/" + p.Name}
	all, err := tx.Credentials(p.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Kind != cordon.Passkey {
			continue
		}
		var body passkey
		if err := s.open(&c, &body); err != nil {
			return nil, err
		}
		h.passkeys = append(h.passkeys, body.Credential)
	}
	return h, nil
}

func (s *Service) passkeyHandle(id []byte) []byte { return s.keyed("passkey", string(id)) }

// state seals a ceremony, hand-over opens it again.
func (s *Service) state(purpose string, options any, session *webauthn.SessionData, c ceremony) (Ceremony, error) {
	c.Session, c.Until = *session, s.Clock.Now().Add(CeremonyFor)
	text, err := json.Marshal(c)
	if err != nil {
		return Ceremony{}, cordon.Errorf(cordon.Internal, "a passkey cannot be asked for").Because(err)
	}
	out := Ceremony{State: base64.RawURLEncoding.EncodeToString(s.Vault.SealRoot(purpose, text))}
	if out.Options, err = json.Marshal(options); err != nil {
		return Ceremony{}, cordon.Errorf(cordon.Internal, "a passkey cannot be asked for").Because(err)
	}
	return out, nil
}

func (s *Service) handedOver(purpose, state string) (ceremony, error) {
	var c ceremony
	sealed, err := base64.RawURLEncoding.DecodeString(state)
	if err != nil || len(state) > maxCeremony {
		return c, reader.ErrUnauthenticated
	}
	text, err := s.Vault.OpenRoot(purpose, sealed)
	if err != nil {
		return c, reader.ErrUnauthenticated
	}
	if err := json.Unmarshal(text, &c); err != nil || !s.Clock.Now().Before(c.Until) {
		return c, reader.ErrUnauthenticated
	}
	return c, nil
}

// once makes sure that a ceremony is finished once: in the transaction that
// does what it was for.
func (s *Service) once(tx cordon.WriteTx, c ceremony) error {
	key := s.keyed("ceremony", c.Session.Challenge)
	_, err := tx.Attempts(key)
	if err == nil {
		return reader.ErrUnauthenticated
	}
	if cordon.KindOf(err) != cordon.NotFound {
		return err
	}
	return tx.PutAttempts(cordon.Attempts{Key: key, Failures: 1, At: s.Clock.Now()})
}

// BeginPasskey asks for a passkey to sign in with, whoever's it is: nobody has
// to say a name, and nothing tells who has one.
func (s *Service) BeginPasskey() (Ceremony, error) {
	options, session, err := s.relying.BeginDiscoverableLogin()
	if err != nil {
		return Ceremony{}, cordon.Errorf(cordon.Internal, "a passkey cannot be asked for").Because(err)
	}
	return s.state(signingIn, options, session, ceremony{})
}

// WithPasskey signs in whoever the passkey belongs to. Whatever is wrong is one
// answer.
func (s *Service) WithPasskey(ctx context.Context, state string, answer []byte) (Signed, error) {
	c, err := s.handedOver(signingIn, state)
	if err != nil {
		return Signed{}, err
	}
	if len(answer) > maxCeremony {
		return Signed{}, reader.ErrUnauthenticated
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Signed{}, reader.ErrUnauthenticated
	}
	var out Signed
	var fault error // of the store; what the library says is ErrUnauthenticated
	err = s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		fault = nil
		var stored cordon.Credential
		var body passkey
		find := func(rawID, userHandle []byte) (webauthn.User, error) {
			h, err := s.owner(cordon.Holding(tx), rawID, &stored, &body)
			if err != nil && cordon.KindOf(err) != cordon.Unauthenticated {
				fault = err
			}
			if err == nil && !bytes.Equal(h.handle, userHandle) {
				err = reader.ErrUnauthenticated
			}
			return h, err
		}
		_, used, err := s.relying.ValidatePasskeyLogin(find, c.Session, parsed)
		if fault != nil {
			return fault
		}
		if err != nil || used.Authenticator.CloneWarning {
			// A counter that goes back is a passkey that has been copied.
			return reader.ErrUnauthenticated
		}
		if err := s.once(tx, c); err != nil {
			return err
		}
		body.Credential = *used
		if err := s.seal(&stored, body); err != nil {
			return err
		}
		if err := tx.PutCredential(stored); err != nil {
			return err
		}
		out, err = s.newSession(tx, stored.Person, cordon.Passkey)
		return err
	})
	if cordon.KindOf(err) == cordon.Unauthenticated && err != nil {
		if e := s.refusedPasskey(ctx, parsed.RawID); e != nil {
			return Signed{}, e
		}
	}
	return out, err
}

// owner is whoever the passkey belongs to, and the passkey.
func (s *Service) owner(tx cordon.ReadTx, rawID []byte, stored *cordon.Credential, body *passkey) (*holder, error) {
	c, err := tx.CredentialByHandle(cordon.Passkey, s.passkeyHandle(rawID))
	if cordon.KindOf(err) == cordon.NotFound {
		return nil, reader.ErrUnauthenticated
	}
	if err != nil {
		return nil, err
	}
	if err := s.open(&c, body); err != nil {
		return nil, err
	}
	view, err := s.Rules.Look(tx, c.Person, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	*stored = c
	return s.holderOf(tx, view)
}

// refusedPasskey records the failure, of a known passkey or of an unknown one.
func (s *Service) refusedPasskey(ctx context.Context, rawID []byte) error {
	return s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		c, err := tx.HoldCredentialByHandle(cordon.Passkey, s.passkeyHandle(rawID))
		if err != nil && cordon.KindOf(err) != cordon.NotFound {
			return err
		}
		return s.record(tx, s.Clock.Now(), cordon.Person{}, cordon.ActSignIn, cordon.RefusedWith, c.Person, string(cordon.Passkey))
	})
}

// BeginAddingPasskey asks for a new passkey for one's own session, or for
// whoever the enrolment is for.
func (s *Service) BeginAddingPasskey(ctx context.Context, pass cordon.Pass, enrolment string) (Ceremony, error) {
	var h *holder
	var c ceremony
	err := s.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, by, err := s.adder(tx, pass, enrolment)
		if err != nil {
			return err
		}
		c = ceremony{Person: view.Actor.Person.ID, Enrolment: by.ID}
		h, err = s.holderOf(tx, view)
		return err
	})
	if err != nil {
		return Ceremony{}, err
	}
	if len(h.passkeys) >= maxPasskeys {
		return Ceremony{}, cordon.Errorf(cordon.TooLarge, "a person has at most %d passkeys: take one away first", maxPasskeys)
	}
	options, session, err := s.relying.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.passkeys).CredentialDescriptors()))
	if err != nil {
		return Ceremony{}, cordon.Errorf(cordon.Internal, "a passkey cannot be asked for").Because(err)
	}
	return s.state(adding, options, session, c)
}

// adder is whose passkey is added: the person of the pass, or of the enrolment
// where one is given.
func (s *Service) adder(tx cordon.ReadTx, pass cordon.Pass, enrolment string) (*reader.View, cordon.Credential, error) {
	if enrolment != "" {
		return s.enrolled(tx, enrolment)
	}
	view, err := s.Rules.Look(tx, pass.Person, s.Clock.Now())
	return view, cordon.Credential{}, err
}

// AddPasskey keeps the new passkey under a label of the person's own. By an
// enrolment, which it uses up, it signs him in; by a session it gives none.
func (s *Service) AddPasskey(ctx context.Context, pass cordon.Pass, enrolment, label, state string, answer []byte) (Signed, error) {
	if len(label) > cordon.MaxNameBytes || !utf8.ValidString(label) {
		return Signed{}, cordon.Errorf(cordon.TooLarge, "a label is text of at most %d bytes", cordon.MaxNameBytes)
	}
	c, err := s.handedOver(adding, state)
	if err != nil {
		return Signed{}, err
	}
	refused := cordon.Errorf(cordon.Invalid, "the passkey was not taken: begin again")
	if len(answer) > maxCeremony {
		return Signed{}, refused
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Signed{}, refused.Because(err)
	}
	var out Signed
	err = s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		out = Signed{}
		view, by, err := s.adder(cordon.Holding(tx), pass, enrolment)
		if err != nil {
			return err
		}
		person := view.Actor.Person
		if person.ID != c.Person || by.ID != c.Enrolment {
			return reader.ErrUnauthenticated
		}
		h, err := s.holderOf(tx, view)
		if err != nil {
			return err
		}
		made, err := s.relying.CreateCredential(h, c.Session, parsed)
		if err != nil {
			return refused.Because(err)
		}
		if err := s.once(tx, c); err != nil {
			return err
		}
		one := cordon.Credential{ID: cordon.NewID(), Person: person.ID, Kind: cordon.Passkey, Handle: s.passkeyHandle(made.ID), Created: view.Now}
		if err := s.seal(&one, passkey{Label: label, Credential: *made}); err != nil {
			return err
		}
		if err := tx.PutCredential(one); err != nil {
			return err
		}
		if err := s.record(tx, view.Now, person, cordon.ActCredential, cordon.Allowed, person.ID, string(cordon.Passkey)); err != nil {
			return err
		}
		if enrolment == "" {
			return nil
		}
		if err := tx.DropCredential(by.ID); err != nil {
			return err
		}
		if err := tx.EndSessions(person.ID, ""); err != nil {
			return err
		}
		out, err = s.newSession(tx, person.ID, cordon.Enrolment)
		return err
	})
	return out, err
}
