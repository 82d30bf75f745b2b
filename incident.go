package cordon

import "time"

// Incident is the case opened for a disclosure. To people outside its
// organisation's circle it does not exist.
type Incident struct {
	ID     ID
	Org    ID
	Opener ID
	// Title is sealed under the organisation's key.
	Title  Sealed
	Opened time.Time
	// Custody names the people who may read the portions struck under it.
	Custody []ID
}

// Disclosure records a protected portion found in a text outside.
type Disclosure struct {
	ID       ID
	Incident ID
	Portion  ID
	// Words is how many words of the portion stood in the text.
	Words int
	Found time.Time
}

// CustodyItem is a portion in custody: the original of a struck portion,
// sealed anew so that it opens as custody of its incident and as nothing
// else.
type CustodyItem struct {
	Portion  ID
	Incident ID
	// Rule is the rule the portion had; the custodian need not meet it.
	Rule RuleNo
	Body Sealed
	Key  Sealed
	At   time.Time
}

// ContainmentStep is one thing done under an incident, for its record.
type ContainmentStep struct {
	ID       ID
	Incident ID
	Step     Step
	// Target is the portion struck, the report limited, the grant revoked
	// or the organisation notified.
	Target ID
	By     ID
	At     time.Time
}

// Step is a kind of containment step.
type Step string

// The containment steps.
const (
	StepStrike Step = "strike"
	StepLimit  Step = "limit"
	StepRevoke Step = "revoke"
	StepNotify Step = "notify"
)

// ClaimRecord is one sealed item of an incident's public record: a
// proposition, a source or a statement. Package claims gives it meaning.
type ClaimRecord struct {
	ID       ID
	Incident ID
	Kind     ClaimKind
	Body     Sealed
	Created  time.Time
}

// ClaimKind is what a claim record holds.
type ClaimKind string

// The kinds of claim record.
const (
	ClaimProposition ClaimKind = "proposition"
	ClaimSource      ClaimKind = "source"
	ClaimStatement   ClaimKind = "statement"
)

// Registry is an owner's sealed list of candidate sources, in which package
// mosaic counts who still fits.
type Registry struct {
	ID    ID
	Owner ID
	// Name and Body (the candidates and the attribute hierarchies) are
	// sealed under the owner's key.
	Name    Sealed
	Body    Sealed
	Created time.Time
}

// Told records that an audience knows a fact about a source from outside
// Cordon's own renditions: an incident's disclosure, or public knowledge.
type Told struct {
	ID       ID
	Registry ID
	// Audience is the organisation told; empty for the public.
	Audience ID
	// Body is the sealed attribute and value.
	Body Sealed
	At   time.Time
}
