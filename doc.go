// Package cordon is the vocabulary of originator-controlled sharing and the
// contracts that the rest of Cordon is built on.
//
// An organisation hands a report to another under an [Arrangement] and still
// decides who sees it next. A [Report] is an ordered list of portions, and a
// [Portion] is the smallest thing that is marked. What its marking and its
// owners demand of a reader is compiled to a [Rule]; package access decides
// on rules and on nothing else. A [Grant] is an owner's recorded permission,
// a [Derivation] records what was made from what, an [Incident] is the case
// opened when a portion turns up where it may not be, and an [Entry] in the
// ledger says who did what to whose information.
//
// The package holds types and contracts only. It knows no SQL, no HTTP and no
// clock of its own, and nothing in it carries the text of a portion except as
// sealed bytes.
package cordon
