package sqltx

import (
	"time"

	"cordon"
)

// afterOf is the instant and id a page of a list begins after, newest first.
func afterOf(c cordon.Cursor) (int64, cordon.ID) {
	if c == (cordon.Cursor{}) {
		return 1<<63 - 1, ""
	}
	return micros(c.Created), c.ID
}

const sessionColumns = `id, person, hash, signed, created, used, expires`

func scanSession(row scanner, s *cordon.Session) error {
	return row.Scan(&s.ID, &s.Person, digest{&s.Hash}, &s.By, instant{&s.Created}, instant{&s.Used}, instant{&s.Expires})
}

// PutSession implements cordon.SignInWriter.
func (t *Tx) PutSession(s cordon.Session) error {
	return t.put(`INSERT INTO sessions (`+sessionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET person = excluded.person, hash = excluded.hash, signed = excluded.signed,
			created = excluded.created, used = excluded.used, expires = excluded.expires`,
		s.ID, s.Person, s.Hash[:], s.By, micros(s.Created), micros(s.Used), micros(s.Expires))
}

// SessionByHash implements cordon.SignInReader.
func (t *Tx) SessionByHash(hash [32]byte) (cordon.Session, error) {
	return one(t, scanSession, `SELECT `+sessionColumns+` FROM sessions WHERE hash = $1`, hash[:])
}

// Sessions implements cordon.SignInReader.
func (t *Tx) Sessions(person cordon.ID, after cordon.Cursor, limit int) ([]cordon.Session, error) {
	created, id := afterOf(after)
	return list(t, scanSession, `SELECT `+sessionColumns+` FROM sessions
		WHERE person = $1 AND (created < $2 OR created = $2 AND id < $3) ORDER BY created DESC, id DESC LIMIT $4`,
		person, created, id, int64(max(limit, 0)))
}

// TouchSession implements cordon.SignInWriter.
func (t *Tx) TouchSession(id cordon.ID, used time.Time) error {
	return t.change(`UPDATE sessions SET used = $2 WHERE id = $1`, id, micros(used))
}

// EndSession implements cordon.SignInWriter.
func (t *Tx) EndSession(person, id cordon.ID) error {
	return t.change(`DELETE FROM sessions WHERE id = $1 AND person = $2`, id, person)
}

// EndSessions implements cordon.SignInWriter.
func (t *Tx) EndSessions(person, but cordon.ID) error {
	return t.put(`DELETE FROM sessions WHERE person = $1 AND id <> $2`, person, but)
}

const credentialColumns = `id, person, kind, handle, body, created`

func scanCredential(row scanner, c *cordon.Credential) error {
	return row.Scan(&c.ID, &c.Person, &c.Kind, &c.Handle, sealed(&c.Body), instant{&c.Created})
}

// PutCredential implements cordon.SignInWriter.
func (t *Tx) PutCredential(c cordon.Credential) error {
	taken, err := list(t, scanID, `SELECT id FROM credentials WHERE handle = $1 AND id <> $2`, blobOf(c.Handle), c.ID)
	if err != nil {
		return err
	}
	if len(taken) > 0 {
		return conflict("this credential")
	}
	_, err = t.alter(c.ID, `INSERT INTO credentials (`+credentialColumns+`) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET person = excluded.person, kind = excluded.kind, handle = excluded.handle,
			body = excluded.body, created = excluded.created`,
		c.ID, c.Person, c.Kind, blobOf(c.Handle), blob(c.Body), micros(c.Created))
	return err
}

// blobOf is bytes to be bound where there is no NULL.
func blobOf(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// CredentialByHandle implements cordon.SignInReader.
func (t *Tx) CredentialByHandle(kind cordon.CredentialKind, handle []byte) (cordon.Credential, error) {
	c, err := one(t, scanCredential, `SELECT `+credentialColumns+` FROM credentials WHERE handle = $1`, blobOf(handle))
	if err == nil && c.Kind != kind {
		return cordon.Credential{}, cordon.ErrNotFound
	}
	return c, err
}

// HoldCredentialByHandle implements cordon.Holder.
func (t *Tx) HoldCredentialByHandle(kind cordon.CredentialKind, handle []byte) (cordon.Credential, error) {
	c, err := hold(t, scanCredential, func(c *cordon.Credential) cordon.ID { return c.ID },
		`SELECT `+credentialColumns+` FROM credentials WHERE handle = $1`, blobOf(handle))
	if err == nil && c.Kind != kind {
		return cordon.Credential{}, cordon.ErrNotFound
	}
	return c, err
}

// Credentials implements cordon.SignInReader.
func (t *Tx) Credentials(person cordon.ID) ([]cordon.Credential, error) {
	return list(t, scanCredential, `SELECT `+credentialColumns+` FROM credentials WHERE person = $1 ORDER BY created, id`, person)
}

// DropCredential implements cordon.SignInWriter.
func (t *Tx) DropCredential(id cordon.ID) error {
	return t.touch(id, `DELETE FROM credentials WHERE id = $1`)
}

// PutAttempts implements cordon.SignInWriter.
func (t *Tx) PutAttempts(a cordon.Attempts) error {
	return t.put(`INSERT INTO attempts (key, failures, at, until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, at = excluded.at, until = excluded.until`,
		blobOf(a.Key), int64(a.Failures), micros(a.At), micros(a.Until))
}

// Attempts implements cordon.SignInReader.
func (t *Tx) Attempts(key []byte) (cordon.Attempts, error) {
	scan := func(row scanner, a *cordon.Attempts) error {
		return row.Scan(&a.Key, &a.Failures, instant{&a.At}, instant{&a.Until})
	}
	return one(t, scan, `SELECT key, failures, at, until FROM attempts WHERE key = $1`, blobOf(key))
}

// Sweep implements cordon.SignInWriter.
func (t *Tx) Sweep(before time.Time) error {
	for _, statement := range []string{
		`DELETE FROM sessions WHERE expires < $1`,
		`DELETE FROM attempts WHERE at < $1`,
		`DELETE FROM credentials WHERE kind = '` + string(cordon.CredentialEnrolment) + `' AND created < $1`,
	} {
		if err := t.put(statement, micros(before)); err != nil {
			return err
		}
	}
	return nil
}
