package signin

import (
	"context"
	"crypto/sha256"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
	"cordon/internal/usecase/people"
)

// EnrolFor is how long an enrolment can be used.
const EnrolFor = 24 * time.Hour

// enrolPrefix lets people and secret scanners recognise an enrolment.
const enrolPrefix = "cordon-enrolment_"

// enrolment is the body of an enrolment's credential.
type enrolment struct {
	Expires time.Time
}

// Enrol gives a person a way in: a secret that can be used once, to set a
// password or add a passkey. It takes an administrator of their organisation, who
// thereby never learns a password. An earlier enrolment of the person ends. A
// program's account has none.
func (m *Methods) Enrol(ctx context.Context, by act.Caller, person cordon.ID) (enrolled cordon.ID, secret string, expires time.Time, err error) {
	out, err := act.Do(ctx, by, act.ByRole(cordon.ActCredential, cordon.RoleAdministrator), func(s *act.Snapshot) (newEnrolment, error) {
		person, err := people.MayAdminister(s, person)
		if err != nil {
			return newEnrolment{}, err
		}
		p, err := s.Tx.Person(person)
		if err == nil && p.Service {
			err = cordon.Errorf(cordon.KindInvalid, "%s is a program's account, which is not enrolled: make a token for it", p.Name)
		}
		if err != nil {
			return newEnrolment{}, err
		}
		return m.newEnrolment(s, p)
	}, putEnrolment)
	return out.person.ID, out.secret, out.expires, err
}

// newEnrolment is one that is about to be kept.
type newEnrolment struct {
	secret     string
	expires    time.Time
	person     cordon.Person
	credential cordon.Credential
}

func (m *Methods) newEnrolment(s *act.Snapshot, person cordon.Person) (newEnrolment, error) {
	out := newEnrolment{secret: secretOf(enrolPrefix), expires: s.Now.Add(EnrolFor), person: person}
	out.credential = cordon.Credential{
		ID: cordon.NewID(), Person: person.ID, Kind: cordon.CredentialEnrolment, Handle: enrolHandle(out.secret), Created: s.Now,
	}
	return out, m.seal(&out.credential, enrolment{Expires: out.expires})
}

// putEnrolment keeps it in place of any that the person had.
func putEnrolment(c *act.Commit, e newEnrolment) (newEnrolment, error) {
	if err := drop(c.Tx, e.person.ID, cordon.CredentialEnrolment); err != nil {
		return e, err
	}
	if err := c.Tx.PutCredential(e.credential); err != nil {
		return e, err
	}
	if err := people.TellWayIn(c, e.person, cordon.CredentialEnrolment); err != nil {
		return e, err
	}
	entry := credentialEntry(e.person.ID, cordon.CredentialEnrolment)
	if e.person.ID == c.Actor.Person.ID {
		return e, c.Record(entry)
	}
	return e, c.RecordOf(e.person.Org, entry)
}

func enrolHandle(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// drop removes the person's credentials of the kind.
func drop(tx cordon.WriteTx, person cordon.ID, kind cordon.CredentialKind) error {
	all, err := tx.Credentials(person)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Kind != kind {
			continue
		}
		if err := tx.DropCredential(c.ID); err != nil {
			return err
		}
	}
	return nil
}

// enrolled is the snapshot as that of the person whom an enrolment is for, and
// the enrolment itself, which the act that uses it removes.
func (m *Methods) enrolled(s *act.Snapshot, secret string) (*act.Snapshot, cordon.Credential, error) {
	c, err := s.Tx.CredentialByHandle(cordon.CredentialEnrolment, enrolHandle(secret))
	if cordon.KindOf(err) == cordon.KindNotFound {
		return nil, c, reader.ErrUnauthenticated
	}
	if err != nil {
		return nil, c, err
	}
	var e enrolment
	if err := m.open(&c, &e); err != nil {
		return nil, c, err
	}
	as, err := s.As(c.Person)
	if err == nil && !s.Now.Before(e.Expires) {
		err = reader.ErrUnauthenticated
	}
	return as, c, err
}

