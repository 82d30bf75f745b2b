package sqltx

import (
	"maps"
	"slices"
	"strings"

	"cordon"
)

// A head is the set on which others hang: a person with the groups they are in, an
// organisation with the grants to it and its groups, a report with its portions. Every
// change of a set raises its head's generation too, so that a few heads stand for all
// that was read. Whatever hangs on nothing is its own head.
//
// An act that decided in a Decide holds its heads while it commits and compares their
// generations. PostgreSQL locks their rows FOR SHARE in the order of their names; an
// Update changes them as the last thing it does before its COMMIT, in the same order.
// SQLite has one writer.

// headOf is the head of a set; empty for a set that nobody holds.
func headOf(set string) string {
	table, of, _ := strings.Cut(set, "/")
	first, under, hangs := strings.Cut(of, "/")
	switch table {
	case "owner_keys":
		return "" // written once and never changed
	case "tokens", "grants":
		if hangs && under == "revoked" {
			return "" // decides nothing any more
		}
	}
	switch table {
	case "group_members":
		return peopleTable.name + "/" + of
	case "grants", "groups":
		return organisationsTable.name + "/" + of
	case "report_rules", "portions":
		return reportsTable.name + "/" + first
	}
	return set
}

// heads are the generations of the heads that a transaction read, by their names; 0
// where there is none of that name. Marks are those of all sets that it read.
type heads struct {
	at    map[string]int64
	marks []seenMark
}

// rest notes that what the transaction decides rests on the head, though no set under
// it was read whole.
func (t *Tx) rest(tb *table, id cordon.ID) {
	if t.decides {
		t.useOf(tb, setOf(tb, id)).rests = true
	}
}

// restOn is rest on the reports of the portions.
func (t *Tx) restOn(portions []cordon.Portion) {
	for _, p := range portions {
		t.rest(reportsTable, p.Report)
	}
}

// touchHead raises the generation of a head of which no row changes.
func (t *Tx) touchHead(tb *table, id cordon.ID) { t.useOf(tb, setOf(tb, id)).changed = true }

// hang has the heads of the sets that were read be looked up with them, and those of
// the sets that were changed be raised with them.
func (t *Tx) hang(commit bool) {
	for id, u := range t.sets { // a head that is added meanwhile hangs on nothing
		if u.log {
			continue
		}
		head := headOf(id)
		if head == "" || head == id {
			continue
		}
		if u.changed && commit {
			t.headUse(head).changed = true
		}
		if t.decides && len(u.read) > 0 {
			t.headUse(head).rests = true
		}
	}
}

func (t *Tx) headUse(head string) *use {
	u := t.sets[head]
	if u == nil {
		u = &use{}
		t.sets[head] = u
	}
	return u
}

// Basis is what a transaction that decided rests on, once it has ended well.
func (t *Tx) Basis() cordon.Basis {
	h := heads{at: make(map[string]int64)}
	for id, u := range t.sets {
		if u.log || len(u.read) == 0 && !u.rests {
			continue
		}
		h.marks = append(h.marks, t.auth.seen.mark(id, u.base.generation, false))
		if head := headOf(id); head == id {
			h.at[id] = u.base.generation
		}
	}
	return cordon.Basis{Heads: h}
}

// Hold holds the heads of the basis against change until the transaction ends, and is
// ErrChanged where one of them has changed. It is the first thing that a transaction
// does.
func (t *Tx) Hold(on cordon.Basis) error {
	h, ok := on.Heads.(heads)
	if !ok || len(h.at) == 0 {
		return nil
	}
	if err := t.Err(); err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(h.at))
	if err := t.holdingAll(names); err != nil {
		return err
	}
	found, err := list(t, scanSet, `SELECT `+setColumns+` FROM `+stateSets+` WHERE id @in($1) ORDER BY id`+t.d.ByBytes+t.d.HoldShare, t.d.Strings(names))
	if err != nil {
		return err
	}
	if err := t.holdingAll(names); err != nil { // known only now, where it began with this
		return err
	}
	now := make(map[string]int64, len(found))
	for _, s := range found {
		if !equal(s.mac, t.m.set(s.id, s.setState)) {
			return t.unverified(s.id, "the set's row was changed")
		}
		now[s.id] = s.generation
	}
	for name, generation := range h.at {
		if now[name] != generation {
			return cordon.ErrChanged
		}
	}
	t.held = h.marks
	return nil
}

func (t *Tx) holdingAll(names []string) error {
	for _, name := range names {
		if err := t.holding(cordon.ID(name)); err != nil {
			return err
		}
	}
	return nil
}

// LogStatements are what WriteLog does, to be run at once. They are for a log without
// steps; a row that is there already makes them fail.
func (t *Tx) LogStatements(log cordon.Log) []Statement {
	var all []Statement
	for part := range slices.Chunk(log.Entries, rowBatch) {
		s := Statement{SQL: t.d.insertSQL("ledger_pending", "at, n, id, entry", len(part), "")}
		for _, e := range part {
			s.Args = append(s.Args, micros(e.At), t.next(), e.ID, asJSON(e))
		}
		all = append(all, s)
	}
	columns := strings.Join(renditionsTable.columns, ", ") + ", mac"
	for part := range slices.Chunk(log.Renditions, rowBatch) {
		s := Statement{SQL: t.d.insertSQL(renditionsTable.name, columns, len(part), "")}
		for _, r := range part {
			row := plainRow(t.renditionRow(r))
			mac := t.m.row(renditionsTable, row)
			s.Args = append(append(s.Args, row...), mac[:])
		}
		all = append(all, s)
	}
	return all
}

// WriteLog writes what an act that changed nothing writes down, many rows with one
// statement. An arrangement's step changes a set: whoever calls it sees to it that no
// other does at the same time.
func (t *Tx) WriteLog(log cordon.Log) error {
	entries := make([][]any, len(log.Entries))
	for i, e := range log.Entries {
		entries[i] = []any{micros(e.At), t.next(), e.ID, asJSON(e)}
	}
	if err := t.insertAll("the entry", "ledger_pending", "at, n, id, entry", entries); err != nil {
		return err
	}
	renditions := make([][]any, len(log.Renditions))
	for i, r := range log.Renditions {
		renditions[i] = t.renditionRow(r)
	}
	if err := t.addAll("the rendition", renditionsTable, renditions); err != nil {
		return err
	}
	return cordon.Log{Steps: log.Steps}.Write(t)
}
