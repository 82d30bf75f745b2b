package wire

import (
	"time"

	"cordon"
)

// EmergencyDraft releases portions without their owners' consent where life is
// in imminent danger, as their arrangement provides.
type EmergencyDraft struct {
	// Portions are released one by one. Report, by id or ref, in their place
	// means all of it that one may see.
	Portions []cordon.ID `json:"portions,omitempty"`
	Report   string      `json:"report,omitempty"`
	// Audience is the organisation, by id or name.
	Audience string `json:"audience"`
	// Reason is required; each owner is shown it.
	Reason string `json:"reason"`
}

// EmergencyRelease is a release in an emergency.
type EmergencyRelease struct {
	ID       cordon.ID `json:"id"`
	Audience Named     `json:"audience"`
	// Portions are those released, Clear those the audience may have anyway.
	Portions []cordon.ID `json:"portions"`
	Clear    []cordon.ID `json:"clear,omitempty"`
	Until    time.Time   `json:"until"`
	// Still lists the conditions that the release does not waive.
	Still []EmergencyStill `json:"still,omitempty"`
}

// EmergencyStill is a condition between a portion and the audience's people.
type EmergencyStill struct {
	Portion cordon.ID `json:"portion"`
	// Shut says that nobody of the audience gets past it: it was not released.
	Shut bool `json:"shut,omitempty"`
	// Needs says it in words.
	Needs []string `json:"needs"`
}

// EmergencyPart is one's organisation's part of an emergency release, to be
// reviewed.
type EmergencyPart struct {
	ID cordon.ID `json:"id"`
	// By is the person who released it, of the organisation.
	By           Named       `json:"by"`
	Organisation Named       `json:"organisation"`
	Audience     Named       `json:"audience"`
	Portions     []cordon.ID `json:"portions"`
	Reason       string      `json:"reason"`
	Grant        cordon.ID   `json:"grant"`
	Created      time.Time   `json:"created"`
	Until        time.Time   `json:"until"`
	// State is awaits-review, upheld or overruled.
	State cordon.EmergencyState `json:"state"`
	// Overdue says that it ended and was not reviewed.
	Overdue bool `json:"overdue,omitempty"`
	// Reviewer, Reviewed and Note are set with the review.
	Reviewer Named     `json:"reviewer,omitzero"`
	Reviewed time.Time `json:"reviewed,omitzero"`
	Note     string    `json:"note,omitempty"`
}

// EmergencyReview is an owner's review of a release in an emergency.
type EmergencyReview struct {
	OfPart
	// Decision upholds or overrules it; a release that is overruled ends at
	// once.
	Decision ReviewDecision `json:"decision"`
	// Until, where it is upheld, makes an ordinary grant of it that runs until
	// then.
	Until time.Time `json:"until,omitzero"`
	Note  string    `json:"note,omitempty"`
}

// ReviewDecision is an owner's decision on a release in an emergency.
type ReviewDecision string

// The decisions.
const (
	ReviewUphold   ReviewDecision = "uphold"
	ReviewOverrule ReviewDecision = "overrule"
)

// EmergenciesPage asks for a page of emergency releases.
type EmergenciesPage struct {
	// All asks for those that were reviewed too.
	All bool `query:"all" json:"-"`
	Page
}

var exampleEmergency = EmergencyPart{
	ID: exampleTitle, By: exampleNoor, Organisation: exampleBriar, Audience: Named{ID: exampleOther, Name: "CEDAR"},
	Portions: []cordon.ID{examplePortion}, Reason: "An attack is imminent in the harbour.", Grant: exampleOther,
	Created: exampleTime, Until: exampleLater, State: cordon.EmergencyAwaitsReview,
}

// ListEmergencies lists one's organisation's parts of emergency releases that
// await review, or all of them, newest first. It takes a release authority.
var ListEmergencies = Operation[EmergenciesPage, List[EmergencyPart]]{
	Name: "listEmergencies", Pattern: "GET /api/v1/emergency-releases", Tag: "release", Scope: cordon.ScopeRelease,
	Answer: List[EmergencyPart]{Items: []EmergencyPart{exampleEmergency}},
}

// ReleaseInEmergency releases portions without their owners' consent where life
// is in imminent danger. It takes a person whom the arrangements name for it.
var ReleaseInEmergency = Operation[EmergencyDraft, EmergencyRelease]{
	Name: "releaseInEmergency", Pattern: "POST /api/v1/emergency-releases", Tag: "release",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain, Errors: []cordon.Kind{cordon.KindNotFound},
	Example: EmergencyDraft{Portions: []cordon.ID{examplePortion}, Audience: "CEDAR", Reason: "An attack is imminent in the harbour."},
	Answer: EmergencyRelease{
		ID: exampleOther, Audience: Named{ID: exampleOther, Name: "CEDAR"}, Portions: []cordon.ID{examplePortion}, Until: exampleLater,
	},
}

// ReviewEmergency records, once, how one's organisation decides on its part of
// an emergency release. It takes a release authority.
var ReviewEmergency = Operation[EmergencyReview, EmergencyPart]{
	Name: "reviewEmergency", Pattern: "POST /api/v1/emergency-releases/{part}/review", Tag: "release",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain,
	Example: EmergencyReview{OfPart: OfPart{exampleTitle}, Decision: ReviewUphold, Until: exampleLater}, Answer: exampleEmergency,
}
