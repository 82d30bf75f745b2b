package sqltx

import "cordon"

// AddTearlines implements cordon.TearlineWriter.
func (t *Tx) AddTearlines(links []cordon.TearlineLink) error {
	portions := make([]cordon.ID, len(links))
	for i, l := range links {
		portions[i] = l.Portion
	}
	stored, err := t.Originals(distinct(portions))
	if err != nil {
		return err
	}
	known := make(map[cordon.TearlineLink]bool, len(stored)+len(links))
	for _, l := range stored {
		known[l] = true
	}
	var rows [][]any
	for _, l := range links {
		if !known[l] {
			known[l], rows = true, append(rows, []any{l.Portion, l.Original})
		}
	}
	return t.addAll("a tearline's original", tearlinesTable, rows)
}

func scanTearline(row scanner, l *cordon.TearlineLink) error {
	return row.Scan(&l.Portion, &l.Original)
}

// Originals implements cordon.TearlineReader.
func (t *Tx) Originals(portions []cordon.ID) ([]cordon.TearlineLink, error) {
	return find(t, tearlinesTable, scanTearline, `WHERE portion @in($1) ORDER BY portion, original`, t.ids(portions))
}

// Tearlines implements cordon.TearlineReader.
func (t *Tx) Tearlines(originals []cordon.ID) ([]cordon.TearlineLink, error) {
	return find(t, tearlinesTable, scanTearline, `WHERE original @in($1) ORDER BY portion, original`, t.ids(originals))
}
