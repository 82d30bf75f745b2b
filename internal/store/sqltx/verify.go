package sqltx

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"strings"
	"time"

	"cordon"
)

// VerifyState implements cordon.StateReader.
func (t *Tx) VerifyState(limit int) (cordon.StateReport, error) {
	r := &cordon.StateReport{}
	fault := func(what, why string) {
		if len(r.Faults) < limit {
			r.Faults = append(r.Faults, cordon.Unverified{What: what, Why: why})
		} else {
			r.More = true
		}
	}
	for _, tables := range [][]*table{readTables(false), readTables(true)} {
		sums := make(map[string]setState)
		for _, tb := range tables {
			err := t.each(tb, func(v row, mac []byte) {
				r.Rows++
				want := t.m.row(tb, v)
				if !equal(mac, want) {
					fault(tb.name+"/"+keyText(tb, v), "the row was changed, or not written by this installation")
				}
				if tb.set != nil {
					id := tb.set(v)
					s := sums[id]
					sums[id] = setState{rows: s.rows + 1, sum: s.sum.plus(want)}
				}
			})
			if err != nil {
				return *r, err
			}
		}
		if err := t.verifySets(tables[0].sets(), sums, r, fault); err != nil {
			return *r, err
		}
	}
	if err := t.verifySchema(slices.Concat(t.d.Foreign, t.d.Damage), fault); err != nil {
		return *r, err
	}
	if err := t.verifyRoot(fault); err != nil {
		return *r, err
	}
	if err := t.verifyTokens(fault); err != nil {
		return *r, err
	}
	if err := t.verifyRenditions(fault); err != nil {
		return *r, err
	}
	for _, c := range derived {
		found, err := list(t, scanText, c.statement)
		if err != nil {
			return *r, err
		}
		for _, what := range found {
			fault(c.table+"/"+strings.ToValidUTF8(what, "?"), c.why)
		}
	}
	return *r, nil
}

// verifySets holds the sums of all rows against the sets' own rows.
func (t *Tx) verifySets(table string, sums map[string]setState, r *cordon.StateReport, fault func(what, why string)) error {
	stored, err := list(t, scanSet, `SELECT `+setColumns+` FROM `+table)
	if err != nil {
		return err
	}
	if n := t.auth.seen.missing(stored, table, t.began); n > 0 {
		fault(table, fmt.Sprintf("%d sets that this process has written are gone", n))
	}
	for _, s := range stored {
		r.Sets++
		has := sums[s.id]
		delete(sums, s.id)
		switch {
		case !equal(s.mac, t.m.set(s.id, s.setState)):
			fault(s.id, "the set's row was changed")
		case t.auth.seen.newer(s.id, s.generation, t.began):
			fault(s.id, "the set was put back as it was before")
		case has.rows != s.rows:
			fault(s.id, fmt.Sprintf("the set has %d rows, and there are %d", s.rows, has.rows))
		case has.sum != s.sum:
			fault(s.id, "a row of the set is one that was put back, or belongs elsewhere")
		}
	}
	for _, id := range slices.Sorted(maps.Keys(sums)) {
		fault(id, "there are rows of a set that is not known")
	}
	return nil
}

// readTables are the authenticated tables whose sets lie in one of the two tables of
// sets.
func readTables(log bool) []*table {
	return slices.DeleteFunc(authenticated(), func(tb *table) bool { return tb.log != log })
}

