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

func scanSession(row scanner, s *cordon.Session) error {
	return row.Scan(&s.ID, &s.Person, digest{&s.Hash}, &s.By, instant{&s.Created}, instant{&s.Used}, instant{&s.Expires})
}

// PutSession implements cordon.SignInWriter.
func (t *Tx) PutSession(s cordon.Session) error {
	return t.save(sessionsTable, s.ID, s.Person, s.Hash[:], s.By, micros(s.Created), micros(s.Used), micros(s.Expires))
}

// SessionByHash implements cordon.SignInReader.
func (t *Tx) SessionByHash(hash [32]byte) (cordon.Session, error) {
	s, err := findOne(t, sessionsTable, scanSession, `WHERE hash = $1`, hash[:])
	if err == nil {
		err = t.checkWhole(sessionsTable, "sessions/"+string(s.Person), `person = $1`, s.Person)
	}
	return s, err
}

// Sessions implements cordon.SignInReader.
func (t *Tx) Sessions(person cordon.ID, after cordon.Cursor, limit int) ([]cordon.Session, error) {
	created, id := afterOf(after)
	return find(t, sessionsTable, scanSession, `WHERE person = $1 AND (created < $2 OR created = $2 AND id < $3) ORDER BY created DESC, id DESC LIMIT $4`,
		person, created, id, int64(max(limit, 0)))
}

// TouchSession implements cordon.SignInWriter.
func (t *Tx) TouchSession(id cordon.ID, used time.Time) error {
	return t.amendOne(sessionsTable, changes{"used": micros(used)}, `id = $1`, id)
}

// EndSession implements cordon.SignInWriter.
func (t *Tx) EndSession(person, id cordon.ID) error {
	return t.removeOne(sessionsTable, `id = $1 AND person = $2`, id, person)
}

// EndSessions implements cordon.SignInWriter.
func (t *Tx) EndSessions(person, but cordon.ID) error {
	_, err := t.remove(sessionsTable, `person = $1 AND id <> $2`, person, but)
	return err
}

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
	return t.save(credentialsTable, c.ID, c.Person, c.Kind, blobOf(c.Handle), blob(c.Body), micros(c.Created))
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
	c, err := t.credential(findOne(t, credentialsTable, scanCredential, `WHERE handle = $1`, blobOf(handle)))
	if err == nil && c.Kind != kind {
		return cordon.Credential{}, cordon.ErrNotFound
	}
	return c, err
}

// HoldCredentialByHandle implements cordon.Holder.
func (t *Tx) HoldCredentialByHandle(kind cordon.CredentialKind, handle []byte) (cordon.Credential, error) {
	c, err := t.credential(hold(t, credentialsTable, scanCredential, func(c *cordon.Credential) cordon.ID { return c.ID }, false,
		`WHERE handle = $1`, blobOf(handle)))
	if err == nil && c.Kind != kind {
		return cordon.Credential{}, cordon.ErrNotFound
	}
	return c, err
}

// Credentials implements cordon.SignInReader.
func (t *Tx) Credentials(person cordon.ID) ([]cordon.Credential, error) {
	return findSet(t, credentialsTable, "credentials/"+string(person), scanCredential, `WHERE person = $1 ORDER BY created, id`, person)
}

// credential has one hold as one of its person's, of which none is missing and none
// was put back.
func (t *Tx) credential(c cordon.Credential, err error) (cordon.Credential, error) {
	if err == nil {
		err = t.checkWhole(credentialsTable, "credentials/"+string(c.Person), `person = $1`, c.Person)
	}
	return c, err
}

// DropCredential implements cordon.SignInWriter.
func (t *Tx) DropCredential(id cordon.ID) error {
	return t.removeOne(credentialsTable, `id = $1`, id)
}

// PutAttempts implements cordon.SignInWriter.
func (t *Tx) PutAttempts(a cordon.Attempts) error {
	return t.save(attemptsTable, blobOf(a.Key), int64(a.Failures), micros(a.At), micros(a.Until))
}

// Attempts implements cordon.SignInReader.
func (t *Tx) Attempts(key []byte) (cordon.Attempts, error) {
	scan := func(row scanner, a *cordon.Attempts) error {
		return row.Scan(&a.Key, &a.Failures, instant{&a.At}, instant{&a.Until})
	}
	return findOne(t, attemptsTable, scan, `WHERE key = $1`, blobOf(key))
}

// Sweep implements cordon.SignInWriter.
func (t *Tx) Sweep(before time.Time) error {
	_, err := t.remove(sessionsTable, `expires < $1`, micros(before))
	if err == nil {
		_, err = t.remove(attemptsTable, `at < $1`, micros(before))
	}
	if err == nil {
		_, err = t.remove(credentialsTable, `kind = $2 AND created < $1`, micros(before), string(cordon.CredentialEnrolment))
	}
	return err
}
