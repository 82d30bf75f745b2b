package document

import "io"

// ReadDOCX reads a DOCX.
func ReadDOCX(name string, r io.Reader, o Options) (Document, error) {
	return refuse(name, r, o)
}
