package sqltx

import (
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"strings"
	"sync"

	"cordon"
)

// setState is a set as its row says: how often it was changed, how many rows it has
// and the sum of their MACs.
type setState struct {
	generation int64
	rows       int64
	sum        sum
	ticked     int64 // the generation that the last tick commits to; see root.go
}

// use is a set that a transaction read or changed.
type use struct {
	log     bool
	changed bool
	// rests says that a decision rests on it as a head.
	rests bool
	// delta is what the transaction has added so far.
	delta setState
	// read are the states that the set must have had before the transaction, by
	// what was read of it.
	read []setState
	// base is its row, once it is loaded.
	base setState
}

// useOf is the use of a table's set.
func (t *Tx) useOf(tb *table, id string) *use {
	if t.sets == nil {
		t.sets = make(map[string]*use)
	}
	u := t.sets[id]
	if u == nil {
		u = &use{log: tb.log}
		t.sets[id] = u
	}
	return u
}

// gave notes that a row with that MAC was added to the table, and took that one was
// taken away.
func (t *Tx) gave(tb *table, r row, mac [32]byte) {
	if tb.set == nil {
		return
	}
	u := t.useOf(tb, tb.set(r))
	u.changed, u.delta.rows, u.delta.sum = true, u.delta.rows+1, u.delta.sum.plus(mac)
}

func (t *Tx) took(tb *table, r row, mac [32]byte) {
	if tb.set == nil {
		return
	}
	u := t.useOf(tb, tb.set(r))
	u.changed, u.delta.rows, u.delta.sum = true, u.delta.rows-1, u.delta.sum.minus(mac)
}

// whole notes that the rows with these MACs are all that the transaction found of the
// set. Whether they are all that there are is looked up when the transaction ends,
// before anything of it is answered.
func (t *Tx) whole(tb *table, id string, macs [][32]byte) {
	u := t.useOf(tb, id)
	s := setState{rows: int64(len(macs)) - u.delta.rows}
	for _, m := range macs {
		s.sum = s.sum.plus(m)
	}
	s.sum = s.sum.minus(u.delta.sum)
	u.read = append(u.read, s)
}

// checkWhole looks the set up and notes that it has to be whole; where is the
// condition that its rows, and no others, meet.
func (t *Tx) checkWhole(tb *table, id, where string, args ...any) error {
	macs, err := list(t, scanMAC, `SELECT mac FROM `+tb.name+` WHERE `+where, args...)
	if err == nil {
		t.whole(tb, id, macs)
	}
	return err
}

func scanMAC(row scanner, m *[32]byte) error {
	var b []byte
	err := row.Scan(&b)
	copy(m[:], b)
	return err
}

type storedSet struct {
	id  string
	mac []byte
	setState
}

func scanSet(row scanner, s *storedSet) error {
	var sum []byte
	err := row.Scan(&s.id, &s.generation, &s.rows, &sum, &s.mac, &s.ticked)
	copy(s.sum[:], sum)
	return err
}

const setColumns = `id, generation, size, sum, mac, ticked`

