package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"cordon"

	"golang.org/x/mod/sumdb/tlog"
)

// slotLevels is the height of the tree of slots.
const slotLevels = 64

// Slot says what one feed is at one tick. The ticks commit to it and show it to
// nobody; its feed's owner is given it.
//
// The slots of a tick are the leaves of a tree of 2^64 places. A feed's place is the
// first eight bytes, in network order, of SHA-256("cordon-slot/1\n" and the feed's id
// or "-"), so a tick has one slot for a feed and no second. Its leaf is the hash
// (RFC 6962, section 2.1) of five lines:
//
//	cordon-slot/1
//	the salt, 32 bytes in base64
//	the feed's id, or "-" for the installation's own feed
//	the number of entries in the feed
//	the root of the feed's tree, in base64
//
// A subtree without slots stands as 32 bytes that nobody can tell from a hash. Salts
// and those are new at every tick, so that neither who was active nor how many feeds
// there are can be seen in a path.
type Slot struct {
	Salt tlog.Hash `json:"salt"`
	Size int64     `json:"size"`
	Root tlog.Hash `json:"root"`
	// Path are the hashes beside it, from the leaf up.
	Path []tlog.Hash `json:"path"`
}

// ownFeed stands for the empty id.
const ownFeed = "-"

func feedName(feed cordon.ID) string {
	if feed == "" {
		return ownFeed
	}
	return string(feed)
}

func slotPlace(feed cordon.ID) uint64 {
	h := sha256.Sum256([]byte("cordon-slot/1\n" + feedName(feed)))
	return binary.BigEndian.Uint64(h[:])
}

func slotLeaf(feed cordon.ID, salt tlog.Hash, size int64, root tlog.Hash) tlog.Hash {
	return tlog.RecordHash(fmt.Appendf(nil, "cordon-slot/1\n%s\n%s\n%d\n%s\n", salt, feedName(feed), size, root))
}

// root is the root over all slots that the slot and its path lead to.
func (s Slot) slotsRoot(feed cordon.ID) (tlog.Hash, *Fault) {
	if len(s.Path) != slotLevels {
		return tlog.Hash{}, faultf(CheckSlot, "the slot of the feed has a path of %d hashes and not of %d", len(s.Path), slotLevels)
	}
	h, place := slotLeaf(feed, s.Salt, s.Size, s.Root), slotPlace(feed)
	for _, beside := range s.Path {
		if place&1 == 0 {
			h = tlog.NodeHash(h, beside)
		} else {
			h = tlog.NodeHash(beside, h)
		}
		place >>= 1
	}
	return h, nil
}

// placed is a feed as it was at a tick.
type placed struct {
	feed  cordon.ID
	place uint64
	size  int64
	root  tlog.Hash
}

// slots is the tree of the slots of one tick.
type slots struct {
	secret [32]byte
	feeds  []placed // by their places
}

// newSlots leaves out feeds that had no entry.
func newSlots(secret [32]byte, feeds []placed) (slots, error) {
	s := slots{secret: secret}
	for _, f := range feeds {
		if f.size > 0 {
			f.place = slotPlace(f.feed)
			s.feeds = append(s.feeds, f)
		}
	}
	slices.SortFunc(s.feeds, func(a, b placed) int {
		if a.place < b.place {
			return -1
		}
		return 1
	})
	for i := 1; i < len(s.feeds); i++ {
		if s.feeds[i-1].place == s.feeds[i].place {
			return s, cordon.Errorf(cordon.KindInternal, "two feeds have one slot")
		}
	}
	return s, nil
}

// drawn is a secret hash for the purpose, the level and the place. All inputs have one
// length, so SHA-256 under the key in front is a pseudo-random function of them.
func (s slots) drawn(purpose, level byte, place uint64) tlog.Hash {
	var in [32 + 2 + 8]byte
	copy(in[:], s.secret[:])
	in[32], in[33] = purpose, level
	binary.BigEndian.PutUint64(in[34:], place)
	return sha256.Sum256(in[:])
}

func (s slots) salt(place uint64) tlog.Hash { return s.drawn('s', 0, place) }

// root is the root of the tree.
func (s slots) root() tlog.Hash { return s.node(slotLevels, 0, s.feeds) }

// node is the hash over the feeds that lie under the node of the level whose place
// begins with the prefix.
func (s slots) node(level int, prefix uint64, feeds []placed) tlog.Hash {
	switch {
	case len(feeds) == 0:
		return s.drawn('n', byte(level), prefix)
	case level == 0:
		f := feeds[0]
		return slotLeaf(f.feed, s.salt(f.place), f.size, f.root)
	}
	left, right := split(feeds, level)
	return tlog.NodeHash(s.node(level-1, prefix<<1, left), s.node(level-1, prefix<<1|1, right))
}

// split parts the feeds under a node of the level.
func split(feeds []placed, level int) (left, right []placed) {
	bit := uint64(1) << (level - 1)
	at, _ := slices.BinarySearchFunc(feeds, bit, func(f placed, bit uint64) int {
		if f.place&bit == 0 {
			return -1
		}
		return 1
	})
	return feeds[:at], feeds[at:]
}

// slot is the feed's slot with its path; not ok where the feed has none.
func (s slots) slot(feed cordon.ID) (slot Slot, ok bool) {
	place := slotPlace(feed)
	feeds, prefix := s.feeds, uint64(0)
	for level := slotLevels; level > 0; level-- {
		left, right := split(feeds, level)
		if place>>(level-1)&1 == 0 {
			slot.Path = append(slot.Path, s.node(level-1, prefix<<1|1, right))
			feeds, prefix = left, prefix<<1
		} else {
			slot.Path = append(slot.Path, s.node(level-1, prefix<<1, left))
			feeds, prefix = right, prefix<<1|1
		}
	}
	if len(feeds) == 0 {
		return Slot{}, false
	}
	slices.Reverse(slot.Path)
	slot.Salt, slot.Size, slot.Root = s.salt(place), feeds[0].size, feeds[0].root
	return slot, true
}
