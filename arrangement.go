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
	// Parties are the organisations that agreed, the drafter among them.
	Parties []ID
	// DefaultMark is the marking of portions that carry none.
	DefaultMark string
	// Equivalences are what the parties have agreed that markings of one
	// scheme mean in another. Nothing is guessed: what is not here has none.
	Equivalences []Equivalence
	// Withheld is how a withheld portion shows.
	Withheld Withheld
	Created  time.Time
	// Ended is the zero time while it is in force.
	Ended time.Time
}

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
