package wire

import (
	"time"

	"cordon"
)

// Draft is a report to be published or derived.
type Draft struct {
	Kind cordon.ReportKind `json:"kind"`
	// Ref is the outside name of the report; empty for none.
	Ref string `json:"ref,omitempty"`
	// Title is a portion too and is marked like one; its Kind is not given.
	Title PortionDraft `json:"title"`
	// Arrangement is the one it is shared under, by id or name.
	Arrangement string `json:"arrangement,omitempty"`
	// Recipients are organisations besides the arrangement's parties.
	Recipients []string `json:"recipients,omitempty"`
	// Named are people, for markings that are for named individuals.
	Named []string `json:"named,omitempty"`
	// Compilation is a marking set on the whole because the portions say
	// more together.
	Compilation string `json:"compilation,omitempty"`
	// MarksQuoted says that the marks within the texts are quoted, as in a text
	// about markings. Otherwise one that its portion's marking does not cover
	// is refused where a portion mark may stand.
	MarksQuoted bool           `json:"marksQuoted,omitempty"`
	Portions    []PortionDraft `json:"portions,omitempty"`
}

// PortionDraft is a portion to be written.
type PortionDraft struct {
	// Kind is paragraph where it is left out.
	Kind cordon.PortionKind `json:"kind,omitempty"`
	Ref  string             `json:"ref,omitempty"`
	// Marking may be empty where there are sources, or an arrangement with a
	// default marking.
	Marking string `json:"marking,omitempty"`
	Text    string `json:"text"`
	// Sources are the portions it was made from.
	Sources []cordon.ID `json:"sources,omitempty"`
	// Dismissed are portions whose words it was said to repeat, and that it was not made
	// from all the same.
	Dismissed []Dismissal `json:"dismissed,omitempty"`
}

// Dismissal is an author's word that a passage is no quotation of the portion, or may stand
// as it is.
type Dismissal struct {
	Source cordon.ID `json:"source"`
	// Reason is shown to the portion's owners.
	Reason string `json:"reason"`
}

// Published is a report as it was written. Its first portion is the title.
type Published struct {
	Report   cordon.ID          `json:"report"`
	Ref      string             `json:"ref,omitempty"`
	Banner   string             `json:"banner"`
	Portions []PublishedPortion `json:"portions"`
}

// PublishedPortion is one portion as it was written.
type PublishedPortion struct {
	ID      cordon.ID `json:"id"`
	Ref     string    `json:"ref,omitempty"`
	Marking string    `json:"marking"`
	Owners  []Named   `json:"owners"`
	// Raised says that the marking is higher than the one asked for, because
	// of the portion's sources.
	Raised bool `json:"raised,omitempty"`
	// Closed says why the author may not read it, condition by condition:
	// "clearance", "read-in us:SI", "audience"; left out where they may.
	Closed []string `json:"closed,omitempty"`
	// Warnings are of marks in the running text that the portion's marking
	// does not cover, by line and column of the text.
	Warnings []cordon.Issue `json:"warnings,omitempty"`
}

// Imported is the outcome of one draft of many: published, left out, or a problem.
type Imported struct {
	Published *Published `json:"published,omitempty"`
	Problem   *Problem   `json:"problem,omitempty"`
	// Before says that it was published before under its key, and nothing was
	// done now.
	Before bool `json:"before,omitempty"`
}

// Import is drafts to be published in one request.
type Import struct {
	Reports []Draft `json:"reports"`
	// Keys has one for each report, or is left out. Under a key one person
	// publishes one report, whatever request it comes in and whenever; an empty
	// one binds nothing. A key is at most 255 bytes.
	Keys []string `json:"keys,omitempty"`
}

// MaxImport is how many drafts one Import takes.
const MaxImport = 200

// Item is a report in a list.
type Item struct {
	Report cordon.ID         `json:"report"`
	Ref    string            `json:"ref,omitempty"`
	Kind   cordon.ReportKind `json:"kind"`
	Holder Named             `json:"holder"`
	// Marking and Title are empty where the title itself is withheld.
	Marking string    `json:"marking,omitempty"`
	Title   string    `json:"title,omitempty"`
	Created time.Time `json:"created"`
}

