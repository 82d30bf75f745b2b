package app

import (
	"context"
	"io"
	"slices"
	"time"

	"filippo.io/age"

	"cordon"
	"cordon/internal/core/ledger"
	"cordon/internal/core/vault"
	"cordon/internal/usecase/contain"
)

// Restoring says how a backup is put back.
type Restoring struct {
	File string
	With []age.Identity
	// Held are checkpoints that were kept elsewhere, besides that beside the key.
	Held []string
	// Journals are the journals of what was struck, one of each node; that beside the
	// key where none is named.
	Journals []string
	// WithoutJournal is said where what was struck since the backup may come back.
	WithoutJournal bool
}

// Restored says what was put back, and what is known to have come after it.
type Restored struct {
	Backed
	// Newest is the size of the public log in the newest checkpoint that is known: so
	// many leaves more than Size are lost, each a minute in which something was asked.
	Newest int64
	// Since is how long ago the backup was made.
	Since time.Duration
	// Struck is how many portions were struck or destroyed again.
	Struck int
}

// ReasonWithoutJournal says of a restore that nobody knows what was struck since.
const ReasonWithoutJournal = "without-journal"

// insideWriting is a store as one transaction that writes sees it.
type insideWriting struct {
	cordon.Store
	tx cordon.WriteTx
}

// View implements cordon.Store.
func (s insideWriting) View(_ context.Context, fn func(cordon.ReadTx) error) error { return fn(s.tx) }

// Update implements cordon.Store.
func (s insideWriting) Update(_ context.Context, fn func(cordon.WriteTx) error) error {
	return fn(s.tx)
}

// Restore puts a backup back into an empty database, of the installation whose root key
// the configuration names. It is one transaction: killed at any moment, the database is
// empty, or whole and verified. What was changed since the backup is undone, so grants
// that were revoked and people who were suspended since are again what they were. What
// was struck or destroyed since is so again, by the journals; where they do not reach to
// the newest checkpoint that is known it is a Conflict, unless WithoutJournal is said.
func Restore(ctx context.Context, config Config, r Restoring) (done Restored, err error) {
	c, err := config.withDefaults()
	if err != nil {
		return done, err
	}
	if err := checkKey(c); err != nil {
		return done, err
	}
	v, err := vault.New(vault.KeyFile(c.KeyFile))
	if err != nil {
		return done, err
	}
	kept, err := c.newest()
	if err != nil {
		return done, err
	}
	kept = append(kept, r.Held...)
	names := r.Journals
	if len(names) == 0 {
		names = []string{c.struckFile()}
	}
	var struck []contain.Again
	var reached []string
	for _, name := range names {
		lines, checkpoint, err := newJournal(name, v.Subkey(struckKey)).read()
		if err != nil {
			return done, err
		}
		some, err := parseStruck(lines)
		if err != nil {
			return done, err
		}
		struck = append(struck, some...)
		if checkpoint != "" {
			reached = append(reached, checkpoint)
		}
	}
	schemes, err := c.schemes()
	if err != nil {
		return done, err
	}
	var checkpoint string
	var reach int64
	carried, err := take(ctx, c, v, func(verifier string, head cordon.DumpHead) ([]string, error) {
		done.Newest, reach = head.Size, 0
		var before []string
		for i, signed := range append(slices.Clone(reached), kept...) {
			cp, err := ledger.OpenCheckpoint(signed, verifier)
			if err != nil {
				return nil, cordon.Errorf(cordon.KindInvalid, "a checkpoint that was kept is not one of this installation: give another, or move %s away", c.newestFile()).Because(err)
			}
			if i < len(reached) {
				reach = max(reach, cp.Size)
			}
			if done.Newest = max(done.Newest, cp.Size); cp.Size <= head.Size {
				before = append(before, signed)
			}
		}
		return before, nil
	}, func(context.Context) (io.ReadCloser, error) {
		return openBackup(r.File, r.With)
	}, func(tx cordon.WriteTx, from Carried) (err error) {
		checkpoint = from.Checkpoint
		e := cordon.Entry{At: c.Clock.Now(), Act: cordon.ActRestore, Outcome: cordon.OutcomeAllowed}
		switch {
		case reach < done.Newest && !r.WithoutJournal:
			return cordon.Errorf(cordon.KindConflict, "nobody knows all that was struck since this backup was made: the journal %s reaches to %d of the %d leaves of the public log. "+
				"Give a journal that does (root.key.struck and root.key.struck.reach beside the key of a node), or say that what was struck may come back", names[0], reach, done.Newest)
		case reach < done.Newest:
			e.Reasons = []string{ReasonWithoutJournal}
		}
		if done.Struck, err = contain.StrikeAgain(ctx, newBase(insideWriting{tx: tx}, v, schemes, c.Clock), struck); err != nil {
			return err
		}
		return ledger.Append(tx, e)
	})
	if err != nil {
		return done, err
	}
	done.Carried, done.Since = carried, c.Clock.Now().Sub(carried.At)
	// From here on the database goes on from an earlier state, and the node is to take
	// it for the newest.
	if err := replaceFile(c.newestFile(), checkpoint); err != nil {
		return done, cordon.Errorf(cordon.KindUnavailable, "the backup is restored, and %s cannot be written: remove it before you start", c.newestFile()).Because(err)
	}
	return done, nil
}
