package cordon

import "time"

// Organisation takes part: it owns information, receives it, or is merely an
// audience to which information could be released.
type Organisation struct {
	ID ID `json:"id"`
	// Name is the short name people use for it, unique in an installation
	// and without regard to case: "MERIDIAN".
	Name string `json:"name"`
	// Title is its name in full.
	Title string `json:"title,omitempty"`
	// Country is the ISO 3166 trigraph it belongs to; empty for none.
	Country string `json:"country,omitempty"`
	// Communities are those of which it is a member: tetragraphs, an ISAC.
	Communities []string `json:"communities,omitempty"`
	// ClientOf are the organisations whose client it is. It may read what
	// they were given under a marking that lets clients be told (TLP:AMBER).
	ClientOf []ID `json:"clientOf,omitempty"`
	// Ceiling bounds all that its people can hold; nil for no bound.
	Ceiling *Ceiling `json:"ceiling,omitempty"`
	// Asked is the ceiling that its administrators ask for; nil for none.
	Asked *Ceiling `json:"asked,omitempty"`
}

// Ceiling bounds what the people of an organisation can hold, whatever is written of
// them: in each scheme the level named and none in others, and the compartments
// listed.
type Ceiling struct {
	Clearances map[string]string `json:"clearances,omitempty"`
	// ReadIns are compartments without bounds in time: us:SI.
	ReadIns []string `json:"readIns,omitempty"`
}

// Person belongs to one organisation. Their roles say what they may do;
// everything else says what they may read.
type Person struct {
	ID   ID     `json:"id"`
	Org  ID     `json:"org"`
	Name string `json:"name"`
	// Nationality is a trigraph; empty means that of the organisation.
	Nationality string `json:"nationality,omitempty"`
	// Clearances gives the level held in each scheme that has a ladder, by
	// the ladder's name for it: {"us": "TS"}.
	Clearances map[string]string `json:"clearances,omitempty"`
	// ReadIns are the compartments held, and when.
	ReadIns []ReadIn `json:"readIns,omitempty"`
	Roles   []Role   `json:"roles,omitempty"`
	// Suspended people are refused everything.
	Suspended bool `json:"suspended,omitempty"`
	// Service says that it is no person but a program's account. It acts by
	// tokens that administrators make, and signs in no other way but by a
	// certificate. It stays one, or a person, for good.
	Service bool `json:"service,omitempty"`
}

// Role is a job that a person does. No role lets anyone read: package access
// alone decides on reading.
type Role string

// The roles.
const (
	// RoleReader opens, lists and searches what access allows.
	RoleReader Role = "reader"
	// RoleAuthor publishes and derives reports for their organisation.
	RoleAuthor Role = "author"
	// RoleReleaseAuthority decides release requests for their organisation.
	RoleReleaseAuthority Role = "release-authority"
	// RoleSecurityOfficer opens incidents and contains them.
	RoleSecurityOfficer Role = "security-officer"
	// RoleAuditor reads their organisation's feed of the ledger.
	RoleAuditor Role = "auditor"
	// RoleAdministrator looks after the people of their own organisation, and
	// reads nothing by that role.
	RoleAdministrator Role = "administrator"
	// RoleOperator runs the installation: which organisations there are, and
	// who administers each of them first. Operators are shown no
	// organisation's people, tokens, reports or feeds by that role.
	RoleOperator Role = "operator"
)

// Roles lists every role.
func Roles() []Role {
	return []Role{RoleReader, RoleAuthor, RoleReleaseAuthority, RoleSecurityOfficer, RoleAuditor, RoleAdministrator, RoleOperator}
}

// ServiceRoles lists the roles that a program's account may hold: none of those
// by which somebody decides.
func ServiceRoles() []Role { return []Role{RoleReader, RoleAuthor, RoleAuditor} }

// Has reports whether the person holds the role.
func (p Person) Has(role Role) bool {
	for _, r := range p.Roles {
		if r == role {
			return true
		}
	}
	return false
}

// Token lets a program act as a person. Only its hash is stored.
type Token struct {
	ID     ID
	Person ID
	// Hash is the SHA-256 of the token's 256 random bits.
	Hash    [32]byte
	Label   string
	Created time.Time
	// Expires is the zero time for a token without an end.
	Expires time.Time
	Revoked bool
	// Scopes are the parts of its person's powers that it has.
	Scopes Scopes
	// MadeWith is the token with which it was made, and with which it is
	// revoked; empty where it was made otherwise.
	MadeWith ID
}

// Actor is who asks: a person, their organisation, and those of its
// need-to-know groups that they are in, all as they stand in the transaction
// that asks.
type Actor struct {
	Person Person
	Org    Organisation
	Groups []ID
}
