package wire

import (
	"time"

	"cordon"
)

// ReleaseDraft asks every owner that an organisation may have some portions.
type ReleaseDraft struct {
	// Portions are asked for one by one; Report, by id or ref, in their place
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

// ReleasePlan is what a request would ask of whom.
type ReleasePlan struct {
	Audience   Named              `json:"audience"`
	Paragraphs []PlannedParagraph `json:"paragraphs"`
}

// PlannedParagraph is what stands between the audience and one portion.
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
	// Report is what was asked for as a whole; empty where portions were named.
	Report  cordon.ID `json:"report,omitempty"`
	Purpose string    `json:"purpose"`
	// State is open, answered (it can be released), released, withdrawn,
	// expired or void (the wording was changed).
	State   string    `json:"state"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
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

// ReleasePart is one owner's part of a request.
type ReleasePart struct {
	ID      cordon.ID        `json:"id"`
	Request cordon.ID        `json:"request"`
	Owner   Named            `json:"owner"`
	State   cordon.PartState `json:"state"`
	// RequestState is how the whole request stands; see ReleaseRequest. An
	// owner is not told whether it waits for others.
	RequestState string        `json:"requestState"`
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
	// Tearline is the report offered in place of what is refused.
	Tearline cordon.ID `json:"tearline,omitempty"`
	// Known says that the other owners asked may know of this one.
	Known bool `json:"known,omitempty"`
	// Grant is the grant made when the request was released.
	Grant cordon.ID `json:"grant,omitempty"`
	// TwoPersons says that two people decide together; Proposal is what the
	// second one confirms, and Proposer who the first was. Only the owner is
	// shown them.
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

// PartWording is a portion of a part as it reads.
type PartWording struct {
	ID      cordon.ID `json:"id"`
	Report  cordon.ID `json:"report"`
	Marking string    `json:"marking"`
	Text    string    `json:"text"`
}

// Leaving names the portions that a request is released without. Every one that
// an owner refused outright must be among them.
type Leaving struct {
	Without []cordon.ID `json:"without,omitempty"`
}

// Decision is an owner's answer to its part. What it does not grant it
// refuses.
type Decision struct {
	Grant []cordon.ID `json:"grant,omitempty"`
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
	Proposal cordon.ID `json:"proposal"`
}
