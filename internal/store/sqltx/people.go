package sqltx

import (
	"cmp"
	"slices"
	"strings"

	"cordon"
)

func scanOrganisation(row scanner, o *cordon.Organisation) error {
	return row.Scan(&o.ID, &o.Name, &o.Title, &o.Country, fromJSON{&o.Communities}, fromJSON{&o.ClientOf}, fromJSON{&o.Ceiling}, fromJSON{&o.Asked})
}

func organisationID(o *cordon.Organisation) cordon.ID { return o.ID }

func (t *Tx) holdOrganisation(where string, key any) (cordon.Organisation, error) {
	return hold(t, organisationsTable, scanOrganisation, organisationID, true, where, key)
}

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
	return t.save(organisationsTable,
		o.ID, o.Name, o.Title, o.Country, asJSON(o.Communities), asJSON(o.ClientOf), asJSON(o.Ceiling), asJSON(o.Asked), fold(o.Name))
}

// Organisation implements cordon.PeopleReader.
func (t *Tx) Organisation(id cordon.ID) (cordon.Organisation, error) {
	return findHead(t, organisationsTable, setOf(organisationsTable, id), scanOrganisation, whereOrganisation, id)
}

// HoldOrganisation implements cordon.Holder.
func (t *Tx) HoldOrganisation(id cordon.ID) (cordon.Organisation, error) {
	return t.holdOrganisation(`WHERE id = $1`, id)
}

// OrganisationByName implements cordon.PeopleReader.
func (t *Tx) OrganisationByName(name string) (cordon.Organisation, error) {
	return findOne(t, organisationsTable, scanOrganisation, `WHERE folded = $1`, fold(name))
}

// HoldOrganisationByName implements cordon.Holder.
func (t *Tx) HoldOrganisationByName(name string) (cordon.Organisation, error) {
	return t.holdOrganisation(`WHERE folded = $1`, fold(name))
}

// Organisations implements cordon.PeopleReader.
func (t *Tx) Organisations() ([]cordon.Organisation, error) {
	all, err := find(t, organisationsTable, scanOrganisation, ``)
	slices.SortFunc(all, func(a, b cordon.Organisation) int { return strings.Compare(a.Name, b.Name) })
	return all, err
}

// TouchOrganisation implements cordon.PeopleWriter.
func (t *Tx) TouchOrganisation(id cordon.ID) error {
	return t.touch(organisationsTable, id)
}

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
	return t.save(peopleTable, p.ID, p.Org, p.Name, p.Nationality, asJSON(p.Clearances), asJSON(p.ReadIns), asJSON(p.Roles), asFlag(p.Suspended), asFlag(p.Service))
}

// Person implements cordon.PeopleReader.
func (t *Tx) Person(id cordon.ID) (cordon.Person, error) {
	if !t.write && !t.asked {
		if err := t.expect(id); err != nil {
			return cordon.Person{}, err
		}
	}
	p, err := findHead(t, peopleTable, setOf(peopleTable, id), scanPerson, wherePerson, id)
	if err == nil && !t.write {
		t.shared.orgs.Store(p.ID, p.Org)
	}
	return p, err
}

const wherePerson, whereOrganisation = `WHERE id = $1`, `WHERE id = $1`

// expect asks at once for what a View asks for that begins with somebody: who acts,
// and what they may see. The organisation is a guess.
func (t *Tx) expect(person cordon.ID) error {
	org, ok := t.shared.orgs.Load(person)
	if !ok {
		return nil
	}
	err := t.conn.Ahead([]Statement{
		t.finding(peopleTable, wherePerson, person),
		t.finding(organisationsTable, whereOrganisation, org),
		t.finding(grantsTable, grantsTo, org, zeroTime),
		t.finding(groupMembersTable, groupsOf, person),
		t.finding(groupsTable, groupsIn, org),
		t.finding(rulesTable, rulesFrom, t.shared.mark.Load()),
	})
	if err != nil {
		return t.spoil(err)
	}
	return nil
}

// HoldPerson implements cordon.Holder.
func (t *Tx) HoldPerson(id cordon.ID) (cordon.Person, error) {
	return hold(t, peopleTable, scanPerson, func(p *cordon.Person) cordon.ID { return p.ID }, true, `WHERE id = $1`, id)
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
	all, err := find(t, peopleTable, scanPerson, `WHERE org = $1`, org)
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
	return t.save(tokensTable,
		k.ID, k.Person, k.Hash[:], k.Label, micros(k.Created), micros(k.Expires), asFlag(k.Revoked), asJSON(k.Scopes), k.MadeWith)
}

func scanToken(row scanner, k *cordon.Token) error {
	return row.Scan(&k.ID, &k.Person, digest{&k.Hash}, &k.Label, instant{&k.Created}, instant{&k.Expires}, flag{&k.Revoked},
		fromJSON{&k.Scopes}, &k.MadeWith)
}

func tokenID(k *cordon.Token) cordon.ID { return k.ID }

// token has a token that is not revoked hold as one of its person's, of which none
// is missing and none was put back.
func (t *Tx) token(k cordon.Token, err error) (cordon.Token, error) {
	if err == nil && !k.Revoked {
		err = t.checkWhole(tokensTable, "tokens/"+string(k.Person), `person = $1 AND revoked = 0`, k.Person)
	}
	return k, err
}

// TokenByHash implements cordon.PeopleReader.
func (t *Tx) TokenByHash(hash [32]byte) (cordon.Token, error) {
	// All of its person's, which are looked at together, in one step.
	all, macs, err := findJoined(t, tokensTable, nil, scanToken, `WHERE revoked = 0 AND person = (SELECT person FROM tokens WHERE hash = $1)`, hash[:])
	if err != nil {
		return cordon.Token{}, err
	}
	if i := slices.IndexFunc(all, func(k cordon.Token) bool { return k.Hash == hash }); i >= 0 {
		t.whole(tokensTable, "tokens/"+string(all[i].Person), macs)
		return all[i], nil
	}
	return t.token(findOne(t, tokensTable, scanToken, `WHERE hash = $1`, hash[:]))
}

// HoldTokenByHash implements cordon.Holder: a token that is revoked rules the
// very next request too.
func (t *Tx) HoldTokenByHash(hash [32]byte) (cordon.Token, error) {
	return t.token(hold(t, tokensTable, scanToken, tokenID, false, `WHERE hash = $1`, hash[:]))
}

// Token implements cordon.PeopleReader.
func (t *Tx) Token(id cordon.ID) (cordon.Token, error) {
	return t.token(findOne(t, tokensTable, scanToken, `WHERE id = $1`, id))
}

// HoldToken implements cordon.Holder.
func (t *Tx) HoldToken(id cordon.ID) (cordon.Token, error) {
	return t.token(hold(t, tokensTable, scanToken, tokenID, false, `WHERE id = $1`, id))
}

// Tokens implements cordon.PeopleReader.
func (t *Tx) Tokens(person cordon.ID, after cordon.Cursor, limit int) ([]cordon.Token, error) {
	created, id := afterOf(after)
	return find(t, tokensTable, scanToken, `WHERE person = $1 AND (created < $2 OR created = $2 AND id < $3) ORDER BY created DESC, id DESC LIMIT $4`,
		person, created, id, int64(max(limit, 0)))
}

// TokensMadeWith implements cordon.PeopleReader.
func (t *Tx) TokensMadeWith(id cordon.ID) ([]cordon.Token, error) {
	return find(t, tokensTable, scanToken, `WHERE made_with = $1 ORDER BY created, id`, id)
}
