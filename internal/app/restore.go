package app

import (
	"context"
	"io"
	"time"

	"filippo.io/age"

	"cordon"
	"cordon/internal/core/ledger"
	"cordon/internal/core/vault"
)

// Restoring says how a backup is put back.
type Restoring struct {
	File string
	With []age.Identity
	// Held are checkpoints that were kept elsewhere, besides that beside the key.
	Held []string
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
}

// ReasonWithoutJournal says of a restore that nobody knows what was struck since.
const ReasonWithoutJournal = "without-journal"

// Restore puts a backup back into an empty database, of the installation whose root key
// the configuration names. It is one transaction: killed at any moment, the database is
// empty, or whole and verified. What was changed since the backup is undone, so grants
// that were revoked and people who were suspended since are again what they were.
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
	var checkpoint string
	carried, err := take(ctx, c, v, func(verifier string, head cordon.DumpHead) ([]string, error) {
		done.Newest = head.Size
		var before []string
		for _, signed := range kept {
			cp, err := ledger.OpenCheckpoint(signed, verifier)
			if err != nil {
				return nil, cordon.Errorf(cordon.KindInvalid, "a checkpoint that was kept is not one of this installation: give another, or move %s away", c.newestFile()).Because(err)
			}
			if done.Newest = max(done.Newest, cp.Size); cp.Size <= head.Size {
				before = append(before, signed)
			}
		}
		return before, nil
	}, func(context.Context) (io.ReadCloser, error) {
		return openBackup(r.File, r.With)
	}, func(tx cordon.WriteTx, from Carried) error {
		if !r.WithoutJournal {
			return cordon.Errorf(cordon.KindConflict, "nobody knows what was struck since this backup was made")
		}
		checkpoint = from.Checkpoint
		return ledger.Append(tx, cordon.Entry{
			At: c.Clock.Now(), Act: cordon.ActRestore, Outcome: cordon.OutcomeAllowed, Reasons: []string{ReasonWithoutJournal},
		})
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
