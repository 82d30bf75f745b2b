package httpapi

import (
	"context"
	"slices"
	"sync"

	"cordon"
	"cordon/internal/usecase/writing"
	"cordon/wire"
)

// importers is how many drafts of one import are written at once: enough that
// those that wait for the disk wait together, and few, since PostgreSQL has one
// of two that file and look for neighbouring tokens at the same time begin again.
const importers = 8

// importReports publishes each draft on its own, so that a fault in one does not
// concern the others.
func (a *api) importReports(c *call, in wire.Import) (wire.List[wire.Imported], error) {
	defer c.onBeat()
	if len(in.Reports) > wire.MaxImport {
		return wire.List[wire.Imported]{}, cordon.Errorf(cordon.KindTooLarge, "an import has at most %d reports", wire.MaxImport)
	}
	drafts := make([]writing.Draft, len(in.Reports))
	written := make([]writing.Published, len(in.Reports))
	failed := make([]error, len(in.Reports))
	for i := range in.Reports {
		drafts[i], failed[i] = c.draft(in.Reports[i])
	}
	keys := in.Keys
	switch {
	case keys == nil:
		keys = make([]string, len(drafts))
	case len(keys) != len(drafts):
		return wire.List[wire.Imported]{}, cordon.Errorf(cordon.KindInvalid, "an import has a key for each report, or none at all")
	case slices.ContainsFunc(keys, func(key string) bool { return len(key) > maxKey }):
		return wire.List[wire.Imported]{}, cordon.Errorf(cordon.KindInvalid, "a key is at most %d bytes", maxKey)
	}
	contexts, done := c.inParts(keys)
	a.eachDraft(c, contexts, drafts, written, failed)
	done()
	out := make([]wire.Imported, len(drafts))
	for i := range drafts {
		if failed[i] == error(errDone) && keys[i] != "" {
			out[i].Before = true
			continue
		}
		if failed[i] != nil {
			p := problem(failed[i])
			if p.Status >= 500 {
				entryOf(c.Request).cause = cause(failed[i])
			}
			out[i].Problem = &p
			continue
		}
		one, err := c.published(written[i], nil)
		if err != nil {
			return wire.List[wire.Imported]{}, err
		}
		out[i].Published = &one
	}
	return whole(out), nil
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

func (c *call) draft(in wire.Draft) (writing.Draft, error) {
	out := writing.Draft{
		Kind: in.Kind, Ref: in.Ref, Compilation: in.Compilation, Quoted: in.MarksQuoted,
		Recipients: given(in.Recipients), Named: given(in.Named), Portions: make([]writing.PortionDraft, len(in.Portions)),
	}
	var err error
	if in.Title.Kind != "" && in.Title.Kind != cordon.PortionTitle {
		return out, cordon.Errorf(cordon.KindInvalid, "the kind of a title is %s: leave it out", cordon.PortionTitle)
	}
	if out.Arrangement, err = c.arrangementOf(in.Arrangement); err != nil {
		return out, err
	}
	out.Title = portionDraft(in.Title)
	for i, p := range in.Portions {
		out.Portions[i] = portionDraft(p)
	}
	return out, nil
}

func portionDraft(p wire.PortionDraft) writing.PortionDraft {
	if p.Kind == "" {
		p.Kind = cordon.PortionParagraph
	}
	return writing.PortionDraft{Kind: p.Kind, Ref: p.Ref, Mark: p.Marking, Text: p.Text, Sources: p.Sources, Dismissed: dismissals(p.Dismissed)}
}

func dismissals(in []wire.Dismissal) []writing.Dismissal {
	var out []writing.Dismissal
	for _, d := range in {
		out = append(out, writing.Dismissal{Source: d.Source, Reason: d.Reason})
	}
	return out
}

func (c *call) published(p writing.Published, err error) (wire.Published, error) {
	if err != nil {
		return wire.Published{}, err
	}
	portions, err := each(p.Portions, c.publishedPortion)
	return wire.Published{Report: p.Report, Ref: p.Ref, Banner: p.Banner, Portions: portions}, err
}

func (c *call) publishedPortion(p writing.PublishedPortion) (wire.PublishedPortion, error) {
	owners, err := c.orgs(p.Owners)
	return wire.PublishedPortion{ID: p.ID, Ref: p.Ref, Marking: p.Mark, Owners: owners, Raised: p.Raised, Closed: p.Closed, Warnings: p.Warnings}, err
}
