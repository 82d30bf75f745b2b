// Package contain contains a disclosure: it opens an incident, strikes portions
// and keeps them in custody, limits reports to named people, revokes grants and
// tells the organisations concerned.
//
// One call does all of it in one transaction, so a killed node has contained
// everything or nothing. Once it returns, no read on any node gives the struck
// text (promise 5).
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

// Incident is an incident as it is shown to people who may know of it.
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

// OpenIncident opens a case for the person's organisation. Custody names the
// people who may read portions struck under it. They must be people of that
// organisation, since custody does not widen who had a portion. The opener is
// always among them.
func OpenIncident(ctx context.Context, by act.Caller, title string, custody []cordon.ID) (Incident, error) {
	if strings.TrimSpace(title) == "" || len(title) > cordon.MaxNameBytes {
		return Incident{}, cordon.Errorf(cordon.KindInvalid, "an incident needs a title of up to %d bytes", cordon.MaxNameBytes)
	}
	if len(custody) > cordon.MaxCircle {
		return Incident{}, cordon.Errorf(cordon.KindTooLarge, "a custody circle names at most %d people", cordon.MaxCircle)
	}
	return act.Do(ctx, by, act.ByRole(cordon.ActIncident, cordon.RoleSecurityOfficer), func(s *act.Snapshot) (cordon.Incident, error) {
		named, err := s.FindPeople(custody)
		if err != nil {
			return cordon.Incident{}, err
		}
		circle := append([]cordon.ID{s.Actor.Person.ID}, named...)
		slices.Sort(circle)
		i := cordon.Incident{
			ID: cordon.NewID(), Org: s.Actor.Org.ID, Opener: s.Actor.Person.ID, Opened: s.Now, Custody: slices.Compact(circle),
		}
		if err := s.Members(i.Org, i.Custody, "a person named for custody is not one of your organisation's"); err != nil {
			return i, err
		}
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

// Find shows an incident with its disclosures and steps to the security
// officers and the custody circle of its organisation; to everybody else it is
// ErrNotFound.
func Find(ctx context.Context, by act.Caller, id cordon.ID) (Incident, error) {
	return act.Read(ctx, by, act.ByAnyone(cordon.ActIncident), func(s *act.Snapshot) (Incident, error) {
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

// Incidents lists the incidents that the person may know of, newest first.
func Incidents(ctx context.Context, by act.Caller) ([]Incident, error) {
	return act.Read(ctx, by, act.ByAnyone(cordon.ActIncident), func(s *act.Snapshot) ([]Incident, error) {
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
