package document

import (
	"bufio"
	"bytes"
	"io"
	"iter"
	"path/filepath"
	"strings"
)

// Read reads a file in the format that its name and its beginning tell: .md and
// .markdown are Markdown, .txt plain text, .docx Word, and .jsonl, .ndjson and
// .json JSON lines. Anything else, such as "-" for standard input, goes by
// content. It yields one document, or one for each JSON line, and an error in
// its place where it is refused; see ReadJSONL for when the sequence goes on.
func Read(name string, r io.Reader, o Options) iter.Seq2[Document, error] {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(4096) // a read error comes again from the reader
	one := func(read func(string, io.Reader, Options) (Document, error)) iter.Seq2[Document, error] {
		return func(yield func(Document, error) bool) { yield(read(name, in, o)) }
	}
	switch formatOf(name, head) {
	case "jsonl":
		return ReadJSONL(name, in, o)
	case "markdown":
		return one(ReadMarkdown)
	case "text":
		return one(ReadText)
	}
	return readFile(name, in, o)
}

// formatOf goes by content where that is plain, then by name.
func formatOf(name string, head []byte) string {
	head = bytes.TrimPrefix(head, []byte("\uFEFF"))
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "docx"
	case bytes.HasPrefix(head, []byte("%PDF-")), bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")), bytes.HasPrefix(head, []byte(`{\rtf`)):
		return ""
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".md", ".markdown":
		return "markdown"
	case ".txt", ".text":
		return "text"
	case ".jsonl", ".ndjson", ".json":
		return "jsonl"
	case ".docx":
		return "docx"
	}
	head = bytes.TrimSpace(head)
	if bytes.HasPrefix(head, []byte("{")) {
		return "jsonl"
	}
	for l := range bytes.Lines(head) {
		if n := len(l) - len(bytes.TrimLeft(l, "#")); n > 0 && n <= 6 && n < len(l) && l[n] == ' ' {
			return "markdown"
		}
	}
	return "text"
}
