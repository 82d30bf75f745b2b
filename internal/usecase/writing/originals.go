package writing

import (
	"slices"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
)

// Originals loads the portions that a tearline is to be written against, in no
// promised order. Only an originator tears: the person sees each of them, and
// his organisation alone owns it. What he does not see, or his organisation
// does not own, is ErrNotFound; what it owns beside others is Denied, since it
// would take all of them. Either way the refusal is in the owners' feeds: it
// is given beside the error of the store, to be answered after the commit.
func Originals(tx cordon.WriteTx, view *reader.View, ids []cordon.ID) (portions []cordon.Portion, refusal, err error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if portions, err = tx.PortionsByID(ids); err != nil {
		return nil, nil, err
	}
	me := view.Actor.Org.ID
	var unseen, foreign, shared []cordon.Portion
	for _, p := range portions {
		rule, err := view.Rule(p.Rule)
		if err != nil {
			return nil, nil, err
		}
		switch owners := rule.OwnerIDs(); {
		case !view.Decide(p).Allowed():
			unseen = append(unseen, p)
		case !slices.Contains(owners, me):
			foreign = append(foreign, p)
		case len(owners) > 1:
			shared = append(shared, p)
		}
	}
	if len(unseen)+len(foreign)+len(shared) == 0 && len(portions) == len(ids) {
		return portions, nil, nil
	}
	if err := view.Refuse(tx, cordon.ActTearline, "", unseen); err != nil {
		return nil, nil, err
	}
	if err := refuseTearing(tx, view, slices.Concat(foreign, shared)); err != nil {
		return nil, nil, err
	}
	if len(unseen)+len(foreign) > 0 || len(portions) < len(ids) {
		return nil, cordon.ErrNotFound, recordNothing(tx, view, cordon.ActTearline, cordon.RefusedWith)
	}
	return nil, cordon.Errorf(cordon.Denied,
		"portion %s has other owners beside you, and it would take all of them to write a tearline of it: "+
			"write against your own portions that it was made from", shared[0].ID), nil
}

// refuseTearing tells the owners of portions that are seen and are not the
// actor's alone to write a tearline of.
func refuseTearing(tx cordon.WriteTx, view *reader.View, portions []cordon.Portion) error {
	for _, share := range view.ByOwner(portions) {
		e := view.Entry(cordon.ActTearline, cordon.RefusedWith)
		e.Feed, e.Portions, e.Reasons = share.Owner, share.Portions, []string{string(access.Owner)}
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
	}
	return nil
}

// against makes sure of what the drafts say they were written against.
func (w *writer) against(drafts []PortionDraft) (refusal, err error) {
	var all []cordon.ID
	for _, p := range drafts {
		all = append(all, p.Against...)
	}
	if len(all) == 0 {
		return nil, nil
	}
	_, refusal, err = Originals(w.tx, w.view, all)
	return refusal, err
}

// link records what the portions were written against, and in their owner's
// feed that they were: its own, and nobody else's.
func (w *writer) link(report cordon.Report, drafts []PortionDraft, all []written) error {
	var links []cordon.TearlineLink
	e := w.view.Entry(cordon.ActTearline, cordon.Allowed)
	e.Feed, e.Subject = w.view.Actor.Org.ID, report.ID
	for i, p := range drafts {
		for _, id := range p.Against {
			links = append(links, cordon.TearlineLink{Portion: all[i].portion.ID, Original: id})
			e.Portions = append(e.Portions, id)
		}
	}
	if len(links) == 0 {
		return nil
	}
	if err := w.tx.AddTearlines(links); err != nil {
		return err
	}
	return ledger.Append(w.tx, e)
}

// validateAgainst checks what needs no store.
func (d Draft) validateAgainst() error {
	distinct := make(map[cordon.ID]bool)
	bytes := 0
	for _, p := range d.whole() {
		bytes += len(p.Text)
		for _, id := range p.Against {
			distinct[id] = true
		}
	}
	switch {
	case len(distinct) == 0:
		return nil
	case d.Kind != cordon.Tearline:
		return cordon.Errorf(cordon.Invalid, "only a tearline is written against originals, and this is a %s: name what it was made from as sources", d.Kind)
	case len(distinct) > cordon.MaxOriginals:
		return cordon.Errorf(cordon.TooLarge, "a tearline is written against at most %d portions", cordon.MaxOriginals)
	case len(d.Portions) >= cordon.MaxTearlinePortions:
		return cordon.Errorf(cordon.TooLarge, "a tearline has at most %d portions, the title counted", cordon.MaxTearlinePortions)
	case bytes > cordon.MaxTearlineBytes:
		return cordon.Errorf(cordon.TooLarge, "a tearline of %d bytes: at most %d are taken", bytes, cordon.MaxTearlineBytes)
	}
	return nil
}
