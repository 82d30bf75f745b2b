// Package httpapi is the JSON API over the use-cases. It decodes, calls one
// use-case, encodes; it decides nothing and knows no SQL.
//
// Everything is under /api/v1 and needs "Authorization: Bearer <token>",
// except where marked (open). Errors are RFC 9457 problem details
// (application/problem+json) whose type is "urn:cordon:error:<kind>" with
// the kind of package cordon, plus "issues" for bad input; withheld and absent
// are one and the same 404, byte for byte. Lists are {"items":[…],"next":"…"}
// and take ?cursor= and ?limit=; cursors are opaque. Every POST takes an
// Idempotency-Key header: the same key by the same person with the same
// request gets the first answer again, with another request a 409.
// Organisations, people and arrangements are named by id or by name wherever
// a request takes one; reports by id or ref.
//
//	GET    /healthz, /readyz                      (open)
//	GET    /api/openapi.json                      (open)
//	GET    /api/v1/me                             who the token acts for
//	GET    /api/v1/organisations                  POST adds one
//	GET    /api/v1/organisations/{org}/people
//	POST   /api/v1/people                         PUT /api/v1/people/{id} changes one
//	POST   /api/v1/people/{id}/tokens
//	GET    /api/v1/arrangements                   POST adds one
//	POST   /api/v1/reports                        publish or derive (reading.Draft)
//	GET    /api/v1/reports                        list
//	GET    /api/v1/reports/{report}               open
//	GET    /api/v1/reports/{report}/export?format=markdown|text|json
//	GET    /api/v1/search?q=
//	POST   /api/v1/check                          {text, audience}
//	POST   /api/v1/scan                           {text}
//	GET    /api/v1/portions/{portion}/holders     who had it
//	POST   /api/v1/portions/{portion}/facts
//	GET    /api/v1/release-requests               POST asks (release.RequestDraft)
//	GET    /api/v1/release-parts                  those that wait for my organisation
//	POST   /api/v1/release-parts/{part}/decision
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
