package wire

import (
	"time"

	"cordon"
)

// Arrangement is one as it is shown to who may know of it. An organisation that
// is invited to become a party is shown what is proposed, as a draft.
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
	// Proposal is what waits for agreement.
	Proposal *Proposal `json:"proposal,omitempty"`
	Created  time.Time `json:"created"`
	Ended    time.Time `json:"ended,omitzero"`
}

// Proposal is a draft or an amendment that waits for the parties' agreement.
type Proposal struct {
	// ID names exactly these terms; who agrees gives it.
	ID      cordon.ID `json:"id"`
	By      Named     `json:"by"`
	Marking string    `json:"marking"`
	Parties []Named   `json:"parties"`
	Agreed  []Named   `json:"agreed"`
	ShownTerms
	Created time.Time `json:"created"`
}

// ShownTerms are the terms of an arrangement as they are shown; ArrangementTerms
// says what each is.
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
	// Onward is to whom a release may be asked for: never, parties or ask
	// (anybody, the default).
	Onward cordon.Onward `json:"onward,omitempty"`
	// ShownOnly keeps recipients from exporting what is shared.
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
	Proposal cordon.ID `json:"proposal"`
}
