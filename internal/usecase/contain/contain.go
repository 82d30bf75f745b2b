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
)

// Incident is one as it is shown to those who may know of it.
type Incident struct {
	ID          cordon.ID
	Title       string
	Opener      cordon.ID
	Opened      time.Time
	Custody     []cordon.ID
	Disclosures []Disclosed
	Steps       []Step
}

// Disclosed is a portion found outside.
type Disclosed struct {
	Portion cordon.ID
	Words   int
	Found   time.Time
}

// Step is one containment step taken.
type Step struct {
	Step   cordon.Step
	Target cordon.ID
	By     cordon.ID
	At     time.Time
}

// OpenIncident opens a case for the person's organisation. Custody names who
// may read what is struck under it; the opener is always among them. They must
// be people of that organisation: custody does not widen who had it.
func OpenIncident(ctx context.Context, by act.Caller, title string, custody []cordon.ID) (Incident, error) {
	if strings.TrimSpace(title) == "" || len(title) > cordon.MaxNameBytes {
		return Incident{}, cordon.Errorf(cordon.KindInvalid, "an incident needs a title of up to %d bytes", cordon.MaxNameBytes)
	}
	if len(custody) > cordon.MaxCircle {
		return Incident{}, cordon.Errorf(cordon.KindTooLarge, "a custody circle names at most %d people", cordon.MaxCircle)
	}
	return act.Do(ctx, by, act.Needing(cordon.ActIncident, cordon.RoleSecurityOfficer), func(s *act.Snapshot) (cordon.Incident, error) {
		circle := append([]cordon.ID{s.Actor.Person.ID}, custody...)
		slices.Sort(circle)
		i := cordon.Incident{
			ID: cordon.NewID(), Org: s.Actor.Org.ID, Opener: s.Actor.Person.ID, Opened: s.Now, Custody: slices.Compact(circle),
		}
		if err := s.Members(i.Org, i.Custody, "a person named for custody is not one of your organisation's"); err != nil {
			return i, err
		}
		var err error
		i.Title, err = s.Keys.SealRecord(i.Org, titleContext(i.ID), []byte(title))
		return i, err
	}, func(c *act.Commit, i cordon.Incident) (Incident, error) {
		if err := c.Tx.PutIncident(i); err != nil {
			return Incident{}, err
		}
		out := Incident{ID: i.ID, Title: title, Opener: i.Opener, Opened: i.Opened, Custody: i.Custody}
		return out, c.Record(cordon.Entry{Feed: i.Org, Subject: i.ID})
	})
}

// Find shows one with its disclosures and steps to the security officers
// and the custody circle of its organisation; to everybody else it is
// ErrNotFound.
func Find(ctx context.Context, by act.Caller, id cordon.ID) (Incident, error) {
	return act.Read(ctx, by, act.Anybodys(cordon.ActIncident), func(s *act.Snapshot) (Incident, error) {
		i, err := visible(s, id)
		if err != nil {
			return Incident{}, err
		}
		out, err := show(s, i)
		if err != nil {
			return Incident{}, err
		}
		disclosures, err := s.Tx.Disclosures(id)
		if err != nil {
			return Incident{}, err
		}
		for _, d := range disclosures {
			out.Disclosures = append(out.Disclosures, Disclosed{d.Portion, d.Words, d.Found})
		}
		steps, err := s.Tx.Steps(id)
		for _, st := range steps {
			out.Steps = append(out.Steps, Step{st.Step, st.Target, st.By, st.At})
		}
		return out, err
	})
}

// Incidents lists those the person may know of, newest first.
func Incidents(ctx context.Context, by act.Caller) ([]Incident, error) {
	return act.Read(ctx, by, act.Anybodys(cordon.ActIncident), func(s *act.Snapshot) ([]Incident, error) {
		list, err := s.Tx.Incidents(s.Actor.Org.ID)
		if err != nil {
			return nil, err
		}
		var out []Incident
		for _, i := range list {
			if !mayKnow(s, i) {
				continue
			}
			one, err := show(s, i)
			if err != nil {
				return nil, err
			}
			out = append(out, one)
		}
		return out, nil
	})
}

func show(s *act.Snapshot, i cordon.Incident) (Incident, error) {
	title, err := s.Keys.OpenRecord(i.Org, titleContext(i.ID), i.Title)
	return Incident{ID: i.ID, Title: string(title), Opener: i.Opener, Opened: i.Opened, Custody: i.Custody}, err
}

// visible loads an incident that the caller may know of; ErrNotFound otherwise.
func visible(s *act.Snapshot, id cordon.ID) (cordon.Incident, error) {
	i, err := s.Tx.Incident(id)
	if err == nil && !mayKnow(s, i) {
		err = cordon.ErrNotFound
	}
	return i, err
}

func mayKnow(s *act.Snapshot, i cordon.Incident) bool {
	return i.Org == s.Actor.Org.ID &&
		(s.Actor.Person.Has(cordon.RoleSecurityOfficer) || access.Custody(i, s.Reader).Allowed())
}

func titleContext(id cordon.ID) string { return "incident title:" + string(id) }
