package sqltx

import "cordon"

const arrangementColumns = `id, drafter, name, mark, rule, parties, default_mark, equivalences, withheld, created, ended`

func scanArrangement(row scanner, a *cordon.Arrangement) error {
	return row.Scan(&a.ID, &a.Drafter, sealed(&a.Name), &a.Mark, &a.Rule, fromJSON{&a.Parties}, &a.DefaultMark,
		fromJSON{&a.Equivalences}, &a.Withheld, instant{&a.Created}, instant{&a.Ended})
}

// PutArrangement implements cordon.ArrangementTx.
func (t *Tx) PutArrangement(a cordon.Arrangement) error {
	return t.put(`INSERT INTO arrangements (`+arrangementColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO UPDATE SET drafter = excluded.drafter, name = excluded.name, mark = excluded.mark,
			rule = excluded.rule, parties = excluded.parties, default_mark = excluded.default_mark, equivalences = excluded.equivalences,
			withheld = excluded.withheld, created = excluded.created, ended = excluded.ended`,
		a.ID, a.Drafter, blob(a.Name), a.Mark, int64(a.Rule), asJSON(a.Parties), a.DefaultMark, asJSON(a.Equivalences), string(a.Withheld),
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
