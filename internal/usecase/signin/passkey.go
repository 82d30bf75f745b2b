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
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
)

const (
	// CeremonyFor is how long a person has to use their passkey.
	CeremonyFor = 5 * time.Minute
	// maxCeremony bounds the answer that a browser sends.
	maxCeremony = 64 << 10
	// maxPasskeys bounds the passkeys of one person.
	maxPasskeys = 32
)

// Ceremony is handed to a browser to ask for a passkey: the options, as JSON,
// and a state that the browser gives back with the answer. The state is sealed
// and complete, so any node can finish a ceremony that another began.
type Ceremony struct {
	Options json.RawMessage `json:"options"`
	State   string          `json:"state"`
}

// ceremony is what is sealed in a state.
type ceremony struct {
	Session webauthn.SessionData
	// Person and Enrolment say, where a passkey is added, whose it is to be and
	// by which enrolment.
	Person    cordon.ID `json:",omitempty"`
	Enrolment cordon.ID `json:",omitempty"`
	Until     time.Time
}

const (
	toSignIn = "passkey: sign in"
	toAdd    = "passkey: add"
)

// passkey is the body of a passkey's credential.
type passkey struct {
	Label      string
	Credential webauthn.Credential
}

// CheckOrigin refuses as Invalid an origin that passkeys could not belong to.
func CheckOrigin(origin string) error {
	_, err := relyingParty(origin)
	return err
}

// relyingParty makes the WebAuthn party of the origin. Every passkey names its
// person, and each use is verified by touch, face or PIN.
func relyingParty(origin string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" || u.Path != "" || u.RawQuery != "" || u.User != nil ||
		u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "localhost") {
		return nil, cordon.Errorf(cordon.KindInvalid, "the origin %q is none: write what a browser shows, https://cordon.example", origin)
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Cordon", RPOrigins: []string{origin}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, cordon.Errorf(cordon.KindInvalid, "passkeys cannot be used at the origin %q", origin).Because(err)
	}
	return w, nil
}

// user is a person as the library wants them.
type user struct {
	handle   []byte
	name     string
	passkeys []webauthn.Credential
}

func (u *user) WebAuthnID() []byte                         { return u.handle }
func (u *user) WebAuthnName() string                       { return u.name }
func (u *user) WebAuthnDisplayName() string                { return u.name }
func (u *user) WebAuthnCredentials() []webauthn.Credential { return u.passkeys }

// user is the person of the snapshot with their passkeys. Their handle is a
// keyed hash, so a passkey names nobody to somebody who finds it elsewhere.
func (m *Methods) user(s *act.Snapshot) (*user, error) {
	p := s.Actor.Person
	u := &user{handle: m.keyed("passkeys of", string(p.ID)), name: s.Actor.Org.Name + "/" + p.Name}
	all, err := s.Tx.Credentials(p.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Kind != cordon.CredentialPasskey {
			continue
		}
		var body passkey
		if err := m.open(&c, &body); err != nil {
			return nil, err
		}
		u.passkeys = append(u.passkeys, body.Credential)
	}
	return u, nil
}

func (m *Methods) passkeyHandle(id []byte) []byte { return m.keyed("passkey", string(id)) }

// state seals a ceremony, handedOver opens it again.
func (m *Methods) state(purpose string, options any, session *webauthn.SessionData, c ceremony) (Ceremony, error) {
	c.Session, c.Until = *session, m.Clock.Now().Add(CeremonyFor)
	text, err := json.Marshal(c)
	if err != nil {
		return Ceremony{}, cordon.Errorf(cordon.KindInternal, "a passkey cannot be asked for").Because(err)
	}
	out := Ceremony{State: base64.RawURLEncoding.EncodeToString(m.Vault.SealRoot(purpose, text))}
	if out.Options, err = json.Marshal(options); err != nil {
		return Ceremony{}, cordon.Errorf(cordon.KindInternal, "a passkey cannot be asked for").Because(err)
	}
	return out, nil
}

func (m *Methods) handedOver(purpose, state string) (ceremony, error) {
	var c ceremony
	sealed, err := base64.RawURLEncoding.DecodeString(state)
	if err != nil || len(state) > maxCeremony {
		return c, reader.ErrUnauthenticated
	}
	text, err := m.Vault.OpenRoot(purpose, sealed)
	if err != nil {
		return c, reader.ErrUnauthenticated
	}
	if err := json.Unmarshal(text, &c); err != nil || !m.Clock.Now().Before(c.Until) {
		return c, reader.ErrUnauthenticated
	}
	return c, nil
}

