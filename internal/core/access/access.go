// Package access computes the one decision: whether a reader may open a
// portion, and if not, why. Nothing else in Cordon decides.
//
// It is pure. The rule, the reader and the grants are handed to it as they
// stand in the transaction that asks, so that a change of any of them rules
// the very next request (promise 7).
//
// # The one decision
//
// A reader may open a portion if and only if all of these hold:
//
//  1. The portion is not struck, or the reader is in its custody circle.
//  2. Level: the reader's clearance in the marking's scheme is at least the
//     marking's level.
//  3. Read-ins: the reader holds every compartment that the marking requires.
//  4. Audience: where the marking names an audience (REL TO, NOFORN, EYES,
//     TLP), the reader's organisation or nationality is in it; for NOFORN and
//     eyes-only lists both are.
//  5. Owners: for every owner, the reader's organisation is that owner or one
//     of its recipients, or holds a live grant from it for that portion.
//  6. Circle: where a circle of named people is set, the reader is one of them.
//  7. Need to know: where the reader's own organisation narrowed it to a group,
//     the reader is in the group.
//  8. While it waits to be compared, the reader is its writer; while another
//     wording waits in its place, the reader is not that one's writer.
//
// Where words of others were found in it, condition 5 holds for those owners too,
// though they own nothing of it.
//
// A missing, unknown or malformed marking denies.
package access

import (
	"slices"
	"time"

	"cordon"
)

// Reason is one condition of the decision that did not hold. The names stand
// in the ledger and in answers to those entitled to them.
type Reason string

// The conditions, in the order of the package comment, and what can be wrong
// besides.
const (
	// Struck: the portion was taken out of its report.
	Struck Reason = "struck"
	// Clearance: the reader's clearance is below the marking's level.
	Clearance Reason = "clearance"
	// ReadIn: a compartment the marking requires is not held.
	ReadIn Reason = "read-in"
	// Audience: the marking names an audience the reader is not in.
	Audience Reason = "audience"
	// Owner: an owner neither gave it to the reader's organisation nor
	// granted it.
	Owner Reason = "owner"
	// Circle: a circle is set and the reader is not in it.
	Circle Reason = "circle"
	// NeedToKnow: the reader's own organisation narrowed it to a group that
	// they are not in.
	NeedToKnow Reason = "need-to-know"
	// Within: words were found in it that their owner neither gave nor granted to
	// the reader's organisation.
	Within Reason = "found"
	// Waiting: it waits to be compared with everything else, or for a decision on
	// what was found in it.
	Waiting Reason = "waiting"
	// Suspended: the reader is suspended.
	Suspended Reason = "suspended"
	// ShownOnly: the permission that opens it is to be shown it and not to
	// keep it.
	ShownOnly Reason = "shown-only"
	// Superseded: another wording stands in its place.
	Superseded Reason = "superseded"
	// Malformed: the rule is not one anybody could meet, for instance it has
	// no owner. A part that is missing or unknown denies.
	Malformed Reason = "malformed"
)

// Reader is a person as a decision sees them: their organisation and all they
// hold, by name.
type Reader struct {
	Person      cordon.ID
	Org         cordon.ID
	Suspended   bool
	Countries   []string // organisation's and own nationality
	Communities []string
	// ClientOf are the organisations whose client their organisation is.
	ClientOf []cordon.ID
	// Groups are those of their organisation's need-to-know groups that they
	// are in.
	Groups []cordon.ID
	// Ranks is the clearance held per scheme, an index into its ladder.
	Ranks   map[string]int
	ReadIns map[string]bool
}

// Ladders gives each scheme's clearance names, lowest first.
type Ladders map[string][]string

