package mosaic

import (
	"context"
	"slices"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
)

// CheckInput is what would be told: the facts on portions, and facts as such.
type CheckInput struct {
	Portions []cordon.ID `json:"portions,omitempty"`
	Facts    []Fact      `json:"facts,omitempty"`
}

// Result is an assessment of what one audience knows.
type Result struct {
	Registry cordon.ID `json:"registry"`
	// Audience is the organisation; empty for the public.
	Audience cordon.ID `json:"audience,omitempty"`
	Assessment
}

// Check counts how many of the registry's candidates fit all that the
// audience (an organisation, or with an empty id the public) has been told,
// and how many would if it were told what the input says. The package comment
// says what counts as told. A portion of the input that the caller does not
// see is cordon.ErrNotFound, like a registry or an audience that is not there;
// one that the audience has already adds nothing. Input beyond MaxFacts facts
// or cordon.MaxPortions portions is TooLarge.
func Check(ctx context.Context, by act.Caller, registry, audience cordon.ID, in CheckInput) (Result, error) {
	if len(in.Portions) > cordon.MaxPortions {
		return Result{}, cordon.Errorf(cordon.KindTooLarge, "more than %d portions at once", cordon.MaxPortions)
	}
	if len(in.Facts) > 0 {
		if err := validate(in.Facts); err != nil {
			return Result{}, err
		}
	}
	type plan struct {
		*collector
		portions []cordon.Portion
	}
	told, err := act.Do(ctx, by, act.ByAnyone(cordon.ActMosaic), func(s *act.Snapshot) (plan, error) {
		r, err := enter(s, registry)
		if err != nil {
			return plan{}, err
		}
		to, err := findAudience(s, audience)
		if err != nil {
			return plan{}, err
		}
		proposed, err := seen(s, in.Portions)
		if err != nil {
			return plan{}, err
		}
		c := &collector{Snapshot: s, registry: r, audience: to, have: make(map[cordon.ID]bool)}
		return plan{c, proposed}, c.collect(in)
	}, func(c *act.Commit, p plan) (*collector, error) {
		e := cordon.Entry{Feed: p.registry.Owner, Subject: registry, Audience: p.audience}
		// The other owners of its portions learn what was asked, and not against whose
		// registry for whom.
		for _, share := range c.ByOwner(p.portions) {
			if share.Owner == p.registry.Owner {
				e.Portions = share.Portions
			} else if err := c.Record(cordon.Entry{Feed: share.Owner, Portions: share.Portions}); err != nil {
				return nil, err
			}
		}
		return p.collector, c.Record(e)
	})
	if err != nil {
		return Result{}, err
	}
	// A large registry takes a while to open, in which nobody should have
	// to wait for this transaction.
	ix, err := told.index()
	if err != nil {
		return Result{}, err
	}
	result := Result{Registry: registry, Audience: told.audience, Assessment: Assess(ix, told.known.facts, told.further.facts)}
	told.known.attribute(result.Known)
	told.further.attribute(result.Further)
	return result, nil
}

// sourced is facts, each with its origin.
type sourced struct {
	facts   []Fact
	origins []Origin
}

func (s *sourced) add(f Fact, o Origin) {
	s.facts = append(s.facts, f)
	s.origins = append(s.origins, o)
}

// attribute puts the origins to the effects of the facts.
func (s *sourced) attribute(effects []Effect) {
	for i := range effects {
		effects[i].Origin = s.origins[i]
	}
}

// collector gathers the facts one check rests on.
type collector struct {
	*act.Snapshot
	registry cordon.Registry
	audience cordon.ID
	// have are the portions gone through: a portion counts once, in the
	// first way the audience has it.
	have           map[cordon.ID]bool
	known, further sourced
}

func (c *collector) collect(in CheckInput) error {
	if c.audience != "" {
		if err := c.shown(); err != nil {
			return err
		}
		if err := c.granted(); err != nil {
			return err
		}
	}
	if err := c.told(); err != nil {
		return err
	}
	if err := c.portions(in.Portions, Proposed, &c.further); err != nil {
		return err
	}
	for _, f := range in.Facts {
		c.further.add(f, Origin{How: Proposed})
	}
	// The key that opens the registry, for when the transaction is over.
	return c.Keys.Prepare(cordon.Rule{Owners: []cordon.OwnerPolicy{{Owner: c.registry.Owner}}})
}

