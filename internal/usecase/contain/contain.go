// Package contain is what is done when a secret is out: an incident is opened,
// portions are struck and kept in custody, reports limited to named people,
// grants revoked and those concerned told.
//
// One call contains: all of it happens in one transaction, so that a killed
// node has contained everything or nothing, and when it returns no read on any
// node gives the struck text (promise 5).
package contain

import (
	"context"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
)

// Incident is one as it is shown to those who may know of it.
type Incident struct {
	ID          cordon.ID   `json:"id"`
	Title       string      `json:"title"`
	Opener      cordon.ID   `json:"opener"`
	Opened      time.Time   `json:"opened"`
	Custody     []cordon.ID `json:"custody"`
	Disclosures []Disclosed `json:"disclosures,omitempty"`
	Steps       []Step      `json:"steps,omitempty"`
}

// Disclosed is a portion found outside.
type Disclosed struct {
	Portion cordon.ID `json:"portion"`
	Words   int       `json:"words"`
	Found   time.Time `json:"found"`
}

// Step is one containment step taken.
type Step struct {
	Step   cordon.Step `json:"step"`
	Target cordon.ID   `json:"target"`
	By     cordon.ID   `json:"by"`
	At     time.Time   `json:"at"`
}

// OpenIncident opens a case for the person's organisation. Custody names who
// may read what is struck under it; the opener is always among them. They must
// be people of that organisation: custody does not widen who had it.
func OpenIncident(ctx context.Context, by act.Caller, title string, custody []cordon.ID) (Incident, error) {
	if strings.TrimSpace(title) == "" || len(title) > cordon.MaxNameBytes {
		return Incident{}, cordon.Errorf(cordon.Invalid, "an incident needs a title of up to %d bytes", cordon.MaxNameBytes)
	}
	if len(custody) > cordon.MaxCircle {
		return Incident{}, cordon.Errorf(cordon.TooLarge, "a custody circle names at most %d people", cordon.MaxCircle)
	}
	var out Incident
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		view, err := by.Rules.Look(cordon.Holding(tx), by.Person, by.Clock.Now())
		if err != nil {
			return err
		}
		if err := view.Require(cordon.SecurityOfficer); err != nil {
			return err
		}
		circle := append([]cordon.ID{by.Person}, custody...)
		slices.Sort(circle)
		circle = slices.Compact(circle)
		for _, id := range circle {
			p, err := tx.HoldPerson(id)
			if err != nil && cordon.KindOf(err) != cordon.NotFound {
				return err
			}
			if err != nil || p.Org != view.Actor.Org.ID {
				return cordon.Errorf(cordon.Invalid, "a person named for custody is not one of your organisation's")
			}
		}

		// act
		i := cordon.Incident{
			ID: cordon.NewID(), Org: view.Actor.Org.ID, Opener: by.Person, Opened: view.Now, Custody: circle,
		}
		if i.Title, err = by.Vault.Ring(tx).SealRecord(i.Org, titleContext(i.ID), []byte(title)); err != nil {
			return err
		}
		if err := tx.PutIncident(i); err != nil {
			return err
		}

		// record
		e := view.Entry(cordon.ActIncident, cordon.Allowed)
		e.Feed, e.Subject = i.Org, i.ID
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
		out = Incident{ID: i.ID, Title: title, Opener: by.Person, Opened: i.Opened, Custody: circle}
		return nil
	})
	return out, err
}

// Find shows one with its disclosures and steps to the security officers
// and the custody circle of its organisation; to everybody else it is
// ErrNotFound.
func Find(ctx context.Context, by act.Caller, id cordon.ID) (Incident, error) {
	var out Incident
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := by.Rules.Look(tx, by.Person, by.Clock.Now())
		if err != nil {
			return err
		}
		i, err := Visible(tx, view, id)
		if err != nil {
			return err
		}
		if out, err = show(by.Base, tx, i); err != nil {
			return err
		}
		disclosures, err := tx.Disclosures(id)
		if err != nil {
			return err
		}
		for _, d := range disclosures {
			out.Disclosures = append(out.Disclosures, Disclosed{d.Portion, d.Words, d.Found})
		}
		steps, err := tx.Steps(id)
		if err != nil {
			return err
		}
		for _, st := range steps {
			out.Steps = append(out.Steps, Step{st.Step, st.Target, st.By, st.At})
		}
		return nil
	})
	return out, err
}

// Incidents lists those the person may know of, newest first.
func Incidents(ctx context.Context, by act.Caller) ([]Incident, error) {
	var out []Incident
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := by.Rules.Look(tx, by.Person, by.Clock.Now())
		if err != nil {
			return err
		}
		list, err := tx.Incidents(view.Actor.Org.ID)
		if err != nil {
			return err
		}
		out = nil
		for _, i := range list {
			if !mayKnow(view, i) {
				continue
			}
			one, err := show(by.Base, tx, i)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return nil
	})
	return out, err
}

func show(base *act.Base, tx cordon.ReadTx, i cordon.Incident) (Incident, error) {
	title, err := base.Vault.Ring(tx).OpenRecord(i.Org, titleContext(i.ID), i.Title)
	if err != nil {
		return Incident{}, err
	}
	return Incident{ID: i.ID, Title: string(title), Opener: i.Opener, Opened: i.Opened, Custody: i.Custody}, nil
}

// Visible loads an incident for who may know of it; ErrNotFound otherwise.
func Visible(tx cordon.ReadTx, view *reader.View, id cordon.ID) (cordon.Incident, error) {
	i, err := tx.Incident(id)
	if err != nil {
		return cordon.Incident{}, err
	}
	if !mayKnow(view, i) {
		return cordon.Incident{}, cordon.ErrNotFound
	}
	return i, nil
}

func mayKnow(view *reader.View, i cordon.Incident) bool {
	return i.Org == view.Actor.Org.ID &&
		(view.Actor.Person.Has(cordon.SecurityOfficer) || access.Custody(i, view.Reader).Allowed())
}

func titleContext(id cordon.ID) string { return "incident title:" + string(id) }
