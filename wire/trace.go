package wire

import (
	"time"

	"cordon"
)

// Check asks, before anything is told, what of a draft an audience may not
// have.
type Check struct {
	// Text is the draft. Where it is a mail, a web page, subtitles, a STIX bundle or
	// a MISP event, what it says is compared. Where it is a file that cannot be
	// read, nothing is, and the answer is an error that says so.
	Text string `json:"text,omitempty"`
	// File is the draft as a file of any format that is read, PDF and Word too, in
	// base64 and in place of Text; Name is what it is called, for messages.
	File []byte `json:"file,omitempty"`
	Name string `json:"name,omitempty"`
	// Audience is the organisation, by id or name.
	Audience string `json:"audience"`
}

// Checked is what a check found of portions that one may see. It is no
// clearance.
type Checked struct {
	// ID is the check's own; its ledger entries have it as their subject.
	ID       cordon.ID `json:"id"`
	Audience Named     `json:"audience"`
	// Refused are passages that the audience may not have.
	Refused []Finding `json:"refused"`
	// Allowed are passages that it may have.
	Allowed []TracedPortion `json:"allowed"`
	// Note says what a check cannot speak of.
	Note     string   `json:"note"`
	Compared Compared `json:"compared"`
}

// Compared says how much was compared: nothing found is said of no more.
type Compared struct {
	// Kind is what was handed in: "plain text", "a mail".
	Kind string `json:"kind"`
	// Words are counted as evidence: two Han characters, three syllables of Kana and
	// four letters of Thai and its like stand for one.
	Words int `json:"words"`
	// Files are those within it that were compared too: attachments.
	Files []string `json:"files,omitempty"`
	// Asides are what stands beside its text and was compared too: comments,
	// deleted or hidden text.
	Asides []string `json:"asides,omitempty"`
	// NotCompared is text in it that could not be read, LeftOut what has no text,
	// such as pictures.
	NotCompared []string `json:"notCompared,omitempty"`
	LeftOut     []string `json:"leftOut,omitempty"`
}

// Scan asks what of a text found outside is protected.
type Scan struct {
	// Top has the best so many portions given that the text tells of in other words,
	// whatever they are worth; those at alarm and triage are given in any case. It is 100
	// at most.
	Top int `json:"top,omitempty"`
	// Text, File and Name are read as those of a Check are.
	Text string `json:"text,omitempty"`
	File []byte `json:"file,omitempty"`
	Name string `json:"name,omitempty"`
}

// Scanned is what a scan found of portions that one may see.
type Scanned struct {
	// ID is the scan's own; its ledger entries have it as their subject.
	ID cordon.ID `json:"id"`
	// Hits are what the text quotes, in its order, and after that what it tells in other
	// words, the likest first.
	Hits     []TracedPortion `json:"hits"`
	Compared Compared        `json:"compared"`
	// Rates says how often the levels of hits err, as it was measured.
	Rates string `json:"rates"`
}

// TracedPortion is a portion of which a text has passages.
type TracedPortion struct {
	// Level says what to do: "alarm" to act on it, "triage" to have a person look, "weak"
	// where the best were asked for whatever they are worth.
	Level string `json:"level"`
	// How the text tells of the portion: "verbatim", "reworded", "summarised", or by an
	// "indicator".
	How string `json:"how"`
	// Score is from 0 to 1; one half and more is an alarm's.
	Score float64 `json:"score"`
	// Indicators are those that both have, in the spelling by which they are compared.
	Indicators []string  `json:"indicators,omitempty"`
	Portion    cordon.ID `json:"portion"`
	Report     cordon.ID `json:"report"`
	// Ref is the portion's outside name, ReportRef that of its report.
	Ref       string  `json:"ref,omitempty"`
	ReportRef string  `json:"reportRef,omitempty"`
	Marking   string  `json:"marking"`
	Owners    []Named `json:"owners"`
	// Words is how many of the portion's words the text has, of how many.
	Words int `json:"words"`
	Of    int `json:"of"`
	// Fraction is Words over Of.
	Fraction float64   `json:"fraction"`
	Passages []Passage `json:"passages"`
}

