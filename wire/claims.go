package wire

import (
	"time"

	"cordon"
)

// Record is the public record of one incident, in any order.
type Record struct {
	Propositions []Proposition `json:"propositions,omitempty"`
	Sources      []Source      `json:"sources,omitempty"`
	Statements   []Statement   `json:"statements,omitempty"`
}

// Proposition is something that can be claimed and denied.
type Proposition struct {
	// ID names it within the incident: "P1". Empty has one drawn.
	ID   string `json:"id,omitempty"`
	Text string `json:"text"`
	// Portions are the protected portions it touches, if any. They are kept
	// as given: an id that is here need not exist.
	Portions []cordon.ID `json:"portions,omitempty" id:"any"`
}

// Source is somebody to whom statements are attributed: one person, or a group
// that is quoted as one.
type Source struct {
	// ID names it within the incident: "S-former". Empty has one drawn.
	ID string `json:"id,omitempty"`
	// Who is the name or the office, or the words an outlet uses for a source
	// that it does not name.
	Who string `json:"who"`
	// Named is set where Who tells who it is, and then it is one person or one
	// body. Two named sources of one Who are one.
	Named bool `json:"named"`
	// Via is the outlet, where there is one.
	Via string `json:"via,omitempty"`
	// InRoom says whether the source, and every one of a group, was where the
	// disclosure happened; left out where that is not known.
	InRoom *bool `json:"inRoom,omitempty"`
}

// Statement is what a source said at one time.
type Statement struct {
	// ID names it within the incident: "A1". Empty has one drawn.
	ID string `json:"id,omitempty"`
	// Source is the id of the source it is attributed to.
	Source string `json:"source"`
	// Published is when it became public, with its zone.
	Published time.Time `json:"published"`
	// Approximate is set where Published is not exact.
	Approximate bool `json:"publishedIsApproximate,omitempty"`
	// Stances gives the stance on each proposition it bears on, by its id.
	Stances map[string]Stance `json:"stances"`
	Note    string            `json:"note,omitempty"`
	// Corrects is the id of the earlier statement of the same source that
	// this one replaces; empty for none.
	Corrects string `json:"corrects,omitempty"`
}

// Stance is how a statement bears on a proposition.
type Stance string

// The stances.
const (
	StanceConfirms Stance = "confirms"
	StanceDenies   Stance = "denies"
	// StanceDoesNotClaim: the source says expressly that it does not claim the
	// proposition.
	StanceDoesNotClaim Stance = "does-not-claim"
	// StanceDoesNotAddress: the source speaks about the affair and passes the
	// proposition over.
	StanceDoesNotAddress Stance = "does-not-address"
)

// Stances lists every stance.
func Stances() []Stance {
	return []Stance{StanceConfirms, StanceDenies, StanceDoesNotClaim, StanceDoesNotAddress}
}

// Added is the id of something that was added.
type Added struct {
	ID string `json:"id"`
}

// Matrix is the public record as it stood at an instant. Every list is there,
// empty where there is nothing in it, and sorted; ids are those of the record.
type Matrix struct {
	At           time.Time   `json:"at"`
	Propositions []MatrixRow `json:"propositions"`
	// DeniedThoughNobodyClaimed are the propositions that somebody had denied
	// and nobody had claimed.
	DeniedThoughNobodyClaimed []string `json:"deniedThoughNobodyClaimed"`
	// ChangedTheirWords lists every change of a source's stance, in the order
	// in which they became public.
	ChangedTheirWords []Change `json:"changedTheirWords"`
	// Unheard lists the sources that had published nothing yet.
	Unheard []string `json:"unheard"`
}

// MatrixRow says how one proposition stood.
type MatrixRow struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	// ConfirmedByRoots counts the independent roots among the sources whose
	// stance is to confirm it.
	ConfirmedByRoots Range `json:"confirmedByRoots"`
	// OutrightDenials are the sources whose stance is to deny it.
	OutrightDenials []string `json:"outrightDenials"`
	// ClaimedBy and DeniedBy are the sources that had confirmed or denied it by
	// then, also those that have since said otherwise; words taken back by a
	// correction do not count.
	ClaimedBy []string `json:"claimedBy"`
	DeniedBy  []string `json:"deniedBy"`
	// Silence lists the sources that had spoken of the affair and had not
	// addressed this.
	Silence []string `json:"silence"`
	// Said lists who said what of it and when, in order of publication.
	Said []Said `json:"said"`
}

// Range is a number that is known only to lie between two.
type Range struct {
	AtLeast int `json:"atLeast"`
	AtMost  int `json:"atMost"`
}

