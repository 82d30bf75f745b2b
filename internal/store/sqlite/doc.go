// Package sqlite keeps Cordon's data in one SQLite database in a data
// directory. It is the embedded default: one machine, one or more processes.
//
// # Durability and throughput
//
// The database is in WAL mode with synchronous=FULL, so that a commit is an
// fsync, and an fsync is what an Update costs. Updates that wait at the same
// time share one: they take turns, one after another, inside one SQLite
// transaction, each in a savepoint of its own, and return together once that
// transaction is on disk. A lone Update waits for nobody. See writer.go.
//
// # Files
//
// The directory holds cordon.db and, while it is open, cordon.db-wal and
// cordon.db-shm. Do not read those two from inside a process that has the
// store open: closing such a file drops the locks that keep other processes
// out, which is how POSIX locks work. (Reading cordon.db itself is harmless on
// Linux, where locks on it are open-file-description locks.)
package sqlite
