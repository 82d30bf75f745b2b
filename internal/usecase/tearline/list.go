package tearline

import (
	"context"
	"slices"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
)

// Link is a portion of a tearline with what it was written against, for people
// of the owner of both who may see both.
type Link struct {
	// Tearline is the report that Portion is in.
	Tearline, Portion cordon.ID
	Mark              string
	// Report is that of the original.
	Report, Original cordon.ID
	OriginalMark     string
}

// Linked is a tearline of something, and who may have it.
type Linked struct {
	Report cordon.ID
	// Originals are those of the portions asked about that it is a tearline of.
	Originals []cordon.ID
	// To are the organisations it was given to or that a grant, ended or not,
	// permitted it to.
	To []cordon.ID
	// Onward says that its marking lets others be told without asking.
	Onward bool
}

// List gives the links of a report, whether it is a tearline or has some. They
// are there for people of the organisation that owns both ends alone, and then
// those of which they may see both; to everybody else who may see the report
// there are none. A report of which the person sees nothing is ErrNotFound.
func List(ctx context.Context, by act.Caller, report cordon.ID) ([]Link, error) {
	var out []Link
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := by.Rules.Look(tx, by.Person, by.Clock.Now())
		if err != nil {
			return err
		}
		if err := view.Require(cordon.Reader); err != nil {
			return err
		}
		portions, err := seen(tx, view, report)
		if err != nil {
			return err
		}
		links, err := tx.Tearlines(idsOf(portions))
		if err != nil {
			return err
		}
		back, err := tx.Originals(idsOf(portions))
		if err != nil {
			return err
		}
		out, err = both(tx, view, append(links, back...))
		return err
	})
	return out, err
}

// seen are the report's portions that the reader sees.
func seen(tx cordon.ReadTx, view *reader.View, report cordon.ID) ([]cordon.Portion, error) {
	numbers, err := tx.PortionRules(report)
	if err != nil {
		return nil, err
	}
	of, err := view.Of(numbers)
	if err != nil {
		return nil, err
	}
	portions, err := tx.Portions(report, of)
	if err == nil && len(portions) == 0 {
		err = cordon.ErrNotFound
	}
	return portions, err
}

// both keeps the links of which the reader sees both ends and his organisation
// owns the original alone.
func both(tx cordon.ReadTx, view *reader.View, links []cordon.TearlineLink) ([]Link, error) {
	var ids []cordon.ID
	for _, l := range links {
		ids = append(ids, l.Portion, l.Original)
	}
	slices.Sort(ids)
	portions, err := tx.PortionsByID(slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	byID := make(map[cordon.ID]cordon.Portion, len(portions))
	for _, p := range portions {
		if view.Decide(p).Allowed() {
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
		if alone, err := ownedBy(view, o, view.Actor.Org.ID); err != nil {
			return nil, err
		} else if alone {
			out = append(out, Link{Tearline: p.Report, Portion: p.ID, Mark: p.Mark, Report: o.Report, Original: o.ID, OriginalMark: o.Mark})
		}
	}
	return out, nil
}

func ownedBy(view *reader.View, p cordon.Portion, org cordon.ID) (bool, error) {
	rule, err := view.Rule(p.Rule)
	return err == nil && len(rule.Owners) == 1 && rule.Owners[0].Owner == org, err
}

// Of lists the tearlines that are still there of those of the portions that the
// owner owns alone, and to whom each was released: what is to be looked at again
// when the portions turn out to be known outside. It is for the owner.
func Of(tx cordon.ReadTx, view *reader.View, owner cordon.ID, originals []cordon.Portion) ([]Linked, error) {
	var ids []cordon.ID
	for _, p := range originals {
		alone, err := ownedBy(view, p, owner)
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
	links, err := tx.Tearlines(ids)
	if err != nil || len(links) == 0 {
		return nil, err
	}
	var written []cordon.ID
	for _, l := range links {
		written = append(written, l.Portion)
	}
	slices.Sort(written)
	portions, err := tx.PortionsByID(slices.Compact(written))
	if err != nil {
		return nil, err
	}
	var all []Linked
	for _, l := range links {
		i := slices.IndexFunc(portions, func(p cordon.Portion) bool { return p.ID == l.Portion && p.State == cordon.Live })
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
		if err := all[j].released(tx, view, portions[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// released adds whom the portion was given or granted to.
func (l *Linked) released(tx cordon.ReadTx, view *reader.View, p cordon.Portion) error {
	rule, err := view.Rule(p.Rule)
	if err != nil {
		return err
	}
	for _, o := range rule.Owners {
		l.To = append(l.To, o.Recipients...)
		l.Onward = l.Onward || o.Anyone || len(o.Communities) > 0
	}
	grants, err := tx.GrantsOf([]cordon.ID{p.ID})
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

// CheckReport is Check of a tearline that was written, against what it is linked
// to, with the facts recorded on it. The person is an author and sees both; what
// is linked to nothing that he may see is ErrNotFound like what is not there.
func CheckReport(ctx context.Context, by act.Caller, report cordon.ID) (Checked, error) {
	var m material
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		m = material{Base: by.Base}
		view, err := by.Rules.Look(cordon.Holding(tx), by.Person, by.Clock.Now())
		if err != nil {
			return err
		}
		if err := view.Require(cordon.Author); err != nil {
			return err
		}
		portions, err := seen(tx, view, report)
		if err != nil {
			return err
		}
		back, err := tx.Originals(idsOf(portions))
		if err != nil {
			return err
		}

		// decide
		links, err := both(tx, view, back)
		if err != nil {
			return err
		}
		if len(links) == 0 {
			return cordon.ErrNotFound
		}
		var ids []cordon.ID
		for _, l := range links {
			ids = append(ids, l.Original)
		}
		slices.Sort(ids)
		originals, err := tx.PortionsByID(slices.Compact(ids))
		if err != nil {
			return err
		}
		m.paragraphs = make([]Paragraph, len(portions))
		if err := m.load(tx, view, originals, portions); err != nil {
			return err
		}

		// record
		for _, share := range view.ByOwner(slices.Concat(originals, portions)) {
			e := view.Entry(cordon.ActTearline, cordon.Allowed)
			e.Feed, e.Subject, e.Portions = share.Owner, report, share.Portions
			if err := ledger.Append(tx, e); err != nil {
				return err
			}
		}
		return tx.AddRendition(cordon.Rendition{
			ID: cordon.NewID(), Report: report, Portions: idsOf(portions), Person: by.Person, Org: view.Actor.Org.ID,
			At: view.Now, Via: cordon.ActTearline,
		})
	})
	if err != nil {
		return Checked{}, err
	}
	if err := m.openOwn(); err != nil {
		return Checked{}, err
	}
	out := Checked{ID: report}
	out.Result, out.Notes, err = m.compare(ctx, by.Person)
	return out, err
}

func idsOf(portions []cordon.Portion) []cordon.ID {
	ids := make([]cordon.ID, len(portions))
	for i, p := range portions {
		ids[i] = p.ID
	}
	return ids
}
