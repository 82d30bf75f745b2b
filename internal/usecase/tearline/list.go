package tearline

import (
	"context"
	"slices"

	"cordon"
	"cordon/internal/core/act"
)

// Link is a portion of a tearline with the original it was written against, for
// people of the owner of both who may see both.
type Link struct {
	// Tearline is the report that Portion is in.
	Tearline, Portion cordon.ID
	Mark              string
	// Report is that of the original.
	Report, Original cordon.ID
	OriginalMark     string
}

// Linked is a tearline of some portions, and who may have it.
type Linked struct {
	Report cordon.ID
	// Originals are those of the portions asked about that the tearline was
	// written against.
	Originals []cordon.ID
	// To are the organisations it was given to or that a grant, ended or not,
	// permitted it to.
	To []cordon.ID
	// Onward says that the tearline's marking lets others be told without
	// asking.
	Onward bool
}

// List gives the links of a report, as a tearline or as an original. Only
// people of the organisation that owns both ends are shown links, and only
// those of which they may see both ends. To everybody else who may see the
// report there are none. A report of which the person sees nothing is
// ErrNotFound.
func List(ctx context.Context, by act.Caller, report cordon.ID) ([]Link, error) {
	return act.Read(ctx, by, act.ByRole(cordon.ActTearline, cordon.RoleReader), func(s *act.Snapshot) ([]Link, error) {
		portions, err := seen(s, report)
		if err != nil {
			return nil, err
		}
		links, err := s.Tx.Tearlines(cordon.PortionIDs(portions))
		if err != nil {
			return nil, err
		}
		back, err := s.Tx.Originals(cordon.PortionIDs(portions))
		if err != nil {
			return nil, err
		}
		return both(s, append(links, back...))
	})
}

// seen are the report's portions that the caller sees.
func seen(s *act.Snapshot, report cordon.ID) ([]cordon.Portion, error) {
	numbers, err := s.Tx.PortionRules(report)
	if err != nil {
		return nil, err
	}
	of, err := s.VisibleUnder(numbers)
	if err != nil {
		return nil, err
	}
	portions, err := s.Tx.Portions(report, of)
	if err == nil && len(portions) == 0 {
		err = cordon.ErrNotFound
	}
	return portions, err
}

// both keeps the links of which the caller sees both ends and their organisation
// owns the original alone.
func both(s *act.Snapshot, links []cordon.TearlineLink) ([]Link, error) {
	var ids []cordon.ID
	for _, l := range links {
		ids = append(ids, l.Portion, l.Original)
	}
	slices.Sort(ids)
	portions, err := s.Tx.PortionsByID(slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	byID := make(map[cordon.ID]cordon.Portion, len(portions))
	for _, p := range portions {
		if s.Decide(p).Allowed() {
			byID[p.ID] = p
		}
	}
	var out []Link
	for _, l := range links {
		p, visible := byID[l.Portion]
		o, known := byID[l.Original]
		if !visible || !known {
			continue
		}
		if alone, err := ownedBy(s, o, s.Actor.Org.ID); err != nil {
			return nil, err
		} else if alone {
			out = append(out, Link{Tearline: p.Report, Portion: p.ID, Mark: p.Mark, Report: o.Report, Original: o.ID, OriginalMark: o.Mark})
		}
	}
	return out, nil
}

func ownedBy(s *act.Snapshot, p cordon.Portion, org cordon.ID) (bool, error) {
	rule, err := s.Rule(p.Rule)
	return err == nil && len(rule.Owners) == 1 && rule.Owners[0].Owner == org, err
}

// Of lists, for the owner, the live tearlines of those of the portions that it
// owns alone, and to whom each was released. They are to be looked at again
// when the portions turn out to be known outside.
func Of(s *act.Snapshot, owner cordon.ID, originals []cordon.Portion) ([]Linked, error) {
	var ids []cordon.ID
	for _, p := range originals {
		alone, err := ownedBy(s, p, owner)
		if err != nil {
			return nil, err
		}
		if alone {
			ids = append(ids, p.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	links, err := s.Tx.Tearlines(ids)
	if err != nil || len(links) == 0 {
		return nil, err
	}
	var written []cordon.ID
	for _, l := range links {
		written = append(written, l.Portion)
	}
	slices.Sort(written)
	portions, err := s.Tx.PortionsByID(slices.Compact(written))
	if err != nil {
		return nil, err
	}
	var all []Linked
	for _, l := range links {
		i := slices.IndexFunc(portions, func(p cordon.Portion) bool { return p.ID == l.Portion && p.State == cordon.PortionLive })
		if i < 0 {
			continue
		}
		j := slices.IndexFunc(all, func(have Linked) bool { return have.Report == portions[i].Report })
		if j < 0 {
			j = len(all)
			all = append(all, Linked{Report: portions[i].Report})
		}
		if !slices.Contains(all[j].Originals, l.Original) {
			all[j].Originals = append(all[j].Originals, l.Original)
		}
		if err := all[j].released(s, portions[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// released adds whom the portion was given or granted to.
func (l *Linked) released(s *act.Snapshot, p cordon.Portion) error {
	rule, err := s.Rule(p.Rule)
	if err != nil {
		return err
	}
	for _, o := range rule.Owners {
		l.To = append(l.To, o.Recipients...)
		l.Onward = l.Onward || o.Anyone || len(o.Communities) > 0
	}
	grants, err := s.Tx.GrantsOf([]cordon.ID{p.ID})
	if err != nil {
		return err
	}
	for _, g := range grants {
		l.To = append(l.To, g.To)
	}
	slices.Sort(l.To)
	l.To = slices.Compact(l.To)
	return nil
}

// CheckReport is Check of a published tearline against its originals, with the
// facts recorded on it. The person is an author and sees both. A report that is
// linked to nothing they may see is ErrNotFound, as an absent one is.
func CheckReport(ctx context.Context, by act.Caller, report cordon.ID) (Checked, error) {
	type plan struct {
		material
		originals, portions []cordon.Portion
	}
	m, err := act.Answer(ctx, by, act.ByRole(cordon.ActTearline, cordon.RoleAuthor), func(s *act.Snapshot) (plan, error) {
		portions, err := seen(s, report)
		if err != nil {
			return plan{}, err
		}
		back, err := s.Tx.Originals(cordon.PortionIDs(portions))
		if err != nil {
			return plan{}, err
		}
		links, err := both(s, back)
		if err != nil {
			return plan{}, err
		}
		if len(links) == 0 {
			return plan{}, cordon.ErrNotFound
		}
		var ids []cordon.ID
		for _, l := range links {
			ids = append(ids, l.Original)
		}
		slices.Sort(ids)
		originals, err := s.Tx.PortionsByID(slices.Compact(ids))
		if err != nil {
			return plan{}, err
		}
		m, err := load(s, make([]Paragraph, len(portions)), originals, portions)
		return plan{m, originals, portions}, err
	}, func(c *act.Recorder, p plan) (material, error) {
		if err := c.RecordOwners(cordon.Entry{Subject: report}, slices.Concat(p.originals, p.portions)); err != nil {
			return p.material, err
		}
		return p.material, c.Log.AddRendition(cordon.Rendition{
			ID: cordon.NewID(), Report: report, Portions: cordon.PortionIDs(p.portions), Person: c.Actor.Person.ID, Org: c.Actor.Org.ID,
			At: c.Now, Via: cordon.ActTearline,
		})
	})
	if err != nil {
		return Checked{}, err
	}
	if err := m.openOwn(); err != nil {
		return Checked{}, err
	}
	return m.check(ctx, by, report)
}
