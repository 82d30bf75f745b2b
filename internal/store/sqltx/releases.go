package sqltx

import (
	"time"

	"cordon"
)

const grantColumns = `g.id, g.owner, g.to_org, g.request, g.portions, g.shown_only, g.people, g.created, g.until, g.revoked, g.emergency, g.made_by`

func scanGrant(row scanner, g *cordon.Grant) error {
	return row.Scan(&g.ID, &g.Owner, &g.To, &g.Request, fromJSON{&g.Portions}, flag{&g.ShownOnly},
		fromJSON{&g.People}, instant{&g.Created}, instant{&g.Until}, instant{&g.Revoked}, flag{&g.Emergency}, &g.By)
}

// PutGrant implements cordon.ReleaseWriter.
func (t *Tx) PutGrant(g cordon.Grant) error {
	if err := t.put(`INSERT INTO grants (id, owner, to_org, request, portions, shown_only, people, created, until, revoked, emergency, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, to_org = excluded.to_org, request = excluded.request,
			portions = excluded.portions, shown_only = excluded.shown_only, people = excluded.people, created = excluded.created,
			until = excluded.until, revoked = excluded.revoked, emergency = excluded.emergency, made_by = excluded.made_by`,
		g.ID, g.Owner, g.To, g.Request, asJSON(g.Portions), asFlag(g.ShownOnly), asJSON(g.People),
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
	return one(t, scanGrant, `SELECT `+grantColumns+` FROM grants g WHERE g.id = $1`, id)
}

// GrantsTo implements cordon.ReleaseReader.
func (t *Tx) GrantsTo(org cordon.ID, now time.Time) ([]cordon.Grant, error) {
	return list(t, scanGrant, `SELECT `+grantColumns+` FROM grants g
		WHERE g.to_org = $1 AND g.until > $2 AND g.revoked = $3 ORDER BY g.created, g.id`, org, micros(now), zeroTime)
}

// GrantsOf implements cordon.ReleaseReader.
func (t *Tx) GrantsOf(portions []cordon.ID) ([]cordon.Grant, error) {
	return list(t, scanGrant, `SELECT `+grantColumns+` FROM grants g
		WHERE g.id IN (SELECT grant_id FROM grant_portions WHERE portion @in($1)) ORDER BY g.created, g.id`, t.ids(portions))
}

// GrantsBy implements cordon.ReleaseReader.
func (t *Tx) GrantsBy(owner cordon.ID, after cordon.Cursor, limit int) ([]cordon.Grant, error) {
	return newestOf(t, scanGrant, `SELECT `+grantColumns+` FROM grants g WHERE g.owner = $1`, "g.", owner, after, limit)
}

// newestOf lists what the statement selects by its one argument, a page of
// it, ordered by the columns created and id of the table of the alias.
func newestOf[T any](t *Tx, scan func(scanner, *T) error, statement, alias string, of cordon.ID, after cordon.Cursor, limit int) ([]T, error) {
	args := []any{of, int64(max(limit, 0))}
	if after != (cordon.Cursor{}) {
		statement += ` AND (` + alias + `created < $3 OR ` + alias + `created = $3 AND ` + alias + `id < $4)`
		args = append(args, micros(after.Created), after.ID)
	}
	return list(t, scan, statement+` ORDER BY `+alias+`created DESC, `+alias+`id DESC LIMIT $2`, args...)
}

const requestColumns = `r.id, r.requester, r.org, r.audience, r.report, r.portions, r.purpose, r.created, r.expires, r.withdrawn, r.released, r.voided, r.remind`

func scanRequest(row scanner, r *cordon.ReleaseRequest) error {
	return row.Scan(&r.ID, &r.Requester, &r.Org, &r.Audience, &r.Report, fromJSON{&r.Portions}, sealed(&r.Purpose),
		instant{&r.Created}, instant{&r.Expires}, instant{&r.Withdrawn}, instant{&r.Released}, instant{&r.Voided}, instant{&r.Remind})
}

// PutRequest implements cordon.ReleaseWriter.
func (t *Tx) PutRequest(r cordon.ReleaseRequest, parts []cordon.RequestPart) error {
	if err := t.add("the request", `INSERT INTO requests
			(id, requester, org, audience, report, portions, purpose, created, expires, withdrawn, released, voided, remind)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING`,
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
	return t.insertAll("a part of the request", "request_parts", partColumns, rows)
}

// PutRequestState implements cordon.ReleaseWriter.
func (t *Tx) PutRequestState(r cordon.ReleaseRequest) error {
	return t.change(`UPDATE requests SET expires = $2, withdrawn = $3, released = $4, voided = $5, remind = $6 WHERE id = $1`,
		r.ID, micros(r.Expires), micros(r.Withdrawn), micros(r.Released), micros(r.Voided), micros(r.Remind))
}

// Request implements cordon.ReleaseReader.
func (t *Tx) Request(id cordon.ID) (cordon.ReleaseRequest, error) {
	return one(t, scanRequest, `SELECT `+requestColumns+` FROM requests r WHERE r.id = $1`, id)
}

// Requests implements cordon.ReleaseReader.
func (t *Tx) Requests(org cordon.ID, after cordon.Cursor, limit int) ([]cordon.ReleaseRequest, error) {
	return newestOf(t, scanRequest, `SELECT `+requestColumns+` FROM requests r WHERE r.org = $1`, "r.", org, after, limit)
}

// RequestsOf implements cordon.ReleaseReader.
func (t *Tx) RequestsOf(portions []cordon.ID) ([]cordon.ReleaseRequest, error) {
	return list(t, scanRequest, `SELECT `+requestColumns+` FROM requests r
		WHERE r.id IN (SELECT request FROM request_portions WHERE portion @in($1))`, t.ids(portions))
}

// RequestsToRemind implements cordon.ReleaseReader.
func (t *Tx) RequestsToRemind(now time.Time, limit int) ([]cordon.ReleaseRequest, error) {
	return list(t, scanRequest, `SELECT `+requestColumns+` FROM requests r
		WHERE r.remind > $1 AND r.remind <= $2 ORDER BY r.remind, r.id LIMIT $3`, zeroTime, micros(now), int64(max(limit, 0)))
}

const partColumns = `id, request, owner, created, portions, wording, state, decider, decided, proposal, confirmer,
	granted, until, shown_only, people, known, reason, tearline, grant_id`

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
	return t.change(`UPDATE request_parts SET request = $2, owner = $3, created = $4, portions = $5, wording = $6, state = $7,
			decider = $8, decided = $9, proposal = $10, confirmer = $11, granted = $12, until = $13, shown_only = $14,
			people = $15, known = $16, reason = $17, tearline = $18, grant_id = $19 WHERE id = $1`, partArgs(p)...)
}

// Part implements cordon.ReleaseReader.
func (t *Tx) Part(id cordon.ID) (cordon.RequestPart, error) {
	return one(t, scanPart, `SELECT `+partColumns+` FROM request_parts WHERE id = $1`, id)
}

// Parts implements cordon.ReleaseReader.
func (t *Tx) Parts(request cordon.ID) ([]cordon.RequestPart, error) {
	return list(t, scanPart, `SELECT `+partColumns+` FROM request_parts WHERE request = $1 ORDER BY id`, request)
}

// PartsFor implements cordon.ReleaseReader.
func (t *Tx) PartsFor(owner cordon.ID, after cordon.Cursor, limit int) ([]cordon.RequestPart, error) {
	return newestOf(t, scanPart, `SELECT `+partColumns+` FROM request_parts WHERE owner = $1`, "", owner, after, limit)
}
