package httpapi

import (
	"cordon"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/writing"
	"cordon/wire"
)

func (a *api) reportRoutes() []route {
	return []route{
		serve(wire.ListReports, a.reports),
		serve(wire.Publish, func(c *call, in wire.Draft) (wire.Published, error) {
			defer c.onBeat()
			draft, err := c.draft(in)
			if err != nil {
				return wire.Published{}, err
			}
			return c.published(writing.Publish(c.Context(), c.by, draft))
		}),
		serve(wire.ImportReports, a.importReports),
		serve(wire.OpenReport, func(c *call, in wire.OfReport) (wire.Rendition, error) {
			return c.rendition(in.Report, cordon.ActRead)
		}),
		serve(wire.ExportReport, a.export),
		serve(wire.SetCompilation, func(c *call, in wire.CompilationDraft) (wire.Compilation, error) {
			banner, err := writing.SetCompilation(c.Context(), c.by, in.Report, in.Marking)
			return wire.Compilation{Marking: in.Marking, Banner: banner}, err
		}),
		serve(wire.Revise, func(c *call, in wire.Revision) (wire.PublishedPortion, error) {
			defer c.onBeat()
			p, err := writing.Revise(c.Context(), c.by, in.Report, in.Portion, writing.Revision{
				Mark: in.Marking, Text: in.Text, Sources: in.Sources, Dismissed: dismissals(in.Dismissed), Quoted: in.MarksQuoted,
			})
			if err != nil {
				return wire.PublishedPortion{}, err
			}
			return c.publishedPortion(p)
		}),
		serve(wire.ListWordings, func(c *call, in wire.OfReportPortion) (wire.List[wire.Shown], error) {
			all, err := reading.Wordings(c.Context(), c.by, in.Report, in.Portion)
			if err != nil {
				return wire.List[wire.Shown]{}, err
			}
			items, err := each(all, c.shown)
			return wire.List[wire.Shown]{Items: items}, err
		}),
	}
}

func (c *call) rendition(report string, via cordon.Act) (wire.Rendition, error) {
	r, err := reading.Open(c.Context(), c.by, report, via)
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

func (a *api) reports(c *call, in wire.Page) (wire.List[wire.Item], error) {
	return newest(in, func(after cordon.Cursor, limit int) ([]wire.Item, bool, error) {
		items, more, err := reading.List(c.Context(), c.by, reading.Page{After: after, Limit: limit})
		if err != nil {
			return nil, false, err
		}
		out, err := each(items, c.item)
		return out, more, err
	}, func(i wire.Item) cordon.Cursor { return cordon.Cursor{Created: i.Created, ID: i.Report} })
}

func (c *call) item(i reading.Item) (wire.Item, error) {
	holder, err := c.org(i.Holder)
	return wire.Item{
		Report: i.Report, Ref: i.Ref, Kind: i.Kind, Holder: holder, Marking: i.Mark, Title: i.Title, Created: i.Created,
	}, err
}
