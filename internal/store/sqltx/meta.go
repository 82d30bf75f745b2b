package sqltx

import (
	"time"

	"cordon"
)

// Meta implements cordon.MetaReader.
func (t *Tx) Meta(key string) ([]byte, error) {
	return one(t, scanBytes, `SELECT value FROM meta WHERE key = $1`, key)
}

// PutMeta implements cordon.MetaWriter.
func (t *Tx) PutMeta(key string, value []byte) error {
	if value == nil {
		value = []byte{}
	}
	return t.put(`INSERT INTO meta (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
}

// OwnerKey implements cordon.MetaReader.
func (t *Tx) OwnerKey(owner cordon.ID) (cordon.Sealed, error) {
	return one(t, scanBytes, `SELECT key FROM owner_keys WHERE owner = $1`, owner)
}

// PutOwnerKey implements cordon.MetaWriter.
func (t *Tx) PutOwnerKey(owner cordon.ID, key cordon.Sealed) error {
	return t.add("the owner's key", `INSERT INTO owner_keys (owner, key) VALUES ($1, $2)
		ON CONFLICT DO NOTHING`, owner, blob(key))
}

// Answer implements cordon.MetaReader.
func (t *Tx) Answer(key []byte) (cordon.Sealed, error) {
	return one(t, scanBytes, `SELECT answer FROM answers WHERE key = $1`, key)
}

// PutAnswer implements cordon.MetaWriter.
func (t *Tx) PutAnswer(key []byte, answer cordon.Sealed, at time.Time) error {
	return t.add("an answer under this idempotency key", `INSERT INTO answers (key, answer, at)
		VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, key, blob(answer), micros(at))
}
