package signin

import (
	"bytes"
	"context"
	"time"

	"cordon"
	"cordon/internal/core/reader"
)

// kept is the body of a password's credential.
type kept struct {
	PHC string
}

// passwordHandle is what a person's one password is found by.
func (s *Service) passwordHandle(person cordon.ID) []byte {
	return s.keyed("password of", string(person))
}

// password is the person's credential and what it holds; ErrNotFound where he
// has none.
func (s *Service) password(tx cordon.ReadTx, person cordon.ID) (cordon.Credential, hashed, error) {
	c, err := tx.CredentialByHandle(cordon.Password, s.passwordHandle(person))
	if err != nil {
		return c, hashed{}, err
	}
	var k kept
	if err := s.open(&c, &k); err != nil {
		return c, hashed{}, err
	}
	h, err := parseHashed(k.PHC)
	return c, h, err
}

// putPassword gives the person a password in place of the one he has.
func (s *Service) putPassword(tx cordon.WriteTx, person cordon.ID, h hashed, now time.Time) error {
	c, err := tx.HoldCredentialByHandle(cordon.Password, s.passwordHandle(person))
	switch {
	case cordon.KindOf(err) == cordon.NotFound:
		c = cordon.Credential{ID: cordon.NewID(), Person: person, Kind: cordon.Password, Handle: s.passwordHandle(person)}
	case err != nil:
		return err
	}
	c.Created = now
	if err := s.seal(&c, kept{PHC: h.String()}); err != nil {
		return err
	}
	return tx.PutCredential(c)
}

// WithPassword signs in the person of the name, ORG/Name, from an address. An
// attempt that has to wait is TooMany; whatever else is wrong is one answer.
func (s *Service) WithPassword(ctx context.Context, name, password, from string) (Signed, error) {
	if len(name) > cordon.MaxNameBytes || len(password) > MaxPasswordBytes {
		return Signed{}, reader.ErrUnauthenticated
	}
	person, c, err := s.checked(ctx, name, password, from)
	if err != nil {
		return Signed{}, err
	}
	var out Signed
	err = s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		now, _, err := s.password(cordon.Holding(tx), person)
		if cordon.KindOf(err) == cordon.NotFound || err == nil && !bytes.Equal(now.Body, c.Body) {
			return reader.ErrUnauthenticated // changed meanwhile
		}
		if err != nil {
			return err
		}
		if err := succeeded(tx, s.counts(name, from)); err != nil {
			return err
		}
		out, err = s.newSession(tx, person, cordon.Password)
		return err
	})
	return out, err
}

// checked is the person whose password it is. The attempt is counted first;
// then the password is hashed, outside of any transaction, against a made-up
// one where there is none; then a failure is recorded, whoever it concerns.
func (s *Service) checked(ctx context.Context, name, password, from string) (cordon.ID, cordon.Credential, error) {
	var person cordon.Person
	var c cordon.Credential
	var h hashed
	counts := s.counts(name, from)
	err := s.Store.Update(ctx, func(tx cordon.WriteTx) (err error) {
		if err := begin(tx, counts, s.Clock.Now()); err != nil {
			return err
		}
		if person, err = find(cordon.Holding(tx), name); err != nil && cordon.KindOf(err) != cordon.NotFound {
			return err
		}
		c, h, err = s.password(cordon.Holding(tx), person.ID)
		if cordon.KindOf(err) == cordon.NotFound {
			h, err = s.dummy, nil
		}
		return err
	})
	if err != nil {
		return "", c, err
	}
	var right bool
	if err := s.hashing(ctx, func() { right = h.is(password) }); err != nil {
		return "", c, err
	}
	if right && c.ID != "" && !person.Suspended {
		return person.ID, c, nil
	}
	err = s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		return s.record(tx, s.Clock.Now(), cordon.Person{}, cordon.ActSignIn, cordon.RefusedWith, person.ID, string(cordon.Password))
	})
	if err != nil {
		return "", c, err
	}
	return "", c, reader.ErrUnauthenticated
}

// ChangePassword gives one's own session a new password against the old one. It
// ends all other sessions. A wrong old password counts as a failed attempt.
func (s *Service) ChangePassword(ctx context.Context, pass cordon.Pass, before, after, from string) error {
	if err := fit(after); err != nil {
		return err
	}
	var name string
	err := s.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := s.Rules.Look(tx, pass.Person, s.Clock.Now())
		if err == nil {
			name = view.Actor.Org.Name + "/" + view.Actor.Person.Name
		}
		return err
	})
	if err != nil {
		return err
	}
	person, c, err := s.checked(ctx, name, before, from)
	if cordon.KindOf(err) == cordon.Unauthenticated {
		return cordon.Errorf(cordon.Denied, "this is not the password you have: whoever has none is enrolled by an administrator")
	}
	if err != nil {
		return err
	}
	var h hashed
	if err := s.hashing(ctx, func() { h = newHashed(s.Cost, after) }); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := s.Rules.Look(cordon.Holding(tx), person, s.Clock.Now())
		if err != nil {
			return err
		}
		now, _, err := s.password(cordon.Holding(tx), person)
		if err != nil && cordon.KindOf(err) != cordon.NotFound {
			return err
		}
		if !bytes.Equal(now.Body, c.Body) {
			return cordon.Errorf(cordon.Conflict, "the password was changed meanwhile: sign in again")
		}
		if err := succeeded(tx, s.counts(name, from)); err != nil {
			return err
		}
		if err := s.putPassword(tx, person, h, view.Now); err != nil {
			return err
		}
		if err := tx.EndSessions(person, pass.Session); err != nil {
			return err
		}
		return s.record(tx, view.Now, view.Actor.Person, cordon.ActCredential, cordon.Allowed, person, string(cordon.Password))
	})
}
