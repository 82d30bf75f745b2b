package sqltx

import (
	"slices"
	"strings"

	"cordon"
)

const incidentColumns = `id, org, opener, title, opened, custody`

func scanIncident(row scanner, i *cordon.Incident) error {
	return row.Scan(&i.ID, &i.Org, &i.Opener, sealed(&i.Title), instant{&i.Opened}, fromJSON{&i.Custody})
}

// PutIncident implements cordon.IncidentWriter.
func (t *Tx) PutIncident(i cordon.Incident) error {
	_, err := t.alter(i.ID, `INSERT INTO incidents (id, org, opener, title, opened, custody, generation)
		VALUES ($1, $2, $3, $4, $5, $6, 0)
		ON CONFLICT (id) DO UPDATE SET org = excluded.org, opener = excluded.opener, title = excluded.title,
			opened = excluded.opened, custody = excluded.custody, generation = incidents.generation + 1`,
		i.ID, i.Org, i.Opener, blob(i.Title), micros(i.Opened), asJSON(i.Custody))
	return err
}

// Incident implements cordon.IncidentReader.
func (t *Tx) Incident(id cordon.ID) (cordon.Incident, error) {
	return one(t, scanIncident, `SELECT `+incidentColumns+` FROM incidents WHERE id = $1`, id)
}

// HoldIncident implements cordon.Holder.
func (t *Tx) HoldIncident(id cordon.ID) (cordon.Incident, error) {
	return hold(t, scanIncident, func(i *cordon.Incident) cordon.ID { return i.ID },
		`SELECT `+incidentColumns+` FROM incidents WHERE id = $1`, id)
}

// Incidents implements cordon.IncidentReader.
func (t *Tx) Incidents(org cordon.ID) ([]cordon.Incident, error) {
	all, err := list(t, scanIncident, `SELECT `+incidentColumns+` FROM incidents WHERE org = $1`, org)
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
	return t.insertAll("a disclosure", "disclosures", "id, incident, portion, words, found, n", rows)
}

// Disclosures implements cordon.IncidentReader.
func (t *Tx) Disclosures(incident cordon.ID) ([]cordon.Disclosure, error) {
	scan := func(row scanner, d *cordon.Disclosure) error {
		return row.Scan(&d.ID, &d.Incident, &d.Portion, &d.Words, instant{&d.Found})
	}
	return list(t, scan, `SELECT id, incident, portion, words, found FROM disclosures
		WHERE incident = $1 ORDER BY found, n, id`, incident)
}

// AddSteps implements cordon.IncidentWriter.
func (t *Tx) AddSteps(all []cordon.ContainmentStep) error {
	rows := make([][]any, len(all))
	for i, s := range all {
		rows[i] = []any{s.ID, s.Incident, string(s.Step), s.Target, s.By, micros(s.At), t.next()}
	}
	return t.insertAll("a step", "steps", "id, incident, step, target, by_person, at, n", rows)
}

// Steps implements cordon.IncidentReader.
func (t *Tx) Steps(incident cordon.ID) ([]cordon.ContainmentStep, error) {
	scan := func(row scanner, s *cordon.ContainmentStep) error {
		return row.Scan(&s.ID, &s.Incident, &s.Step, &s.Target, &s.By, instant{&s.At})
	}
	return list(t, scan, `SELECT id, incident, step, target, by_person, at FROM steps
		WHERE incident = $1 ORDER BY at, n, id`, incident)
}

const custodyItem = `SELECT c.portion, c.incident, c.rule, c.body, k.key, c.at
	FROM custody c LEFT JOIN custody_keys k ON k.portion = c.portion `

func scanCustody(row scanner, c *cordon.CustodyItem) error {
	return row.Scan(&c.Portion, &c.Incident, &c.Rule, sealed(&c.Body), sealed(&c.Key), instant{&c.At})
}

// PutCustody implements cordon.IncidentWriter.
func (t *Tx) PutCustody(c cordon.CustodyItem) error {
	if err := t.add("the portion's custody", `INSERT INTO custody (portion, incident, rule, body, at, n)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		c.Portion, c.Incident, int64(c.Rule), blob(c.Body), micros(c.At), t.next()); err != nil {
		return err
	}
	if c.Key == nil {
		return nil
	}
	return t.put(`INSERT INTO custody_keys (portion, key) VALUES ($1, $2)`, c.Portion, blob(c.Key))
}

// Custody implements cordon.IncidentReader.
func (t *Tx) Custody(portion cordon.ID) (cordon.CustodyItem, error) {
	return one(t, scanCustody, custodyItem+`WHERE c.portion = $1`, portion)
}

// CustodyOf implements cordon.IncidentReader.
func (t *Tx) CustodyOf(incident cordon.ID) ([]cordon.CustodyItem, error) {
	return list(t, scanCustody, custodyItem+`WHERE c.incident = $1 ORDER BY c.at, c.n, c.portion`, incident)
}

// DestroyCustody implements cordon.IncidentWriter.
func (t *Tx) DestroyCustody(portion cordon.ID) error {
	if err := t.change(`UPDATE custody SET body = NULL WHERE portion = $1`, portion); err != nil {
		return err
	}
	return t.put(`DELETE FROM custody_keys WHERE portion = $1`, portion)
}

// PutClaim implements cordon.IncidentWriter.
func (t *Tx) PutClaim(c cordon.ClaimRecord) error {
	return t.put(`INSERT INTO claims (id, incident, kind, body, created, n) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET incident = excluded.incident, kind = excluded.kind, body = excluded.body,
			created = excluded.created`,
		c.ID, c.Incident, string(c.Kind), blob(c.Body), micros(c.Created), t.next())
}

// Claims implements cordon.IncidentReader.
func (t *Tx) Claims(incident cordon.ID) ([]cordon.ClaimRecord, error) {
	scan := func(row scanner, c *cordon.ClaimRecord) error {
		return row.Scan(&c.ID, &c.Incident, &c.Kind, sealed(&c.Body), instant{&c.Created})
	}
	return list(t, scan, `SELECT id, incident, kind, body, created FROM claims
		WHERE incident = $1 ORDER BY created, n, id`, incident)
}
