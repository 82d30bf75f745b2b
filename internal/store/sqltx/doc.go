// Package sqltx is the part of a store that is the same for every SQL
// database: the schema, and cordon.WriteTx in statements that SQLite and
// PostgreSQL (and what speaks its dialect) both run. What differs between
// them is a short list, type Dialect. Connections, transactions, retries and
// durability are the stores' own business.
//
// How it is laid out:
//
//   - Times are whole microseconds since 1970. Lists that are only ever read
//     whole are JSON.
//   - Whatever a reader pages through newest first is filed under a place:
//     the instant and the id in one byte string that sorts like the pair.
//   - What a reader may see is asked for by rule number (see page.go), never
//     by looking at rows and leaving some out, so that no time tells of what
//     is hidden.
package sqltx
