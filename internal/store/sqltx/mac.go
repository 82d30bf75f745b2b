package sqltx

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/maphash"
	"math/bits"
	"reflect"

	"cordon"
)

// Authenticator keeps whoever can write to the database, and has not the key, from
// changing an answer unnoticed. It is shared by the transactions of one store.
//
// Each row carries a MAC (HMAC-SHA-256) over the name of its table and its columns.
// The rows of a set are summed up, and the set's row carries a MAC over the sum and a
// generation that rises with each change. So a row that was changed or made up does
// not verify; one that was taken out, exchanged or put back as it was before does not
// fit its set; and a set that was put back as a whole has a lower generation than
// this process has seen commit.
type Authenticator struct {
	key  [32]byte
	seen seenSets
}

// NewAuthenticator makes one of a key that nothing else uses.
func NewAuthenticator(key [32]byte) *Authenticator {
	return &Authenticator{key: key, seen: seenSets{seed: maphash.MakeSeed()}}
}

// mac is what a transaction computes MACs with. It is used by one goroutine.
type mac struct {
	h   hash.Hash
	buf []byte
}

func (a *Authenticator) mac() mac { return mac{h: hmac.New(sha256.New, a.key[:])} }

// row is the MAC of a row. A column that is empty (NULL, no bytes, 0, the zero time,
// or null as JSON) is left out, so that a column added later with such a default
// leaves the MACs of before valid. A blob goes by its digest.
func (m *mac) row(tb *table, r row) [32]byte {
	b := append(m.buf[:0], "row "...)
	b = framed(b, tb.name)
	for i, v := range r {
		switch v := v.(type) {
		case int64:
			if v == 0 || v == zeroTime {
				continue
			}
			b = append(framed(b, tb.columns[i]), 'i')
			b = binary.BigEndian.AppendUint64(b, uint64(v))
		case string:
			if v == "" || v == "null" {
				continue
			}
			b = framed(append(framed(b, tb.columns[i]), 's'), v)
		case []byte:
			if len(v) == 0 {
				continue
			}
			b = append(framed(b, tb.columns[i]), 'b')
			if len(v) <= sha256.Size {
				b = framed(b, string(v))
				continue
			}
			sum := sha256.Sum256(v)
			b = append(append(b, 'd'), sum[:]...)
		}
	}
	m.buf = b
	return m.of(b)
}

// set is the MAC of a set.
func (m *mac) set(id string, s setState) [32]byte {
	b := framed(append(m.buf[:0], "set "...), id)
	b = binary.BigEndian.AppendUint64(b, uint64(s.generation))
	b = binary.BigEndian.AppendUint64(b, uint64(s.rows))
	b = binary.BigEndian.AppendUint64(b, uint64(s.ticked))
	m.buf = append(b, s.sum[:]...)
	return m.of(m.buf)
}

func (m *mac) of(b []byte) (out [32]byte) {
	m.h.Reset()
	m.h.Write(b)
	m.h.Sum(out[:0])
	return out
}

// framed appends the text after its length.
func framed(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func equal(a []byte, b [32]byte) bool { return subtle.ConstantTimeCompare(a, b[:]) == 1 }

// sum is a sum of MACs, modulo 2^256. Who has not the key can choose no MAC, and so
// no rows that add up to a sum.
type sum [32]byte

func (s sum) plus(n [32]byte) (out sum) {
	var carry uint64
	for i := 24; i >= 0; i -= 8 {
		var d uint64
		d, carry = bits.Add64(binary.BigEndian.Uint64(s[i:]), binary.BigEndian.Uint64(n[i:]), carry)
		binary.BigEndian.PutUint64(out[i:], d)
	}
	return out
}

func (s sum) minus(n [32]byte) (out sum) {
	var borrow uint64
	for i := 24; i >= 0; i -= 8 {
		var d uint64
		d, borrow = bits.Sub64(binary.BigEndian.Uint64(s[i:]), binary.BigEndian.Uint64(n[i:]), borrow)
		binary.BigEndian.PutUint64(out[i:], d)
	}
	return out
}

// plain is a value as the database gives it back: an integer, text, bytes or nil.
func plain(v any) any {
	switch v := v.(type) {
	case nil, int64, string:
		return v
	case []byte:
		if v == nil {
			return nil
		}
		return v
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.String:
		return r.String()
	case reflect.Int, reflect.Int64, reflect.Int32:
		return r.Int()
	case reflect.Slice:
		if r.IsNil() {
			return nil
		}
		return r.Bytes()
	}
	panic(fmt.Sprintf("sqltx: a %T cannot be kept", v))
}

func plainRow(values []any) row {
	r := make(row, len(values))
	for i, v := range values {
		r[i] = plain(v)
	}
	return r
}

// Scan assigns the row's first values, as database/sql does with those of a result;
// nil passes over one.
func (r row) Scan(into ...any) error {
	if len(into) > len(r) {
		return fmt.Errorf("%d columns are scanned from %d", len(into), len(r))
	}
	for i, to := range into {
		if err := assign(to, r[i]); err != nil {
			return err
		}
	}
	return nil
}

func assign(to, v any) error {
	switch to := to.(type) {
	case nil:
		return nil
	case interface{ Scan(any) error }:
		return to.Scan(v)
	case *[]byte:
		switch v := v.(type) {
		case nil:
			*to = nil
			return nil
		case []byte:
			*to = v
			return nil
		case string:
			*to = []byte(v)
			return nil
		}
	}
	if p := reflect.ValueOf(to); p.Kind() == reflect.Pointer {
		switch v := v.(type) {
		case string:
			if p.Elem().Kind() == reflect.String {
				p.Elem().SetString(v)
				return nil
			}
		case int64:
			if p.Elem().CanInt() && !p.Elem().OverflowInt(v) {
				p.Elem().SetInt(v)
				return nil
			}
		}
	}
	return fmt.Errorf("%T is not kept as %T", to, v)
}

// unverified spoils the transaction.
func (t *Tx) unverified(what, why string) error {
	err := cordon.Errorf(cordon.ErrNotFound.Kind, "%s", cordon.ErrNotFound.Message).Because(&cordon.Unverified{What: what, Why: why})
	if t.err == nil {
		t.err = err
	}
	return err
}
