package sqltx

import "cordon"

// AddTearlines implements cordon.TearlineWriter.
func (t *Tx) AddTearlines(links []cordon.TearlineLink) error {
	rows := make([][]any, len(links))
	for i, l := range links {
		rows[i] = []any{l.Portion, l.Original}
	}
	_, err := t.insert("tearlines", "portion, original", rows)
	return err
}

func scanTearline(row scanner, l *cordon.TearlineLink) error {
	return row.Scan(&l.Portion, &l.Original)
}

// Originals implements cordon.TearlineReader.
func (t *Tx) Originals(portions []cordon.ID) ([]cordon.TearlineLink, error) {
	return list(t, scanTearline, `SELECT portion, original FROM tearlines WHERE portion @in($1)
		ORDER BY portion, original`, t.ids(portions))
}

// Tearlines implements cordon.TearlineReader.
func (t *Tx) Tearlines(originals []cordon.ID) ([]cordon.TearlineLink, error) {
	return list(t, scanTearline, `SELECT portion, original FROM tearlines WHERE original @in($1)
		ORDER BY portion, original`, t.ids(originals))
}
