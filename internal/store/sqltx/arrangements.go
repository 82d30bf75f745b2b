package sqltx

import (
	"math"
	"time"

	"cordon"
)

const arrangementColumns = `id, drafter, name, mark, rule, parties, state, version, scheme, default_mark, equivalences, withheld,
	recipients, onward, shown_only, longest, until, two_persons, emergency_authorities, emergency_for, proposal, suspended_by,
	created, ended`

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
	return t.put(`INSERT INTO arrangements (`+arrangementColumns+`, invitation)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)
		ON CONFLICT (id) DO UPDATE SET drafter = excluded.drafter, name = excluded.name, mark = excluded.mark,
			rule = excluded.rule, parties = excluded.parties, state = excluded.state, version = excluded.version,
			scheme = excluded.scheme, default_mark = excluded.default_mark, equivalences = excluded.equivalences,
			withheld = excluded.withheld, recipients = excluded.recipients, onward = excluded.onward,
			shown_only = excluded.shown_only, longest = excluded.longest, until = excluded.until,
			two_persons = excluded.two_persons, emergency_authorities = excluded.emergency_authorities,
			emergency_for = excluded.emergency_for, proposal = excluded.proposal, suspended_by = excluded.suspended_by,
			created = excluded.created, ended = excluded.ended, invitation = excluded.invitation`,
		a.ID, a.Drafter, blob(a.Name), a.Mark, int64(a.Rule), asJSON(a.Parties), string(a.State), int64(a.Version),
		a.Scheme, a.DefaultMark, asJSON(a.Equivalences), string(a.Withheld), asJSON(a.Recipients), string(a.Onward),
		asFlag(a.ShownOnly), int64(a.Longest), micros(a.Until), asFlag(a.TwoPersons), asJSON(a.EmergencyAuthorities),
		int64(a.EmergencyFor), asJSON(a.Proposal), asJSON(a.SuspendedBy), micros(a.Created), micros(a.Ended), int64(invitation))
}

// Arrangement implements cordon.ArrangementReader.
func (t *Tx) Arrangement(id cordon.ID) (cordon.Arrangement, error) {
	return one(t, scanArrangement, `SELECT `+arrangementColumns+` FROM arrangements WHERE id = $1`, id)
}

// Arrangements implements cordon.ArrangementReader.
func (t *Tx) Arrangements(rules []cordon.RuleNo, after cordon.Cursor, limit int) ([]cordon.Arrangement, error) {
	if after == (cordon.Cursor{}) {
		after.Created = time.UnixMicro(math.MaxInt64)
	}
	return list(t, scanArrangement, `SELECT `+arrangementColumns+` FROM arrangements
		WHERE (rule @in($1) OR invitation @in($2)) AND (created < $3 OR created = $3 AND id < $4)
		ORDER BY created DESC, id DESC LIMIT $5`,
		t.nos(rules), t.nos(rules), micros(after.Created), after.ID, int64(max(limit, 0)))
}

// AddArrangementStep implements cordon.ArrangementWriter.
func (t *Tx) AddArrangementStep(s cordon.ArrangementStep) error {
	return t.add("the step", `INSERT INTO arrangement_steps (id, arrangement, what, actor, org, at, salt)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		s.ID, s.Arrangement, string(s.What), s.Actor, s.Org, micros(s.At), blob(s.Salt))
}

// ArrangementSteps implements cordon.ArrangementReader.
func (t *Tx) ArrangementSteps(ids []cordon.ID) ([]cordon.ArrangementStep, error) {
	scan := func(row scanner, s *cordon.ArrangementStep) error {
		return row.Scan(&s.ID, &s.Arrangement, &s.What, &s.Actor, &s.Org, instant{&s.At}, &s.Salt)
	}
	return list(t, scan, `SELECT id, arrangement, what, actor, org, at, salt FROM arrangement_steps WHERE id @in($1)`, t.ids(ids))
}
