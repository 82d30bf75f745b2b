package cordon

import "time"

// Sealed is a ciphertext of package vault together with the key version it
// was sealed under. Nothing outside vault can read it.
type Sealed []byte

// ReportKind is what sort of whole a report is.
type ReportKind string

// The kinds of report.
const (
	// ReportOriginal is a report as its originator handed it over.
	ReportOriginal ReportKind = "report"
	// ReportMemo, ReportBriefing and ReportTranscript are derivatives.
	ReportMemo       ReportKind = "memo"
	ReportBriefing   ReportKind = "briefing"
	ReportTranscript ReportKind = "transcript"
	// ReportTearline is a version written by an owner for a wider audience.
	ReportTearline ReportKind = "tearline"
)

// ReportKinds lists every kind.
func ReportKinds() []ReportKind {
	return []ReportKind{ReportOriginal, ReportMemo, ReportBriefing, ReportTranscript, ReportTearline}
}

// Report is an ordered list of portions. Its title is a portion too, the
// first one, so the report itself says nothing.
type Report struct {
	ID   ID
	Kind ReportKind
	// Holder is the organisation that wrote it into Cordon. It need not own
	// any of it.
	Holder ID
	Author ID
	// Arrangement is the one it is shared under; empty for none.
	Arrangement ID
	// RefToken is the keyed token of its outside name, by which it can be
	// found without the name lying at rest; nil for none.
	RefToken []byte
	// Compilation is the marking text that a person set on the whole because
	// the portions together say more than each; empty for none. It is
	// enforced on every portion.
	Compilation string
	Created     time.Time
	// Waits says what of it waits.
	Waits Waiting
}

// PortionKind is what a portion is in its document.
type PortionKind string

// The kinds of portion.
const (
	PortionTitle      PortionKind = "title"
	PortionHeading    PortionKind = "heading"
	PortionParagraph  PortionKind = "paragraph"
	PortionListItem   PortionKind = "list"
	PortionTable      PortionKind = "table"
	PortionCaption    PortionKind = "caption"
	PortionAttachment PortionKind = "attachment"
)

// PortionKinds lists every kind.
func PortionKinds() []PortionKind {
	return []PortionKind{PortionTitle, PortionHeading, PortionParagraph, PortionListItem, PortionTable, PortionCaption, PortionAttachment}
}

// PortionState is whether a portion is where it was written.
type PortionState string

// The states of a portion.
const (
	// PortionLive portions open to readers whom access admits.
	PortionLive PortionState = "live"
	// PortionStruck portions have left the report; the original is in custody.
	PortionStruck PortionState = "struck"
	// PortionSuperseded portions have had another wording put in their place. The
	// old wording stays sealed and no search or trace finds it. It opens as an
	// earlier wording of the new one alone, to people of the organisation that holds
	// the report and of the owners.
	PortionSuperseded PortionState = "superseded"
)

// Portion is the smallest thing marked. Its text and its outside name lie in
// Body; its id, report, marking and rule are bound to Body as associated
// data, so that a row changed in the database no longer opens.
type Portion struct {
	ID     ID
	Report ID
	// Ordinal is its place in the report, counted from 0, the title. It is
	// never shown: a gap would tell of withheld portions.
	Ordinal int
	Kind    PortionKind
	// Mark is the canonical marking text.
	Mark  string
	Rule  RuleNo
	State PortionState
	// Body is the sealed text and ref; nil once struck.
	Body Sealed
	// Key is the portion's own key, wrapped under every owner's key; nil
	// once struck. It lies in a table of its own, apart from Body.
	Key Sealed
	// Created is that of the report, repeated so that lists page by it.
	Created time.Time
}

// PortionIDs gives the portions' ids, in the order of the portions.
func PortionIDs(portions []Portion) []ID {
	ids := make([]ID, len(portions))
	for i, p := range portions {
		ids[i] = p.ID
	}
	return ids
}

// Derivation records that Portion was made from Source: lineage.
type Derivation struct {
	Portion ID
	Source  ID
	How     DerivationHow
}

// TearlineLink records that Portion, of a tearline, was written against
// Original: it gives the substance for a wider audience. The tearline
// inherits nothing by it, and nobody but the owner of both is told of it.
type TearlineLink struct {
	Portion  ID
	Original ID
}

// DerivationHow says how a derivation came to be known.
type DerivationHow string

// The ways a derivation is known.
const (
	// DerivationDeclared by the author who derived it.
	DerivationDeclared DerivationHow = "declared"
	// DerivationFound by content, though nobody said so.
	DerivationFound DerivationHow = "found"
	// DerivationRevised: the source is the wording that the portion replaced.
	DerivationRevised DerivationHow = "revised"
)

// Rendition records that a person was shown portions of a report.
type Rendition struct {
	ID       ID
	Report   ID
	Portions []ID
	Person   ID
	Org      ID
	At       time.Time
	// Via is the act that showed them: read, list, search, export.
	Via Act
}

// Fact is a typed statement a portion makes about a candidate source: an
// attribute and a value, sealed. Told to an audience, it narrows who the
// source could be.
type Fact struct {
	ID      ID
	Portion ID
	Body    Sealed
}
