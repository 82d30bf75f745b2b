package httpapi

import (
	"cordon"
	"cordon/internal/usecase/reading"
	"cordon/wire"
)

func (a *api) read(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	return c.rendition(cordon.ActRead)
}

func (c *call) rendition(via cordon.Act) (wire.Rendition, error) {
	r, err := reading.Open(c.Context(), c.by, c.PathValue("report"), via)
	if err != nil {
		return wire.Rendition{}, err
	}
	holder, err := c.org(r.Holder)
	if err != nil {
		return wire.Rendition{}, err
	}
	out := wire.Rendition{
		Report: r.Report, Ref: r.Ref, Kind: r.Kind, Holder: holder, Banner: r.Banner,
		Title: r.Title, Created: r.Created, Portions: make([]wire.Shown, len(r.Portions)),
	}
	for i, p := range r.Portions {
		if out.Portions[i], err = c.shown(p); err != nil {
			return wire.Rendition{}, err
		}
	}
	return out, nil
}

func (c *call) shown(p reading.Shown) (wire.Shown, error) {
	owners, err := c.orgs(p.Owners)
	return wire.Shown{
		ID: p.ID, Report: p.Report, Ref: p.Ref, Kind: p.Kind, Marking: p.Mark,
		Owners: owners, Text: p.Text, Withheld: p.Withheld,
	}, err
}

func (a *api) list(c *call) (any, error) {
	q, err := c.query("cursor", "limit")
	if err != nil {
		return nil, err
	}
	page, err := c.page(q, "")
	if err != nil {
		return nil, err
	}
	items, more, err := reading.List(c.Context(), c.by, page)
	if err != nil {
		return nil, err
	}
	out := wire.List[wire.Item]{Items: make([]wire.Item, len(items))}
	for i, item := range items {
		holder, err := c.org(item.Holder)
		if err != nil {
			return nil, err
		}
		out.Items[i] = wire.Item{
			Report: item.Report, Ref: item.Ref, Kind: item.Kind, Holder: holder,
			Marking: item.Mark, Title: item.Title, Created: item.Created,
		}
	}
	if n := len(items); more && n > 0 {
		out.Next = c.cursor(cordon.Cursor{Created: items[n-1].Created, ID: items[n-1].Report}, "")
	}
	return out, nil
}
