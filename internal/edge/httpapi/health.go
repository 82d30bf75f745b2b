package httpapi

import (
	"net/http"

	"cordon/wire"
)

func (a *api) statusRoutes() []route {
	return []route{
		// The process serves.
		serve(wire.GetHealth, func(*call, wire.None) (wire.Status, error) { return wire.Status{Status: "ok"}, nil }),
		// A request can be done: the database takes a write.
		serve(wire.GetReadiness, func(c *call, _ wire.None) (wire.Status, error) {
			return wire.Status{Status: "ready"}, a.Ready(c.Context())
		}),
		serve(wire.GetOpenAPI, func(*call, wire.None) (wire.File, error) { return wire.File{Type: jsonType, Body: openAPI}, nil }),
	}
}

// healthCheck reports whether the request is for one of the health checks, which
// are open to everybody.
func healthCheck(r *http.Request) bool {
	return r.Pattern == wire.GetHealth.Pattern || r.Pattern == wire.GetReadiness.Pattern
}
