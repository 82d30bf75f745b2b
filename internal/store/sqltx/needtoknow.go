package sqltx

import "cordon"

const groupColumns = `id, org, name, everyone, created`

func scanGroup(row scanner, g *cordon.Group) error {
	return row.Scan(&g.ID, &g.Org, sealed(&g.Name), flag{&g.Everyone}, instant{&g.Created})
}

// PutGroup implements cordon.NeedToKnowWriter.
func (t *Tx) PutGroup(g cordon.Group) error {
	if err := t.put(`INSERT INTO groups (id, org, name, everyone, created) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET org = excluded.org, name = excluded.name, everyone = excluded.everyone, created = excluded.created`,
		g.ID, g.Org, blob(g.Name), asFlag(g.Everyone), micros(g.Created)); err != nil {
		return err
	}
	if err := t.put(`DELETE FROM group_members WHERE group_id = $1`, g.ID); err != nil {
		return err
	}
	rows := make([][]any, len(g.People))
	for i, p := range g.People {
		rows[i] = []any{p, g.ID, int64(i)}
	}
	return t.insertAll("a person in the group", "group_members", "person, group_id, ordinal", rows)
}

// member is a person in a group.
type member struct{ person, group cordon.ID }

func scanMember(row scanner, m *member) error { return row.Scan(&m.person, &m.group) }

// peopled adds their people to the groups.
func (t *Tx) peopled(groups []cordon.Group, err error) ([]cordon.Group, error) {
	if err != nil || len(groups) == 0 {
		return groups, err
	}
	ids, at := make([]cordon.ID, len(groups)), make(map[cordon.ID]*cordon.Group, len(groups))
	for i := range groups {
		ids[i], at[groups[i].ID] = groups[i].ID, &groups[i]
	}
	members, err := list(t, scanMember, `SELECT person, group_id FROM group_members WHERE group_id @in($1) ORDER BY ordinal`, t.ids(ids))
	for _, m := range members {
		at[m.group].People = append(at[m.group].People, m.person)
	}
	return groups, err
}

// Group implements cordon.NeedToKnowReader.
func (t *Tx) Group(id cordon.ID) (cordon.Group, error) {
	groups, err := t.peopled(list(t, scanGroup, `SELECT `+groupColumns+` FROM groups WHERE id = $1`, id))
	if err == nil && len(groups) == 0 {
		err = cordon.ErrNotFound
	}
	if err != nil {
		return cordon.Group{}, err
	}
	return groups[0], nil
}

// Groups implements cordon.NeedToKnowReader.
func (t *Tx) Groups(org cordon.ID) ([]cordon.Group, error) {
	return t.peopled(list(t, scanGroup, `SELECT `+groupColumns+` FROM groups WHERE org = $1 ORDER BY created, id`, org))
}

// GroupsOf implements cordon.NeedToKnowReader.
func (t *Tx) GroupsOf(person, org cordon.ID) ([]cordon.ID, error) {
	return list(t, scanID, `SELECT g.id FROM groups g WHERE g.org = $1 AND (g.everyone = 1
		OR EXISTS (SELECT 1 FROM group_members m WHERE m.person = $2 AND m.group_id = g.id))`, org, person)
}

const needToKnowColumns = `id, org, group_id, report, arrangement, person, at`

func scanNeedToKnow(row scanner, n *cordon.NeedToKnow) error {
	return row.Scan(&n.ID, &n.Org, &n.Group, &n.Report, &n.Arrangement, &n.Person, instant{&n.At})
}

// AddNeedToKnow implements cordon.NeedToKnowWriter.
func (t *Tx) AddNeedToKnow(n cordon.NeedToKnow) error {
	return t.add("the narrowing", `INSERT INTO need_to_know (`+needToKnowColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		n.ID, n.Org, n.Group, n.Report, n.Arrangement, n.Person, micros(n.At))
}

// NeedToKnow implements cordon.NeedToKnowReader.
func (t *Tx) NeedToKnow(org cordon.ID) ([]cordon.NeedToKnow, error) {
	return list(t, scanNeedToKnow, `SELECT `+needToKnowColumns+` FROM need_to_know WHERE org = $1 ORDER BY at DESC, id DESC`, org)
}

// NarrowedUnder implements cordon.NeedToKnowReader.
func (t *Tx) NarrowedUnder(arrangement cordon.ID) ([]cordon.Narrowing, error) {
	scan := func(row scanner, n *cordon.Narrowing) error { return row.Scan(&n.Org, &n.Group) }
	return list(t, scan, `SELECT DISTINCT org, group_id FROM need_to_know WHERE arrangement = $1`, arrangement)
}

// ReportsUnder implements cordon.NeedToKnowReader.
func (t *Tx) ReportsUnder(arrangement cordon.ID) ([]cordon.ID, error) {
	return list(t, scanID, `SELECT id FROM reports WHERE arrangement = $1`, arrangement)
}