// settle holds what was read against the sets and, in an Update that goes on to
// commit, writes the sets that it changed.
func (t *Tx) settle(commit bool) error {
	if len(t.sets) == 0 {
		return nil
	}
	t.hang(commit)
	last := false // whether a View ends with the question for the sets
	for _, u := range t.sets {
		last = last || u.log
	}
	for _, log := range []bool{false, true} {
		query := t.conn.Query
		if !t.write && log == last {
			query = t.conn.QueryLast
		}
		if err := t.settleSets(query, log, commit); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) settleSets(query func(string, ...any) (Rows, error), log, commit bool) error {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(t.sets)) {
		if u := t.sets[id]; u.log == log && (len(u.read) > 0 || u.rests || u.changed && commit) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	table := (&table{log: log}).sets()
	found, err := listBy(t, query, scanSet, `SELECT `+setColumns+` FROM `+table+` WHERE id @in($1)`, t.d.Strings(ids))
	if err != nil {
		return err
	}
	for _, s := range found {
		if !equal(s.mac, t.m.set(s.id, s.setState)) {
			return t.unverified(s.id, "the set's row was changed")
		}
		t.sets[s.id].base = s.setState
	}
	var rows [][]any
	for _, id := range ids {
		u := t.sets[id]
		if u.base.generation < u.base.ticked || t.auth.seen.newer(id, u.base.generation, t.began) {
			return t.unverified(id, "the set was put back as it was before")
		}
		for _, r := range u.read {
			if r.rows != u.base.rows || r.sum != u.base.sum {
				return t.unverified(id, fmt.Sprintf("%d rows are found of %d, or others", r.rows, u.base.rows))
			}
		}
		if !u.changed || !commit {
			continue
		}
		next := setState{generation: u.base.generation + 1, rows: u.base.rows + u.delta.rows, sum: u.base.sum.plus(u.delta.sum), ticked: u.base.ticked}
		rows = append(rows, t.setRow(id, next))
		u.base = next
	}
	return t.putSets(table, rows)
}

func (t *Tx) setRow(id string, s setState) []any {
	mac := t.m.set(id, s)
	return []any{id, s.generation, s.rows, s.sum[:], mac[:], s.ticked}
}

func (t *Tx) putSets(table string, rows [][]any) error {
	// Those who decided on a head hold it while they commit.
	var held []cordon.ID
	for _, r := range rows {
		if id := r[0].(string); r[1] != int64(1) && table == stateSets && headOf(id) == id {
			held = append(held, cordon.ID(id))
		}
	}
	run := t.conn.Exec
	if len(held) > 0 {
		run = t.changing(held...)
	}
	_, err := t.insertBy(run, `(id) DO UPDATE SET generation = excluded.generation, size = excluded.size, sum = excluded.sum, mac = excluded.mac, ticked = excluded.ticked`,
		table, setColumns, rows)
	return err
}

// Committed says that the transaction's commit was acknowledged. From then on an
// older state of what it read or changed is one that was put back. Before, it could
// be one that a database which takes over has and the other had not.
func (t *Tx) Committed() {
	if t.write && len(t.sets)+len(t.held) > 0 {
		marks := slices.Grow(t.held, len(t.sets))
		for id, u := range t.sets {
			marks = append(marks, t.auth.seen.mark(id, u.base.generation, u.log))
		}
		t.auth.seen.raise(marks)
	}
	t.Ended()
}

// Ended says that a View has ended well.
func (t *Tx) Ended() {
	if len(t.ticked) > 0 {
		t.auth.seen.raise(t.ticked)
	}
}

// seenSets are the highest generations that this process knows to be committed: a
// hash and two numbers of each set. It is safe for concurrent use.
type seenSets struct {
	seed maphash.Seed
	mu   sync.Mutex // guards what follows
	at   map[uint64]seenSet
	now  int64 // counts what is committed
}

type seenSet struct {
	generation, since int64
	log               bool
}

// missing counts the sets of a table that were known at the moment and are not stored.
func (s *seenSets) missing(stored []storedSet, table string, moment int64) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	there := make(map[uint64]bool, len(stored))
	for _, set := range stored {
		there[maphash.String(s.seed, set.id)] = true
	}
	for key, seen := range s.at {
		if seen.since <= moment && seen.log == (table == logSets) && !there[key] {
			n++
		}
	}
	return n
}

// begin is a moment to hand to newer: one before the transaction's snapshot.
func (s *seenSets) begin() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// newer reports whether a higher generation of the set was known at the moment.
func (s *seenSets) newer(id string, generation, moment int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == nil {
		return false
	}
	seen := s.at[maphash.String(s.seed, id)]
	return seen.generation > generation && seen.since <= moment
}

// seenMark is a generation of a set to be remembered.
type seenMark struct {
	key        uint64
	generation int64
	log        bool
}

func (s *seenSets) mark(id string, generation int64, log bool) seenMark {
	return seenMark{maphash.String(s.seed, id), generation, log}
}

