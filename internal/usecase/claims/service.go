package claims

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
)

// AddProposition adds one proposition. An empty id is drawn; the id is
// returned. An id that the incident has already is a Conflict.
func AddProposition(ctx context.Context, by act.Caller, incident cordon.ID, p Proposition) (id string, err error) {
	p.ID = drawn(p.ID)
	return p.ID, Import(ctx, by, incident, Record{Propositions: []Proposition{p}})
}

// AddSource adds one source, on the terms of AddProposition.
func AddSource(ctx context.Context, by act.Caller, incident cordon.ID, source Source) (id string, err error) {
	source.ID = drawn(source.ID)
	return source.ID, Import(ctx, by, incident, Record{Sources: []Source{source}})
}

// AddStatement adds one statement, on the terms of AddProposition. Its source
// and its propositions must be in the record already.
func AddStatement(ctx context.Context, by act.Caller, incident cordon.ID, st Statement) (id string, err error) {
	st.ID = drawn(st.ID)
	return st.ID, Import(ctx, by, incident, Record{Statements: []Statement{st}})
}

// Import adds the whole record to the incident's, or nothing. Both together
// must be a record that Validate accepts. An id that the incident has already
// is a Conflict.
func Import(ctx context.Context, by act.Caller, incident cordon.ID, record Record) error {
	_, err := act.Do(ctx, by, act.ByAnyone(cordon.ActClaim), func(s *act.Snapshot) (sealing, error) {
		sealing, known, err := load(s, incident)
		if err != nil {
			return sealing, err
		}
		if err := distinct(known, record); err != nil {
			return sealing, err
		}
		return sealing, known.and(record).Validate()
	}, func(c *act.Commit, sealing sealing) (act.Done, error) {
		if err := store(c, sealing, record); err != nil {
			return act.Done{}, err
		}
		return act.Done{}, note(c, sealing.incident)
	})
	return err
}

// Tabulate is the table of the incident's public record as it stood at the
// instant; the zero instant means now. The ledger records the look, too.
func Tabulate(ctx context.Context, by act.Caller, incident cordon.ID, at time.Time) (Matrix, error) {
	type plan struct {
		incident cordon.Incident
		matrix   Matrix
	}
	return act.Do(ctx, by, act.ByAnyone(cordon.ActClaim), func(s *act.Snapshot) (plan, error) {
		sealing, record, err := load(s, incident)
		if err != nil {
			return plan{}, err
		}
		return plan{sealing.incident, Table(record, cmp.Or(at, s.Now))}, nil
	}, func(c *act.Commit, p plan) (Matrix, error) {
		return p.matrix, note(c, p.incident)
	})
}

// load loads the incident with its record, and decides whether it is there for
// the caller.
func load(s *act.Snapshot, id cordon.ID) (sealing, Record, error) {
	if !id.Valid() {
		return sealing{}, Record{}, cordon.ErrNotFound
	}
	incident, err := s.Tx.Incident(id)
	if err != nil {
		return sealing{}, Record{}, err
	}
	officer := s.Actor.Org.ID == incident.Org && s.Actor.Person.Has(cordon.RoleSecurityOfficer)
	if !officer && !access.Custody(incident, s.Reader).Allowed() {
		return sealing{}, Record{}, cordon.ErrNotFound
	}
	sealing := sealing{ring: s.Keys, incident: incident}
	sealed, err := s.Tx.Claims(incident.ID)
	if err != nil {
		return sealing, Record{}, err
	}
	var r Record
	for _, c := range sealed {
		if err := sealing.open(c, &r); err != nil {
			return sealing, Record{}, err
		}
	}
	return sealing, r, nil
}

func store(c *act.Commit, s sealing, r Record) error {
	put := func(kind cordon.ClaimKind, item any) error {
		sealed, err := s.seal(kind, item, c.Now)
		if err != nil {
			return err
		}
		return c.Tx.PutClaim(sealed)
	}
	for _, p := range r.Propositions {
		if err := put(cordon.ClaimProposition, p); err != nil {
			return err
		}
	}
	for _, src := range r.Sources {
		if err := put(cordon.ClaimSource, src); err != nil {
			return err
		}
	}
	for _, st := range r.Statements {
		if err := put(cordon.ClaimStatement, st); err != nil {
			return err
		}
	}
	return nil
}

func note(c *act.Commit, incident cordon.Incident) error {
	return c.Record(cordon.Entry{Feed: incident.Org, Subject: incident.ID})
}

// distinct refuses what is in the incident's record already, so that entering
// a thing twice is told apart from a record that is wrong in itself.
func distinct(known, fresh Record) error {
	have := make(map[string]bool)
	for _, id := range known.ids() {
		have[id] = true
	}
	for _, id := range fresh.ids() {
		if have[id] {
			return cordon.Errorf(cordon.KindConflict, "the incident has %s already", id)
		}
	}
	return nil
}

// ids lists the record's items by kind and id.
func (r Record) ids() []string {
	var ids []string
	for _, p := range r.Propositions {
		ids = append(ids, "proposition "+p.ID)
	}
	for _, s := range r.Sources {
		ids = append(ids, "source "+s.ID)
	}
	for _, s := range r.Statements {
		ids = append(ids, "statement "+s.ID)
	}
	return ids
}

func (r Record) and(more Record) Record {
	return Record{
		Propositions: slices.Concat(r.Propositions, more.Propositions),
		Sources:      slices.Concat(r.Sources, more.Sources),
		Statements:   slices.Concat(r.Statements, more.Statements),
	}
}

func drawn(id string) string {
	if id == "" {
		return string(cordon.NewID())
	}
	return id
}
