package sqltx

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"cordon"
	"cordon/internal/store/listing"
)

// A store keeps in memory which reports are under which rules (package
// listing), and no transaction may read from that what it would not read from
// the database. How it does not:
//
// A transaction that changes report_rules also writes into report_changes which
// report it was, with a rising number for the transaction (PostgreSQL's own number
// of it; in SQLite, which has one writer, one more than the highest). The cached
// listing was read in one View and carries that View's snapshot: which numbers it
// had seen. A transaction that uses the listing reads, from its own snapshot, the
// changes that the View had not seen, its own among them, and looks the reports
// they name up in report_rules. So its answer is that of its own snapshot, by way
// of two indexes and a few rows. A change says only "look again", so one that is
// read twice, or that is known already, does no harm.
//
// Three things are checked: the listing is not ahead of the transaction's snapshot,
// as it is when the snapshot is older; no change that is needed has been cleared
// away; and both are of one run of one server, since a standby that takes over may
// lack the last transactions and give their numbers again. Where one of them does
// not hold, and where nothing is cached yet, the database is asked, which takes
// longer.
//
// A serialisable transaction reads report_changes from the first number it has not
// seen on, so that PostgreSQL knows it to depend on all later changes.

// ListingCache is what one store keeps. The zero value is not ready for use.
type ListingCache struct {
	view  func(context.Context, func(cordon.ReadTx) error) error
	clear func(context.Context, func(cordon.WriteTx) error) error
	known atomic.Pointer[CachedListing]
	unfit atomic.Bool // something stored does not fit an index

	ctx    context.Context // of what goes on in the background
	cancel context.CancelFunc
	mu     sync.Mutex // guards closed, and the start of what is waited for
	closed bool
	begun  sync.WaitGroup
	busy   sync.Mutex // held while the listing is renewed
	folded int        // changes taken in since the log was last shortened
}

// CachedListing is the listing as it was at one moment. It never changes.
type CachedListing struct {
	index *listing.Index
	under snapshot
	first int64 // the lowest number there was in report_changes
}

// NewListingCache makes an empty cache for a store's View and Update.
func NewListingCache(view func(context.Context, func(cordon.ReadTx) error) error, update func(context.Context, func(cordon.WriteTx) error) error) *ListingCache {
	ctx, cancel := context.WithCancel(context.Background())
	return &ListingCache{view: view, clear: update, ctx: ctx, cancel: cancel}
}

// Known is the listing as it is cached now; nil for none. A transaction is given
// the one that was cached before it took its snapshot.
func (k *ListingCache) Known() *CachedListing { return k.known.Load() }

// Close ends what goes on in the background and waits for it. It comes before
// the store's own closing.
func (k *ListingCache) Close() {
	k.mu.Lock()
	k.closed = true
	k.mu.Unlock()
	k.cancel()
	k.begun.Wait()
}

// Refresh renews the listing and waits until that is done.
func (k *ListingCache) Refresh(ctx context.Context) error {
	k.busy.Lock()
	defer k.busy.Unlock()
	return k.renew(ctx)
}

// wake renews the listing in the background, unless that is under way. If it fails,
// the next transaction that needs it wakes it again.
func (k *ListingCache) wake() {
	if k.unfit.Load() || !k.busy.TryLock() {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		k.busy.Unlock()
		return
	}
	k.begun.Go(func() {
		defer k.busy.Unlock()
		_ = k.renew(k.ctx)
	})
}

const (
	// foldAt is how many changed reports a transaction reads before it has
	// them taken into what is known.
	foldAt = 32
	// mostChanged is how many a transaction looks up at all.
	mostChanged = 1024
	// shortenAt is after how many changes the log is shortened, and
	// shortenTo how many of them stay, for nodes that are behind.
	shortenAt, shortenTo = 60_000, 20_000
	// shortenBy is how many are cleared away in one transaction.
	shortenBy = 2_000
)

var errUnfit = cordon.Errorf(cordon.KindInternal, "a report does not fit the index")

