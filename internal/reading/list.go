package reading

import (
	"context"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/sight"
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
func (s *Service) List(ctx context.Context, person cordon.ID, page Page) (items []Item, more bool, err error) {
	var reports []cordon.Report
	var titles []cordon.Portion
	var held sealed
	err = s.update(ctx, func(tx cordon.Tx) (error, error) {
		// load
		view, err := s.look(tx, person, cordon.Reader)
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
		held, err = s.hold(tx, view, titles)
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

// Hit is a portion that a search found.
type Hit struct {
	Shown
	// Snippet is the text around the first word found.
	Snippet string    `json:"snippet"`
	Created time.Time `json:"created"`
}

// Search shows the portions the person may see that have every word of the
// query, newest first. The query itself is kept nowhere.
func (s *Service) Search(ctx context.Context, person cordon.ID, query string, page Page) (hits []Hit, more bool, err error) {
	words, err := s.Tokens.Query(query)
	if err != nil {
		return nil, false, err
	}
	var found []cordon.Portion
	var full bool
	var held sealed
	err = s.update(ctx, func(tx cordon.Tx) (error, error) {
		// load
		view, err := s.look(tx, person, cordon.Reader)
		if err != nil {
			return nil, err
		}

		// decide
		seen, err := view.All()
		if err != nil {
			return nil, err
		}
		heads, err := tx.Search(words, seen, page.After, page.limit())
		if err != nil {
			return nil, err
		}
		full = len(heads) == page.limit()
		if found, err = bodies(tx, view, heads); err != nil {
			return nil, err
		}

		// record
		if len(found) == 0 {
			return nil, recordNothing(tx, view, cordon.ActSearch, cordon.Allowed)
		}
		if err := record(tx, view, cordon.ActSearch, "", found); err != nil {
			return nil, err
		}
		held, err = s.hold(tx, view, found)
		return nil, err
	})
	if err != nil {
		return nil, false, err
	}
	for _, p := range found {
		content, err := held.open(p)
		if err != nil {
			return nil, false, err
		}
		hits = append(hits, Hit{
			Shown: Shown{
				ID: p.ID, Report: p.Report, Ref: content.Ref, Kind: p.Kind, Mark: p.Mark,
				Owners: held.rules[p.Rule].OwnerIDs(), Text: content.Text,
			},
			Snippet: snippet(content.Text, query),
			Created: p.Created,
		})
	}
	return hits, full, nil
}

// bodies fetches the bodies of the heads, in the heads' order, and lets
// through only what the view decides for each: the search index is a copy of
// the rule numbers and is not trusted to be the decision.
func bodies(tx cordon.Tx, view *sight.View, heads []cordon.Portion) ([]cordon.Portion, error) {
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

// snippetRunes is how much of the text a snippet shows.
const snippetRunes = 160

// snippet cuts the text around the first of the query's words that stands in
// it as written; its beginning where none does.
func snippet(text, query string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= snippetRunes {
		return string(runes)
	}
	lower := strings.ToLower(string(runes))
	at := 0
	for _, word := range strings.Fields(strings.ToLower(query)) {
		if i := strings.Index(lower, word); i >= 0 {
			at = len([]rune(lower[:i]))
			break
		}
	}
	from := max(0, min(at-snippetRunes/3, len(runes)-snippetRunes))
	to := min(len(runes), from+snippetRunes)
	out := string(runes[from:to])
	if from > 0 {
		out = "…" + out
	}
	if to < len(runes) {
		out += "…"
	}
	return out
}

func ids(reports []cordon.Report) []cordon.ID {
	out := make([]cordon.ID, len(reports))
	for i, r := range reports {
		out[i] = r.ID
	}
	return out
}
