package sqltx

import (
	"cmp"
	"slices"
	"strings"

	"cordon"
)

const organisationColumns = `id, name, title, country, communities, client_of, ceiling, asked`

func scanOrganisation(row scanner, o *cordon.Organisation) error {
	return row.Scan(&o.ID, &o.Name, &o.Title, &o.Country, fromJSON{&o.Communities}, fromJSON{&o.ClientOf}, fromJSON{&o.Ceiling}, fromJSON{&o.Asked})
}

func organisationID(o *cordon.Organisation) cordon.ID { return o.ID }

// fold is a name without regard to case.
func fold(name string) string { return strings.ToLower(strings.ToUpper(name)) }

// PutOrganisation implements cordon.PeopleWriter.
func (t *Tx) PutOrganisation(o cordon.Organisation) error {
	taken, err := list(t, scanID, `SELECT id FROM organisations WHERE folded = $1 AND id <> $2`, fold(o.Name), o.ID)
	if err != nil {
		return err
	}
	if len(taken) > 0 {
		return conflict("an organisation of this name")
	}
	_, err = t.alter(o.ID, `INSERT INTO organisations (id, name, folded, title, country, communities, client_of, ceiling, asked, generation)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded, title = excluded.title,
			country = excluded.country, communities = excluded.communities, client_of = excluded.client_of, ceiling = excluded.ceiling, asked = excluded.asked,
			generation = organisations.generation + 1`,
		o.ID, o.Name, fold(o.Name), o.Title, o.Country, asJSON(o.Communities), asJSON(o.ClientOf), asJSON(o.Ceiling), asJSON(o.Asked))
	return err
}

// Organisation implements cordon.PeopleReader.
func (t *Tx) Organisation(id cordon.ID) (cordon.Organisation, error) {
	return one(t, scanOrganisation, `SELECT `+organisationColumns+` FROM organisations WHERE id = $1`, id)
}

// HoldOrganisation implements cordon.Holder.
func (t *Tx) HoldOrganisation(id cordon.ID) (cordon.Organisation, error) {
	return hold(t, scanOrganisation, organisationID, `SELECT `+organisationColumns+` FROM organisations WHERE id = $1`, id)
}

// OrganisationByName implements cordon.PeopleReader.
func (t *Tx) OrganisationByName(name string) (cordon.Organisation, error) {
	return one(t, scanOrganisation, `SELECT `+organisationColumns+` FROM organisations WHERE folded = $1`, fold(name))
}

// HoldOrganisationByName implements cordon.Holder.
func (t *Tx) HoldOrganisationByName(name string) (cordon.Organisation, error) {
	return hold(t, scanOrganisation, organisationID, `SELECT `+organisationColumns+` FROM organisations WHERE folded = $1`, fold(name))
}

// Organisations implements cordon.PeopleReader.
func (t *Tx) Organisations() ([]cordon.Organisation, error) {
	all, err := list(t, scanOrganisation, `SELECT `+organisationColumns+` FROM organisations`)
	slices.SortFunc(all, func(a, b cordon.Organisation) int { return strings.Compare(a.Name, b.Name) })
	return all, err
}

// TouchOrganisation implements cordon.PeopleWriter.
func (t *Tx) TouchOrganisation(id cordon.ID) error {
	return t.touch(id, `UPDATE organisations SET generation = generation + 1 WHERE id = $1`)
}

const personColumns = `id, org, name, nationality, clearances, read_ins, roles, suspended, service`

func scanPerson(row scanner, p *cordon.Person) error {
	return row.Scan(&p.ID, &p.Org, &p.Name, &p.Nationality, fromJSON{&p.Clearances}, fromJSON{&p.ReadIns},
		fromJSON{&p.Roles}, flag{&p.Suspended}, flag{&p.Service})
}

// PutPerson implements cordon.PeopleWriter.
func (t *Tx) PutPerson(p cordon.Person) error {
	taken, err := list(t, scanID, `SELECT id FROM people WHERE org = $1 AND name = $2 AND id <> $3`, p.Org, p.Name, p.ID)
	if err != nil {
		return err
	}
	if len(taken) > 0 {
		return conflict("a person of this name in the organisation")
	}
	_, err = t.alter(p.ID, `INSERT INTO people (id, org, name, nationality, clearances, read_ins, roles, suspended, service, generation)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)
		ON CONFLICT (id) DO UPDATE SET org = excluded.org, name = excluded.name, nationality = excluded.nationality,
			clearances = excluded.clearances, read_ins = excluded.read_ins, roles = excluded.roles,
			suspended = excluded.suspended, service = excluded.service, generation = people.generation + 1`,
		p.ID, p.Org, p.Name, p.Nationality, asJSON(p.Clearances), asJSON(p.ReadIns), asJSON(p.Roles), asFlag(p.Suspended), asFlag(p.Service))
	return err
}

