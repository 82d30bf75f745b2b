package ledger

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"cordon"

	"golang.org/x/mod/sumdb/tlog"
)

// tileReader reads tiles as a client does, by their paths.
type tileReader struct{ l *Ledger }

func (r tileReader) Height() int                     { return 8 }
func (r tileReader) SaveTiles([]tlog.Tile, [][]byte) {}
func (r tileReader) path(t tlog.Tile) string         { return strings.TrimPrefix(t.Path(), "tile/8/") }

func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range tiles {
		tile, err := ParseTile(r.path(t))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.path(t), err)
		}
		b, err := r.l.Read(context.Background(), tile)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// TestTiles has the Go checksum database's own client of tiles prove and check every
// tick of a log by tiles alone, against the signed checkpoint.
func TestTiles(t *testing.T) {
	ctx := context.Background()
	g := grow(t, 1)
	for range 300 {
		ticked(g.Ledger)
	}
	c := must(OpenCheckpoint(must(g.Checkpoint(ctx)), g.keys.verifier))
	reader := tlog.TileHashReader(tlog.Tree{N: c.Size, Hash: c.Root}, tileReader{g.Ledger})
	var ticks []Tick
	for _, path := range []string{"entries/000", "entries/001.p/45"} {
		b := must(g.Read(ctx, must(ParseTile(path))))
		for len(b) > 0 {
			n := binary.BigEndian.Uint16(b)
			ticks = append(ticks, must(ParseTick(b[2:2+n])))
			b = b[2+n:]
		}
	}
	if int64(len(ticks)) != c.Size {
		t.Fatalf("%d ticks in bundles, the log has %d", len(ticks), c.Size)
	}
	for i, k := range ticks {
		if i%13 == 0 || i > 295 {
			path := must(tlog.ProveRecord(c.Size, int64(i), reader))
			if err := tlog.CheckRecord(path, c.Size, c.Root, int64(i), k.hash()); err != nil || k.Number != int64(i+1) {
				t.Fatalf("tick %d: %v", i, err)
			}
		}
	}
	for _, path := range []string{"0/002.p/1", "0/001", "1/000", "1/000.p/2", "entries/001", "entries/001.p/46", "2/000.p/1", "7/000.p/1", "0/x999/x999/x999/999"} {
		tile, err := ParseTile(path)
		if err == nil {
			_, err = g.Read(ctx, tile)
		}
		if err != error(cordon.ErrNotFound) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestTilePaths(t *testing.T) {
	for path, want := range map[string]Tile{
		"0/000":             {Width: 256},
		"1/x001/234":        {Level: 1, Index: 1234, Width: 256},
		"0/x001/x234/067":   {Index: 1234067, Width: 256},
		"entries/007.p/255": {Entries: true, Index: 7, Width: 255},
	} {
		if got, err := ParseTile(path); err != nil || got != want {
			t.Errorf("%s: %+v, %v", path, got, err)
		}
	}
	for _, path := range []string{
		"", "0", "0/", "0/0", "0/00", "0/0000", "00/000", "-1/000", "8/000", "0/x000/001", "0/001/002", "0/x001", "0/000.p/0", "0/000.p/256", "0/000.p/01",
		"0/000.p/", "entries/x01/000", "Entries/000", "0/+01", "0/-01", "0/x001/x000/x000/x000/x000/x000/000", strings.Repeat("0/", 40),
	} {
		if got, err := ParseTile(path); err != error(cordon.ErrNotFound) {
			t.Errorf("%q is read as %+v, %v", path, got, err)
		}
	}
}

func FuzzTilePath(f *testing.F) {
	f.Add("0/x001/234")
	f.Add("entries/000.p/7")
	f.Fuzz(func(t *testing.T, path string) {
		tile, err := ParseTile(path)
		if err == nil && (tile.Index < 0 || tile.Width < 1 || tile.Width > tileWidth || tile.Index > 1000*cordon.LogSpan) {
			t.Fatalf("%q is read as %+v", path, tile)
		}
	})
}
