package wire

import (
	"time"

	"cordon"
)

// Group is a need-to-know group of one's own organisation.
type Group struct {
	ID cordon.ID `json:"id"`
	// Name is empty for people named for one narrowing.
	Name string `json:"name,omitempty"`
	// Everyone opens it to all people of the organisation.
	Everyone bool      `json:"everyone,omitempty"`
	People   []Named   `json:"people"`
	Created  time.Time `json:"created"`
}

// GroupDraft is a group to be made, or all that it is to be from now on.
type GroupDraft struct {
	Name string `json:"name,omitempty"`
	// Everyone opens it to all people of the organisation, which lifts every
	// narrowing to it.
	Everyone bool `json:"everyone,omitempty"`
	// People are those of one's own organisation that are in it.
	People []string `json:"people,omitempty"`
}

// NarrowingDraft says to whom of one's own people something is narrowed: a
// group, or people named.
type NarrowingDraft struct {
	// Group is a group by id or name.
	Group  string   `json:"group,omitempty"`
	People []string `json:"people,omitempty"`
}

// Narrowing is one report, or all that is under one arrangement, narrowed within
// one's own organisation.
type Narrowing struct {
	ID          cordon.ID `json:"id"`
	Group       cordon.ID `json:"group"`
	Report      cordon.ID `json:"report,omitempty"`
	Arrangement cordon.ID `json:"arrangement,omitempty"`
	By          cordon.ID `json:"by"`
	At          time.Time `json:"at"`
}

// GroupChange is all that a group is to be from now on.
type GroupChange struct {
	// Group is one by id or name.
	Group string `path:"group" json:"-"`
	GroupDraft
}

// ReportNarrowing says to whom of one's own people a report is narrowed.
type ReportNarrowing struct {
	OfReport
	NarrowingDraft
}

// ArrangementNarrowing says to whom of one's own people everything under an
// arrangement is narrowed.
type ArrangementNarrowing struct {
	OfArrangement
	NarrowingDraft
}

var (
	exampleGroupDraft = GroupDraft{Name: "harbour desk", People: []string{"noor"}}
	exampleGroup      = Group{ID: exampleOther, Name: "harbour desk", People: []Named{exampleNoor}, Created: exampleTime}
	exampleNarrowing  = Narrowing{ID: exampleTitle, Group: exampleOther, Report: exampleReport, By: exampleNoor.ID, At: exampleTime}
)

// ListGroups lists one's own organisation's need-to-know groups, by name. It
// takes a security officer.
var ListGroups = Operation[Page, List[Group]]{
	Name: "listGroups", Pattern: "GET /api/v1/groups", Tag: "need to know", Scope: cordon.ScopeContain,
	Answer: List[Group]{Items: []Group{exampleGroup}},
}

// AddGroup makes a need-to-know group. It takes a security officer.
var AddGroup = Operation[GroupDraft, Group]{
	Name: "addGroup", Pattern: "POST /api/v1/groups", Tag: "need to know",
	Scope: cordon.ScopeContain, Repeat: AnsweredAgain, Errors: []cordon.Kind{cordon.KindNotFound},
	Makes:   true,
	Example: exampleGroupDraft, Answer: exampleGroup,
}

// ChangeGroup replaces a group's name and people; it rules their next request.
// It takes a security officer.
var ChangeGroup = Operation[GroupChange, Group]{
	Name: "changeGroup", Pattern: "PUT /api/v1/groups/{group}", Tag: "need to know",
	Scope: cordon.ScopeContain, Repeat: AnsweredAgain,
	Example: GroupChange{"harbour desk", exampleGroupDraft}, Answer: exampleGroup,
}

// ListNarrowings lists the narrowings within one's own organisation, oldest
// first, of reports and arrangements of which one may see something. It takes
// a security officer.
var ListNarrowings = Operation[Page, List[Narrowing]]{
	Name: "listNarrowings", Pattern: "GET /api/v1/narrowings", Tag: "need to know", Scope: cordon.ScopeContain,
	Answer: List[Narrowing]{Items: []Narrowing{exampleNarrowing}},
}

// NarrowReport narrows a report, and everything made from it, within one's
// own organisation. It takes a security officer.
var NarrowReport = Operation[ReportNarrowing, Narrowing]{
	Name: "narrowReport", Pattern: "POST /api/v1/reports/{report}/narrowing", Tag: "need to know",
	Scope: cordon.ScopeContain, Repeat: AnsweredAgain,
	Example: ReportNarrowing{OfReport{"ALD-7/26"}, NarrowingDraft{Group: "harbour desk"}}, Answer: exampleNarrowing,
}

// NarrowArrangement narrows everything under an arrangement, present and
// future, within one's own organisation. It takes a security officer.
var NarrowArrangement = Operation[ArrangementNarrowing, Narrowing]{
	Name: "narrowArrangement", Pattern: "POST /api/v1/arrangements/{arrangement}/narrowing", Tag: "need to know",
	Scope: cordon.ScopeContain, Repeat: AnsweredAgain,
	Example: ArrangementNarrowing{OfArrangement{"NORTH QUAY"}, NarrowingDraft{Group: "harbour desk"}},
	Answer:  Narrowing{ID: exampleTitle, Group: exampleOther, Arrangement: exampleArrangement, By: exampleNoor.ID, At: exampleTime},
}
