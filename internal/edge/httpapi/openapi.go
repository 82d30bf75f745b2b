package httpapi

import _ "embed"

// The document is made of what package wire declares; see package
// internal/harness/openapi.
//
//go:generate go test -run ^TestDocumentIsGenerated$ . -update

//go:embed openapi.json
var openAPI []byte

// OpenAPI is the OpenAPI 3.1 document of this API.
func OpenAPI() []byte { return openAPI }
