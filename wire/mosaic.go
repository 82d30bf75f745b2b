package wire

import "cordon"

// Fact says something of a source: that its value of an attribute is one of
// Values, each of any level of generalisation, or that it is a number from
// Min to Max, both included, either of which may be left open.
type Fact struct {
	Attribute string   `json:"attribute"`
	Values    []string `json:"values,omitempty"`
	Min       *float64 `json:"min,omitempty"`
	Max       *float64 `json:"max,omitempty"`
}

// RegistryDraft is an owner's list of candidate sources.
type RegistryDraft struct {
	Name string `json:"name"`
	// Threshold is the least number of candidates that should fit; zero
	// leaves it to the server.
	Threshold  int         `json:"threshold,omitempty"`
	Attributes []Attribute `json:"attributes"`
	Candidates []Candidate `json:"candidates"`
}

// Attribute is something that can be known of a source.
type Attribute struct {
	Name string `json:"name"`
	// Hierarchy gives for each finest value a row: the value, then ever
	// coarser ones, all rows of one length.
	Hierarchy [][]string `json:"hierarchy,omitempty"`
}

// Candidate is somebody or something that could be taken for the source.
type Candidate struct {
	ID string `json:"id"`
	// Values gives the finest value of every attribute, by its name.
	Values map[string]string `json:"values"`
}

// Registry is a registry by its name.
type Registry struct {
	ID   cordon.ID `json:"id"`
	Name string    `json:"name"`
}

// Facts are facts to be recorded on a portion.
type Facts struct {
	Facts []Fact `json:"facts"`
}

// ToldDraft records that an audience knows something from elsewhere.
type ToldDraft struct {
	// Audience is an organisation by id or name; empty for the public.
	Audience string `json:"audience,omitempty"`
	Facts    []Fact `json:"facts"`
}

// MosaicCheck asks how many candidates would still fit if an audience were
// told some more.
type MosaicCheck struct {
	// Audience is an organisation by id or name; empty for the public.
	Audience string `json:"audience,omitempty"`
	// Portions (by the facts on them) and Facts are what it would be told.
	Portions []cordon.ID `json:"portions,omitempty"`
	Facts    []Fact      `json:"facts,omitempty"`
}

// MosaicResult is how many candidates fit all that the audience was told, and
// how many would.
type MosaicResult struct {
	Registry cordon.ID `json:"registry"`
	// Audience is nil for the public.
	Audience *Named `json:"audience,omitempty"`
	// Total is the number of candidates, Before and After how many of them
	// fit what is known and what would be.
	Total     int `json:"total"`
	Before    int `json:"before"`
	After     int `json:"after"`
	Threshold int `json:"threshold"`
	// Verdict is "wide", "narrow" or "contradictory".
	Verdict string `json:"verdict"`
	// Known and Further say what each fact does.
	Known   []FactEffect `json:"known"`
	Further []FactEffect `json:"further"`
	// Sharpest is the place in Further of the fact that narrows most; nil
	// where none does.
	Sharpest *int `json:"sharpest,omitempty"`
	// Contradiction are facts that cannot all be true of any candidate.
	Contradiction []Fact `json:"contradiction,omitempty"`
	// Candidates are the ids of those who fit after, where they are few.
	Candidates []string `json:"candidates,omitempty"`
}

// FactEffect is what one fact does, and where it comes from.
type FactEffect struct {
	Fact Fact `json:"fact"`
	// How it comes to the audience: "shown", "granted", "told", "public" or
	// "proposed".
	How string `json:"how"`
	// Portion is the one it stands on; empty for a fact as such.
	Portion cordon.ID `json:"portion,omitempty"`
	// Alone is how many candidates fit this fact and no other.
	Alone int `json:"alone"`
	// Left is how many fit what is known and this fact.
	Left int `json:"left"`
	// NotCounted says that the registry does not know the attribute.
	NotCounted bool `json:"notCounted,omitempty"`
}