// useUp removes the enrolment, ends the sessions that its person had before, and
// signs them in.
func (m *Methods) useUp(c *act.Commit, enrolment cordon.ID) (Signed, error) {
	if err := c.Tx.DropCredential(enrolment); err != nil {
		return Signed{}, err
	}
	if err := c.Tx.EndSessions(c.Actor.Person.ID, ""); err != nil {
		return Signed{}, err
	}
	return m.newSession(c, cordon.CredentialEnrolment)
}

// EnrolPassword sets the password of the person whom the enrolment is for, and
// signs them in. Sessions they had before end.
func (m *Methods) EnrolPassword(ctx context.Context, secret, password string) (Signed, error) {
	if err := fit(password); err != nil {
		return Signed{}, err
	}
	enrolled := func(s *act.Snapshot) (cordon.Credential, error) {
		_, c, err := m.enrolled(s, secret)
		return c, err
	}
	// This comes before the hashing, so that an invalid enrolment costs the
	// machine no work.
	if _, err := act.Read(ctx, m.Anyone(), signingIn, enrolled); err != nil {
		return Signed{}, err
	}
	var h hashed
	if err := m.hashing(ctx, func() { h = newHashed(m.Cost, password) }); err != nil {
		return Signed{}, err
	}
	return m.noteSweep(act.Do(ctx, m.Anyone(), signingIn, enrolled, func(c *act.Commit, e cordon.Credential) (Signed, error) {
		c, err := c.As(e.Person)
		if err != nil {
			return Signed{}, err
		}
		if err := m.putPassword(c, e.Person, h); err != nil {
			return Signed{}, err
		}
		if err := c.Record(credentialEntry(e.Person, cordon.CredentialPassword)); err != nil {
			return Signed{}, err
		}
		return m.useUp(c, e.ID)
	}))
}

// Shown is a credential as its person sees it.
type Shown struct {
	ID      cordon.ID
	Kind    cordon.CredentialKind
	Label   string
	Created time.Time
}

// labelled is the part of every credential's body that is shown.
type labelled struct{ Label string }

// Credentials lists the ways in which a person can sign in, oldest first. The
// person and their organisation's administrators may ask.
func (m *Methods) Credentials(ctx context.Context, by act.Caller, person cordon.ID) ([]Shown, error) {
	return act.Read(ctx, by, act.ByAnyone(cordon.ActCredential), func(s *act.Snapshot) ([]Shown, error) {
		person, err := people.MayAdminister(s, person)
		if err != nil {
			return nil, err
		}
		all, err := s.Tx.Credentials(person)
		if err != nil {
			return nil, err
		}
		var out []Shown
		for _, c := range all {
			var l labelled
			if err := m.open(&c, &l); err != nil {
				return nil, err
			}
			out = append(out, Shown{ID: c.ID, Kind: c.Kind, Label: l.Label, Created: c.Created})
		}
		return out, nil
	})
}

// DropCredential removes a credential of the caller or, as an administrator, of
// somebody of their organisation. It ends every session of the person from the next
// request on, except the one that removes it.
func (m *Methods) DropCredential(ctx context.Context, by act.Caller, person, id cordon.ID) error {
	_, err := act.Do(ctx, by, act.ByAnyone(cordon.ActCredential), func(s *act.Snapshot) (cordon.Credential, error) {
		person, err := people.MayAdminister(s, person)
		if err != nil {
			return cordon.Credential{}, err
		}
		all, err := s.Tx.Credentials(person)
		if err != nil {
			return cordon.Credential{}, err
		}
		i := slices.IndexFunc(all, func(c cordon.Credential) bool { return c.ID == id })
		if i < 0 {
			return cordon.Credential{}, cordon.ErrNotFound
		}
		return all[i], nil
	}, func(c *act.Commit, one cordon.Credential) (act.Done, error) {
		if err := c.Tx.DropCredential(id); err != nil {
			return act.Done{}, err
		}
		if err := c.Tx.EndSessions(one.Person, by.Session); err != nil {
			return act.Done{}, err
		}
		return act.Done{}, people.Record(c, one.Person, credentialEntry(one.Person, one.Kind))
	})
	return err
}
