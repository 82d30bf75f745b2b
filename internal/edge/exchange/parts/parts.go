// Package parts is what the readers of formats have in common: a file is read
// into the blocks of text that a reader of it sees, what stands beside them, and
// the files in it. It knows nothing of markings.
//
// Nothing is lost silently. Text of a file is in a block, in an aside (which is
// compared by a scan, and named where a document is imported), or is named as
// Lost, since it is there and cannot be read.
package parts

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cordon"
)

// Line is one line of a text and where it begins in its file, from 1; Col counts
// characters. What No counts (lines, paragraphs, cues) is the format's matter;
// zero where there is nothing to count.
type Line struct {
	Text    string
	No, Col int
}

// Block is lines that belong together.
type Block struct {
	Kind cordon.PortionKind
	// Depth is how many lists it is in.
	Depth int
	Lines []Line
	// Page is set where it stands at the edge of each page: in a header, in a
	// footer, or behind the text.
	Page bool
	// Furniture is set where it is page furniture without a marking: a page
	// number.
	Furniture bool
}

// Text is the lines of the block.
func (b Block) Text() string {
	lines := make([]string, len(b.Lines))
	for i, l := range b.Lines {
		lines[i] = l.Text
	}
	return strings.Join(lines, "\n")
}

// Aside is text that stands in a file and not in what a reader of it sees first.
type Aside struct {
	// What says what it is: "a comment", "deleted text".
	What string
	Line Line
	// Again is set where the same text stands in the file for readers of
	// another kind, and has been read there.
	Again bool
	// Plain is set where it says nothing of its own: that a field shows the
	// number of a page.
	Plain bool
	// Tells is what it says of how the whole file is marked, such as the value
	// of a field "Classification"; empty for nothing.
	Tells string
}

// File is a file as read.
type File struct {
	// Name is what issues call it.
	Name string
	// Called is the name that it has in the file it is in, with the folders before
	// it; empty for none.
	Called string
	// Kind is what it is, in words: "a Word document", "a mail".
	Kind string
	// Subject is the title that a mail has; nil where there is none.
	Subject *Line
	// Raw is the text of a file that is nothing but text; it has no Blocks.
	Raw    string
	Blocks []Block
	Asides []Aside
	// Files are those in it, each a text in its own right.
	Files []File
	// Names are those of the files in it, and what is written to them or to an
	// archive as a comment. They are compared, and are no text of a document.
	Names []string
	// Notes name what has no text and was left out, such as a picture.
	Notes []cordon.Issue
	// Lost names text that is there and could not be read. A file that could
	// not be read at all has one, and nothing else.
	Lost []cordon.Issue
	// Legacy is set where its encoding is a guess.
	Legacy bool
	// Refused is why it cannot be imported though it was read: it carries a
	// marking that nobody can read, say.
	Refused []cordon.Issue
	// Media is set where it is a picture, sound or film, which has no text by
	// nature.
	Media bool
	// TooLarge is set where it could not be read because of a bound.
	TooLarge bool
	// Busy is set where it could be read later.
	Busy bool
}

// OnlyHolds reports whether the file has nothing but other files in it.
func (f *File) OnlyHolds() bool { return f.Empty() && len(f.Lost) == 0 && len(f.Files) > 0 }

// Comments are those of its Names that are no name of a file in it.
func (f *File) Comments() []string {
	called := map[string]bool{}
	for i := range f.Files {
		called[f.Files[i].Called] = true
	}
	return slices.DeleteFunc(slices.Clone(f.Names), func(name string) bool { return called[name] })
}

// Unreadable is a file of which nothing could be read.
func Unreadable(name, kind, problem, fix string) File {
	return File{Name: name, Kind: kind, Lost: []cordon.Issue{{File: name, Problem: problem, Fix: fix}}}
}

// Note names something without text that was left out.
func (f *File) Note(line int, problem, fix string) {
	f.Notes = append(f.Notes, cordon.Issue{File: f.Name, Line: line, Problem: problem, Fix: fix})
}

// Lose names text that could not be read.
func (f *File) Lose(line int, problem, fix string) {
	f.Lost = append(f.Lost, cordon.Issue{File: f.Name, Line: line, Problem: problem, Fix: fix})
}

// Add adds a paragraph of one line, if there is anything in it.
func (f *File) Add(kind cordon.PortionKind, text string, no int) {
	if text = strings.TrimSpace(text); text != "" {
		f.Blocks = append(f.Blocks, Block{Kind: kind, Lines: []Line{{Text: text, No: no, Col: 1}}})
	}
}

// Empty reports whether nothing was read of the file itself.
func (f *File) Empty() bool {
	return strings.TrimSpace(f.Raw) == "" && len(f.Blocks) == 0 && len(f.Asides) == 0 && f.Subject == nil
}

// Each gives the file and all files in it, the outer ones first.
func (f *File) Each(visit func(*File)) {
	visit(f)
	for i := range f.Files {
		f.Files[i].Each(visit)
	}
}

// The bounds of one file with everything in it.
const (
	// MaxDepth bounds files in files in files.
	MaxDepth = 5
	// MaxFiles bounds how many there are in all.
	MaxFiles = 1000
	// maxRatio is how many times its size a part of an archive may unpack to,
	// once it is above minRatioBytes; text of documents packs up to some 50.
	maxRatio      = 200
	minRatioBytes = 4 << 20
)

// Budget is what may still be unpacked of one file with everything in it.
type Budget struct {
	bytes int64
	files int
	depth int
	took  time.Duration
}

// NewBudget is the budget of one file that is handed in.
func NewBudget() *Budget {
	return &Budget{bytes: cordon.MaxUnzippedBytes, files: MaxFiles}
}

// Enter goes into a file within a file. It is an error where there are too many
// or they are too deep. Leave comes out again.
func (b *Budget) Enter() error {
	if b.depth++; b.depth > MaxDepth {
		return fmt.Errorf("files are in each other more than %d deep", MaxDepth)
	}
	if b.files--; b.files < 0 {
		return fmt.Errorf("there are more than %d files in it", MaxFiles)
	}
	return nil
}

// Time is what is left of the time that the files in it may take together.
func (b *Budget) Time(all time.Duration) time.Duration { return all - b.took }

// Took takes the time that one file took from that.
func (b *Budget) Took(d time.Duration) { b.took += d }

// Leave comes out of a file within a file.
func (b *Budget) Leave() { b.depth-- }

// Spend takes what was unpacked from what may be.
func (b *Budget) Spend(n int) error {
	if b.bytes -= int64(n); b.bytes < 0 {
		return errTooMuch
	}
	return nil
}

var errTooMuch = cordon.Errorf(cordon.KindTooLarge, "it unpacks to more than %d bytes (MaxUnzippedBytes)", cordon.MaxUnzippedBytes)

// Base is a name without the folders before it. Two slashes are no folder's: they
// stand in markings, as in "(S//NF) pier.txt".
func Base(name string) string {
	name = strings.ReplaceAll(name, "\\", "/")
	for i := len(name) - 2; i >= 0; i-- {
		if name[i] == '/' && name[i+1] != '/' && (i == 0 || name[i-1] != '/') {
			return name[i+1:]
		}
	}
	return name
}

// Weight counts the letters and digits of a text: what every reading of a file
// must have as many of.
func Weight(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			n++
		}
	}
	return n
}

// Clip keeps one hostile text from filling a message.
func Clip(s string) string {
	const most = 80
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
