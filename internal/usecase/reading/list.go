package reading

import (
	"context"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
)

// Page bounds a list: what comes after a cursor, at most Limit of it.
type Page struct {
	After cordon.Cursor
	// Limit is at most cordon.MaxPage; zero means 50.
	Limit int
}

func (p Page) limit() int {
	switch {
	case p.Limit <= 0:
		return 50
	case p.Limit > cordon.MaxPage:
		return cordon.MaxPage
	}
	return p.Limit
}

// Item is a report in a list.
type Item struct {
	Report cordon.ID         `json:"report"`
	Ref    string            `json:"ref,omitempty"`
	Kind   cordon.ReportKind `json:"kind"`
	Holder cordon.ID         `json:"holder"`
	// Mark and Title are empty where the title itself is withheld.
	Mark    string    `json:"marking,omitempty"`
	Title   string    `json:"title,omitempty"`
	Created time.Time `json:"created"`
}

// List shows the reports in which the person may see something, newest first.
// More is whether there may be others after them.
func List(ctx context.Context, by act.Caller, page Page) (items []Item, more bool, err error) {
	var reports []cordon.Report
	var titles []cordon.Portion
	var held sealed
	err = update(ctx, by.Base, func(tx cordon.WriteTx) (error, error) {
		// load
		view, err := look(by.Base, cordon.Holding(tx), by.Person, cordon.Reader)
		if err != nil {
			return nil, err
		}

		// decide: once for each rule; the database is asked for those numbers
		seen, err := view.All()
		if err != nil {
			return nil, err
		}
		if reports, err = tx.ReportPage(seen, page.After, page.limit()); err != nil {
			return nil, err
		}
		if titles, err = tx.Titles(ids(reports), seen); err != nil {
			return nil, err
		}

		// record
		if len(titles) == 0 {
			return nil, recordNothing(tx, view, cordon.ActList, cordon.Allowed)
		}
		if err := record(tx, view, cordon.ActList, "", titles); err != nil {
			return nil, err
		}
		held, err = hold(by.Base, tx, view, titles)
		return nil, err
	})
	if err != nil {
		return nil, false, err
	}
	for _, r := range reports {
		item := Item{Report: r.ID, Kind: r.Kind, Holder: r.Holder, Created: r.Created}
		if i := slices.IndexFunc(titles, func(p cordon.Portion) bool { return p.Report == r.ID }); i >= 0 {
			content, err := held.open(titles[i])
			if err != nil {
				return nil, false, err
			}
			item.Title, item.Ref, item.Mark = content.Text, content.ReportRef, titles[i].Mark
		}
		items = append(items, item)
	}
	return items, len(reports) == page.limit(), nil
}

// bodies fetches the bodies of the heads, in the heads' order, and lets
// through only what the view decides for each: the search index is a copy of
// the rule numbers and is not trusted to be the decision.
func bodies(tx cordon.ReadTx, view *reader.View, heads []cordon.Portion) ([]cordon.Portion, error) {
	order := make(map[cordon.ID]int, len(heads))
	list := make([]cordon.ID, len(heads))
	for i, p := range heads {
		order[p.ID], list[i] = i, p.ID
	}
	full, err := tx.PortionsByID(list)
	if err != nil {
		return nil, err
	}
	full = slices.DeleteFunc(full, func(p cordon.Portion) bool { return !view.Decide(p).Allowed() })
	slices.SortFunc(full, func(a, b cordon.Portion) int { return order[a.ID] - order[b.ID] })
	return full, nil
}

func ids(reports []cordon.Report) []cordon.ID {
	out := make([]cordon.ID, len(reports))
	for i, r := range reports {
		out[i] = r.ID
	}
	return out
}
