package httpapi

import (
	"encoding/json"

	"cordon"
	"cordon/internal/usecase/audit"
	"cordon/wire"
)

func (a *api) ledgerRoutes() []route {
	return []route{
		serve(wire.GetFeed, a.feed),
		serve(wire.GetCheckpoint, func(c *call, _ wire.None) (wire.Checkpoint, error) {
			signed, err := audit.Checkpoint(c.Context(), c.by)
			return wire.Checkpoint{Checkpoint: signed, VerifierKey: a.Ledger.PublicKey(), Origin: a.Ledger.Origin()}, err
		}),
		serve(wire.GetBundle, func(c *call, in wire.BundleAfter) (json.RawMessage, error) {
			b, err := audit.Bundle(c.Context(), c.by, in.After, in.OldSize, in.Limit)
			if err != nil {
				return nil, err
			}
			return encode(b)
		}),
		serve(wire.VerifyLedger, a.verify),
	}
}

func (a *api) feed(c *call, in wire.FeedAfter) (wire.Feed, error) {
	feed, err := audit.ReadFeed(c.Context(), c.by, in.After, in.Limit)
	if err != nil {
		return wire.Feed{}, err
	}
	out := wire.Feed{Items: make([]wire.FeedEntry, len(feed.Entries)), Size: feed.Size}
	for i, leaf := range feed.Entries {
		if out.Items[i], err = c.feedEntry(leaf, feed.Steps[leaf.Entry.Subject]); err != nil {
			return out, err
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
	if step.What == cordon.ArrangementRefused {
		e.Outcome = cordon.OutcomeRefused
	}
	if step.ID != "" {
		e.Act, e.Subject, e.ActorOrg = cordon.ActArrangement, step.Arrangement, step.Org
		e.Actor = c.by.ActorIn(e.Feed, step.Org, step.Actor)
	}
	out := wire.FeedEntry{
		Number: leaf.FeedSeq, ID: e.ID, At: e.At, Act: e.Act, Outcome: e.Outcome,
		Role: e.Role, Reasons: e.Reasons, Step: step.What, Subject: e.Subject, Portions: e.Portions, Channel: e.Channel, Words: e.Words,
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

func (a *api) verify(c *call, in wire.VerificationDraft) (wire.Verification, error) {
	r, err := audit.Verify(c.Context(), c.by, in.Kept...)
	if err != nil {
		return wire.Verification{}, err
	}
	out := wire.Verification{OK: r.OK(), Size: r.Size, Checkpoint: r.Checkpoint}
	for _, entries := range r.Feeds { // one's own, if any
		out.Entries = entries
	}
	if f := r.Fault; f != nil {
		out.Fault = &wire.Fault{Check: string(f.Check), Index: f.Index, Number: f.Number, Feed: f.Feed, Entry: f.Entry, Problem: f.Problem}
	}
	state, err := audit.VerifyState(c.Context(), c.by)
	if err != nil {
		return wire.Verification{}, err
	}
	out.State = wire.StateVerification{OK: len(state.Faults) == 0, Rows: state.Rows, Sets: state.Sets, More: state.More}
	out.OK = out.OK && out.State.OK
	for _, f := range state.Faults {
		if f.What != "" {
			out.State.Differences = append(out.State.Differences, wire.Difference{What: f.What, Why: f.Why})
		}
	}
	return out, nil
}
