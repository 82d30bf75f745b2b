// Package client is the Go client of Cordon's HTTP API. The command line is
// written on it and uses nothing else.
//
// A [Client] acts as the person its token was made for. Every method is one
// request; its arguments and answers are the plain structs of package wire.
//
// Every error is a *cordon.Error. Its Kind tells what to do about it, its
// Message and Issues are fit to be shown to the person who asked. What is
// withheld and what is absent are one and the same cordon.NotFound.
//
// Every POST, PUT and DELETE carries an Idempotency-Key, so that a request
// whose answer was lost with the connection is sent again without being done
// twice. See [WithKey] for carrying a key across processes.
package client
