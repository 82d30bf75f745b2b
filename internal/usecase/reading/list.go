package reading

import (
	"context"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/act"
)

// Page bounds a list: at most Limit items after a cursor.
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
	Report cordon.ID
	Ref    string
	Kind   cordon.ReportKind
	Holder cordon.ID
	// Mark and Title are empty where the title itself is withheld.
	Mark    string
	Title   string
	Created time.Time
}

// List shows the reports in which the person may see something, newest first.
// More is whether there may be others after them.
func List(ctx context.Context, by act.Caller, page Page) (items []Item, more bool, err error) {
	type listed struct {
		reports []cordon.Report
		titles  disclosed
		// untitled are the portions for which a report is listed though its title is
		// withheld, by report.
		untitled map[cordon.ID][]cordon.Portion
	}
	out, err := act.Answer(ctx, by, act.ByRole(cordon.ActList, cordon.RoleReader), func(s *act.Snapshot) (listed, error) {
		// Decide once for each rule; the database is asked for those numbers.
		seen, err := s.Visible()
		if err != nil {
			return listed{}, err
		}
		reports, err := s.Tx.ReportPage(seen, page.After, page.limit())
		if err != nil {
			return listed{}, err
		}
		titles, err := s.Tx.Titles(reportIDs(reports), seen)
		if err != nil {
			return listed{}, err
		}
		disclosed, err := disclose(s, titles)
		if err != nil {
			return listed{}, err
		}
		untitled, err := forWhich(s, reports, titles)
		return listed{reports, disclosed, untitled}, err
	}, func(c *act.Recorder, l listed) (listed, error) {
		for _, r := range l.reports {
			if err := c.RecordOwners(cordon.Entry{Subject: r.ID}, l.untitled[r.ID]); err != nil {
				return l, err
			}
		}
		return l, record(c, cordon.ActList, "", l.titles.portions)
	})
	if err != nil {
		return nil, false, err
	}
	for _, r := range out.reports {
		item := Item{Report: r.ID, Kind: r.Kind, Holder: r.Holder, Created: r.Created}
		if i := slices.IndexFunc(out.titles.portions, func(p cordon.Portion) bool { return p.Report == r.ID }); i >= 0 {
			title := out.titles.portions[i]
			content, err := out.titles.sealed.Open(title)
			if err != nil {
				return nil, false, err
			}
			item.Title, item.Ref, item.Mark = content.Text, content.ReportRef, title.Mark
		}
		items = append(items, item)
	}
	return items, len(out.reports) == page.limit(), nil
}

// forWhich are the portions in sight of each report that has none of the titles: its
// being there is shown for their sake, and is in their owners' feeds.
func forWhich(s *act.Snapshot, reports []cordon.Report, titles []cordon.Portion) (map[cordon.ID][]cordon.Portion, error) {
	out := make(map[cordon.ID][]cordon.Portion)
	for _, r := range reports {
		if slices.ContainsFunc(titles, func(p cordon.Portion) bool { return p.Report == r.ID }) {
			continue
		}
		heads, err := s.Tx.PortionHeads(r.ID)
		if err != nil {
			return nil, err
		}
		out[r.ID] = slices.DeleteFunc(heads, func(p cordon.Portion) bool { return p.State != cordon.PortionLive || !s.Decide(p).Allowed() })
	}
	return out, nil
}

func reportIDs(reports []cordon.Report) []cordon.ID {
	out := make([]cordon.ID, len(reports))
	for i, r := range reports {
		out[i] = r.ID
	}
	return out
}
