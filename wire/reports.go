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
	// Arrangement is what it is shared under, by id or name.
	Arrangement string `json:"arrangement,omitempty"`
	// Recipients are organisations besides the arrangement's parties.
	Recipients []string `json:"recipients,omitempty"`
	// Named are people, for markings that are for named individuals.
	Named []string `json:"named,omitempty"`
	// Compilation is a marking set on the whole because the portions say
	// more together.
	Compilation string         `json:"compilation,omitempty"`
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
}

// Published is what was written. Its first portion is the title.
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
	// Raised says that the marking is higher than the one asked for,
	// because of what the portion was made from.
	Raised bool `json:"raised,omitempty"`
	// Closed says why the author himself may not read it, condition by
	// condition: "clearance", "read-in us:SI", "audience"; nil where he may.
	Closed []string `json:"closed,omitempty"`
}

// Imported is what became of one draft of many: published, or a problem.
type Imported struct {
	Published *Published `json:"published,omitempty"`
	Problem   *Problem   `json:"problem,omitempty"`
}

// Import is drafts to be published in one request.
type Import struct {
	Reports []Draft `json:"reports"`
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

// Rendition is what one reader is shown of a report at one time.
type Rendition struct {
	Report cordon.ID         `json:"report"`
	Ref    string            `json:"ref,omitempty"`
	Kind   cordon.ReportKind `json:"kind"`
	Holder Named             `json:"holder"`
	// Banner is the roll-up of what is shown, and of nothing else.
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
	Marking string `json:"marking"`
}

// Compilation is how a whole is marked by compilation.
type Compilation struct {
	// Marking is empty where there is none.
	Marking string `json:"marking"`
	// Banner is that of the whole.
	Banner string `json:"banner"`
}

// Revision is another wording for a portion of one's report.
type Revision struct {
	// Marking is rolled up with the one the portion has; empty leaves it.
	Marking string `json:"marking,omitempty"`
	Text    string `json:"text"`
	// Sources are what the new wording was made from besides.
	Sources []cordon.ID `json:"sources,omitempty"`
}
