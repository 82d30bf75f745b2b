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
	"cordon/internal/core/notice"
	"cordon/internal/core/reader"
	"cordon/internal/core/rebind"
	"cordon/internal/usecase/release"
	"cordon/internal/usecase/tearline"
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

// Contained is what a containment did.
type Contained struct {
	Incident cordon.ID
	// Struck are the portions struck, derivatives among them.
	Struck []cordon.ID
	// Limited are the reports whose portions were narrowed.
	Limited  []cordon.ID
	Revoked  []cordon.ID
	Notified []cordon.ID
	// Review are reports that lost a portion and are marked as a whole by
	// compilation. That marking stands until a person decides on it.
	Review []cordon.ID
	// Tearlines are the tearlines of struck or limited portions that the
	// actor's organisation owns, with the organisations they were released to.
	// They are left as they are: a person decides whether they tell too much
	// now.
	Tearlines []tearline.Linked
	// Scrubbed says that the files the store controls no longer hold the
	// struck rows' old bytes either (sealed ones, whose keys are gone).
	Scrubbed bool
}

// Contain does all of the plan or none of it. The person must be a security
// officer who may know of the incident. Their organisation must hold or own
// every portion and report that is struck or limited, and own the grants
// revoked; anything else is ErrNotFound. A portion struck before under the same
// incident is passed over, so that a plan whose answer was lost can be given
// again.
func Contain(ctx context.Context, by act.Caller, incident cordon.ID, plan Plan) (Contained, error) {
	if err := plan.validate(); err != nil {
		return Contained{}, err
	}
	done, err := act.Do(ctx, by, act.ByRole(cordon.ActIncident, cordon.RoleSecurityOfficer), func(s *act.Snapshot) (containment, error) {
		i, err := visible(s, incident)
		if err != nil {
			return containment{}, err
		}
		return decide(s, i, plan)
	}, carryOut)
	if err != nil {
		return Contained{}, err
	}
	done.Scrubbed = FinishScrub(ctx, by.Base) == nil
	return done, nil
}

// containment is a plan that was decided on, and what it comes to.
type containment struct {
	incident    cordon.Incident
	disclosures []cordon.Disclosure
	// disclosed are the portions of the disclosures.
	disclosed []cordon.Portion
	struck    []cordon.Portion
	limits    []limited
	// narrowed are the rules of limited portions, each of which is in some limit.
	narrowed map[cordon.ID]cordon.Rule
	revoked  []cordon.Grant
	// asked are the organisations named that are told as no owner is.
	asked []cordon.ID
	steps []cordon.ContainmentStep
	// review are the reports of struck portions that are marked by compilation.
	review []cordon.ID
}

// limited is a report with its portions and all that was derived from them.
type limited struct {
	report   cordon.ID
	portions []cordon.Portion
}

// touched are the portions struck or limited, some perhaps more than once.
func (c *containment) touched() []cordon.Portion {
	all := slices.Clone(c.struck)
	for _, l := range c.limits {
		all = append(all, l.portions...)
	}
	return all
}

// decider decides on a plan step by step, each as after those before it.
type decider struct {
	*act.Snapshot
	containment
}

func decide(s *act.Snapshot, incident cordon.Incident, plan Plan) (containment, error) {
	d := decider{s, containment{incident: incident, narrowed: make(map[cordon.ID]cordon.Rule)}}
	if err := d.disclose(plan.Disclosed); err != nil {
		return containment{}, err
	}
	if err := d.strike(plan.Strike); err != nil {
		return containment{}, err
	}
	for _, l := range plan.Limit {
		if err := d.limit(l); err != nil {
			return containment{}, err
		}
	}
	for _, id := range plan.Revoke {
		if err := d.revoke(id); err != nil {
			return containment{}, err
		}
	}
	if err := d.notify(plan.Notify); err != nil {
		return containment{}, err
	}
	return d.containment, nil
}

func (d *decider) step(step cordon.Step, target cordon.ID) {
	d.steps = append(d.steps, cordon.ContainmentStep{
		ID: cordon.NewID(), Incident: d.incident.ID, Step: step, Target: target, By: d.Actor.Person.ID, At: d.Now,
	})
}

// disclose decides on what is noted as found outside: portions that the caller
// sees, whoever owns them, since a scan told them; and those that they might
// strike.
func (d *decider) disclose(found []Disclosed) error {
	ids := make([]cordon.ID, len(found))
	for i, f := range found {
		ids[i] = f.Portion
		d.disclosures = append(d.disclosures, cordon.Disclosure{
			ID: cordon.NewID(), Incident: d.incident.ID, Portion: f.Portion, Words: f.Words, Found: d.Now,
		})
	}
	portions, err := d.Tx.PortionsByID(ids)
	if err != nil {
		return err
	}
	d.disclosed = portions
	unseen := slices.DeleteFunc(ids, func(id cordon.ID) bool {
		return slices.ContainsFunc(portions, func(p cordon.Portion) bool { return p.ID == id && d.Decide(p).Allowed() })
	})
	_, err = d.own(cordon.ActIncident, unseen)
	return err
}