// raise remembers generations that are known to be committed.
func (s *seenSets) raise(marks []seenMark) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == nil {
		s.at = make(map[uint64]seenSet)
	}
	s.now++
	for _, m := range marks {
		if m.generation > s.at[m.key].generation {
			s.at[m.key] = seenSet{m.generation, s.now, m.log}
		}
	}
}

// find lists the rows of an authenticated table that meet the rest of a SELECT, which
// begins with WHERE or ORDER BY. Columns have the table's order; extra ones are
// appended and come from a JOIN in the rest. A row that does not verify spoils the
// transaction.
func find[T any](t *Tx, tb *table, scan func(scanner, *T) error, rest string, args ...any) ([]T, error) {
	all, _, err := findJoined(t, tb, nil, scan, rest, args...)
	return all, err
}

func findJoined[T any](t *Tx, tb *table, extra []string, scan func(scanner, *T) error, rest string, args ...any) ([]T, [][32]byte, error) {
	var macs [][32]byte
	read := func(from scanner, v *T) error {
		r, mac, err := t.verified(tb, from, len(extra))
		if err != nil {
			return err
		}
		macs = append(macs, mac)
		return scan(r, v)
	}
	all, err := list(t, read, selecting(tb, extra, rest), args...)
	return all, macs, err
}

func selecting(tb *table, extra []string, rest string) string {
	return `SELECT ` + strings.Join(append([]string{tb.list(tb.name + ".")}, extra...), ", ") + ` FROM ` + tb.name + ` ` + rest
}

// finding is what find asks the database for, to be asked ahead.
func (t *Tx) finding(tb *table, rest string, args ...any) Statement {
	return Statement{t.d.SQL(selecting(tb, nil, rest)), args}
}

// findSet is find of all rows of a set, and of no others.
func findSet[T any](t *Tx, tb *table, id string, scan func(scanner, *T) error, rest string, args ...any) ([]T, error) {
	all, macs, err := findJoined(t, tb, nil, scan, rest, args...)
	if err == nil {
		t.whole(tb, id, macs)
	}
	return all, err
}

// findOne is the first that find gives, or ErrNotFound.
func findOne[T any](t *Tx, tb *table, scan func(scanner, *T) error, rest string, args ...any) (T, error) {
	return first(find(t, tb, scan, rest, args...))
}

// findHead is the one row of a set that has no other.
func findHead[T any](t *Tx, tb *table, id string, scan func(scanner, *T) error, rest string, args ...any) (T, error) {
	return first(findSet(t, tb, id, scan, rest, args...))
}

// verified reads a row and checks its MAC. Values are given with the extra columns
// after the table's.
func (t *Tx) verified(tb *table, from scanner, extra int) (row, [32]byte, error) {
	n := len(tb.columns)
	values := make(row, n+1+extra)
	into := make([]any, len(values))
	for i := range values {
		into[i] = &values[i]
	}
	if err := from.Scan(into...); err != nil {
		return nil, [32]byte{}, err
	}
	stored, _ := values[n].([]byte)
	mac := t.m.row(tb, values[:n])
	if !equal(stored, mac) {
		return nil, mac, t.unverified(tb.name+"/"+keyText(tb, values), "the row was changed, or not written by this installation")
	}
	return append(values[:n], values[n+1:]...), mac, nil
}

func keyText(tb *table, r row) string {
	parts := make([]string, tb.key)
	for i := range parts {
		parts[i] = strings.ToValidUTF8(r.str(i), "?")
	}
	return strings.Join(parts, "/")
}

func scanRow(from scanner, r *row) error {
	*r = append(row(nil), from.(row)...)
	return nil
}

// save adds a row or replaces the one of the same key.
func (t *Tx) save(tb *table, values ...any) error {
	r := plainRow(values)
	old, macs, err := findJoined(t, tb, nil, scanRow, `WHERE `+tb.keyIs(1), r[:tb.key]...)
	if err != nil {
		return err
	}
	for i, o := range old {
		t.took(tb, o, macs[i])
	}
	mac := t.m.row(tb, r)
	args := append(slices.Clone([]any(r)), mac[:])
	if tb.held {
		_, err = t.alter(cordon.ID(r.str(0)), t.d.saveSQL(tb), args...)
	} else {
		_, err = t.exec(t.d.saveSQL(tb), args...)
	}
	if err == nil {
		t.gave(tb, r, mac)
	}
	return err
}

