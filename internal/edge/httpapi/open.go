package httpapi

import _ "embed"

//go:embed openapi.json
var openAPI []byte

// OpenAPI is the OpenAPI 3.1 document of this API.
func OpenAPI() []byte { return openAPI }

func (a *api) openapi(*call) (any, error) {
	return file{contentType: jsonType, body: openAPI}, nil
}
