// Package client lets a Go program use Cordon's HTTP API. The command line is
// written on it and uses nothing else.
//
// A [Client] acts as the person for whom its token was made (cordon token
// new). Every method is one request; its arguments and answers are the plain
// structs of package wire.
//
//	server, err := url.Parse("https://cordon.example")
//	c := client.New(server, token, nil)
//	report, err := c.Open(ctx, "KESTREL-7")
//	if cordon.KindOf(err) == cordon.KindNotFound {
//		// It is not there, or not theirs to see.
//	}
//
// Every error is a *cordon.Error. Its Kind tells what to do about it; its
// Message and Issues are fit to be shown to the person who asked. A report
// that is withheld and one that is absent are one and the same
// cordon.KindNotFound.
//
// Every POST, PUT and DELETE carries an Idempotency-Key, so that a request
// whose answer was lost with the connection is sent again without being done
// twice. See [WithKey] for carrying a key across processes.
package client
