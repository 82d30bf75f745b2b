package sqltx

import (
	"slices"
	"strings"
	"time"

	"cordon"
)

const grantColumns = `g.id, g.owner, g.to_org, g.request, g.portions, g.shown_only, g.created, g.until, g.revoked, g.emergency, g.made_by`

func scanGrant(row scanner, g *cordon.Grant) error {
	return row.Scan(&g.ID, &g.Owner, &g.To, &g.Request, fromJSON{&g.Portions}, flag{&g.ShownOnly},
		instant{&g.Created}, instant{&g.Until}, instant{&g.Revoked}, flag{&g.Emergency}, &g.By)
}

// PutGrant implements cordon.ReleaseTx.
func (t *Tx) PutGrant(g cordon.Grant) error {
	if err := t.put(`INSERT INTO grants (id, owner, to_org, request, portions, shown_only, created, until, revoked, emergency, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, to_org = excluded.to_org, request = excluded.request,
			portions = excluded.portions, shown_only = excluded.shown_only, created = excluded.created,
			until = excluded.until, revoked = excluded.revoked, emergency = excluded.emergency, made_by = excluded.made_by`,
		g.ID, g.Owner, g.To, g.Request, asJSON(g.Portions), asFlag(g.ShownOnly),
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

// Grant implements cordon.ReleaseTx.
func (t *Tx) Grant(id cordon.ID) (cordon.Grant, error) {
	return one(t, scanGrant, `SELECT `+grantColumns+` FROM grants g WHERE g.id = $1`, id)
}

// GrantsTo implements cordon.ReleaseTx.
func (t *Tx) GrantsTo(org cordon.ID, now time.Time) ([]cordon.Grant, error) {
	return list(t, scanGrant, `SELECT `+grantColumns+` FROM grants g
		WHERE g.to_org = $1 AND g.until > $2 AND g.revoked = $3 ORDER BY g.created, g.id`, org, micros(now), zeroTime)
}

// GrantsOf implements cordon.ReleaseTx.
func (t *Tx) GrantsOf(portions []cordon.ID) ([]cordon.Grant, error) {
	return list(t, scanGrant, `SELECT `+grantColumns+` FROM grants g
		WHERE g.id IN (SELECT grant_id FROM grant_portions WHERE portion @in($1)) ORDER BY g.created, g.id`, t.ids(portions))
}

const requestColumns = `id, requester, org, audience, portions, purpose, created, expires, withdrawn`

func scanRequest(row scanner, r *cordon.ReleaseRequest) error {
	return row.Scan(&r.ID, &r.Requester, &r.Org, &r.Audience, fromJSON{&r.Portions}, sealed(&r.Purpose),
		instant{&r.Created}, instant{&r.Expires}, instant{&r.Withdrawn})
}

// PutRequest implements cordon.ReleaseTx.
func (t *Tx) PutRequest(r cordon.ReleaseRequest, parts []cordon.RequestPart) error {
	if err := t.add("the request", `INSERT INTO requests (`+requestColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
		r.ID, r.Requester, r.Org, r.Audience, asJSON(r.Portions), blob(r.Purpose),
		micros(r.Created), micros(r.Expires), micros(r.Withdrawn)); err != nil {
		return err
	}
	rows := make([][]any, len(parts))
	for i, p := range parts {
		rows[i] = append(partArgs(p), micros(r.Created))
	}
	return t.insertAll("a part of the request", "request_parts", partColumns+", created", rows)
}

// PutRequestState implements cordon.ReleaseTx.
func (t *Tx) PutRequestState(r cordon.ReleaseRequest) error {
	return t.change(`UPDATE requests SET expires = $2, withdrawn = $3 WHERE id = $1`,
		r.ID, micros(r.Expires), micros(r.Withdrawn))
}

// Request implements cordon.ReleaseTx.
func (t *Tx) Request(id cordon.ID) (cordon.ReleaseRequest, error) {
	return one(t, scanRequest, `SELECT `+requestColumns+` FROM requests WHERE id = $1`, id)
}

// Requests implements cordon.ReleaseTx.
func (t *Tx) Requests(org cordon.ID) ([]cordon.ReleaseRequest, error) {
	all, err := list(t, scanRequest, `SELECT `+requestColumns+` FROM requests WHERE org = $1`, org)
	slices.SortFunc(all, func(a, b cordon.ReleaseRequest) int {
		if c := b.Created.Compare(a.Created); c != 0 {
			return c
		}
		return strings.Compare(string(b.ID), string(a.ID))
	})
	return all, err
}

const partColumns = `id, request, owner, portions, state, decider, decided, reason, grant_id, tearline`

func partArgs(p cordon.RequestPart) []any {
	return []any{
		p.ID, p.Request, p.Owner, asJSON(p.Portions), string(p.State), p.Decider, micros(p.Decided),
		blob(p.Reason), p.Grant, p.Tearline,
	}
}

func scanPart(row scanner, p *cordon.RequestPart) error {
	return row.Scan(&p.ID, &p.Request, &p.Owner, fromJSON{&p.Portions}, &p.State, &p.Decider, instant{&p.Decided},
		sealed(&p.Reason), &p.Grant, &p.Tearline)
}

// PutPart implements cordon.ReleaseTx.
func (t *Tx) PutPart(p cordon.RequestPart) error {
	return t.change(`UPDATE request_parts SET request = $2, owner = $3, portions = $4, state = $5, decider = $6,
			decided = $7, reason = $8, grant_id = $9, tearline = $10 WHERE id = $1`, partArgs(p)...)
}

// Part implements cordon.ReleaseTx.
func (t *Tx) Part(id cordon.ID) (cordon.RequestPart, error) {
	return one(t, scanPart, `SELECT `+partColumns+` FROM request_parts WHERE id = $1`, id)
}

// Parts implements cordon.ReleaseTx.
func (t *Tx) Parts(request cordon.ID) ([]cordon.RequestPart, error) {
	return list(t, scanPart, `SELECT `+partColumns+` FROM request_parts WHERE request = $1 ORDER BY id`, request)
}

// PartsFor implements cordon.ReleaseTx.
func (t *Tx) PartsFor(owner cordon.ID) ([]cordon.RequestPart, error) {
	return list(t, scanPart, `SELECT `+partColumns+` FROM request_parts WHERE owner = $1
		ORDER BY created DESC, id DESC`, owner)
}
