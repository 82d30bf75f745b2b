// Package client is the Go client of Cordon's HTTP API. The command line is
// written on it and uses nothing else.
//
// A [Client] acts as the person its token was made for. Every method is one
// request; its arguments and answers are plain structs whose JSON is that of
// the API, described in the OpenAPI document that every server gives at
// /api/openapi.json. In requests, organisations, people and arrangements are
// named by id or by name (a person of another organisation as "ORG/Name"),
// reports by id or by their outside name (ref). Answers give both, as [Named].
//
// Every error is a *cordon.Error. Its Kind tells what to do about it, its
// Message and Issues are fit to be shown to the person who asked. What is
// withheld and what is absent are one and the same cordon.NotFound.
//
// Every POST, PUT and DELETE carries an Idempotency-Key, so that a request
// whose answer was lost with the connection is sent again without being done
// twice. See [WithKey] for carrying a key across processes.
package client
