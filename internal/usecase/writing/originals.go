package writing

import (
	"slices"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
)

// Originals loads the portions that a tearline is to be written against, in no
// promised order. Only an originator writes a tearline: the caller sees each of
// the portions, and their organisation alone owns it. A portion that they do
// not see, or that their organisation does not own, is ErrNotFound. A portion
// that it owns with others is Denied, since it would take all of the owners.
// Either way the refusal is in the owners' feeds.
func Originals(s *act.Snapshot, ids []cordon.ID) ([]cordon.Portion, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	portions, err := s.Tx.PortionsByID(ids)
	if err != nil {
		return nil, err
	}
	var unseen, foreign, shared []cordon.Portion
	for _, p := range portions {
		rule, err := s.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		switch owners := rule.OwnerIDs(); {
		case !s.Decide(p).Allowed():
			unseen = append(unseen, p)
		case !slices.Contains(owners, s.Actor.Org.ID):
			foreign = append(foreign, p)
		case len(owners) > 1:
			shared = append(shared, p)
		}
	}
	refusal := &act.Refusal{Answer: cordon.ErrNotFound, Act: cordon.ActTearline, Portions: slices.Concat(unseen, foreign, shared)}
	if len(unseen) == 0 { // nothing but whose they are stands against it
		refusal.Reasons = []string{string(access.Owner)}
	}
	switch {
	case len(unseen)+len(foreign) > 0 || len(portions) < len(ids):
		return nil, refusal
	case len(shared) > 0:
		refusal.Answer = cordon.Errorf(cordon.KindDenied,
			"portion %s has other owners beside you, and it would take all of them to write a tearline of it: "+
				"write against your own portions that it was made from", shared[0].ID)
		return nil, refusal
	}
	return portions, nil
}

// ownOriginals makes sure that the drafts' originals are the organisation's
// own.
func ownOriginals(s *act.Snapshot, drafts []PortionDraft) error {
	var all []cordon.ID
	for _, p := range drafts {
		all = append(all, p.Against...)
	}
	if len(all) == 0 {
		return nil
	}
	_, err := Originals(s, all)
	return err
}

// link records the originals of the report's portions, and notes it in their
// owner's feed, with that owner's portions and nobody else's.
func link(c *act.Commit, report cordon.Report, links []cordon.TearlineLink) error {
	if len(links) == 0 {
		return nil
	}
	if err := c.Tx.AddTearlines(links); err != nil {
		return err
	}
	e := cordon.Entry{Act: cordon.ActTearline, Feed: report.Holder, Subject: report.ID}
	for _, l := range links {
		e.Portions = append(e.Portions, l.Original)
	}
	return c.Record(e)
}
