package sqltx

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"cordon"
	"cordon/internal/store/dump"
)

// A dump of the store has every table but report_changes, whose numbers are those of one
// database's transactions, in an order in which what is referred to comes first. MACs
// and sums do not depend on the engine, and are carried as they are.

// plainTables are the tables whose rows carry no MAC: the sets, the ledger, which proves
// itself, and what follows from other rows and is compared with them.
var plainTables = []*table{
	{name: "search_tokens", columns: columns(`token, rule, place`)},
	{name: "fingerprints", columns: columns(`print, portion`)},
	{name: "grant_portions", columns: columns(`portion, grant_id`)},
	{name: "request_portions", columns: columns(`portion, request`)},
	{name: stateSets, columns: columns(setColumns)},
	{name: logSets, columns: columns(setColumns)},
	{name: "state_root", columns: columns(`one, sum`)},
	{name: "ledger_head", columns: columns(`one, size, checkpoint`)},
	{name: "ledger_pending", columns: columns(`at, n, id, entry`)},
	{name: "ledger_leaves", columns: columns(`place, entry`)},
	{name: "ledger_feeds", columns: columns(feedHeadColumns)},
	{name: "ledger_ticks", columns: columns(`idx, number, at, slots, state, secret`)},
	{name: "ledger_sizes", columns: columns(`feed, tick, size`)},
	{name: "ledger_hashes", columns: columns(`idx, hash`)},
}

// dumped is a table as it stands in a dump; the MAC is the last column.
type dumped struct {
	*table
	columns []string
	signed  bool
}

func dumpedTables() []dumped {
	var all []dumped
	for _, tb := range authenticated() {
		all = append(all, dumped{tb, append(tb.columns[:len(tb.columns):len(tb.columns)], "mac"), true})
	}
	for _, tb := range plainTables {
		all = append(all, dumped{tb, tb.columns, false})
	}
	return all
}

// dumpHead is the head of a dump, of which a MAC follows it: another root key is told
// at once.
type dumpHead struct {
	cordon.DumpHead
	MAC []byte `json:"mac"`
}

func (m *mac) dumpHead(h cordon.DumpHead) [32]byte {
	b, err := json.Marshal(h)
	if err != nil {
		panic("sqltx: the head of a dump always encodes: " + err.Error())
	}
	return m.of(append([]byte("dump head "), b...))
}

func (m *mac) dumpEnd(digest [32]byte) [32]byte { return m.of(append([]byte("dump "), digest[:]...)) }

// Dump implements cordon.StateReader.
func (t *Tx) Dump(to io.Writer, head cordon.DumpHead) (rows int64, err error) {
	head.Schema = Version()
	if head.Size, head.Checkpoint, err = t.Tree(); err != nil {
		return 0, err
	}
	sum := t.m.dumpHead(head)
	text, err := json.Marshal(dumpHead{head, sum[:]})
	if err != nil {
		return 0, err
	}
	w := dump.NewWriter(to, text, t.m.dumpEnd)
	check := dumpCheck{m: &t.m}
	for _, tb := range dumpedTables() {
		if err := w.Table(tb.name, tb.columns); err != nil {
			return 0, err
		}
		var failed error
		err := t.visitUntil(`SELECT `+strings.Join(tb.columns, ", ")+` FROM `+tb.name, len(tb.columns), func(r row) bool {
			if failed = check.row(tb, r); failed == nil {
				failed = w.Row(r)
			}
			return failed == nil
		})
		if failed != nil {
			return 0, failed
		}
		if err != nil {
			return 0, err
		}
	}
	if err := check.end(); err != nil {
		return 0, err
	}
	return w.Close()
}