func (k *ListingCache) renew(ctx context.Context) error {
	var fresh *CachedListing
	err := k.view(ctx, func(tx cordon.ReadTx) (err error) {
		fresh, err = tx.(*Tx).renewed(k.Known())
		return err
	})
	if errors.Is(err, errUnfit) {
		k.unfit.Store(true)
		k.known.Store(nil)
	}
	if err != nil || fresh == nil {
		return err
	}
	if old := k.Known(); old != nil {
		k.folded += max(0, fresh.taken(old))
	}
	k.known.Store(fresh)
	if k.folded < shortenAt {
		return nil
	}
	k.folded = 0
	return k.shorten(ctx, fresh.under.least())
}

// taken is about how many transactions' changes are known that were not.
func (n *CachedListing) taken(old *CachedListing) int { return int(n.under.next - old.under.next) }

// shorten clears away the oldest changes below a number that everybody has
// passed, all but shortenTo of them.
func (k *ListingCache) shorten(ctx context.Context, below int64) error {
	for {
		cut := false
		err := k.clear(ctx, func(tx cordon.WriteTx) (err error) {
			cut, err = tx.(*Tx).shorten(below)
			return err
		})
		if err != nil || !cut {
			return err
		}
	}
}

// shorten clears some changes away, if there are more than are to stay.
func (t *Tx) shorten(below int64) (bool, error) {
	keep, err := one(t, scanInt, `SELECT at FROM report_changes WHERE at < $1 ORDER BY at DESC LIMIT 1 OFFSET $2`,
		below, int64(shortenTo))
	if isNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	upTo, err := one(t, scanInt, `SELECT at FROM report_changes WHERE at < $1 ORDER BY at LIMIT 1 OFFSET $2`, keep, int64(shortenBy))
	if err != nil && !isNotFound(err) {
		return false, err
	}
	more := err == nil
	if !more {
		upTo = keep
	}
	n, err := t.exec(`DELETE FROM report_changes WHERE at < $1`, upTo)
	return more && n > 0, err
}

// snapshot is which transactions' changes were seen.
type snapshot struct {
	server string  // which run of which server; empty where there is one
	next   int64   // no number from here on
	open   []int64 // nor any of these
}

// parseSnapshot reads "lowest:next:open,open server".
func parseSnapshot(text string) (snapshot, error) {
	var s snapshot
	numbers, server, _ := strings.Cut(text, " ")
	s.server = server
	parts := strings.Split(numbers, ":")
	if len(parts) != 3 {
		return s, fmt.Errorf("a snapshot reads %q", text)
	}
	var err error
	if s.next, err = strconv.ParseInt(parts[1], 10, 64); err != nil {
		return s, err
	}
	for open := range strings.SplitSeq(parts[2], ",") {
		if open == "" {
			continue
		}
		n, err := strconv.ParseInt(open, 10, 64)
		if err != nil {
			return s, err
		}
		s.open = append(s.open, n)
	}
	return s, nil
}

// least is the number below which everything was seen.
func (s snapshot) least() int64 {
	if len(s.open) == 0 {
		return s.next
	}
	return min(s.next, slices.Min(s.open))
}

func (s snapshot) saw(at int64) bool { return at < s.next && !slices.Contains(s.open, at) }

// within reports whether everything that s saw was seen by the other too.
func (s snapshot) within(other snapshot) bool {
	if s.server != other.server || s.next > other.next {
		return false
	}
	return !slices.ContainsFunc(other.open, s.saw)
}

// change is a row of report_changes or, numbered 0, the lowest number and the
// transaction's snapshot.
type change struct {
	kind     int64
	at       int64
	place    []byte
	snapshot *string
}

// changesSince lists what s had not seen, at most limit of it and one more.
func (t *Tx) changesSince(s snapshot, limit int) (now snapshot, first int64, changed []listing.Key, err error) {
	scan := func(row scanner, c *change) error { return row.Scan(&c.kind, &c.at, &c.place, &c.snapshot) }
	rows, err := list(t, scan, `SELECT 0, (SELECT min(at) FROM report_changes), NULL, `+t.d.Snapshot+`
		UNION ALL SELECT 1, at, place, NULL FROM (SELECT at, place FROM report_changes WHERE at >= $1 ORDER BY at LIMIT $3) fresh
		UNION ALL SELECT 1, at, place, NULL FROM report_changes WHERE at @in($2)`,
		s.next, t.d.Numbers(s.open), int64(limit)+1)
	if err != nil {
		return now, 0, nil, err
	}
	for _, c := range rows {
		if c.kind == 0 {
			if c.snapshot == nil {
				return now, 0, nil, t.spoil(errors.New("no snapshot"))
			}
			if now, err = parseSnapshot(*c.snapshot); err != nil {
				return now, 0, nil, t.spoil(err)
			}
			first = c.at
			continue
		}
		if len(c.place) == 0 {
			continue
		}
		key, ok := keyOf(c.place)
		if !ok {
			return now, 0, nil, errUnfit
		}
		changed = append(changed, key)
	}
	return now, first, changed, nil
}

