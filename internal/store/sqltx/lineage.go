package sqltx

import "cordon"

// AddDerivations implements cordon.ReportWriter.
func (t *Tx) AddDerivations(all []cordon.Derivation) error {
	rows := make([][]any, len(all))
	for i, d := range all {
		rows[i] = []any{d.Portion, d.Source, string(d.How)}
	}
	// A derivation that is stored already stays as it is.
	_, err := t.insert("derivations", "portion, source, how", rows)
	return err
}

func scanDerivation(row scanner, d *cordon.Derivation) error {
	return row.Scan(&d.Portion, &d.Source, &d.How)
}

// Sources implements cordon.ReportReader.
func (t *Tx) Sources(portions []cordon.ID) ([]cordon.Derivation, error) {
	return list(t, scanDerivation, `SELECT portion, source, how FROM derivations WHERE portion @in($1)
		ORDER BY portion, source`, t.ids(portions))
}

// Derived implements cordon.ReportReader.
func (t *Tx) Derived(portions []cordon.ID) ([]cordon.Derivation, error) {
	return list(t, scanDerivation, `SELECT portion, source, how FROM derivations WHERE source @in($1)
		ORDER BY portion, source`, t.ids(portions))
}

// AddRendition implements cordon.ReportWriter.
func (t *Tx) AddRendition(r cordon.Rendition) error {
	return t.add("the rendition", `INSERT INTO renditions (id, report, portions, person, org, at, n, via)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		r.ID, r.Report, asJSON(r.Portions), r.Person, r.Org, micros(r.At), t.next(), string(r.Via))
}

// Renditions implements cordon.ReportReader.
func (t *Tx) Renditions(reports []cordon.ID) ([]cordon.Rendition, error) {
	scan := func(row scanner, r *cordon.Rendition) error {
		return row.Scan(&r.ID, &r.Report, fromJSON{&r.Portions}, &r.Person, &r.Org, instant{&r.At}, &r.Via)
	}
	return list(t, scan, `SELECT id, report, portions, person, org, at, via FROM renditions
		WHERE report @in($1) ORDER BY at, n, id`, t.ids(reports))
}