// Load implements cordon.StateWriter.
func (t *Tx) Load(from io.Reader) (head cordon.DumpHead, rows int64, err error) {
	if err := t.checkEmpty(); err != nil {
		return head, 0, err
	}
	if err := t.put(`DELETE FROM ledger_head`); err != nil {
		return head, 0, err
	}
	return readDump(from, &t.m, func(tb dumped) (func([]any) error, func() error) {
		list := strings.Join(tb.columns, ", ")
		if tb.held {
			list += ", generation"
		}
		var batch [][]any
		size := 0
		flush := func() error {
			err := t.insertAll("a row of the table "+tb.name, tb.name, list, batch)
			batch, size = batch[:0], 0
			return err
		}
		return func(r []any) error {
			for _, v := range r {
				switch v := v.(type) {
				case string:
					size += len(v)
				case []byte:
					size += len(v)
				}
			}
			if tb.held {
				r = append(r, int64(0))
			}
			if batch = append(batch, r); len(batch) < rowBatch && size < loadBatch {
				return nil
			}
			return flush()
		}, flush
	})
}

// loadBatch is how many bytes of rows are gathered before they are added.
const loadBatch = 4 << 20

// checkEmpty refuses a database in which anything is kept.
func (t *Tx) checkEmpty() error {
	for _, tb := range dumpedTables() {
		where := ""
		if tb.name == "ledger_head" {
			where = " WHERE size > 0" // its one row is there from the start
		}
		n, err := one(t, scanInt, `SELECT count(*) FROM (SELECT 1 FROM `+tb.name+where+` LIMIT 1) found`)
		if err != nil {
			return err
		}
		if n > 0 {
			return cordon.Errorf(cordon.KindConflict, "there is something in this database already (in the table %s): give an empty one", tb.name)
		}
	}
	return nil
}

// ErrOtherKey is the cause where a dump was made with another key.
var ErrOtherKey = errors.New("another key")

// CheckDump reads a dump through. With a key every row, set and sum is held against it
// and what the ledger's last tick commits to; without one the dump is held against its
// digest only, which anybody can make.
func CheckDump(from io.Reader, key *[32]byte) (head cordon.DumpHead, rows int64, err error) {
	var m *mac
	if key != nil {
		keyed := NewAuthenticator(*key).mac()
		m = &keyed
	}
	return readDump(from, m, func(dumped) (func([]any) error, func() error) {
		return func([]any) error { return nil }, func() error { return nil }
	})
}

// readDump reads a dump, holds it against the key where there is one, and gives each
// row to what table makes, which ends with the other function.
func readDump(from io.Reader, m *mac, table func(dumped) (each func([]any) error, end func() error)) (none cordon.DumpHead, rows int64, err error) {
	r, text, err := dump.NewReader(from)
	if err != nil {
		return none, 0, err
	}
	var head dumpHead
	if err := json.Unmarshal(text, &head); err != nil {
		return none, 0, cordon.Errorf(cordon.KindInvalid, "the head of this copy cannot be read").Because(err)
	}
	if m != nil && !equal(head.MAC, m.dumpHead(head.DumpHead)) {
		return none, 0, cordon.Errorf(cordon.KindInvalid, "this root key is not the one of the installation that was copied: give the key file that was made with it").Because(ErrOtherKey)
	}
	switch {
	case head.Schema < Version():
		return none, 0, cordon.Errorf(cordon.KindInvalid, "this copy was made by an older Cordon (schema %d, this one has %d): restore it with the Cordon that made it, and then run cordon upgrade",
			head.Schema, Version())
	case head.Schema > Version():
		return none, 0, cordon.Errorf(cordon.KindInvalid, "this copy was made by a newer Cordon (schema %d, this one knows %d): use that one", head.Schema, Version())
	}
	check := dumpCheck{m: m}
	for _, tb := range dumpedTables() {
		each, end := table(tb)
		err := r.Table(tb.name, tb.columns, func(values []any) error {
			if err := check.row(tb, values); err != nil {
				return err
			}
			return each(values)
		})
		if err == nil {
			err = end()
		}
		if err != nil {
			return none, 0, err
		}
	}
	rows, digest, sum, err := r.Close()
	if err != nil {
		return none, 0, err
	}
	if m != nil && !equal(sum[:], m.dumpEnd(digest)) {
		return none, 0, cordon.Errorf(cordon.KindInvalid, "this copy was altered by somebody who has not the root key")
	}
	return head.DumpHead, rows, check.end()
}

