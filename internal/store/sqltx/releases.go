package sqltx

import (
	"slices"
	"time"

	"cordon"
)

func scanGrant(row scanner, g *cordon.Grant) error {
	return row.Scan(&g.ID, &g.Owner, &g.To, &g.Request, fromJSON{&g.Portions}, flag{&g.ShownOnly},
		fromJSON{&g.People}, instant{&g.Created}, instant{&g.Until}, instant{&g.Revoked}, flag{&g.Emergency}, &g.By)
}

// PutGrant implements cordon.ReleaseWriter.
func (t *Tx) PutGrant(g cordon.Grant) error {
	if err := t.save(grantsTable, g.ID, g.Owner, g.To, g.Request, asJSON(g.Portions), asFlag(g.ShownOnly), asJSON(g.People),
		micros(g.Created), micros(g.Until), micros(g.Revoked), asFlag(g.Emergency), g.By); err != nil {
		return err
	}
	if err := t.put(`DELETE FROM grant_portions WHERE grant_id = $1`, g.ID); err != nil {
		return err
	}
	rows := make([][]any, len(g.Portions))
	for i, p := range g.Portions {
		rows[i] = []any{p, g.ID}
	}
	_, err := t.insert("grant_portions", "portion, grant_id", rows)
	return err
}

// Grant implements cordon.ReleaseReader.
func (t *Tx) Grant(id cordon.ID) (cordon.Grant, error) {
	return findOne(t, grantsTable, scanGrant, `WHERE id = $1`, id)
}

const grantsTo = `WHERE to_org = $1 AND revoked = $2 ORDER BY created, id`

// GrantsTo implements cordon.ReleaseReader.
func (t *Tx) GrantsTo(org cordon.ID, now time.Time) ([]cordon.Grant, error) {
	// All that are not revoked are the set, so that one which was put back shows.
	all, err := findSet(t, grantsTable, "grants/"+string(org), scanGrant, grantsTo, org, zeroTime)
	return slices.DeleteFunc(all, func(g cordon.Grant) bool { return !g.Until.After(now) }), err
}

// GrantsOf implements cordon.ReleaseReader.
func (t *Tx) GrantsOf(portions []cordon.ID) ([]cordon.Grant, error) {
	return find(t, grantsTable, scanGrant, `WHERE id IN (SELECT grant_id FROM grant_portions WHERE portion @in($1)) ORDER BY created, id`, t.ids(portions))
}

// GrantsBy implements cordon.ReleaseReader.
func (t *Tx) GrantsBy(owner cordon.ID, after cordon.Cursor, limit int) ([]cordon.Grant, error) {
	return newestOf(t, grantsTable, scanGrant, `owner`, owner, after, limit)
}

// newestOf lists what the statement selects by its one argument, a page of
// it, ordered by the columns created and id of the table of the alias.
func newestOf[T any](t *Tx, tb *table, scan func(scanner, *T) error, column string, of cordon.ID, after cordon.Cursor, limit int) ([]T, error) {
	args := []any{of, int64(max(limit, 0))}
	rest := `WHERE ` + column + ` = $1`
	if after != (cordon.Cursor{}) {
		rest += ` AND (created < $3 OR created = $3 AND id < $4)`
		args = append(args, micros(after.Created), after.ID)
	}
	return find(t, tb, scan, rest+` ORDER BY created DESC, id DESC LIMIT $2`, args...)
}

func scanRequest(row scanner, r *cordon.ReleaseRequest) error {
	return row.Scan(&r.ID, &r.Requester, &r.Org, &r.Audience, &r.Report, fromJSON{&r.Portions}, sealed(&r.Purpose),
		instant{&r.Created}, instant{&r.Expires}, instant{&r.Withdrawn}, instant{&r.Released}, instant{&r.Voided}, instant{&r.Remind})
}

// PutRequest implements cordon.ReleaseWriter.
func (t *Tx) PutRequest(r cordon.ReleaseRequest, parts []cordon.RequestPart) error {
	if err := t.addOne("the request", requestsTable,
		r.ID, r.Requester, r.Org, r.Audience, r.Report, asJSON(r.Portions), blob(r.Purpose),
		micros(r.Created), micros(r.Expires), micros(r.Withdrawn), micros(r.Released), micros(r.Voided), micros(r.Remind)); err != nil {
		return err
	}
	covered := make([][]any, len(r.Portions))
	for i, p := range r.Portions {
		covered[i] = []any{p, r.ID}
	}
	if _, err := t.insert("request_portions", "portion, request", covered); err != nil {
		return err
	}
	rows := make([][]any, len(parts))
	for i, p := range parts {
		rows[i] = partArgs(p)
	}
	return t.addAll("a part of the request", requestPartsTable, rows)
}

