package notice

import (
	"context"
	"time"

	"cordon"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
)

// Service is the inbox, and the channels by which notices leave.
type Service struct {
	Store cordon.Store
	Vault *vault.Vault
	Rules *reader.RuleCache
	Clock cordon.Clock

	// Carrier tries channels out.
	Carrier Carrier
	// Mail says whether this installation sends mail, PlainWebhooks whether a
	// webhook's URL may be http.
	Mail, PlainWebhooks bool
}

// Notice is one as it is shown.
type Notice struct {
	ID      cordon.ID
	Kind    cordon.NoticeKind
	Mark    string
	Text    string
	Created time.Time
	// Read is the zero time for one that the person has not read.
	Read time.Time
}

// List shows a person the notices addressed to him, by name or by a role he
// holds, whose rule admits him. Newest first. What he may not see is neither
// fetched nor counted.
func (s *Service) List(ctx context.Context, person cordon.ID, after cordon.Cursor, limit int) ([]Notice, error) {
	return s.list(ctx, person, false, after, limit)
}

// Unread lists those of List that he has not read.
func (s *Service) Unread(ctx context.Context, person cordon.ID, after cordon.Cursor, limit int) ([]Notice, error) {
	return s.list(ctx, person, true, after, limit)
}

func (s *Service) list(ctx context.Context, person cordon.ID, unread bool, after cordon.Cursor, limit int) ([]Notice, error) {
	if limit <= 0 || limit > cordon.MaxPage {
		limit = cordon.MaxPage
	}
	var out []Notice
	err := s.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := s.Rules.Look(tx, person, s.Clock.Now())
		if err != nil {
			return err
		}
		in := inbox(view)
		in.Unread = unread
		list, err := tx.Notices(in, after, limit)
		if err != nil {
			return err
		}
		ring := s.Vault.Ring(tx)
		out = nil
		for _, n := range list {
			text, err := ring.OpenRecord(n.Org, sealContext(n.ID), n.Body)
			if err != nil {
				return err
			}
			out = append(out, Notice{ID: n.ID, Kind: n.Kind, Mark: n.Mark, Text: string(text), Created: n.Created, Read: n.Read})
		}
		return nil
	})
	return out, err
}

// CountUnread counts what Unread lists.
func (s *Service) CountUnread(ctx context.Context, person cordon.ID) (int64, error) {
	var n int64
	err := s.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := s.Rules.Look(tx, person, s.Clock.Now())
		if err == nil {
			n, err = tx.CountUnread(inbox(view))
		}
		return err
	})
	return n, err
}

// MarkRead notes that the person has read the notices, at most a page of them.
// It is his own matter and stands in no feed. One that List would not show him
// is ErrNotFound, and then none is noted.
func (s *Service) MarkRead(ctx context.Context, person cordon.ID, notices []cordon.ID) error {
	if len(notices) > cordon.MaxPage {
		return cordon.Errorf(cordon.TooLarge, "at most %d notices are marked as read at a time", cordon.MaxPage)
	}
	return s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := s.Rules.Look(cordon.Holding(tx), person, s.Clock.Now())
		if err != nil {
			return err
		}
		for _, id := range notices {
			n, err := tx.Notice(id)
			if err != nil {
				return err
			}
			if !shown(view, n) {
				return cordon.ErrNotFound
			}
		}
		return tx.MarkRead(view.Actor.Person.ID, notices, view.Now)
	})
}

func inbox(view *reader.View) cordon.Inbox {
	return cordon.Inbox{
		Org: view.Actor.Org.ID, Person: view.Actor.Person.ID, Roles: view.Actor.Person.Roles, Rules: view.Rules(),
	}
}

// shown is for one notice what tx.Notices is for all.
func shown(view *reader.View, n cordon.Notice) bool {
	to := n.Person == view.Actor.Person.ID
	for _, r := range n.Roles {
		to = to || n.Person == "" && view.Actor.Person.Has(r)
	}
	return n.Org == view.Actor.Org.ID && to && (n.Rule == 0 || view.Sees(n.Rule))
}