// shown goes through the reports in which the reader sees something, a page at
// a time. No other report can hold a fact that counts.
func (c *collector) shown() error {
	visible, err := c.Visible()
	if err != nil {
		return err
	}
	var after cordon.Cursor
	for {
		page, err := c.Tx.ReportPage(visible, after, cordon.MaxPage)
		if err != nil || len(page) == 0 {
			return err
		}
		reports := make([]cordon.ID, len(page))
		for i, r := range page {
			reports[i] = r.ID
		}
		renditions, err := c.Tx.Renditions(reports)
		if err != nil {
			return err
		}
		var portions []cordon.ID
		for _, r := range renditions {
			if r.Org == c.audience {
				portions = append(portions, r.Portions...)
			}
		}
		if err := c.portions(portions, Shown, &c.known); err != nil {
			return err
		}
		last := page[len(page)-1]
		after = cordon.Cursor{Created: last.Created, ID: last.ID}
	}
}

// granted goes through what grants have opened to the audience. One that other
// owners' permission is still missing to has told it nothing.
func (c *collector) granted() error {
	org, err := c.Tx.Organisation(c.audience)
	if err != nil {
		return err
	}
	grants, err := c.Tx.GrantsTo(c.audience, c.Now)
	if err != nil {
		return err
	}
	var ids []cordon.ID
	for i := range grants {
		ids = append(ids, grants[i].Portions...)
		grants[i].People = nil // what some of its people were told, it knows
	}
	slices.Sort(ids)
	portions, err := c.Tx.PortionsByID(slices.Compact(ids))
	if err != nil {
		return err
	}
	var open []cordon.ID
	for _, p := range portions {
		rule, err := c.Rule(p.Rule)
		if err != nil {
			return err
		}
		if access.DecideAudience(rule, org, access.WaiversFor(p.ID, grants, "", c.Now)).Allowed() {
			open = append(open, p.ID)
		}
	}
	return c.portions(open, Granted, &c.known)
}

func (c *collector) told() error {
	told, err := c.Tx.ToldTo(c.registry.ID, c.audience)
	if err != nil {
		return err
	}
	for _, t := range told {
		var f Fact
		if err := openJSON(c.Keys, c.registry.Owner, toldContext(t), t.Body, &f); err != nil {
			return err
		}
		o := Origin{How: ToldAudience}
		if t.Audience == "" {
			o.How = ToldPublic
		}
		c.known.add(f, o)
	}
	return nil
}

// portions adds the facts on those of the portions that the reader sees and
// the registry's owner owns.
func (c *collector) portions(ids []cordon.ID, how How, to *sourced) error {
	var fresh []cordon.ID
	for _, id := range ids {
		if !c.have[id] {
			c.have[id] = true
			fresh = append(fresh, id)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	facts, err := c.Tx.Facts(fresh)
	if err != nil || len(facts) == 0 {
		return err
	}
	sealer, err := c.sealers(facts)
	if err != nil {
		return err
	}
	for _, sealed := range facts {
		owner, counts := sealer[sealed.Portion]
		if !counts {
			continue
		}
		var f Fact
		if err := openJSON(c.Keys, owner, factContext(sealed.Portion, sealed.ID), sealed.Body, &f); err != nil {
			return err
		}
		to.add(f, Origin{How: how, Portion: sealed.Portion})
	}
	return nil
}

// sealers gives, for each portion whose facts count, the owner under whose key
// they lie.
func (c *collector) sealers(facts []cordon.Fact) (map[cordon.ID]cordon.ID, error) {
	var ids []cordon.ID
	for _, f := range facts {
		ids = append(ids, f.Portion)
	}
	slices.Sort(ids)
	portions, err := c.Tx.PortionsByID(slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	sealers := make(map[cordon.ID]cordon.ID)
	for _, p := range portions {
		if !c.Decide(p).Allowed() {
			continue
		}
		rule, err := c.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		if owners := rule.OwnerIDs(); slices.Contains(owners, c.registry.Owner) {
			sealers[p.ID] = owners[0]
		}
	}
	return sealers, nil
}

// index opens the registry and makes it ready. It asks nothing of the
// transaction.
func (c *collector) index() (*Index, error) {
	var r Registry
	if err := openJSON(c.Keys, c.registry.Owner, registryContext(c.registry.ID), c.registry.Body, &r); err != nil {
		return nil, err
	}
	return NewIndex(r)
}
