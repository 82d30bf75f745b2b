// Package sqltx is the part of a store that is the same for every SQL
// database: the schema, and cordon.WriteTx in statements that SQLite and
// PostgreSQL (and engines that speak its dialect) both run. Their differences are
// a short list, type Dialect. Connections, transactions, retries and
// durability are the stores' own business.
//
// How it is laid out:
//
//   - Times are whole microseconds since 1970. Lists that are only ever read
//     whole are JSON.
//   - Lists that are paged newest first are filed under a place: the instant and
//     the id in one byte string that sorts like the pair.
//   - Visible rows are asked for by rule number (see page.go), never by looking at
//     rows and leaving some out, so that no time tells of hidden ones.
package sqltx