// NewReader makes the reader of the actor at the instant. A clearance that the
// ladders do not know counts as none, and so does a read-in not held then, and what
// is above the ceiling of the organisation.
func NewReader(a cordon.Actor, now time.Time, ladders Ladders) Reader {
	r := Reader{
		Person:      a.Person.ID,
		Org:         a.Org.ID,
		Suspended:   a.Person.Suspended || a.Person.Org != a.Org.ID,
		Communities: a.Org.Communities,
		ClientOf:    a.Org.ClientOf,
		Groups:      a.Groups,
		Ranks:       make(map[string]int, len(a.Person.Clearances)),
		ReadIns:     make(map[string]bool, len(a.Person.ReadIns)),
	}
	for _, c := range []string{a.Org.Country, a.Person.Nationality} {
		if c != "" && !slices.Contains(r.Countries, c) {
			r.Countries = append(r.Countries, c)
		}
	}
	for scheme, name := range a.Person.Clearances {
		rank := slices.Index(ladders[scheme], name)
		if c := a.Org.Ceiling; c != nil {
			rank = min(rank, slices.Index(ladders[scheme], c.Clearances[scheme]))
		}
		if rank > 0 {
			r.Ranks[scheme] = rank
		}
	}
	for _, readIn := range a.Person.ReadIns {
		if readIn.HeldAt(now) && (a.Org.Ceiling == nil || slices.Contains(a.Org.Ceiling.ReadIns, readIn.Compartment)) {
			r.ReadIns[readIn.Compartment] = true
		}
	}
	return r
}

// Waivers are the owners whose grants to the reader's organisation are live
// for the one portion that is decided on.
type Waivers []cordon.ID

// WaiversFor picks from the grants to an organisation the owners that waive
// their policy for the portion at the instant, towards the person, who is of
// that organisation. Without a person it is towards the organisation as a
// whole, to which a grant to some of its people does not give it.
func WaiversFor(portion cordon.ID, grants []cordon.Grant, person cordon.ID, now time.Time) Waivers {
	var w Waivers
	for _, g := range grants {
		if g.LiveAt(now) && g.For(person) && slices.Contains(g.Portions, portion) && !slices.Contains(w, g.Owner) {
			w = append(w, g.Owner)
		}
	}
	return w
}

// Decision is the answer. It allows only if no reason stands against it.
type Decision struct {
	Reasons []Reason
	// Owners are those whose permission is missing.
	Owners []cordon.ID
	// ReadIns are the compartments missing.
	ReadIns []string
}

// Allowed reports whether the reader may open.
func (d Decision) Allowed() bool { return len(d.Reasons) == 0 }

// OnlyOwners reports whether only owners' permission is missing: a grant from each
// of them would open the portion.
func (d Decision) OnlyOwners() bool { return len(d.Reasons) == 1 && d.Reasons[0] == Owner }

// Names lists the reasons as the ledger keeps them.
func (d Decision) Names() []string {
	names := make([]string, len(d.Reasons))
	for i, r := range d.Reasons {
		names[i] = string(r)
	}
	return names
}

// Decide answers whether the reader may open a live portion under the rule,
// the waivers being those of that portion. It gives every reason, not only
// the first. A rule does not say whether the portion is struck: the caller
// adds that from the portion's state, and Custody decides on struck portions.
func Decide(rule cordon.Rule, reader Reader, waivers Waivers) Decision {
	var d Decision
	if len(rule.Owners) == 0 || reader.Org == "" || reader.Person == "" {
		d.Reasons = append(d.Reasons, Malformed)
	}
	if reader.Suspended {
		d.Reasons = append(d.Reasons, Suspended)
	}
	if !cleared(rule.Levels, reader) {
		d.Reasons = append(d.Reasons, Clearance)
	}
	for _, readIn := range rule.ReadIns {
		if !reader.ReadIns[readIn] {
			d.ReadIns = append(d.ReadIns, readIn)
		}
	}
	if len(d.ReadIns) > 0 {
		d.Reasons = append(d.Reasons, ReadIn)
	}
	if !inAudience(rule.Audience, reader.Countries, reader.Communities) {
		d.Reasons = append(d.Reasons, Audience)
	}
	if d.Owners = withholding(rule.Owners, reader.Org, reader.Communities, reader.ClientOf, waivers); len(d.Owners) > 0 {
		d.Reasons = append(d.Reasons, Owner)
	}
	if rule.Circled && !slices.Contains(rule.Circle, reader.Person) {
		d.Reasons = append(d.Reasons, Circle)
	}
	if !needsToKnow(rule.Narrowed, reader) {
		d.Reasons = append(d.Reasons, NeedToKnow)
	}
	if len(withholding(rule.Within, reader.Org, reader.Communities, reader.ClientOf, waivers)) > 0 {
		d.Reasons = append(d.Reasons, Within)
	}
	if rule.Waiting != "" && rule.Waiting != reader.Person {
		d.Reasons = append(d.Reasons, Waiting)
	}
	if rule.Former != "" && rule.Former == reader.Person {
		d.Reasons = append(d.Reasons, Superseded)
	}
	return d
}

