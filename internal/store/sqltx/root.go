package sqltx

import (
	"encoding/binary"
	"fmt"

	"cordon"
)

// The root of the state is a MAC over the tick's number and the sum, over all sets, of a
// MAC over the set's name and generation. Each tick of the ledger commits to it, and
// keeps beside each set the generation that went into it. So a set that is put back as
// it was before a tick has a generation below the one that the tick has, and if that is
// changed too, the sum is another.

// rootOf is what a set adds to the root; nothing before its first tick.
func (m *mac) rootOf(id string, generation int64) sum {
	if generation == 0 {
		return sum{}
	}
	b := framed(append(m.buf[:0], "root "...), id)
	m.buf = binary.BigEndian.AppendUint64(b, uint64(generation))
	return m.of(m.buf)
}

// root is the root of the state at a tick.
func (m *mac) root(number int64, s sum) [32]byte {
	b := binary.BigEndian.AppendUint64(append(m.buf[:0], "tick "...), uint64(number))
	m.buf = append(b, s[:]...)
	return m.of(m.buf)
}

// rootTick is the last tick's root of the state.
type rootTick struct {
	number int64
	root   [32]byte
}

// has reports whether the tick commits to the sum. Before the first there is none.
func (k rootTick) has(m *mac, s sum) bool {
	return k == rootTick{} && s == sum{} || k.root == m.root(k.number, s)
}

func (t *Tx) lastTick() (rootTick, error) {
	ticks, err := list(t, func(row scanner, k *rootTick) error { return row.Scan(&k.number, digest{&k.root}) },
		`SELECT number, state FROM ledger_ticks ORDER BY idx DESC LIMIT 1`)
	return append(ticks, rootTick{})[0], err
}

// TickState implements cordon.StateWriter.
func (t *Tx) TickState(number int64) (none [32]byte, err error) {
	kept, err := list(t, scanBytes, `SELECT sum FROM state_root WHERE one = 1`)
	if err != nil {
		return none, err
	}
	var root sum
	for _, b := range kept {
		copy(root[:], b)
	}
	last, err := t.lastTick()
	if err != nil {
		return none, err
	}
	if !last.has(&t.m, root) {
		return none, t.unverified("state_root", "the last tick of the ledger commits to another")
	}
	t.ticked = nil
	for _, table := range []string{stateSets, logSets} {
		changed, err := list(t, scanSet, `SELECT `+setColumns+` FROM `+table+` WHERE generation <> ticked ORDER BY id`+t.d.ByBytes)
		if err != nil {
			return none, err
		}
		rows := make([][]any, len(changed))
		for i, s := range changed {
			switch {
			case !equal(s.mac, t.m.set(s.id, s.setState)):
				return none, t.unverified(s.id, "the set's row was changed")
			case s.generation < s.ticked, t.auth.seen.newer(s.id, s.generation, t.began):
				return none, t.unverified(s.id, "the set was put back as it was before the last tick")
			}
			was := s.ticked
			s.generation++ // a row of before the tick is never one of after
			s.ticked = s.generation
			root = root.minus(t.m.rootOf(s.id, was)).plus(t.m.rootOf(s.id, s.ticked))
			rows[i] = t.setRow(s.id, s.setState)
			t.ticked = append(t.ticked, t.auth.seen.mark(s.id, s.generation, table == logSets))
		}
		if err := t.putSets(table, rows); err != nil {
			return none, err
		}
	}
	err = t.put(`INSERT INTO state_root (one, sum) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET sum = excluded.sum`, root[:])
	return t.m.root(number, root), err
}

// VerifyRoot implements cordon.StateReader.
func (t *Tx) VerifyRoot(limit int) ([]cordon.Unverified, error) {
	var faults []cordon.Unverified
	fault := func(what, why string) {
		if len(faults) < limit {
			faults = append(faults, cordon.Unverified{What: what, Why: why})
		}
	}
	if err := t.verifySchema(t.d.Foreign, fault); err != nil {
		return faults, err
	}
	err := t.verifyRoot(fault)
	return faults, err
}

// verifyRoot holds every set's row against its MAC and all of them against the last
// tick of the ledger, and notes their generations.
func (t *Tx) verifyRoot(fault func(what, why string)) error {
	last, err := t.lastTick()
	if err != nil {
		return err
	}
	var root sum
	var all []seenMark
	for _, table := range []string{stateSets, logSets} {
		if err := t.visit(`SELECT `+setColumns+` FROM `+table, 6, func(v row) {
			s := setState{generation: v[1].(int64), rows: v[2].(int64), ticked: v[5].(int64)}
			sum, _ := v[3].([]byte)
			mac, _ := v[4].([]byte)
			copy(s.sum[:], sum)
			id := v.str(0)
			if !equal(mac, t.m.set(id, s)) {
				fault(id, "the set's row was changed")
			}
			if s.generation < s.ticked {
				fault(id, "the set was put back as it was before the last tick")
			}
			root = root.plus(t.m.rootOf(id, s.ticked))
			all = append(all, t.auth.seen.mark(id, s.generation, table == logSets))
		}); err != nil {
			return err
		}
	}
	kept, err := list(t, scanBytes, `SELECT sum FROM state_root`)
	if err != nil {
		return err
	}
	if len(kept) > 1 || len(kept) == 1 && !equal(kept[0], root) {
		fault("state_root", "it is not the sum of the sets")
	}
	if !last.has(&t.m, root) {
		fault(stateSets, fmt.Sprintf("the last tick of the ledger commits to other generations of the %d sets", len(all)))
		return nil
	}
	t.ticked = all
	return nil
}
