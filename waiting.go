package cordon

import "time"

// Waiting says that something of a report waits: for everybody but its writer it is
// not there until it has been compared with everything else and, where words of
// others were found in it, somebody entitled has decided. Which portions wait is said
// by their rules (Rule.Waiting).
type Waiting struct {
	// State is empty where nothing waits.
	State WaitingState
	// Writers are the people who wrote what waits.
	Writers []ID
	// Since is when it began to wait, or was added to.
	Since time.Time
	// Remind is when its organisation's officers are to be told again; the zero time
	// where they have been, or it is not held.
	Remind time.Time
}

// WaitingState is what a report waits for.
type WaitingState string

// The states of what waits.
const (
	// WaitingComparison: to be compared with everything else.
	WaitingComparison WaitingState = "comparison"
	// WaitingDecision: on the matches that were found in it.
	WaitingDecision WaitingState = "decision"
)

// Match is a passage of one portion that was found in another, for one of the owners
// of the passage.
type Match struct {
	ID ID
	// Report and Portion are where it was found, of the organisation Org.
	Report  ID
	Portion ID
	Org     ID
	// Source is the portion whose words they are, Owner one of its owners.
	Source ID
	Owner  ID
	// Spans are the stretches of Portion's text, in bytes; Words how many words they
	// are together.
	Spans []Span
	Words int
	State MatchState
	Found time.Time
	// By decided, at the time Decided. A decision of somebody who may not see the
	// source takes effect at Effective, which is the zero time otherwise.
	By        ID
	Decided   time.Time
	Effective time.Time
	// Reason is theirs, sealed under Owner's key; nil where none was given.
	Reason Sealed
}

// Span is a stretch of a text, in bytes.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// MatchState is what became of a match.
type MatchState string

// The states of a match.
const (
	// MatchOpen: nobody has decided.
	MatchOpen MatchState = "open"
	// MatchPending: somebody who may not see the source has dismissed it, which takes
	// effect unless the owner objects.
	MatchPending MatchState = "pending"
	// MatchObjected: the owner has objected to that.
	MatchObjected MatchState = "objected"
	// MatchDismissed: it is no quotation of the source, or may stand as it is.
	MatchDismissed MatchState = "dismissed"
	// MatchDeclared: the source is a source of the portion as if its writer had named it.
	MatchDeclared MatchState = "declared"
	// MatchNarrowed: the portion is for those only who may read the source as well.
	MatchNarrowed MatchState = "narrowed"
)

// Settled reports whether nothing waits for the match any more.
func (s MatchState) Settled() bool {
	return s == MatchDismissed || s == MatchDeclared || s == MatchNarrowed
}

// Hits is how many reports of an organisation words of an owner were found in.
type Hits struct {
	Owner   ID
	Reports int64
}

// Move puts a portion under another rule, which differs from its own in nothing that its
// ciphertext is bound to.
type Move struct {
	Portion ID
	To      RuleNo
}
