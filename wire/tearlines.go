package wire

import "cordon"

// TearlineDraft is a version of one's own portions for a wider audience: the
// substance, without source, method or operational detail.
type TearlineDraft struct {
	Ref         string   `json:"ref,omitempty"`
	Arrangement string   `json:"arrangement,omitempty"`
	Recipients  []string `json:"recipients,omitempty"`
	Named       []string `json:"named,omitempty"`
	// Against are the originals of every portion that names none of its own.
	Against []cordon.ID `json:"against,omitempty"`
	// Title is a portion too and is marked like one; its Kind is not given.
	Title    TearlinePortion   `json:"title"`
	Portions []TearlinePortion `json:"portions,omitempty"`
}

// TearlinePortion is a portion of a tearline to be written.
type TearlinePortion struct {
	// Kind is paragraph where it is left out.
	Kind    cordon.PortionKind `json:"kind,omitempty"`
	Ref     string             `json:"ref,omitempty"`
	Marking string             `json:"marking,omitempty"`
	Text    string             `json:"text"`
	// Against are portions of one's own organisation's that it was written
	// against. It inherits nothing from them.
	Against []cordon.ID `json:"against,omitempty"`
	// Dismissed are portions whose words it was said to repeat, and that it was not made
	// from all the same.
	Dismissed []Dismissal `json:"dismissed,omitempty"`
}

// WrittenTearline is a tearline as it was published, and what its check found.
type WrittenTearline struct {
	Published
	Check TearlineChecked `json:"check"`
}

// TearlineCheck asks what of the originals still stands in a tearline: one
// that is handed in, or one that was published.
type TearlineCheck struct {
	// Report is a tearline that was published, by id or ref; then nothing
	// else is given.
	Report string `json:"report,omitempty"`
	// Against are the originals.
	Against []cordon.ID `json:"against,omitempty"`
	// Paragraphs are the tearline's portions, the title the first.
	Paragraphs []TearlineParagraph `json:"paragraphs,omitempty"`
}

// TearlineParagraph is a portion of a tearline to be looked at.
type TearlineParagraph struct {
	// Marking may be empty.
	Marking string `json:"marking,omitempty"`
	Text    string `json:"text"`
}

// TearlineChecked lists what still stands in a tearline. It is no clearance.
type TearlineChecked struct {
	// ID is the subject of the check's ledger entry.
	ID        cordon.ID         `json:"id"`
	Originals []TearlineShare   `json:"originals"`
	Findings  []TearlineFinding `json:"findings"`
	// More is how many findings were left off, the slightest.
	More int `json:"more,omitempty"`
	// Notes say what was not looked at, and what no check sees.
	Notes []string `json:"notes"`
}

// TearlineShare says how much of one original stands in passages in the whole
// tearline.
type TearlineShare struct {
	Portion cordon.ID `json:"portion"`
	Marking string    `json:"marking"`
	// Words is how many of its words stand in passages, of how many.
	Words int `json:"words"`
	Of    int `json:"of"`
	// Share is Words over Of.
	Share float64 `json:"share"`
}

// TearlineFinding is one thing that still stands in a paragraph.
type TearlineFinding struct {
	Severity Severity    `json:"severity"`
	Kind     FindingKind `json:"kind"`
	// Paragraph counts from 0, the title.
	Paragraph int `json:"paragraph"`
	// Original is the portion in which it stands; empty where it is about
	// none.
	Original cordon.ID `json:"original,omitempty"`
	// At are bytes of the paragraph, In of the original's text.
	At    *Span `json:"at,omitempty"`
	In    *Span `json:"in,omitempty"`
	Words int   `json:"words,omitempty"`
	// Text is the stretch of the paragraph, the middle of a long one left out.
	Text string `json:"text,omitempty"`
	// Says it in words.
	Says string `json:"says"`
}

// Severity says how much a finding asks to be looked at.
type Severity string

// The severities, the gravest first. None of them says that a text is safe.
const (
	SeveritySerious  Severity = "serious"
	SeverityDoubtful Severity = "doubtful"
	SeveritySlight   Severity = "slight"
)