// keyOf is the key of a place, and placeOf the other way round.
func keyOf(p []byte) (k listing.Key, ok bool) {
	if len(p) <= placeBytes {
		return k, false
	}
	k.At = placeAt(p)
	k.ID, ok = placeID(p).Bytes()
	return k, ok
}

func placeOf(k listing.Key) []byte { return placeFrom(k.At, cordon.IDOf(k.ID)) }

// fits reports whether what is known is none of what the transaction's
// snapshot lacks, and whether all that it lacks itself is still there.
func (n *CachedListing) fits(now snapshot, first int64) bool {
	return n.under.within(now) && (first == n.first || first <= n.under.least())
}

// listing is the index as of this transaction; nil where the database has to
// be asked.
func (t *Tx) listing() (*listing.Index, error) {
	if t.d.Snapshot == "" || t.kept == nil || t.kept.unfit.Load() {
		return nil, nil
	}
	if t.known == nil {
		t.kept.wake()
		return nil, nil
	}
	if t.index != nil {
		return t.index, nil
	}
	now, first, changed, err := t.changesSince(t.known.under, mostChanged)
	if errors.Is(err, errUnfit) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if len(changed) >= foldAt || !t.known.fits(now, first) {
		t.kept.wake()
	}
	if len(changed) > mostChanged || !t.known.fits(now, first) {
		return nil, nil
	}
	index, err := t.over(t.known.index, changed)
	if errors.Is(err, errUnfit) {
		return nil, nil
	}
	t.index = index
	return index, err
}

// over is the index with the reports that have changed looked up again.
func (t *Tx) over(index *listing.Index, changed []listing.Key) (*listing.Index, error) {
	if len(changed) == 0 {
		return index, nil
	}
	ids := make([]cordon.ID, len(changed))
	for i, k := range changed {
		ids[i] = cordon.IDOf(k.ID)
	}
	rows, err := t.listingRows(`SELECT place, rule, live FROM report_rules WHERE report @in($1)`, t.ids(ids))
	if err != nil {
		return nil, err
	}
	return index.Over(changed, rows), nil
}

func (t *Tx) listingRows(statement string, args ...any) ([]listing.Row, error) {
	unfit := false
	var place []byte
	scan := func(row scanner, r *listing.Row) error {
		if err := row.Scan(&place, &r.Rule, &r.Live); err != nil {
			return err
		}
		var ok bool
		if r.Key, ok = keyOf(place); !ok || r.Live < 1 || r.Live > listing.MaxLive {
			unfit = true
		}
		return nil
	}
	rows, err := list(t, scan, statement, args...)
	if err == nil && unfit {
		err = errUnfit
	}
	return rows, err
}

// renewed is what is known, as of this View; nil if that is the same.
func (t *Tx) renewed(known *CachedListing) (*CachedListing, error) {
	if t.d.Snapshot == "" {
		return nil, nil
	}
	if known != nil {
		now, first, changed, err := t.changesSince(known.under, 64*mostChanged)
		if err != nil {
			return nil, err
		}
		if known.fits(now, first) && len(changed) <= 64*mostChanged {
			if len(changed) == 0 {
				return nil, nil
			}
			index, err := t.over(known.index, changed)
			if err != nil {
				return nil, err
			}
			return &CachedListing{index.Compact(), now, first}, nil
		}
	}
	now, first, _, err := t.changesSince(snapshot{next: 1 << 62}, 0)
	if err != nil {
		return nil, err
	}
	rows, err := t.listingRows(`SELECT place, rule, live FROM report_rules`)
	if err != nil {
		return nil, err
	}
	return &CachedListing{listing.New(rows), now, first}, nil
}

