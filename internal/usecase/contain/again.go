package contain

import (
	"context"

	"cordon"
	"cordon/internal/core/act"
)

// Again is a portion that was struck, and has to be again since a backup from before
// that was put back.
type Again struct {
	Portion cordon.ID
	// Incident is what it was struck under, without its title.
	Incident  cordon.Incident
	Destroyed bool
}

// restoredTitle is the title of an incident that is not in the backup.
const restoredTitle = "(from the journal of what was struck: the incident's own record is newer than the backup)"

// StrikeAgain strikes and destroys what was, as far as it is there, and gives how many
// portions it did. An incident that is not there is made anew, with those of its
// custodians who are there, so that its organisation's security officers know of it.
func StrikeAgain(ctx context.Context, base *act.Base, all []Again) (int, error) {
	type target struct {
		Again
		cordon.Portion
	}
	return act.Do(ctx, base.Itself(), act.ByAnyone(cordon.ActStrike), func(s *act.Snapshot) ([]target, error) {
		var targets []target
		for _, again := range all {
			found, err := s.Tx.PortionsByID([]cordon.ID{again.Portion})
			if err != nil {
				return nil, err
			}
			if len(found) == 0 {
				continue // it was written after the backup
			}
			targets = append(targets, target{again, found[0]})
		}
		return targets, nil
	}, func(c *act.Commit, targets []target) (n int, err error) {
		for _, t := range targets {
			done, err := strikeAgain(c, t.Again, t.Portion)
			if err != nil {
				return n, err
			}
			if done {
				n++
			}
		}
		if n > 0 {
			err = owesScrub(c.Tx)
		}
		return n, err
	})
}

func strikeAgain(c *act.Commit, again Again, p cordon.Portion) (done bool, err error) {
	incident := again.Incident.ID
	if p.State != cordon.PortionStruck {
		i, err := incidentAgain(c, again.Incident, p)
		if err != nil {
			return false, err
		}
		d := containment{incident: i, struck: []cordon.Portion{p}}
		if err := d.putStruck(c); err != nil {
			return false, err
		}
		done = true
	}
	if !again.Destroyed {
		return done, nil
	}
	item, err := c.Tx.Custody(p.ID)
	if err != nil || item.Body == nil {
		return done, err
	}
	if err := c.Tx.DestroyCustody(p.ID); err != nil {
		return false, err
	}
	return true, c.RecordOwners(cordon.Entry{Act: cordon.ActDestroy, Subject: incident}, []cordon.Portion{p})
}

// incidentAgain is the incident as it is there, or made anew. One of an organisation
// that is not there belongs to the holder of the portion's report.
func incidentAgain(c *act.Commit, was cordon.Incident, p cordon.Portion) (cordon.Incident, error) {
	i, err := c.Tx.Incident(was.ID)
	if cordon.KindOf(err) != cordon.KindNotFound || err == nil {
		return i, err
	}
	i = cordon.Incident{ID: was.ID, Org: was.Org, Opened: c.Now}
	if _, err := c.Tx.Organisation(i.Org); cordon.KindOf(err) == cordon.KindNotFound && err != nil {
		report, err := c.Tx.Report(p.Report)
		if err != nil {
			return i, err
		}
		i.Org = report.Holder
	} else if err != nil {
		return i, err
	}
	for _, id := range was.Custody {
		person, err := c.Tx.Person(id)
		if cordon.KindOf(err) == cordon.KindNotFound && err != nil {
			continue
		}
		if err != nil {
			return i, err
		}
		if person.Org == i.Org {
			i.Custody = append(i.Custody, id)
		}
		if id == was.Opener {
			i.Opener = id
		}
	}
	if i.Title, err = c.Keys.SealRecord(i.Org, titleContext(i.ID), []byte(restoredTitle)); err != nil {
		return i, err
	}
	return i, c.Tx.PutIncident(i)
}