// derived are the tables that follow from others, each with what lists the
// differences.
var derived = []struct{ table, why, statement string }{
	{"portion_keys", "a portion that is not struck has no key", `SELECT id FROM portions p WHERE state <> 'struck' AND body IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM portion_keys k WHERE k.portion = p.id)`},
	{"portion_keys", "there is a key of a portion that is struck or not there", `SELECT k.portion FROM portion_keys k LEFT JOIN portions p ON p.id = k.portion
		WHERE p.id IS NULL OR p.state = 'struck'`},
	{"report_rules", "the number of live portions is another", `SELECT r.report FROM report_rules r WHERE r.live <> (
		SELECT count(*) FROM portions p WHERE p.report = r.report AND p.rule = r.rule AND p.state = 'live')`},
	{"report_rules", "live portions are under a rule that the report is not listed under", `SELECT DISTINCT p.report FROM portions p WHERE p.state = 'live'
		AND NOT EXISTS (SELECT 1 FROM report_rules r WHERE r.report = p.report AND r.rule = p.rule)`},
	{"grant_portions", "a portion leads to a grant that is not there", `SELECT gp.grant_id FROM grant_portions gp LEFT JOIN grants g ON g.id = gp.grant_id
		WHERE g.id IS NULL OR replace(g.portions, '"' || gp.portion || '"', '') = g.portions`},
	{"grant_portions", "a grant is not found by each of its portions", `SELECT g.id FROM grants g WHERE g.portions <> 'null' AND
		(length(g.portions) - length(replace(g.portions, '"', ''))) / 2 <> (SELECT count(*) FROM grant_portions gp WHERE gp.grant_id = g.id)`},
	{"request_portions", "a portion leads to a request that is not there", `SELECT rp.request FROM request_portions rp LEFT JOIN requests r ON r.id = rp.request
		WHERE r.id IS NULL OR replace(r.portions, '"' || rp.portion || '"', '') = r.portions`},
	{"request_portions", "a request is not found by each of its portions", `SELECT r.id FROM requests r WHERE r.portions <> 'null' AND r.expires <> r.created AND
		(length(r.portions) - length(replace(r.portions, '"', ''))) / 2 <> (SELECT count(*) FROM request_portions rp WHERE rp.request = r.id)`},
	{"custody_keys", "what lies in custody has no key", `SELECT c.portion FROM custody c WHERE c.body IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM custody_keys k WHERE k.portion = c.portion)`},
	{"custody_keys", "there is a key of what does not lie in custody", `SELECT k.portion FROM custody_keys k LEFT JOIN custody c ON c.portion = k.portion
		WHERE c.portion IS NULL OR c.body IS NULL`},
}

// verifyTokens holds the rows by which portions are found against what stands packed
// for each portion.
func (t *Tx) verifyTokens(fault func(what, why string)) error {
	// Sums of what each row says, by what the portion is found under.
	words, prints := make(map[string]uint64), make(map[string]uint64)
	err := t.visit(`SELECT p.id, p.place, p.rule, k.words, k.prints FROM portion_tokens k JOIN portions p ON p.id = k.portion`, 5, func(v row) {
		under := fmt.Sprintf("%s under %d", placeID(v[1].([]byte)), v[2])
		for _, n := range unpack(v[3].([]byte)) {
			words[under] += t.m.token(n)
		}
		for _, n := range unpack(v[4].([]byte)) {
			prints[v.str(0)] += t.m.token(n)
		}
	})
	if err == nil {
		err = t.visit(`SELECT token, rule, place FROM search_tokens`, 3, func(v row) {
			place, _ := v[2].([]byte)
			if len(place) < placeBytes {
				fault("search_tokens", "a place is too short")
				return
			}
			words[fmt.Sprintf("%s under %d", placeID(place), v[1])] -= t.m.token(v[0].(int64))
		})
	}
	if err == nil {
		err = t.visit(`SELECT print, portion FROM fingerprints`, 2, func(v row) { prints[v.str(1)] -= t.m.token(v[0].(int64)) })
	}
	for table, sums := range map[string]map[string]uint64{"search_tokens": words, "fingerprints": prints} {
		for _, under := range slices.Sorted(maps.Keys(sums)) {
			if sums[under] != 0 {
				fault(table+"/"+under, "the portion is found by others than those that were filed of it")
			}
		}
	}
	return err
}

// verifyRenditions holds who was shown what against the ledger, which has an entry of
// the same instant in the feed of each owner. Renditions are in no set, so that two who
// read the same report do not wait for each other.
func (t *Tx) verifyRenditions(fault func(what, why string)) error {
	sums := make(map[int64]uint64) // by instant
	seed := maphash.MakeSeed()
	said := func(at int64, portions []cordon.ID, add uint64) {
		for _, p := range slices.Compact(slices.Sorted(slices.Values(portions))) {
			sums[at] += add * maphash.String(seed, string(p))
		}
	}
	owned := make(map[int64]map[cordon.ID]bool) // a portion of several owners is in several feeds
	entry := func(v row) {
		var e cordon.Entry
		if json.Unmarshal([]byte(v.str(0)), &e) != nil || e.Outcome != cordon.OutcomeAllowed || slices.Contains(e.Reasons, cordon.ReasonCounted) {
			return
		}
		switch e.Act {
		case cordon.ActRead, cordon.ActSearch, cordon.ActExport:
		case cordon.ActList:
			if e.Subject != "" { // that it is there was shown, or who had it, and no text
				return
			}
		default:
			return
		}
		at := micros(e.At)
		if owned[at] == nil {
			owned[at] = make(map[cordon.ID]bool)
		}
		for _, p := range e.Portions {
			owned[at][p] = true
		}
	}
	err := t.visit(`SELECT entry FROM ledger_leaves`, 1, entry)
	if err == nil {
		err = t.visit(`SELECT entry FROM ledger_pending`, 1, entry)
	}
	for at, portions := range owned {
		said(at, slices.Collect(maps.Keys(portions)), 1)
	}
	if err == nil {
		err = t.visit(`SELECT at, portions FROM renditions WHERE via <> '`+string(cordon.ActTearline)+`'`, 2, func(v row) {
			var portions []cordon.ID
			_ = json.Unmarshal([]byte(v.str(1)), &portions) // what does not decode has no MAC either
			said(v[0].(int64), portions, ^uint64(0))
		})
	}
	for _, at := range slices.Sorted(maps.Keys(sums)) {
		if sums[at] != 0 {
			fault("renditions/"+time.UnixMicro(at).UTC().Format(time.RFC3339Nano), "the ledger has it that others were shown, or other portions")
		}
	}
	return err
}

