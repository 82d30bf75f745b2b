package httpapi

import (
	"net/url"
	"time"

	"cordon"
	"cordon/internal/usecase/reading"
	"cordon/wire"
)

func (a *api) search(c *call) (any, error) {
	q, err := c.query("q", "owner", "arrangement", "marking", "atLeast", "atMost", "kind", "from", "until", "sort", "cursor", "limit")
	if err != nil {
		return nil, err
	}
	asked, err := c.asked(q)
	if err != nil {
		return nil, err
	}
	// A cursor goes on with the search it came from and no other.
	of := url.Values{}
	for name, values := range q {
		if name != "cursor" && name != "limit" {
			of[name] = values
		}
	}
	if q.Has("cursor") {
		if asked.After, err = c.openCursor(q, of.Encode()); err != nil {
			return nil, err
		}
	}
	found, err := reading.Search(c.Context(), c.by, asked)
	if err != nil {
		return nil, err
	}
	out := wire.Results{Items: make([]wire.Hit, len(found.Hits))}
	for i, h := range found.Hits {
		shown, err := c.shown(h.Shown)
		if err != nil {
			return nil, err
		}
		out.Items[i] = wire.Hit{Shown: shown, Snippet: make([]wire.Piece, len(h.Snippet)), Created: h.Created}
		for j, p := range h.Snippet {
			out.Items[i].Snippet[j] = wire.Piece(p)
		}
	}
	if found.Next != nil {
		out.Next = c.sealCursor(found.Next, of.Encode())
	}
	if !asked.Newest {
		out.Total, err = c.total(found)
	}
	return out, err
}

// asked reads the query of a search.
func (c *call) asked(q url.Values) (asked reading.Query, err error) {
	asked = reading.Query{
		Text: q.Get("q"), Marking: q.Get("marking"), AtLeast: q.Get("atLeast"), AtMost: q.Get("atMost"),
		Kind: cordon.ReportKind(q.Get("kind")), Newest: q.Get("sort") == "new",
	}
	if s := q.Get("sort"); s != "" && s != "new" && s != "best" {
		return asked, cordon.Errorf(cordon.Invalid, "sort is best or new")
	}
	if asked.Limit, err = limit(q, cordon.MaxPage); err != nil {
		return asked, err
	}
	if asked.From, err = instant(q, "from"); err != nil {
		return asked, err
	}
	if asked.Until, err = instant(q, "until"); err != nil {
		return asked, err
	}
	if q.Get("owner") != "" {
		if asked.Owner, err = c.orgOf(q.Get("owner")); err != nil {
			return asked, err
		}
	}
	// An arrangement that the asker may not know of is one that is not there,
	// and nothing is found under it.
	if name := q.Get("arrangement"); name != "" {
		asked.Arrangement, err = c.arrangementOf(name)
		if cordon.KindOf(err) == cordon.NotFound && err != nil {
			asked.Arrangement, err = cordon.NewID(), nil
		}
	}
	return asked, err
}

// instant reads a date or a date and time; the zero time where it is left out.
func instant(q url.Values, name string) (time.Time, error) {
	if q.Get(name) == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(layout, q.Get(name)); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, cordon.Errorf(cordon.Invalid, "%s is a date, 2026-05-15, or a date and time, 2026-05-15T09:00:00Z", name)
}

func (c *call) total(found reading.Found) (*wire.Total, error) {
	total := &wire.Total{
		Portions: found.Total, AtLeast: found.AtLeast,
		Owners: make([]wire.OwnerShare, len(found.Owners)), Markings: make([]wire.MarkingShare, len(found.Marks)),
	}
	for i, s := range found.Owners {
		owner, err := c.org(s.Of)
		if err != nil {
			return nil, err
		}
		total.Owners[i] = wire.OwnerShare{Owner: owner, Portions: s.Portions}
	}
	for i, s := range found.Marks {
		total.Markings[i] = wire.MarkingShare{Marking: s.Of, Portions: s.Portions}
	}
	return total, nil
}

func (a *api) suggest(c *call) (any, error) {
	q, err := c.query("q")
	if err != nil {
		return nil, err
	}
	words, err := reading.Suggest(c.Context(), c.by, q.Get("q"))
	if err != nil {
		return nil, err
	}
	out := wire.List[wire.Suggestion]{Items: make([]wire.Suggestion, len(words))}
	for i, w := range words {
		out.Items[i] = wire.Suggestion(w)
	}
	return out, nil
}

func (a *api) counts(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	counts, err := reading.Counts(c.Context(), c.by)
	return wire.Counts(counts), err
}