// dumpCheck holds what is dumped or loaded against the key, in memory that does not grow
// with it: each row and each set against its MAC, the sum of all rows against the sum
// of all sets, and the generations of the sets against the ledger's last tick. Without
// a key it checks nothing.
type dumpCheck struct {
	m *mac
	// rows and sets are what rows add up to and what the sets say, by the table of
	// the sets.
	rows, sets map[string]setState
	root       sum
	kept       []byte // the row of state_root
	last       rootTick
	idx        int64 // the place of last
}

func (c *dumpCheck) row(tb dumped, values []any) error {
	if c.m == nil {
		return nil
	}
	if c.rows == nil {
		c.rows, c.sets = make(map[string]setState), make(map[string]setState)
	}
	add := func(to map[string]setState, table string, rows int64, n sum) {
		s := to[table]
		to[table] = setState{rows: s.rows + rows, sum: s.sum.plus(n)}
	}
	if tb.signed {
		n := len(values) - 1
		stored, _ := values[n].([]byte)
		mac := c.m.row(tb.table, values[:n])
		if !equal(stored, mac) {
			return foreign(tb.name+"/"+keyText(tb.table, values), "the row was changed, or not written by this installation")
		}
		if tb.set != nil {
			add(c.rows, tb.sets(), 1, mac)
		}
		return nil
	}
	switch tb.name {
	case stateSets, logSets:
		var s storedSet
		if err := scanSet(row(values), &s); err != nil {
			return foreign(tb.name, "a set's row cannot be read")
		}
		if !equal(s.mac, c.m.set(s.id, s.setState)) || s.generation < s.ticked {
			return foreign(s.id, "the set's row was changed, or put back as it was before the last tick")
		}
		add(c.sets, tb.name, s.rows, s.sum)
		c.root = c.root.plus(c.m.rootOf(s.id, s.ticked))
	case "state_root":
		c.kept, _ = values[1].([]byte)
	case "ledger_ticks":
		idx, _ := values[0].(int64)
		if idx < c.idx {
			return nil
		}
		number, _ := values[1].(int64)
		state, _ := values[4].([]byte)
		c.idx, c.last = idx, rootTick{number: number}
		copy(c.last.root[:], state)
	}
	return nil
}

// end is called after the last row.
func (c *dumpCheck) end() error {
	if c.m == nil {
		return nil
	}
	for _, table := range []string{stateSets, logSets} {
		if c.rows[table] != c.sets[table] {
			return foreign(table, fmt.Sprintf("the sets have %d rows, and there are %d, or others", c.sets[table].rows, c.rows[table].rows))
		}
	}
	if len(c.kept) > 0 && !bytes.Equal(c.kept, c.root[:]) || !c.last.has(c.m, c.root) {
		return foreign("state_root", "the last tick of the ledger commits to other sets")
	}
	return nil
}

// foreign is the error of what this installation has not written, or not last.
func foreign(what, why string) error {
	return cordon.Errorf(cordon.KindInvalid, "something else has written to this database: %s: %s", what, why).Because(&cordon.Unverified{What: what, Why: why})
}

// visitUntil is visit for as long as fn says so.
func (t *Tx) visitUntil(statement string, columns int, fn func(row) bool) error {
	if err := t.Err(); err != nil {
		return err
	}
	rows, err := t.conn.Query(t.d.SQL(statement))
	if err != nil {
		return t.spoil(err)
	}
	defer rows.Close()
	for count := 1; rows.Next(); count++ {
		values, into := make(row, columns), make([]any, columns)
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return t.spoil(err)
		}
		if !fn(values) {
			return nil
		}
		if count%1024 == 0 && t.Err() != nil {
			return t.err
		}
	}
	if err := rows.Err(); err != nil {
		return t.spoil(err)
	}
	return nil
}