// PutRequestState implements cordon.ReleaseWriter.
func (t *Tx) PutRequestState(r cordon.ReleaseRequest) error {
	return t.amendOne(requestsTable, changes{
		"expires": micros(r.Expires), "withdrawn": micros(r.Withdrawn), "released": micros(r.Released),
		"voided": micros(r.Voided), "remind": micros(r.Remind),
	}, `id = $1`, r.ID)
}

// Request implements cordon.ReleaseReader.
func (t *Tx) Request(id cordon.ID) (cordon.ReleaseRequest, error) {
	return findHead(t, requestsTable, setOf(requestsTable, id), scanRequest, `WHERE id = $1`, id)
}

// Requests implements cordon.ReleaseReader.
func (t *Tx) Requests(org cordon.ID, after cordon.Cursor, limit int) ([]cordon.ReleaseRequest, error) {
	return newestOf(t, requestsTable, scanRequest, `org`, org, after, limit)
}

// RequestsOf implements cordon.ReleaseReader.
func (t *Tx) RequestsOf(portions []cordon.ID) ([]cordon.ReleaseRequest, error) {
	return find(t, requestsTable, scanRequest, `WHERE id IN (SELECT request FROM request_portions WHERE portion @in($1))`, t.ids(portions))
}

// RequestsToRemind implements cordon.ReleaseReader.
func (t *Tx) RequestsToRemind(now time.Time, limit int) ([]cordon.ReleaseRequest, error) {
	return find(t, requestsTable, scanRequest, `WHERE remind > $1 AND remind <= $2 ORDER BY remind, id LIMIT $3`, zeroTime, micros(now), int64(max(limit, 0)))
}

func partArgs(p cordon.RequestPart) []any {
	return []any{
		p.ID, p.Request, p.Owner, micros(p.Created), asJSON(p.Portions), asJSON(p.Wording), string(p.State), p.Decider, micros(p.Decided),
		p.Proposal, p.Confirmer, asJSON(p.Granted), micros(p.Until), asFlag(p.ShownOnly), asJSON(p.People), asFlag(p.Known),
		blob(p.Reason), p.Tearline, p.Grant,
	}
}

func scanPart(row scanner, p *cordon.RequestPart) error {
	return row.Scan(&p.ID, &p.Request, &p.Owner, instant{&p.Created}, fromJSON{&p.Portions}, fromJSON{&p.Wording}, &p.State,
		&p.Decider, instant{&p.Decided}, &p.Proposal, &p.Confirmer, fromJSON{&p.Granted}, instant{&p.Until},
		flag{&p.ShownOnly}, fromJSON{&p.People}, flag{&p.Known}, sealed(&p.Reason), &p.Tearline, &p.Grant)
}

// PutPart implements cordon.ReleaseWriter.
func (t *Tx) PutPart(p cordon.RequestPart) error {
	to := make(changes, len(requestPartsTable.columns))
	for i, v := range partArgs(p) {
		to[requestPartsTable.columns[i]] = v
	}
	return t.amendOne(requestPartsTable, to, `id = $1`, p.ID)
}

// Part implements cordon.ReleaseReader.
func (t *Tx) Part(id cordon.ID) (cordon.RequestPart, error) {
	return findOne(t, requestPartsTable, scanPart, `WHERE id = $1`, id)
}

// Parts implements cordon.ReleaseReader.
func (t *Tx) Parts(request cordon.ID) ([]cordon.RequestPart, error) {
	return findSet(t, requestPartsTable, "request_parts/"+string(request), scanPart, `WHERE request = $1 ORDER BY id`, request)
}

// PartsFor implements cordon.ReleaseReader.
func (t *Tx) PartsFor(owner cordon.ID, after cordon.Cursor, limit int) ([]cordon.RequestPart, error) {
	return newestOf(t, requestPartsTable, scanPart, `owner`, owner, after, limit)
}
