package sqltx

import (
	"encoding/binary"
	"slices"
	"sync"
	"sync/atomic"

	"cordon"
	"cordon/internal/store/listing"
	"cordon/internal/store/terms"
)

// TermCache keeps in memory which portions carry which terms, from the first time that
// somebody asks. As with the listing (see listing.go), no transaction reads from it what it
// would not read from the database: each looks up again the reports that have changed
// since, and only what a View has read is kept.
type TermCache struct {
	known atomic.Pointer[cachedTerms]
	busy  sync.Mutex // held while everything is read
}

// cachedTerms is what was kept at one moment. It never changes.
type cachedTerms struct {
	index *terms.Index
	under snapshot
	first int64
}

func (n *cachedTerms) fits(now snapshot, first int64) bool {
	return n.under.within(now) && (first == n.first || first <= n.under.least())
}

func packTerms(all []uint32) []byte {
	b := make([]byte, 0, 4*len(all))
	for _, n := range all {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return b
}

func unpackTerms(b []byte) []uint32 {
	all := make([]uint32, 0, len(b)/4)
	for ; len(b) >= 4; b = b[4:] {
		all = append(all, binary.BigEndian.Uint32(b))
	}
	return all
}

// Nearest implements cordon.TokenReader.
func (t *Tx) Nearest(asked [][]uint32, visible cordon.Visibility, limit int) ([][]cordon.Near, error) {
	if len(asked) == 0 || limit <= 0 {
		return make([][]cordon.Near, len(asked)), nil
	}
	index, err := t.terms()
	if err != nil {
		return nil, err
	}
	return index.Nearest(asked, visible, limit), nil
}

// Carrying implements cordon.TokenReader.
func (t *Tx) Carrying(asked []uint32, visible cordon.Visibility, most int) ([]cordon.TermHit, error) {
	if len(asked) == 0 || most <= 0 {
		return nil, nil
	}
	index, err := t.terms()
	if err != nil {
		return nil, err
	}
	return index.Carrying(asked, visible, most), nil
}

// foldTermsAt is how many changed reports a View looks up before it keeps what it read.
const foldTermsAt = 16

// terms is the index as of this transaction.
func (t *Tx) terms() (*terms.Index, error) {
	if t.d.Snapshot == "" || t.termsKept == nil {
		return t.allTerms()
	}
	if t.termsKnown == nil && !t.write {
		// Two that come first need not read everything twice, unless the second one's
		// snapshot is the older.
		t.termsKept.busy.Lock()
		defer t.termsKept.busy.Unlock()
		t.termsKnown = t.termsKept.known.Load()
	}
	known := t.termsKnown
	since := snapshot{next: 1 << 62}
	if known != nil {
		since = known.under
	}
	now, first, changed, err := t.changesSince(since, mostChanged)
	if err != nil {
		return nil, err
	}
	if known == nil || !known.fits(now, first) || len(changed) > mostChanged {
		index, err := t.allTerms()
		if err == nil && !t.write {
			t.termsKept.known.Store(&cachedTerms{index, now, first})
		}
		return index, err
	}
	if len(changed) == 0 {
		return known.index, nil
	}
	index, err := t.termsOver(known.index, changed)
	if err == nil && !t.write && len(changed) >= foldTermsAt {
		t.termsKept.known.Store(&cachedTerms{index, now, first})
	}
	return index, err
}

func (t *Tx) termsOver(index *terms.Index, changed []listing.Key) (*terms.Index, error) {
	ids := make([]cordon.ID, len(changed))
	for i, k := range changed {
		ids[i] = cordon.IDOf(k.ID)
	}
	ids = distinct(ids)
	rows, err := t.termRows(`WHERE portion_tokens.portion IN (SELECT p.id FROM portions p WHERE p.report @in($1) AND p.state = 'live')`, t.ids(ids))
	if err != nil {
		return nil, err
	}
	return index.Over(ids, rows), nil
}

// termsRead is how many portions' tokens are read at once.
const termsRead = 10_000

func (t *Tx) allTerms() (*terms.Index, error) {
	var all []terms.Row
	after := cordon.ID("")
	for {
		rows, err := t.termRows(`WHERE portion_tokens.portion > $1 AND portions.state = 'live' ORDER BY portion_tokens.portion LIMIT $2`, after, int64(termsRead))
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
		if len(rows) < termsRead {
			return terms.New(all), nil
		}
		after = rows[len(rows)-1].Portion
	}
}

func (t *Tx) termRows(where string, args ...any) ([]terms.Row, error) {
	scan := func(row scanner, r *terms.Row) error {
		var packed []byte
		err := row.Scan(&r.Portion, &r.Report, nil, nil, &packed, nil, &r.Rule)
		r.Terms = slices.Clip(unpackTerms(packed))
		return err
	}
	rows, _, err := findJoined(t, portionTokensTable, []string{"portions.rule"}, scan, `JOIN portions ON portions.id = portion_tokens.portion `+where, args...)
	return rows, err
}
