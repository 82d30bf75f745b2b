package sqltx

import (
	"time"

	"cordon"
)

// Meta implements cordon.MetaReader.
func (t *Tx) Meta(key string) ([]byte, error) {
	return findHead(t, metaTable, "meta/"+key, scanSecond, `WHERE key = $1`, key)
}

// PutMeta implements cordon.MetaWriter.
func (t *Tx) PutMeta(key string, value []byte) error {
	if value == nil {
		value = []byte{}
	}
	return t.save(metaTable, key, value)
}

// OwnerKey implements cordon.MetaReader.
func (t *Tx) OwnerKey(owner cordon.ID) (cordon.Sealed, error) {
	return findHead(t, ownerKeysTable, setOf(ownerKeysTable, owner), scanSecond, `WHERE owner = $1`, owner)
}

// PutOwnerKey implements cordon.MetaWriter.
func (t *Tx) PutOwnerKey(owner cordon.ID, key cordon.Sealed) error {
	return t.addOne("the owner's key", ownerKeysTable, owner, blob(key))
}

// Answer implements cordon.MetaReader.
func (t *Tx) Answer(key []byte) (cordon.Sealed, error) {
	return findOne(t, answersTable, scanSecond, `WHERE key = $1`, key)
}

// PutAnswer implements cordon.MetaWriter.
func (t *Tx) PutAnswer(key []byte, answer cordon.Sealed, at time.Time) error {
	return t.addOne("an answer under this idempotency key", answersTable, key, blob(answer), micros(at))
}

// scanSecond scans the second column of a row.
func scanSecond(row scanner, b *[]byte) error { return row.Scan(nil, b) }
