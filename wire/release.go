package wire

import (
	"time"

	"cordon"
)

// ReleaseDraft asks every owner that an organisation may have some portions.
type ReleaseDraft struct {
	// Portions are asked for one by one. Report, by id or ref, in their place
	// means all of it that one may see.
	Portions []cordon.ID `json:"portions,omitempty"`
	Report   string      `json:"report,omitempty"`
	// Audience is the organisation, by id or name.
	Audience string `json:"audience"`
	// Purpose is shown to the owners asked.
	Purpose string `json:"purpose,omitempty"`
	// Expires is when undecided parts lapse; zero leaves it to the server.
	Expires time.Time `json:"expires,omitzero"`
}

// ReleasePlan says what a request would ask of whom.
type ReleasePlan struct {
	Audience   Named              `json:"audience"`
	Paragraphs []PlannedParagraph `json:"paragraphs"`
}

// PlannedParagraph lists what stands between the audience and one portion.
type PlannedParagraph struct {
	ID      cordon.ID `json:"id"`
	Report  cordon.ID `json:"report"`
	Marking string    `json:"marking"`
	// Missing are the owners whose permission is missing.
	Missing []Named `json:"missing,omitempty"`
	// Clear says that the audience may have it already.
	Clear bool `json:"clear,omitempty"`
	// Excluded says that the marking leaves the audience out: no grant opens
	// it. It needs a tearline or another marking.
	Excluded bool `json:"excluded,omitempty"`
	// RuledOut says why its owners may not be asked; empty where they may.
	RuledOut string `json:"ruledOut,omitempty"`
}

// ReleaseRequest is a release request as the asking organisation sees it.
type ReleaseRequest struct {
	ID       cordon.ID `json:"id"`
	Audience Named     `json:"audience"`
	// Report was asked for as a whole; empty where portions were named.
	Report  cordon.ID    `json:"report,omitempty"`
	Purpose string       `json:"purpose"`
	State   RequestState `json:"state"`
	Created time.Time    `json:"created"`
	Expires time.Time    `json:"expires"`
	// Released is the zero time for one that was not.
	Released time.Time     `json:"released,omitzero"`
	Parts    []ReleasePart `json:"parts"`
	// Clear are portions that the audience may have already. It and Excluded
	// are given when the request is filed.
	Clear []cordon.ID `json:"clear,omitempty"`
	// Excluded are portions whose marking leaves the audience out: no grant
	// opens those. They need a tearline or another marking.
	Excluded []cordon.ID `json:"excluded,omitempty"`
}

// RequestState is how a release request stands.
type RequestState string

// The states of a request.
const (
	// RequestOpen: some owner has not answered yet.
	RequestOpen RequestState = "open"
	// RequestAnswered: all owners have, and the requester can release what
	// they permit.
	RequestAnswered RequestState = "answered"
	// RequestReleased: the audience has the permitted portions, as long as
	// the grants run.
	RequestReleased RequestState = "released"
	// RequestWithdrawn: its requester has withdrawn it.
	RequestWithdrawn RequestState = "withdrawn"
	// RequestExpired: it has ended before it was released.
	RequestExpired RequestState = "expired"
	// RequestVoid: the wording was changed.
	RequestVoid RequestState = "void"
)

