package sqltx

import (
	"time"

	"cordon"
)

// roleBits is how a notice's roles are kept: a bit each, so that they can be
// held against those a person has. A bit means its role for ever.
var roleBits = map[cordon.Role]int64{
	cordon.RoleReader: 1, cordon.RoleAuthor: 2, cordon.RoleReleaseAuthority: 4, cordon.RoleSecurityOfficer: 8, cordon.RoleAuditor: 16, cordon.RoleAdministrator: 32,
	cordon.RoleOperator: 64,
}

// roleMask leaves out roles it does not know, which no notice is addressed to.
func roleMask(roles []cordon.Role) int64 {
	var sum int64
	for _, r := range roles {
		sum |= roleBits[r]
	}
	return sum
}

// rolesIn scans roles from their bits.
type rolesIn struct{ roles *[]cordon.Role }

func (in rolesIn) Scan(v any) error {
	*in.roles = nil
	for _, r := range cordon.Roles() {
		if n, ok := v.(int64); ok && n&roleBits[r] != 0 {
			*in.roles = append(*in.roles, r)
		}
	}
	return nil
}

// AddNotices implements cordon.NoticeWriter.
func (t *Tx) AddNotices(notices []cordon.Notice) error {
	rows := make([][]any, len(notices))
	for i, n := range notices {
		for _, r := range n.Roles {
			if roleBits[r] == 0 {
				return cordon.Errorf(cordon.KindInternal, "a notice is addressed to a role that cannot be kept")
			}
		}
		rows[i] = []any{
			n.ID, n.Org, place(n.Created, n.ID), n.Person, roleMask(n.Roles), string(n.Kind), n.Mark, int64(n.Rule),
			asJSON(n.Portions), blob(n.Body), micros(n.Created),
		}
	}
	return t.insertAll("a notice", "notices", "id, org, place, person, roles, kind, mark, rule, portions, body, created", rows)
}

const noticeColumns = `n.id, n.org, n.person, n.roles, n.kind, n.mark, n.rule, n.portions, n.body, n.created`

func noticeFields(n *cordon.Notice) []any {
	return []any{
		&n.ID, &n.Org, &n.Person,
		rolesIn{&n.Roles},
		&n.Kind, &n.Mark, &n.Rule,
		fromJSON{&n.Portions},
		sealed(&n.Body),
		instant{&n.Created},
	}
}

// Notice implements cordon.NoticeReader.
func (t *Tx) Notice(id cordon.ID) (cordon.Notice, error) {
	scan := func(row scanner, n *cordon.Notice) error { return row.Scan(noticeFields(n)...) }
	return one(t, scan, `SELECT `+noticeColumns+` FROM notices n WHERE n.id = $1`, id)
}

// inbox is the notices of an Inbox; the bound values begin with inboxArgs.
const inbox = ` FROM notices n LEFT JOIN notice_reads r ON r.notice = n.id AND r.person = $2
	WHERE n.org = $1 AND (n.person = $2 OR n.person = '' AND (n.roles & $3) <> 0) AND n.rule @in($4)`

func (t *Tx) inboxArgs(in cordon.Inbox) []any {
	return []any{in.Org, in.Person, roleMask(in.Roles), t.nos(append([]cordon.RuleNo{0}, in.Rules...))}
}

// Notices implements cordon.NoticeReader.
func (t *Tx) Notices(in cordon.Inbox, after cordon.Cursor, limit int) ([]cordon.Notice, error) {
	scan := func(row scanner, n *cordon.Notice) error {
		return row.Scan(append(noticeFields(n), instant{&n.Read})...)
	}
	unread := ``
	if in.Unread {
		unread = ` AND r.at IS NULL`
	}
	return list(t, scan, `SELECT `+noticeColumns+`, COALESCE(r.at, $7)`+inbox+unread+` AND n.place < $5
		ORDER BY n.place DESC LIMIT $6`, append(t.inboxArgs(in), before(after), int64(max(limit, 0)), zeroTime)...)
}

// CountUnread implements cordon.NoticeReader.
func (t *Tx) CountUnread(in cordon.Inbox) (int64, error) {
	return one(t, scanInt, `SELECT COUNT(*)`+inbox+` AND r.at IS NULL`, t.inboxArgs(in)...)
}

