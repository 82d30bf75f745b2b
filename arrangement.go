package cordon

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"time"
)

// Arrangement is a standing agreement between organisations. It carries a
// marking of its own. To people who may not see that marking it does not
// exist, neither by name nor by its parties nor by a count.
type Arrangement struct {
	ID ID
	// Drafter is the party that set it up, or the one that took its place
	// when it left. Its owner key seals the name.
	Drafter ID
	// Name is sealed: the name of an arrangement can say too much.
	Name Sealed
	// Mark is the canonical marking text of the arrangement itself.
	Mark string
	// Rule governs who may see that the arrangement exists.
	Rule RuleNo
	// Parties are the organisations that agree to it, the drafter among them.
	Parties []ID
	// State follows from the last act on it. StateAt says how it stands at an
	// instant.
	State ArrangementState
	// Version counts from 1 and rises with every amendment that comes into
	// force.
	Version int
	Terms
	// Proposal waits for the parties' agreement: the draft itself, or an
	// amendment. It is nil where nothing waits.
	Proposal *Proposal
	// SuspendedBy are the parties that suspended it and have not resumed.
	SuspendedBy []ID
	Created     time.Time
	// Ended is the zero time until it was ended.
	Ended time.Time
}

// Proposal is terms that come into force when every party has agreed to them.
// An arrangement has at most one. It is kept under the marking that the
// arrangement has, until it comes into force.
type Proposal struct {
	// ID names exactly these terms. An agreement names it, so that nobody
	// agrees to terms they have not seen.
	ID ID `json:"id"`
	// By is the party that proposes.
	By ID `json:"by"`
	// Mark, Rule and Parties will be the arrangement's.
	Mark    string `json:"mark"`
	Rule    RuleNo `json:"rule"`
	Parties []ID   `json:"parties"`
	Terms   Terms  `json:"terms"`
	// Agreed are the parties that have agreed, the proposing one first.
	Agreed []ID `json:"agreed"`
	// Invitation governs who of the organisations that are to become parties
	// may know of the arrangement. It is 0 until all present parties have
	// agreed that they may.
	Invitation RuleNo    `json:"invitation"`
	Created    time.Time `json:"created"`
}

// Invited are the organisations that are to become parties.
func (a Arrangement) Invited() []ID {
	if a.Proposal == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(a.Proposal.Parties), func(id ID) bool { return slices.Contains(a.Parties, id) })
}

// StateAt is how it stands at the instant. An arrangement whose time is over
// has ended, at that very instant, with nothing that has to be run.
func (a Arrangement) StateAt(now time.Time) ArrangementState {
	if !a.Until.IsZero() && !now.Before(a.Until) {
		return ArrangementStateEnded
	}
	return a.State
}

// GivenTo are the organisations that a report under it is given to.
func (a Arrangement) GivenTo() []ID {
	if a.Recipients == nil {
		return a.Parties
	}
	return a.Recipients
}

// ArrangementState is how an arrangement stands.
type ArrangementState string

// The states of an arrangement.
const (
	// ArrangementStateDrafted: not all parties have agreed yet.
	ArrangementStateDrafted ArrangementState = "drafted"
	// ArrangementStateInForce: all have agreed.
	ArrangementStateInForce ArrangementState = "in-force"
	// ArrangementStateSuspended: a party has suspended it. Nothing new is shared
	// and no grant is made under it until all that suspended it resume.
	// Information already shared stays readable, and grants made before hold until
	// they end: each is its owner's own permission for its own portions, which no
	// other party can take back and the owner can at once.
	ArrangementStateSuspended ArrangementState = "suspended"
	// ArrangementStateEnded: nothing new is ever shared under it. Information
	// already shared is treated as under Suspended.
	ArrangementStateEnded ArrangementState = "ended"
)

