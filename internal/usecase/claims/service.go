package claims

import (
	"context"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
)

// AddProposition adds one thing that can be claimed. An empty id is drawn; the
// id is returned. One that the incident has already is a Conflict.
func AddProposition(ctx context.Context, by act.Caller, incident cordon.ID, p Proposition) (id string, err error) {
	p.ID = drawn(p.ID)
	return p.ID, Import(ctx, by, incident, Record{Propositions: []Proposition{p}})
}

// AddSource adds one source, on the terms of AddProposition.
func AddSource(ctx context.Context, by act.Caller, incident cordon.ID, source Source) (id string, err error) {
	source.ID = drawn(source.ID)
	return source.ID, Import(ctx, by, incident, Record{Sources: []Source{source}})
}

// AddStatement adds one statement, on the terms of AddProposition; its source
// and its propositions are there already.
func AddStatement(ctx context.Context, by act.Caller, incident cordon.ID, st Statement) (id string, err error) {
	st.ID = drawn(st.ID)
	return st.ID, Import(ctx, by, incident, Record{Statements: []Statement{st}})
}

// Import adds all of the record to the incident's, or nothing: with what is
// there already it must be a record that Validate accepts. An id that the
// incident has already is a Conflict.
func Import(ctx context.Context, by act.Caller, incident cordon.ID, record Record) error {
	now := by.Clock.Now()
	return by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, sealing, err := enter(by.Base, cordon.Holding(tx), by.Person, incident, now)
		if err != nil {
			return err
		}
		known, err := load(tx, sealing)
		if err != nil {
			return err
		}
		if err := distinct(known, record); err != nil {
			return err
		}
		if err := known.and(record).Validate(); err != nil {
			return err
		}
		if err := store(tx, sealing, record, now); err != nil {
			return err
		}
		return note(tx, view, sealing.incident)
	})
}

// Tabulate is the table of the incident's public record as it stood at the
// instant; the zero instant means now. That somebody looked is noted in the
// ledger too.
func Tabulate(ctx context.Context, by act.Caller, incident cordon.ID, at time.Time) (Matrix, error) {
	now := by.Clock.Now()
	if at.IsZero() {
		at = now
	}
	var m Matrix
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, sealing, err := enter(by.Base, cordon.Holding(tx), by.Person, incident, now)
		if err != nil {
			return err
		}
		record, err := load(tx, sealing)
		if err != nil {
			return err
		}
		m = Table(record, at)
		return note(tx, view, sealing.incident)
	})
	if err != nil {
		return Matrix{}, err
	}
	return m, nil
}

// enter loads who asks and the incident, and decides whether it is there for
// him.
func enter(base *act.Base, tx cordon.ReadTx, person, id cordon.ID, now time.Time) (*reader.View, sealing, error) {
	view, err := base.Rules.Look(tx, person, now)
	if err != nil {
		return nil, sealing{}, err
	}
	if !id.Valid() {
		return nil, sealing{}, cordon.ErrNotFound
	}
	incident, err := tx.Incident(id)
	if cordon.KindOf(err) == cordon.NotFound {
		return nil, sealing{}, cordon.ErrNotFound
	}
	if err != nil {
		return nil, sealing{}, err
	}
	officer := view.Actor.Org.ID == incident.Org && view.Actor.Person.Has(cordon.SecurityOfficer)
	if !officer && !access.Custody(incident, view.Reader).Allowed() {
		return nil, sealing{}, cordon.ErrNotFound
	}
	return view, sealing{ring: base.Vault.Ring(tx), incident: incident}, nil
}

func load(tx cordon.ReadTx, s sealing) (Record, error) {
	sealed, err := tx.Claims(s.incident.ID)
	if err != nil {
		return Record{}, err
	}
	var r Record
	for _, c := range sealed {
		if err := s.open(c, &r); err != nil {
			return Record{}, err
		}
	}
	return r, nil
}

func store(tx cordon.WriteTx, s sealing, r Record, now time.Time) error {
	put := func(kind cordon.ClaimKind, item any) error {
		c, err := s.seal(kind, item, now)
		if err != nil {
			return err
		}
		return tx.PutClaim(c)
	}
	for _, p := range r.Propositions {
		if err := put(cordon.PropositionRecord, p); err != nil {
			return err
		}
	}
	for _, src := range r.Sources {
		if err := put(cordon.SourceRecord, src); err != nil {
			return err
		}
	}
	for _, st := range r.Statements {
		if err := put(cordon.StatementRecord, st); err != nil {
			return err
		}
	}
	return nil
}

func note(tx cordon.WriteTx, view *reader.View, incident cordon.Incident) error {
	e := view.Entry(cordon.ActClaim, cordon.Allowed)
	e.Feed = incident.Org
	e.Subject = incident.ID
	return ledger.Append(tx, e)
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
			return cordon.Errorf(cordon.Conflict, "the incident has %s already", id)
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
