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
	// coarser ones, all rows of one length. A coarser value means every
	// finest value in whose row it stands; one that stands at two levels
	// must mean the same at both. Without a hierarchy the candidates'
	// values are all there is.
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
	// Portion is the id of the portion.
	Portion cordon.ID `path:"portion" json:"-"`
	Facts   []Fact    `json:"facts"`
}

// ToldDraft records that an audience knows something from elsewhere.
type ToldDraft struct {
	OfRegistry
	// Audience is an organisation by id or name; empty for the public.
	Audience string `json:"audience,omitempty"`
	Facts    []Fact `json:"facts"`
}

// MosaicCheck asks how many candidates would still fit if an audience were
// told some more.
type MosaicCheck struct {
	OfRegistry
	// Audience is an organisation by id or name; empty for the public.
	Audience string `json:"audience,omitempty"`
	// Portions (by the facts on them) and Facts are those it would be told.
	Portions []cordon.ID `json:"portions,omitempty"`
	Facts    []Fact      `json:"facts,omitempty"`
}

// MosaicResult says how many candidates fit all that the audience was told,
// and how many would.
type MosaicResult struct {
	Registry cordon.ID `json:"registry"`
	// Audience is nil for the public.
	Audience *Named `json:"audience,omitempty"`
	// Total is the number of candidates. Before is how many of them fit what
	// is known, After how many would fit.
	Total     int     `json:"total"`
	Before    int     `json:"before"`
	After     int     `json:"after"`
	Threshold int     `json:"threshold"`
	Verdict   Verdict `json:"verdict"`
	// Known and Further give the effect of each fact.
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

// Verdict is the outcome of an assessment.
type Verdict string

// The verdicts.
const (
	// VerdictWide: at least as many candidates fit as the threshold asks for.
	VerdictWide Verdict = "wide"
	// VerdictNarrow: fewer do.
	VerdictNarrow Verdict = "narrow"
	// VerdictContradictory: the facts cannot all be true of one candidate.
	VerdictContradictory Verdict = "contradictory"
)

// FactOrigin is how a fact comes to an audience.
type FactOrigin string

// The origins.
const (
	// FactShown: some of them were shown the portion it stands on.
	FactShown FactOrigin = "shown"
	// FactGranted: a live grant lets them have the portion it stands on.
	FactGranted FactOrigin = "granted"
	// FactTold and FactPublic: they, or the public, know it from elsewhere.
	FactTold   FactOrigin = "told"
	FactPublic FactOrigin = "public"
	// FactProposed is one of those that are asked about.
	FactProposed FactOrigin = "proposed"
)

// FactEffect is the effect of one fact, and its origin.
type FactEffect struct {
	Fact Fact `json:"fact"`
	// How is how it comes to the audience.
	How FactOrigin `json:"how"`
	// Portion is the one it stands on; empty for a fact as such.
	Portion cordon.ID `json:"portion,omitempty"`
	// Alone is how many candidates fit this fact and no other.
	Alone int `json:"alone"`
	// Left is how many fit what is known and this fact.
	Left int `json:"left"`
	// NotCounted says that the registry does not know the attribute.
	NotCounted bool `json:"notCounted,omitempty"`
}

var (
	exampleFact     = Fact{Attribute: "city", Values: []string{"Ferrytown"}}
	exampleRegistry = Registry{ID: exampleOther, Name: "harbour sources"}
)

// ListRegistries lists those of one's organisation. It takes a release authority
// or a security officer.
var ListRegistries = Operation[Page, List[Registry]]{
	Name: "listRegistries", Pattern: "GET /api/v1/registries", Tag: "mosaic", Scope: cordon.ScopeWrite,
	Answer: List[Registry]{Items: []Registry{exampleRegistry}},
}

// AddRegistry adds a registry of candidate sources for one's organisation. It
// takes a release authority or a security officer.
var AddRegistry = Operation[RegistryDraft, Registry]{
	Name: "addRegistry", Pattern: "POST /api/v1/registries", Tag: "mosaic", Scope: cordon.ScopeWrite, Repeat: AnsweredAgain,
	Makes: true,
	Example: RegistryDraft{
		Name: "harbour sources", Threshold: 5, Attributes: []Attribute{{Name: "city", Hierarchy: [][]string{{"Ferrytown", "the coast"}}}},
		Candidates: []Candidate{{ID: "A", Values: map[string]string{"city": "Ferrytown"}}},
	},
	Answer: exampleRegistry,
}

// AddFacts records what a portion says about a source.
var AddFacts = Operation[Facts, Done]{
	Name: "addFacts", Pattern: "POST /api/v1/portions/{portion}/facts", Tag: "mosaic", Scope: cordon.ScopeWrite, Repeat: AnsweredAgain,
	Example: Facts{examplePortion, []Fact{exampleFact}},
}

// AddTold records what an audience knows from elsewhere.
var AddTold = Operation[ToldDraft, Done]{
	Name: "addTold", Pattern: "POST /api/v1/registries/{registry}/told", Tag: "mosaic", Scope: cordon.ScopeWrite, Repeat: AnsweredAgain,
	Example: ToldDraft{OfRegistry{"harbour sources"}, "BRIAR", []Fact{exampleFact}},
}

// CheckMosaic counts the candidates that fit all that an audience was told, and
// those that would fit if it were told some more.
var CheckMosaic = Operation[MosaicCheck, MosaicResult]{
	Name: "checkMosaic", Pattern: "POST /api/v1/registries/{registry}/check", Tag: "mosaic", Scope: cordon.ScopeRead,
	Example: MosaicCheck{OfRegistry: OfRegistry{"harbour sources"}, Audience: "BRIAR", Facts: []Fact{exampleFact}},
	Answer: MosaicResult{
		Registry: exampleOther, Audience: &exampleBriar, Total: 12, Before: 9, After: 3, Threshold: 5, Verdict: VerdictNarrow,
		Known: []FactEffect{}, Further: []FactEffect{{Fact: exampleFact, How: FactProposed, Alone: 3, Left: 3}},
	},
}
