package httpapi

import (
	"cordon"
	"cordon/internal/core/ledger"
	"cordon/internal/usecase/audit"
	"cordon/wire"
)

func (a *api) feed(c *call) (any, error) {
	q, err := c.query("after", "limit")
	if err != nil {
		return nil, err
	}
	after, err := number(q, "after", 0)
	if err != nil {
		return nil, err
	}
	n, err := limit(q, cordon.MaxPage)
	if err != nil {
		return nil, err
	}
	feed, err := audit.ReadFeed(c.Context(), c.by, after, n)
	if err != nil {
		return nil, err
	}
	out := wire.Feed{Items: make([]wire.FeedEntry, len(feed.Entries)), Size: feed.Size}
	for i, leaf := range feed.Entries {
		if out.Items[i], err = c.feedEntry(leaf, feed.Steps[leaf.Entry.Subject]); err != nil {
			return nil, err
		}
		if leaf.FeedSeq < feed.Size {
			out.Next = leaf.FeedSeq
		} else {
			out.Next = 0
		}
	}
	return out, nil
}

func (c *call) feedEntry(leaf cordon.LeafRecord, step cordon.ArrangementStep) (wire.FeedEntry, error) {
	e := leaf.Entry
	if step.ID != "" {
		e.Act, e.Subject, e.Actor, e.ActorOrg = cordon.ActArrangement, step.Arrangement, step.Actor, step.Org
	}
	out := wire.FeedEntry{
		Number: leaf.FeedSeq, Index: leaf.Index, ID: e.ID, At: e.At, Act: e.Act, Outcome: e.Outcome,
		Reasons: e.Reasons, Step: step.What, Subject: e.Subject, Portions: e.Portions, Channel: e.Channel, Words: e.Words,
	}
	if e.Actor != "" {
		named, err := c.members([]cordon.ID{e.Actor})
		if err != nil {
			return out, err
		}
		out.Actor = &named[0]
	}
	for _, org := range []struct {
		id cordon.ID
		to **wire.Named
	}{{e.ActorOrg, &out.ActorOrganisation}, {e.Audience, &out.Audience}} {
		if org.id == "" {
			continue
		}
		named, err := c.org(org.id)
		if err != nil {
			return out, err
		}
		*org.to = &named
	}
	return out, nil
}

func (a *api) checkpoint(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	signed, err := audit.Checkpoint(c.Context(), c.by)
	return wire.Checkpoint{Checkpoint: signed, VerifierKey: a.Ledger.PublicKey(), Origin: a.Ledger.Origin()}, err
}

func (a *api) bundle(c *call) (any, error) {
	q, err := c.query("after", "oldSize", "limit")
	if err != nil {
		return nil, err
	}
	after, err := number(q, "after", 0)
	if err != nil {
		return nil, err
	}
	oldSize, err := number(q, "oldSize", 0)
	if err != nil {
		return nil, err
	}
	n, err := limit(q, ledger.MaxBundle)
	if err != nil {
		return nil, err
	}
	return audit.Bundle(c.Context(), c.by, after, oldSize, n)
}

func (a *api) verify(c *call) (any, error) {
	var in wire.VerificationDraft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	r, err := audit.Verify(c.Context(), c.by, in.Kept...)
	if err != nil {
		return nil, err
	}
	out := wire.Verification{OK: r.OK(), Size: r.Size, Checkpoint: r.Checkpoint}
	if f := r.Fault; f != nil {
		out.Fault = &wire.Fault{Check: string(f.Check), Index: f.Index, Feed: f.Feed, Entry: f.Entry, Problem: f.Problem}
	}
	return out, nil
}
