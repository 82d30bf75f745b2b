package wire

import "cordon"

// Organisation takes part: it owns information, receives it, or is an
// audience.
type Organisation struct {
	ID    cordon.ID `json:"id"`
	Name  string    `json:"name"`
	Title string    `json:"title,omitempty"`
	// Country is the ISO 3166 trigraph it belongs to; empty for none.
	Country     string   `json:"country,omitempty"`
	Communities []string `json:"communities,omitempty"`
	// ClientOf are the organisations whose client it is, as far as the asker
	// may know. It may read what they were given as TLP:AMBER.
	ClientOf []Named `json:"clientOf,omitempty"`
	// Ceiling bounds all that its people can hold, and Asked is the one that its
	// administrators ask for; its own people and operators are told. Where there is
	// no ceiling there is no bound.
	Ceiling *cordon.Ceiling `json:"ceiling,omitempty"`
	Asked   *cordon.Ceiling `json:"asked,omitempty"`
}

// OrganisationDraft is an organisation to be added, or all that one is to be
// from now on.
type OrganisationDraft struct {
	Name        string   `json:"name"`
	Title       string   `json:"title,omitempty"`
	Country     string   `json:"country,omitempty"`
	Communities []string `json:"communities,omitempty"`
	// ClientOf are organisations by id or name.
	ClientOf []string `json:"clientOf,omitempty"`
}

// Person belongs to one organisation.
type Person struct {
	ID           cordon.ID `json:"id"`
	Organisation Named     `json:"organisation"`
	Name         string    `json:"name"`
	// Nationality is a trigraph; empty means that of the organisation.
	Nationality string `json:"nationality,omitempty"`
	// Clearances gives the level held in each scheme: {"us": "TS"}.
	Clearances map[string]string `json:"clearances,omitempty"`
	// ReadIns are the compartments held, and when.
	ReadIns   []cordon.ReadIn `json:"readIns,omitempty"`
	Roles     []cordon.Role   `json:"roles,omitempty"`
	Suspended bool            `json:"suspended,omitempty"`
	// Service says that it is a program's account and no person.
	Service bool `json:"service,omitempty"`
}

// PersonDraft is a person to be added, or all that a person is to hold from
// now on.
type PersonDraft struct {
	// Organisation is an id or a name.
	Organisation string            `json:"organisation"`
	Name         string            `json:"name"`
	Nationality  string            `json:"nationality,omitempty"`
	Clearances   map[string]string `json:"clearances,omitempty"`
	ReadIns      []cordon.ReadIn   `json:"readIns,omitempty"`
	Roles        []cordon.Role     `json:"roles,omitempty"`
	Suspended    bool              `json:"suspended,omitempty"`
	// Service makes it a program's account, which stays one. It acts by tokens
	// that administrators make for it.
	Service bool `json:"service,omitempty"`
}

// Me is the person for whom the token acts, as they stand now.
type Me struct {
	Person       Person       `json:"person"`
	Organisation Organisation `json:"organisation"`
}

// OrganisationChange is all that an organisation is to be from now on.
type OrganisationChange struct {
	OfOrganisation
	OrganisationDraft
}

// PersonChange is all that a person is to hold from now on.
type PersonChange struct {
	OfPerson
	PersonDraft
}

// CeilingDraft is what the people of an organisation can hold from now on: in each
// scheme the level named and none in others, and the compartments listed.
type CeilingDraft struct {
	OfOrganisation
	Clearances map[string]string `json:"clearances,omitempty"`
	// ReadIns are compartments: us:SI.
	ReadIns []string `json:"readIns,omitempty"`
}

// Invitation names an organisation's first administrator.
type Invitation struct {
	OfOrganisation
	// Name is what the administrator is called.
	Name string `json:"name"`
}

// PeopleOf asks for a page of an organisation's people.
type PeopleOf struct {
	OfOrganisation
	Page
}

var (
	exampleOrganisation = Organisation{ID: exampleBriar.ID, Name: "BRIAR", Title: "Briar Service", Country: "USA"}
	examplePerson       = Person{
		ID: exampleNoor.ID, Organisation: exampleBriar, Name: "noor",
		Clearances: map[string]string{"us": "S"}, Roles: []cordon.Role{cordon.RoleReader, cordon.RoleAuthor},
	}
	exampleOrganisationDraft = OrganisationDraft{Name: "BRIAR", Title: "Briar Service", Country: "USA"}
	exampleCeiling           = CeilingDraft{OfOrganisation: OfOrganisation{"BRIAR"}, Clearances: map[string]string{"us": "S"}, ReadIns: []string{"us:SI"}}
	examplePersonDraft       = PersonDraft{
		Organisation: "BRIAR", Name: "noor", Clearances: examplePerson.Clearances, Roles: examplePerson.Roles,
	}
)

// GetMe tells who the token acts for.
var GetMe = Operation[None, Me]{
	Name: "getMe", Pattern: "GET /api/v1/me", Tag: "people", Scope: Any,
	Answer: Me{examplePerson, exampleOrganisation},
}

