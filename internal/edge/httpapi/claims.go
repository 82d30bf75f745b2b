package httpapi

import (
	"time"

	"cordon"
	"cordon/internal/usecase/claims"
	"cordon/wire"
)

func (a *api) importClaims(c *call) (any, error) {
	var in wire.Record
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.id("incident")
	if err != nil {
		return nil, err
	}
	var record claims.Record
	for _, p := range in.Propositions {
		record.Propositions = append(record.Propositions, claims.Proposition(p))
	}
	for _, s := range in.Sources {
		record.Sources = append(record.Sources, claims.Source(s))
	}
	for _, s := range in.Statements {
		record.Statements = append(record.Statements, statement(s))
	}
	return nothing, claims.Import(c.Context(), c.by, id, record)
}

func (a *api) addProposition(c *call) (any, error) {
	var in wire.Proposition
	return c.add(&in, func(incident cordon.ID) (string, error) {
		return claims.AddProposition(c.Context(), c.by, incident, claims.Proposition(in))
	})
}

func (a *api) addSource(c *call) (any, error) {
	var in wire.Source
	return c.add(&in, func(incident cordon.ID) (string, error) {
		return claims.AddSource(c.Context(), c.by, incident, claims.Source(in))
	})
}

func (a *api) addStatement(c *call) (any, error) {
	var in wire.Statement
	return c.add(&in, func(incident cordon.ID) (string, error) {
		return claims.AddStatement(c.Context(), c.by, incident, statement(in))
	})
}

// add reads one item of a record, adds it and gives its id.
func (c *call) add(in any, add func(incident cordon.ID) (string, error)) (any, error) {
	if err := c.decode(in); err != nil {
		return nil, err
	}
	incident, err := c.id("incident")
	if err != nil {
		return nil, err
	}
	id, err := add(incident)
	return wire.Added{ID: id}, err
}

func statement(s wire.Statement) claims.Statement {
	out := claims.Statement{
		ID: s.ID, Source: s.Source, Published: s.Published, Approximate: s.Approximate,
		Stances: make(map[string]claims.Stance, len(s.Stances)), Note: s.Note, Corrects: s.Corrects,
	}
	for proposition, stance := range s.Stances {
		out.Stances[proposition] = claims.Stance(stance)
	}
	return out
}

func (a *api) matrix(c *call) (any, error) {
	q, err := c.query("at")
	if err != nil {
		return nil, err
	}
	var at time.Time
	if q.Has("at") {
		if at, err = time.Parse(time.RFC3339Nano, q.Get("at")); err != nil {
			return nil, cordon.Errorf(cordon.Invalid, "at is not an instant such as 2026-05-15T18:10:00Z")
		}
	}
	id, err := c.id("incident")
	if err != nil {
		return nil, err
	}
	m, err := claims.Tabulate(c.Context(), c.by, id, at)
	if err != nil {
		return nil, err
	}
	out := wire.Matrix{
		At: m.At, Propositions: make([]wire.MatrixRow, len(m.Propositions)),
		DeniedThoughNobodyClaimed: m.DeniedThoughNobodyClaimed,
		ChangedTheirWords:         make([]wire.Change, len(m.ChangedTheirWords)), Unheard: m.Unheard,
	}
	for i, r := range m.Propositions {
		row := wire.MatrixRow{
			ID: r.ID, Text: r.Text, ConfirmedByRoots: wire.Range(r.ConfirmedByRoots), OutrightDenials: r.OutrightDenials,
			ClaimedBy: r.ClaimedBy, DeniedBy: r.DeniedBy, Silence: r.Silence, Said: make([]wire.Said, len(r.Said)),
		}
		for j, s := range r.Said {
			row.Said[j] = wire.Said{
				Statement: s.Statement, Source: s.Source, Stance: string(s.Stance),
				Published: s.Published, Approximate: s.Approximate, CorrectedBy: s.CorrectedBy,
			}
		}
		out.Propositions[i] = row
	}
	for i, ch := range m.ChangedTheirWords {
		out.ChangedTheirWords[i] = wire.Change{Source: ch.Source, Proposition: ch.Proposition, From: string(ch.From), To: string(ch.To)}
	}
	return out, nil
}
