package ledger

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cordon"

	"golang.org/x/mod/sumdb/tlog"
)

// Tick is one leaf of the public log. It is made each minute in which something was
// asked of the installation, and whenever somebody asks for proofs; so the log's size
// counts minutes and such questions, and nothing that was recorded.
//
// Its bytes are five lines:
//
//	cordon-tick/1
//	the number of the tick, from 1, without gaps
//	the time, as 2006-01-02T15:04:05.000000Z
//	the root over the slots of all feeds (see Slot), in base64
//	the root of the state, in base64 (see cordon.StateWriter)
//
// The leaf's hash is that of RFC 6962, section 2.1.
type Tick struct {
	Number int64     `json:"number"`
	At     time.Time `json:"-"`
	Slots  tlog.Hash `json:"slots"`
	State  tlog.Hash `json:"state"`
}

const tickHead = "cordon-tick/1"

func tickOf(k cordon.Tick) Tick {
	return Tick{Number: k.Number, At: k.At, Slots: k.Slots, State: k.State}
}

// Bytes is the tick as the public log commits to it.
func (k Tick) Bytes() []byte {
	return fmt.Appendf(nil, "%s\n%d\n%s\n%s\n%s\n", tickHead, k.Number, k.At.UTC().Format(leafTime), k.Slots, k.State)
}

func (k Tick) hash() tlog.Hash { return tlog.RecordHash(k.Bytes()) }

// ParseTick reads the bytes of a tick. Anything that Bytes would not have written is
// Invalid.
func ParseTick(b []byte) (k Tick, err error) {
	malformed := cordon.Errorf(cordon.KindInvalid, "a tick of the ledger is malformed")
	if len(b) > maxNoteBytes {
		return k, malformed
	}
	lines := strings.Split(string(b), "\n")
	if len(lines) != 6 || lines[0] != tickHead || lines[5] != "" {
		return k, malformed
	}
	var f *Fault
	if k.Number, f = parseSize(lines[1], CheckTick); f != nil || k.Number == 0 {
		return Tick{}, malformed
	}
	if k.At, err = time.Parse(leafTime, lines[2]); err != nil || k.At.Format(leafTime) != lines[2] {
		return Tick{}, malformed
	}
	if k.Slots, f = parseRoot(lines[3], CheckTick); f != nil {
		return Tick{}, malformed
	}
	if k.State, f = parseRoot(lines[4], CheckTick); f != nil {
		return Tick{}, malformed
	}
	return k, nil
}

// MarshalJSON writes the tick's bytes as a string.
func (k Tick) MarshalJSON() ([]byte, error) { return json.Marshal(string(k.Bytes())) }

// UnmarshalJSON reads what ParseTick reads.
func (k *Tick) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	tick, err := ParseTick([]byte(text))
	if err != nil {
		return err
	}
	*k = tick
	return nil
}

// Tick integrates what is pending, adds a leaf to the public log that commits to all
// feeds as they are then, and signs the checkpoint, which it gives. Where the last tick
// is younger than that there is none, and the last checkpoint is given; 0 always ticks.
// A ledger in which nothing was ever recorded has no checkpoint, and gives an empty one.
func (l *Ledger) Tick(ctx context.Context, unlessYounger time.Duration) (signed string, err error) {
	if _, err := l.Integrate(ctx); err != nil {
		return "", err
	}
	err = l.store.Update(ctx, func(tx cordon.WriteTx) error {
		public, last, err := l.readHead(tx)
		if err != nil {
			return err
		}
		age := l.clock.Now().Sub(last.At)
		if last.Number > 0 && 0 <= age && age < unlessYounger { // one of the future is no reason to wait
			_, signed, err = tx.Tree()
			return err
		}
		signed, err = l.tick(tx, public, last.Number)
		return err
	})
	if err != nil {
		return "", err
	}
	l.raise(signed)
	return signed, nil
}

// tick adds the tick after the one with the number to the public log.
func (l *Ledger) tick(tx cordon.WriteTx, public edge, last int64) (signed string, err error) {
	heads, err := tx.FeedHeads()
	if err != nil || len(heads) == 0 {
		return "", err
	}
	k := cordon.Tick{Index: public.size, Number: last + 1, At: l.clock.Now().UTC().Truncate(time.Microsecond)}
	feeds := make([]placed, len(heads))
	for i, h := range heads {
		if f := l.checkMAC(h); f != nil {
			return "", errBroken.Because(f)
		}
		feeds[i] = placed{feed: h.Feed, size: h.Size, root: h.Root}
	}
	if _, err := rand.Read(k.Secret[:]); err != nil {
		return "", cordon.Errorf(cordon.KindInternal, "no random bytes").Because(err)
	}
	tree, err := newSlots(k.Secret, feeds)
	if err != nil {
		return "", err
	}
	k.Slots = tree.root()
	if k.State, err = tx.TickState(k.Number); err != nil {
		return "", err
	}
	from := tlog.StoredHashCount(public.size)
	if err := tx.PutHashes(treeHashes(0, from, public.add(tickOf(k).hash(), nil))); err != nil {
		return "", err
	}
	if err := tx.PutTick(k); err != nil {
		return "", err
	}
	signed, err = Checkpoint{Origin: l.Origin(), Size: public.size, Root: public.root()}.sign(l.signer)
	if err != nil {
		return "", err
	}
	return signed, tx.PutTree(public.size, signed)
}

// lastTick is the last leaf of the public log of that size; none (a Number of 0) where
// the log is empty or of before there were ticks.
func lastTick(tx cordon.LedgerReader, size int64) (cordon.Tick, error) {
	if size == 0 {
		return cordon.Tick{}, nil
	}
	ticks, err := tx.Ticks(size-1, 1)
	if err != nil || len(ticks) == 0 {
		return cordon.Tick{}, err
	}
	return ticks[0], nil
}

// slotsNow is the tree of slots of the last tick, once it is known to be the one that
// the tick commits to.
func slotsNow(tx cordon.LedgerReader, k cordon.Tick) (slots, error) {
	heads, err := tx.FeedHeads()
	if err != nil {
		return slots{}, err
	}
	feeds := make([]placed, len(heads))
	for i, h := range heads {
		feeds[i] = placed{feed: h.Feed, size: h.TickSize, root: h.TickRoot}
	}
	tree, err := newSlots(k.Secret, feeds)
	if err != nil {
		return slots{}, err
	}
	if tree.root() != k.Slots {
		return slots{}, errBroken.Because(faultf(CheckSlot, "the feeds are not those that the last tick commits to"))
	}
	return tree, nil
}
