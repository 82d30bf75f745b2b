package sqltx

import (
	"cmp"
	"database/sql/driver"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"cordon"
)

// scanner is a row of a result.
type scanner interface{ Scan(...any) error }

// micros is a time as the database keeps it. The zero time is a number like
// any other and comes back as the zero time.
func micros(t time.Time) int64 { return t.UnixMicro() }

var zeroTime = micros(time.Time{})

// instant scans into a time.
type instant struct{ t *time.Time }

func (i instant) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a time is kept as an integer, not as %T", v)
	}
	*i.t = time.UnixMicro(n).UTC()
	return nil
}

// asJSON is a value as JSON text.
func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("sqltx: what is kept as JSON always encodes: " + err.Error())
	}
	return string(b)
}

// fromJSON scans JSON text into what v points at.
type fromJSON struct{ v any }

func (j fromJSON) Scan(v any) error {
	switch s := v.(type) {
	case string:
		return json.Unmarshal([]byte(s), j.v)
	case []byte:
		return json.Unmarshal(s, j.v)
	}
	return fmt.Errorf("JSON is kept as text, not as %T", v)
}

// flag scans a 0 or 1.
type flag struct{ b *bool }

func (f flag) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a flag is kept as an integer, not as %T", v)
	}
	*f.b = n != 0
	return nil
}

func asFlag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// blob is bytes to be bound, nil as NULL.
func blob[B ~[]byte](b B) driver.Value {
	if b == nil {
		return nil
	}
	return []byte(b)
}

// sealed is where to scan a sealed column to.
func sealed(s *cordon.Sealed) *[]byte { return (*[]byte)(s) }

// digest scans a SHA-256.
type digest struct{ sum *[32]byte }

func (d digest) Scan(v any) error {
	b, ok := v.([]byte)
	if !ok || len(b) != len(d.sum) {
		return fmt.Errorf("a hash is kept as %d bytes", len(d.sum))
	}
	copy(d.sum[:], b)
	return nil
}

// placeBytes is the length of the instant in a place.
const placeBytes = 8

// place is an instant and an id as bytes that sort as the pair does, so that
// one column orders a list, breaks its ties and holds its cursor.
func place(created time.Time, id cordon.ID) []byte { return placeFrom(micros(created), id) }

func placeFrom(at int64, id cordon.ID) []byte {
	b := make([]byte, placeBytes, placeBytes+len(id))
	// Flipping the sign bit sorts instants before 1970 before the others.
	binary.BigEndian.PutUint64(b, uint64(at)^(1<<63))
	return append(b, id...)
}

// placeAt is the instant in a place, in microseconds.
func placeAt(p []byte) int64 { return int64(binary.BigEndian.Uint64(p) ^ (1 << 63)) }

// placeID is the id in a place.
func placeID(p []byte) cordon.ID { return cordon.ID(p[placeBytes:]) }

// before is the place that a page begins after: beyond every other for the
// start of a list.
func before(c cordon.Cursor) []byte {
	if c == (cordon.Cursor{}) {
		return []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	}
	return place(c.Created, c.ID)
}

// pack keeps numbers as eight bytes each, ascending and without repeats.
func pack(numbers []int64) []byte {
	b := make([]byte, 0, 8*len(numbers))
	for _, n := range distinct(numbers) {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return b
}

func unpack(b []byte) []int64 {
	numbers := make([]int64, 0, len(b)/8)
	for len(b) >= 8 {
		numbers = append(numbers, int64(binary.BigEndian.Uint64(b)))
		b = b[8:]
	}
	return numbers
}

func distinct[T cmp.Ordered](list []T) []T {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// ids binds a list of ids, nos one of rule numbers.
func (t *Tx) ids(ids []cordon.ID) any {
	s := make([]string, len(ids))
	for i, id := range ids {
		s[i] = string(id)
	}
	return t.d.Strings(s)
}

func (t *Tx) nos(rules []cordon.RuleNo) any {
	n := make([]int64, len(rules))
	for i, r := range rules {
		n[i] = int64(r)
	}
	return t.d.Numbers(n)
}

// scanID scans a row of one id.
func scanID(row scanner, id *cordon.ID) error { return row.Scan(id) }

// scanBytes scans a row of one byte string.
func scanBytes(row scanner, b *[]byte) error { return row.Scan(b) }

// scanInt scans a row of one number.
func scanInt(row scanner, n *int64) error { return row.Scan(n) }