// unused makes sure that a ceremony is finished only once; used records that it
// was, in the same act.
func (m *Methods) unused(s *act.Snapshot, c ceremony) error {
	_, err := s.Tx.Attempts(m.ceremonyKey(c))
	switch {
	case err == nil:
		return reader.ErrUnauthenticated
	case cordon.KindOf(err) == cordon.KindNotFound:
		return nil
	}
	return err
}

func (m *Methods) used(c *act.Commit, of ceremony) error {
	return c.Tx.PutAttempts(cordon.Attempts{Key: m.ceremonyKey(of), Failures: 1, At: c.Now})
}

func (m *Methods) ceremonyKey(c ceremony) []byte { return m.keyed("ceremony", c.Session.Challenge) }

// BeginPasskey asks for any passkey to sign in with. Nobody has to give a name,
// and the answer does not tell who has a passkey.
func (m *Methods) BeginPasskey() (Ceremony, error) {
	options, session, err := m.relying.BeginDiscoverableLogin()
	if err != nil {
		return Ceremony{}, cordon.Errorf(cordon.KindInternal, "a passkey cannot be asked for").Because(err)
	}
	return m.state(toSignIn, options, session, ceremony{})
}

// WithPasskey signs in the person whom the passkey belongs to. Every fault gets
// the same answer.
func (m *Methods) WithPasskey(ctx context.Context, state string, answer []byte) (Signed, error) {
	begun, err := m.handedOver(toSignIn, state)
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
	return m.noteSweep(act.Do(ctx, m.Anyone(), signingIn, func(s *act.Snapshot) (cordon.Credential, error) {
		one, err := m.usedPasskey(s, begun, parsed)
		return one, refusal(err, one.Person, cordon.CredentialPasskey)
	}, func(c *act.Commit, one cordon.Credential) (Signed, error) {
		if err := m.used(c, begun); err != nil {
			return Signed{}, err
		}
		if err := c.Tx.PutCredential(one); err != nil {
			return Signed{}, err
		}
		c, err := c.As(one.Person)
		if err != nil {
			return Signed{}, err
		}
		return m.newSession(c, cordon.CredentialPasskey)
	}))
}

// usedPasskey is the passkey's credential as it is to be kept after this use.
// Where it was used wrongly it is Unauthenticated, and the result names its
// person and nothing else.
func (m *Methods) usedPasskey(s *act.Snapshot, begun ceremony, parsed *protocol.ParsedCredentialAssertionData) (cordon.Credential, error) {
	one, err := s.Tx.CredentialByHandle(cordon.CredentialPasskey, m.passkeyHandle(parsed.RawID))
	if cordon.KindOf(err) == cordon.KindNotFound {
		return one, reader.ErrUnauthenticated
	}
	if err != nil {
		return one, err
	}
	var body passkey
	if err := m.open(&one, &body); err != nil {
		return one, err
	}
	s, err = s.As(one.Person)
	if err != nil {
		return one, err
	}
	owner, err := m.user(s)
	if err != nil {
		return one, err
	}
	_, used, err := m.relying.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		if !bytes.Equal(owner.handle, handle) {
			return nil, reader.ErrUnauthenticated
		}
		return owner, nil
	}, begun.Session, parsed)
	if err != nil || used.Authenticator.CloneWarning {
		// A counter that goes back is a passkey that has been copied.
		return one, reader.ErrUnauthenticated
	}
	if err := m.unused(s, begun); err != nil {
		return one, err
	}
	body.Credential = *used
	return one, m.seal(&one, body)
}

