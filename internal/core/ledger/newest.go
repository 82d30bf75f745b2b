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
	if _, f := openCheckpoint(kept, l.verifier); f != nil {
		return refuse(f)
	}
	f, err := l.goesOn(ctx, kept)
	if err != nil {
		return err
	}
	if f != nil {
		return cordon.Errorf(cordon.KindConflict, "%s", f.Problem).Because(f)
	}
	l.raise(kept)
	return nil
}

// goesOn holds the public log to begin with that of a checkpoint of this ledger's.
func (l *Ledger) goesOn(ctx context.Context, kept string) (*Fault, error) {
	old, f := openCheckpoint(kept, l.verifier)
	if f != nil {
		return f, nil
	}
	c, err := l.ProveConsistency(ctx, old.Size)
	if err == nil {
		err = CheckConsistency(c, kept, l.publicKey)
	}
	switch cordon.KindOf(err) {
	case cordon.KindUnavailable:
		return nil, err
	case cordon.KindNotFound, cordon.KindConflict:
		return faultf(CheckKept, "the ledger is shorter than it was: an old database was put back"), nil
	}
	if err != nil {
		return faultf(CheckKept, "the ledger does not go on from what it was: another database was put in its place"), nil
	}
	return nil, nil
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