// ReleasePart is one owner's part of a request.
type ReleasePart struct {
	ID      cordon.ID        `json:"id"`
	Request cordon.ID        `json:"request"`
	Owner   Named            `json:"owner"`
	State   cordon.PartState `json:"state"`
	// RequestState is how the whole request stands; see ReleaseRequest. An
	// owner is not told whether it waits for others.
	RequestState RequestState  `json:"requestState"`
	Portions     []PartPortion `json:"portions"`
	// Requester is the organisation that asks.
	Requester Named     `json:"requester"`
	Audience  Named     `json:"audience"`
	Purpose   string    `json:"purpose,omitempty"`
	Created   time.Time `json:"created"`
	Expires   time.Time `json:"expires"`
	// Granted are the portions permitted: until when (the zero time leaves it
	// to the release), shown only, to whom of the audience.
	Granted   []cordon.ID `json:"granted,omitempty"`
	Until     time.Time   `json:"until,omitzero"`
	ShownOnly bool        `json:"shownOnly,omitempty"`
	People    []cordon.ID `json:"people,omitempty"`
	Reason    string      `json:"reason,omitempty"`
	// Tearline is the report offered in place of refused portions.
	Tearline cordon.ID `json:"tearline,omitempty"`
	// Known says that the other owners asked may know of this one.
	Known bool `json:"known,omitempty"`
	// Grant is the grant made when the request was released.
	Grant cordon.ID `json:"grant,omitempty"`
	// TwoPersons says that two people decide together. Proposer made the
	// Proposal, and the second person confirms it. Only the owner is shown
	// them.
	TwoPersons bool      `json:"twoPersons,omitempty"`
	Proposal   cordon.ID `json:"proposal,omitempty"`
	Proposer   cordon.ID `json:"proposer,omitempty"`
	// Others are the other owners asked that let this one know.
	Others []Named `json:"others,omitempty"`
}

// PartPortion is a portion of a part and the owner's own portions that it was
// made from.
type PartPortion struct {
	ID      cordon.ID `json:"id"`
	Report  cordon.ID `json:"report,omitempty"`
	Marking string    `json:"marking"`
	// Wording is a keyed digest of the wording that was asked for.
	Wording []byte `json:"wording,omitempty"`
	// Readable says that one may read that wording oneself.
	Readable bool        `json:"readable,omitempty"`
	Sources  []cordon.ID `json:"sources,omitempty"`
}

// PartWording is a portion of a part, with its text.
type PartWording struct {
	ID      cordon.ID `json:"id"`
	Report  cordon.ID `json:"report"`
	Marking string    `json:"marking"`
	Text    string    `json:"text"`
}

// Leaving names the portions that a request is released without. Every one that
// an owner refused outright must be among them.
type Leaving struct {
	OfRequest
	Without []cordon.ID `json:"without,omitempty"`
}

// Decision is an owner's answer to its part. Portions not granted are
// refused.
type Decision struct {
	OfPart
	Grant []cordon.ID `json:"grant,omitempty" id:"any"`
	// Until is when the permission ends; zero leaves it to the server, which
	// counts from the release.
	Until time.Time `json:"until,omitzero"`
	// ShownOnly permits showing and not keeping.
	ShownOnly bool `json:"shownOnly,omitempty"`
	// People are those of the audience that it is for, by id; none is all.
	People []string `json:"people,omitempty"`
	// Known lets the other owners asked know that one's organisation was.
	Known bool `json:"known,omitempty"`
	// Tearline is a report of one's own, of kind tearline, by id or ref.
	Tearline string `json:"tearline,omitempty"`
	// Reason is told to the requester.
	Reason string `json:"reason,omitempty"`
}

// Grant is an owner's recorded permission.
type Grant struct {
	ID        cordon.ID   `json:"id"`
	Owner     Named       `json:"owner"`
	To        Named       `json:"to"`
	Request   cordon.ID   `json:"request,omitempty"`
	Portions  []cordon.ID `json:"portions"`
	ShownOnly bool        `json:"shownOnly,omitempty"`
	// People are those of the organisation it is for; none is all.
	People []cordon.ID `json:"people,omitempty"`
	// Emergency says that it was made on the owner's behalf in an emergency.
	Emergency bool      `json:"emergency,omitempty"`
	Created   time.Time `json:"created"`
	Until     time.Time `json:"until"`
	// Revoked is the zero time for a grant that was not revoked.
	Revoked time.Time `json:"revoked,omitzero"`
}

// Confirmation names the proposal that is confirmed.
type Confirmation struct {
	OfPart
	Proposal cordon.ID `json:"proposal"`
}

