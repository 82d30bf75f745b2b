package act

import (
	"slices"

	"cordon"
	"cordon/internal/core/content"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
	"cordon/wire"
)

// Snapshot is the state that an act loads and decides on: the caller, what they may
// see, and one consistent state of everything else. It is used by one goroutine,
// and not after the half that it was handed to has returned.
type Snapshot struct {
	*reader.View
	Base *Base
	// Principal is who the request was let in as.
	Principal cordon.Principal
	// Tx reads. In [Do], a person, organisation, report or incident read
	// through it is held against change until the commit; in [Answer], all that
	// hangs on what was read.
	Tx cordon.ReadTx
	// Keys are the owners' keys, for what lies sealed.
	Keys *vault.Ring

	deed Deed
	seen *looked
	done *committed
	// names reads what organisations and people are called, and holds nothing;
	// read is what it has read already.
	names cordon.PeopleReader
	read  map[cordon.ID]wire.Named
}

// As is the snapshot with the person as its caller, for an act that finds out who
// acts. A person who is absent or suspended is Unauthenticated.
func (s *Snapshot) As(person cordon.ID) (*Snapshot, error) {
	view, err := s.Base.Rules.View(s.Tx, person, s.Now)
	if err != nil {
		return nil, err
	}
	as := *s
	as.View, as.read = view, make(map[cordon.ID]wire.Named)
	return &as, nil
}

// Require is Denied unless the caller holds one of the roles; none is needed if
// there are none. On the data itself the roles that run things are held by
// everybody (see cordon.Principal).
func (s *Snapshot) Require(roles ...cordon.Role) error {
	if s.Principal.Local && slices.ContainsFunc(roles, func(r cordon.Role) bool { return r == cordon.RoleOperator || r == cordon.RoleAdministrator }) {
		return nil
	}
	return s.View.Require(roles...)
}

// Operates reports whether the caller is an operator of the installation.
func (s *Snapshot) Operates() bool { return s.Require(cordon.RoleOperator) == nil }

// Within reports whether the caller may know the organisation's people and, as an
// administrator, look after them: it is their own, or they work on the data itself.
func (s *Snapshot) Within(org cordon.ID) bool { return s.Principal.Local || s.Actor.Org.ID == org }

// Members checks that each of the people is of the organisation. One who is not,
// or is absent, is Invalid, with the message.
func (s *Snapshot) Members(org cordon.ID, people []cordon.ID, message string) error {
	for _, id := range people {
		p, err := s.Tx.Person(id)
		if err == nil && p.Org != org {
			err = cordon.ErrNotFound
		}
		if err != nil {
			return cordon.InvalidIfAbsent(err, message)
		}
	}
	return nil
}

// Unnoted reads as Tx does and leaves no trace in the record of a refusal. It is
// for things that Cordon reads of its own accord, such as the portions that a text
// is compared with.
func (s *Snapshot) Unnoted() cordon.ReadTx { return s.seen.ReadTx }

// Recorder is the half of an act that writes down what is shown.
type Recorder struct {
	*Snapshot
	Log cordon.LogWriter
}

// Commit is the half of an act that changes things. Tx writes.
type Commit struct {
	Recorder
	Tx cordon.WriteTx
}

// As is the commit with the person as its caller, as they stand in this
// transaction. A person who is absent or suspended is Unauthenticated.
func (c *Commit) As(person cordon.ID) (*Commit, error) {
	s, err := c.Snapshot.As(person)
	if err != nil {
		return nil, err
	}
	return &Commit{Recorder: Recorder{Snapshot: s, Log: c.Tx}, Tx: c.Tx}, nil
}

// Sealed opens portions once the act is on disk.
type Sealed struct {
	keys  *vault.Ring
	rules map[cordon.RuleNo]cordon.Rule
	done  *committed
}

// Ready reads the keys that the portions need. Its result opens them after the
// commit, when nobody else waits, and not before.
func (s *Snapshot) Ready(portions []cordon.Portion) (Sealed, error) {
	out := Sealed{keys: s.Keys, rules: make(map[cordon.RuleNo]cordon.Rule), done: s.done}
	for _, p := range portions {
		if _, ok := out.rules[p.Rule]; ok {
			continue
		}
		rule, err := s.Rule(p.Rule)
		if err != nil {
			return out, err
		}
		if err := out.keys.Prepare(rule); err != nil {
			return out, err
		}
		out.rules[p.Rule] = rule
	}
	return out, nil
}

// Open opens one of the portions; before the commit it is Internal.
func (s Sealed) Open(p cordon.Portion) (content.Body, error) {
	if !s.done.yes {
		return content.Body{}, errNotCommitted
	}
	return content.Open(s.keys, p, s.rules[p.Rule])
}

// OpenCustody is Open of a portion that lies in the incident's custody. Its rule,
// body and key are those that it lies there with.
func (s Sealed) OpenCustody(p cordon.Portion, incident cordon.ID) (content.Body, error) {
	if !s.done.yes {
		return content.Body{}, errNotCommitted
	}
	return content.OpenCustody(s.keys, p, s.rules[p.Rule], incident)
}

var errNotCommitted = cordon.Errorf(cordon.KindInternal, "a portion is opened before the ledger has it")

