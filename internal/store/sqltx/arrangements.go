package sqltx

import "cordon"

const arrangementColumns = `id, drafter, name, mark, rule, parties, state, version, default_mark, equivalences, withheld,
	recipients, onward, shown_only, longest, until, two_persons, emergency_authorities, emergency_for, created, ended`

func scanArrangement(row scanner, a *cordon.Arrangement) error {
	return row.Scan(&a.ID, &a.Drafter, sealed(&a.Name), &a.Mark, &a.Rule, fromJSON{&a.Parties}, &a.State, &a.Version,
		&a.DefaultMark, fromJSON{&a.Equivalences}, &a.Withheld, fromJSON{&a.Recipients}, &a.Onward, flag{&a.ShownOnly},
		&a.Longest, instant{&a.Until}, flag{&a.TwoPersons}, fromJSON{&a.EmergencyAuthorities}, &a.EmergencyFor,
		instant{&a.Created}, instant{&a.Ended})
}

// PutArrangement implements cordon.ArrangementTx.
func (t *Tx) PutArrangement(a cordon.Arrangement) error {
	return t.put(`INSERT INTO arrangements (`+arrangementColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
		ON CONFLICT (id) DO UPDATE SET drafter = excluded.drafter, name = excluded.name, mark = excluded.mark,
			rule = excluded.rule, parties = excluded.parties, state = excluded.state, version = excluded.version,
			default_mark = excluded.default_mark, equivalences = excluded.equivalences, withheld = excluded.withheld,
			recipients = excluded.recipients, onward = excluded.onward, shown_only = excluded.shown_only,
			longest = excluded.longest, until = excluded.until, two_persons = excluded.two_persons,
			emergency_authorities = excluded.emergency_authorities, emergency_for = excluded.emergency_for,
			created = excluded.created, ended = excluded.ended`,
		a.ID, a.Drafter, blob(a.Name), a.Mark, int64(a.Rule), asJSON(a.Parties), string(a.State), int64(a.Version),
		a.DefaultMark, asJSON(a.Equivalences), string(a.Withheld), asJSON(a.Recipients), string(a.Onward), asFlag(a.ShownOnly),
		int64(a.Longest), micros(a.Until), asFlag(a.TwoPersons), asJSON(a.EmergencyAuthorities), int64(a.EmergencyFor),
		micros(a.Created), micros(a.Ended))
}

// Arrangement implements cordon.ArrangementTx.
func (t *Tx) Arrangement(id cordon.ID) (cordon.Arrangement, error) {
	return one(t, scanArrangement, `SELECT `+arrangementColumns+` FROM arrangements WHERE id = $1`, id)
}

// Arrangements implements cordon.ArrangementTx.
func (t *Tx) Arrangements(rules []cordon.RuleNo) ([]cordon.Arrangement, error) {
	return list(t, scanArrangement, `SELECT `+arrangementColumns+` FROM arrangements
		WHERE rule @in($1) ORDER BY created, id`, t.nos(rules))
}