// Rendition is a report as it is shown to one reader at one time.
type Rendition struct {
	Report cordon.ID         `json:"report"`
	Ref    string            `json:"ref,omitempty"`
	Kind   cordon.ReportKind `json:"kind"`
	Holder Named             `json:"holder"`
	// Banner is the roll-up of the portions shown, and of nothing else.
	Banner  string    `json:"banner"`
	Title   string    `json:"title,omitempty"`
	Created time.Time `json:"created"`
	// Portions are in order, the title among them as the first.
	Portions []Shown `json:"portions"`
}

// Shown is a portion as a reader is shown it.
type Shown struct {
	ID      cordon.ID          `json:"id,omitempty"`
	Report  cordon.ID          `json:"report,omitempty"`
	Ref     string             `json:"ref,omitempty"`
	Kind    cordon.PortionKind `json:"kind"`
	Marking string             `json:"marking"`
	Owners  []Named            `json:"owners,omitempty"`
	// Text is empty where the portion is withheld.
	Text string `json:"text"`
	// Withheld says that only the mark is shown, as the arrangement wants.
	Withheld bool `json:"withheld,omitempty"`
}

// CompilationDraft sets, changes or, with an empty marking, lifts the marking of
// a whole by compilation.
type CompilationDraft struct {
	OfReport
	Marking string `json:"marking"`
}

// Compilation is the marking of a whole by compilation.
type Compilation struct {
	// Marking is empty where there is none.
	Marking string `json:"marking"`
	// Banner is that of the whole.
	Banner string `json:"banner"`
}

// Revision is another wording for a portion of one's report.
type Revision struct {
	OfReport
	// Portion is the id of the portion.
	Portion cordon.ID `path:"portion" json:"-"`
	// Marking is rolled up with the one the portion has; empty leaves it.
	Marking string `json:"marking,omitempty"`
	Text    string `json:"text"`
	// Sources are further portions that the new wording was made from.
	Sources []cordon.ID `json:"sources,omitempty"`
	// Dismissed are portions whose words it was said to repeat, and that it was not made
	// from all the same.
	Dismissed []Dismissal `json:"dismissed,omitempty"`
	// MarksQuoted says that the marks in the text are quoted.
	MarksQuoted bool `json:"marksQuoted,omitempty"`
}

// ReportExport asks for a report as a document.
type ReportExport struct {
	OfReport
	// Format is that of the document.
	Format string `query:"format" json:"-" enum:"markdown,text,json" required:"true"`
}

var (
	exampleDraft = Draft{
		Kind: cordon.ReportOriginal, Ref: "ALD-7/26", Title: PortionDraft{Marking: "S//NF", Text: "Letters aboard"},
		Recipients: []string{"BRIAR"}, Portions: []PortionDraft{{Marking: "S//NF", Text: exampleText}},
	}
	examplePublished = Published{
		Report: exampleReport, Ref: "ALD-7/26", Banner: "SECRET//NOFORN",
		Portions: []PublishedPortion{
			{ID: exampleTitle, Marking: "S//NF", Owners: []Named{exampleAlder}},
			{ID: examplePortion, Marking: "S//NF", Owners: []Named{exampleAlder}},
		},
	}
	exampleReading = Shown{
		ID: examplePortion, Report: exampleReport, Kind: cordon.PortionParagraph, Marking: "S//NF", Owners: []Named{exampleAlder},
		Text: exampleText,
	}
)

// ListReports lists the reports in which one may see something, newest first.
var ListReports = Operation[Page, List[Item]]{
	Name: "listReports", Pattern: "GET /api/v1/reports", Tag: "reports", Scope: cordon.ScopeRead,
	Answer: List[Item]{Items: []Item{{
		Report: exampleReport, Ref: "ALD-7/26", Kind: cordon.ReportOriginal, Holder: exampleAlder, Marking: "S//NF",
		Title: "Letters aboard", Created: exampleTime,
	}}},
}

// Publish writes a report: an original, or a derivative where portions name
// their sources or quote something protected. It takes an author.
var Publish = Operation[Draft, Published]{
	Name: "publish", Pattern: "POST /api/v1/reports", Tag: "reports", Scope: cordon.ScopeWrite, Repeat: AnsweredAgain,
	Errors:   []cordon.Kind{cordon.KindNotFound, cordon.KindSpill},
	Location: func(_ Draft, p Published) string { return path("reports", string(p.Report)) },
	Example:  exampleDraft, Answer: examplePublished,
}

