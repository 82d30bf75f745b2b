// Package httpapi is the JSON API over the use-cases. It decodes, calls one
// use-case, encodes; it decides nothing and knows no SQL.
//
// Everything is under /api/v1 and needs "Authorization: Bearer <secret>", of a
// token or a session, except where marked (open). A token whose scopes do not
// cover what a route needs is refused before anything else is looked at. Requests and answers are those of package
// wire; openapi.json describes them and is served. Errors are RFC 9457
// problem details (application/problem+json) whose type is
// "urn:cordon:error:<kind>" with the kind of package cordon, plus "issues" for
// bad input; withheld, absent and unknown routes are one and the same 404, byte
// for byte, and so are all wrong credentials one 401. Lists are
// {"items":[…],"next":"…"}; reports, search and notices come in pages and take
// ?cursor= and ?limit=. Cursors are sealed: each works for one person, one
// list and one query. Organisations, people and arrangements are named by id
// or by name wherever a request takes one; reports by id or ref. Answers give
// organisations and people as {"id","name"}; of other organisations' people
// the id alone, except to owners in holders.
//
// # At most once
//
// A POST, PUT or DELETE under an Idempotency-Key is done at most once for that
// person. That it was done is written in the transaction that does it, so that
// neither a crash nor a second request at the same time does it twice; its
// answer is kept, sealed, in the transaction after that. The same request
// again within a day gets that answer, another request under the key a 409.
// Where the process died before the answer was kept, where a day has passed or
// the answer was a token, the answer is a 409 too: it was done, look at what it
// did. What shows protected text (check, scan, a registry's check) and the
// ledger's verification change nothing, are never answered from what was kept,
// and run again.
//
// # The log
//
// One line for each request: method, route pattern, status, time taken, the
// client's address, a random number, and the cause of a fault. Never a path, a query, a header, a
// body or a message: search words, refs and names are secret too.
//
//	GET    /healthz, /readyz                      (open)
//	GET    /api/openapi.json                      (open)
//	GET    /api/v1/me                             who the token acts for
//	GET    /api/v1/organisations                  POST adds one
//	GET    /api/v1/organisations/{org}/people
//	POST   /api/v1/people                         PUT /api/v1/people/{id} changes one
//	GET    /api/v1/people/{id}/tokens             POST makes one; DELETE …/tokens/{token} revokes it
//	POST   /api/v1/sessions                       sign in (open); DELETE /api/v1/session signs out
//	GET    /api/v1/people/{id}/sessions           DELETE …/sessions/{session} ends one
//	POST   /api/v1/people/{id}/enrolments         a way in, once; POST /api/v1/enrolments uses it (open)
//	PUT    /api/v1/password                       change one's own
//	GET    /api/v1/people/{id}/credentials        DELETE …/credentials/{credential} takes one away
//	GET    /api/v1/arrangements                   POST drafts one
//	GET    /api/v1/arrangements/{arrangement}
//	POST   /api/v1/arrangements/{arrangement}/agreement, /decline, /amendments
//	POST   /api/v1/arrangements/{arrangement}/suspension, /resumption, /departure, /end
//	POST   /api/v1/reports                        publish or derive (reading.Draft)
//	POST   /api/v1/imports                        publish many, each on its own
//	GET    /api/v1/reports                        list
//	GET    /api/v1/reports/{report}               open
//	GET    /api/v1/reports/{report}/export?format=markdown|text|json
//	PUT    /api/v1/reports/{report}/compilation   {marking}: a person's decision on the whole
//	GET    /api/v1/search?q=
//	POST   /api/v1/check                          {text, audience}
//	POST   /api/v1/scan                           {text}
//	GET    /api/v1/portions/{portion}/holders     who had it
//	POST   /api/v1/portions/{portion}/facts
//	PUT    /api/v1/reports/{report}/portions/{portion}  another wording
//	POST   /api/v1/release-plans                  what a request would ask (release.RequestDraft)
//	GET    /api/v1/release-requests               POST asks (release.RequestDraft)
//	GET    /api/v1/release-requests/{request}     POST …/release, …/withdrawal
//	GET    /api/v1/release-parts                  those that wait for my organisation
//	GET    /api/v1/release-parts/{part}           GET …/wording, POST …/decision, …/confirmation
//	GET    /api/v1/grants?portion=…               POST /api/v1/grants/{grant}/revocation
//	GET    /api/v1/notices
//	GET    /api/v1/incidents                      POST opens one
//	GET    /api/v1/incidents/{incident}
//	POST   /api/v1/incidents/{incident}/containment   (contain.Plan)
//	GET    /api/v1/custody/{portion}              DELETE destroys it
//	POST   /api/v1/incidents/{incident}/claims    a whole record (claims.Import)
//	POST   /api/v1/incidents/{incident}/propositions, /sources, /statements
//	GET    /api/v1/incidents/{incident}/matrix?at=
//	GET    /api/v1/registries                     POST adds one
//	POST   /api/v1/registries/{registry}/told
//	POST   /api/v1/registries/{registry}/check
//	GET    /api/v1/ledger/feed                    my organisation's feed, entries and numbers
//	GET    /api/v1/ledger/checkpoint              signed tree head and verifier key
//	GET    /api/v1/ledger/bundle                  entries with proofs, for verifying offline
//	POST   /api/v1/ledger/verification            verify the whole (administrator, auditor)
package httpapi