// MarkRead implements cordon.NoticeWriter.
func (t *Tx) MarkRead(person cordon.ID, notices []cordon.ID, at time.Time) error {
	rows := make([][]any, 0, len(notices))
	for _, id := range distinct(notices) {
		rows = append(rows, []any{person, id, micros(at)})
	}
	_, err := t.insert("notice_reads", "person, notice, at", rows)
	return err
}

const channelColumns = `id, org, kind, target, clearance, quiet, kinds, created, failing`

func scanChannel(row scanner, c *cordon.Channel) error {
	return row.Scan(&c.ID, &c.Org, &c.Kind, sealed(&c.Target), &c.Clearance, flag{&c.Quiet}, fromJSON{&c.Kinds},
		instant{&c.Created}, instant{&c.Failing})
}

// PutChannel implements cordon.NoticeWriter.
func (t *Tx) PutChannel(c cordon.Channel) error {
	return t.put(`INSERT INTO channels (`+channelColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET org = excluded.org, kind = excluded.kind, target = excluded.target,
			clearance = excluded.clearance, quiet = excluded.quiet, kinds = excluded.kinds, created = excluded.created,
			failing = excluded.failing`,
		c.ID, c.Org, string(c.Kind), blob(c.Target), c.Clearance, asFlag(c.Quiet), asJSON(c.Kinds), micros(c.Created), micros(c.Failing))
}

// Channel implements cordon.NoticeReader.
func (t *Tx) Channel(id cordon.ID) (cordon.Channel, error) {
	return one(t, scanChannel, `SELECT `+channelColumns+` FROM channels WHERE id = $1`, id)
}

// Channels implements cordon.NoticeReader.
func (t *Tx) Channels(org cordon.ID) ([]cordon.Channel, error) {
	return list(t, scanChannel, `SELECT `+channelColumns+` FROM channels WHERE org = $1 ORDER BY created, id`, org)
}

// RemoveChannel implements cordon.NoticeWriter.
func (t *Tx) RemoveChannel(id cordon.ID) error {
	if err := t.put(`DELETE FROM outbox WHERE channel = $1`, id); err != nil {
		return err
	}
	return t.change(`DELETE FROM channels WHERE id = $1`, id)
}

const deliveryColumns = `id, notice, channel, attempts, due`

// AddDeliveries implements cordon.NoticeWriter.
func (t *Tx) AddDeliveries(deliveries []cordon.Delivery) error {
	rows := make([][]any, len(deliveries))
	for i, d := range deliveries {
		rows[i] = []any{d.ID, d.Notice, d.Channel, int64(d.Attempts), micros(d.Due)}
	}
	return t.insertAll("a delivery", "outbox", deliveryColumns, rows)
}

// DueChannels implements cordon.NoticeReader.
func (t *Tx) DueChannels(now time.Time, limit int) ([]cordon.ID, error) {
	return list(t, scanID, `SELECT DISTINCT channel FROM outbox WHERE due <= $1 LIMIT $2`, micros(now), int64(max(limit, 0)))
}

func scanDelivery(row scanner, d *cordon.Delivery) error {
	return row.Scan(&d.ID, &d.Notice, &d.Channel, &d.Attempts, instant{&d.Due})
}

// Delivery implements cordon.NoticeReader.
func (t *Tx) Delivery(id cordon.ID) (cordon.Delivery, error) {
	return one(t, scanDelivery, `SELECT `+deliveryColumns+` FROM outbox WHERE id = $1`, id)
}

// DueDelivery implements cordon.NoticeReader.
func (t *Tx) DueDelivery(channel cordon.ID, now time.Time) (cordon.Delivery, error) {
	return one(t, scanDelivery, `SELECT `+deliveryColumns+` FROM outbox WHERE channel = $1 AND due <= $2
		ORDER BY due LIMIT 1`, channel, micros(now))
}

// PutDelivery implements cordon.NoticeWriter.
func (t *Tx) PutDelivery(d cordon.Delivery) error {
	return t.change(`UPDATE outbox SET notice = $2, channel = $3, attempts = $4, due = $5 WHERE id = $1`,
		d.ID, d.Notice, d.Channel, int64(d.Attempts), micros(d.Due))
}

// RemoveDelivery implements cordon.NoticeWriter.
func (t *Tx) RemoveDelivery(id cordon.ID) error {
	return t.change(`DELETE FROM outbox WHERE id = $1`, id)
}
