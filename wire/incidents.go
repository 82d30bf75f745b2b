package wire

import (
	"time"

	"cordon"
)

// IncidentDraft is an incident to be opened.
type IncidentDraft struct {
	Title string `json:"title"`
	// Custody names the people of one's organisation who may read struck
	// portions. The opener is always among them.
	Custody []string `json:"custody,omitempty"`
}

// Incident is one as it is shown to those who may know of it. In a list,
// Disclosures and Steps are left out.
type Incident struct {
	ID          cordon.ID         `json:"id"`
	Title       string            `json:"title"`
	Opener      Named             `json:"opener"`
	Opened      time.Time         `json:"opened"`
	Custody     []Named           `json:"custody"`
	Disclosures []Disclosure      `json:"disclosures,omitempty"`
	Steps       []ContainmentStep `json:"steps,omitempty"`
}

// Disclosure is a portion found outside.
type Disclosure struct {
	Portion cordon.ID `json:"portion"`
	// Words is how many of its words stood in the text.
	Words int       `json:"words"`
	Found time.Time `json:"found"`
}

// ContainmentStep is one step of containment that was taken.
type ContainmentStep struct {
	Step cordon.Step `json:"step"`
	// Target is the portion struck, the report limited, the grant revoked or
	// the organisation notified, the last with its name.
	Target Named     `json:"target"`
	By     Named     `json:"by"`
	At     time.Time `json:"at"`
}

// Plan is everything that one containment does: all of it or nothing.
type Plan struct {
	OfIncident
	// Disclosed are the portions found outside, for the incident's record.
	Disclosed []Disclosed `json:"disclosed,omitempty"`
	// Strike are portions to take out, with everything derived from them.
	Strike []cordon.ID `json:"strike,omitempty"`
	// Limit narrows reports to named people.
	Limit []Limit `json:"limit,omitempty"`
	// Revoke are grants to end.
	Revoke []cordon.ID `json:"revoke,omitempty"`
	// Notify are organisations to tell, by id or name, besides the owners,
	// who always are.
	Notify []string `json:"notify,omitempty"`
}

// Disclosed is a portion found outside and how many of its words.
type Disclosed struct {
	Portion cordon.ID `json:"portion"`
	Words   int       `json:"words"`
}

// Limit narrows a report, by id or ref, to a circle of people.
type Limit struct {
	Report string   `json:"report"`
	Circle []string `json:"circle"`
}

// Containment is the result of a containment.
type Containment struct {
	Incident cordon.ID `json:"incident"`
	// Struck are the portions struck, derivatives among them.
	Struck []cordon.ID `json:"struck"`
	// Limited are the reports whose portions were narrowed.
	Limited  []cordon.ID `json:"limited"`
	Revoked  []cordon.ID `json:"revoked"`
	Notified []Named     `json:"notified"`
	// Review lists reports that lost a portion and are marked as a whole by
	// compilation. That marking stands until a person decides on it.
	Review []cordon.ID `json:"review,omitempty"`
	// Tearlines are those of struck or limited portions of one's own
	// organisation. They stand until somebody decides on them.
	Tearlines []TearlineReview `json:"tearlines,omitempty"`
	// Scrubbed says that the struck rows' old (sealed) bytes have left the
	// files of the database too. It is finished at the next start otherwise.
	Scrubbed bool `json:"scrubbed"`
}

// Struck is a struck portion as its custodian reads it.
type Struck struct {
	Portion  cordon.ID `json:"portion"`
	Report   cordon.ID `json:"report"`
	Incident cordon.ID `json:"incident"`
	Ref      string    `json:"ref,omitempty"`
	Marking  string    `json:"marking"`
	Text     string    `json:"text"`
}

// Destruction names the struck portion that is to be destroyed.
type Destruction struct {
	// Portion is its id.
	Portion cordon.ID `path:"portion" json:"-"`
}

var exampleCase = Incident{
	ID: exampleIncident, Title: "The ferry is in the paper", Opener: exampleIris, Opened: exampleTime, Custody: []Named{exampleIris},
}

// ListIncidents lists those one may know of, newest first.
var ListIncidents = Operation[Page, List[Incident]]{
	Name: "listIncidents", Pattern: "GET /api/v1/incidents", Tag: "incidents", Scope: cordon.ScopeContain,
	Answer: List[Incident]{Items: []Incident{exampleCase}},
}

// OpenIncident opens a case. It takes a security officer.
var OpenIncident = Operation[IncidentDraft, Incident]{
	Name: "openIncident", Pattern: "POST /api/v1/incidents", Tag: "incidents", Scope: cordon.ScopeContain, Repeat: AnsweredAgain,
	Location: func(_ IncidentDraft, i Incident) string { return path("incidents", string(i.ID)) },
	Example:  IncidentDraft{Title: "The ferry is in the paper"}, Answer: exampleCase,
}

// GetIncident gives one with its disclosures and steps.
var GetIncident = Operation[OfIncident, Incident]{
	Name: "getIncident", Pattern: "GET /api/v1/incidents/{incident}", Tag: "incidents", Scope: cordon.ScopeContain,
	Example: OfIncident{exampleIncident}, Answer: exampleCase,
}

// Contain strikes, limits, revokes and notifies as planned: all of it or
// nothing. When it returns, no read gives the struck text. It takes a security
// officer.
var Contain = Operation[Plan, Containment]{
	Name: "contain", Pattern: "POST /api/v1/incidents/{incident}/containment", Tag: "incidents",
	Scope: cordon.ScopeContain, Repeat: AnsweredAgain,
	Example: Plan{
		OfIncident: OfIncident{exampleIncident}, Disclosed: []Disclosed{{examplePortion, 10}},
		Strike: []cordon.ID{examplePortion}, Notify: []string{"BRIAR"},
	},
	Answer: Containment{
		Incident: exampleIncident, Struck: []cordon.ID{examplePortion}, Limited: []cordon.ID{}, Revoked: []cordon.ID{},
		Notified: []Named{exampleAlder, exampleBriar}, Scrubbed: true,
	},
}

// OpenCustody opens a struck portion to a person of the custody circle.
var OpenCustody = Operation[OfPortion, Struck]{
	Name: "openCustody", Pattern: "GET /api/v1/custody/{portion}", Tag: "incidents", Scope: cordon.ScopeContain,
	Example: OfPortion{string(examplePortion)},
	Answer: Struck{
		Portion: examplePortion, Report: exampleReport, Incident: exampleIncident, Marking: "S//NF",
		Text: exampleText,
	},
}

// Destroy removes a struck portion from custody for good. It takes a security
// officer of its owner.
var Destroy = Operation[Destruction, Done]{
	Name: "destroy", Pattern: "DELETE /api/v1/custody/{portion}", Tag: "incidents", Scope: cordon.ScopeContain, Repeat: AnsweredAgain,
	Example: Destruction{examplePortion},
}
