// Package dump is the form in which a store is carried from one database to another:
// every table, row by row, as no engine has it for itself. It knows no table; package
// sqltx says what is in them.
//
// A dump is a line that says what it is and then frames, each a length (a uvarint) and
// that many bytes, of which the first is the frame's kind: a head; for each table its
// name and columns, its rows and their number; an end. The end has the number of all
// rows, the SHA-256 of everything before it and what the writer makes of that (a MAC).
// A dump without its end, or with another byte anywhere, is refused.
package dump

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"cordon"
)

const first = "cordon dump 1\n"

// MaxFrame bounds one frame, and so one row. The largest row that Cordon writes, a
// portion with the prints of its text, stays far below.
const MaxFrame = 64 << 20

// The kinds of a frame.
const (
	kindHead  = 'H'
	kindTable = 'T'
	kindRow   = 'R'
	kindCount = 'C'
	kindEnd   = 'Z'
)

// The kinds of a value.
const (
	valueNull = iota
	valueInteger
	valueText
	valueBytes
)

// Writer writes a dump. It holds one row at a time. After an error nothing that it
// wrote is a dump.
type Writer struct {
	to   *bufio.Writer
	hash hash.Hash
	sum  func(digest [32]byte) [32]byte
	buf  []byte
	rows int64 // of all tables
	in   int64 // of this one
	open bool  // a table is
	err  error
}

// NewWriter begins a dump with its head. Sum is what the end keeps of the digest.
func NewWriter(to io.Writer, head []byte, sum func([32]byte) [32]byte) *Writer {
	w := &Writer{hash: sha256.New(), sum: sum}
	w.to = bufio.NewWriterSize(to, 64<<10)
	w.put([]byte(first))
	w.frame(append([]byte{kindHead}, head...))
	return w
}

func (w *Writer) put(b []byte) {
	if w.err == nil {
		w.hash.Write(b)
		_, w.err = w.to.Write(b)
	}
}

func (w *Writer) frame(b []byte) {
	if len(b) > MaxFrame && w.err == nil {
		w.err = cordon.Errorf(cordon.KindTooLarge, "a row of the database has more than %d bytes", MaxFrame)
	}
	w.put(binary.AppendUvarint(nil, uint64(len(b))))
	w.put(b)
}

// Table begins a table, and ends the one before.
func (w *Writer) Table(name string, columns []string) error {
	w.count()
	w.open = true
	w.frame([]byte(string(rune(kindTable)) + name + " " + strings.Join(columns, ",")))
	return w.err
}

func (w *Writer) count() {
	if w.open {
		w.frame(binary.AppendUvarint([]byte{kindCount}, uint64(w.in)))
	}
	w.open, w.in = false, 0
}

// Row writes a row of the table: values are integers, texts, bytes and nil.
func (w *Writer) Row(values []any) error {
	w.buf = append(w.buf[:0], kindRow)
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			w.buf = append(w.buf, valueNull)
		case int64:
			w.buf = binary.BigEndian.AppendUint64(append(w.buf, valueInteger), uint64(v))
		case string:
			w.buf = append(binary.AppendUvarint(append(w.buf, valueText), uint64(len(v))), v...)
		case []byte:
			w.buf = append(binary.AppendUvarint(append(w.buf, valueBytes), uint64(len(v))), v...)
		default:
			w.err = errors.Join(w.err, cordon.Errorf(cordon.KindInternal, "a value of type %T cannot be dumped", v))
		}
	}
	w.frame(w.buf)
	w.rows++
	w.in++
	return w.err
}

// Close writes the end. It does not close what the dump is written to.
func (w *Writer) Close() (rows int64, err error) {
	w.count()
	digest := [32]byte(w.hash.Sum(nil))
	sum := w.sum(digest)
	end := binary.BigEndian.AppendUint64([]byte{kindEnd}, uint64(w.rows))
	w.frame(append(append(end, digest[:]...), sum[:]...))
	if w.err == nil {
		w.err = w.to.Flush()
	}
	return w.rows, w.err
}

// Reader reads a dump. It holds one row at a time, and takes memory for no more than
// has come.
type Reader struct {
	from *bufio.Reader
	hash hash.Hash
	buf  []byte
	read int64 // rows
}

// ErrBroken is the cause where something is no dump, or not all of one.
var ErrBroken = errors.New("broken")

func broken(why string) error {
	return cordon.Errorf(cordon.KindInvalid, "this is no copy of a Cordon's database, or it is cut off or altered").Because(fmt.Errorf("%w: %s", ErrBroken, why))
}

