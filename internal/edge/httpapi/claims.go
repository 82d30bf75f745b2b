package httpapi

import (
	"cordon/internal/usecase/claims"
	"cordon/wire"
)

func (a *api) claimRoutes() []route {
	return []route{
		serve(wire.ImportClaims, func(c *call, in wire.IncidentRecord) (wire.Done, error) {
			return wire.Done{}, claims.Import(c.Context(), c.by, in.Incident, claims.Record(in.Record))
		}),
		serve(wire.AddProposition, func(c *call, in wire.IncidentProposition) (wire.Added, error) {
			id, err := claims.AddProposition(c.Context(), c.by, in.Incident, in.Proposition)
			return wire.Added{ID: id}, err
		}),
		serve(wire.AddSource, func(c *call, in wire.IncidentSource) (wire.Added, error) {
			id, err := claims.AddSource(c.Context(), c.by, in.Incident, in.Source)
			return wire.Added{ID: id}, err
		}),
		serve(wire.AddStatement, func(c *call, in wire.IncidentStatement) (wire.Added, error) {
			id, err := claims.AddStatement(c.Context(), c.by, in.Incident, in.Statement)
			return wire.Added{ID: id}, err
		}),
		serve(wire.GetMatrix, func(c *call, in wire.MatrixAt) (wire.Matrix, error) {
			return claims.Tabulate(c.Context(), c.by, in.Incident, in.At)
		}),
	}
}
