package mosaic

import "cordon/wire"

// The bounds of a registry and of facts.
const (
	MaxCandidates = 200_000
	MaxAttributes = 100
	// MaxLevels bounds the levels of one hierarchy, the finest included.
	MaxLevels = 20
	// MaxValues bounds the finest values of one attribute's hierarchy.
	MaxValues = 200_000
	// MaxFacts bounds the facts of one request, and the values one fact
	// names.
	MaxFacts = 1000
	// MaxListed is the largest anonymity set that is listed by name; a
	// larger one is only counted.
	MaxListed = 200
	// DefaultThreshold is the threshold of a registry that sets none.
	DefaultThreshold = 5
)

// Registry is an owner's list of candidate sources.
type Registry struct {
	Name string `json:"name"`
	// Threshold is the least number of candidates that should fit: fewer
	// is narrow. Zero means DefaultThreshold.
	Threshold  int         `json:"threshold,omitempty"`
	Attributes []Attribute `json:"attributes"`
	Candidates []Candidate `json:"candidates"`
}

// Attribute is something that can be known of a source, with the hierarchy of its
// values.
type Attribute = wire.Attribute

// Candidate is somebody or something that could be taken for the source.
type Candidate = wire.Candidate
