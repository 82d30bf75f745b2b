package wire

import (
	"time"

	"cordon"
)

// Arrangement is one as it is shown to people who may know of it. An
// organisation that is invited to become a party is shown the proposal, as a
// draft.
type Arrangement struct {
	ID      cordon.ID `json:"id"`
	Name    string    `json:"name"`
	Marking string    `json:"marking"`
	Drafter Named     `json:"drafter"`
	Parties []Named   `json:"parties"`
	// State is how it stands now: drafted, in-force, suspended or ended.
	State cordon.ArrangementState `json:"state"`
	// Version is that of the terms that hold, from 1.
	Version int `json:"version"`
	ShownTerms
	// SuspendedBy are the parties that have suspended it.
	SuspendedBy []Named `json:"suspendedBy,omitempty"`
	// Proposal waits for agreement; left out where nothing does.
	Proposal *Proposal `json:"proposal,omitempty"`
	Created  time.Time `json:"created"`
	Ended    time.Time `json:"ended,omitzero"`
}

// Proposal is a draft or an amendment that waits for the parties' agreement.
type Proposal struct {
	// ID names exactly these terms; an agreement gives it.
	ID      cordon.ID `json:"id"`
	By      Named     `json:"by"`
	Marking string    `json:"marking"`
	Parties []Named   `json:"parties"`
	Agreed  []Named   `json:"agreed"`
	ShownTerms
	Created time.Time `json:"created"`
}

// ShownTerms are the terms of an arrangement as they are shown.
// ArrangementTerms explains each of them.
type ShownTerms struct {
	Scheme               string               `json:"scheme,omitempty"`
	DefaultMarking       string               `json:"defaultMarking,omitempty"`
	Equivalences         []cordon.Equivalence `json:"equivalences,omitempty"`
	Withheld             cordon.Withheld      `json:"withheld"`
	Recipients           []Named              `json:"recipients,omitempty"`
	Onward               cordon.Onward        `json:"onward"`
	ShownOnly            bool                 `json:"shownOnly,omitempty"`
	LongestSeconds       int64                `json:"longestSeconds,omitempty"`
	Until                time.Time            `json:"until,omitzero"`
	TwoPersons           bool                 `json:"twoPersons,omitempty"`
	EmergencyAuthorities []Named              `json:"emergencyAuthorities,omitempty"`
	EmergencySeconds     int64                `json:"emergencySeconds,omitempty"`
}

// ArrangementTerms are the terms of a draft or an amendment.
type ArrangementTerms struct {
	// Scheme is the marking scheme that every portion is marked in; empty
	// leaves it open.
	Scheme string `json:"scheme,omitempty"`
	// DefaultMarking is that of portions that carry none.
	DefaultMarking string `json:"defaultMarking,omitempty"`
	// Equivalences are what markings of one scheme mean in another.
	Equivalences []cordon.Equivalence `json:"equivalences,omitempty"`
	// Withheld is how a withheld portion shows: silent (the default) or mark.
	Withheld cordon.Withheld `json:"withheld,omitempty"`
	// Recipients are the parties that reports are given to; none means all.
	Recipients []string `json:"recipients,omitempty"`
	// Onward says for whom a release may be asked: never, parties or ask
	// (anybody, the default).
	Onward cordon.Onward `json:"onward,omitempty"`
	// ShownOnly keeps recipients from exporting shared reports.
	ShownOnly bool `json:"shownOnly,omitempty"`
	// LongestSeconds bounds how long a grant may run; 0 leaves it open.
	LongestSeconds int64 `json:"longestSeconds,omitempty"`
	// Until is when it ends by itself.
	Until time.Time `json:"until,omitzero"`
	// TwoPersons asks that two people decide together on every release.
	TwoPersons bool `json:"twoPersons,omitempty"`
	// EmergencyAuthorities are people of the parties who may release where
	// life is in imminent danger; EmergencySeconds is for how long, at most
	// three days.
	EmergencyAuthorities []string `json:"emergencyAuthorities,omitempty"`
	EmergencySeconds     int64    `json:"emergencySeconds,omitempty"`
}

// ArrangementDraft is an arrangement to be drafted.
type ArrangementDraft struct {
	Name string `json:"name"`
	// Marking is that of the arrangement itself: who may know of it.
	Marking string `json:"marking"`
	// Named are the people meant where that marking is for named
	// individuals, besides oneself.
	Named []string `json:"named,omitempty"`
	// Parties are the other organisations, by id or name; one's own is
	// always a party.
	Parties []string `json:"parties"`
	ArrangementTerms
}

// Amendment is other terms for an arrangement, whole.
type Amendment struct {
	OfArrangement
	// Version is that of the terms it is to replace.
	Version int `json:"version"`
	// Marking is the arrangement's own from then on; empty leaves it.
	Marking string   `json:"marking,omitempty"`
	Named   []string `json:"named,omitempty"`
	// Invite are organisations that are to become parties.
	Invite []string `json:"invite,omitempty"`
	ArrangementTerms
}

// ProposalAnswer names the proposal that is agreed to or declined.
type ProposalAnswer struct {
	OfArrangement
	Proposal cordon.ID `json:"proposal"`
}

// ArrangementAfter is the arrangement, or nothing where the act has put it
// out of one's sight.
type ArrangementAfter struct{ *Arrangement }

