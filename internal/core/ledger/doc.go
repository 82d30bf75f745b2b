// Package ledger keeps the append-only log of every decision, read, release
// and containment step, so that an owner can check it without trusting the
// people who run the installation.
//
// [Append] puts an entry into the transaction of the act it records.
// [Ledger.Integrate] gives pending entries their places in a Merkle tree (RFC
// 6962, stored in the form of golang.org/x/mod/sumdb/tlog) and a gapless
// number in the feed of their owner, and signs a checkpoint
// (c2sp.org/tlog-checkpoint). [Ledger.Verify] recomputes all of it.
// [Ledger.Prove], [Ledger.ProveConsistency] and [Ledger.Bundle] make proofs;
// [CheckInclusion], [CheckConsistency] and [VerifyBundle] check them with
// nothing but the public key.
//
// # What an owner can prove
//
// With the public key and a bundle of its feed:
//
//   - Every entry of the bundle, with every byte of it and its number in the
//     feed, is in the tree that the checkpoint signs.
//   - The numbers have no gap, and they rise in the order of the tree.
//   - The installation has signed, in a [Statement], that the feed had exactly
//     so many entries when the tree had that size. An entry left off at the
//     end makes the bundle stop short of that number, and [Verified.Complete] says
//     no. The number is the installation's word, to which it is then bound; it
//     does not follow from the tree.
//
// With the [Verified] that it kept from an earlier bundle, besides:
//
//   - The tree still begins with the earlier one: nothing that was shown, to
//     it or to anyone under that checkpoint, has been changed or taken out.
//   - The new entries follow the old without a gap, none of them stands in the
//     part of the tree of which the earlier statement said it was complete,
//     and the number of entries never falls.
//
// Two statements that contradict each other, or a statement and an entry with
// a proof that does, are evidence against the installation: both carry its
// signature, and anybody with the public key can check them.
//
// # What it cannot
//
//   - An act that was never appended is in no tree. Against that stands the
//     code, which writes the entry in the transaction of the act, not the log.
//   - Entries that are appended and still pending are under no signature.
//     Somebody who can write to the database can change or remove them until
//     the next Integrate, unseen.
//   - An installation that holds its key and rewrites everything can show
//     everybody a new, consistent history, and so can one that goes back to
//     an old backup. Only texts kept elsewhere show it: give kept checkpoints
//     to Verify, and [Verified] to VerifyBundle.
//   - It can show one history to one owner and another to the next, and it
//     can put an entry into the tree and deny it in a statement to the owner.
//     The first shows when owners compare checkpoints; the second when
//     somebody who may read the whole ledger counts the feed and compares that
//     with the statement.
//   - A statement carries the time the installation's clock gave. It dates
//     what was stated and does not prove the time.
//
// # What a proof gives away
//
// The hashes in a proof stand for other feeds' entries and cannot be guessed
// from: each covers an entry's random 128-bit id. The size of the tree and
// the places of one's own entries do say how many acts the whole installation
// recorded, in all and in between. They say it of nobody in particular.
package ledger
