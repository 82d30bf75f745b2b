package sqltx

import (
	"slices"

	"cordon"
)

func scanRegistry(row scanner, r *cordon.Registry) error {
	return row.Scan(&r.ID, &r.Owner, sealed(&r.Name), sealed(&r.Body), instant{&r.Created})
}

// PutRegistry implements cordon.MosaicWriter.
func (t *Tx) PutRegistry(r cordon.Registry) error {
	return t.save(registriesTable, r.ID, r.Owner, blob(r.Name), blob(r.Body), micros(r.Created))
}

// Registry implements cordon.MosaicReader.
func (t *Tx) Registry(id cordon.ID) (cordon.Registry, error) {
	return findOne(t, registriesTable, scanRegistry, `WHERE id = $1`, id)
}

// Registries implements cordon.MosaicReader.
func (t *Tx) Registries(owner cordon.ID) ([]cordon.Registry, error) {
	return findSet(t, registriesTable, "registries/"+string(owner), scanRegistry, `WHERE owner = $1 ORDER BY created, id`, owner)
}

// AddFacts implements cordon.MosaicWriter.
func (t *Tx) AddFacts(facts []cordon.Fact) error {
	rows := make([][]any, len(facts))
	for i, f := range facts {
		rows[i] = []any{f.ID, f.Portion, blob(f.Body)}
	}
	return t.addAll("a fact", factsTable, rows)
}

// Facts implements cordon.MosaicReader.
func (t *Tx) Facts(portions []cordon.ID) ([]cordon.Fact, error) {
	scan := func(row scanner, f *cordon.Fact) error { return row.Scan(&f.ID, &f.Portion, sealed(&f.Body)) }
	return find(t, factsTable, scan, `WHERE portion @in($1) ORDER BY portion, id`, t.ids(portions))
}

// AddTold implements cordon.MosaicWriter.
func (t *Tx) AddTold(told cordon.Told) error {
	return t.addOne("what was told", toldTable, told.ID, told.Registry, told.Audience, blob(told.Body), micros(told.At), t.next())
}

// ToldTo implements cordon.MosaicReader.
func (t *Tx) ToldTo(registry, audience cordon.ID) ([]cordon.Told, error) {
	scan := func(row scanner, d *cordon.Told) error {
		return row.Scan(&d.ID, &d.Registry, &d.Audience, sealed(&d.Body), instant{&d.At})
	}
	all, err := findSet(t, toldTable, "told/"+string(registry), scan, `WHERE registry = $1 ORDER BY at, n, id`, registry)
	// The public is the audience without a name.
	return slices.DeleteFunc(all, func(d cordon.Told) bool { return d.Audience != "" && d.Audience != audience }), err
}