// changed notes that report_rules has changed for the reports, once for each.
func (t *Tx) changed(places ...[]byte) error {
	t.index = nil
	if t.d.Number == "" {
		return nil
	}
	for _, p := range places {
		if t.noted[string(p)] {
			continue
		}
		if err := t.put(`INSERT INTO report_changes (at, place) VALUES (`+t.d.Number+`, $1) ON CONFLICT DO NOTHING`, p); err != nil {
			return err
		}
		if t.noted == nil {
			t.noted = map[string]bool{}
		}
		t.noted[string(p)] = true
	}
	return nil
}

// inOrder is the rules ascending, each once.
func inOrder(rules []cordon.RuleNo) []cordon.RuleNo {
	for i := 1; i < len(rules); i++ {
		if rules[i] <= rules[i-1] {
			return distinct(rules)
		}
	}
	return rules
}

// grantedPortion is a live portion that was granted.
type grantedPortion struct {
	rule  cordon.RuleNo
	place []byte // of its report
}

// grantedLive lists those of the granted portions that are live, each once.
func (t *Tx) grantedLive(granted []cordon.ID) ([]grantedPortion, error) {
	if len(granted) == 0 {
		return nil, nil
	}
	scan := func(row scanner, g *grantedPortion) error {
		var r cordon.Report
		if err := row.Scan(&g.rule, &r.ID, instant{&r.Created}); err != nil {
			return err
		}
		g.place = place(r.Created, r.ID)
		return nil
	}
	return list(t, scan, `SELECT rule, report, created FROM portions WHERE id @in($1) AND state = 'live'`, t.ids(granted))
}

// Count implements cordon.ReportReader.
func (t *Tx) Count(visible cordon.Visibility) (cordon.Counts, error) {
	rules := inOrder(visible.Rules)
	index, err := t.listing()
	if err != nil {
		return cordon.Counts{}, err
	}
	granted, err := t.grantedLive(visible.Granted)
	if err != nil {
		return cordon.Counts{}, err
	}
	var n cordon.Counts
	if index != nil {
		n.Reports, n.Portions = index.Count(rules)
	} else if len(rules) > 0 {
		scan := func(row scanner, n *cordon.Counts) error { return row.Scan(&n.Reports, &n.Portions) }
		if n, err = one(t, scan, `SELECT count(DISTINCT place), CAST(coalesce(sum(live), 0) AS BIGINT)
			FROM report_rules WHERE rule @in($1)`, t.nos(rules)); err != nil {
			return n, err
		}
	}
	besides := map[string]bool{}
	for _, g := range granted {
		if _, in := slices.BinarySearch(rules, g.rule); in {
			continue
		}
		n.Portions++
		besides[string(g.place)] = true
	}
	for p := range besides {
		seen, err := t.seesReport(index, []byte(p), rules)
		if err != nil {
			return n, err
		}
		if !seen {
			n.Reports++
		}
	}
	return n, nil
}

// seesReport reports whether something live in the report is under one of the
// rules.
func (t *Tx) seesReport(index *listing.Index, place []byte, rules []cordon.RuleNo) (bool, error) {
	if index != nil {
		if key, ok := keyOf(place); ok {
			return index.Sees(key, rules), nil
		}
	}
	under, err := t.PortionRules(placeID(place))
	return slices.ContainsFunc(under, func(no cordon.RuleNo) bool {
		_, in := slices.BinarySearch(rules, no)
		return in
	}), err
}

// newestReports gives the places of the newest reports under the rules that
// are below a place, at most limit of them.
func (t *Tx) newestReports(rules []cordon.RuleNo, after cordon.Cursor, limit int) ([][]byte, error) {
	index, err := t.listing()
	if err != nil {
		return nil, err
	}
	if index == nil {
		return t.newest(reportList, nil, rules, before(after), limit)
	}
	var from *listing.Key
	if after != (cordon.Cursor{}) {
		key, ok := keyOf(place(after.Created, after.ID))
		if !ok {
			return t.newest(reportList, nil, rules, before(after), limit)
		}
		from = &key
	}
	keys := index.Page(inOrder(rules), from, limit)
	places := make([][]byte, len(keys))
	for i, k := range keys {
		places[i] = placeOf(k)
	}
	return places, nil
}
