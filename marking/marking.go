package marking

// Marking is one validated marking of one scheme. It is immutable; two
// markings of one scheme mean the same exactly when their Portion texts are
// equal.
type Marking interface {
	// Scheme is the name of the scheme the marking belongs to.
	Scheme() string
	// Portion is the canonical portion mark without its parentheses,
	// for example "S//NF" or "TLP:AMBER".
	Portion() string
	// Banner is the canonical banner line, for example "SECRET//NOFORN".
	Banner() string
	// Rule is all that an access decision needs to know of the marking.
	Rule() Rule
}

// Scheme is the rules of one family of markings.
type Scheme interface {
	// Name is the short lower-case name used in clearances and on the
	// command line: "us", "tlp".
	Name() string
	// Title is the name people know the scheme by.
	Title() string
	// Ladder names the clearance levels, lowest first. Rule.Level is an
	// index into it. A scheme without clearances has an empty ladder.
	Ladder() []string
	// ParsePortion reads a portion mark, with or without parentheses.
	// Every error is an *Error.
	ParsePortion(text string) (Marking, error)
	// ParseBanner reads a banner line. Every error is an *Error.
	ParseBanner(text string) (Marking, error)
	// RollUp gives the marking of a whole made of the portions. It is the
	// join: never freer than any of them. An *Error says why there is none.
	RollUp(portions []Marking) (Marking, error)
	// Covers reports whether whole is at least as restrictive as part, so
	// that a text marked whole may contain one marked part.
	Covers(whole, part Marking) bool
}

// Rule is what a marking compiles to. The zero value restricts nobody.
type Rule struct {
	// Level is the least clearance, an index into the scheme's Ladder.
	Level int
	// ReadIns are the compartments a reader must all hold, sorted, each
	// written as people write it: "SI", "SI-G", "TK", "HCS-P".
	ReadIns []string
	// Audience lists clauses; a reader must be in every one of them. Nil
	// means that the marking names no audience. A clause without members
	// admits nobody.
	Audience []Audience
	// Named is set where the marking admits named individuals only
	// (TLP:RED): without a circle nobody but the author reads.
	Named bool
	// Onward is how far a recipient may pass the information on without
	// asking its originator.
	Onward Onward
	// SilentOnward is set by a scheme that says nothing about passing on
	// (PAP says what may be done with information, not who may have it). Its
	// Onward is OnwardNone, and Marks.Onward leaves it out beside others.
	SilentOnward bool
}

// Audience is one clause of a rule: the countries (trigraphs) and communities
// (tetragraphs, ISAC names) whose members may read. Both are sorted.
type Audience struct {
	Countries   []string
	Communities []string
}

// Onward is the standing permission a marking itself carries.
type Onward int

// The degrees of onward sharing, narrowest first.
const (
	// OnwardNone asks the originator for anything beyond its recipients.
	OnwardNone Onward = iota
	// OnwardClients lets a recipient tell its own clients (TLP:AMBER).
	OnwardClients
	// OnwardCommunity lets a recipient tell its community (TLP:GREEN).
	OnwardCommunity
	// OnwardAnyone lets a recipient tell anyone (TLP:CLEAR).
	OnwardAnyone
)
