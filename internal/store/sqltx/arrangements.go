package sqltx

import (
	"math"
	"time"

	"cordon"
)

func scanArrangement(row scanner, a *cordon.Arrangement) error {
	return row.Scan(&a.ID, &a.Drafter, sealed(&a.Name), &a.Mark, &a.Rule, fromJSON{&a.Parties}, &a.State, &a.Version,
		&a.Scheme, &a.DefaultMark, fromJSON{&a.Equivalences}, &a.Withheld, fromJSON{&a.Recipients}, &a.Onward,
		flag{&a.ShownOnly}, &a.Longest, instant{&a.Until}, flag{&a.TwoPersons}, fromJSON{&a.EmergencyAuthorities},
		&a.EmergencyFor, fromJSON{&a.Proposal}, fromJSON{&a.SuspendedBy}, instant{&a.Created}, instant{&a.Ended})
}

// PutArrangement implements cordon.ArrangementWriter.
func (t *Tx) PutArrangement(a cordon.Arrangement) error {
	var invitation cordon.RuleNo
	if a.Proposal != nil {
		invitation = a.Proposal.Invitation
	}
	return t.save(arrangementsTable,
		a.ID, a.Drafter, blob(a.Name), a.Mark, int64(a.Rule), asJSON(a.Parties), string(a.State), int64(a.Version),
		a.Scheme, a.DefaultMark, asJSON(a.Equivalences), string(a.Withheld), asJSON(a.Recipients), string(a.Onward),
		asFlag(a.ShownOnly), int64(a.Longest), micros(a.Until), asFlag(a.TwoPersons), asJSON(a.EmergencyAuthorities),
		int64(a.EmergencyFor), asJSON(a.Proposal), asJSON(a.SuspendedBy), micros(a.Created), micros(a.Ended), int64(invitation))
}

// Arrangement implements cordon.ArrangementReader.
func (t *Tx) Arrangement(id cordon.ID) (cordon.Arrangement, error) {
	return findHead(t, arrangementsTable, setOf(arrangementsTable, id), scanArrangement, `WHERE id = $1`, id)
}

// Arrangements implements cordon.ArrangementReader.
func (t *Tx) Arrangements(rules []cordon.RuleNo, after cordon.Cursor, limit int) ([]cordon.Arrangement, error) {
	if after == (cordon.Cursor{}) {
		after.Created = time.UnixMicro(math.MaxInt64)
	}
	return find(t, arrangementsTable, scanArrangement, `WHERE (rule @in($1) OR invitation @in($2)) AND (created < $3 OR created = $3 AND id < $4)
		ORDER BY created DESC, id DESC LIMIT $5`,
		t.nos(rules), t.nos(rules), micros(after.Created), after.ID, int64(max(limit, 0)))
}

// AddArrangementStep implements cordon.ArrangementWriter.
func (t *Tx) AddArrangementStep(s cordon.ArrangementStep) error {
	return t.addOne("the step", arrangementStepsTable,
		s.ID, s.Arrangement, string(s.What), s.Actor, s.Org, micros(s.At), blob(s.Salt))
}

// ArrangementSteps implements cordon.ArrangementReader.
func (t *Tx) ArrangementSteps(ids []cordon.ID) ([]cordon.ArrangementStep, error) {
	scan := func(row scanner, s *cordon.ArrangementStep) error {
		return row.Scan(&s.ID, &s.Arrangement, &s.What, &s.Actor, &s.Org, instant{&s.At}, &s.Salt)
	}
	return find(t, arrangementStepsTable, scan, `WHERE id @in($1)`, t.ids(ids))
}
