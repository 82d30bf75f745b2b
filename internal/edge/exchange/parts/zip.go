package parts

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"

	"cordon"
)

// Archive is a ZIP archive in memory, unpacked within a budget.
type Archive struct {
	// Names are those of its files, sorted.
	Names []string
	// Comments are those on the archive and on its files.
	Comments []string
	// Stray says which of its bytes belong to no file in it; empty for none.
	Stray  string
	files  map[string]*zip.File
	budget *Budget
}

// ErrPassword is why an encrypted archive is not read.
var ErrPassword = errors.New("it needs a password")

// maxXMLDepth bounds how deep the elements of a part nest.
const maxXMLDepth = 256

// OpenArchive reads the directory of an archive. Every error says in a sentence
// what is wrong with it: it is no archive, has a name twice, is encrypted, or
// would unpack to too much, which is an error of kind TooLarge.
func OpenArchive(src []byte, budget *Budget) (*Archive, error) {
	z, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("the archive cannot be read: %w", err)
	}
	a := &Archive{files: map[string]*zip.File{}, budget: budget}
	if z.Comment != "" {
		a.Comments = append(a.Comments, z.Comment)
	}
	var total uint64
	for _, f := range z.File {
		switch total += f.UncompressedSize64; {
		case a.files[f.Name] != nil:
			return nil, fmt.Errorf("the archive holds %q twice", Clip(f.Name))
		case f.Flags&1 != 0:
			return nil, fmt.Errorf("%q in the archive is encrypted (%w)", Clip(f.Name), ErrPassword)
		case f.UncompressedSize64 > minRatioBytes && f.UncompressedSize64/maxRatio > f.CompressedSize64:
			return nil, cordon.Errorf(cordon.KindTooLarge, "%q in the archive unpacks to more than %d times its size", Clip(f.Name), maxRatio)
		case total > cordon.MaxUnzippedBytes:
			return nil, cordon.Errorf(cordon.KindTooLarge, "the archive unpacks to more than %d bytes (MaxUnzippedBytes)", cordon.MaxUnzippedBytes)
		}
		a.files[f.Name] = f
		a.Names = append(a.Names, f.Name)
		if f.Comment != "" {
			a.Comments = append(a.Comments, f.Comment)
		}
	}
	slices.Sort(a.Names)
	a.Stray = stray(src, z.File)
	return a, nil
}

// Has reports whether the archive has a file of that name.
func (a *Archive) Has(name string) bool { return a.files[name] != nil }

// Read unpacks one file.
func (a *Archive) Read(name string) ([]byte, error) {
	f := a.files[name]
	if f == nil {
		return nil, fmt.Errorf("there is no %s in the archive", name)
	}
	in, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s in the archive cannot be read: %w", Clip(name), err)
	}
	defer in.Close()
	src, err := io.ReadAll(a.counted(in))
	if err != nil && !errors.Is(err, errTooMuch) {
		err = fmt.Errorf("%s in the archive cannot be read: %w", Clip(name), err)
	}
	return src, err
}

func (a *Archive) counted(in io.Reader) io.Reader { return &budgetReader{in, a.budget} }

// budgetReader counts what is unpacked down from what may be.
type budgetReader struct {
	in     io.Reader
	budget *Budget
}

func (b *budgetReader) Read(buf []byte) (int, error) {
	n, err := b.in.Read(buf)
	if over := b.budget.Spend(n); over != nil {
		return 0, over
	}
	return n, err
}

// ErrSkip asks WalkXML to pass over the element that has just begun.
var ErrSkip = errors.New("skip this element")

// Walk gives the elements and texts of one XML file of the archive to visit, in
// their order. A file that is not there is an empty one. A document type
// declaration, entities and deep nesting are errors.
func (a *Archive) Walk(name string, visit func(xml.Token) error) error {
	f := a.files[name]
	if f == nil {
		return nil
	}
	in, err := f.Open()
	if err != nil {
		return fmt.Errorf("%s in the archive cannot be read: %w", name, err)
	}
	defer in.Close()
	if err := WalkXML(a.counted(in), visit); err != nil {
		if errors.Is(err, errTooMuch) || cordon.KindOf(err) == cordon.KindTooLarge {
			return err
		}
		return fmt.Errorf("%s in the archive cannot be read: %w", name, err)
	}
	return nil
}

// WalkXML is Archive.Walk for any XML.
func WalkXML(in io.Reader, visit func(xml.Token) error) error {
	dec := xml.NewDecoder(in)
	dec.CharsetReader = charset.NewReaderLabel
	for depth := 0; ; {
		t, err := dec.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.Directive:
			return errors.New("it has a document type declaration")
		case xml.StartElement:
			if depth++; depth > maxXMLDepth {
				return fmt.Errorf("its elements are nested more than %d deep", maxXMLDepth)
			}
		case xml.EndElement:
			depth--
		}
		switch err := visit(t); {
		case err == ErrSkip:
			depth--
			if err := dec.Skip(); err != nil {
				return err
			}
		case err != nil:
			return err
		}
	}
}

// Properties gives the title, subject, keywords and the like that a part of an
// Office document holds, which may say how the document is marked.
func (a *Archive) Properties(name string, say func(Aside)) error {
	text, own := "", ""
	return a.Walk(name, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			text = ""
			if n := Attr(t, "name"); n != "" {
				own = n + ": "
			}
		case xml.CharData:
			text += string(t)
		case xml.EndElement:
			switch t.Name.Local {
			case "title", "subject", "description", "keywords", "category", "contentStatus", "lpwstr", "lpstr", "bstr":
				if text = strings.TrimSpace(text); text != "" {
					say(Aside{What: "a property of the document", Line: Line{Text: own + text}, Tells: text})
				}
			}
			text = ""
		}
		return nil
	})
}

// Attr is the attribute of that local name; empty where there is none.
func Attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// Relation is a relationship of a part of an Office document.
type Relation struct {
	// Type is the last word of its type: "header", "image".
	Type, Target string
	External     bool
}

// Relations are those of a part by their ids; their targets are names in the
// archive. The part "" is the whole.
func (a *Archive) Relations(part string) (map[string]Relation, error) {
	name := path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
	if part == "" {
		name = "_rels/.rels"
	}
	all := map[string]Relation{}
	err := a.Walk(name, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" {
			return nil
		}
		target := Attr(e, "Target")
		external := Attr(e, "TargetMode") == "External"
		if !external {
			if !strings.HasPrefix(target, "/") {
				target = path.Join("/", path.Dir(part), target)
			}
			target = strings.TrimPrefix(path.Clean(target), "/")
		}
		all[Attr(e, "Id")] = Relation{path.Base(Attr(e, "Type")), target, external}
		return nil
	})
	return all, err
}
