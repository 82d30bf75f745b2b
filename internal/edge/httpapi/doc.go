// Package httpapi is the JSON API over the use-cases. It decides nothing and
// knows no SQL.
//
// Package wire declares its operations; this package binds each of them to a
// function from its request to its answer (see serve), and does the rest for all
// alike: who asks, whether the token's scopes cover it, whether the Accept header
// admits an answer, reading the request, doing it at most once, writing the
// answer. openapi.json is made of the declarations and describes every operation.
//
// Everything is under /api/v1 and needs "Authorization: Bearer <secret>", of a
// token or a session, a session's cookie, or a client certificate, except
// operations that are declared open. A token whose scopes do not cover an
// operation is refused before anything else is looked at. Errors are RFC 9457
// problem details (application/problem+json) whose type is
// "urn:cordon:error:<kind>" with the kind of package cordon, plus "issues" for
// bad input. Withheld, absent and unknown routes are one and the same 404, byte
// for byte but for the Request-Id, and so are all wrong credentials one 401.
//
// Lists are {"items":[…],"next":"…"}. Cursors are sealed: each works for one
// person, one list and one query. The entity tag of a list is made before its
// cursor is sealed, and so stays while the list does.
//
// # At most once
//
// A POST, PUT or DELETE under an Idempotency-Key is done at most once for that
// person. A record of it is written in the transaction that does it, so that
// neither a crash nor a second request at the same time does it twice; its
// answer is kept, sealed, in the transaction after that. The same request
// again within a day gets that answer, another request under the key a 409.
// Where the process died before the answer was kept, where a day has passed or
// the answer was a secret, the answer is a 409 too: it was done, look at what it
// did. Operations that show protected text, and the verification of the ledger,
// change nothing, are never answered from what was kept, and run again.
//
// # The log
//
// One line for each request: its number, which is the answer's Request-Id,
// method, route pattern, status, time taken, the client's address, and the cause
// of a fault. Never a path, a query, another header, a body or a message: search
// words, refs and names are secret too.
package httpapi