// FindingKind is the kind of thing that still stands in a tearline.
type FindingKind string

// The kinds of finding.
const (
	FindingPassage FindingKind = "passage"
	FindingName    FindingKind = "name"
	FindingNumber  FindingKind = "number"
	FindingRare    FindingKind = "rare-word"
	FindingFact    FindingKind = "fact"
	FindingAsFine  FindingKind = "fact-as-fine"
	FindingMarking FindingKind = "marking"
	FindingOthers  FindingKind = "of-others"
)

// Span is a stretch of a text in bytes.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// TearlineLink is a portion of a tearline with the original it was written
// against.
type TearlineLink struct {
	Tearline cordon.ID `json:"tearline"`
	Portion  cordon.ID `json:"portion"`
	Marking  string    `json:"marking"`
	// Report and Original are the report and the portion it was written against.
	Report          cordon.ID `json:"report"`
	Original        cordon.ID `json:"original"`
	OriginalMarking string    `json:"originalMarking"`
}

// TearlineReview is a tearline of a portion that was struck or limited.
type TearlineReview struct {
	Report    cordon.ID   `json:"report"`
	Originals []cordon.ID `json:"originals"`
	// To are the organisations it was given or granted to, at any time.
	To []Named `json:"to"`
	// Onward says that its marking lets others be told without asking.
	Onward bool `json:"onward,omitempty"`
}

var exampleChecked = TearlineChecked{
	ID: exampleOther, Originals: []TearlineShare{{Portion: examplePortion, Marking: "S//NF", Words: 2, Of: 10, Share: 0.2}},
	Findings: []TearlineFinding{{
		Severity: SeveritySerious, Kind: FindingPassage, Paragraph: 1, Original: examplePortion, At: &Span{16, 27}, In: &Span{17, 28},
		Words: 2, Text: "night ferry", Says: "two words in a row stand in the original",
	}},
	Notes: []string{"A check sees words, and not what follows from them."},
}

// AddTearline publishes a tearline, links it to its originals and checks it.
// It takes an author of the originals' only owner.
var AddTearline = Operation[TearlineDraft, WrittenTearline]{
	Name: "addTearline", Pattern: "POST /api/v1/tearlines", Tag: "tearlines", Scope: cordon.ScopeWrite, Repeat: AnsweredAgain,
	Errors:   []cordon.Kind{cordon.KindNotFound, cordon.KindSpill},
	Location: func(_ TearlineDraft, w WrittenTearline) string { return path("reports", string(w.Report)) },
	Example: TearlineDraft{
		Recipients: []string{"BRIAR"}, Against: []cordon.ID{examplePortion}, Title: TearlinePortion{Marking: "C", Text: "Of letters"},
		Portions: []TearlinePortion{{Marking: "C", Text: "Somebody on the night ferry keeps letters."}},
	},
	Answer: WrittenTearline{examplePublished, exampleChecked},
}

// CheckTearline says what of the originals still stands in a tearline. It takes
// an author.
var CheckTearline = Operation[TearlineCheck, TearlineChecked]{
	Name: "checkTearline", Pattern: "POST /api/v1/tearlines/check", Tag: "tearlines", Scope: cordon.ScopeWrite,
	Errors: []cordon.Kind{cordon.KindNotFound},
	Example: TearlineCheck{
		Against: []cordon.ID{examplePortion}, Paragraphs: []TearlineParagraph{{Marking: "C", Text: "Somebody on the night ferry keeps letters."}},
	},
	Answer: exampleChecked,
}

// ListTearlines lists the links of a report, whether it is a tearline or has
// some: those of one's own organisation of which one may see both ends.
var ListTearlines = Operation[OfReport, List[TearlineLink]]{
	Name: "listTearlines", Pattern: "GET /api/v1/reports/{report}/tearlines", Tag: "tearlines", Scope: cordon.ScopeRead,
	Example: OfReport{"ALD-7/26"},
	Answer: List[TearlineLink]{Items: []TearlineLink{{
		Tearline: exampleOther, Portion: exampleTitle, Marking: "C",
		Report: exampleReport, Original: examplePortion, OriginalMarking: "S//NF",
	}}},
}
