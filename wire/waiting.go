package wire

import (
	"time"

	"cordon"
)

// WaitingReport is a report that waits for a decision in which one may take part: one of
// one's own organisation that one has not written, or one in which words of one's
// organisation were found.
type WaitingReport struct {
	Report cordon.ID `json:"report"`
	// Holder is the organisation that wrote it; Ours says that it is one's own.
	Holder Named     `json:"holder"`
	Ours   bool      `json:"ours,omitempty"`
	Since  time.Time `json:"since"`
	// Matches are what was found in it. Where there are none it waits for a report that it
	// was made from, or for a security officer, since too much was found in others.
	Matches []FoundMatch `json:"matches,omitempty"`
}

// FoundMatch is words of a portion that were found in a report.
type FoundMatch struct {
	ID    cordon.ID         `json:"id"`
	Words int               `json:"words"`
	State cordon.MatchState `json:"state"`
	// Effective is when a dismissal by somebody who may not see the source takes effect.
	Effective time.Time `json:"effective,omitzero"`
	// Source is the portion whose words they are, Owner its owner, and Passages the words as
	// they stand in the report; all are left out for whoever may not see the source.
	Source   cordon.ID `json:"source,omitempty"`
	Owner    Named     `json:"owner,omitzero"`
	Passages []string  `json:"passages,omitempty"`
}

// WaitingPage asks for reports that wait.
type WaitingPage struct {
	// Limit is how many of either kind there are at most.
	Limit int `query:"limit" json:"-" min:"1" max:"200" default:"50"`
}

// WaitingDecision is a decision on what was found in a report that waits.
type WaitingDecision struct {
	// Report is the id of the report.
	Report cordon.ID `path:"report" json:"-"`
	// Verdict says that it is no quotation or may stand (dismiss), that the report was made
	// from it (declare), that what has the words is for those only who may read the source
	// as well (narrow), or that it must not be dismissed unseen (object).
	Verdict string `json:"verdict" enum:"dismiss,declare,narrow,object"`
	// Matches are those that it is about; all that one may decide on if left out.
	Matches []cordon.ID `json:"matches,omitempty"`
	// Reason is shown to the owners of what was found. A dismissal has one.
	Reason string `json:"reason,omitempty"`
}

// WaitingDecided is what came of it.
type WaitingDecided struct {
	// Open is how many matches the report waits for still, as far as one may know of them.
	Open int `json:"open"`
	// Effective is when the decision takes effect; left out for at once.
	Effective time.Time `json:"effective,omitzero"`
}

// ListWaiting lists the reports that wait for a decision in which one may take part, the
// newest first. It takes a release authority or security officer.
var ListWaiting = Operation[WaitingPage, List[WaitingReport]]{
	Name: "listWaiting", Pattern: "GET /api/v1/waiting", Tag: "waiting", Scope: cordon.ScopeRelease,
	Answer: List[WaitingReport]{Items: []WaitingReport{{
		Report: exampleReport, Holder: exampleBriar, Since: exampleTime,
		Matches: []FoundMatch{{ID: exampleOther, Words: 11, State: cordon.MatchOpen, Source: examplePortion, Owner: exampleAlder, Passages: []string{exampleText}}},
	}}},
}

// DecideWaiting decides on what was found in a report that waits. It takes a release
// authority or security officer: of the organisation that holds it, if they have not written
// it, or of the owner of what was found. Whoever may not see what was found can dismiss it,
// which takes effect after three days unless its owner objects.
var DecideWaiting = Operation[WaitingDecision, WaitingDecided]{
	Name: "decideWaiting", Pattern: "POST /api/v1/waiting/{report}/decision", Tag: "waiting", Scope: cordon.ScopeRelease, Repeat: AnsweredAgain,
	Errors:  []cordon.Kind{cordon.KindSpill},
	Example: WaitingDecision{Report: exampleReport, Verdict: "dismiss", Reason: "It is common knowledge."}, Answer: WaitingDecided{Effective: exampleLater},
}
