package notice

import (
	"context"
	"time"

	"cordon"
	"cordon/internal/core/act"
)

// Notice is a notice as it is shown.
type Notice struct {
	ID      cordon.ID
	Kind    cordon.NoticeKind
	Mark    string
	Text    string
	Created time.Time
	// Read is when the person read it; zero where they have not.
	Read time.Time
}

// reading is the deed of people who read their inbox.
var reading = act.ByAnyone(cordon.ActNotify)

// List shows the caller the notices addressed to them, by name or by a role they
// hold, whose rule admits them: newest first, at most limit and cordon.MaxPage of
// them. Notices that they may not see are neither fetched nor counted.
func List(ctx context.Context, by act.Caller, after cordon.Cursor, limit int) ([]Notice, error) {
	return list(ctx, by, false, after, limit)
}

// Unread is List of the notices that the caller has not read.
func Unread(ctx context.Context, by act.Caller, after cordon.Cursor, limit int) ([]Notice, error) {
	return list(ctx, by, true, after, limit)
}

func list(ctx context.Context, by act.Caller, unread bool, after cordon.Cursor, limit int) ([]Notice, error) {
	if limit <= 0 || limit > cordon.MaxPage {
		limit = cordon.MaxPage
	}
	return act.Read(ctx, by, reading, func(s *act.Snapshot) ([]Notice, error) {
		in := inbox(s)
		in.Unread = unread
		list, err := s.Tx.Notices(in, after, limit)
		if err != nil {
			return nil, err
		}
		var out []Notice
		for _, n := range list {
			text, err := s.Keys.OpenRecord(n.Org, sealContext(n.ID), n.Body)
			if err != nil {
				return nil, err
			}
			out = append(out, Notice{ID: n.ID, Kind: n.Kind, Mark: n.Mark, Text: string(text), Created: n.Created, Read: n.Read})
		}
		return out, nil
	})
}

// CountUnread counts the notices that Unread lists.
func CountUnread(ctx context.Context, by act.Caller) (int64, error) {
	return act.Read(ctx, by, reading, func(s *act.Snapshot) (int64, error) { return s.Tx.CountUnread(inbox(s)) })
}

// MarkRead notes that the caller has read the notices, at most a page of them. It
// concerns nobody else and stands in no feed. A notice that List would not show
// them is ErrNotFound, and then none is noted.
func MarkRead(ctx context.Context, by act.Caller, notices []cordon.ID) error {
	if len(notices) > cordon.MaxPage {
		return cordon.Errorf(cordon.KindTooLarge, "at most %d notices are marked as read at a time", cordon.MaxPage)
	}
	_, err := act.Do(ctx, by, reading, func(s *act.Snapshot) (act.Done, error) {
		for _, id := range notices {
			n, err := s.Tx.Notice(id)
			if err != nil {
				return act.Done{}, err
			}
			if !shown(s, n) {
				return act.Done{}, cordon.ErrNotFound
			}
		}
		return act.Done{}, nil
	}, func(c *act.Commit, _ act.Done) (act.Done, error) {
		return act.Done{}, c.Tx.MarkRead(c.Actor.Person.ID, notices, c.Now)
	})
	return err
}

func inbox(s *act.Snapshot) cordon.Inbox {
	return cordon.Inbox{Org: s.Actor.Org.ID, Person: s.Actor.Person.ID, Roles: s.Actor.Person.Roles, Rules: s.Rules()}
}

// shown reports whether the caller is shown the notice, as tx.Notices decides for
// all.
func shown(s *act.Snapshot, n cordon.Notice) bool {
	to := n.Person == s.Actor.Person.ID
	for _, r := range n.Roles {
		to = to || n.Person == "" && s.Actor.Person.Has(r)
	}
	return n.Org == s.Actor.Org.ID && to && (n.Rule == 0 || s.Sees(n.Rule))
}