// strike takes the portions, and with them all that was derived from them, out of
// their reports.
func (d *decider) strike(targets []cordon.ID) error {
	portions, err := d.own(cordon.ActStrike, targets)
	if err != nil {
		return err
	}
	all, err := rebind.WithDerived(d.Tx, portions)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.State != cordon.PortionStruck {
			d.struck = append(d.struck, p)
			d.step(cordon.StepStrike, p.ID)
			continue
		}
		item, err := d.Tx.Custody(p.ID)
		if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
			return err
		}
		if slices.Contains(targets, p.ID) && item.Incident != d.incident.ID {
			return cordon.Errorf(cordon.KindConflict, "portion %s was struck before, under another incident", p.ID)
		}
	}
	return d.reviewed()
}

// reviewed finds the reports that lose a portion and are marked by compilation.
func (d *decider) reviewed() error {
	met := make(map[cordon.ID]bool)
	for _, p := range d.struck {
		if met[p.Report] {
			continue
		}
		met[p.Report] = true
		report, err := d.Tx.Report(p.Report)
		if err != nil {
			return err
		}
		if report.Compilation != "" {
			d.review = append(d.review, p.Report)
		}
	}
	return nil
}

// limit narrows the report's portions, and all that was derived from them, to
// the circle.
func (d *decider) limit(l Limit) error {
	// First what does not depend on the report, so that no answer tells
	// whether it is there.
	circle, err := d.FindPeople(l.Circle)
	if err != nil {
		return err
	}
	l.Circle = circle
	for _, id := range l.Circle {
		if _, err := d.Tx.Person(id); err != nil {
			return cordon.InvalidIfAbsent(err, "a person named for the circle is not known here")
		}
	}
	if err := d.refuseForeign(l.Report); err != nil {
		return err
	}
	gone := make(map[cordon.ID]bool, len(d.struck))
	for _, p := range d.struck {
		gone[p.ID] = true
	}
	heads, err := d.Tx.PortionHeads(l.Report)
	if err != nil {
		return err
	}
	live := slices.DeleteFunc(heads, func(p cordon.Portion) bool { return p.State != cordon.PortionLive || gone[p.ID] })
	if len(live) == 0 {
		return &act.Refusal{Answer: cordon.ErrNotFound, Act: cordon.ActLimit, Reports: []cordon.ID{l.Report}}
	}
	portions, err := d.own(cordon.ActLimit, cordon.PortionIDs(live))
	if err != nil {
		return err
	}
	all, err := rebind.WithDerived(d.Tx, portions)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(p cordon.Portion) bool { return p.State == cordon.PortionStruck || gone[p.ID] })
	for _, p := range all {
		if err := d.narrow(p, l); err != nil {
			return err
		}
	}
	d.limits = append(d.limits, limited{l.Report, all})
	d.step(cordon.StepLimit, l.Report)
	return nil
}

// narrow joins the circle to the portion's rule. Somebody must be left who may
// read the limited report. A derivative that was limited to other people is
// then nobody's: its holder's circle does not stand in the source's way.
func (d *decider) narrow(p cordon.Portion, l Limit) error {
	rule, ok := d.narrowed[p.ID]
	if !ok {
		var err error
		if rule, err = d.Rule(p.Rule); err != nil {
			return err
		}
	}
	rule = access.Join(rule, cordon.Rule{Circled: true, Circle: l.Circle})
	if len(rule.Circle) == 0 && p.Report == l.Report {
		return cordon.Errorf(cordon.KindConflict,
			"portion %s is limited to other people already, so nobody would be left: strike it instead", p.ID)
	}
	d.narrowed[p.ID] = rule
	return nil
}

func (d *decider) revoke(id cordon.ID) error {
	g, err := d.Tx.Grant(id)
	switch {
	case cordon.KindOf(err) == cordon.KindNotFound:
		return &act.Refusal{Answer: cordon.ErrNotFound, Act: cordon.ActRevoke}
	case err == nil && g.Owner != d.Actor.Org.ID:
		return &act.Refusal{Answer: cordon.ErrNotFound, Act: cordon.ActRevoke, Subject: g.ID, Feeds: []cordon.ID{g.Owner}}
	case err != nil:
		return err
	}
	again := slices.ContainsFunc(d.revoked, func(have cordon.Grant) bool { return have.ID == id })
	if !g.LiveAt(d.Now) || again {
		return nil // ended already, as was wanted
	}
	d.revoked = append(d.revoked, g)
	d.step(cordon.StepRevoke, id)
	return nil
}

