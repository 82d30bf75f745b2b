package sqltx

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"cordon"
)

// A rule's number is cut from its digest and says nothing of when it came, so
// beside it stands a mark, by which a cache is completed:
//
//	0 | 28 bits: how many rules were interned before | 35 random bits
//
// Interning reads the highest mark and adds one, so that two transactions that
// intern new rules at once cannot both commit (SQLite has one writer;
// PostgreSQL sees that each read what the other changed). So marks rise in the
// order of commits, and whoever has seen one has seen every lower one.
//
// The random bits are there for the transaction that interns a rule, fills a
// cache from what it sees, and is rolled back: the mark that is left in the
// cache never comes up again and is recognised as naming nothing.
const markBits = 35

func markAfter(last int64) int64 {
	var b [8]byte
	rand.Read(b[:])
	return (last>>markBits+1)<<markBits | int64(binary.BigEndian.Uint64(b[:])>>(64-markBits))
}

// Intern implements cordon.RuleWriter.
func (t *Tx) Intern(r cordon.Rule) (cordon.RuleNo, error) {
	// Normalising works in place, and the rule is the caller's.
	var own cordon.Rule
	if err := json.Unmarshal(r.Encode(), &own); err != nil {
		return 0, cordon.Errorf(cordon.KindInternal, "a rule does not decode").Because(err)
	}
	own.Normalise()
	no, digest := own.No(), own.Digest()
	kept, err := findOne(t, rulesTable, scanMarked, `WHERE no = $1`, int64(no))
	if err == nil && !bytes.Equal(kept.digest, digest[:]) {
		return 0, cordon.Errorf(cordon.KindInternal, "two rules have one number")
	}
	if err == nil || !isNotFound(err) {
		return no, err
	}
	last, err := one(t, scanInt, `SELECT coalesce(max(mark), 0) FROM rules`)
	if err != nil {
		return 0, err
	}
	return no, t.addOne("a rule", rulesTable, int64(no), markAfter(last), digest[:], string(own.Encode()))
}

// RulesAfter implements cordon.RuleReader.
func (t *Tx) RulesAfter(known cordon.RuleMark) ([]cordon.InternedRule, cordon.RuleMark, error) {
	// The last rule known is asked for too: if it is not there any more, it
	// never was, and the mark says nothing.
	rules, err := t.rulesFrom(known.At)
	if err == nil && known.At != 0 {
		if len(rules) > 0 && rules[0].mark == known.At {
			rules = rules[1:]
		} else {
			known.At = 0
			rules, err = t.rulesFrom(0)
		}
	}
	if err != nil {
		return nil, cordon.RuleMark{}, err
	}
	var out []cordon.InternedRule
	for _, r := range rules {
		rule := cordon.InternedRule{No: r.no}
		if err := json.Unmarshal(r.rule, &rule.Rule); err != nil {
			return nil, cordon.RuleMark{}, t.spoil(err)
		}
		if rule.Rule.No() != r.no {
			return nil, cordon.RuleMark{}, t.unverified(fmt.Sprintf("rules/%d", int64(r.no)), "its number is not that of what it says")
		}
		out = append(out, rule)
		known.At = r.mark
	}
	return out, known, nil
}

// markedRule is a rule as it is kept, to be decoded only if it is not known.
type markedRule struct {
	no     cordon.RuleNo
	mark   int64
	digest []byte
	rule   []byte
}

func scanMarked(row scanner, r *markedRule) error {
	return row.Scan(&r.no, &r.mark, &r.digest, &r.rule)
}

const rulesFrom = `WHERE mark >= $1 ORDER BY mark`

func (t *Tx) rulesFrom(mark int64) ([]markedRule, error) {
	t.shared.mark.Store(mark)
	return find(t, rulesTable, scanMarked, rulesFrom, mark)
}
