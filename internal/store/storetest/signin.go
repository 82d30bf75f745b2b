package storetest

import (
	"testing"
	"time"

	"cordon"
)

// somebody is a person of an organisation of their own.
func somebody(tx cordon.WriteTx) (cordon.Person, error) {
	o, err := organisation(tx)
	if err != nil {
		return cordon.Person{}, err
	}
	return person(tx, o.ID)
}

func signInTrips() []trip {
	return []trip{
		roundTrip("Session", func(v *cordon.Session) *cordon.ID { return &v.ID },
			func(tx cordon.WriteTx, v *cordon.Session) error {
				p, err := somebody(tx)
				v.Person = p.ID
				return err
			},
			func(tx cordon.WriteTx, v cordon.Session) error { return tx.PutSession(v) },
			func(tx cordon.ReadTx, v cordon.Session) (cordon.Session, error) { return tx.SessionByHash(v.Hash) }, true),
		roundTrip("Credential", func(v *cordon.Credential) *cordon.ID { return &v.ID },
			func(tx cordon.WriteTx, v *cordon.Credential) error {
				p, err := somebody(tx)
				if v.Handle == nil {
					v.Handle = []byte(cordon.NewID())
				}
				v.Person = p.ID
				return err
			},
			func(tx cordon.WriteTx, v cordon.Credential) error { return tx.PutCredential(v) },
			func(tx cordon.ReadTx, v cordon.Credential) (cordon.Credential, error) {
				return tx.CredentialByHandle(v.Kind, v.Handle)
			}, true),
		roundTrip("TokenByID", func(v *cordon.Token) *cordon.ID { return &v.ID },
			func(tx cordon.WriteTx, v *cordon.Token) error {
				p, err := somebody(tx)
				v.Person = p.ID
				if v.Hash == [32]byte{} {
					v.Hash = filled[cordon.Token]().Hash
				}
				return err
			},
			func(tx cordon.WriteTx, v cordon.Token) error { return tx.PutToken(v) },
			func(tx cordon.ReadTx, v cordon.Token) (cordon.Token, error) { return tx.Token(v.ID) }, true),
	}
}

func testSignIn(t *testing.T, s cordon.Store) {
	for _, c := range signInTrips() {
		t.Run(c.name, func(t *testing.T) { c.run(t, s) })
	}
}

func testTokens(t *testing.T, s cordon.Store) {
	var newest []cordon.Token
	var who cordon.Person
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if who, err = somebody(tx); err != nil {
			return err
		}
		other, err := somebody(tx)
		if err != nil {
			return err
		}
		newest = nil
		for i := range 4 {
			k := filled[cordon.Token]()
			k.Person, k.Created, k.MadeWith = who.ID, base.Add(-time.Duration(i)*time.Second), ""
			if i > 0 {
				k.MadeWith = newest[0].ID
			}
			if err := tx.PutToken(k); err != nil {
				return err
			}
			newest = append(newest, k)
		}
		k := filled[cordon.Token]()
		k.Person = other.ID
		return tx.PutToken(k)
	})
	page := func(after cordon.Cursor, limit int) []cordon.Token {
		return look(t, s, func(tx cordon.ReadTx) ([]cordon.Token, error) { return tx.Tokens(who.ID, after, limit) })
	}
	equal(t, "a page", page(cordon.Cursor{}, 3), newest[:3])
	equal(t, "the next", page(cordon.Cursor{Created: newest[2].Created, ID: newest[2].ID}, 3), newest[3:])
	equal(t, "made with it, oldest first", look(t, s, func(tx cordon.ReadTx) ([]cordon.Token, error) { return tx.TokensMadeWith(newest[0].ID) }),
		[]cordon.Token{newest[3], newest[2], newest[1]})
}

func testSessions(t *testing.T, s cordon.Store) {
	var newest []cordon.Session
	var who, other cordon.Person
	var elsewhere cordon.Session
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if who, err = somebody(tx); err != nil {
			return err
		}
		if other, err = somebody(tx); err != nil {
			return err
		}
		newest = nil
		for i := range 4 {
			v := filled[cordon.Session]()
			v.Person, v.Created = who.ID, base.Add(-time.Duration(i/2)*time.Second) // two of one instant
			if err := tx.PutSession(v); err != nil {
				return err
			}
			newest = append(newest, v)
		}
		for i := 0; i < 4; i += 2 {
			if newest[i].ID < newest[i+1].ID {
				newest[i], newest[i+1] = newest[i+1], newest[i]
			}
		}
		elsewhere = filled[cordon.Session]()
		elsewhere.Person = other.ID
		return tx.PutSession(elsewhere)
	})
	page := func(person cordon.ID, after cordon.Cursor, limit int) []cordon.Session {
		return look(t, s, func(tx cordon.ReadTx) ([]cordon.Session, error) { return tx.Sessions(person, after, limit) })
	}
	equal(t, "a page", page(who.ID, cordon.Cursor{}, 3), newest[:3])
	equal(t, "the next", page(who.ID, cordon.Cursor{Created: newest[2].Created, ID: newest[2].ID}, 3), newest[3:])

	newest[0].Used = base.Add(time.Hour)
	update(t, s, func(tx cordon.WriteTx) error { return tx.TouchSession(newest[0].ID, newest[0].Used) })
	equal(t, "touched", page(who.ID, cordon.Cursor{}, 9), newest)
	wantKind(t, "ending another's", s.Update(t.Context(), func(tx cordon.WriteTx) error { return tx.EndSession(other.ID, newest[0].ID) }), cordon.KindNotFound)
	update(t, s, func(tx cordon.WriteTx) error { return tx.EndSession(who.ID, newest[1].ID) })
	wantKind(t, "touching what is ended", s.Update(t.Context(), func(tx cordon.WriteTx) error { return tx.TouchSession(newest[1].ID, base) }), cordon.KindNotFound)
	update(t, s, func(tx cordon.WriteTx) error { return tx.EndSessions(who.ID, newest[2].ID) })
	equal(t, "all but one ended", page(who.ID, cordon.Cursor{}, 9), newest[2:3])
	update(t, s, func(tx cordon.WriteTx) error { return tx.EndSessions(who.ID, "") })
	equal(t, "all ended", page(who.ID, cordon.Cursor{}, 9), []cordon.Session(nil))
	equal(t, "another's", page(other.ID, cordon.Cursor{}, 9), []cordon.Session{elsewhere})
}

