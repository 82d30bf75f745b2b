package sqltx

import "cordon"

const registryColumns = `id, owner, name, body, created`

func scanRegistry(row scanner, r *cordon.Registry) error {
	return row.Scan(&r.ID, &r.Owner, sealed(&r.Name), sealed(&r.Body), instant{&r.Created})
}

// PutRegistry implements cordon.MosaicWriter.
func (t *Tx) PutRegistry(r cordon.Registry) error {
	return t.put(`INSERT INTO registries (`+registryColumns+`) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, name = excluded.name, body = excluded.body,
			created = excluded.created`,
		r.ID, r.Owner, blob(r.Name), blob(r.Body), micros(r.Created))
}

// Registry implements cordon.MosaicReader.
func (t *Tx) Registry(id cordon.ID) (cordon.Registry, error) {
	return one(t, scanRegistry, `SELECT `+registryColumns+` FROM registries WHERE id = $1`, id)
}

// Registries implements cordon.MosaicReader.
func (t *Tx) Registries(owner cordon.ID) ([]cordon.Registry, error) {
	return list(t, scanRegistry, `SELECT `+registryColumns+` FROM registries WHERE owner = $1
		ORDER BY created, id`, owner)
}

// AddFacts implements cordon.MosaicWriter.
func (t *Tx) AddFacts(facts []cordon.Fact) error {
	rows := make([][]any, len(facts))
	for i, f := range facts {
		rows[i] = []any{f.ID, f.Portion, blob(f.Body)}
	}
	return t.insertAll("a fact", "facts", "id, portion, body", rows)
}

// Facts implements cordon.MosaicReader.
func (t *Tx) Facts(portions []cordon.ID) ([]cordon.Fact, error) {
	scan := func(row scanner, f *cordon.Fact) error { return row.Scan(&f.ID, &f.Portion, sealed(&f.Body)) }
	return list(t, scan, `SELECT id, portion, body FROM facts WHERE portion @in($1) ORDER BY portion, id`, t.ids(portions))
}

// AddTold implements cordon.MosaicWriter.
func (t *Tx) AddTold(told cordon.Told) error {
	return t.add("what was told", `INSERT INTO told (id, registry, audience, body, at, n)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		told.ID, told.Registry, told.Audience, blob(told.Body), micros(told.At), t.next())
}

// ToldTo implements cordon.MosaicReader.
func (t *Tx) ToldTo(registry, audience cordon.ID) ([]cordon.Told, error) {
	scan := func(row scanner, d *cordon.Told) error {
		return row.Scan(&d.ID, &d.Registry, &d.Audience, sealed(&d.Body), instant{&d.At})
	}
	// The public is the audience without a name.
	return list(t, scan, `SELECT id, registry, audience, body, at FROM told
		WHERE registry = $1 AND audience IN ($2, '') ORDER BY at, n, id`, registry, audience)
}
