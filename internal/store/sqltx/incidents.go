package sqltx

import (
	"slices"
	"strings"

	"cordon"
)

func scanIncident(row scanner, i *cordon.Incident) error {
	return row.Scan(&i.ID, &i.Org, &i.Opener, sealed(&i.Title), instant{&i.Opened}, fromJSON{&i.Custody})
}

// PutIncident implements cordon.IncidentWriter.
func (t *Tx) PutIncident(i cordon.Incident) error {
	return t.save(incidentsTable, i.ID, i.Org, i.Opener, blob(i.Title), micros(i.Opened), asJSON(i.Custody))
}

// Incident implements cordon.IncidentReader.
func (t *Tx) Incident(id cordon.ID) (cordon.Incident, error) {
	return findHead(t, incidentsTable, setOf(incidentsTable, id), scanIncident, `WHERE id = $1`, id)
}

// HoldIncident implements cordon.Holder.
func (t *Tx) HoldIncident(id cordon.ID) (cordon.Incident, error) {
	return hold(t, incidentsTable, scanIncident, func(i *cordon.Incident) cordon.ID { return i.ID }, true, `WHERE id = $1`, id)
}

// Incidents implements cordon.IncidentReader.
func (t *Tx) Incidents(org cordon.ID) ([]cordon.Incident, error) {
	all, err := find(t, incidentsTable, scanIncident, `WHERE org = $1`, org)
	slices.SortFunc(all, func(a, b cordon.Incident) int {
		if c := b.Opened.Compare(a.Opened); c != 0 {
			return c
		}
		return strings.Compare(string(b.ID), string(a.ID))
	})
	return all, err
}

// AddDisclosures implements cordon.IncidentWriter.
func (t *Tx) AddDisclosures(all []cordon.Disclosure) error {
	rows := make([][]any, len(all))
	for i, d := range all {
		rows[i] = []any{d.ID, d.Incident, d.Portion, int64(d.Words), micros(d.Found), t.next()}
	}
	return t.addAll("a disclosure", disclosuresTable, rows)
}

// Disclosures implements cordon.IncidentReader.
func (t *Tx) Disclosures(incident cordon.ID) ([]cordon.Disclosure, error) {
	scan := func(row scanner, d *cordon.Disclosure) error {
		return row.Scan(&d.ID, &d.Incident, &d.Portion, &d.Words, instant{&d.Found})
	}
	return findSet(t, disclosuresTable, "disclosures/"+string(incident), scan, `WHERE incident = $1 ORDER BY found, n, id`, incident)
}

// AddSteps implements cordon.IncidentWriter.
func (t *Tx) AddSteps(all []cordon.ContainmentStep) error {
	rows := make([][]any, len(all))
	for i, s := range all {
		rows[i] = []any{s.ID, s.Incident, string(s.Step), s.Target, s.By, micros(s.At), t.next()}
	}
	return t.addAll("a step", stepsTable, rows)
}

// Steps implements cordon.IncidentReader.
func (t *Tx) Steps(incident cordon.ID) ([]cordon.ContainmentStep, error) {
	scan := func(row scanner, s *cordon.ContainmentStep) error {
		return row.Scan(&s.ID, &s.Incident, &s.Step, &s.Target, &s.By, instant{&s.At})
	}
	return findSet(t, stepsTable, "steps/"+string(incident), scan, `WHERE incident = $1 ORDER BY at, n, id`, incident)
}

const custodyKey = `LEFT JOIN custody_keys k ON k.portion = custody.portion `

func scanCustody(row scanner, c *cordon.CustodyItem) error {
	return row.Scan(&c.Portion, &c.Incident, &c.Rule, sealed(&c.Body), instant{&c.At}, nil, sealed(&c.Key))
}

// PutCustody implements cordon.IncidentWriter.
func (t *Tx) PutCustody(c cordon.CustodyItem) error {
	if err := t.addOne("the portion's custody", custodyTable,
		c.Portion, c.Incident, int64(c.Rule), blob(c.Body), micros(c.At), t.next()); err != nil {
		return err
	}
	if c.Key == nil {
		return nil
	}
	return t.addOne("a key in custody", custodyKeysTable, c.Portion, c.Incident, blob(c.Key))
}

// Custody implements cordon.IncidentReader.
func (t *Tx) Custody(portion cordon.ID) (cordon.CustodyItem, error) {
	all, _, err := findJoined(t, custodyTable, []string{"k.key"}, scanCustody, custodyKey+`WHERE custody.portion = $1`, portion)
	return first(all, err)
}

// CustodyOf implements cordon.IncidentReader.
func (t *Tx) CustodyOf(incident cordon.ID) ([]cordon.CustodyItem, error) {
	all, macs, err := findJoined(t, custodyTable, []string{"k.key"}, scanCustody, custodyKey+`WHERE custody.incident = $1 ORDER BY custody.at, custody.n, custody.portion`, incident)
	if err == nil {
		t.whole(custodyTable, "custody/"+string(incident), macs)
	}
	return all, err
}

// InCustody implements cordon.IncidentReader.
func (t *Tx) InCustody(after cordon.ID, limit int) ([]cordon.InCustody, error) {
	scan := func(row scanner, c *cordon.InCustody) error { return row.Scan(&c.Portion, flag{&c.Destroyed}) }
	return list(t, scan, `SELECT portion, CASE WHEN body IS NULL THEN 1 ELSE 0 END FROM custody WHERE portion > $1 ORDER BY portion LIMIT $2`,
		after, int64(max(limit, 0)))
}

// DestroyCustody implements cordon.IncidentWriter.
func (t *Tx) DestroyCustody(portion cordon.ID) error {
	if err := t.amendOne(custodyTable, changes{"body": nil}, `portion = $1`, portion); err != nil {
		return err
	}
	_, err := t.remove(custodyKeysTable, `portion = $1`, portion)
	return err
}

// PutClaim implements cordon.IncidentWriter.
func (t *Tx) PutClaim(c cordon.ClaimRecord) error {
	n, err := one(t, scanInt, `SELECT n FROM claims WHERE id = $1`, c.ID)
	if isNotFound(err) {
		n, err = t.next(), nil
	}
	if err != nil {
		return err
	}
	return t.save(claimsTable, c.ID, c.Incident, string(c.Kind), blob(c.Body), micros(c.Created), n)
}

// Claims implements cordon.IncidentReader.
func (t *Tx) Claims(incident cordon.ID) ([]cordon.ClaimRecord, error) {
	scan := func(row scanner, c *cordon.ClaimRecord) error {
		return row.Scan(&c.ID, &c.Incident, &c.Kind, sealed(&c.Body), instant{&c.Created})
	}
	return findSet(t, claimsTable, "claims/"+string(incident), scan, `WHERE incident = $1 ORDER BY created, n, id`, incident)
}
