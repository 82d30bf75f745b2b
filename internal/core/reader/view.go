// Package reader computes what one reader may see inside one transaction. It loads
// the person who asks, decides once for each interned rule through package
// access, and gives the database the numbers of the rules that admit them.
// Portions that they may not see are never fetched and never counted.
//
// Two things keep it from ever being stale. Rules are immutable, so a cache
// of them can only be short of some, and it is completed inside the
// transaction that decides. And nothing is kept of a reader: they are loaded
// in that transaction and held only against the rules that it completed.
package reader

import (
	"slices"
	"strings"
	"sync"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/marking"
)

// RuleCache holds the interned rules it has met, compiled. Rules are immutable, so
// it is never stale: it is only ever short of rules, and is completed in the
// transaction that decides. It is safe for concurrent use.
type RuleCache struct {
	schemes *marking.Set
	ladders access.Ladders

	mu    sync.Mutex // guards rules and mark, which belong together
	rules *access.Atlas
	mark  cordon.RuleMark
}

// NewRuleCache makes an empty cache for the schemes in force.
func NewRuleCache(schemes *marking.Set) *RuleCache {
	ladders := make(access.Ladders)
	for _, s := range schemes.Schemes() {
		ladders[s.Name()] = s.Ladder()
	}
	return &RuleCache{schemes: schemes, ladders: ladders, rules: access.NewAtlas()}
}

// View is one reader in one transaction, at one instant.
type View struct {
	Actor  cordon.Actor
	Reader access.Reader
	Now    time.Time
	// Schemes are those in force.
	Schemes *marking.Set

	tx     cordon.ReadTx
	grants []cordon.Grant
	// rules are those the transaction began with, and subject is the reader
	// compiled against them; learned is this transaction's own.
	rules   *access.Atlas
	subject access.Subject
	learned map[cordon.RuleNo]cordon.Rule
}

// ErrUnauthenticated is the answer to credentials that do not hold, whatever the
// cause.
var ErrUnauthenticated = cordon.Errorf(cordon.KindUnauthenticated, "these credentials do not hold: sign in again")

// Person loads a person who may sign in and act. One who is absent or suspended is
// Unauthenticated.
func Person(tx cordon.PeopleReader, id cordon.ID) (cordon.Person, error) {
	p, err := tx.Person(id)
	if cordon.KindOf(err) == cordon.KindNotFound || err == nil && p.Suspended {
		err = ErrUnauthenticated
	}
	if err != nil {
		return cordon.Person{}, err
	}
	return p, nil
}

// View loads the person, their organisation, its live grants, those of its
// groups that they are in, and the rules. A person who is absent or suspended
// is Unauthenticated.
func (c *RuleCache) View(tx cordon.ReadTx, person cordon.ID, now time.Time) (*View, error) {
	p, err := Person(tx, person)
	if err != nil {
		return nil, err
	}
	return c.ViewOf(tx, p, now)
}

// ViewOf is View of a person as they were loaded, suspended or not.
func (c *RuleCache) ViewOf(tx cordon.ReadTx, p cordon.Person, now time.Time) (*View, error) {
	org, err := tx.Organisation(p.Org)
	if err != nil {
		return nil, err
	}
	grants, err := tx.GrantsTo(org.ID, now)
	if err != nil {
		return nil, err
	}
	// Grants to others of their organisation do not count for them.
	grants = slices.DeleteFunc(grants, func(g cordon.Grant) bool { return !g.For(p.ID) })
	groups, err := tx.GroupsOf(p.ID, org.ID)
	if err != nil {
		return nil, err
	}
	rules, err := c.complete(tx)
	if err != nil {
		return nil, err
	}
	actor := cordon.Actor{Person: p, Org: org, Groups: groups}
	reader := access.NewReader(actor, now, c.ladders)
	return &View{
		Actor:   actor,
		Reader:  reader,
		Now:     now,
		Schemes: c.schemes,
		tx:      tx,
		grants:  grants,
		rules:   rules,
		subject: rules.Subject(reader, nil),
		learned: make(map[cordon.RuleNo]cordon.Rule),
	}, nil
}

// ViewOfNobody is the view of Cordon where it acts without being asked, and of
// somebody who has not shown yet who they are: no rule admits it.
func (c *RuleCache) ViewOfNobody(tx cordon.ReadTx, now time.Time) (*View, error) {
	rules, err := c.complete(tx)
	if err != nil {
		return nil, err
	}
	return &View{
		Now: now, Schemes: c.schemes, tx: tx, rules: rules, subject: rules.Subject(access.Reader{}, nil),
		learned: make(map[cordon.RuleNo]cordon.Rule),
	}, nil
}

// complete adds the rules the transaction knows and the cache does not. The
// atlas it gives is not changed afterwards. A rule of a transaction that is
// rolled back may stay in the cache. Its number then names nothing and harms
// nothing, since numbers are never given twice to different rules.
func (c *RuleCache) complete(tx cordon.ReadTx) (*access.Atlas, error) {
	c.mu.Lock()
	rules, mark := c.rules, c.mark
	c.mu.Unlock()
	fresh, mark, err := tx.RulesAfter(mark)
	if err != nil || len(fresh) == 0 {
		return rules, err
	}
	rules = rules.With(fresh...)
	c.mu.Lock()
	defer c.mu.Unlock()
	if rules.Len() >= c.rules.Len() {
		c.rules, c.mark = rules, mark
	}
	return rules, nil
}

