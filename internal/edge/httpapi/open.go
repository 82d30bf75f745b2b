package httpapi

import (
	_ "embed"

	"cordon"
)

//go:embed openapi.json
var openAPI []byte

// OpenAPI is the OpenAPI 3.1 document of this API.
func OpenAPI() []byte { return openAPI }

func (a *api) openapi(*call) (any, error) {
	return file{contentType: jsonType, body: openAPI}, nil
}

type status struct {
	Status string `json:"status"`
}

// health says that the process serves.
func (a *api) health(*call) (any, error) { return status{"ok"}, nil }

// ready says that the database answers too.
func (a *api) ready(c *call) (any, error) {
	return status{"ready"}, a.Store.View(c.Context(), func(cordon.ReadTx) error { return nil })
}