// Owners are the owners of one of the portions.
func (s Sealed) Owners(p cordon.Portion) []cordon.ID { return s.rules[p.Rule].OwnerIDs() }

// looked is a transaction that notes what an act read by its id, so that a refusal
// which does not name it is in its owners' feeds all the same.
type looked struct {
	cordon.ReadTx
	reports      []cordon.ID
	portions     []cordon.Portion
	things       []thing
	arrangements []cordon.Arrangement
}

// thing is something that an organisation keeps.
type thing struct{ org, id cordon.ID }

func note[T any](n *looked, v T, err error, of func(T) thing) (T, error) {
	if t := of(v); err == nil && len(n.things) < cordon.MaxPage && !slices.Contains(n.things, t) {
		n.things = append(n.things, t)
	}
	return v, err
}

// Incident implements cordon.IncidentReader.
func (n *looked) Incident(id cordon.ID) (cordon.Incident, error) {
	i, err := n.ReadTx.Incident(id)
	return note(n, i, err, func(i cordon.Incident) thing { return thing{i.Org, i.ID} })
}

// Registry implements cordon.MosaicReader.
func (n *looked) Registry(id cordon.ID) (cordon.Registry, error) {
	r, err := n.ReadTx.Registry(id)
	return note(n, r, err, func(r cordon.Registry) thing { return thing{r.Owner, r.ID} })
}

// Group implements cordon.NeedToKnowReader.
func (n *looked) Group(id cordon.ID) (cordon.Group, error) {
	g, err := n.ReadTx.Group(id)
	return note(n, g, err, func(g cordon.Group) thing { return thing{g.Org, g.ID} })
}

// Grant implements cordon.ReleaseReader.
func (n *looked) Grant(id cordon.ID) (cordon.Grant, error) {
	g, err := n.ReadTx.Grant(id)
	return note(n, g, err, func(g cordon.Grant) thing { return thing{g.Owner, g.ID} })
}

// Request implements cordon.ReleaseReader.
func (n *looked) Request(id cordon.ID) (cordon.ReleaseRequest, error) {
	r, err := n.ReadTx.Request(id)
	return note(n, r, err, func(r cordon.ReleaseRequest) thing { return thing{r.Org, r.ID} })
}

// Part implements cordon.ReleaseReader.
func (n *looked) Part(id cordon.ID) (cordon.RequestPart, error) {
	p, err := n.ReadTx.Part(id)
	return note(n, p, err, func(p cordon.RequestPart) thing { return thing{p.Owner, p.ID} })
}

// EmergencyPart implements cordon.EmergencyReader.
func (n *looked) EmergencyPart(id cordon.ID) (cordon.EmergencyPart, error) {
	p, err := n.ReadTx.EmergencyPart(id)
	return note(n, p, err, func(p cordon.EmergencyPart) thing { return thing{p.Owner, p.ID} })
}

// Channel implements cordon.NoticeReader.
func (n *looked) Channel(id cordon.ID) (cordon.Channel, error) {
	c, err := n.ReadTx.Channel(id)
	return note(n, c, err, func(c cordon.Channel) thing { return thing{c.Org, c.ID} })
}

// Notice implements cordon.NoticeReader.
func (n *looked) Notice(id cordon.ID) (cordon.Notice, error) {
	one, err := n.ReadTx.Notice(id)
	return note(n, one, err, func(one cordon.Notice) thing { return thing{one.Org, one.ID} })
}

// Arrangement implements cordon.ArrangementReader.
func (n *looked) Arrangement(id cordon.ID) (cordon.Arrangement, error) {
	a, err := n.ReadTx.Arrangement(id)
	if err == nil && !slices.ContainsFunc(n.arrangements, func(have cordon.Arrangement) bool { return have.ID == id }) {
		n.arrangements = append(n.arrangements, a)
	}
	return a, err
}

// Report implements cordon.ReportReader.
func (n *looked) Report(id cordon.ID) (cordon.Report, error) {
	return n.report(n.ReadTx.Report(id))
}

// AnyByRef implements cordon.ReportReader.
func (n *looked) AnyByRef(token []byte) (cordon.Report, error) {
	return n.report(n.ReadTx.AnyByRef(token))
}

func (n *looked) report(r cordon.Report, err error) (cordon.Report, error) {
	if err == nil {
		n.reports = append(n.reports, r.ID)
	}
	return r, err
}

// PortionRules implements cordon.ReportReader.
func (n *looked) PortionRules(report cordon.ID) ([]cordon.RuleNo, error) {
	rules, err := n.ReadTx.PortionRules(report)
	if len(rules) > 0 {
		n.reports = append(n.reports, report)
	}
	return rules, err
}

// PortionsByID implements cordon.ReportReader.
func (n *looked) PortionsByID(ids []cordon.ID) ([]cordon.Portion, error) {
	portions, err := n.ReadTx.PortionsByID(ids)
	for _, p := range portions {
		if len(n.portions) == cordon.MaxPortions {
			break
		}
		p.Body, p.Key = nil, nil // nothing of it is kept longer than it is needed
		n.portions = append(n.portions, p)
	}
	return portions, err
}
