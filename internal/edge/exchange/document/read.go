package document

import (
	"bufio"
	"bytes"
	"io"
	"iter"
	"path/filepath"
	"strings"

	"cordon"
	"cordon/internal/edge/exchange/docx"
	"cordon/internal/edge/exchange/format"
	"cordon/internal/edge/exchange/threat"
)

// Read reads a file in the format that its content tells: see package format.
// Plain text is Markdown where its name ends in .md or .markdown, or where it has
// a heading and no name. JSON lines are told by a name in .jsonl or .ndjson, or by
// the fields that documents have. It yields one document, or one for each JSON
// line and for each file in the file, and an error in its place where it is
// refused; see ReadJSONL for when the sequence goes on.
func Read(name string, r io.Reader, o Options) iter.Seq2[Document, error] {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(4096) // a read error comes again from the reader
	if isJSONL(name, head) {
		return ReadJSONL(name, in, o)
	}
	return func(yield func(Document, error) bool) {
		src, err := load(name, in)
		if err != nil {
			yield(Document{}, err)
			return
		}
		file := o.Open.Open(name, src)
		switch {
		case file.Kind == format.PlainText && startsJSON(src) && !threat.Is(string(src)):
			for d, err := range ReadJSONL(name, bytes.NewReader(src), o) { // which says where it goes wrong
				if !yield(d, err) {
					return
				}
			}
			return
		case file.Kind == format.PlainText && !file.Legacy && len(file.Files) == 0 && len(file.Lost) == 0 && len(file.Asides) == 0 && len(file.Refused) == 0:
			yield(readPlain(name, file.Raw, src, o))
			return
		case file.Kind == format.Binary || file.Legacy:
			yield(readPlain(name, "", src, o))
			return
		}
		r := fileReader{yield: yield}
		r.each(&file, o, nil)
	}
}

// readPlain reads plain text: as it was decoded where it is not in UTF-8, else
// as it stands.
func readPlain(name, decoded string, src []byte, o Options) (Document, error) {
	if decoded != "" && notText(src) != "" {
		src = []byte(decoded)
	}
	if isMarkdown(name, src) {
		return ReadMarkdown(name, bytes.NewReader(src), o)
	}
	return ReadText(name, bytes.NewReader(src), o)
}

// startsJSON reports whether a text begins as an object does: {S//NF} and {{name}}
// do not.
func startsJSON(src []byte) bool {
	rest, ok := bytes.CutPrefix(bytes.TrimSpace(bytes.TrimPrefix(src, []byte("\uFEFF"))), []byte("{"))
	rest = bytes.TrimSpace(rest)
	return ok && (len(rest) == 0 || rest[0] == '"' || rest[0] == '}')
}

// isJSONL goes by the name, and of JSON by the fields that a document has.
func isJSONL(name string, head []byte) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jsonl", ".ndjson":
		return true
	}
	return startsJSON(head) && (bytes.Contains(head, []byte(`"portions"`)) || bytes.Contains(head, []byte(`"title"`)) && !bytes.Contains(head, []byte(`"type"`)))
}

// isMarkdown goes by the name, and of a text without one by a heading in it.
func isMarkdown(name string, src []byte) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".md", ".markdown":
		return true
	case ".txt", ".text":
		return false
	}
	for l := range bytes.Lines(src[:min(len(src), 4096)]) {
		if n := len(l) - len(bytes.TrimLeft(l, "#")); n > 0 && n <= 6 && n < len(l) && l[n] == ' ' {
			return true
		}
	}
	return false
}

// ReadDOCX reads one Word document: see package docx for what is text of it.
// Banners are looked for in headers and footers too. Issue.Line counts the
// paragraphs of the body.
//
// Pictures, comments, deleted text of tracked changes and whatever else is not
// text of the document are left out and named in Warnings. What is embedded in it
// is not read: see Read.
//
// Nothing is unpacked to disk, at most cordon.MaxUnzippedBytes are unpacked at
// all, and a document type declaration, entities and deep nesting are refused.
// The error is of kind Invalid, TooLarge or Unavailable.
func ReadDOCX(name string, r io.Reader, o Options) (Document, error) {
	src, err := load(name, r)
	if err != nil {
		return Document{}, err
	}
	file := o.Open.Open(name, src)
	if file.Kind != docx.Kind && len(file.Lost) == 0 {
		return Document{}, cordon.Errorf(cordon.KindInvalid, "%s is no Word document", name).With(cordon.Issue{
			File: name, Problem: "this is " + file.Kind + " and no Word document", Fix: "leave the format out, or save it as DOCX",
		})
	}
	return fromFile(&file, o)
}