// addRows adds rows; those of a key that is there already are left out, and the
// number added is given. Where that is neither none nor all, the transaction is
// spoilt: nobody could say which.
func (t *Tx) addRows(tb *table, rows [][]any) (int64, error) {
	if len(rows) == 0 {
		return 0, nil
	}
	plainRows, macs := make([]row, len(rows)), make([][32]byte, len(rows))
	for i, values := range rows {
		plainRows[i] = plainRow(values)
		macs[i] = t.m.row(tb, plainRows[i])
		rows[i] = append(slices.Clone([]any(plainRows[i])), macs[i][:])
	}
	n, err := t.insert(tb.name, strings.Join(tb.columns, ", ")+", mac", rows)
	if err != nil || n == 0 {
		return n, err
	}
	if n != int64(len(rows)) {
		return n, t.spoil(conflict("part of this"))
	}
	for i, r := range plainRows {
		t.gave(tb, r, macs[i])
	}
	return n, nil
}

// addAll is addRows where a row that is there already is a Conflict.
func (t *Tx) addAll(what string, tb *table, rows [][]any) error {
	n, err := t.addRows(tb, rows)
	if err == nil && n != int64(len(rows)) {
		err = conflict(what)
	}
	return err
}

// addOne is addAll of one row.
func (t *Tx) addOne(what string, tb *table, values ...any) error {
	return t.addAll(what, tb, [][]any{values})
}

// changes are new values of columns.
type changes map[string]any

// amend changes columns of the rows that meet the condition, and gives how many
// there are.
func (t *Tx) amend(tb *table, to changes, where string, args ...any) (int64, error) {
	old, macs, err := findJoined(t, tb, nil, scanRow, `WHERE `+where, args...)
	if err != nil {
		return 0, err
	}
	for i, o := range old {
		r := slices.Clone(o)
		for name, v := range to {
			r[tb.column(name)] = plain(v)
		}
		mac := t.m.row(tb, r)
		t.took(tb, o, macs[i])
		t.gave(tb, r, mac)
		values := append(slices.Clone([]any(r[:tb.key])), mac[:])
		set := fmt.Sprintf(`mac = $%d`, len(values))
		for _, name := range slices.Sorted(maps.Keys(to)) {
			values = append(values, r[tb.column(name)])
			set += fmt.Sprintf(`, %s = $%d`, name, len(values))
		}
		if _, err := t.exec(`UPDATE `+tb.name+` SET `+set+` WHERE `+tb.keyIs(1), values...); err != nil {
			return 0, err
		}
	}
	return int64(len(old)), nil
}

// amendOne is amend where no such row is ErrNotFound.
func (t *Tx) amendOne(tb *table, to changes, where string, args ...any) error {
	return atLeastOne(t.amend(tb, to, where, args...))
}

// remove takes away the rows that meet the condition, and gives how many there were.
func (t *Tx) remove(tb *table, where string, args ...any) (int64, error) {
	old, macs, err := findJoined(t, tb, nil, scanRow, `WHERE `+where, args...)
	if err != nil || len(old) == 0 {
		return 0, err
	}
	for i, o := range old {
		t.took(tb, o, macs[i])
	}
	return t.exec(`DELETE FROM `+tb.name+` WHERE `+where, args...)
}

// removeOne is remove where no such row is ErrNotFound.
func (t *Tx) removeOne(tb *table, where string, args ...any) error {
	return atLeastOne(t.remove(tb, where, args...))
}

func first[T any](all []T, err error) (T, error) {
	if err != nil || len(all) == 0 {
		var none T
		if err == nil {
			err = cordon.ErrNotFound
		}
		return none, err
	}
	return all[0], nil
}

// setOf names the set of a table's one row of that id.
func setOf(tb *table, id cordon.ID) string { return tb.name + "/" + string(id) }