// OfRequest is the request of something that is of one release request.
type OfRequest struct {
	// Request is the id of one.
	Request cordon.ID `path:"request" json:"-"`
}

// OfPart is the request of something that is of one part of a release.
type OfPart struct {
	// Part is the id of one.
	Part cordon.ID `path:"part" json:"-"`
}

// OfGrant is the request of something that is of one grant.
type OfGrant struct {
	// Grant is the id of one.
	Grant cordon.ID `path:"grant" json:"-"`
}

// GrantsFor asks for a page of grants.
type GrantsFor struct {
	// Portions are those of which the grants are wanted; all where it is left
	// out.
	Portions []string `query:"portion" json:"-"`
	Page
}

var (
	exampleReleaseDraft = ReleaseDraft{Portions: []cordon.ID{examplePortion}, Audience: "BRIAR", Purpose: "Their station asks for it."}
	examplePart         = ReleasePart{
		ID: exampleTitle, Request: exampleOther, Owner: exampleAlder, State: "pending", RequestState: RequestOpen,
		Portions:  []PartPortion{{ID: examplePortion, Report: exampleReport, Marking: "S//NF", Readable: true}},
		Requester: exampleAlder, Audience: exampleBriar, Purpose: "Their station asks for it.", Created: exampleTime, Expires: exampleLater,
	}
	exampleRequest = ReleaseRequest{
		ID: exampleOther, Audience: exampleBriar, Purpose: "Their station asks for it.", State: RequestOpen,
		Created: exampleTime, Expires: exampleLater, Parts: []ReleasePart{examplePart},
	}
)

// PlanRelease says what a request would ask of whom, and files nothing. It takes
// an author.
var PlanRelease = Operation[ReleaseDraft, ReleasePlan]{
	Name: "planRelease", Pattern: "POST /api/v1/release-plans", Tag: "release", Scope: cordon.ScopeRelease,
	Errors:  []cordon.Kind{cordon.KindNotFound, cordon.KindConflict},
	Example: exampleReleaseDraft,
	Answer: ReleasePlan{Audience: exampleBriar, Paragraphs: []PlannedParagraph{
		{ID: examplePortion, Report: exampleReport, Marking: "S//NF", Missing: []Named{exampleAlder}},
	}},
}

// ListReleaseRequests lists those of one's organisation, newest first. It takes
// an author or a release authority.
var ListReleaseRequests = Operation[Page, List[ReleaseRequest]]{
	Name: "listReleaseRequests", Pattern: "GET /api/v1/release-requests", Tag: "release", Scope: cordon.ScopeRelease,
	Answer: List[ReleaseRequest]{Items: []ReleaseRequest{exampleRequest}},
}

// RequestRelease files a request with a part for every owner whose permission is
// missing. It takes an author.
var RequestRelease = Operation[ReleaseDraft, ReleaseRequest]{
	Name: "requestRelease", Pattern: "POST /api/v1/release-requests", Tag: "release",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain, Errors: []cordon.Kind{cordon.KindNotFound},
	Location: func(_ ReleaseDraft, r ReleaseRequest) string { return path("release-requests", string(r.ID)) },
	Example:  exampleReleaseDraft, Answer: exampleRequest,
}

// GetReleaseRequest shows one of those of one's organisation. It takes an author
// or a release authority.
var GetReleaseRequest = Operation[OfRequest, ReleaseRequest]{
	Name: "getReleaseRequest", Pattern: "GET /api/v1/release-requests/{request}", Tag: "release", Scope: cordon.ScopeRelease,
	Example: OfRequest{exampleOther}, Answer: exampleRequest,
}

// Release gives the audience what every owner permitted, at once. It takes an
// author or a release authority.
var Release = Operation[Leaving, ReleaseRequest]{
	Name: "release", Pattern: "POST /api/v1/release-requests/{request}/release", Tag: "release",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain, Errors: []cordon.Kind{cordon.KindSpill},
	Example: Leaving{OfRequest{exampleOther}, []cordon.ID{exampleTitle}}, Answer: exampleRequest,
}