// ImportReports publishes many drafts, each of them wholly or not at all and
// without regard to the others; the answer has one item for each, in their
// order. It takes an author.
var ImportReports = Operation[Import, List[Imported]]{
	Name: "importReports", Pattern: "POST /api/v1/imports", Tag: "reports", Scope: cordon.ScopeWrite, Repeat: AnsweredAgain,
	Example: Import{Reports: []Draft{exampleDraft}, Keys: []string{"feed 7, document 12"}}, Answer: List[Imported]{Items: []Imported{{Published: &examplePublished}}},
}

// OpenReport shows what one may see of a report.
var OpenReport = Operation[OfReport, Rendition]{
	Name: "openReport", Pattern: "GET /api/v1/reports/{report}", Tag: "reports", Scope: cordon.ScopeRead,
	Example: OfReport{"ALD-7/26"},
	Answer: Rendition{
		Report: exampleReport, Ref: "ALD-7/26", Kind: cordon.ReportOriginal, Holder: exampleAlder, Banner: "SECRET//NOFORN",
		Title: "Letters aboard", Created: exampleTime, Portions: []Shown{exampleReading},
	},
}

// ExportReport gives the same as a document, to be taken away.
var ExportReport = Operation[ReportExport, File]{
	Name: "exportReport", Pattern: "GET /api/v1/reports/{report}/export", Tag: "reports", Scope: cordon.ScopeRead,
	Media:   []string{"application/json", "text/markdown", "text/plain"},
	Example: ReportExport{OfReport{"ALD-7/26"}, "markdown"},
}

// SetCompilation records a person's decision on the marking of a whole because
// of what its portions say together. It takes a release authority of the
// organisation that holds the report.
var SetCompilation = Operation[CompilationDraft, Compilation]{
	Name: "setCompilation", Pattern: "PUT /api/v1/reports/{report}/compilation", Tag: "reports",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain,
	Example: CompilationDraft{OfReport{"ALD-7/26"}, "TS//NF"}, Answer: Compilation{Marking: "TS//NF", Banner: "TOP SECRET//NOFORN"},
}

// Revise puts another wording in a portion's place, under an id of its own.
// It is never freer than the old one, and voids requests and answers that
// concern the report. It takes an author of the organisation that holds the
// report.
var Revise = Operation[Revision, PublishedPortion]{
	Name: "revise", Pattern: "PUT /api/v1/reports/{report}/portions/{portion}", Tag: "reports",
	Scope: cordon.ScopeWrite, Repeat: AnsweredAgain, Errors: []cordon.Kind{cordon.KindSpill},
	Example: Revision{OfReport: OfReport{"ALD-7/26"}, Portion: examplePortion, Text: "Somebody keeps letters for others."},
	Answer:  PublishedPortion{ID: exampleOther, Marking: "S//NF", Owners: []Named{exampleAlder}},
}

// OfReportPortion is the request of something that is of one portion of a report.
type OfReportPortion struct {
	OfReport
	// Portion is the id of one of its portions.
	Portion cordon.ID `path:"portion" json:"-"`
}

// ListWordings gives the wordings that a portion has had, the present one first.
// The earlier ones are given to readers of the organisation that holds the report
// and of the owners, as far as the rule of each admits them; to others there was
// none. Each that is given stands in its owners' feeds as read.
var ListWordings = Operation[OfReportPortion, List[Shown]]{
	Name: "listWordings", Pattern: "GET /api/v1/reports/{report}/portions/{portion}/wordings", Tag: "reports", Scope: cordon.ScopeRead,
	Example: OfReportPortion{OfReport{"ALD-7/26"}, examplePortion},
	Answer: List[Shown]{Items: []Shown{
		{ID: examplePortion, Report: exampleReport, Kind: cordon.PortionParagraph, Marking: "S//NF", Owners: []Named{exampleAlder}, Text: "Somebody keeps letters for others."},
		{ID: exampleOther, Report: exampleReport, Kind: cordon.PortionParagraph, Marking: "S//NF", Owners: []Named{exampleAlder}, Text: "A clerk keeps letters for others."},
	}},
}
