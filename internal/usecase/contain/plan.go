package contain

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/ledger"
	"cordon/internal/core/notice"
	"cordon/internal/core/reader"
	"cordon/internal/core/rebind"
	"cordon/internal/core/vault"
	"cordon/internal/usecase/release"
	"cordon/internal/usecase/tearline"
	"cordon/marking"
)

// Plan is what one containment does.
type Plan struct {
	// Disclosed are the portions found outside, for the incident's record.
	Disclosed []Disclosed
	// Strike are portions to take out, with everything derived from them.
	Strike []cordon.ID
	// Limit narrows reports to named people, with everything derived from
	// their portions.
	Limit []Limit
	// Revoke are grants to end.
	Revoke []cordon.ID
	// Notify are organisations to tell, besides the owners, who always are.
	Notify []cordon.ID
}

// Limit narrows a report to a circle.
type Limit struct {
	Report cordon.ID
	Circle []cordon.ID
}

// Done is what a containment did.
type Done struct {
	Incident cordon.ID `json:"incident"`
	// Struck are the portions struck, derivatives among them.
	Struck []cordon.ID `json:"struck"`
	// Limited are the reports whose portions were narrowed.
	Limited  []cordon.ID `json:"limited"`
	Revoked  []cordon.ID `json:"revoked"`
	Notified []cordon.ID `json:"notified"`
	// Review are reports that lost a portion and are marked as a whole by
	// compilation. That marking stands until a person decides on it.
	Review []cordon.ID `json:"review,omitempty"`
	// Tearlines are those of what was struck or limited and is the actor's
	// organisation's own, with whom they were released to. They stand: whether
	// they tell too much now is a person's to decide.
	Tearlines []tearline.Linked `json:"tearlines,omitempty"`
	// Scrubbed says that the files the store controls no longer hold the
	// struck rows' old bytes either (sealed ones, whose keys are gone).
	Scrubbed bool `json:"scrubbed"`
}

// Contain does all of the plan or none of it. The person must be a security
// officer who may know of the incident, and his organisation must hold or own
// whatever is struck or limited, and own the grants revoked; anything else is
// ErrNotFound. A portion struck before under the same incident is passed over,
// so that a plan whose answer was lost can be given again.
func Contain(ctx context.Context, by act.Caller, incident cordon.ID, plan Plan) (Done, error) {
	if err := plan.validate(); err != nil {
		return Done{}, err
	}
	var done Done
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		view, err := by.Rules.Look(cordon.Holding(tx), by.Person, by.Clock.Now())
		if err != nil {
			return err
		}
		if err := view.Require(cordon.SecurityOfficer); err != nil {
			return err
		}
		i, err := Visible(cordon.Holding(tx), view, incident)
		if err != nil {
			return err
		}
		c := containment{tx: tx, view: view, incident: i, ring: by.Vault.Ring(tx), schemes: by.Schemes}

		// decide, act and record, step by step
		if err := c.disclosed(plan.Disclosed); err != nil {
			return err
		}
		if err := c.strike(plan.Strike); err != nil {
			return err
		}
		for _, l := range plan.Limit {
			if err := c.limit(l); err != nil {
				return err
			}
		}
		for _, id := range plan.Revoke {
			if err := c.revoke(id); err != nil {
				return err
			}
		}
		if err := c.notify(plan.Notify); err != nil {
			return err
		}
		if err := tx.AddSteps(c.steps); err != nil {
			return err
		}
		done = c.done()
		if done.Review, err = c.review(); err != nil {
			return err
		}
		if done.Tearlines, err = tearline.Of(tx, view, view.Actor.Org.ID, c.touched); err != nil {
			return err
		}
		return owesScrub(tx)
	})
	if err != nil {
		return Done{}, err
	}
	done.Scrubbed = FinishScrub(ctx, by.Base) == nil
	return done, nil
}