func testCredentials(t *testing.T, s cordon.Store) {
	var who cordon.Person
	var older, newer cordon.Credential
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if who, err = somebody(tx); err != nil {
			return err
		}
		older, newer = filled[cordon.Credential](), filled[cordon.Credential]()
		older.Handle, newer.Handle = []byte(cordon.NewID()), []byte(cordon.NewID())
		older.Person, newer.Person = who.ID, who.ID
		older.Created, newer.Created = base, base.Add(time.Second)
		if err := tx.PutCredential(newer); err != nil {
			return err
		}
		return tx.PutCredential(older)
	})
	all := func() []cordon.Credential {
		return look(t, s, func(tx cordon.ReadTx) ([]cordon.Credential, error) { return tx.Credentials(who.ID) })
	}
	equal(t, "oldest first", all(), []cordon.Credential{older, newer})
	wantKind(t, "a second of one handle", s.Update(t.Context(), func(tx cordon.WriteTx) error {
		again := newer
		again.ID = cordon.NewID()
		return tx.PutCredential(again)
	}), cordon.KindConflict)
	wantKind(t, "as another kind", s.View(t.Context(), func(tx cordon.ReadTx) error {
		_, err := tx.CredentialByHandle(cordon.CredentialPasskey, newer.Handle)
		return err
	}), cordon.KindNotFound)
	update(t, s, func(tx cordon.WriteTx) error { return tx.DropCredential(older.ID) })
	equal(t, "one dropped", all(), []cordon.Credential{newer})
	wantKind(t, "dropped twice", s.Update(t.Context(), func(tx cordon.WriteTx) error { return tx.DropCredential(older.ID) }), cordon.KindNotFound)
}

func testAttempts(t *testing.T, s cordon.Store) {
	a := cordon.Attempts{Key: []byte(cordon.NewID()), Failures: 3, At: base, Until: base.Add(time.Minute)}
	count := func(key []byte) (cordon.Attempts, error) {
		var got cordon.Attempts
		err := s.View(t.Context(), func(tx cordon.ReadTx) (err error) {
			got, err = tx.Attempts(key)
			return err
		})
		return got, err
	}
	if _, err := count(a.Key); cordon.KindOf(err) != cordon.KindNotFound {
		t.Fatalf("before the first: %v", err)
	}
	for a.Failures < 6 {
		a.Failures++
		a.At = a.At.Add(time.Second)
		update(t, s, func(tx cordon.WriteTx) error { return tx.PutAttempts(a) })
		got, err := count(a.Key)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "counted", got, a)
	}
	kept := cordon.Attempts{Key: []byte(cordon.NewID()), At: base.Add(time.Hour), Until: base}
	expired, live := filled[cordon.Session](), filled[cordon.Session]()
	expired.Expires, live.Expires = base, base.Add(time.Hour)
	enrolment, passkey := filled[cordon.Credential](), filled[cordon.Credential]()
	enrolment.Kind, passkey.Kind = cordon.CredentialEnrolment, cordon.CredentialPasskey
	enrolment.Created, passkey.Created = base, base
	enrolment.Handle, passkey.Handle = []byte(cordon.NewID()), []byte(cordon.NewID())
	update(t, s, func(tx cordon.WriteTx) error {
		p, err := somebody(tx)
		if err != nil {
			return err
		}
		expired.Person, live.Person, enrolment.Person, passkey.Person = p.ID, p.ID, p.ID, p.ID
		for _, err := range []error{
			tx.PutAttempts(kept), tx.PutSession(expired), tx.PutSession(live), tx.PutCredential(enrolment), tx.PutCredential(passkey),
			tx.Sweep(base.Add(time.Minute)),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if _, err := count(a.Key); cordon.KindOf(err) != cordon.KindNotFound {
		t.Errorf("swept attempts: %v", err)
	}
	if _, err := count(kept.Key); err != nil {
		t.Errorf("attempts made since: %v", err)
	}
	equal(t, "sessions not expired", look(t, s, func(tx cordon.ReadTx) ([]cordon.Session, error) {
		return tx.Sessions(live.Person, cordon.Cursor{}, 9)
	}), []cordon.Session{live})
	equal(t, "credentials that are no old enrolments", look(t, s, func(tx cordon.ReadTx) ([]cordon.Credential, error) {
		return tx.Credentials(live.Person)
	}), []cordon.Credential{passkey})
}
