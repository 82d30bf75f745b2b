package claims

import (
	"time"

	"cordon"
)

// Record is the public record of one incident, in any order.
type Record struct {
	Propositions []Proposition `json:"propositions"`
	Sources      []Source      `json:"sources"`
	Statements   []Statement   `json:"statements"`
}

// Proposition is something that can be claimed and denied.
type Proposition struct {
	// ID names it within the incident: "P1".
	ID   string `json:"id"`
	Text string `json:"text"`
	// Portions are the protected portions it touches, if any. They are
	// kept as given: that an id is here does not say that it exists.
	Portions []cordon.ID `json:"portions,omitempty"`
}

// Source is somebody to whom statements are attributed: one person, or a
// group that is quoted as one.
type Source struct {
	// ID names it within the incident: "S-former".
	ID string `json:"id"`
	// Who is the name or the office, or the words an outlet uses for a
	// source it does not name.
	Who string `json:"who"`
	// Named is set where Who tells who it is, and then it is one person or
	// one body. Two named sources of one Who are one.
	Named bool `json:"named"`
	// Via is the outlet, where there is one.
	Via string `json:"via,omitempty"`
	// InRoom says whether the source, and every one of a group, was where
	// the disclosure happened; nil where that is not known.
	InRoom *bool `json:"inRoom,omitempty"`
}

// Statement is what a source said at one time.
type Statement struct {
	// ID names it within the incident: "A1".
	ID string `json:"id"`
	// Source is the id of the source it is attributed to.
	Source string `json:"source"`
	// Published is when it became public, with its zone.
	Published time.Time `json:"published"`
	// Approximate is set where Published is not exact.
	Approximate bool `json:"publishedIsApproximate,omitempty"`
	// Stances gives the stance on each proposition it bears on, by id.
	Stances map[string]Stance `json:"stances"`
	Note    string            `json:"note,omitempty"`
	// Corrects is the id of the earlier statement of the same source that
	// this one replaces; empty for none.
	Corrects string `json:"corrects,omitempty"`
}

// Stance is how a statement bears on a proposition.
type Stance string

// The stances.
const (
	Confirms Stance = "confirms"
	Denies   Stance = "denies"
	// DoesNotClaim: the source says expressly that it does not claim the
	// proposition.
	DoesNotClaim Stance = "does-not-claim"
	// DoesNotAddress: the source speaks about the affair and passes the
	// proposition over.
	DoesNotAddress Stance = "does-not-address"
)

// Stances lists every stance.
func Stances() []Stance { return []Stance{Confirms, Denies, DoesNotClaim, DoesNotAddress} }
