// Package postgres keeps Cordon's data in PostgreSQL, for more than one
// machine: any number of nodes share one database and nothing else.
//
// # Transactions
//
// Updates are SERIALIZABLE. What an Update reads of people, organisations,
// reports and incidents it also locks FOR SHARE, so that another that changes
// or touches such a row waits for it, or, having been first, makes it run
// again: serialisability alone would let the two commit in either order as
// long as some order explains them. Who waits to change such a row is let
// through before others come to read it (see waiting.go). A transaction that PostgreSQL cannot
// serialise is run again, a bounded number of times. Only as many Updates are
// under way at once as get in each other's way little (see gate.go).
//
// # Durability
//
// The session insists that a commit is on the server's disk. If the connection
// is lost while a COMMIT is under way, whether it took effect cannot be known,
// and Update returns Unavailable although everything may have happened.
// Requests that must not be done twice carry an idempotency key, which is kept
// in the same transaction as what they do.
//
// # Other engines
//
// The SQL keeps to what Citus, CockroachDB and YugabyteDB run too: no advisory
// locks, no sequences, no extension. They are not tested here.
package postgres
