package cordon

import "time"

// Entry is one line of the ledger. It is appended in the same transaction as
// the act it records, and it names things by their random ids only: no text,
// title, ref or name of an arrangement is ever in it.
type Entry struct {
	ID ID `json:"id"`
	// At is when it happened, UTC, in whole microseconds.
	At time.Time `json:"at"`
	// Feed is the owner whose feed it is in; empty for the installation's
	// own feed. An act on several owners' portions is one entry for each,
	// with that owner's portions only.
	Feed ID `json:"feed,omitempty"`
	// Actor and ActorOrg did it; both are empty for Cordon itself. In the feed of
	// another organisation than ActorOrg the Actor is a pseudonym, which stays the same
	// in that feed and has nothing to do with the one in the next.
	Actor    ID `json:"actor,omitempty"`
	ActorOrg ID `json:"actorOrg,omitempty"`
	// Role is the one by which they acted; empty where it took none.
	Role Role `json:"role,omitempty"`
	// Act was done or refused.
	Act Act `json:"act"`
	// Outcome is allowed or refused.
	Outcome Outcome `json:"outcome"`
	// Reasons are the failed conditions of a refusal, by name. For signing in
	// and for credentials they are the kind of credential, and for a search
	// ReasonCounted where the portions were counted and not shown. For a change of
	// who takes part they are what changed: "clearance us from S to TS", "role reader
	// taken"; names are never given.
	Reasons []string `json:"reasons,omitempty"`
	// Subject is the report, request, grant, incident or person concerned.
	Subject ID `json:"subject,omitempty"`
	// Portions are the portions of this feed's owner that it concerns.
	Portions []ID `json:"portions,omitempty"`
	// Audience is the organisation it was for, where it was for one, or the
	// need-to-know group.
	Audience ID `json:"audience,omitempty"`
	// Channel is the channel a notice left by.
	Channel ID `json:"channel,omitempty"`
	// Words counts the words found, in scans.
	Words int `json:"words,omitempty"`
}

// ReasonCounted says of a search that it counted the portions, and showed none.
const ReasonCounted = "counted"

// Outcome of an act.
type Outcome string

// The outcomes.
const (
	OutcomeAllowed Outcome = "allowed"
	OutcomeRefused Outcome = "refused"
)

// Act is the closed set of what the ledger records.
type Act string

// The acts.
const (
	ActInit        Act = "init"
	ActPerson      Act = "person"
	ActOrg         Act = "organisation"
	ActClient      Act = "client"
	ActClientEnd   Act = "client-end"
	ActToken       Act = "token"
	ActSignIn      Act = "sign-in"
	ActSignOut     Act = "sign-out"
	ActCredential  Act = "credential"
	ActGroup       Act = "group"
	ActNarrow      Act = "narrow"
	ActArrangement Act = "arrangement"
	ActPublish     Act = "publish"
	ActDerive      Act = "derive"
	ActRead        Act = "read"
	ActList        Act = "list"
	ActSearch      Act = "search"
	ActExport      Act = "export"
	ActCheck       Act = "check"
	ActScan        Act = "scan"
	ActRequest     Act = "release-request"
	ActDecide      Act = "release-decide"
	ActGrant       Act = "grant"
	ActRevoke      Act = "revoke"
	ActIncident    Act = "incident"
	ActStrike      Act = "strike"
	ActLimit       Act = "limit"
	ActNotify      Act = "notify"
	ActChannel     Act = "channel"
	ActDeliver     Act = "deliver"
	ActCustody     Act = "custody-read"
	ActDestroy     Act = "destroy"
	ActClaim       Act = "claim"
	ActMosaic      Act = "mosaic"
	ActFact        Act = "fact"
	ActRegrade     Act = "regrade"
	ActTearline    Act = "tearline"
	// ActEmergency is a release in an emergency, ActReview an owner's review
	// of one.
	ActEmergency Act = "emergency-release"
	ActReview    Act = "emergency-review"
	// ActSealed is an act that may be known of under a marking only. Such an
	// entry names no actor, and its subject commits to the act (see
	// ArrangementStep).
	ActSealed Act = "sealed"
	ActRevise Act = "revise"
	// ActMatch is the discovery of an owner's words in a report that waits. ActDismiss is
	// its writer's word, given before, that a passage is no quotation; ActSettle is a
	// decision on what was found.
	ActMatch    Act = "match"
	ActDismiss  Act = "match-dismiss"
	ActSettle   Act = "match-decide"
	ActPropose  Act = "release-propose"
	ActRelease  Act = "release"
	ActWithdraw Act = "release-withdraw"
	ActVoid     Act = "release-void"
	// ActAudit is a look at the ledger, of which only refusals are recorded.
	ActAudit Act = "audit"
	// ActUnverified is the discovery that the database holds something which Cordon
	// has not written.
	ActUnverified Act = "unverified"
	// ActSignRows is the signing of the rows of a database of before.
	ActSignRows Act = "sign-rows"
	// ActBackup is a copy made of the whole installation, sealed as it lies. ActRestore
	// is the taking of one, and ActMigrate the move to another database; both stand in
	// the ledger that goes on.
	ActBackup  Act = "backup"
	ActRestore Act = "restore"
	ActMigrate Act = "migrate"
)

// LeafRecord is an entry with its place in its feed.
type LeafRecord struct {
	// Log is the number of the feed's log.
	Log int64 `json:"log"`
	// FeedSeq is its number in its feed, from 1, without gaps.
	FeedSeq int64 `json:"feedSeq"`
	Entry   Entry `json:"entry"`
}

// LogSpan is how many places for entries, and for tree hashes, each log has in the
// store.
const LogSpan = int64(1) << 40

// TreeHash is a hash of a Merkle tree with its place in the store, as Hashes reads it.
type TreeHash struct {
	Place int64
	Hash  [32]byte
}

// FeedHead is the head of a feed's Merkle tree.
type FeedHead struct {
	Feed ID
	// Log numbers the feeds, from 1; the public log of ticks is 0.
	Log int64
	// Size is how many entries it has, Root the root of its tree.
	Size int64
	Root [32]byte
	// MAC is that of Log, Feed, Size and Root under the ledger's key.
	MAC [32]byte
	// TickSize and TickRoot are those of the last tick.
	TickSize int64
	TickRoot [32]byte
}

// Tick is one leaf of the public log: it commits to all feeds as they are at that
// moment, and tells nothing of them.
type Tick struct {
	// Index is its place in the public log.
	Index int64
	// Number counts the ticks, from 1, without gaps.
	Number int64
	At     time.Time
	// Slots is the root over the feeds' slots, State that of the state.
	Slots, State [32]byte
	// Secret makes the salts of its slots. It is no part of the leaf.
	Secret [32]byte
}
