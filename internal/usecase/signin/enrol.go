package signin

import (
	"context"
	"crypto/sha256"
	"time"

	"cordon"
	"cordon/internal/core/reader"
	"cordon/internal/usecase/people"
)

// EnrolFor is how long an enrolment is good for, if it is not used before.
const EnrolFor = 24 * time.Hour

// enrolPrefix lets people and secret scanners recognise an enrolment.
const enrolPrefix = "cordon-enrolment_"

// enrolment is the body of an enrolment's credential.
type enrolment struct {
	Expires time.Time
}

// Enrol gives a person a way in: a secret that is good once, for setting a
// password or adding a passkey. It takes an administrator, who thereby never
// learns a password. An enrolment made before is no longer good.
func (s *Service) Enrol(ctx context.Context, by cordon.Pass, person cordon.ID) (secret string, expires time.Time, err error) {
	err = s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := people.Keeper(s.People, cordon.Holding(tx), by, person)
		if err != nil {
			return err
		}
		if err := view.Require(cordon.Administrator); err != nil {
			return err
		}
		if err := s.drop(tx, person, cordon.Enrolment); err != nil {
			return err
		}
		secret, expires = secretOf(enrolPrefix), view.Now.Add(EnrolFor)
		c := cordon.Credential{ID: cordon.NewID(), Person: person, Kind: cordon.Enrolment, Handle: enrolHandle(secret), Created: view.Now}
		if err := s.seal(&c, enrolment{Expires: expires}); err != nil {
			return err
		}
		if err := tx.PutCredential(c); err != nil {
			return err
		}
		return s.record(tx, view.Now, view.Actor.Person, cordon.ActCredential, cordon.Allowed, person, string(cordon.Enrolment))
	})
	return secret, expires, err
}

func enrolHandle(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// drop removes the person's credentials of the kind.
func (s *Service) drop(tx cordon.WriteTx, person cordon.ID, kind cordon.CredentialKind) error {
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

// enrolled is the person an enrolment is for and the enrolment, which its
// taker removes in the same transaction.
func (s *Service) enrolled(tx cordon.ReadTx, secret string) (*reader.View, cordon.Credential, error) {
	c, err := tx.CredentialByHandle(cordon.Enrolment, enrolHandle(secret))
	if cordon.KindOf(err) == cordon.NotFound {
		return nil, c, reader.ErrUnauthenticated
	}
	if err != nil {
		return nil, c, err
	}
	var e enrolment
	if err := s.open(&c, &e); err != nil {
		return nil, c, err
	}
	view, err := s.Rules.Look(tx, c.Person, s.Clock.Now())
	if err == nil && !view.Now.Before(e.Expires) {
		err = reader.ErrUnauthenticated
	}
	return view, c, err
}

// EnrolPassword sets the password of whoever the enrolment is for, and signs
// him in. Sessions he had before end.
func (s *Service) EnrolPassword(ctx context.Context, secret, password string) (Signed, error) {
	if err := fit(password); err != nil {
		return Signed{}, err
	}
	// Before anything is hashed, so that nobody has the machine work for
	// nothing.
	err := s.Store.View(ctx, func(tx cordon.ReadTx) error {
		_, _, err := s.enrolled(tx, secret)
		return err
	})
	if err != nil {
		return Signed{}, err
	}
	var h hashed
	if err := s.hashing(ctx, func() { h = newHashed(s.Cost, password) }); err != nil {
		return Signed{}, err
	}
	var out Signed
	err = s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, c, err := s.enrolled(cordon.Holding(tx), secret)
		if err != nil {
			return err
		}
		if err := tx.DropCredential(c.ID); err != nil {
			return err
		}
		if err := s.putPassword(tx, c.Person, h, view.Now); err != nil {
			return err
		}
		if err := tx.EndSessions(c.Person, ""); err != nil {
			return err
		}
		if err := s.record(tx, view.Now, view.Actor.Person, cordon.ActCredential, cordon.Allowed, c.Person, string(cordon.Password)); err != nil {
			return err
		}
		out, err = s.newSession(tx, c.Person, cordon.Enrolment)
		return err
	})
	return out, err
}

// Shown is a credential as its person sees it.
type Shown struct {
	ID      cordon.ID
	Kind    cordon.CredentialKind
	Label   string
	Created time.Time
}

// labelled is the part of every body that is shown.
type labelled struct{ Label string }

// Credentials lists how a person can sign in, oldest first: to himself, and to
// administrators.
func (s *Service) Credentials(ctx context.Context, by cordon.Pass, person cordon.ID) ([]Shown, error) {
	var out []Shown
	err := s.Store.View(ctx, func(tx cordon.ReadTx) error {
		if _, err := people.Keeper(s.People, tx, by, person); err != nil {
			return err
		}
		all, err := tx.Credentials(person)
		if err != nil {
			return err
		}
		out = nil
		for _, c := range all {
			var l labelled
			if err := s.open(&c, &l); err != nil {
				return err
			}
			out = append(out, Shown{ID: c.ID, Kind: c.Kind, Label: l.Label, Created: c.Created})
		}
		return nil
	})
	return out, err
}

// DropCredential takes one away, and with it every session but the one that
// does it, from the next request on: one's own, or anybody's for an
// administrator.
func (s *Service) DropCredential(ctx context.Context, by cordon.Pass, person, id cordon.ID) error {
	return s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := people.Keeper(s.People, cordon.Holding(tx), by, person)
		if err != nil {
			return err
		}
		all, err := tx.Credentials(person)
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.ID != id {
				continue
			}
			if err := tx.DropCredential(id); err != nil {
				return err
			}
			if err := tx.EndSessions(person, by.Session); err != nil {
				return err
			}
			return s.record(tx, view.Now, view.Actor.Person, cordon.ActCredential, cordon.Allowed, person, string(c.Kind))
		}
		return cordon.ErrNotFound
	})
}