// token is what a token adds to a sum. Who has not the key can choose no tokens for a
// sum.
func (m *mac) token(n int64) uint64 {
	m.buf = binary.BigEndian.AppendUint64(append(m.buf[:0], "token "...), uint64(n))
	sum := m.of(m.buf)
	return binary.BigEndian.Uint64(sum[:])
}

// verifySchema lists triggers, views and the like, which could undo what a transaction
// does, and what the database itself finds damaged.
func (t *Tx) verifySchema(statements []string, fault func(what, why string)) error {
	for _, statement := range statements {
		found, err := list(t, scanText, statement)
		if err != nil {
			return err
		}
		for _, what := range found {
			fault("schema/"+strings.ToValidUTF8(what, "?"), "Cordon has not put it there, or it is damaged")
		}
	}
	return nil
}

func scanText(row scanner, s *string) error { return row.Scan(s) }

// each runs fn for each row of the table, with the MAC that stands in it.
func (t *Tx) each(tb *table, fn func(r row, mac []byte)) error {
	n := len(tb.columns)
	return t.visit(`SELECT `+tb.list("")+` FROM `+tb.name, n+1, func(v row) {
		mac, _ := v[n].([]byte)
		fn(v[:n], mac)
	})
}

// visit runs fn for each row of a query of so many columns.
func (t *Tx) visit(statement string, columns int, fn func(row)) error {
	return t.visitUntil(statement, columns, func(r row) bool { fn(r); return true })
}

// SignState implements cordon.StateWriter.
func (t *Tx) SignState() (rows int64, err error) {
	signed, err := one(t, scanInt, `SELECT (SELECT count(*) FROM state_sets) + (SELECT count(*) FROM log_sets)`)
	if err == nil && signed > 0 {
		err = cordon.Errorf(cordon.KindConflict, "the rows of this database are signed already")
	}
	for _, tb := range authenticated() {
		if err == nil {
			var n int64
			n, err = t.signTable(tb)
			rows += n
		}
	}
	return rows, err
}

// Signed implements cordon.StateReader.
func (t *Tx) Signed() (bool, error) {
	n, err := one(t, scanInt, `SELECT CASE WHEN EXISTS (SELECT 1 FROM state_sets) OR EXISTS (SELECT 1 FROM log_sets)
		OR NOT EXISTS (SELECT 1 FROM meta) THEN 1 ELSE 0 END`)
	return n == 1, err
}

// signBatch is how many rows are read before they are signed.
const signBatch = 1000

func (t *Tx) signTable(tb *table) (rows int64, err error) {
	key := strings.Join(tb.columns[:tb.key], ", ")
	after, where := []any{}, ""
	for {
		all, err := list(t, func(from scanner, r *row) error {
			*r = make(row, len(tb.columns)+1)
			into := make([]any, len(*r))
			for i := range *r {
				into[i] = &(*r)[i]
			}
			return from.Scan(into...)
		}, fmt.Sprintf(`SELECT %s FROM %s %s ORDER BY %s LIMIT %d`, tb.list(""), tb.name, where, key, signBatch), after...)
		if err != nil || len(all) == 0 {
			return rows, err
		}
		for _, r := range all {
			mac := t.m.row(tb, r[:len(tb.columns)])
			if _, err := t.exec(fmt.Sprintf(`UPDATE %s SET mac = $%d WHERE %s`, tb.name, tb.key+1, tb.keyIs(1)),
				append(slices.Clone([]any(r[:tb.key])), mac[:])...); err != nil {
				return rows, err
			}
			t.gave(tb, r[:len(tb.columns)], mac)
		}
		rows += int64(len(all))
		after = all[len(all)-1][:tb.key]
		places := make([]string, tb.key)
		for i := range places {
			places[i] = fmt.Sprintf("$%d", i+1)
		}
		where = `WHERE (` + key + `) > (` + strings.Join(places, ", ") + `)`
	}
}
