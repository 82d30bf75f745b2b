// Package claims keeps the public record of an incident: what is claimed, who
// said what and when, and which denials deny something that anybody claimed.
//
// It holds statements and their stances. It never says what is true, and it
// has no field in which that could be written: an official "no comment", and
// just as much an official denial, is itself information, so what the
// incident's people know is kept out of here. A proposition may name the
// protected portions it touches, so that whoever drafts a statement can later
// be held to "never confirm or deny"; nothing is concluded from that here.
//
// [Table] is the pure core: a record and an instant in, a [Matrix] out. It
// rests on what was published by that instant and on nothing else, so that a
// table of ten past six can be drawn up at any later time and does not change.
// [Service] keeps records sealed under the key of the incident's organisation
// and answers only people who may know of the incident.
//
// # Latest words, and corrections
//
// A source's stance on a proposition at an instant is that of the latest
// statement it had published by then that takes one. A [Statement] that
// corrects another stands in the other's place from its own publication on: a
// newspaper that on Thursday corrects what it printed on Monday does not
// thereby take back what it printed on Wednesday. Before that publication the
// table shows what was printed, as it was.
//
// # Independent roots
//
// How many confirmations a claim has is a [Range], since an unnamed source
// can be anybody: see [Roots].
package claims
