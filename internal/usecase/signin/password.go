package signin

import (
	"bytes"
	"context"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
)

// passwordBody is the body of a password's credential.
type passwordBody struct {
	PHC string
}

// passwordHandle is the handle of a person's one password.
func (m *Methods) passwordHandle(person cordon.ID) []byte {
	return m.keyed("password of", string(person))
}

// password is the person's credential and what it holds; ErrNotFound where they
// have none.
func (m *Methods) password(tx cordon.SignInReader, person cordon.ID) (cordon.Credential, hashed, error) {
	c, err := tx.CredentialByHandle(cordon.CredentialPassword, m.passwordHandle(person))
	if err != nil {
		return c, hashed{}, err
	}
	var body passwordBody
	if err := m.open(&c, &body); err != nil {
		return c, hashed{}, err
	}
	h, err := parseHashed(body.PHC)
	return c, h, err
}

// putPassword gives the person a password in place of the one they have.
func (m *Methods) putPassword(c *act.Commit, person cordon.ID, h hashed) error {
	one, err := c.Snapshot.Tx.CredentialByHandle(cordon.CredentialPassword, m.passwordHandle(person))
	switch {
	case cordon.KindOf(err) == cordon.KindNotFound:
		one = cordon.Credential{ID: cordon.NewID(), Person: person, Kind: cordon.CredentialPassword, Handle: m.passwordHandle(person)}
	case err != nil:
		return err
	}
	one.Created = c.Now
	if err := m.seal(&one, passwordBody{PHC: h.String()}); err != nil {
		return err
	}
	return c.Tx.PutCredential(one)
}

// WithPassword signs in the person of the name, ORG/Name, from an address. An
// attempt that has to wait is TooMany; every other fault gets the same answer.
func (m *Methods) WithPassword(ctx context.Context, name, password, from string) (Signed, error) {
	if len(name) > cordon.MaxNameBytes || len(password) > MaxPasswordBytes {
		return Signed{}, reader.ErrUnauthenticated
	}
	counts := m.counts(name, from)
	checked, err := m.checkPassword(ctx, name, password, counts)
	if err != nil {
		return Signed{}, err
	}
	return m.noteSweep(act.Do(ctx, m.Anyone(), signingIn, func(s *act.Snapshot) (act.Done, error) {
		now, _, err := m.password(s.Tx, checked.Person)
		if cordon.KindOf(err) == cordon.KindNotFound || err == nil && !bytes.Equal(now.Body, checked.Body) {
			err = reader.ErrUnauthenticated // changed meanwhile
		}
		return act.Done{}, refusal(err, checked.Person, cordon.CredentialPassword)
	}, func(c *act.Commit, _ act.Done) (Signed, error) {
		if err := succeeded(c.Tx, counts); err != nil {
			return Signed{}, err
		}
		c, err := c.As(checked.Person)
		if err != nil {
			return Signed{}, err
		}
		return m.newSession(c, cordon.CredentialPassword)
	}))
}

// checkPassword gives the credential that the password is right for. The attempt
// is counted first; then the password is hashed, outside of any transaction,
// against a made-up one where there is none; then a failure is recorded,
// whomever it concerns.
func (m *Methods) checkPassword(ctx context.Context, name, password string, counts []count) (cordon.Credential, error) {
	type attempt struct {
		counted    []cordon.Attempts
		person     cordon.Person
		credential cordon.Credential
		hash       hashed
	}
	a, err := act.Do(ctx, m.Anyone(), signingIn, func(s *act.Snapshot) (a attempt, err error) {
		if a.counted, err = counted(s.Tx, counts, s.Now); err != nil {
			return a, err
		}
		if a.person, err = find(s.Tx, name); err != nil && cordon.KindOf(err) != cordon.KindNotFound {
			return a, err
		}
		a.credential, a.hash, err = m.password(s.Tx, a.person.ID)
		if cordon.KindOf(err) == cordon.KindNotFound {
			a.hash, err = m.dummy, nil
		}
		return a, err
	}, func(c *act.Commit, a attempt) (attempt, error) {
		for _, count := range a.counted {
			if err := c.Tx.PutAttempts(count); err != nil {
				return a, err
			}
		}
		return a, nil
	})
	if err != nil {
		return cordon.Credential{}, err
	}
	var right bool
	if err := m.hashing(ctx, func() { right = a.hash.is(password) }); err != nil {
		return cordon.Credential{}, err
	}
	if right && a.credential.ID != "" && !a.person.Suspended {
		return a.credential, nil
	}
	return cordon.Credential{}, act.Refuse(ctx, m.Anyone(), signingIn, refusal(reader.ErrUnauthenticated, a.person.ID, cordon.CredentialPassword))
}

// ChangePassword gives the caller a new password in exchange for the old one.
// It ends all their other sessions. A wrong old password counts as a failed
// attempt.
func (m *Methods) ChangePassword(ctx context.Context, by act.Caller, before, after, from string) error {
	if err := fit(after); err != nil {
		return err
	}
	changing := act.ByAnyone(cordon.ActCredential)
	name, err := act.Read(ctx, by, changing, func(s *act.Snapshot) (string, error) {
		return s.Actor.Org.Name + "/" + s.Actor.Person.Name, nil
	})
	if err != nil {
		return err
	}
	counts := m.counts(name, from)
	checked, err := m.checkPassword(ctx, name, before, counts)
	if cordon.KindOf(err) == cordon.KindUnauthenticated {
		return cordon.Errorf(cordon.KindDenied, "this is not the password you have: if you have none, an administrator can enrol you")
	}
	if err != nil {
		return err
	}
	var h hashed
	if err := m.hashing(ctx, func() { h = newHashed(m.Cost, after) }); err != nil {
		return err
	}
	_, err = act.Do(ctx, by, changing, func(s *act.Snapshot) (act.Done, error) {
		now, _, err := m.password(s.Tx, checked.Person)
		if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
			return act.Done{}, err
		}
		if !bytes.Equal(now.Body, checked.Body) {
			return act.Done{}, cordon.Errorf(cordon.KindConflict, "the password was changed meanwhile: sign in again")
		}
		return act.Done{}, nil
	}, func(c *act.Commit, _ act.Done) (act.Done, error) {
		if err := succeeded(c.Tx, counts); err != nil {
			return act.Done{}, err
		}
		if err := m.putPassword(c, by.Person, h); err != nil {
			return act.Done{}, err
		}
		if err := c.Tx.EndSessions(by.Person, by.Session); err != nil {
			return act.Done{}, err
		}
		return act.Done{}, c.Record(credentialEntry(by.Person, cordon.CredentialPassword))
	})
	return err
}
