package ledger

import (
	"context"
	"encoding/binary"
	"strconv"
	"strings"

	"cordon"

	"golang.org/x/mod/sumdb/tlog"
)

// tileWidth is how many hashes, or entries, a full tile has (c2sp.org/tlog-tiles).
const tileWidth = 256

// Tile names a tile of the public log in the form of c2sp.org/tlog-tiles.
type Tile struct {
	// Entries says that it is a bundle of ticks; otherwise it is one of hashes, of
	// that Level.
	Entries bool
	Level   int
	Index   int64
	// Width is 256 for a full tile, and less for a partial one.
	Width int
}

// ParseTile reads what follows "/tile/" in a path: "0/x001/234", "entries/000.p/7".
// Another spelling, or something that no log has, is ErrNotFound.
func ParseTile(path string) (Tile, error) {
	t := Tile{Width: tileWidth}
	level, rest, ok := strings.Cut(path, "/")
	if !ok || len(path) > 64 {
		return Tile{}, cordon.ErrNotFound
	}
	if t.Entries = level == "entries"; !t.Entries {
		n, err := strconv.Atoi(level)
		if err != nil || n < 0 || n > 7 || strconv.Itoa(n) != level {
			return Tile{}, cordon.ErrNotFound
		}
		t.Level = n
	}
	if index, width, partial := strings.Cut(rest, ".p/"); partial {
		n, err := strconv.Atoi(width)
		if err != nil || n < 1 || n >= tileWidth || strconv.Itoa(n) != width {
			return Tile{}, cordon.ErrNotFound
		}
		rest, t.Width = index, n
	}
	parts := strings.Split(rest, "/")
	for i, part := range parts {
		last := i == len(parts)-1
		digits, before := strings.CutPrefix(part, "x")
		n, err := strconv.ParseUint(digits, 10, 32)
		if err != nil || len(digits) != 3 || before == last || t.Index > cordon.LogSpan/1000 {
			return Tile{}, cordon.ErrNotFound
		}
		if i == 0 && !last && n == 0 { // it has a shorter spelling
			return Tile{}, cordon.ErrNotFound
		}
		t.Index = t.Index*1000 + int64(n)
	}
	return t, nil
}

// Read gives the tile's bytes; ErrNotFound where the log is not yet that long, and for
// ticks where it has leaves of before there were ticks, which nobody is shown.
func (l *Ledger) Read(ctx context.Context, t Tile) (out []byte, err error) {
	err = l.store.View(ctx, func(tx cordon.ReadTx) error {
		size, _, err := tx.Tree()
		if err != nil {
			return err
		}
		first := t.Index * tileWidth
		if first+int64(t.Width) > size>>(8*t.Level) {
			return cordon.ErrNotFound
		}
		if t.Entries {
			out, err = tickBundle(tx, first, t.Width)
			return err
		}
		at := make([]int64, t.Width)
		for i := range at {
			at[i] = tlog.StoredHashIndex(8*t.Level, first+int64(i))
		}
		hashes, err := hashReader(tx, 0).ReadHashes(at)
		if err != nil {
			return err
		}
		out = nil
		for _, h := range hashes {
			out = append(out, h[:]...)
		}
		return nil
	})
	return out, err
}

// tickBundle are ticks, each after its length as two bytes in network order.
func tickBundle(tx cordon.LedgerReader, first int64, width int) (out []byte, err error) {
	ticks, err := tx.Ticks(first, width)
	if err != nil {
		return nil, err
	}
	if len(ticks) < width || ticks[0].Index != first || ticks[width-1].Index != first+int64(width)-1 {
		return nil, cordon.ErrNotFound
	}
	for _, k := range ticks {
		b := tickOf(k).Bytes()
		out = append(binary.BigEndian.AppendUint16(out, uint16(len(b))), b...)
	}
	return out, nil
}
