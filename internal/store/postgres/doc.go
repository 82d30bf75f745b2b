// Package postgres keeps Cordon's data in PostgreSQL, for more than one
// machine: any number of nodes share one database and nothing else.
//
// # Transactions
//
// Updates are SERIALIZABLE. An Update also locks the people, organisations,
// reports and incidents that it reads FOR SHARE. Another Update that changes or
// touches such a row waits for it or, if it came first, makes it run again:
// serialisability alone would let the two commit in any order that explains them.
// An Update that waits to change such a row goes before others that would read it
// (see waiting.go). A transaction that PostgreSQL cannot serialise is run again, a
// bounded number of times. The number of Updates under way is bounded so that they
// collide little (see gate.go).
//
// A Record is READ COMMITTED: it locks the heads that an act decided on FOR SHARE, in the
// order of their names, compares them and writes what was shown. An Update changes heads
// as the last thing before its COMMIT. A View sends its BEGIN with the first question and
// its COMMIT with the last.
//
// # Durability
//
// Each Update insists that its commit is on the server's disk, and on those of the
// replicas that the server waits for. A pooler that gives each transaction another
// session is refused. If the connection
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
