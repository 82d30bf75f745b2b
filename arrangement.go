package cordon

import "time"

// Arrangement is a standing agreement between organisations. It carries a
// marking of its own: to whoever may not see that marking it does not exist,
// neither by name nor by its parties nor by a count.
type Arrangement struct {
	ID ID
	// Drafter is the party that set it up; its owner key seals the name.
	Drafter ID
	// Name is sealed: what an arrangement is called can say too much.
	Name Sealed
	// Mark is the canonical marking text of the arrangement itself.
	Mark string
	// Rule governs who may see that the arrangement exists.
	Rule RuleNo
	// Parties are the organisations that agree to it, the drafter among them.
	Parties []ID
	// State is how it stands. Only one in force takes new reports.
	State ArrangementState
	// Version counts from 1 and rises with every amendment that comes into
	// force.
	Version int
	Terms
	Created time.Time
	// Ended is the zero time until it has ended.
	Ended time.Time
}

// ArrangementState is how an arrangement stands.
type ArrangementState string

// The states of an arrangement.
const (
	// Drafted: not all parties have agreed yet.
	Drafted ArrangementState = "drafted"
	// InForce: all have agreed.
	InForce ArrangementState = "in-force"
	// Suspended: a party has suspended it; nothing new is shared under it
	// and no grant made under it holds, until all that suspended it resume.
	Suspended ArrangementState = "suspended"
	// Ended: nothing new is ever shared under it. What was shared stays
	// whose it is.
	Ended ArrangementState = "ended"
)

// Terms are what the parties of an arrangement agree on.
type Terms struct {
	// DefaultMark is the marking of portions that carry none.
	DefaultMark string
	// Equivalences are what the parties have agreed that markings of one
	// scheme mean in another. Nothing is guessed: what is not here has none.
	Equivalences []Equivalence
	// Withheld is how a withheld portion shows.
	Withheld Withheld
	// Recipients are the organisations that a report under it is given to,
	// the first time; nil means all parties.
	Recipients []ID
	// Onward is what may be asked of the owners of what is shared under it.
	Onward Onward
	// ShownOnly lets what is shared under it be shown and not kept: it is
	// not exported by recipients.
	ShownOnly bool
	// Longest bounds how long a grant of something shared under it may run;
	// zero means MaxGrant.
	Longest time.Duration
	// Until is the first instant at which it is no longer in force; the zero
	// time is no end.
	Until time.Time
	// TwoPersons asks that two people decide together on every release of
	// what is shared under it.
	TwoPersons bool
	// EmergencyAuthorities are the people who may release what is shared
	// under it without its owners' consent where life is in imminent danger;
	// none means that the arrangement does not provide for it.
	EmergencyAuthorities []ID
	// EmergencyFor bounds how long such a release runs.
	EmergencyFor time.Duration
}

// Onward is the rule on giving to third parties what was shared.
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

// Equivalence says that what is marked From, or higher in From's scheme, is to
// be treated as marked As too. Both are canonical marking texts.
type Equivalence struct {
	From string `json:"from"`
	As   string `json:"as"`
}

// Withheld is how a portion that a reader may not open shows in a rendition.
type Withheld string

// The ways a withheld portion can show.
const (
	// Silent leaves no trace of it: the portions shown are all there seem
	// to be. This is the default.
	Silent Withheld = "silent"
	// ShowMark puts the portion's mark where its text would be.
	ShowMark Withheld = "mark"
)
