package act

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/ledger"
)

// Record writes one entry of the deed. It fills in id, time and actor, and act and
// outcome where they are empty; the outcome is then OutcomeAllowed.
func (c *Recorder) Record(e cordon.Entry) error { return c.append(c.Log, e) }

// RecordOwners writes the entry into the feed of each owner of the portions,
// with that owner's portions and nobody else's.
func (c *Recorder) RecordOwners(e cordon.Entry, portions []cordon.Portion) error {
	for _, share := range c.ByOwner(portions) {
		for part := range slices.Chunk(share.Portions, ledger.MaxEntryPortions) {
			e.Feed, e.Portions = share.Owner, part
			if err := c.Record(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// HostMeta is where the store keeps the id of the organisation that runs the
// installation, the one that it was set up with.
const HostMeta = "people.host"

// RecordOf writes an entry on who takes part into the feed of the organisation
// concerned and, where that is another, into the feed of the organisation that
// runs the installation, whose auditors so see what operators and administrators
// do. There the subject is the organisation and none of its people, and nothing says
// what they hold.
func (c *Commit) RecordOf(org cordon.ID, e cordon.Entry) error {
	e.Feed = org
	if err := c.Record(e); err != nil {
		return err
	}
	host, err := c.Tx.Meta(HostMeta)
	if cordon.KindOf(err) == cordon.KindNotFound || err == nil && cordon.ID(host) == org {
		return nil
	}
	if err != nil {
		return err
	}
	if e.Feed, e.Subject = cordon.ID(host), org; cmp.Or(e.Act, c.deed.Act) == cordon.ActPerson {
		e.Reasons = nil // what its people hold is the organisation's own
	}
	return c.Record(e)
}

// RecordWithheld writes that the portions were withheld from the caller, who was
// shown others, into the feed of each of their owners.
func (c *Recorder) RecordWithheld(subject cordon.ID, portions []cordon.Portion) error {
	return c.withheld(c.Log, &Refusal{Subject: subject, Portions: portions})
}

// RecordArrangement writes down a step about the arrangement, of which only people who
// may know of that may know: the organisations' feeds name nobody and commit to it
// (see cordon.ActSealed).
func (c *Recorder) RecordArrangement(arrangement cordon.ID, what cordon.ArrangementAct, orgs []cordon.ID) error {
	return c.sealed(c.Log, arrangement, what, orgs)
}

func (s *Snapshot) sealed(log cordon.LogWriter, arrangement cordon.ID, what cordon.ArrangementAct, orgs []cordon.ID) error {
	step := cordon.ArrangementStep{Arrangement: arrangement, What: what, Actor: s.Actor.Person.ID, Org: s.Actor.Org.ID, At: s.Now, Salt: make([]byte, 16)}
	rand.Read(step.Salt)
	step.ID = step.Commitment()
	if err := log.AddArrangementStep(step); err != nil {
		return err
	}
	for _, org := range orgs {
		err := ledger.Append(log, cordon.Entry{Feed: org, At: s.Now, Act: cordon.ActSealed, Outcome: cordon.OutcomeAllowed, Subject: step.ID})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Snapshot) append(log cordon.LogWriter, e cordon.Entry) error {
	e.ID, e.At, e.Actor, e.ActorOrg = cordon.NewID(), s.Now, s.Base.ActorIn(e.Feed, s.Actor.Org.ID, s.Actor.Person.ID), s.Actor.Org.ID
	e.Role = s.role()
	if e.Act == "" {
		e.Act = s.deed.Act
	}
	if e.Outcome == "" {
		e.Outcome = cordon.OutcomeAllowed
	}
	return ledger.Append(log, e)
}

// ActorIn is how the organisation's feed names a person of the other: its own people,
// and everybody in the installation's feed, by their ids; others by a pseudonym, which
// is drawn under the root key from the feed's organisation and the person.
func (b *Base) ActorIn(feed, org, person cordon.ID) cordon.ID {
	if feed == "" || feed == org || person == "" {
		return person
	}
	key := b.Vault.Subkey("pseudonyms")
	mac := hmac.New(sha256.New, key[:])
	fmt.Fprintf(mac, "%s\n%s", feed, person)
	return cordon.IDOf([16]byte(mac.Sum(nil)))
}

// role is the role by which the caller may do the deed; empty where it takes none, or
// they hold none of those it takes. Whoever works on the data itself acts by a role that
// runs things.
func (s *Snapshot) role() cordon.Role {
	for _, role := range s.deed.Needs {
		if s.Actor.Person.Has(role) || s.Principal.Local && s.Require(role) == nil {
			return role
		}
	}
	return ""
}

// Refusal is a refusal that says itself how it is recorded. Any other error of
// kind NotFound or Denied is recorded as the refusal of the portions and reports
// that the act had read.
type Refusal struct {
	// Answer is the error that the caller gets.
	Answer *cordon.Error
	// Act is the act refused, if it is not the deed.
	Act cordon.Act
	// Subject is the thing asked for; empty for the portions themselves. For
	// somebody who has not shown who they are, it is the person that they
	// claim to be, if there is one.
	Subject cordon.ID
	// Portions are those refused; each owner's feed has its own.
	Portions []cordon.Portion
	// Reports are refused as a whole. They go by their few rules and not by
	// their portions, so that how long it takes does not tell how much was
	// refused.
	Reports []cordon.ID
	// Feeds are the organisations in whose feeds it stands besides those of
	// owners, as one whose people were asked for.
	Feeds []cordon.ID
	// Audience is the organisation that it was for, if there was one.
	Audience cordon.ID
	// Reasons replace those of the decision on the portions; empty for none.
	Reasons []string

	// things and arrangements are what else was read, where the refusal does not say.
	things       []thing
	arrangements []cordon.Arrangement
}

func (r *Refusal) Error() string { return r.Answer.Error() }

// Unwrap gives the answer.
func (r *Refusal) Unwrap() error { return r.Answer }

func isRefusal(err error) bool {
	if r := (*Refusal)(nil); errors.As(err, &r) {
		return true
	}
	kind := cordon.KindOf(err)
	return err != nil && (kind == cordon.KindNotFound || kind == cordon.KindDenied)
}

// refuse records a refusal: in the feeds of the owners concerned and, like the
// refusal of something absent, in the installation's.
func (s *Snapshot) refuse(ctx context.Context, tx cordon.ReadTx, log cordon.LogWriter, err error) error {
	if note, ok := ctx.Value(refusalKey{}).(func()); ok {
		note()
	}
	r := (*Refusal)(nil)
	if !errors.As(err, &r) {
		r = s.unsaid()
	}
	if err := s.withheld(log, r); err != nil {
		return err
	}
	for _, report := range r.Reports {
		if err := s.refuseWhole(tx, log, r, report); err != nil {
			return err
		}
	}
	for _, feed := range r.Feeds {
		if err := s.append(log, cordon.Entry{Act: r.Act, Outcome: cordon.OutcomeRefused, Feed: feed, Subject: r.Subject}); err != nil {
			return err
		}
	}
	for _, t := range r.things {
		if err := s.append(log, cordon.Entry{Act: r.Act, Outcome: cordon.OutcomeRefused, Feed: t.org, Subject: t.id}); err != nil {
			return err
		}
	}
	for _, a := range r.arrangements {
		// Not in the caller's own: its auditors who may not know of the arrangement
		// would learn by asking for it that it is there.
		others := slices.DeleteFunc(slices.Clone(a.Parties), func(org cordon.ID) bool { return org == s.Actor.Org.ID })
		if err := s.sealed(log, a.ID, cordon.ArrangementRefused, others); err != nil {
			return err
		}
	}
	e := cordon.Entry{Act: r.Act, Outcome: cordon.OutcomeRefused, Audience: r.Audience}
	if s.Actor.Person.ID == "" {
		e.Subject, e.Reasons = r.Subject, r.Reasons
	}
	return s.append(log, e)
}

// refuseLater is refuse in an Update of its own.
func (s *Snapshot) refuseLater(ctx context.Context, err error) error {
	return s.Base.Store.Update(ctx, func(tx cordon.WriteTx) error { return s.refuse(ctx, tx, tx, err) })
}

type refusalKey struct{}

// OnRefusal gives a context in which an Update that writes a refusal down, and does
// nothing else, calls note in its transaction, each time that this runs.
func OnRefusal(ctx context.Context, note func()) context.Context {
	return context.WithValue(ctx, refusalKey{}, note)
}

// unsaid is the refusal of everything that the act had read: of the portions
// withheld from the caller or, if none were, of all, of the reports, and of what
// else an organisation keeps.
func (s *Snapshot) unsaid() *Refusal {
	r := &Refusal{
		Reports: slices.Compact(slices.Sorted(slices.Values(s.seen.reports))),
		things:  s.seen.things, arrangements: s.seen.arrangements,
	}
	for _, p := range s.seen.portions {
		if !s.Decide(p).Allowed() {
			r.Portions = append(r.Portions, p)
		}
	}
	if len(r.Portions) == 0 {
		r.Portions = s.seen.portions
	}
	if len(r.Portions)+len(r.Reports) == 0 {
		r.Reports = []cordon.ID{""} // looked up all the same: how long it takes must not tell
	}
	return r
}

// withheld writes that the portions were refused into the feed of each of their
// owners.
func (s *Snapshot) withheld(log cordon.LogWriter, r *Refusal) error {
	reasons := make(map[cordon.ID]string, len(r.Portions))
	for _, p := range r.Portions {
		if names := s.DecideExport(p).Names(); len(names) > 0 {
			reasons[p.ID] = names[0]
		}
	}
	for _, share := range s.ByOwner(r.Portions) {
		e := cordon.Entry{
			Act: r.Act, Outcome: cordon.OutcomeRefused, Feed: share.Owner, Subject: r.Subject, Portions: share.Portions, Audience: r.Audience,
			Reasons: slices.Clone(r.Reasons),
		}
		for _, id := range share.Portions {
			if why := reasons[id]; len(r.Reasons) == 0 && why != "" && !slices.Contains(e.Reasons, why) {
				e.Reasons = append(e.Reasons, why)
			}
		}
		if err := s.append(log, e); err != nil {
			return err
		}
	}
	return nil
}

// refuseWhole writes that nothing of the report was given into the feed of each
// owner of something in it.
func (s *Snapshot) refuseWhole(tx cordon.ReadTx, log cordon.LogWriter, r *Refusal, report cordon.ID) error {
	numbers, err := tx.PortionRules(report)
	if err != nil {
		return err
	}
	reasons := make(map[cordon.ID][]string)
	for _, no := range numbers {
		rule, err := s.Rule(no)
		if err != nil {
			return err
		}
		why := access.Decide(rule, s.Reader, nil).Names()
		for _, owner := range rule.OwnerIDs() {
			reasons[owner] = append(reasons[owner], why[:min(1, len(why))]...)
		}
	}
	for _, owner := range slices.Sorted(maps.Keys(reasons)) {
		slices.Sort(reasons[owner])
		e := cordon.Entry{
			Act: r.Act, Outcome: cordon.OutcomeRefused, Feed: owner, Subject: report, Audience: r.Audience,
			Reasons: slices.Compact(slices.Concat(r.Reasons, reasons[owner])),
		}
		if err := s.append(log, e); err != nil {
			return err
		}
	}
	return nil
}
