package sqltx

import (
	"slices"
	"strings"

	"cordon"
)

func scanReport(row scanner, r *cordon.Report) error {
	return row.Scan(&r.ID, &r.Kind, &r.Holder, &r.Author, &r.Arrangement, &r.RefToken, &r.Compilation, instant{&r.Created},
		&r.Waits.State, fromJSON{&r.Waits.Writers}, instant{&r.Waits.Since}, instant{&r.Waits.Remind})
}

func newestFirst(a, b cordon.Report) int {
	if c := b.Created.Compare(a.Created); c != 0 {
		return c
	}
	return strings.Compare(string(b.ID), string(a.ID))
}

// PutReport implements cordon.ReportWriter.
func (t *Tx) PutReport(r cordon.Report) error {
	return t.save(reportsTable, r.ID, string(r.Kind), r.Holder, r.Author, r.Arrangement, blob(r.RefToken), r.Compilation, micros(r.Created),
		string(r.Waits.State), asJSON(r.Waits.Writers), micros(r.Waits.Since), micros(r.Waits.Remind))
}

// Report implements cordon.ReportReader.
func (t *Tx) Report(id cordon.ID) (cordon.Report, error) {
	return findHead(t, reportsTable, setOf(reportsTable, id), scanReport, `WHERE id = $1`, id)
}

// HoldReport implements cordon.Holder.
func (t *Tx) HoldReport(id cordon.ID) (cordon.Report, error) {
	return hold(t, reportsTable, scanReport, func(r *cordon.Report) cordon.ID { return r.ID }, true, `WHERE id = $1`, id)
}

// ReportsByID implements cordon.ReportReader.
func (t *Tx) ReportsByID(ids []cordon.ID) ([]cordon.Report, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return find(t, reportsTable, scanReport, `WHERE id @in($1)`, t.ids(ids))
}

// TouchReport implements cordon.ReportWriter.
func (t *Tx) TouchReport(id cordon.ID) error {
	return t.touch(reportsTable, id)
}

// ReportsByRef implements cordon.ReportReader.
func (t *Tx) ReportsByRef(token []byte, visible cordon.Visibility) ([]cordon.Report, error) {
	found, err := find(t, reportsTable, scanReport, `WHERE ref_token = $1 AND (
			id IN (SELECT report FROM portions WHERE id @in($3) AND state = 'live')
			OR EXISTS (SELECT 1 FROM report_rules WHERE report = reports.id AND rule @in($2)))`,
		token, t.nos(visible.Rules), t.ids(visible.Granted))
	slices.SortFunc(found, newestFirst)
	return found, err
}

// AnyByRef implements cordon.ReportReader.
func (t *Tx) AnyByRef(token []byte) (cordon.Report, error) {
	return findOne(t, reportsTable, scanReport, `WHERE ref_token = $1 ORDER BY created DESC, id DESC LIMIT 1`, token)
}

// ReportPage implements cordon.ReportReader.
func (t *Tx) ReportPage(visible cordon.Visibility, after cordon.Cursor, limit int) ([]cordon.Report, error) {
	if limit <= 0 {
		return nil, nil
	}
	places, err := t.newestReports(visible.Rules, after, limit)
	if err != nil {
		return nil, err
	}
	granted, err := t.grantedReports(visible.Granted, after)
	if err != nil {
		return nil, err
	}
	places = newestPlaces(append(places, granted...), limit)
	page, err := find(t, reportsTable, scanReport, `WHERE id @in($1)`, t.ids(placeIDs(places)))
	for _, r := range page {
		t.rest(reportsTable, r.ID)
	}
	slices.SortFunc(page, newestFirst)
	return page, err
}

// grantedReports lists the places, below the cursor, of the reports that the
// granted portions stand in.
func (t *Tx) grantedReports(granted []cordon.ID, after cordon.Cursor) ([][]byte, error) {
	portions, err := t.grantedLive(granted)
	places := make([][]byte, len(portions))
	for i, p := range portions {
		places[i] = p.place
	}
	return below(places, before(after)), err
}
