package wire

import (
	"time"

	"cordon"
)

// Record is the public record of an incident, in any order.
type Record struct {
	Propositions []Proposition `json:"propositions,omitempty"`
	Sources      []Source      `json:"sources,omitempty"`
	Statements   []Statement   `json:"statements,omitempty"`
}

// Proposition is something that can be claimed and denied.
type Proposition struct {
	// ID names it within the incident: "P1". Empty has one drawn.
	ID   string `json:"id,omitempty"`
	Text string `json:"text"`
	// Portions are the protected portions it touches, if any.
	Portions []cordon.ID `json:"portions,omitempty"`
}

// Source is somebody to whom statements are attributed.
type Source struct {
	// ID names it within the incident: "S-former". Empty has one drawn.
	ID  string `json:"id,omitempty"`
	Who string `json:"who"`
	// Named is set where Who tells who it is.
	Named bool   `json:"named"`
	Via   string `json:"via,omitempty"`
	// InRoom says whether the source was where the disclosure happened; nil
	// where that is not known.
	InRoom *bool `json:"inRoom,omitempty"`
}

// Statement is what a source said at one time.
type Statement struct {
	// ID names it within the incident: "A1". Empty has one drawn.
	ID     string `json:"id,omitempty"`
	Source string `json:"source"`
	// Published is when it became public, with its zone.
	Published   time.Time `json:"published"`
	Approximate bool      `json:"publishedIsApproximate,omitempty"`
	// Stances gives the stance on each proposition by its id: "confirms",
	// "denies", "does-not-claim" or "does-not-address".
	Stances map[string]string `json:"stances"`
	Note    string            `json:"note,omitempty"`
	// Corrects is the earlier statement of the same source it replaces.
	Corrects string `json:"corrects,omitempty"`
}

// Added is the id of what was added.
type Added struct {
	ID string `json:"id"`
}

// Matrix is the public record as it stood at an instant.
type Matrix struct {
	At           time.Time   `json:"at"`
	Propositions []MatrixRow `json:"propositions"`
	// DeniedThoughNobodyClaimed are propositions that somebody denied and
	// nobody had claimed.
	DeniedThoughNobodyClaimed []string `json:"deniedThoughNobodyClaimed"`
	ChangedTheirWords         []Change `json:"changedTheirWords"`
	// Unheard are the sources that had published nothing yet.
	Unheard []string `json:"unheard"`
}

// MatrixRow is how one proposition stood.
type MatrixRow struct {
	ID               string   `json:"id"`
	Text             string   `json:"text"`
	ConfirmedByRoots Range    `json:"confirmedByRoots"`
	OutrightDenials  []string `json:"outrightDenials"`
	ClaimedBy        []string `json:"claimedBy"`
	DeniedBy         []string `json:"deniedBy"`
	// Silence are the sources that had spoken and had not addressed this.
	Silence []string `json:"silence"`
	Said    []Said   `json:"said"`
}

// Range is a number that is known only to lie between two.
type Range struct {
	AtLeast int `json:"atLeast"`
	AtMost  int `json:"atMost"`
}

// Said is one stance taken in public.
type Said struct {
	Statement   string    `json:"statement"`
	Source      string    `json:"source"`
	Stance      string    `json:"stance"`
	Published   time.Time `json:"published"`
	Approximate bool      `json:"publishedIsApproximate,omitempty"`
	CorrectedBy string    `json:"correctedBy,omitempty"`
}

// Change is a source that said one thing of a proposition and then another.
type Change struct {
	Source      string `json:"source"`
	Proposition string `json:"proposition"`
	From        string `json:"from"`
	To          string `json:"to"`
}
