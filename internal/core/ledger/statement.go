package ledger

import (
	"fmt"
	"time"

	"cordon"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Statement says that a feed had exactly so many entries in the tree of that
// size and root. A tree alone cannot say it: a proof shows that an entry is
// there, never that none follows. The signed text is six lines, as a signed
// note under the ledger's key:
//
//	origin, then "/feed", so that it is never taken for a checkpoint
//	the feed's id, or "-" for the installation's own feed
//	the number of entries in the feed
//	the size of the tree
//	the root of the tree, in base64
//	the time it was signed, as 2006-01-02T15:04:05.000000Z
//
// It names no other feed and counts no other feed's entries.
type Statement struct {
	Origin   string    `json:"origin"`
	Feed     cordon.ID `json:"feed,omitempty"`
	FeedSize int64     `json:"feedSize"`
	TreeSize int64     `json:"treeSize"`
	Root     tlog.Hash `json:"root"`
	At       time.Time `json:"at"`
}

const ownFeed = "-"

// OpenStatement checks the signature of a feed statement by the ledger's
// public key and reads it; Invalid, caused by a *Fault, as OpenCheckpoint.
func OpenStatement(signed, verifierKey string) (Statement, error) {
	v, err := parseVerifier(verifierKey)
	if err != nil {
		return Statement{}, err
	}
	s, f := openStatement(signed, v)
	if f != nil {
		return Statement{}, refuse(f)
	}
	return s, nil
}

func openStatement(signed string, v note.Verifier) (Statement, *Fault) {
	lines, f := openNote(signed, v)
	if f != nil {
		return Statement{}, f
	}
	if len(lines) != 6 || lines[0] != v.Name()+"/feed" {
		return Statement{}, faultf(CheckStatement, "the feed statement is not one of %s", v.Name())
	}
	s := Statement{Origin: v.Name()}
	if lines[1] != ownFeed {
		if s.Feed = cordon.ID(lines[1]); !s.Feed.Valid() {
			return Statement{}, faultf(CheckStatement, "the feed in it is not an id")
		}
	}
	if s.FeedSize, f = parseSize(lines[2], CheckStatement); f != nil {
		return Statement{}, f
	}
	if s.TreeSize, f = parseSize(lines[3], CheckStatement); f != nil {
		return Statement{}, f
	}
	if s.Root, f = parseRoot(lines[4], CheckStatement); f != nil {
		return Statement{}, f
	}
	at, err := time.Parse(leafTime, lines[5])
	if err != nil || at.Format(leafTime) != lines[5] {
		return Statement{}, faultf(CheckStatement, "the time in it is not one")
	}
	s.At = at
	return s, nil
}

func (s Statement) sign(key note.Signer) (string, error) {
	feed := string(s.Feed)
	if feed == "" {
		feed = ownFeed
	}
	return signNote(fmt.Sprintf("%s/feed\n%s\n%d\n%d\n%s\n%s\n",
		s.Origin, feed, s.FeedSize, s.TreeSize, s.Root, s.At.UTC().Format(leafTime)), key)
}