// BeginAddingPasskey asks for a new passkey for the caller, or for the person
// whom the enrolment is for, where one is given.
func (m *Methods) BeginAddingPasskey(ctx context.Context, by act.Caller, enrolment string) (Ceremony, error) {
	type adding struct {
		user     *user
		ceremony ceremony
	}
	a, err := act.Read(ctx, m.adder(by, enrolment), signingIn, func(s *act.Snapshot) (adding, error) {
		s, with, err := m.adding(s, enrolment)
		if err != nil {
			return adding{}, err
		}
		u, err := m.user(s)
		return adding{u, ceremony{Person: s.Actor.Person.ID, Enrolment: with.ID}}, err
	})
	if err != nil {
		return Ceremony{}, err
	}
	if len(a.user.passkeys) >= maxPasskeys {
		return Ceremony{}, cordon.Errorf(cordon.KindTooLarge, "a person has at most %d passkeys: take one away first", maxPasskeys)
	}
	options, session, err := m.relying.BeginRegistration(a.user, webauthn.WithExclusions(webauthn.Credentials(a.user.passkeys).CredentialDescriptors()))
	if err != nil {
		return Ceremony{}, cordon.Errorf(cordon.KindInternal, "a passkey cannot be asked for").Because(err)
	}
	return m.state(toAdd, options, session, a.ceremony)
}

// adder is the caller who adds a passkey. With an enrolment it is somebody who is
// not known yet.
func (m *Methods) adder(by act.Caller, enrolment string) act.Caller {
	if enrolment != "" {
		return m.Anyone()
	}
	return by
}

// adding is the snapshot of the person whose passkey is added, and the enrolment
// if it is added by one.
func (m *Methods) adding(s *act.Snapshot, enrolment string) (*act.Snapshot, cordon.Credential, error) {
	if enrolment == "" {
		if s.Actor.Person.Service {
			return s, cordon.Credential{}, cordon.Errorf(cordon.KindDenied, "a program's account has no passkey: it acts by tokens")
		}
		if who := s.Principal; !who.TokensUntil.IsZero() || who.Token != "" && !who.Expires.IsZero() {
			return s, cordon.Credential{}, cordon.Errorf(cordon.KindDenied,
				"a passkey would outlast what you signed in with, which holds for a time only: ask an administrator to enrol you")
		}
		return s, cordon.Credential{}, nil
	}
	return m.enrolled(s, enrolment)
}

// AddPasskey keeps the new passkey under a label of the person's own. By an
// enrolment, which is then used up, it signs the person in; by a session it
// gives no new one.
func (m *Methods) AddPasskey(ctx context.Context, by act.Caller, enrolment, label, state string, answer []byte) (Signed, error) {
	if len(label) > cordon.MaxNameBytes || !utf8.ValidString(label) {
		return Signed{}, cordon.Errorf(cordon.KindTooLarge, "a label is text of at most %d bytes", cordon.MaxNameBytes)
	}
	begun, err := m.handedOver(toAdd, state)
	if err != nil {
		return Signed{}, err
	}
	refused := cordon.Errorf(cordon.KindInvalid, "the passkey was not taken: begin again")
	if len(answer) > maxCeremony {
		return Signed{}, refused
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Signed{}, refused.Because(err)
	}
	return m.noteSweep(act.Do(ctx, m.adder(by, enrolment), signingIn, func(s *act.Snapshot) (cordon.Credential, error) {
		s, with, err := m.adding(s, enrolment)
		if err != nil {
			return cordon.Credential{}, err
		}
		person := s.Actor.Person.ID
		if person != begun.Person || with.ID != begun.Enrolment {
			return cordon.Credential{}, reader.ErrUnauthenticated
		}
		u, err := m.user(s)
		if err != nil {
			return cordon.Credential{}, err
		}
		made, err := m.relying.CreateCredential(u, begun.Session, parsed)
		if err != nil {
			return cordon.Credential{}, refused.Because(err)
		}
		if err := m.unused(s, begun); err != nil {
			return cordon.Credential{}, err
		}
		one := cordon.Credential{ID: cordon.NewID(), Person: person, Kind: cordon.CredentialPasskey, Handle: m.passkeyHandle(made.ID), Created: s.Now}
		return one, m.seal(&one, passkey{Label: label, Credential: *made})
	}, func(c *act.Commit, one cordon.Credential) (Signed, error) {
		if err := m.used(c, begun); err != nil {
			return Signed{}, err
		}
		c, err := c.As(one.Person)
		if err != nil {
			return Signed{}, err
		}
		if err := c.Tx.PutCredential(one); err != nil {
			return Signed{}, err
		}
		if err := c.Record(credentialEntry(one.Person, cordon.CredentialPasskey)); err != nil || enrolment == "" {
			return Signed{}, err
		}
		return m.useUp(c, begun.Enrolment)
	}))
}
