package claims

import (
	"context"
	"slices"
	"sync"
	"time"

	"cordon"
)

// memory is as much of a store as the service uses, open to tampering. Of a
// transaction that fails, no record and no ledger entry stays.
type memory struct {
	cordon.Store // nil: the rest of it is not for claims
	mu           sync.Mutex
	state        memoryTx
}

type memoryTx struct {
	cordon.WriteTx
	keys      map[cordon.ID]cordon.Sealed
	people    map[cordon.ID]cordon.Person
	incidents map[cordon.ID]cordon.Incident
	claims    []cordon.ClaimRecord
	entries   []cordon.Entry
}

func newMemory() *memory {
	return &memory{state: memoryTx{
		keys:      map[cordon.ID]cordon.Sealed{},
		people:    map[cordon.ID]cordon.Person{},
		incidents: map[cordon.ID]cordon.Incident{},
	}}
}

func (m *memory) View(ctx context.Context, fn func(cordon.ReadTx) error) error { panic("not used") }

func (m *memory) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	tx := m.state
	tx.claims, tx.entries = slices.Clone(tx.claims), slices.Clone(tx.entries)
	if err := fn(&tx); err != nil {
		return err
	}
	m.state = tx
	return nil
}

func (m *memory) Close() error { return nil }

func (m *memory) Scrub(context.Context) error { return nil }

func find[T any](in map[cordon.ID]T, id cordon.ID) (T, error) {
	v, ok := in[id]
	if !ok {
		return v, cordon.ErrNotFound
	}
	return v, nil
}

func (tx *memoryTx) OwnerKey(owner cordon.ID) (cordon.Sealed, error) { return find(tx.keys, owner) }

func (tx *memoryTx) PutOwnerKey(owner cordon.ID, key cordon.Sealed) error {
	tx.keys[owner] = key
	return nil
}

func (tx *memoryTx) PutPerson(p cordon.Person) error {
	tx.people[p.ID] = p
	return nil
}

func (tx *memoryTx) PutOrganisation(cordon.Organisation) error { return nil }

func (tx *memoryTx) PutIncident(i cordon.Incident) error {
	tx.incidents[i.ID] = i
	return nil
}

func (tx *memoryTx) Person(id cordon.ID) (cordon.Person, error) { return find(tx.people, id) }

func (tx *memoryTx) Organisation(id cordon.ID) (cordon.Organisation, error) {
	return cordon.Organisation{ID: id}, nil
}

func (tx *memoryTx) GroupsOf(_, _ cordon.ID) ([]cordon.ID, error) { return nil, nil }

func (tx *memoryTx) Incident(id cordon.ID) (cordon.Incident, error) { return find(tx.incidents, id) }

func (tx *memoryTx) Claims(incident cordon.ID) ([]cordon.ClaimRecord, error) {
	var of []cordon.ClaimRecord
	for _, c := range tx.claims {
		if c.Incident == incident {
			of = append(of, c)
		}
	}
	return of, nil
}

func (tx *memoryTx) PutClaim(c cordon.ClaimRecord) error {
	tx.claims = append(tx.claims, c)
	return nil
}

func (tx *memoryTx) Append(e cordon.Entry) error {
	tx.entries = append(tx.entries, e)
	return nil
}

func (*memoryTx) GrantsTo(cordon.ID, time.Time) ([]cordon.Grant, error) { return nil, nil }

func (*memoryTx) RulesAfter(m cordon.RuleMark) ([]cordon.InternedRule, cordon.RuleMark, error) {
	return nil, m, nil
}

// PortionRules finds no report.
func (t *memoryTx) PortionRules(cordon.ID) ([]cordon.RuleNo, error) { return nil, nil }

func (t *memoryTx) HoldPerson(id cordon.ID) (cordon.Person, error) { return t.Person(id) }

func (t *memoryTx) HoldOrganisation(id cordon.ID) (cordon.Organisation, error) {
	return t.Organisation(id)
}

func (t *memoryTx) HoldIncident(id cordon.ID) (cordon.Incident, error) { return t.Incident(id) }
