// Package tearline writes and checks tearlines: versions of an originator's own
// portions for a wider audience, with the substance and without source, method
// or operational detail.
//
// A tearline is a report like any other, published through package writing. It
// is written against originals, which is recorded and is not derivation: it
// inherits nothing from them, as is its purpose. Only the originator may do so,
// the organisation that alone owns what it writes against (docs/adr/0004), and
// only its own people who may see both are ever told of the link. To whoever
// else reads the tearline there is no original.
//
// # The check
//
// [Compare] sets each paragraph of a tearline beside each original and lists
// what of it still stands there:
//
//   - passages: words in a row, from [Telling] that are not everyday on, as
//     they stand in both, whatever their case, layout and punctuation;
//   - names, numbers and identifiers that stand in both, and words that hardly
//     any other portion has that the writer may see;
//   - facts recorded on the original (package mosaic) whose value stands in the
//     tearline, or a finer one, and facts recorded on the tearline that are as
//     fine as the original's;
//   - a marking that is no wider than the original's, or says what kind of
//     source it came from.
//
// It is a list of what to look at and never a clearance. It sees words and not
// what they mean: a fact told in other words, in another language, or that
// follows from what is left, it does not see.
package tearline
