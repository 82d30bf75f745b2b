package wire

import "cordon"

// Organisation is one that takes part.
type Organisation struct {
	ID    cordon.ID `json:"id"`
	Name  string    `json:"name"`
	Title string    `json:"title,omitempty"`
	// Country is the ISO 3166 trigraph it belongs to; empty for none.
	Country     string   `json:"country,omitempty"`
	Communities []string `json:"communities,omitempty"`
	// ClientOf are the organisations whose client it is, as far as the asker
	// may know: what they were given as TLP:AMBER it may read too.
	ClientOf []Named `json:"clientOf,omitempty"`
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
}

// Me is who the token acts for, as he stands now.
type Me struct {
	Person       Person       `json:"person"`
	Organisation Organisation `json:"organisation"`
}
