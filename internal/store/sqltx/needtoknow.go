package sqltx

import (
	"slices"

	"cordon"
)

func scanGroup(row scanner, g *cordon.Group) error {
	return row.Scan(&g.ID, &g.Org, sealed(&g.Name), flag{&g.Everyone}, instant{&g.Created})
}

// PutGroup implements cordon.NeedToKnowWriter.
func (t *Tx) PutGroup(g cordon.Group) error {
	if err := t.save(groupsTable, g.ID, g.Org, blob(g.Name), asFlag(g.Everyone), micros(g.Created)); err != nil {
		return err
	}
	if _, err := t.remove(groupMembersTable, `group_id = $1`, g.ID); err != nil {
		return err
	}
	rows := make([][]any, len(g.People))
	for i, p := range g.People {
		rows[i] = []any{p, g.ID, int64(i)}
	}
	return t.addAll("a person in the group", groupMembersTable, rows)
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
	members, err := find(t, groupMembersTable, scanMember, `WHERE group_id @in($1) ORDER BY ordinal`, t.ids(ids))
	for _, m := range members {
		at[m.group].People = append(at[m.group].People, m.person)
	}
	return groups, err
}

// Group implements cordon.NeedToKnowReader.
func (t *Tx) Group(id cordon.ID) (cordon.Group, error) {
	groups, err := t.peopled(find(t, groupsTable, scanGroup, `WHERE id = $1`, id))
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
	return t.peopled(findSet(t, groupsTable, "groups/"+string(org), scanGroup, `WHERE org = $1 ORDER BY created, id`, org))
}

const groupsOf, groupsIn = `WHERE person = $1`, `WHERE org = $1`

// GroupsOf implements cordon.NeedToKnowReader.
func (t *Tx) GroupsOf(person, org cordon.ID) ([]cordon.ID, error) {
	members, err := findSet(t, groupMembersTable, "group_members/"+string(person), scanMember, groupsOf, person)
	if err != nil {
		return nil, err
	}
	all, err := findSet(t, groupsTable, "groups/"+string(org), scanGroup, groupsIn, org)
	var in []cordon.ID
	for _, g := range all {
		if g.Everyone || slices.Contains(members, member{person, g.ID}) {
			in = append(in, g.ID)
		}
	}
	return in, err
}

func scanNeedToKnow(row scanner, n *cordon.NeedToKnow) error {
	return row.Scan(&n.ID, &n.Org, &n.Group, &n.Report, &n.Arrangement, &n.Person, instant{&n.At})
}

// AddNeedToKnow implements cordon.NeedToKnowWriter.
func (t *Tx) AddNeedToKnow(n cordon.NeedToKnow) error {
	if n.Arrangement != "" {
		// Whoever publishes under it rests on it, and so on there being no narrowing.
		t.touchHead(arrangementsTable, n.Arrangement)
	}
	return t.addOne("the narrowing", needToKnowTable, n.ID, n.Org, n.Group, n.Report, n.Arrangement, n.Person, micros(n.At))
}

// NeedToKnow implements cordon.NeedToKnowReader.
func (t *Tx) NeedToKnow(org cordon.ID) ([]cordon.NeedToKnow, error) {
	return find(t, needToKnowTable, scanNeedToKnow, `WHERE org = $1 ORDER BY at DESC, id DESC`, org)
}

// NarrowedUnder implements cordon.NeedToKnowReader.
func (t *Tx) NarrowedUnder(arrangement cordon.ID) ([]cordon.Narrowing, error) {
	if arrangement == "" {
		return nil, nil
	}
	scan := func(row scanner, n *cordon.Narrowing) error { return row.Scan(nil, &n.Org, &n.Group) }
	all, err := findSet(t, needToKnowTable, "need_to_know/"+string(arrangement), scan, `WHERE arrangement = $1 ORDER BY org, group_id`, arrangement)
	return slices.Compact(all), err
}

// ReportsUnder implements cordon.NeedToKnowReader.
func (t *Tx) ReportsUnder(arrangement cordon.ID) ([]cordon.ID, error) {
	reports, err := find(t, reportsTable, scanReport, `WHERE arrangement = $1`, arrangement)
	ids := make([]cordon.ID, len(reports))
	for i, r := range reports {
		ids[i] = r.ID
	}
	return ids, err
}
