package wire

import (
	"encoding/json"
	"time"

	"cordon"
)

// Feed is a stretch of an organisation's feed of the ledger.
type Feed struct {
	Items []FeedEntry `json:"items"`
	// Size is how many entries the feed has.
	Size int64 `json:"size"`
	// Next is the number to ask after for the rest; 0 on the last page.
	Next int64 `json:"next,omitempty"`
}

// FeedEntry is one line of the ledger with its number in the feed.
type FeedEntry struct {
	// Number counts from 1, without gaps.
	Number  int64          `json:"number"`
	ID      cordon.ID      `json:"id"`
	At      time.Time      `json:"at"`
	Act     cordon.Act     `json:"act"`
	Outcome cordon.Outcome `json:"outcome"`
	// Actor and ActorOrganisation are nil for Cordon itself. The actor of another
	// organisation has an id that stays the same in one's own organisation's feed, and is
	// known nowhere else.
	Actor             *Named `json:"actor,omitempty"`
	ActorOrganisation *Named `json:"actorOrganisation,omitempty"`
	// Role is the one by which they acted.
	Role cordon.Role `json:"role,omitempty"`
	// Reasons are why it was refused, or what changed.
	Reasons []string `json:"reasons,omitempty"`
	// Step is the act about an arrangement, which is then the subject.
	// Readers who may not know of the arrangement are shown in place of all
	// that the act "sealed", a subject that names nothing, and nobody.
	Step cordon.ArrangementAct `json:"step,omitempty"`
	// Subject is the report, request, grant, incident, arrangement or person
	// concerned.
	Subject  cordon.ID   `json:"subject,omitempty"`
	Portions []cordon.ID `json:"portions,omitempty"`
	Audience *Named      `json:"audience,omitempty"`
	// Channel is the channel a notice left by.
	Channel cordon.ID `json:"channel,omitempty"`
	Words   int       `json:"words,omitempty"`
}

// Checkpoint is the signed head of the ledger's public log, which commits to every
// feed. Its size counts minutes in which something was asked, and such questions as
// this; it tells nothing of what was recorded.
type Checkpoint struct {
	// Checkpoint is a signed note (c2sp.org/tlog-checkpoint).
	Checkpoint string `json:"checkpoint"`
	// VerifierKey is the public key that checks it.
	VerifierKey string `json:"verifierKey"`
	Origin      string `json:"origin"`
}

// Verification is the result of verifying the whole ledger.
type Verification struct {
	OK bool `json:"ok"`
	// Size is how many leaves the public log has, as far as it was verified.
	Size int64 `json:"size"`
	// Entries is how many entries one's organisation's feed has; for auditors.
	Entries    int64  `json:"entries,omitempty"`
	Checkpoint string `json:"checkpoint,omitempty"`
	// Fault is the first thing wrong with the ledger; nil when everything holds.
	Fault *Fault `json:"fault,omitempty"`
	// State is how the rest of the database was found.
	State StateVerification `json:"state"`
}

// StateVerification is the result of holding every row of the database against what
// this installation has written.
type StateVerification struct {
	OK bool `json:"ok"`
	// Rows and Sets are how many rows were looked at, in how many sets; for operators.
	Rows int64 `json:"rows,omitempty"`
	Sets int64 `json:"sets,omitempty"`
	// More says that there are more differences than are listed.
	More bool `json:"more,omitempty"`
	// Differences name them, for operators.
	Differences []Difference `json:"differences,omitempty"`
}

// Difference is a row, or a set of rows, that is not as it was written.
type Difference struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

// Fault is something wrong with the ledger.
type Fault struct {
	Check string `json:"check"`
	// Index is the place in the public log, -1 where the fault is not in it.
	Index int64 `json:"index"`
	// Number is that of the entry in its feed, 0 where the fault is in none.
	Number  int64     `json:"number,omitempty"`
	Feed    cordon.ID `json:"feed,omitempty"`
	Entry   cordon.ID `json:"entry,omitempty"`
	Problem string    `json:"problem"`
}

// VerificationDraft asks for a verification.
type VerificationDraft struct {
	// Kept are signed checkpoints kept somewhere else, which the ledger must
	// still begin with.
	Kept []string `json:"kept,omitempty"`
}

// FeedAfter asks for a stretch of a feed.
type FeedAfter struct {
	// After is the number of the last entry one has.
	After int64 `query:"after" json:"-"`
	// Limit is how many entries there are at most; 50 where it is left out.
	Limit int `query:"limit" json:"-" min:"1" max:"200" default:"50"`
}

// BundleAfter asks for a stretch of a feed with its proofs.
type BundleAfter struct {
	// After is the number of the last entry one has.
	After int64 `query:"after" json:"-"`
	// OldSize is the size of the log one holds a checkpoint of, 0 for none.
	OldSize int64 `query:"oldSize" json:"-"`
	// Limit is how many entries there are at most; 50 where it is left out.
	Limit int `query:"limit" json:"-" min:"1" max:"1000" default:"50"`
}

// GetFeed gives the entries of one's organisation's feed after the number. It
// takes an auditor.
var GetFeed = Operation[FeedAfter, Feed]{
	Name: "getFeed", Pattern: "GET /api/v1/ledger/feed", Tag: "ledger", Scope: cordon.ScopeAudit,
	Example: FeedAfter{After: 41},
	Answer: Feed{Size: 42, Items: []FeedEntry{{
		Number: 42, ID: exampleOther, At: exampleTime, Act: cordon.ActRead, Outcome: cordon.OutcomeAllowed,
		Actor: &exampleNoor, ActorOrganisation: &exampleBriar, Subject: exampleReport, Portions: []cordon.ID{examplePortion},
	}}},
}

// GetCheckpoint gives the signed head of the ledger and the key that checks it.
var GetCheckpoint = Operation[None, Checkpoint]{
	Name: "getCheckpoint", Pattern: "GET /api/v1/ledger/checkpoint", Tag: "ledger", Scope: Any,
	Answer: Checkpoint{Checkpoint: "cordon.example\n1235\n…", VerifierKey: "cordon.example+…", Origin: "cordon.example"},
}

// GetBundle gives entries of one's organisation's feed with the proofs that let
// them be verified without the server. It takes an auditor.
var GetBundle = Operation[BundleAfter, json.RawMessage]{
	Name: "getBundle", Pattern: "GET /api/v1/ledger/bundle", Tag: "ledger", Scope: cordon.ScopeAudit,
	Errors:  []cordon.Kind{cordon.KindNotFound, cordon.KindConflict},
	Example: BundleAfter{After: 41, OldSize: 1200},
	Answer:  json.RawMessage(`{"checkpoint":"…","tick":"…","path":[],"slot":{},"entries":[]}`),
}

// VerifyLedger verifies the whole ledger, the public log and every feed, and holds
// every other row of the database against what this installation has written. A fault
// is in the answer, and is no error. It takes an auditor, an administrator or an operator.
var VerifyLedger = Operation[VerificationDraft, Verification]{
	Name: "verifyLedger", Pattern: "POST /api/v1/ledger/verification", Tag: "ledger", Scope: cordon.ScopeAudit,
	Example: VerificationDraft{}, Answer: Verification{OK: true, Size: 1235, Entries: 42, State: StateVerification{OK: true, Rows: 48210, Sets: 9120}},
}