// notify decides who is told: the owners of what is struck or limited, and those
// named.
func (d *decider) notify(named []cordon.ID) error {
	told := make(map[cordon.ID]bool)
	for _, share := range d.ByOwner(d.touched()) {
		told[share.Owner] = true
		d.step(cordon.StepNotify, share.Owner)
	}
	orgs, err := d.FindOrganisations(named)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		if told[org] {
			continue
		}
		if _, err := d.Tx.Organisation(org); err != nil {
			return cordon.InvalidIfAbsent(err, "an organisation to notify is not known here")
		}
		told[org] = true
		d.asked = append(d.asked, org)
		d.step(cordon.StepNotify, org)
	}
	return nil
}

// refuseForeign is a refusal where the caller's organisation owns nothing in the
// report and does not hold it, and where there is none. It goes by the report's few
// rules, so that it takes no longer for a long report than for one that is not there.
func (d *decider) refuseForeign(id cordon.ID) error {
	numbers, err := d.Tx.PortionRules(id)
	if err != nil {
		return err
	}
	for _, no := range numbers {
		rule, err := d.Rule(no)
		if err != nil {
			return err
		}
		if slices.Contains(rule.OwnerIDs(), d.Actor.Org.ID) {
			return nil
		}
	}
	report, err := d.Tx.Report(id)
	if err == nil && report.Holder == d.Actor.Org.ID {
		return nil
	}
	if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
		return err
	}
	return &act.Refusal{Answer: cordon.ErrNotFound, Act: cordon.ActLimit, Reports: []cordon.ID{id}}
}

// own loads the portions. It is a refusal where the caller's organisation
// neither owns one of them nor holds its report.
func (d *decider) own(what cordon.Act, ids []cordon.ID) ([]cordon.Portion, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	portions, err := d.Tx.PortionsByID(ids)
	if err != nil {
		return nil, err
	}
	refusal := &act.Refusal{Answer: cordon.ErrNotFound, Act: what}
	known := make(map[cordon.ID]bool, len(portions))
	for _, p := range portions {
		known[p.ID] = true
		rule, err := d.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		if slices.Contains(rule.OwnerIDs(), d.Actor.Org.ID) {
			continue
		}
		report, err := d.Tx.Report(p.Report)
		if err != nil {
			return nil, err
		}
		if report.Holder != d.Actor.Org.ID {
			refusal.Portions = append(refusal.Portions, p)
		}
	}
	if len(refusal.Portions) > 0 || slices.ContainsFunc(ids, func(id cordon.ID) bool { return !known[id] }) {
		return nil, refusal
	}
	return portions, nil
}

// carryOut does all that was decided on.
func carryOut(c *act.Commit, d containment) (Contained, error) {
	for _, do := range []func(*act.Commit) error{d.putDisclosures, d.putStruck, d.putLimited, d.putRevoked, d.sendNotices} {
		if err := do(c); err != nil {
			return Contained{}, err
		}
	}
	if err := c.Tx.AddSteps(d.steps); err != nil {
		return Contained{}, err
	}
	// Whom it asked for is in the feed of the incident's organisation, too.
	for _, org := range d.asked {
		if err := c.Record(cordon.Entry{Act: cordon.ActNotify, Feed: d.incident.Org, Subject: d.incident.ID, Audience: org}); err != nil {
			return Contained{}, err
		}
	}
	done := d.contained()
	var err error
	if done.Tearlines, err = tearline.Of(c.Snapshot, c.Actor.Org.ID, d.touched()); err != nil {
		return Contained{}, err
	}
	return done, owesScrub(c.Tx)
}

// putDisclosures notes what was found outside, in the feeds of its owners and of
// the incident's organisation.
func (d *containment) putDisclosures(c *act.Commit) error {
	if len(d.disclosures) == 0 {
		return nil
	}
	if err := c.Tx.AddDisclosures(d.disclosures); err != nil {
		return err
	}
	noted := cordon.Entry{Act: cordon.ActIncident, Subject: d.incident.ID}
	if err := c.RecordOwners(noted, d.disclosed); err != nil {
		return err
	}
	if slices.ContainsFunc(c.ByOwner(d.disclosed), func(share reader.Owned) bool { return share.Owner == d.incident.Org }) {
		return nil // it has an entry that says more
	}
	noted.Feed = d.incident.Org
	return c.Record(noted)
}

