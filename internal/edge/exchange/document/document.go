package document

import (
	"cordon"
	"cordon/internal/edge/exchange/format"
	"cordon/marking"
)

// Document is one document as read: a title and its portions, all marked.
type Document struct {
	// Title is the first heading, or a marked line that the document begins
	// with, or else the name of the file. It is not repeated in Portions.
	Title Portion
	// File is what the file is called that it was read from, where that is one
	// within the file that was handed in, or one that had to be decoded.
	File string
	// Ref is the outside name of the document; empty where it has none.
	Ref string
	// Line is where it begins in its file, from 1.
	Line int
	// Banner is the banner as declared; empty where there is none.
	Banner string
	// Marks is the marking of the whole: the declared banner, or the roll-up
	// of the portions where none is declared.
	Marks marking.Marks
	// Compilation is set where the declared banner is above the roll-up and
	// Options.Compilation accepted that.
	Compilation bool
	// Portions are in the order of the document, without the title.
	Portions []Portion
	// Warnings name what was left out and what a person should look at;
	// none of them keeps the document from being imported.
	Warnings []cordon.Issue
}

// Portion is one portion of a document.
type Portion struct {
	Kind cordon.PortionKind
	// Ref is the outside name of the portion; only JSON lines have it.
	Ref string
	// Text is without its mark. Lines are separated by "\n"; inline markup
	// of Markdown is kept as it was written, with its escapes resolved.
	Text string
	// Marks is never empty in what a reader gives.
	Marks marking.Marks
	// Inherited is set where Marks did not stand on the portion itself.
	Inherited bool
	// Line and Column are where it begins, from 1; Column counts
	// characters. In DOCX, Line counts paragraphs. Both are zero for a title
	// made from the file's name.
	Line, Column int
}

// Policy is what is done with portions that carry no mark.
type Policy int

const (
	// Inherit gives an unmarked portion its mark by the rules in the package
	// comment.
	Inherit Policy = iota
	// Refuse makes every unmarked portion an issue.
	Refuse
)

// Options say how documents are read.
type Options struct {
	// Schemes are the schemes in force. It must be set.
	Schemes *marking.Set
	// Open reads what is no text; the zero value reads all formats but PDF.
	Open format.Opener
	// Unmarked is the policy for portions without a mark.
	Unmarked Policy
	// DefaultMark is what unmarked portions of a document without a banner
	// inherit; empty for nothing, and then they are refused.
	DefaultMark marking.Marks
	// Undecided is set where DefaultMark only stands for a marking that is
	// decided on later. It is then not held against the marks in a text, nor
	// does it say of which scheme a document is.
	Undecided bool
	// Quoted says that the marks within portions are quoted, as in a text about
	// markings: those that the portion's marking does not cover are warned of
	// and not refused. That is a person's decision.
	Quoted bool
	// Compilation accepts a banner above the roll-up as classification by
	// compilation (manual, section B.7). That is a person's decision.
	Compilation bool
	// called is parts.File.Called of the file that is read.
	called string
}
