// Package notice tells people about acts that concern them. A notice is written in
// the same transaction as its act, so neither is there without the other. It names
// things by their ids and organisations by their names, and never quotes a
// portion.
//
// The people addressed read it in their inbox, as far as its rule admits them. It
// leaves Cordon by the channels of the organisation addressed. The same
// transaction puts a row for each channel into the outbox, from which the notice
// is delivered later, at least once and in no promised order. How much of it a
// channel is sent is decided only then.
package notice

import (
	"slices"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/marking"
)

// Message is a notice to be written.
type Message struct {
	// Org is the organisation addressed, and Roles are the roles in it that are:
	// release authorities and security officers if empty. Person, if set, is
	// addressed alone, and must be of Org.
	Org    cordon.ID
	Person cordon.ID
	Roles  []cordon.Role
	// Kind is NoticeOther if empty.
	Kind cordon.NoticeKind
	// Mark is the notice's marking. People addressed who are not cleared for it
	// are not told. Where it is empty everybody addressed is told, and channels
	// are sent Line only.
	Mark string
	// Rule, if set, says who is admitted, in place of Mark.
	Rule cordon.RuleNo
	// Portions are the portions that it is about. Once one of them is struck or
	// limited to a circle, a channel is sent nothing of the notice any more.
	Portions []cordon.ID
	// Sealed leaves out the entry in the feed, which would name who acted: the
	// feed has the act under cordon.ActSealed.
	Sealed bool
	Text   string
}

// Send writes a notice, sealed under the key of the organisation addressed, the
// entry in that organisation's feed, and a row of the outbox for each of its
// channels that takes the kind. A notice to one person goes to no channel.
func Send(c *act.Commit, m Message) error {
	n := cordon.Notice{
		ID: cordon.NewID(), Org: m.Org, Person: m.Person, Roles: m.Roles, Kind: m.Kind, Mark: m.Mark, Rule: m.Rule,
		Portions: m.Portions, Created: c.Now,
	}
	if n.Kind == "" {
		n.Kind = cordon.NoticeOther
	}
	switch {
	case n.Person != "":
		n.Roles = nil
	case len(n.Roles) == 0:
		n.Roles = []cordon.Role{cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer}
	}
	var err error
	if n.Rule == 0 && n.Mark != "" {
		if n.Rule, err = intern(c, n); err != nil {
			return err
		}
	}
	if n.Body, err = c.Keys.SealRecord(n.Org, sealContext(n.ID), []byte(m.Text)); err != nil {
		return err
	}
	if err := c.Tx.AddNotices([]cordon.Notice{n}); err != nil {
		return err
	}
	if err := post(c.Tx, n); err != nil {
		return err
	}
	if m.Sealed {
		return nil
	}
	return c.Record(cordon.Entry{Act: cordon.ActNotify, Feed: n.Org, Subject: n.ID, Audience: n.Org})
}

// SendAbout is Send of a notice that is marked as its Portions are together.
func SendAbout(c *act.Commit, m Message) error {
	portions, err := c.Tx.PortionsByID(m.Portions)
	if err != nil {
		return err
	}
	if m.Mark, err = Mark(c.Schemes, portions); err != nil {
		return err
	}
	return Send(c, m)
}

// intern gives the rule of a notice's marking: the organisation addressed is
// its owner, and where the marking is for named people, they are those who are
// addressed now.
func intern(c *act.Commit, n cordon.Notice) (cordon.RuleNo, error) {
	marks, err := c.Schemes.Parse(n.Mark)
	if err != nil {
		return 0, cordon.Errorf(cordon.KindInternal, "a notice's marking is not a marking").Because(err)
	}
	org, err := c.Snapshot.Tx.Organisation(n.Org)
	if err != nil {
		return 0, err
	}
	terms := access.Terms{Owner: org}
	if named(marks) {
		people, err := c.Tx.People(n.Org)
		if err != nil {
			return 0, err
		}
		for _, p := range people {
			if p.ID == n.Person || slices.ContainsFunc(n.Roles, p.Has) {
				terms.Named = append(terms.Named, p.ID)
			}
		}
	}
	rule, err := access.Compile(marks, terms)
	if err != nil {
		return 0, err
	}
	return c.Tx.Intern(rule)
}

// named reports whether the marking is for people by name.
func named(marks marking.Marks) bool {
	return slices.ContainsFunc(marks.Rules(), func(m marking.SchemeRule) bool { return m.Rule.Named })
}

// post puts the notice into the outbox.
func post(tx cordon.WriteTx, n cordon.Notice) error {
	if n.Person != "" {
		return nil
	}
	channels, err := tx.Channels(n.Org)
	if err != nil {
		return err
	}
	var out []cordon.Delivery
	for _, c := range channels {
		if c.Takes(n.Kind) {
			out = append(out, cordon.Delivery{ID: cordon.NewID(), Notice: n.ID, Channel: c.ID, Due: n.Created})
		}
	}
	return tx.AddDeliveries(out)
}

func sealContext(id cordon.ID) string { return "notice:" + string(id) }

// Mark is the marking of a notice about the portions: their roll-up, as a portion
// mark. It is empty where they have none together; everybody addressed is told
// then.
func Mark(schemes *marking.Set, portions []cordon.Portion) (string, error) {
	var all []marking.Marks
	seen := make(map[string]bool)
	for _, p := range portions {
		if seen[p.Mark] {
			continue
		}
		seen[p.Mark] = true
		m, err := schemes.Parse(p.Mark)
		if err != nil {
			return "", cordon.Errorf(cordon.KindInternal, "a stored marking is not a marking").Because(err)
		}
		all = append(all, m)
	}
	whole, err := schemes.RollUp(all)
	if len(all) == 0 || err != nil {
		return "", nil
	}
	return whole.Portion(), nil
}
