package httpapi

import (
	"cordon"
	"cordon/internal/usecase/reading"
	"cordon/wire"
)

func (a *api) searchRoutes() []route {
	return []route{
		serve(wire.Search, a.search),
		serve(wire.Suggest, func(c *call, in wire.Typed) (wire.List[wire.Suggestion], error) {
			words, err := reading.Suggest(c.Context(), c.by, in.Text)
			out := make([]wire.Suggestion, len(words))
			for i, w := range words {
				out[i] = wire.Suggestion(w)
			}
			return whole(out), err
		}),
		serve(wire.GetCounts, func(c *call, _ wire.None) (wire.Counts, error) {
			counts, err := reading.Counts(c.Context(), c.by)
			return wire.Counts(counts), err
		}),
	}
}

func (a *api) search(c *call, in wire.Query) (wire.Results, error) {
	query, err := c.query(in)
	if err != nil {
		return wire.Results{}, err
	}
	found, err := reading.Search(c.Context(), c.by, query)
	if err != nil {
		return wire.Results{}, err
	}
	hits, err := each(found.Hits, c.hit)
	if err != nil {
		return wire.Results{}, err
	}
	out := wire.Results{Items: hits, Next: string(found.Next)}
	if !query.Newest {
		out.Total, err = c.total(found)
	}
	return out, err
}

func (c *call) hit(h reading.Hit) (wire.Hit, error) {
	shown, err := c.shown(h.Shown)
	out := wire.Hit{Shown: shown, Snippet: make([]wire.Piece, len(h.Snippet)), Created: h.Created}
	for i, p := range h.Snippet {
		out.Snippet[i] = wire.Piece(p)
	}
	return out, err
}

// query is the query as the use-case takes it.
func (c *call) query(in wire.Query) (out reading.Query, err error) {
	out = reading.Query{
		Text: in.Text, Marking: in.Marking, AtLeast: in.AtLeast, AtMost: in.AtMost, Kind: in.Kind,
		Owner: cordon.ID(in.Owner), Newest: in.Sort == "new", From: in.From, Until: in.Until, Limit: in.Limit,
	}
	if in.Cursor != "" {
		out.After = []byte(in.Cursor)
	}
	// An arrangement that the asker may not know of is one that is not there,
	// and nothing is found under it.
	if in.Arrangement != "" {
		out.Arrangement, err = c.arrangementOf(in.Arrangement)
		if cordon.KindOf(err) == cordon.KindNotFound && err != nil {
			out.Arrangement, err = cordon.NewID(), nil
		}
	}
	return out, err
}

func (c *call) total(found reading.Results) (*wire.Total, error) {
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