// Person implements cordon.PeopleReader.
func (t *Tx) Person(id cordon.ID) (cordon.Person, error) {
	return one(t, scanPerson, `SELECT `+personColumns+` FROM people WHERE id = $1`, id)
}

// HoldPerson implements cordon.Holder.
func (t *Tx) HoldPerson(id cordon.ID) (cordon.Person, error) {
	return hold(t, scanPerson, func(p *cordon.Person) cordon.ID { return p.ID },
		`SELECT `+personColumns+` FROM people WHERE id = $1`, id)
}

// PersonByName implements cordon.PeopleReader.
func (t *Tx) PersonByName(org cordon.ID, name string) (cordon.Person, error) {
	return t.personByName(org, name, t.Person)
}

// HoldPersonByName implements cordon.Holder.
func (t *Tx) HoldPersonByName(org cordon.ID, name string) (cordon.Person, error) {
	return t.personByName(org, name, t.HoldPerson)
}

func (t *Tx) personByName(org cordon.ID, name string, load func(cordon.ID) (cordon.Person, error)) (cordon.Person, error) {
	ids, err := list(t, scanID, `SELECT id FROM people WHERE org = $1 AND name = $2`, org, name)
	if err != nil || len(ids) == 0 {
		return cordon.Person{}, cmp.Or(err, error(cordon.ErrNotFound))
	}
	return load(ids[0])
}

// People implements cordon.PeopleReader.
func (t *Tx) People(org cordon.ID) ([]cordon.Person, error) {
	all, err := list(t, scanPerson, `SELECT `+personColumns+` FROM people WHERE org = $1`, org)
	slices.SortFunc(all, func(a, b cordon.Person) int { return strings.Compare(a.Name, b.Name) })
	return all, err
}

// PutToken implements cordon.PeopleWriter.
func (t *Tx) PutToken(k cordon.Token) error {
	taken, err := list(t, scanID, `SELECT id FROM tokens WHERE hash = $1 AND id <> $2`, k.Hash[:], k.ID)
	if err != nil {
		return err
	}
	if len(taken) > 0 {
		return conflict("this token")
	}
	_, err = t.alter(k.ID, `INSERT INTO tokens (`+tokenColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET person = excluded.person, hash = excluded.hash, label = excluded.label,
			created = excluded.created, expires = excluded.expires, revoked = excluded.revoked,
			scopes = excluded.scopes, made_with = excluded.made_with`,
		k.ID, k.Person, k.Hash[:], k.Label, micros(k.Created), micros(k.Expires), asFlag(k.Revoked), asJSON(k.Scopes), k.MadeWith)
	return err
}

const tokenColumns = `id, person, hash, label, created, expires, revoked, scopes, made_with`

func scanToken(row scanner, k *cordon.Token) error {
	return row.Scan(&k.ID, &k.Person, digest{&k.Hash}, &k.Label, instant{&k.Created}, instant{&k.Expires}, flag{&k.Revoked},
		fromJSON{&k.Scopes}, &k.MadeWith)
}

func tokenID(k *cordon.Token) cordon.ID { return k.ID }

// TokenByHash implements cordon.PeopleReader.
func (t *Tx) TokenByHash(hash [32]byte) (cordon.Token, error) {
	return one(t, scanToken, `SELECT `+tokenColumns+` FROM tokens WHERE hash = $1`, hash[:])
}

// HoldTokenByHash implements cordon.Holder: a token that is revoked rules the
// very next request too.
func (t *Tx) HoldTokenByHash(hash [32]byte) (cordon.Token, error) {
	// A token that is revoked rules the very next request too.
	return hold(t, scanToken, tokenID, `SELECT `+tokenColumns+` FROM tokens WHERE hash = $1`, hash[:])
}

// Token implements cordon.PeopleReader.
func (t *Tx) Token(id cordon.ID) (cordon.Token, error) {
	return one(t, scanToken, `SELECT `+tokenColumns+` FROM tokens WHERE id = $1`, id)
}

// HoldToken implements cordon.Holder.
func (t *Tx) HoldToken(id cordon.ID) (cordon.Token, error) {
	return hold(t, scanToken, tokenID, `SELECT `+tokenColumns+` FROM tokens WHERE id = $1`, id)
}

// Tokens implements cordon.PeopleReader.
func (t *Tx) Tokens(person cordon.ID, after cordon.Cursor, limit int) ([]cordon.Token, error) {
	created, id := afterOf(after)
	return list(t, scanToken, `SELECT `+tokenColumns+` FROM tokens
		WHERE person = $1 AND (created < $2 OR created = $2 AND id < $3) ORDER BY created DESC, id DESC LIMIT $4`,
		person, created, id, int64(max(limit, 0)))
}

// TokensMadeWith implements cordon.PeopleReader.
func (t *Tx) TokensMadeWith(id cordon.ID) ([]cordon.Token, error) {
	return list(t, scanToken, `SELECT `+tokenColumns+` FROM tokens WHERE made_with = $1 ORDER BY created, id`, id)
}