// Finding is a portion whose passages an audience may not have, and why.
type Finding struct {
	TracedPortion
	// Reasons are the conditions that do not hold, by name.
	Reasons []string `json:"reasons"`
	// Missing are the owners whose permission is missing.
	Missing []Named `json:"missing,omitempty"`
	// Needs says in plain words what it would take.
	Needs []string `json:"needs"`
}

// Passage is one stretch of the text that was handed in.
type Passage struct {
	// File is the one within the text that it stands in; empty for none.
	File string `json:"file,omitempty"`
	// Start and End are bytes of the text; zero where it was not compared as it
	// stands. Line and EndLine are its lines, counted from 1; zero where lines
	// have no numbers.
	Start   int `json:"start"`
	End     int `json:"end"`
	Line    int `json:"line"`
	EndLine int `json:"endLine"`
	Words   int `json:"words"`
	// Excerpt is the stretch, the middle of a long one left out.
	Excerpt string `json:"excerpt"`
}

// Holder is a person who was shown a portion.
type Holder struct {
	Person Named `json:"person"`
	// Organisation is the one they belonged to when they were shown it.
	Organisation Named `json:"organisation"`
	// Times is how often, First and Last when, Via what showed it: read,
	// list, search, export.
	Times int          `json:"times"`
	First time.Time    `json:"first"`
	Last  time.Time    `json:"last"`
	Via   []cordon.Act `json:"via"`
	// Derived says that they were shown it only in portions made from it.
	Derived bool `json:"derived,omitempty"`
}

// OfPortion is the request of something that is of one portion.
type OfPortion struct {
	// Portion is the id of one. A malformed id is recorded and answered like
	// one that names nothing.
	Portion string `path:"portion" json:"-"`
}

var exampleTraced = TracedPortion{
	Portion: examplePortion, Report: exampleReport, ReportRef: "ALD-7/26", Marking: "S//NF", Owners: []Named{exampleAlder},
	Words: 10, Of: 10, Fraction: 1, Level: "alarm", How: "verbatim", Score: 0.9,
	Passages: []Passage{{Start: 0, End: len(exampleText), Line: 1, EndLine: 1, Words: 10, Excerpt: exampleText}},
}

var exampleCompared = Compared{Kind: "plain text", Words: 10}

// CheckDraft says which passages of a draft an audience may not have, whose
// they are and what would be needed. It takes a reader.
var CheckDraft = Operation[Check, Checked]{
	Name: "checkDraft", Pattern: "POST /api/v1/check", Tag: "trace", Scope: cordon.ScopeRead,
	Errors:  []cordon.Kind{cordon.KindNotFound},
	Example: Check{Text: exampleText, Audience: "CEDAR"},
	Answer: Checked{
		ID: exampleOther, Audience: Named{ID: exampleTitle, Name: "CEDAR"}, Allowed: []TracedPortion{},
		Refused: []Finding{{
			TracedPortion: exampleTraced, Reasons: []string{"audience"}, Missing: []Named{exampleAlder},
			Needs: []string{"a grant of ALDER"},
		}},
		Note: "A check speaks of what you may see, and of words.", Compared: exampleCompared,
	},
}

// ScanText finds protected portions in a text found outside. It takes a reader.
var ScanText = Operation[Scan, Scanned]{
	Name: "scanText", Pattern: "POST /api/v1/scan", Tag: "trace", Scope: cordon.ScopeRead,
	Example: Scan{Text: exampleText}, Answer: Scanned{ID: exampleOther, Hits: []TracedPortion{exampleTraced}, Compared: exampleCompared, Rates: "at alarm about one in a megabyte"},
}

// ListHolders lists who was shown a portion, itself or in portions made from
// it.
var ListHolders = Operation[OfPortion, List[Holder]]{
	Name: "listHolders", Pattern: "GET /api/v1/portions/{portion}/holders", Tag: "trace", Scope: cordon.ScopeRead,
	Errors:  []cordon.Kind{cordon.KindTooLarge},
	Example: OfPortion{string(examplePortion)},
	Answer: List[Holder]{Items: []Holder{{
		Person: exampleNoor, Organisation: exampleBriar, Times: 1, First: exampleTime, Last: exampleTime, Via: []cordon.Act{cordon.ActRead},
	}}},
}