// WithdrawRequest ends a request that has not been released. It takes an author
// or a release authority.
var WithdrawRequest = Operation[OfRequest, ReleaseRequest]{
	Name: "withdrawRequest", Pattern: "POST /api/v1/release-requests/{request}/withdrawal", Tag: "release",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain,
	Example: OfRequest{exampleOther}, Answer: exampleRequest,
}

// ListReleaseParts lists the parts that wait for one's organisation or were
// decided by it, newest first. It takes a release authority.
var ListReleaseParts = Operation[Page, List[ReleasePart]]{
	Name: "listReleaseParts", Pattern: "GET /api/v1/release-parts", Tag: "release", Scope: cordon.ScopeRelease,
	Answer: List[ReleasePart]{Items: []ReleasePart{examplePart}},
}

// GetReleasePart shows one of them. It takes a release authority.
var GetReleasePart = Operation[OfPart, ReleasePart]{
	Name: "getReleasePart", Pattern: "GET /api/v1/release-parts/{part}", Tag: "release", Scope: cordon.ScopeRelease,
	Example: OfPart{exampleTitle}, Answer: examplePart,
}

// OpenPart opens the wording that a part asks for, as far as one may read it.
// The ledger has the reading like any other. It takes a release authority who is a
// reader.
var OpenPart = Operation[OfPart, List[PartWording]]{
	Name: "openPart", Pattern: "GET /api/v1/release-parts/{part}/wording", Tag: "release", Scope: cordon.ScopeRelease,
	Example: OfPart{exampleTitle},
	Answer: List[PartWording]{Items: []PartWording{{
		ID: examplePortion, Report: exampleReport, Marking: "S//NF", Text: exampleText,
	}}},
}

// DecidePart answers one's organisation's part of a request. It takes a release
// authority.
var DecidePart = Operation[Decision, ReleasePart]{
	Name: "decidePart", Pattern: "POST /api/v1/release-parts/{part}/decision", Tag: "release",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain, Errors: []cordon.Kind{cordon.KindSpill},
	Example: Decision{OfPart: OfPart{exampleTitle}, Grant: []cordon.ID{examplePortion}, Until: exampleLater}, Answer: examplePart,
}

// ConfirmPart gives the second person's consent to what another proposed. It
// takes a release authority.
var ConfirmPart = Operation[Confirmation, ReleasePart]{
	Name: "confirmPart", Pattern: "POST /api/v1/release-parts/{part}/confirmation", Tag: "release",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain, Errors: []cordon.Kind{cordon.KindSpill},
	Example: Confirmation{OfPart{exampleTitle}, exampleOther}, Answer: examplePart,
}

// ListGrants lists those one's organisation gave, newest first. It takes a
// release authority.
var ListGrants = Operation[GrantsFor, List[Grant]]{
	Name: "listGrants", Pattern: "GET /api/v1/grants", Tag: "release", Scope: cordon.ScopeRelease,
	Errors:  []cordon.Kind{cordon.KindTooLarge},
	Example: GrantsFor{Portions: []string{string(examplePortion)}},
	Answer: List[Grant]{Items: []Grant{{
		ID: exampleOther, Owner: exampleAlder, To: exampleBriar, Portions: []cordon.ID{examplePortion}, Created: exampleTime, Until: exampleLater,
	}}},
}

// RevokeGrant ends a grant of one's organisation at once. It takes a release
// authority or a security officer.
var RevokeGrant = Operation[OfGrant, Done]{
	Name: "revokeGrant", Pattern: "POST /api/v1/grants/{grant}/revocation", Tag: "release",
	Scope: cordon.ScopeRelease, Repeat: AnsweredAgain, Example: OfGrant{exampleOther},
}
