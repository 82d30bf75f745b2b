package httpapi

import "net/http"

// The patterns of the health checks, which are open to everybody.
const (
	healthPattern = "GET /healthz"
	readyPattern  = "GET /readyz"
)

// healthCheck reports whether the request is one.
func healthCheck(r *http.Request) bool {
	return r.Pattern == healthPattern || r.Pattern == readyPattern
}

type status struct {
	Status string `json:"status"`
}

// health says that the process serves.
func (a *api) health(*call) (any, error) { return status{"ok"}, nil }

// ready says that what is asked can be done: the database takes a write.
func (a *api) ready(c *call) (any, error) {
	return status{"ready"}, a.Ready(c.Context())
}