// Said is one stance taken in public.
type Said struct {
	Statement   string    `json:"statement"`
	Source      string    `json:"source"`
	Stance      Stance    `json:"stance"`
	Published   time.Time `json:"published"`
	Approximate bool      `json:"publishedIsApproximate,omitempty"`
	// CorrectedBy is the statement that had replaced this one by then.
	CorrectedBy string `json:"correctedBy,omitempty"`
}

// Change is a source that said one thing of a proposition and then another.
type Change struct {
	Source      string `json:"source"`
	Proposition string `json:"proposition"`
	From        Stance `json:"from"`
	To          Stance `json:"to"`
}

// IncidentRecord is a record for an incident's.
type IncidentRecord struct {
	OfIncident
	Record
}

// IncidentProposition is a proposition for an incident's record.
type IncidentProposition struct {
	OfIncident
	Proposition
}

// IncidentSource is a source for an incident's record.
type IncidentSource struct {
	OfIncident
	Source
}

// IncidentStatement is a statement for an incident's record.
type IncidentStatement struct {
	OfIncident
	Statement
}

// MatrixAt asks for the public record as it stood at an instant.
type MatrixAt struct {
	OfIncident
	// At is the instant; now where it is left out.
	At time.Time `query:"at" json:"-"`
}

// The example of a record.
var (
	exampleProposition = Proposition{ID: "P1", Text: "The source works on a ferry.", Portions: []cordon.ID{examplePortion}}
	exampleSource      = Source{ID: "S-former", Who: "a former official", Via: "The Gazette"}
	exampleStatement   = Statement{ID: "A1", Source: "S-former", Published: exampleTime, Stances: map[string]Stance{"P1": StanceDenies}}
)

// ImportClaims adds a whole public record to an incident's, or nothing of it.
var ImportClaims = Operation[IncidentRecord, Done]{
	Name: "importClaims", Pattern: "POST /api/v1/incidents/{incident}/claims", Tag: "claims",
	Scope: cordon.ScopeContain, Repeat: AnsweredAgain,
	Example: IncidentRecord{OfIncident{exampleIncident}, Record{
		Propositions: []Proposition{exampleProposition}, Sources: []Source{exampleSource}, Statements: []Statement{exampleStatement},
	}},
}

// AddProposition adds one to an incident's record and gives its id.
var AddProposition = Operation[IncidentProposition, Added]{
	Name: "addProposition", Pattern: "POST /api/v1/incidents/{incident}/propositions", Tag: "claims",
	Scope: cordon.ScopeContain, Repeat: AnsweredAgain,
	Example: IncidentProposition{OfIncident{exampleIncident}, exampleProposition}, Answer: Added{"P1"},
}

// AddSource adds one to an incident's record and gives its id.
var AddSource = Operation[IncidentSource, Added]{
	Name: "addSource", Pattern: "POST /api/v1/incidents/{incident}/sources", Tag: "claims",
	Scope: cordon.ScopeContain, Repeat: AnsweredAgain,
	Example: IncidentSource{OfIncident{exampleIncident}, exampleSource}, Answer: Added{"S-former"},
}

// AddStatement adds one to an incident's record and gives its id.
var AddStatement = Operation[IncidentStatement, Added]{
	Name: "addStatement", Pattern: "POST /api/v1/incidents/{incident}/statements", Tag: "claims",
	Scope: cordon.ScopeContain, Repeat: AnsweredAgain,
	Example: IncidentStatement{OfIncident{exampleIncident}, exampleStatement}, Answer: Added{"A1"},
}

// GetMatrix tells how the public record of an incident stood at an instant.
var GetMatrix = Operation[MatrixAt, Matrix]{
	Name: "getMatrix", Pattern: "GET /api/v1/incidents/{incident}/matrix", Tag: "claims", Scope: cordon.ScopeContain,
	Example: MatrixAt{OfIncident{exampleIncident}, exampleTime},
	Answer: Matrix{
		At: exampleTime,
		Propositions: []MatrixRow{{
			ID: "P1", Text: exampleProposition.Text, OutrightDenials: []string{"S-former"}, ClaimedBy: []string{}, DeniedBy: []string{"S-former"},
			Silence: []string{}, Said: []Said{{Statement: "A1", Source: "S-former", Stance: StanceDenies, Published: exampleTime}},
		}},
		DeniedThoughNobodyClaimed: []string{"P1"}, ChangedTheirWords: []Change{}, Unheard: []string{},
	},
}
