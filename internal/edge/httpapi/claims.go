package httpapi

import (
	"cordon/internal/usecase/claims"
	"cordon/wire"
)

func (a *api) claimRoutes() []route {
	return []route{
		serve(wire.ImportClaims, func(c *call, in wire.IncidentRecord) (wire.Done, error) {
			return wire.Done{}, claims.Import(c.Context(), c.by, in.Incident, record(in.Record))
		}),
		serve(wire.AddProposition, func(c *call, in wire.IncidentProposition) (wire.Added, error) {
			id, err := claims.AddProposition(c.Context(), c.by, in.Incident, claims.Proposition(in.Proposition))
			return wire.Added{ID: id}, err
		}),
		serve(wire.AddSource, func(c *call, in wire.IncidentSource) (wire.Added, error) {
			id, err := claims.AddSource(c.Context(), c.by, in.Incident, claims.Source(in.Source))
			return wire.Added{ID: id}, err
		}),
		serve(wire.AddStatement, func(c *call, in wire.IncidentStatement) (wire.Added, error) {
			id, err := claims.AddStatement(c.Context(), c.by, in.Incident, statement(in.Statement))
			return wire.Added{ID: id}, err
		}),
		serve(wire.GetMatrix, func(c *call, in wire.MatrixAt) (wire.Matrix, error) {
			m, err := claims.Tabulate(c.Context(), c.by, in.Incident, in.At)
			return matrix(m), err
		}),
	}
}

func record(in wire.Record) claims.Record {
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
	return record
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

func matrix(m claims.Matrix) wire.Matrix {
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
				Statement: s.Statement, Source: s.Source, Stance: wire.Stance(s.Stance),
				Published: s.Published, Approximate: s.Approximate, CorrectedBy: s.CorrectedBy,
			}
		}
		out.Propositions[i] = row
	}
	for i, ch := range m.ChangedTheirWords {
		out.ChangedTheirWords[i] = wire.Change{Source: ch.Source, Proposition: ch.Proposition, From: wire.Stance(ch.From), To: wire.Stance(ch.To)}
	}
	return out
}
