package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"cordon"
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
	// touchEvery is how exactly it is known when a session was last used.
	touchEvery = 5 * time.Minute
)

// Signed is a session as it is handed out, once.
type Signed struct {
	Session cordon.Session
	Person  cordon.Person
	Secret  string
}

// newSession signs the person in, in the transaction, and says so in the
// ledger. A suspended person is refused like one who is not there.
func (s *Service) newSession(tx cordon.WriteTx, person cordon.ID, by cordon.CredentialKind) (Signed, error) {
	view, err := s.Rules.Look(cordon.Holding(tx), person, s.Clock.Now())
	if err != nil {
		return Signed{}, err
	}
	secret := secretOf(SessionPrefix)
	out := Signed{Secret: secret, Person: view.Actor.Person, Session: cordon.Session{
		ID: cordon.NewID(), Person: person, Hash: sha256.Sum256([]byte(secret)), By: by,
		Created: view.Now, Used: view.Now, Expires: view.Now.Add(SessionFor),
	}}
	if err := tx.PutSession(out.Session); err != nil {
		return Signed{}, err
	}
	if err := s.sweep(tx, view.Now); err != nil {
		return Signed{}, err
	}
	return out, s.record(tx, view.Now, out.Person, cordon.ActSignIn, cordon.Allowed, person, string(by))
}

func secretOf(prefix string) string {
	var b [32]byte
	rand.Read(b[:])
	return prefix + base64.RawURLEncoding.EncodeToString(b[:])
}

// Authenticate gives what a session lets its bearer do: all that its person
// may. Whatever is wrong with it the answer is the same.
func (s *Service) Authenticate(ctx context.Context, secret string) (cordon.Pass, error) {
	var session cordon.Session
	hash := sha256.Sum256([]byte(secret))
	now := s.Clock.Now()
	err := s.Store.View(ctx, func(tx cordon.ReadTx) (err error) {
		session, err = tx.SessionByHash(hash)
		if cordon.KindOf(err) == cordon.NotFound {
			return reader.ErrUnauthenticated
		}
		if err != nil {
			return err
		}
		if !live(session, now) {
			return reader.ErrUnauthenticated
		}
		_, err = s.Rules.Look(tx, session.Person, now)
		return err
	})
	if err != nil {
		return cordon.Pass{}, err
	}
	if now.Sub(session.Used) >= touchEvery {
		err := s.Store.Update(ctx, func(tx cordon.WriteTx) error { return tx.TouchSession(session.ID, now) })
		if cordon.KindOf(err) == cordon.NotFound { // ended meanwhile
			err = reader.ErrUnauthenticated
		}
		if err != nil {
			return cordon.Pass{}, err
		}
	}
	return cordon.Pass{Person: session.Person, Session: session.ID, Scopes: cordon.AllScopes(), Expires: session.Expires}, nil
}

func live(session cordon.Session, now time.Time) bool {
	return now.Before(session.Expires) && now.Sub(session.Used) < IdleFor
}

// SignOut ends the session of the pass.
func (s *Service) SignOut(ctx context.Context, pass cordon.Pass) error {
	if pass.Session == "" {
		return cordon.Errorf(cordon.Invalid, "this is no session: a token is revoked, and a certificate taken away")
	}
	return s.EndSession(ctx, pass, pass.Person, pass.Session)
}

// EndSession ends one session of the person: one's own, or anybody's for an
// administrator.
func (s *Service) EndSession(ctx context.Context, by cordon.Pass, person, id cordon.ID) error {
	return s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := people.Keeper(s.People, cordon.Holding(tx), by, person)
		if err != nil {
			return err
		}
		if err := tx.EndSession(person, id); err != nil {
			return err
		}
		return s.record(tx, view.Now, view.Actor.Person, cordon.ActSignOut, cordon.Allowed, person)
	})
}

// Sessions lists a person's live sessions, newest first: one's own, or
// anybody's for an administrator.
func (s *Service) Sessions(ctx context.Context, by cordon.Pass, person cordon.ID, after cordon.Cursor, limit int) ([]cordon.Session, error) {
	var out []cordon.Session
	err := s.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := people.Keeper(s.People, tx, by, person)
		if err != nil {
			return err
		}
		out = nil
		for at := after; len(out) < limit; {
			list, err := tx.Sessions(person, at, limit)
			if err != nil {
				return err
			}
			for _, one := range list {
				if len(out) < limit && live(one, view.Now) {
					out = append(out, one)
				}
				at = cordon.Cursor{Created: one.Created, ID: one.ID}
			}
			if len(list) < limit {
				return nil
			}
		}
		return nil
	})
	return out, err
}
