package cordon

import (
	"crypto/rand"
	"encoding/base32"
)

// ID names a thing. It is 128 random bits in lower-case base32 (26
// characters), so that it counts nothing and says nothing of what it names.
type ID string

var idEncoding = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// NewID draws an ID from the operating system's random source.
func NewID() ID {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	return ID(idEncoding.EncodeToString(b[:]))
}

// Valid reports whether the text has the form of an ID. A text without it is
// refused before it reaches a store.
func (id ID) Valid() bool {
	b, err := idEncoding.DecodeString(string(id))
	return err == nil && len(b) == 16
}

// Bytes is the 128 bits of a valid ID.
func (id ID) Bytes() (b [16]byte, ok bool) {
	raw, err := idEncoding.DecodeString(string(id))
	if err != nil || len(raw) != len(b) {
		return b, false
	}
	copy(b[:], raw)
	// Spelt as NewID would spell it: the last letter has bits to spare.
	return b, IDOf(b) == id
}

// IDOf is the ID of the bits.
func IDOf(b [16]byte) ID { return ID(idEncoding.EncodeToString(b[:])) }