// containment is one plan being carried out in one transaction.
type containment struct {
	tx       cordon.WriteTx
	view     *reader.View
	incident cordon.Incident
	ring     *vault.Ring
	schemes  *marking.Set
	steps    []cordon.ContainmentStep
	touched  []cordon.Portion // struck or limited, for their owners' notices
	struck   []cordon.Portion
}

func (c *containment) step(step cordon.Step, target cordon.ID) {
	c.steps = append(c.steps, cordon.ContainmentStep{
		ID: cordon.NewID(), Incident: c.incident.ID, Step: step, Target: target,
		By: c.view.Actor.Person.ID, At: c.view.Now,
	})
}

func (c *containment) disclosed(found []Disclosed) error {
	if len(found) == 0 {
		return nil
	}
	ids := make([]cordon.ID, len(found))
	records := make([]cordon.Disclosure, len(found))
	for i, d := range found {
		ids[i] = d.Portion
		records[i] = cordon.Disclosure{
			ID: cordon.NewID(), Incident: c.incident.ID, Portion: d.Portion, Words: d.Words, Found: c.view.Now,
		}
	}
	portions, err := c.tx.PortionsByID(ids)
	if err != nil {
		return err
	}
	// What he may see he may note as found, whoever owns it: a scan told him.
	unseen := slices.DeleteFunc(slices.Clone(ids), func(id cordon.ID) bool {
		return slices.ContainsFunc(portions, func(p cordon.Portion) bool { return p.ID == id && c.view.Decide(p).Allowed() })
	})
	if _, err := c.mine(unseen); err != nil {
		return err
	}
	return c.tx.AddDisclosures(records)
}

// strike takes the portions out of their reports, and with them all that was
// derived from them, into the incident's custody.
func (c *containment) strike(targets []cordon.ID) error {
	portions, err := c.mine(targets)
	if err != nil {
		return err
	}
	all, err := rebind.WithDerived(c.tx, portions)
	if err != nil {
		return err
	}
	var struck []cordon.Portion
	for _, p := range all {
		if p.State == cordon.Struck {
			item, err := c.tx.Custody(p.ID)
			if err != nil && cordon.KindOf(err) != cordon.NotFound {
				return err
			}
			if slices.Contains(targets, p.ID) && item.Incident != c.incident.ID {
				return cordon.Errorf(cordon.Conflict, "portion %s was struck before, under another incident", p.ID)
			}
			continue
		}
		if err := c.toCustody(p); err != nil {
			return err
		}
		if err := c.tx.StrikePortion(p.ID); err != nil {
			return err
		}
		if err := c.tx.TouchReport(p.Report); err != nil {
			return err
		}
		c.step(cordon.StepStrike, p.ID)
		struck = append(struck, p)
	}
	c.touched, c.struck = append(c.touched, struck...), struck
	return c.record(cordon.ActStrike, struck)
}

func (c *containment) toCustody(p cordon.Portion) error {
	rule, err := c.view.Rule(p.Rule)
	if err != nil {
		return err
	}
	from := content.Binding(p, rule)
	to := from
	to.Custody = c.incident.ID
	sealed, key, err := c.ring.Rebind(from, to, p.Body, p.Key)
	if err != nil {
		return err
	}
	return c.tx.PutCustody(cordon.CustodyItem{
		Portion: p.ID, Incident: c.incident.ID, Rule: p.Rule, Body: sealed, Key: key, At: c.view.Now,
	})
}

// limit narrows the report's portions, and all that was derived from them, to
// the circle. Each is sealed anew under the narrower rule.
func (c *containment) limit(l Limit) error {
	// First what does not depend on the report, so that no answer tells
	// whether it is there.
	for _, id := range l.Circle {
		if _, err := c.tx.HoldPerson(id); err != nil {
			return unknown(err, "a person named for the circle is not known here")
		}
	}
	heads, err := c.tx.PortionHeads(l.Report)
	if err != nil {
		return err
	}
	var live []cordon.ID
	for _, p := range heads {
		if p.State == cordon.Live {
			live = append(live, p.ID)
		}
	}
	if len(live) == 0 {
		return cordon.ErrNotFound
	}
	portions, err := c.mine(live)
	if err != nil {
		return err
	}
	all, err := rebind.WithDerived(c.tx, portions)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(p cordon.Portion) bool { return p.State == cordon.Struck })
	for i := range all {
		if err := c.narrow(&all[i], l); err != nil {
			return err
		}
		if err := c.tx.TouchReport(all[i].Report); err != nil {
			return err
		}
	}
	c.step(cordon.StepLimit, l.Report)
	c.touched = append(c.touched, all...)
	return c.record(cordon.ActLimit, all)
}