// ListOrganisations lists all organisations, by name.
var ListOrganisations = Operation[Page, List[Organisation]]{
	Name: "listOrganisations", Pattern: "GET /api/v1/organisations", Tag: "people", Scope: Any,
	Answer: List[Organisation]{Items: []Organisation{exampleOrganisation}},
}

// AddOrganisation adds an organisation. It takes an operator.
var AddOrganisation = Operation[OrganisationDraft, Organisation]{
	Name: "addOrganisation", Pattern: "POST /api/v1/organisations", Tag: "people",
	Scope: cordon.ScopeAdminister, Repeat: AnsweredAgain,
	Location: func(_ OrganisationDraft, o Organisation) string { return path("organisations", string(o.ID)) },
	Example:  exampleOrganisationDraft, Answer: exampleOrganisation,
}

// GetOrganisation gives one organisation.
var GetOrganisation = Operation[OfOrganisation, Organisation]{
	Name: "getOrganisation", Pattern: "GET /api/v1/organisations/{org}", Tag: "people", Scope: Any,
	Example: OfOrganisation{"BRIAR"}, Answer: exampleOrganisation,
}

// ChangeOrganisation replaces all that is kept of an organisation. It rules
// the next request of its people. It takes an operator.
var ChangeOrganisation = Operation[OrganisationChange, Organisation]{
	Name: "changeOrganisation", Pattern: "PUT /api/v1/organisations/{org}", Tag: "people",
	Scope: cordon.ScopeAdminister, Repeat: AnsweredAgain, IfMatch: true,
	Example: OrganisationChange{OfOrganisation{"BRIAR"}, exampleOrganisationDraft}, Answer: exampleOrganisation,
}

// SetCeiling bounds what an organisation's people can hold, from their next request
// on. It takes an operator, who raises it as far as the organisation's administrators
// asked, and at will while nobody is in it.
var SetCeiling = Operation[CeilingDraft, Organisation]{
	Name: "setCeiling", Pattern: "PUT /api/v1/organisations/{org}/ceiling", Tag: "people",
	Scope: cordon.ScopeAdminister, Repeat: AnsweredAgain, Example: exampleCeiling, Answer: exampleOrganisation,
}

// AskCeiling asks the operators for another ceiling of one's organisation. It takes
// an administrator.
var AskCeiling = Operation[CeilingDraft, Organisation]{
	Name: "askCeiling", Pattern: "PUT /api/v1/organisations/{org}/ceiling-request", Tag: "people",
	Scope: cordon.ScopeAdminister, Repeat: AnsweredAgain, Example: exampleCeiling, Answer: exampleOrganisation,
}

// InviteAdministrator adds an organisation's first administrator, and gives an
// enrolment for them, which is shown once. It takes an operator. It is a conflict
// where the organisation has an administrator who has come in, or somebody of that
// name. An invitation that has not been used is replaced.
var InviteAdministrator = Operation[Invitation, Enrolment]{
	Name: "inviteAdministrator", Pattern: "POST /api/v1/organisations/{org}/invitations", Tag: "people",
	Scope: cordon.ScopeAdminister, Repeat: ShownOnce,
	Example: Invitation{OfOrganisation{"BRIAR"}, "noor"},
	Answer:  Enrolment{Person: exampleNoor, Secret: "cordon_enrol_…", Expires: exampleLater},
}

// ListPeople lists an organisation's people, by name, to its own members.
var ListPeople = Operation[PeopleOf, List[Person]]{
	Name: "listPeople", Pattern: "GET /api/v1/organisations/{org}/people", Tag: "people", Scope: Any,
	Example: PeopleOf{OfOrganisation{"BRIAR"}, Page{}}, Answer: List[Person]{Items: []Person{examplePerson}},
}

// AddPerson adds a person, or a program's account, to one's own organisation. It
// takes an administrator.
var AddPerson = Operation[PersonDraft, Person]{
	Name: "addPerson", Pattern: "POST /api/v1/people", Tag: "people",
	Scope: cordon.ScopeAdminister, Repeat: AnsweredAgain, Errors: []cordon.Kind{cordon.KindNotFound},
	Location: func(_ PersonDraft, p Person) string { return path("people", string(p.ID)) },
	Example:  examplePersonDraft, Answer: examplePerson,
}

// GetPerson gives a person of one's organisation.
var GetPerson = Operation[OfPerson, Person]{
	Name: "getPerson", Pattern: "GET /api/v1/people/{person}", Tag: "people", Scope: Any,
	Example: OfPerson{"BRIAR/noor"}, Answer: examplePerson,
}

// ChangePerson replaces all that a person holds. It rules their next request.
// It takes an administrator of their organisation.
var ChangePerson = Operation[PersonChange, Person]{
	Name: "changePerson", Pattern: "PUT /api/v1/people/{person}", Tag: "people",
	Scope: cordon.ScopeAdminister, Repeat: AnsweredAgain, IfMatch: true,
	Example: PersonChange{OfPerson{"BRIAR/noor"}, examplePersonDraft}, Answer: examplePerson,
}