var (
	exampleTerms   = ArrangementTerms{Scheme: "us", DefaultMarking: "S//REL TO USA, GBR", Onward: cordon.OnwardAsk, LongestSeconds: 7776000}
	exampleShown   = ShownTerms{Scheme: "us", DefaultMarking: "S//REL TO USA, GBR", Withheld: cordon.WithheldSilent, Onward: cordon.OnwardAsk, LongestSeconds: 7776000}
	exampleParties = []Named{exampleAlder, exampleBriar}
	exampleLane    = Arrangement{
		ID: exampleArrangement, Name: "NORTH QUAY", Marking: "S//NF", Drafter: exampleAlder, Parties: exampleParties,
		State: cordon.ArrangementStateInForce, Version: 1, ShownTerms: exampleShown, Created: exampleTime,
	}
	exampleDrafted = Arrangement{
		ID: exampleArrangement, Name: "NORTH QUAY", Marking: "S//NF", Drafter: exampleAlder, Parties: exampleParties,
		State: cordon.ArrangementStateDrafted, Version: 1, ShownTerms: exampleShown, Created: exampleTime,
		Proposal: &Proposal{
			ID: exampleOther, By: exampleAlder, Marking: "S//NF", Parties: exampleParties, Agreed: []Named{exampleAlder},
			ShownTerms: exampleShown, Created: exampleTime,
		},
	}
	exampleAfter    = ArrangementAfter{&exampleLane}
	exampleProposed = ProposalAnswer{OfArrangement{"NORTH QUAY"}, exampleOther}
)

// ListArrangements lists those one may know of, newest first.
var ListArrangements = Operation[Page, List[Arrangement]]{
	Name: "listArrangements", Pattern: "GET /api/v1/arrangements", Tag: "arrangements", Scope: cordon.ScopeRead,
	Answer: List[Arrangement]{Items: []Arrangement{exampleLane}},
}

// AddArrangement drafts an arrangement, which is in force when one of every
// other party has agreed. It takes a release authority.
var AddArrangement = Operation[ArrangementDraft, ArrangementAfter]{
	Name: "addArrangement", Pattern: "POST /api/v1/arrangements", Tag: "arrangements",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain, Errors: []cordon.Kind{cordon.KindNotFound},
	Location: func(_ ArrangementDraft, a ArrangementAfter) string {
		if a.Arrangement == nil {
			return ""
		}
		return path("arrangements", string(a.ID))
	},
	Example: ArrangementDraft{Name: "NORTH QUAY", Marking: "S//NF", Parties: []string{"BRIAR"}, ArrangementTerms: exampleTerms},
	Answer:  ArrangementAfter{&exampleDrafted},
}

// GetArrangement gives one that one may know of.
var GetArrangement = Operation[OfArrangement, ArrangementAfter]{
	Name: "getArrangement", Pattern: "GET /api/v1/arrangements/{arrangement}", Tag: "arrangements", Scope: cordon.ScopeRead,
	Errors:  []cordon.Kind{cordon.KindConflict},
	Example: OfArrangement{"NORTH QUAY"}, Answer: exampleAfter,
}

// Agree agrees to exactly the proposal of the id. It takes a release
// authority.
var Agree = Operation[ProposalAnswer, ArrangementAfter]{
	Name: "agree", Pattern: "POST /api/v1/arrangements/{arrangement}/agreement", Tag: "arrangements",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain, Example: exampleProposed, Answer: exampleAfter,
}

// Decline refuses a proposal, or takes one's own back. It takes a release
// authority.
var Decline = Operation[ProposalAnswer, ArrangementAfter]{
	Name: "decline", Pattern: "POST /api/v1/arrangements/{arrangement}/decline", Tag: "arrangements",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain, Example: exampleProposed, Answer: exampleAfter,
}

// Amend proposes other terms, which hold when one of every other party, and of
// those invited, has agreed. It takes a release authority of a party.
var Amend = Operation[Amendment, ArrangementAfter]{
	Name: "amend", Pattern: "POST /api/v1/arrangements/{arrangement}/amendments", Tag: "arrangements",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain,
	Example: Amendment{OfArrangement: OfArrangement{"NORTH QUAY"}, Version: 1, Invite: []string{"CEDAR"}, ArrangementTerms: exampleTerms},
	Answer:  exampleAfter,
}

// SuspendArrangement stops all that is new under it, at once. It takes a
// security officer or a release authority of a party.
var SuspendArrangement = Operation[OfArrangement, ArrangementAfter]{
	Name: "suspendArrangement", Pattern: "POST /api/v1/arrangements/{arrangement}/suspension", Tag: "arrangements",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain, Example: OfArrangement{"NORTH QUAY"}, Answer: exampleAfter,
}

// ResumeArrangement takes back one's own organisation's suspension. It takes a
// security officer or a release authority of a party.
var ResumeArrangement = Operation[OfArrangement, ArrangementAfter]{
	Name: "resumeArrangement", Pattern: "POST /api/v1/arrangements/{arrangement}/resumption", Tag: "arrangements",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain, Example: OfArrangement{"NORTH QUAY"}, Answer: exampleAfter,
}

// LeaveArrangement takes one's own organisation out of it. The answer is empty
// where one may then not know of it any more. It takes a security officer or a
// release authority of a party.
var LeaveArrangement = Operation[OfArrangement, ArrangementAfter]{
	Name: "leaveArrangement", Pattern: "POST /api/v1/arrangements/{arrangement}/departure", Tag: "arrangements",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain, Example: OfArrangement{"NORTH QUAY"},
}

// EndArrangement ends it for good. It takes a security officer or a release
// authority of a party.
var EndArrangement = Operation[OfArrangement, ArrangementAfter]{
	Name: "endArrangement", Pattern: "POST /api/v1/arrangements/{arrangement}/end", Tag: "arrangements",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain, Example: OfArrangement{"NORTH QUAY"}, Answer: exampleAfter,
}
