package document

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"

	"cordon"
)

// ReadJSONL reads JSON lines, one document on each, in the bulk form
//
//	{"title": …, "ref": …, "marking": …, "portions": [{"ref": …, "marking": …, "text": …}]}
//
// "marking" of the document is its banner, in the form of a banner or of a
// portion mark; "titleMarking" marks the title, which else may begin with a
// mark of its own; "kind" of a portion is one of cordon.PortionKinds and
// "paragraph" where it is left out. Any other field, a field given twice, and
// a ref given twice in one document are refused.
//
// Documents are yielded one by one and only one line is held, of at most
// cordon.MaxLineBytes; a longer one is passed over and yields a TooLarge
// error. A line that is refused yields an error and the rest goes on. Only a
// failure to read ends the sequence early, with an error of kind Unavailable.
func ReadJSONL(name string, r io.Reader, o Options) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		in := bufio.NewReaderSize(r, 64<<10)
		for no := 1; ; no++ {
			raw, long, err := readLine(in)
			if err != nil && !errors.Is(err, io.EOF) {
				yield(Document{}, cordon.Errorf(cordon.KindUnavailable, "%s could not be read after line %d", name, no-1).Because(err))
				return
			}
			if long {
				p := &problems{file: name}
				p.tooLarge(no, "line %d is longer than a line may be, %d bytes (MaxLineBytes)", no, cordon.MaxLineBytes)
				if !yield(Document{}, p.err()) {
					return
				}
			} else if len(bytes.TrimSpace(raw)) > 0 {
				if !yield(readRecord(name, no, raw, o)) {
					return
				}
			}
			if err != nil {
				return
			}
		}
	}
}

// readLine gives the next line without its end. A line beyond the bound is
// passed over without being held: long is set and there is no line. The error
// is io.EOF with the last line.
func readLine(in *bufio.Reader) (raw []byte, long bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if !long && len(raw)+len(part) > cordon.MaxLineBytes {
			raw, long = nil, true
		}
		if !long {
			raw = append(raw, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimRight(raw, "\r\n"), long, err
		}
	}
}

func readRecord(name string, no int, raw []byte, o Options) (Document, error) {
	p := &problems{file: name}
	if no == 1 {
		raw = bytes.TrimPrefix(raw, []byte("\uFEFF"))
	}
	checkLine(p, line{no: no, col: 1}, raw)
	if err := p.err(); err != nil {
		return Document{}, err
	}
	rec, ok := parseRecord(p, no, raw)
	if !ok {
		return Document{}, p.err()
	}
	return rec.document(p, o)
}
