package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"cordon"
)

// ReadDOCX reads one Word document. Paragraphs, headings, list items and
// tables of the body are portions, then text of footnotes, endnotes, headers
// and footers that is no page furniture. Banners are looked for in headers and
// footers too. Issue.Line counts the paragraphs of the body.
//
// What is not text of the document (pictures, embedded objects, comments,
// deleted text of tracked changes, macros) is left out and named in Warnings.
// Numbers that Word makes by itself are not in the file and so not in the text.
//
// Nothing is unpacked to disk, at most cordon.MaxUnzippedBytes are unpacked at
// all, and a document type declaration, entities and deep nesting are refused.
// The error is of kind Invalid, TooLarge or Unavailable.
func ReadDOCX(name string, r io.Reader, o Options) (Document, error) {
	src, err := load(name, r)
	if err != nil {
		return Document{}, err
	}
	p := &problems{file: name}
	a := newAssembler(name, o, p, nil)
	pkg, err := openPackage(p, src)
	if err != nil {
		return Document{}, err
	}
	if err := readPackage(pkg, a); err != nil {
		return Document{}, err
	}
	return a.document()
}

// docxPackage is the zip archive of a DOCX, with what may still be unpacked.
type docxPackage struct {
	problems *problems
	files    map[string]*zip.File
	names    []string // sorted
	budget   int64
}

func openPackage(p *problems, src []byte) (*docxPackage, error) {
	z, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		p.add(0, 0, "this is not a DOCX: "+err.Error(), "open it in a word processor and save it as DOCX")
		return nil, p.err()
	}
	pkg := &docxPackage{problems: p, files: map[string]*zip.File{}, budget: cordon.MaxUnzippedBytes}
	var total uint64
	for _, f := range z.File {
		if pkg.files[f.Name] != nil {
			p.add(0, 0, fmt.Sprintf("the archive holds %q twice", clip(f.Name)), "open it in a word processor and save it again")
		}
		if f.Flags&1 != 0 {
			p.add(0, 0, fmt.Sprintf("%q in the archive is encrypted", clip(f.Name)), "save it without a password")
		}
		pkg.files[f.Name] = f
		pkg.names = append(pkg.names, f.Name)
		total += f.UncompressedSize64
		if f.UncompressedSize64 > minRatioBytes && f.UncompressedSize64/maxRatio > f.CompressedSize64 {
			p.tooLarge(0, "%q in the archive unpacks to more than %d times its size", clip(f.Name), maxRatio)
		}
		if total > cordon.MaxUnzippedBytes {
			p.tooLarge(0, "the archive unpacks to more than %d bytes (MaxUnzippedBytes)", cordon.MaxUnzippedBytes)
			break
		}
	}
	slices.Sort(pkg.names)
	return pkg, p.err()
}

// walk gives the elements and texts of one XML part to visit, in order. A part
// that is not there is an empty one.
func (pkg *docxPackage) walk(part string, visit func(*xml.Decoder, xml.Token) error) error {
	f := pkg.files[part]
	if f == nil {
		return nil
	}
	in, err := f.Open()
	if err != nil {
		return pkg.broken(part, err)
	}
	defer in.Close()
	dec := xml.NewDecoder(&budgetReader{in: in, left: &pkg.budget})
	depth := 0
	for {
		t, err := dec.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return pkg.broken(part, err)
		}
		switch t.(type) {
		case xml.Directive:
			return pkg.broken(part, fmt.Errorf("it has a document type declaration"))
		case xml.StartElement:
			if depth++; depth > maxXMLDepth {
				return pkg.broken(part, fmt.Errorf("its elements are nested more than %d deep", maxXMLDepth))
			}
		case xml.EndElement:
			depth--
		}
		if err := visit(dec, t); err != nil {
			if err == errSkip {
				depth--
				if err = dec.Skip(); err == nil {
					continue
				}
				err = pkg.broken(part, err)
			}
			return err
		}
	}
}

// errSkip asks walk to pass over the element that has just begun.
var errSkip = fmt.Errorf("skip this element")

