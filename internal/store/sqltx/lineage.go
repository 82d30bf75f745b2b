package sqltx

import "cordon"

// AddDerivations implements cordon.ReportWriter.
func (t *Tx) AddDerivations(all []cordon.Derivation) error {
	portions := make([]cordon.ID, len(all))
	for i, d := range all {
		portions[i] = d.Portion
	}
	stored, err := t.Sources(distinct(portions))
	if err != nil {
		return err
	}
	known := make(map[[2]cordon.ID]bool, len(stored)+len(all))
	for _, d := range stored {
		known[[2]cordon.ID{d.Portion, d.Source}] = true
	}
	var rows [][]any
	for _, d := range all {
		// A derivation that is stored already stays as it is.
		if key := [2]cordon.ID{d.Portion, d.Source}; !known[key] {
			known[key], rows = true, append(rows, []any{d.Portion, d.Source, string(d.How)})
		}
	}
	return t.addAll("a derivation", derivationsTable, rows)
}

func scanDerivation(row scanner, d *cordon.Derivation) error {
	return row.Scan(&d.Portion, &d.Source, &d.How)
}

// Sources implements cordon.ReportReader.
func (t *Tx) Sources(portions []cordon.ID) ([]cordon.Derivation, error) {
	return find(t, derivationsTable, scanDerivation, `WHERE portion @in($1) ORDER BY portion, source`, t.ids(portions))
}

// Derived implements cordon.ReportReader.
func (t *Tx) Derived(portions []cordon.ID) ([]cordon.Derivation, error) {
	return find(t, derivationsTable, scanDerivation, `WHERE source @in($1) ORDER BY portion, source`, t.ids(portions))
}

// AddRendition implements cordon.ReportWriter.
func (t *Tx) AddRendition(r cordon.Rendition) error {
	return t.addOne("the rendition", renditionsTable, t.renditionRow(r)...)
}

func (t *Tx) renditionRow(r cordon.Rendition) []any {
	return []any{r.ID, r.Report, asJSON(r.Portions), r.Person, r.Org, micros(r.At), string(r.Via), t.next()}
}

// Renditions implements cordon.ReportReader.
func (t *Tx) Renditions(reports []cordon.ID) ([]cordon.Rendition, error) {
	scan := func(row scanner, r *cordon.Rendition) error {
		return row.Scan(&r.ID, &r.Report, fromJSON{&r.Portions}, &r.Person, &r.Org, instant{&r.At}, &r.Via)
	}
	return find(t, renditionsTable, scan, `WHERE report @in($1) ORDER BY at, n, id`, t.ids(reports))
}