// NewReader reads the beginning of a dump and gives its head.
func NewReader(from io.Reader) (*Reader, []byte, error) {
	r := &Reader{from: bufio.NewReaderSize(from, 64<<10), hash: sha256.New()}
	line := make([]byte, len(first))
	if _, err := io.ReadFull(r.from, line); err != nil {
		return nil, nil, cut(err)
	}
	if string(line) != first {
		return nil, nil, broken("it does not begin like one")
	}
	r.hash.Write(line)
	kind, head, err := r.frame()
	if err == nil && kind != kindHead {
		err = broken("it has no head")
	}
	return r, append([]byte(nil), head...), err
}

// cut tells an end that came too soon from a failure to read.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return broken("it ends too soon")
	}
	return err
}

// frame reads a frame that is not the end; its bytes last until the next one.
func (r *Reader) frame() (kind byte, payload []byte, err error) {
	n, err := binary.ReadUvarint(r.from)
	if err != nil {
		return 0, nil, cut(err)
	}
	if n == 0 || n > MaxFrame {
		return 0, nil, broken("a frame has no length that there is")
	}
	r.buf = r.buf[:0]
	for want := int(n); len(r.buf) < want; {
		have := len(r.buf)
		r.buf = append(r.buf, make([]byte, min(want-have, 1<<20))...)
		if _, err := io.ReadFull(r.from, r.buf[have:]); err != nil {
			return 0, nil, cut(err)
		}
	}
	if r.buf[0] != kindEnd {
		r.hash.Write(binary.AppendUvarint(nil, n))
		r.hash.Write(r.buf)
	}
	return r.buf[0], r.buf[1:], nil
}

// Table reads a table: that of this name and columns, which is what has to come next.
// Row gets each row; its values are its own.
func (r *Reader) Table(name string, columns []string, row func([]any) error) error {
	kind, payload, err := r.frame()
	if err != nil {
		return err
	}
	if kind != kindTable || string(payload) != name+" "+strings.Join(columns, ",") {
		return broken("the table " + name + " is not where it belongs")
	}
	for in := int64(0); ; in++ {
		kind, payload, err := r.frame()
		switch {
		case err != nil:
			return err
		case kind == kindCount:
			n, length := binary.Uvarint(payload)
			if length != len(payload) || n != uint64(in) {
				return broken("the table " + name + " has another number of rows")
			}
			return nil
		case kind != kindRow:
			return broken("a row is missing")
		}
		values, ok := parseRow(payload, len(columns))
		if !ok {
			return broken("a row of the table " + name + " cannot be read")
		}
		r.read++
		if err := row(values); err != nil {
			return err
		}
	}
}

// parseRow reads the values of a row, of which there have to be so many.
func parseRow(b []byte, n int) ([]any, bool) {
	values := make([]any, n)
	for i := range values {
		if len(b) == 0 {
			return nil, false
		}
		kind := b[0]
		b = b[1:]
		switch kind {
		case valueNull:
		case valueInteger:
			if len(b) < 8 {
				return nil, false
			}
			values[i], b = int64(binary.BigEndian.Uint64(b)), b[8:]
		case valueText, valueBytes:
			length, used := binary.Uvarint(b)
			if used <= 0 || length > uint64(len(b)-used) {
				return nil, false
			}
			text := b[used : used+int(length)]
			b = b[used+int(length):]
			if kind == valueText {
				values[i] = string(text)
			} else {
				values[i] = append([]byte{}, text...)
			}
		default:
			return nil, false
		}
	}
	return values, len(b) == 0
}

// Close reads the end, after which nothing may come, and gives what the writer made of
// the digest.
func (r *Reader) Close() (rows int64, digest, sum [32]byte, err error) {
	kind, payload, err := r.frame()
	if err != nil {
		return 0, digest, sum, err
	}
	if kind != kindEnd || len(payload) != 8+32+32 {
		return 0, digest, sum, broken("it has no end where one belongs")
	}
	digest = [32]byte(r.hash.Sum(nil))
	if binary.BigEndian.Uint64(payload) != uint64(r.read) || [32]byte(payload[8:40]) != digest {
		return 0, digest, sum, broken("its digest is another")
	}
	if _, err := r.from.ReadByte(); err == nil {
		return 0, digest, sum, broken("something comes after its end")
	} else if !errors.Is(err, io.EOF) {
		return 0, digest, sum, err
	}
	return r.read, digest, [32]byte(payload[40:]), nil
}
