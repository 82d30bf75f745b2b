package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
	"cordon/internal/usecase/people"
)

const (
	// SessionPrefix lets people and secret scanners recognise a session's
	// secret, and tells it from a token.
	SessionPrefix = "cordon-session_"
	// SessionFor is how long a session lasts at most.
	SessionFor = 12 * time.Hour
	// IdleFor is how long it lasts unused.
	IdleFor = time.Hour
	// touchEvery is how exactly the last use of a session is known.
	touchEvery = 5 * time.Minute
)

// Signed is a session as it is handed out, once.
type Signed struct {
	Session cordon.Session
	Person  cordon.Person
	Secret  string
}

// newSession signs in the person of the commit, and records it.
func (m *Methods) newSession(c *act.Commit, by cordon.CredentialKind) (Signed, error) {
	secret, person := secretOf(SessionPrefix), c.Actor.Person
	out := Signed{Secret: secret, Person: person, Session: cordon.Session{
		ID: cordon.NewID(), Person: person.ID, Hash: sha256.Sum256([]byte(secret)), By: by,
		Created: c.Now, Used: c.Now, Expires: c.Now.Add(SessionFor),
	}}
	if err := c.Tx.PutSession(out.Session); err != nil {
		return Signed{}, err
	}
	if err := m.sweep(c); err != nil {
		return Signed{}, err
	}
	return out, c.Record(cordon.Entry{Act: cordon.ActSignIn, Subject: person.ID, Reasons: []string{string(by)}})
}

func secretOf(prefix string) string {
	var b [32]byte
	rand.Read(b[:])
	return prefix + base64.RawURLEncoding.EncodeToString(b[:])
}

// Authenticate gives the principal of a session, who may do all that its person
// may. Every fault gets the same answer.
func (m *Methods) Authenticate(ctx context.Context, secret string) (cordon.Principal, error) {
	hash := sha256.Sum256([]byte(secret))
	type found struct {
		cordon.Session
		at time.Time
	}
	session, err := act.Read(ctx, m.Anyone(), signingIn, func(s *act.Snapshot) (found, error) {
		session, err := s.Tx.SessionByHash(hash)
		if cordon.KindOf(err) == cordon.KindNotFound || err == nil && !live(session, s.Now) {
			err = reader.ErrUnauthenticated
		}
		if err != nil {
			return found{}, err
		}
		_, err = reader.Person(s.Tx, session.Person)
		return found{session, s.Now}, err
	})
	if err != nil {
		return cordon.Principal{}, err
	}
	principal := cordon.Principal{Person: session.Person, Session: session.ID, Scopes: cordon.AllScopes(), Expires: session.Expires}
	if session.By == cordon.CredentialOIDC {
		principal.TokensUntil = session.Created.Add(m.Provider.tokensFor())
	}
	if session.at.Sub(session.Used) < touchEvery {
		return principal, nil
	}
	_, err = act.Do(ctx, m.As(principal), signingIn, func(*act.Snapshot) (act.Done, error) {
		return act.Done{}, nil
	}, func(c *act.Commit, _ act.Done) (act.Done, error) {
		err := c.Tx.TouchSession(session.ID, session.at)
		if cordon.KindOf(err) == cordon.KindNotFound { // ended meanwhile
			err = reader.ErrUnauthenticated
		}
		return act.Done{}, err
	})
	if err != nil {
		return cordon.Principal{}, err
	}
	return principal, nil
}

func live(session cordon.Session, now time.Time) bool {
	return now.Before(session.Expires) && now.Sub(session.Used) < IdleFor
}

// SignOut ends the caller's session.
func (m *Methods) SignOut(ctx context.Context, by act.Caller) error {
	if by.Session == "" {
		return cordon.Errorf(cordon.KindInvalid, "this is no session: a token is revoked, and a certificate taken away")
	}
	return m.EndSession(ctx, by, by.Person, by.Session)
}

// EndSession ends one session of the caller or, as an administrator, of somebody of
// their organisation.
func (m *Methods) EndSession(ctx context.Context, by act.Caller, person, id cordon.ID) error {
	_, err := act.Do(ctx, by, act.ByAnyone(cordon.ActSignOut), func(s *act.Snapshot) (cordon.ID, error) {
		return people.MayAdminister(s, person)
	}, func(c *act.Commit, person cordon.ID) (act.Done, error) {
		if err := c.Tx.EndSession(person, id); err != nil {
			return act.Done{}, err
		}
		return act.Done{}, people.Record(c, person, cordon.Entry{})
	})
	return err
}

// Sessions lists the live sessions of the caller or, as an administrator, of
// somebody of their organisation, newest first.
func (m *Methods) Sessions(ctx context.Context, by act.Caller, person cordon.ID, after cordon.Cursor, limit int) ([]cordon.Session, error) {
	return act.Read(ctx, by, signingIn, func(s *act.Snapshot) ([]cordon.Session, error) {
		person, err := people.MayAdminister(s, person)
		if err != nil {
			return nil, err
		}
		var out []cordon.Session
		for at := after; len(out) < limit; {
			list, err := s.Tx.Sessions(person, at, limit)
			if err != nil {
				return nil, err
			}
			for _, one := range list {
				if len(out) < limit && live(one, s.Now) {
					out = append(out, one)
				}
				at = cordon.Cursor{Created: one.Created, ID: one.ID}
			}
			if len(list) < limit {
				break
			}
		}
		return out, nil
	})
}
