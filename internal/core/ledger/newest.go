package ledger

import (
	"context"

	"cordon"
)

// Newest is the newest checkpoint that a tick of this process has signed and that the
// database has confirmed, or that Resume was given; empty before. A log that does not
// begin with it was put back.
func (l *Ledger) Newest() string {
	if signed := l.newest.Load(); signed != nil {
		return *signed
	}
	return ""
}

// Resume holds the ledger against a checkpoint that was kept outside the database. It
// is a Conflict where the log has been put back to an earlier state or is another one,
// and Invalid where the ledger's key has not signed the checkpoint.
func (l *Ledger) Resume(ctx context.Context, kept string) error {
	old, f := openCheckpoint(kept, l.verifier)
	if f != nil {
		return refuse(f)
	}
	c, err := l.ProveConsistency(ctx, old.Size)
	switch cordon.KindOf(err) {
	case cordon.KindNotFound, cordon.KindConflict:
		return cordon.Errorf(cordon.KindConflict, "the ledger is shorter than it was: an old database was put back").Because(err)
	}
	if err == nil {
		err = CheckConsistency(c, kept, l.publicKey)
	}
	if err != nil {
		return cordon.Errorf(cordon.KindConflict, "the ledger does not go on from what it was: another database was put in its place").Because(err)
	}
	l.raise(kept)
	return nil
}

// raise notes a checkpoint that is known to be committed.
func (l *Ledger) raise(signed string) {
	if signed == "" {
		return
	}
	for {
		old := l.newest.Load()
		if old != nil {
			was, f := openCheckpoint(*old, l.verifier)
			is, g := openCheckpoint(signed, l.verifier)
			if f == nil && (g != nil || is.Size <= was.Size) {
				return
			}
		}
		if l.newest.CompareAndSwap(old, &signed) {
			return
		}
	}
}
