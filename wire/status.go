package wire

// Status says whether the server serves.
type Status struct {
	Status string `json:"status"`
}

// GetHealth tells whether the process serves.
var GetHealth = Operation[None, Status]{
	Name: "getHealth", Pattern: "GET /healthz", Tag: "operation", Scope: Open, Answer: Status{"ok"},
}

// GetReadiness tells whether requests can be done: whether the database takes a
// write.
var GetReadiness = Operation[None, Status]{
	Name: "getReadiness", Pattern: "GET /readyz", Tag: "operation", Scope: Open, Answer: Status{"ready"},
}

// GetOpenAPI gives this document.
var GetOpenAPI = Operation[None, File]{
	Name: "getOpenAPI", Pattern: "GET /api/openapi.json", Tag: "operation", Scope: Open,
	Media: []string{"application/json"},
}
