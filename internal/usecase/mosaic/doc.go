// Package mosaic computes what an audience can infer about a source: of the
// candidates an owner has listed, how many still fit everything the audience
// has been told, and how many would once it is told more.
//
// # What is computed
//
// A [Registry] is an owner's closed list of candidate sources, each with a
// value for every attribute, and for some attributes a hierarchy of coarser
// values (a city, its country, its region). A [Fact] says that the source's
// value is one of some, at any level, or a number within a range. [Fit] keeps
// the candidates that meet every fact: the anonymity set. [Assess] counts it
// before and after, says what each further fact does alone and which is the
// sharpest, and calls the outcome narrow where fewer are left than the
// registry's threshold. Facts that leave nobody are called contradictory,
// never wide: then a fact or the registry is wrong, and that there is nobody
// left to find is the one thing it does not show.
//
// An audience has been told, for [Check], the facts on portions that its people
// were shown or that are granted to it, and the facts that [AddTold] records of
// it and of the public. Check counts facts on portions that the registry's
// owner owns, alone or with others, and that the person who asks may see. No
// other portion exists for them, not even as a count, so a check is as complete
// as that person's view.
//
// # What is not
//
//   - No probability. Every candidate left counts as one, though an adversary
//     may find one of them far likelier. A count is no measure of belief.
//   - The registry is closed: sources that are not in it are not counted, and a
//     value no candidate has fits nobody. With a source missing from it, every number
//     here is wrong.
//   - Being one of k (Sweeney, "k-anonymity: a model for protecting privacy",
//     2002) protects only as far as the k differ in what matters. If all of
//     them belong to one office, naming the office is enough (Machanavajjhala
//     et al., "l-diversity: privacy beyond k-anonymity", 2006; attacks by
//     background knowledge and by homogeneity). The candidates left are
//     listed, so that a person can judge that. Nothing here does.
//   - Facts stand where a person put them. None is drawn from a text, and none
//     is inherited by a derivative. Striking a portion removes its facts; what
//     an audience has read of it by then is to be recorded as told.
//   - All facts are taken to be of one and the same source.
package mosaic
