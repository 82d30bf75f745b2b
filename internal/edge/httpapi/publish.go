package httpapi

import (
	"context"
	"sync"

	"cordon"
	"cordon/internal/usecase/writing"
	"cordon/wire"
)

func (a *api) publish(c *call) (any, error) {
	var in wire.Draft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	draft, err := c.draft(in)
	if err != nil {
		return nil, err
	}
	out, err := writing.Publish(c.Context(), c.by, draft)
	if err != nil {
		return nil, err
	}
	return c.published(out)
}

// importers is how many drafts of one import are written at once: enough that
// those that wait for the disk wait together, and few, since PostgreSQL has one
// of two that file and look for neighbouring tokens at the same time begin again.
const importers = 8

// importMany publishes each draft on its own. What is wrong with one is its
// own problem.
func (a *api) importMany(c *call) (any, error) {
	var in wire.Import
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if len(in.Reports) > wire.MaxImport {
		return nil, cordon.Errorf(cordon.TooLarge, "an import has at most %d reports", wire.MaxImport)
	}
	drafts := make([]writing.Draft, len(in.Reports))
	written := make([]writing.Published, len(in.Reports))
	failed := make([]error, len(in.Reports))
	for i := range in.Reports {
		drafts[i], failed[i] = c.draft(in.Reports[i])
	}
	contexts, done := c.inParts(len(drafts))
	a.eachDraft(c, contexts, drafts, written, failed)
	done()
	out := make([]wire.Imported, len(drafts))
	for i := range drafts {
		if failed[i] != nil {
			p := problem(failed[i])
			if p.Status >= 500 {
				entryOf(c.Request).cause = cause(failed[i])
			}
			out[i].Problem = &p
			continue
		}
		one, err := c.published(written[i])
		if err != nil {
			return nil, err
		}
		out[i].Published = &one
	}
	return list(out, nil)
}

// eachDraft publishes the drafts that have not failed already. The i-th of
// every list is of one draft, and touched by one goroutine.
func (a *api) eachDraft(c *call, contexts []context.Context, drafts []writing.Draft, written []writing.Published, failed []error) {
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(importers, len(drafts)) {
		workers.Go(func() {
			for i := range next {
				written[i], failed[i] = writing.Publish(contexts[i], c.by, drafts[i])
			}
		})
	}
	for i := range drafts {
		if failed[i] == nil {
			next <- i
		}
	}
	close(next)
	workers.Wait()
}

func (a *api) revise(c *call) (any, error) {
	var in wire.Revision
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.id("portion")
	if err != nil {
		return nil, err
	}
	if err := wellFormed(in.Sources...); err != nil {
		return nil, err
	}
	p, err := writing.Revise(c.Context(), c.by, c.PathValue("report"), id, writing.Revision{
		Mark: in.Marking, Text: in.Text, Sources: in.Sources,
	})
	if err != nil {
		return nil, err
	}
	owners, err := c.orgs(p.Owners)
	return wire.PublishedPortion{ID: p.ID, Ref: p.Ref, Marking: p.Mark, Owners: owners, Raised: p.Raised, Closed: p.Closed}, err
}

func (c *call) draft(in wire.Draft) (writing.Draft, error) {
	out := writing.Draft{Kind: in.Kind, Ref: in.Ref, Compilation: in.Compilation, Portions: make([]writing.PortionDraft, len(in.Portions))}
	var err error
	if in.Title.Kind != "" && in.Title.Kind != cordon.Title {
		return out, cordon.Errorf(cordon.Invalid, "the kind of a title is %s: leave it out", cordon.Title)
	}
	if out.Arrangement, err = c.arrangementOf(in.Arrangement); err != nil {
		return out, err
	}
	if out.Recipients, err = c.orgsOf(in.Recipients); err != nil {
		return out, err
	}
	if out.Named, err = c.peopleOf(in.Named); err != nil {
		return out, err
	}
	if out.Title, err = portionDraft(in.Title); err != nil {
		return out, err
	}
	for i, p := range in.Portions {
		if out.Portions[i], err = portionDraft(p); err != nil {
			return out, err
		}
	}
	return out, nil
}

func portionDraft(p wire.PortionDraft) (writing.PortionDraft, error) {
	if p.Kind == "" {
		p.Kind = cordon.Paragraph
	}
	out := writing.PortionDraft{Kind: p.Kind, Ref: p.Ref, Mark: p.Marking, Text: p.Text, Sources: p.Sources}
	return out, wellFormed(p.Sources...)
}

func (c *call) published(p writing.Published) (wire.Published, error) {
	out := wire.Published{Report: p.Report, Ref: p.Ref, Banner: p.Banner, Portions: make([]wire.PublishedPortion, len(p.Portions))}
	for i, portion := range p.Portions {
		owners, err := c.orgs(portion.Owners)
		if err != nil {
			return out, err
		}
		out.Portions[i] = wire.PublishedPortion{ID: portion.ID, Ref: portion.Ref, Marking: portion.Mark, Owners: owners, Raised: portion.Raised, Closed: portion.Closed}
	}
	return out, nil
}