// narrow seals the portion under the limit. Of the report that is limited
// somebody must be left; a derivative that was limited to others is then
// nobody's, since what its holder did with it does not stand in its source's
// way.
func (c *containment) narrow(p *cordon.Portion, l Limit) error {
	before, err := c.view.Rule(p.Rule)
	if err != nil {
		return err
	}
	after := access.Join(before, cordon.Rule{Circled: true, Circle: l.Circle})
	if len(after.Circle) == 0 && p.Report == l.Report {
		return cordon.Errorf(cordon.Conflict,
			"portion %s is limited to other people already, so nobody would be left: strike it instead", p.ID)
	}
	return rebind.Under(c.tx, c.view, c.ring, p, after)
}

func (c *containment) revoke(id cordon.ID) error {
	g, err := c.tx.Grant(id)
	if err != nil {
		return err
	}
	if g.Owner != c.view.Actor.Org.ID {
		return cordon.ErrNotFound
	}
	if !g.LiveAt(c.view.Now) {
		return nil // ended already: what was wanted
	}
	c.step(cordon.StepRevoke, id)
	return release.EndGrant(&act.Commit{Snapshot: &act.Snapshot{View: c.view}, Tx: c.tx}, g)
}

// notify tells the owners of what was struck or limited, and whoever is named.
// A notice names the portions that concern its addressee and no other
// recipient, and quotes nothing.
func (c *containment) notify(orgs []cordon.ID) error {
	told := make(map[cordon.ID]bool)
	for _, share := range c.view.ByOwner(c.touched) {
		slices.Sort(share.Portions)
		share.Portions = slices.Compact(share.Portions)
		mark, err := notice.Mark(c.schemes, slices.DeleteFunc(slices.Clone(c.touched), func(p cordon.Portion) bool {
			return !slices.Contains(share.Portions, p.ID)
		}))
		if err != nil {
			return err
		}
		text := fmt.Sprintf("Incident %s, opened by %s: %d of your portions were struck or limited: %s.",
			c.incident.ID, c.view.Actor.Org.Name, len(share.Portions), list(share.Portions))
		tearlines, err := tearline.Of(c.tx, c.view, share.Owner, c.touched)
		if err != nil {
			return err
		}
		if len(tearlines) > 0 {
			ids := make([]cordon.ID, len(tearlines))
			for i, t := range tearlines {
				ids[i] = t.Report
			}
			text += fmt.Sprintf(" You wrote tearlines of them, which stand; look at them again: %s.", list(ids))
		}
		if err := c.tell(share.Owner, mark, text); err != nil {
			return err
		}
		told[share.Owner] = true
	}
	for _, org := range orgs {
		if told[org] {
			continue
		}
		if _, err := c.tx.HoldOrganisation(org); err != nil {
			return unknown(err, "an organisation to notify is not known here")
		}
		text := fmt.Sprintf("%s asks you to call its security officer about incident %s, by a channel that had no part in it.",
			c.view.Actor.Org.Name, c.incident.ID)
		if err := c.tell(org, "", text); err != nil {
			return err
		}
		told[org] = true
	}
	return nil
}

func (c *containment) tell(org cordon.ID, mark, text string) error {
	c.step(cordon.StepNotify, org)
	return notice.Tell(c.tx, c.ring, c.view, notice.Message{Org: org, Kind: cordon.AboutIncident, Mark: mark, Text: text})
}