// DecideAudience answers for an organisation as a whole: it gives the reasons
// that hold for each of its people alike. Level, read-ins, circle, the
// organisation's own narrowings and who wrote what waits are a person's matter and are left out.
func DecideAudience(rule cordon.Rule, org cordon.Organisation, waivers Waivers) Decision {
	var d Decision
	if len(rule.Owners) == 0 {
		d.Reasons = append(d.Reasons, Malformed)
	}
	var countries []string
	if org.Country != "" {
		countries = []string{org.Country}
	}
	if !inAudience(rule.Audience, countries, org.Communities) {
		d.Reasons = append(d.Reasons, Audience)
	}
	if d.Owners = withholding(rule.Owners, org.ID, org.Communities, org.ClientOf, waivers); len(d.Owners) > 0 {
		d.Reasons = append(d.Reasons, Owner)
	}
	if len(withholding(rule.Within, org.ID, org.Communities, org.ClientOf, waivers)) > 0 {
		d.Reasons = append(d.Reasons, Within)
	}
	return d
}

// Custody answers whether the person is of an incident's custody circle:
// named in it and not suspended. Decide answers for the struck portion's
// rule, which a custodian has to meet besides.
func Custody(incident cordon.Incident, reader Reader) Decision {
	var d Decision
	if reader.Suspended {
		d.Reasons = append(d.Reasons, Suspended)
	}
	if !slices.Contains(incident.Custody, reader.Person) {
		d.Reasons = append(d.Reasons, Struck)
	}
	return d
}

func cleared(levels []cordon.Level, reader Reader) bool {
	for _, l := range levels {
		if reader.Ranks[l.Scheme] < l.Rank {
			return false
		}
	}
	return true
}

func inAudience(clauses []cordon.Audience, countries, communities []string) bool {
	for _, c := range clauses {
		if !meets(c.Countries, countries) && !meets(c.Communities, communities) {
			return false
		}
	}
	return true
}

func needsToKnow(narrowed []cordon.Narrowing, reader Reader) bool {
	for _, n := range narrowed {
		if n.Org == reader.Org && !slices.Contains(reader.Groups, n.Group) {
			return false
		}
	}
	return true
}

func withholding(owners []cordon.OwnerPolicy, org cordon.ID, communities []string, clientOf []cordon.ID, waivers Waivers) []cordon.ID {
	var missing []cordon.ID
	for _, p := range owners {
		if p.Anyone || p.Owner == org || slices.Contains(p.Recipients, org) ||
			meets(p.Communities, communities) || slices.Contains(waivers, p.Owner) ||
			p.Clients && (slices.Contains(clientOf, p.Owner) || meets(p.Recipients, clientOf)) {
			continue
		}
		missing = append(missing, p.Owner)
	}
	return missing
}

func meets[T ~string](a, b []T) bool {
	for _, x := range a {
		if slices.Contains(b, x) {
			return true
		}
	}
	return false
}