// Terms are what the parties of an arrangement agree on.
type Terms struct {
	// Scheme is the marking scheme that every portion under it is marked in;
	// empty leaves it open.
	Scheme string
	// DefaultMark is the marking of portions that carry none.
	DefaultMark string
	// Equivalences say what markings of one scheme mean in another, as the
	// parties have agreed. Nothing is guessed: a marking that is not here has
	// no equivalent.
	Equivalences []Equivalence
	// Withheld is how a withheld portion shows.
	Withheld Withheld
	// Recipients are the organisations that a report under it is given to,
	// the first time, some of the parties; nil means all of them.
	Recipients []ID
	// Onward says which releases may be asked of the owners of information
	// shared under it.
	Onward Onward
	// ShownOnly lets recipients be shown the information shared under it and
	// not keep it: they do not export it.
	ShownOnly bool
	// Longest bounds how long a grant of something shared under it may run;
	// zero means MaxGrant.
	Longest time.Duration
	// Until is the first instant at which it is no longer in force; the zero
	// time is no end.
	Until time.Time
	// TwoPersons asks that two people decide together on every release of
	// information shared under it.
	TwoPersons bool
	// EmergencyAuthorities are the people who may release information shared
	// under it without its owners' consent where life is in imminent danger.
	// None means that the arrangement does not provide for that.
	EmergencyAuthorities []ID
	// EmergencyFor bounds how long such a release runs.
	EmergencyFor time.Duration
}

// Onward is the rule on giving shared information to third parties.
type Onward string

// The onward rules, the narrowest first.
const (
	// OnwardNever: no release to anybody is asked for or granted.
	OnwardNever Onward = "never"
	// OnwardParties: a release may be asked for to parties only.
	OnwardParties Onward = "parties"
	// OnwardAsk: a release to anybody may be asked for. This is the default.
	OnwardAsk Onward = "ask"
)

// Equivalence says that a portion marked From, or higher in From's scheme, is
// to be treated as marked As too. Both are canonical marking texts.
type Equivalence struct {
	From string `json:"from"`
	As   string `json:"as"`
}

// Withheld is how a portion that a reader may not open shows in a rendition.
type Withheld string

// The ways a withheld portion can show.
const (
	// WithheldSilent leaves no trace of it: the portions shown are all there seem
	// to be. This is the default.
	WithheldSilent Withheld = "silent"
	// WithheldShowMark puts the portion's mark where its text would be.
	WithheldShowMark Withheld = "mark"
)

// ArrangementStep is one thing done about an arrangement. The ledger has only
// its ID, in the feed of each party, under ActSealed. A reader of a feed who
// may not know of the arrangement learns that something was done, and when,
// but neither by whom nor about what.
type ArrangementStep struct {
	// ID is the step's Commitment, so that the ledger proves all of it.
	ID          ID
	Arrangement ID
	What        ArrangementAct
	// Actor did it, of the organisation Org.
	Actor ID
	Org   ID
	At    time.Time
	// Salt is random, so that nobody finds out by trying which step an ID
	// commits to.
	Salt []byte
}

// ArrangementAct is what was done about an arrangement.
type ArrangementAct string

// The acts about arrangements.
const (
	ArrangementDrafted   ArrangementAct = "drafted"
	ArrangementProposed  ArrangementAct = "proposed"
	ArrangementAgreed    ArrangementAct = "agreed"
	ArrangementDeclined  ArrangementAct = "declined"
	ArrangementSuspended ArrangementAct = "suspended"
	ArrangementResumed   ArrangementAct = "resumed"
	ArrangementLeft      ArrangementAct = "left"
	ArrangementEnded     ArrangementAct = "ended"
	// ArrangementRefused is a refusal of somebody who asked for it, or acted under it.
	ArrangementRefused ArrangementAct = "refused"
)

// Commitment is an id drawn from everything else the step says (the first 128
// bits of its SHA-256).
func (s ArrangementStep) Commitment() ID {
	s.ID, s.At = "", s.At.UTC().Truncate(time.Microsecond)
	text, err := json.Marshal(s)
	if err != nil {
		panic("cordon: a step always encodes: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return ID(idEncoding.EncodeToString(sum[:16]))
}
