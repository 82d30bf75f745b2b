// Package ledger keeps the append-only log of every decision, read, release
// and containment step, so that an owner can check it without trusting the
// people who run the installation.
//
// [Append] puts an entry into the transaction of the act it records.
// [Ledger.Integrate] gives pending entries a gapless number in the feed of their owner,
// which is a Merkle tree of its own (RFC 6962, stored in the form of
// golang.org/x/mod/sumdb/tlog). [Ledger.Tick] adds one leaf to the public log, which
// commits to all feeds, and signs a checkpoint of it (c2sp.org/tlog-checkpoint).
// [Ledger.Verify] recomputes all of it. [Ledger.Prove], [Ledger.ProveConsistency] and
// [Ledger.Bundle] make proofs; [CheckInclusion], [CheckConsistency] and [VerifyBundle]
// check them with nothing but the public key.
//
// # What an owner can prove
//
// With the public key and a bundle of its feed:
//
//   - The checkpoint's last [Tick] commits to its [Slot]: how many entries the feed
//     has, and the root of their tree. A tick has no second slot for a feed.
//   - The entries of the bundle, with every byte and their numbers, are those that
//     the feed begins with, without a gap. With the last bundle they are all:
//     [Verified.Complete] says no where one is kept back.
//
// With the [Verified] that it kept from an earlier bundle, besides:
//
//   - The public log still begins with the earlier one, and the feed with what was
//     committed to then, shown to it or not: nothing has been changed or taken out.
//
// Two checkpoints that contradict each other, or a checkpoint and an entry with
// a proof that does, are evidence against the installation: both carry its
// signature, and anybody with the public key can check them.
//
// # What it cannot
//
//   - An act that was never appended is in no feed. Against that stands the
//     code, which writes the entry in the transaction of the act, not the log.
//   - Entries that no tick commits to yet are under no signature. Somebody who can
//     write to the database can remove pending ones unseen; those in their feed
//     are under a MAC of the ledger's key, and only a whole feed of before can be put
//     back until the next tick.
//   - An installation that holds its key and rewrites everything can show
//     everybody a new, consistent history, and so can one that goes back to
//     an old backup. Only texts kept elsewhere show it: give kept checkpoints
//     to Verify, and [Verified] to VerifyBundle.
//   - It can show one history to one owner and another to the next. That shows when
//     they compare checkpoints.
//   - A tick carries the time the installation's clock gave, and proves no time.
//
// # What it gives away
//
// The public log tells in which minutes anything was asked of the installation, and
// how often somebody asked for a checkpoint, a proof or a verification. It does not
// tell how many entries or feeds there are, nor which feeds grew: an owner is shown its
// own slot beside hashes that are new at every tick.
package ledger
