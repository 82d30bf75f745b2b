// Package wire is the HTTP API of Cordon in Go: the types of its requests and
// answers, with the JSON that they have there. The server, its use-cases, the
// client and the command line share them; the OpenAPI document, which every
// server gives at /api/openapi.json, is made of them and of their comments.
//
// Requests name organisations, people and arrangements by id or by name (a
// person of another organisation as "ORG/Name"), reports by id or by their
// outside name (ref). Answers give both, as [Named].
package wire