// unknown words what is not there; a fault stays one.
func unknown(err error, message string) error {
	if cordon.KindOf(err) == cordon.NotFound {
		return cordon.Errorf(cordon.Invalid, "%s", message)
	}
	return err
}

// listed is how many ids a notice names before it counts the rest.
const listed = 20

func list(ids []cordon.ID) string {
	var names []string
	for _, id := range ids[:min(len(ids), listed)] {
		names = append(names, string(id))
	}
	if more := len(ids) - listed; more > 0 {
		names = append(names, fmt.Sprintf("and %d more (they are in your feed)", more))
	}
	return strings.Join(names, ", ")
}

// mine loads the portions and answers ErrNotFound unless the actor's
// organisation owns each of them or holds the report it is in.
func (c *containment) mine(ids []cordon.ID) ([]cordon.Portion, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	portions, err := c.tx.PortionsByID(ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		i := slices.IndexFunc(portions, func(p cordon.Portion) bool { return p.ID == id })
		if i < 0 {
			return nil, cordon.ErrNotFound
		}
		rule, err := c.view.Rule(portions[i].Rule)
		if err != nil {
			return nil, err
		}
		if slices.Contains(rule.OwnerIDs(), c.view.Actor.Org.ID) {
			continue
		}
		report, err := c.tx.HoldReport(portions[i].Report)
		if err != nil {
			return nil, err
		}
		if report.Holder != c.view.Actor.Org.ID {
			return nil, cordon.ErrNotFound
		}
	}
	return portions, nil
}

// record writes each owner's share into its feed, in as many entries as its
// size asks for: containment is not to fail because much has to be contained.
func (c *containment) record(act cordon.Act, portions []cordon.Portion) error {
	for _, share := range c.view.ByOwner(portions) {
		for some := range slices.Chunk(share.Portions, ledger.MaxEntryPortions) {
			e := c.view.Entry(act, cordon.Allowed)
			e.Feed, e.Subject, e.Portions = share.Owner, c.incident.ID, some
			if err := ledger.Append(c.tx, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// review lists the reports of struck portions that are marked by compilation.
func (c *containment) review() ([]cordon.ID, error) {
	var review []cordon.ID
	for _, p := range c.struck {
		if slices.Contains(review, p.Report) {
			continue
		}
		report, err := c.tx.HoldReport(p.Report)
		if err != nil {
			return nil, err
		}
		if report.Compilation != "" {
			review = append(review, p.Report)
		}
	}
	return review, nil
}

func (c *containment) done() Done {
	d := Done{Incident: c.incident.ID}
	for _, s := range c.steps {
		switch s.Step {
		case cordon.StepStrike:
			d.Struck = append(d.Struck, s.Target)
		case cordon.StepLimit:
			d.Limited = append(d.Limited, s.Target)
		case cordon.StepRevoke:
			d.Revoked = append(d.Revoked, s.Target)
		case cordon.StepNotify:
			d.Notified = append(d.Notified, s.Target)
		}
	}
	return d
}

func (p Plan) validate() error {
	if len(p.Disclosed)+len(p.Strike)+len(p.Limit)+len(p.Revoke)+len(p.Notify) == 0 {
		return cordon.Errorf(cordon.Invalid, "the plan does nothing: name portions to strike, a report to limit, grants to revoke or organisations to notify")
	}
	if len(p.Disclosed) > cordon.MaxPortions || len(p.Strike) > cordon.MaxPortions {
		return cordon.Errorf(cordon.TooLarge, "a plan names at most %d portions", cordon.MaxPortions)
	}
	for _, l := range p.Limit {
		switch {
		case len(l.Circle) == 0:
			return cordon.Errorf(cordon.Invalid, "a limit names who may still read")
		case len(l.Circle) > cordon.MaxCircle:
			return cordon.Errorf(cordon.TooLarge, "a circle names at most %d people", cordon.MaxCircle)
		}
	}
	return nil
}