// Rule is the rule with the number.
func (v *View) Rule(no cordon.RuleNo) (cordon.Rule, error) {
	r := v.rule(no)
	if len(r.Owners) == 0 {
		return cordon.Rule{}, cordon.Errorf(cordon.KindInternal, "a portion's rule is missing")
	}
	return r, nil
}

// rule gives the zero rule, which admits nobody, for an unknown number.
func (v *View) rule(no cordon.RuleNo) cordon.Rule {
	if r, ok := v.rules.Rule(no); ok {
		return r
	}
	return v.learned[no]
}

// Decide answers whether the reader may read the portion, by its rule, the grants
// and its state.
func (v *View) Decide(p cordon.Portion) access.Decision {
	d := access.Decide(v.rule(p.Rule), v.Reader, access.WaiversFor(p.ID, v.grants, v.Reader.Person, v.Now))
	switch p.State {
	case cordon.PortionLive:
	case cordon.PortionSuperseded:
		d.Reasons = append([]access.Reason{access.Superseded}, d.Reasons...)
	default:
		d.Reasons = append([]access.Reason{access.Struck}, d.Reasons...)
	}
	return d
}

// DecideEarlier answers for a portion that is live or had another wording put in
// its place, for everybody or for the reader alone: the one asks for what the other did.
func (v *View) DecideEarlier(p cordon.Portion) access.Decision {
	if p.State == cordon.PortionSuperseded {
		p.State = cordon.PortionLive
	}
	d := v.Decide(p)
	d.Reasons = slices.DeleteFunc(d.Reasons, func(r access.Reason) bool { return r == access.Superseded })
	return d
}

// DecideExport answers whether the reader may take a copy of the portion away. A
// reader to whom grants or owners' policies let it be shown only may read it and
// not export it.
func (v *View) DecideExport(p cordon.Portion) access.Decision {
	d := v.Decide(p)
	if !d.Allowed() {
		return d
	}
	kept := slices.DeleteFunc(slices.Clone(v.grants), func(g cordon.Grant) bool { return g.ShownOnly })
	if !access.Decide(v.rule(p.Rule).ForExport(), v.Reader, access.WaiversFor(p.ID, kept, v.Reader.Person, v.Now)).Allowed() {
		d.Reasons = append(d.Reasons, access.ShownOnly)
	}
	return d
}

// InCustody answers for a struck portion kept under the incident. The strike
// stands against everybody but the incident's custodians. Every other
// condition stands against them too: a person who strikes names the
// custodians, and must not read by that a portion that they might not read
// before.
func (v *View) InCustody(p cordon.Portion, i cordon.Incident) access.Decision {
	p.State = cordon.PortionLive
	d := v.Decide(p)
	if i.Org != v.Actor.Org.ID || !access.Custody(i, v.Reader).Allowed() {
		d.Reasons = append([]access.Reason{access.Struck}, d.Reasons...)
	}
	return d
}

// Sees reports whether the rule alone, without grants, admits the reader.
func (v *View) Sees(no cordon.RuleNo) bool { return v.ungranted().admits(no) }

// Rules lists the rules that admit the reader without grants.
func (v *View) Rules() []cordon.RuleNo { return v.ungranted().all() }

// Visible is everything the reader may see.
func (v *View) Visible() (cordon.Visibility, error) {
	return v.visibility(ruleFilter.all)
}

// VisibleUnder is what the reader may see under the given rules. It takes one
// decision for each rule, and one for each portion granted to their
// organisation.
func (v *View) VisibleUnder(numbers []cordon.RuleNo) (cordon.Visibility, error) {
	return v.visibility(func(f ruleFilter) []cordon.RuleNo { return f.among(numbers) })
}

// visibility is what the reader sees by the rules alone, and the portions that
// live grants open to them besides. Those are looked up only where the rules
// leave something to be granted.
func (v *View) visibility(admitted func(ruleFilter) []cordon.RuleNo) (cordon.Visibility, error) {
	s := cordon.Visibility{Rules: admitted(v.ungranted())}
	if len(v.grants) == 0 {
		return s, nil
	}
	grantable := admitted(v.ifGranted())
	if len(grantable) == len(s.Rules) {
		return s, nil
	}
	var granted []cordon.ID
	for _, g := range v.grants {
		granted = append(granted, g.Portions...)
	}
	slices.Sort(granted)
	portions, err := v.tx.PortionsByID(slices.Compact(granted))
	if err != nil {
		return s, err
	}
	for _, p := range portions {
		_, already := slices.BinarySearch(s.Rules, p.Rule)
		_, may := slices.BinarySearch(grantable, p.Rule)
		if may && !already && v.Decide(p).Allowed() {
			s.Granted = append(s.Granted, p.ID)
		}
	}
	slices.Sort(s.Granted)
	return s, nil
}

// Require answers Denied where the actor holds none of the roles; no roles
// require nothing.
func (v *View) Require(roles ...cordon.Role) error {
	if len(roles) == 0 || slices.ContainsFunc(roles, v.Actor.Person.Has) {
		return nil
	}
	if len(roles) == 1 {
		return cordon.Errorf(cordon.KindDenied, "this needs the role %s, which you do not hold", roles[0])
	}
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
	}
	return cordon.Errorf(cordon.KindDenied, "this needs one of the roles %s, and you hold none of them", strings.Join(names, ", "))
}