// putStruck puts the struck portions into the incident's custody.
func (d *containment) putStruck(c *act.Commit) error {
	for _, p := range d.struck {
		rule, err := c.Rule(p.Rule)
		if err != nil {
			return err
		}
		item := cordon.CustodyItem{Portion: p.ID, Incident: d.incident.ID, Rule: p.Rule, At: c.Now}
		from, to := content.Binding(p, rule), content.CustodyBinding(p, rule, d.incident.ID)
		if item.Body, item.Key, err = c.Keys.Rebind(from, to, p.Body, p.Key); err != nil {
			return err
		}
		if err := c.Tx.PutCustody(item); err != nil {
			return err
		}
		if err := c.Tx.StrikePortion(p.ID); err != nil {
			return err
		}
	}
	if err := touchReports(c, d.struck); err != nil {
		return err
	}
	return c.RecordOwners(cordon.Entry{Act: cordon.ActStrike, Subject: d.incident.ID}, d.struck)
}

// putLimited seals the limited portions anew under their narrower rules.
func (d *containment) putLimited(c *act.Commit) error {
	sealed := make(map[cordon.ID]bool, len(d.narrowed))
	for _, l := range d.limits {
		for _, p := range l.portions {
			if sealed[p.ID] {
				continue
			}
			sealed[p.ID] = true
			if err := rebind.Under(c, &p, d.narrowed[p.ID]); err != nil {
				return err
			}
		}
		if err := touchReports(c, l.portions); err != nil {
			return err
		}
		if err := c.RecordOwners(cordon.Entry{Act: cordon.ActLimit, Subject: d.incident.ID}, l.portions); err != nil {
			return err
		}
	}
	return nil
}

// touchReports touches each of the portions' reports once.
func touchReports(c *act.Commit, portions []cordon.Portion) error {
	touched := make(map[cordon.ID]bool)
	for _, p := range portions {
		if touched[p.Report] {
			continue
		}
		touched[p.Report] = true
		if err := c.Tx.TouchReport(p.Report); err != nil {
			return err
		}
	}
	return nil
}

func (d *containment) putRevoked(c *act.Commit) error {
	for _, g := range d.revoked {
		if err := release.EndGrant(c, g); err != nil {
			return err
		}
	}
	return nil
}

// sendNotices tells those concerned. Each names the portions that concern its addressee and
// no other recipient, and quotes nothing.
func (d *containment) sendNotices(c *act.Commit) error {
	touched := d.touched()
	for _, share := range c.ByOwner(touched) {
		slices.Sort(share.Portions)
		share.Portions = slices.Compact(share.Portions)
		mark, err := notice.Mark(c.Schemes, slices.DeleteFunc(slices.Clone(touched), func(p cordon.Portion) bool {
			_, its := slices.BinarySearch(share.Portions, p.ID)
			return !its
		}))
		if err != nil {
			return err
		}
		text := fmt.Sprintf("Incident %s, opened by %s: %d of your portions were struck or limited: %s.",
			d.incident.ID, c.Actor.Org.Name, len(share.Portions), list(share.Portions))
		tearlines, err := tearline.Of(c.Snapshot, share.Owner, touched)
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
		if err := notice.Send(c, notice.Message{Org: share.Owner, Kind: cordon.NoticeIncident, Mark: mark, Text: text}); err != nil {
			return err
		}
	}
	for _, org := range d.asked {
		text := fmt.Sprintf("%s asks you to call its security officer about incident %s, by a channel that had no part in it.",
			c.Actor.Org.Name, d.incident.ID)
		if err := notice.Send(c, notice.Message{Org: org, Kind: cordon.NoticeIncident, Text: text}); err != nil {
			return err
		}
	}
	return nil
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

func (d *containment) contained() Contained {
	done := Contained{Incident: d.incident.ID, Review: d.review}
	for _, s := range d.steps {
		switch s.Step {
		case cordon.StepStrike:
			done.Struck = append(done.Struck, s.Target)
		case cordon.StepLimit:
			done.Limited = append(done.Limited, s.Target)
		case cordon.StepRevoke:
			done.Revoked = append(done.Revoked, s.Target)
		case cordon.StepNotify:
			done.Notified = append(done.Notified, s.Target)
		}
	}
	return done
}

func (p Plan) validate() error {
	if len(p.Disclosed)+len(p.Strike)+len(p.Limit)+len(p.Revoke)+len(p.Notify) == 0 {
		return cordon.Errorf(cordon.KindInvalid, "the plan does nothing: name portions to strike, a report to limit, grants to revoke or organisations to notify")
	}
	if len(p.Disclosed) > cordon.MaxPortions || len(p.Strike) > cordon.MaxPortions {
		return cordon.Errorf(cordon.KindTooLarge, "a plan names at most %d portions", cordon.MaxPortions)
	}
	for _, l := range p.Limit {
		switch {
		case len(l.Circle) == 0:
			return cordon.Errorf(cordon.KindInvalid, "a limit names who may still read")
		case len(l.Circle) > cordon.MaxCircle:
			return cordon.Errorf(cordon.KindTooLarge, "a circle names at most %d people", cordon.MaxCircle)
		}
	}
	return nil
}
