// Package notice tells organisations what concerns them. A notice is written
// in the same transaction as what it tells of, so neither is there without the
// other. In this first form it is read in the in-app inbox; it names things by
// their ids and organisations by their names, and never quotes a portion.
package notice

import (
	"context"
	"time"

	"cordon"
	"cordon/internal/ledger"
	"cordon/internal/sight"
	"cordon/internal/vault"
	"cordon/marking"
)

// Send writes a notice to the organisation, sealed under its own key, and the
// entry in its feed.
func Send(tx cordon.Tx, ring *vault.Ring, view *sight.View, org cordon.ID, mark, text string) error {
	n := cordon.Notice{ID: cordon.NewID(), Org: org, Mark: mark, Created: view.Now}
	var err error
	if n.Body, err = ring.SealRecord(org, sealContext(n.ID), []byte(text)); err != nil {
		return err
	}
	if err := tx.AddNotices([]cordon.Notice{n}); err != nil {
		return err
	}
	e := view.Entry(cordon.ActNotify, cordon.Allowed)
	e.Feed, e.Subject, e.Audience = org, n.ID, org
	return ledger.Append(tx, e)
}

func sealContext(id cordon.ID) string { return "notice:" + string(id) }

// Mark is the marking of a notice that tells of the portions: their roll-up, as
// a portion mark. It is empty where there is none, which keeps nobody from
// being told.
func Mark(schemes *marking.Set, portions []cordon.Portion) (string, error) {
	var all []marking.Marks
	seen := make(map[string]bool)
	for _, p := range portions {
		if seen[p.Mark] {
			continue
		}
		seen[p.Mark] = true
		m, err := schemes.Parse(p.Mark)
		if err != nil {
			return "", cordon.Errorf(cordon.Internal, "a stored marking is not a marking").Because(err)
		}
		all = append(all, m)
	}
	whole, err := schemes.RollUp(all)
	if len(all) == 0 || err != nil {
		return "", nil
	}
	return whole.Portion(), nil
}

// Service is the inbox.
type Service struct {
	Store cordon.Store
	Vault *vault.Vault
	Book  *sight.Book
	Clock cordon.Clock
}

// Notice is one as it is shown.
type Notice struct {
	ID      cordon.ID `json:"id"`
	Mark    string    `json:"marking,omitempty"`
	Text    string    `json:"text"`
	Created time.Time `json:"created"`
}

// List shows an organisation's notices to those of its people who act on
// them: release authorities and security officers. Newest first.
func (s *Service) List(ctx context.Context, person cordon.ID, after cordon.Cursor, limit int) ([]Notice, error) {
	if limit <= 0 || limit > cordon.MaxPage {
		limit = cordon.MaxPage
	}
	var out []Notice
	err := s.Store.View(ctx, func(tx cordon.Tx) error {
		view, err := s.Book.Look(tx, person, s.Clock.Now())
		if err != nil {
			return err
		}
		if !view.Actor.Person.Has(cordon.SecurityOfficer) {
			if err := view.Require(cordon.ReleaseAuthority); err != nil {
				return err
			}
		}
		list, err := tx.Notices(view.Actor.Org.ID, after, limit)
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
			out = append(out, Notice{ID: n.ID, Mark: n.Mark, Text: string(text), Created: n.Created})
		}
		return nil
	})
	return out, err
}
