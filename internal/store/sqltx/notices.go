package sqltx

import (
	"slices"
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
			n.ID, n.Org, n.Person, roleMask(n.Roles), string(n.Kind), n.Mark, int64(n.Rule),
			asJSON(n.Portions), blob(n.Body), micros(n.Created), place(n.Created, n.ID),
		}
	}
	return t.addAll("a notice", noticesTable, rows)
}

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
	return findOne(t, noticesTable, scan, `WHERE id = $1`, id)
}

// inbox is the notices of an Inbox; the bound values begin with inboxArgs.
const inbox = `LEFT JOIN notice_reads r ON r.notice = notices.id AND r.person = $2
	WHERE notices.org = $1 AND (notices.person = $2 OR notices.person = '' AND (notices.roles & $3) <> 0) AND notices.rule @in($4)`

func (t *Tx) inboxArgs(in cordon.Inbox) []any {
	return []any{in.Org, in.Person, roleMask(in.Roles), t.nos(append([]cordon.RuleNo{0}, in.Rules...))}
}

// Notices implements cordon.NoticeReader.
func (t *Tx) Notices(in cordon.Inbox, after cordon.Cursor, limit int) ([]cordon.Notice, error) {
	scan := func(row scanner, n *cordon.Notice) error {
		return row.Scan(append(noticeFields(n), nil, instant{&n.Read})...)
	}
	unread := ``
	if in.Unread {
		unread = ` AND r.at IS NULL`
	}
	all, _, err := findJoined(t, noticesTable, []string{"COALESCE(r.at, $7)"}, scan, inbox+unread+` AND notices.place < $5
		ORDER BY notices.place DESC LIMIT $6`, append(t.inboxArgs(in), before(after), int64(max(limit, 0)), zeroTime)...)
	return all, err
}

// CountUnread implements cordon.NoticeReader.
func (t *Tx) CountUnread(in cordon.Inbox) (int64, error) {
	return one(t, scanInt, `SELECT COUNT(*) FROM notices `+inbox+` AND r.at IS NULL`, t.inboxArgs(in)...)
}

// MarkRead implements cordon.NoticeWriter.
func (t *Tx) MarkRead(person cordon.ID, notices []cordon.ID, at time.Time) error {
	scan := func(row scanner, id *cordon.ID) error { return row.Scan(nil, id) }
	read, err := find(t, noticeReadsTable, scan, `WHERE person = $1 AND notice @in($2)`, person, t.ids(notices))
	if err != nil {
		return err
	}
	rows := make([][]any, 0, len(notices))
	for _, id := range distinct(notices) {
		if !slices.Contains(read, id) {
			rows = append(rows, []any{person, id, micros(at)})
		}
	}
	return t.addAll("a notice read", noticeReadsTable, rows)
}

func scanChannel(row scanner, c *cordon.Channel) error {
	return row.Scan(&c.ID, &c.Org, &c.Kind, sealed(&c.Target), &c.Clearance, flag{&c.Quiet}, fromJSON{&c.Kinds},
		instant{&c.Created}, instant{&c.Failing})
}

// PutChannel implements cordon.NoticeWriter.
func (t *Tx) PutChannel(c cordon.Channel) error {
	return t.save(channelsTable,
		c.ID, c.Org, string(c.Kind), blob(c.Target), c.Clearance, asFlag(c.Quiet), asJSON(c.Kinds), micros(c.Created), micros(c.Failing))
}

// Channel implements cordon.NoticeReader.
func (t *Tx) Channel(id cordon.ID) (cordon.Channel, error) {
	return findOne(t, channelsTable, scanChannel, `WHERE id = $1`, id)
}

// Channels implements cordon.NoticeReader.
func (t *Tx) Channels(org cordon.ID) ([]cordon.Channel, error) {
	return findSet(t, channelsTable, "channels/"+string(org), scanChannel, `WHERE org = $1 ORDER BY created, id`, org)
}

// RemoveChannel implements cordon.NoticeWriter.
func (t *Tx) RemoveChannel(id cordon.ID) error {
	if _, err := t.remove(outboxTable, `channel = $1`, id); err != nil {
		return err
	}
	return t.removeOne(channelsTable, `id = $1`, id)
}

// AddDeliveries implements cordon.NoticeWriter.
func (t *Tx) AddDeliveries(deliveries []cordon.Delivery) error {
	rows := make([][]any, len(deliveries))
	for i, d := range deliveries {
		rows[i] = []any{d.ID, d.Notice, d.Channel, int64(d.Attempts), micros(d.Due)}
	}
	return t.addAll("a delivery", outboxTable, rows)
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
	return findOne(t, outboxTable, scanDelivery, `WHERE id = $1`, id)
}

// DueDelivery implements cordon.NoticeReader.
func (t *Tx) DueDelivery(channel cordon.ID, now time.Time) (cordon.Delivery, error) {
	return findOne(t, outboxTable, scanDelivery, `WHERE channel = $1 AND due <= $2
		ORDER BY due LIMIT 1`, channel, micros(now))
}

// PutDelivery implements cordon.NoticeWriter.
func (t *Tx) PutDelivery(d cordon.Delivery) error {
	return t.amendOne(outboxTable, changes{"notice": d.Notice, "channel": d.Channel, "attempts": int64(d.Attempts), "due": micros(d.Due)}, `id = $1`, d.ID)
}

// RemoveDelivery implements cordon.NoticeWriter.
func (t *Tx) RemoveDelivery(id cordon.ID) error {
	return t.removeOne(outboxTable, `id = $1`, id)
}
