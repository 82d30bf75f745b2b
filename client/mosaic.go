package client

import (
	"context"
	"time"

	"cordon"
)

// Fact is an attribute of a source and the value that something says it has:
// "city" is "Ostrava".
type Fact struct {
	Attribute string `json:"attribute"`
	Value     string `json:"value"`
}

// RegistryDraft is a registry of candidate sources to be added.
type RegistryDraft struct {
	Name string `json:"name"`
	// Attributes are those candidates are told apart by.
	Attributes []Attribute `json:"attributes"`
	Candidates []Candidate `json:"candidates"`
}

// Attribute is one thing candidates are told apart by.
type Attribute struct {
	Name string `json:"name"`
	// Within says of values which wider value they are within: a city within
	// a country. A fact with the wider value fits all that are within it.
	Within map[string]string `json:"within,omitempty"`
}

// Candidate is somebody or something that could be taken for the source.
type Candidate struct {
	ID     string            `json:"id"`
	Values map[string]string `json:"values"`
}

// Registry is a registry as its owner's people see it in a list.
type Registry struct {
	ID         cordon.ID `json:"id"`
	Name       string    `json:"name"`
	Owner      Named     `json:"owner"`
	Candidates int       `json:"candidates"`
	Attributes []string  `json:"attributes"`
	Created    time.Time `json:"created"`
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
	// Facts and Portions (by the facts on them) are what it would be told.
	Facts    []Fact      `json:"facts,omitempty"`
	Portions []cordon.ID `json:"portions,omitempty"`
}

// MosaicResult is how many candidates fit what the audience knows, before and
// after.
type MosaicResult struct {
	Registry cordon.ID `json:"registry"`
	Audience *Named    `json:"audience,omitempty"`
	Before   int       `json:"before"`
	After    int       `json:"after"`
	Total    int       `json:"total"`
}

// AddRegistry adds one for one's organisation.
func (c *Client) AddRegistry(ctx context.Context, draft RegistryDraft) (Registry, error) {
	var out Registry
	err := c.post(ctx, path("registries"), draft, &out)
	return out, err
}

// Registries lists those of one's organisation.
func (c *Client) Registries(ctx context.Context) ([]Registry, error) {
	var out List[Registry]
	err := c.get(ctx, path("registries"), nil, &out)
	return out.Items, err
}

// AddFacts records what a portion says about a source.
func (c *Client) AddFacts(ctx context.Context, portion cordon.ID, facts []Fact) error {
	return c.post(ctx, path("portions", string(portion), "facts"), map[string]any{"facts": facts}, nil)
}

// AddTold records what an audience knows from elsewhere.
func (c *Client) AddTold(ctx context.Context, registry string, told ToldDraft) error {
	return c.post(ctx, path("registries", registry, "told"), told, nil)
}

// MosaicCheck counts the candidates that fit, before and after.
func (c *Client) MosaicCheck(ctx context.Context, registry string, check MosaicCheck) (MosaicResult, error) {
	var out MosaicResult
	err := c.post(ctx, path("registries", registry, "check"), check, &out)
	return out, err
}