func (pkg *docxPackage) broken(part string, err error) error {
	if pkg.budget < 0 {
		pkg.problems.tooLarge(0, "the archive unpacks to more than %d bytes (MaxUnzippedBytes)", cordon.MaxUnzippedBytes)
	} else {
		pkg.problems.add(0, 0, fmt.Sprintf("%s in the archive cannot be read: %v", part, err), "open it in a word processor and save it again")
	}
	return pkg.problems.err()
}

// budgetReader counts what is unpacked down from what may be.
type budgetReader struct {
	in   io.Reader
	left *int64
}

func (b *budgetReader) Read(buf []byte) (int, error) {
	n, err := b.in.Read(buf)
	if *b.left -= int64(n); *b.left < 0 {
		return 0, fmt.Errorf("too much to unpack")
	}
	return n, err
}

// mainPart is where the text of the document is.
func (pkg *docxPackage) mainPart() string {
	main := "word/document.xml"
	pkg.walk("_rels/.rels", func(_ *xml.Decoder, t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if ok && strings.HasSuffix(attr(e, "Type"), "/officeDocument") {
			main = strings.TrimPrefix(path.Clean("/"+attr(e, "Target")), "/")
		}
		return nil
	})
	return main
}

func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

func readPackage(pkg *docxPackage, a *assembler) error {
	main := pkg.mainPart()
	if pkg.files[main] == nil {
		a.problems.add(0, 0, "this is not a DOCX: it has no "+main, "open it in a word processor and save it as DOCX")
		return a.problems.err()
	}
	styles, err := readStyles(pkg, path.Join(path.Dir(main), "styles.xml"))
	if err != nil {
		return err
	}
	read := func(part string, body bool) ([]block, error) {
		w := &wordReader{a: a, styles: styles, body: body}
		err := pkg.walk(part, w.visit)
		w.finish()
		return w.blocks, err
	}
	parts := func(prefix string) ([]block, error) {
		var all []block
		for _, name := range pkg.names {
			if path.Dir(name) == path.Dir(main) && strings.HasPrefix(path.Base(name), prefix) && path.Ext(name) == ".xml" {
				blocks, err := read(name, false)
				if err != nil {
					return nil, err
				}
				all = append(all, blocks...)
			}
		}
		return all, nil
	}
	headers, err := parts("header")
	if err != nil {
		return err
	}
	body, err := read(main, true)
	if err != nil {
		return err
	}
	notes, err := parts("footnotes")
	if err != nil {
		return err
	}
	endnotes, err := parts("endnotes")
	if err != nil {
		return err
	}
	footers, err := parts("footer")
	if err != nil {
		return err
	}
	for _, b := range slices.Concat(body, notes, endnotes, columns(headers), columns(footers)) {
		a.split.add(b)
	}
	a.leftOut(pkg)
	return a.problems.err()
}

// columns cuts the lines of headers and footers at their tabs, which set the
// banner in the middle and the page number at the side.
func columns(blocks []block) []block {
	var out []block
	for _, b := range blocks {
		for _, l := range b.lines {
			if len(cells(l)) > 2 {
				out = append(out, block{kind: b.kind, lines: []line{l}})
				continue
			}
			for text := range strings.SplitSeq(l.text, "\t") {
				if !isBlank(text) {
					out = append(out, block{kind: cordon.PortionParagraph, lines: []line{{text: trim(text), no: l.no, col: l.col}}})
				}
			}
		}
	}
	return out
}

// leftOut names the parts of the archive that were not read.
func (a *assembler) leftOut(pkg *docxPackage) {
	for _, name := range pkg.names {
		base := path.Base(name)
		switch {
		case strings.HasSuffix(name, "/"):
		case strings.HasPrefix(base, "comments") && path.Ext(base) == ".xml":
			a.warn(0, 0, "the comments ("+name+") were left out", "put into the text what belongs to the report")
		case strings.HasSuffix(path.Dir(name), "/media"), strings.HasSuffix(path.Dir(name), "/embeddings"), strings.HasSuffix(path.Dir(name), "/charts"),
			strings.HasSuffix(path.Dir(name), "/diagrams") && strings.HasPrefix(base, "data"), base == "vbaProject.bin", strings.Contains(base, "afchunk"):
			a.warn(0, 0, clip(name)+" was left out", "add it as an attachment with a marking of its own")
		}
	}
}
