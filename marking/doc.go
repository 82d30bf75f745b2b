// Package marking reads, checks, joins and prints the markings that say who may
// have a piece of information, and compiles them to the rule an access decision
// looks at. It depends on nothing but the standard library and can be used by
// itself.
//
// # Schemes and markings
//
// A [Scheme] is the rules of one family of markings. The packages below this one
// have them:
//
//   - us, the register of the IC Markings System, and cui, the Controlled
//     Unclassified Information of the United States;
//   - tlp, the Traffic Light Protocol and TLP:EX:CHR, and pap, the Permissible
//     Actions Protocol;
//   - europol, nato and eu;
//   - au, ca, de, fr and uk, the national ones of Australia, Canada, Germany,
//     France and the United Kingdom.
//
// An organisation writes its own in one JSON file, which [Define] reads; all but
// us are such files. docs/markings.md describes the form, and has the source of
// every entry.
//
// A [Marking] is one validated marking of one scheme. It has two canonical
// texts: the portion mark, which stands in parentheses before a paragraph
// ("S//NF"), and the banner of a whole document ("SECRET//NOFORN").
//
// A document may be marked in several schemes at once, and then all of them
// hold. A [Set] is the schemes in force, and [Marks] the markings of one portion,
// at most one per scheme, printed side by side in the order of the set:
// "(S//NF)(TLP:AMBER)", and as a banner "SECRET//NOFORN | TLP:AMBER". [Set.With]
// puts one more in force, and refuses one that would read what another means.
//
//	set := marking.NewSet(us.Scheme(), tlp.Scheme())
//	m, err := set.Parse("(S//NF)(TLP:AMBER)")
//
// # Reading
//
// Reading is strict. What the scheme's manual does not allow to be written is
// refused with an [*Error]: the byte at which it goes wrong, the reason, the
// section of the manual, and the text that was probably meant, where there is
// one.
//
//	us: unknown marking NOFRON, column 4 of "S//NOFRON"; did you mean "S//NF"? (G.1)
//
// [Set.Find] finds every mark in a running text and says where each stands, so
// that a reader of documents can demand that the marking of a text covers every
// mark in it. [Set.LeadingMark] takes the mark off a paragraph. [Set.Repair] reads leniently what
// has one reading only, and says what it mended. [Set.Resolve] gives a portion
// mark such as S//REL the list it leaves to its banner.
//
// # Joining
//
// [Set.RollUp] gives the marking of a whole made of portions, by the scheme's own
// rules; [Set.Covers] tells whether a whole may contain a portion; [Set.Explain]
// says, rule by rule and with the sections, why a roll-up is what it is.
//
// # Rules
//
// [Marking.Rule] is all that a decision needs: the least clearance, the
// compartments a reader must hold, the countries and communities he must belong
// to, whether only named individuals may read, and how far a recipient may pass
// the information on. The zero [Rule] restricts nobody; what is not marked is
// another matter, and must be refused.
//
// # Promises
//
//   - Parse(m.Portion()) gives m, and so does ParseBanner(m.Banner()), unless m
//     leaves something to its banner.
//   - A roll-up is never freer than a portion: whoever satisfies its rules
//     satisfies those of every portion. Adding a portion adds no reader.
//   - Roll-up is commutative, associative and idempotent.
//   - Nothing given to this package makes it panic, or run longer than its
//     length accounts for; limits.go has the bounds.
//   - Everything is immutable and safe for concurrent use. There is no global
//     state.
package marking
