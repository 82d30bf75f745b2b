-- Each feed is a log of its own, and the public log commits to all of them at each
-- tick. It goes on from the one tree of before: its leaves stay, by their hashes, and
-- the entries wait to be carried into their feeds, in their order, before all others.
INSERT INTO ledger_pending (at, n, id, entry) SELECT idx, 0, id, entry FROM ledger_leaves;
DROP TABLE ledger_leaves;

-- The place of an entry is its feed's log times 2^40 and its number in the feed. That
-- of a tree hash is the same and its tlog storage index; the public log is number 0.
CREATE TABLE ledger_leaves (
	place INTEGER PRIMARY KEY,
	entry TEXT NOT NULL
) STRICT;

CREATE TABLE ledger_feeds (
	feed      TEXT PRIMARY KEY,
	log       INTEGER NOT NULL UNIQUE,
	size      INTEGER NOT NULL,
	root      BLOB NOT NULL,
	mac       BLOB NOT NULL,
	tick_size INTEGER NOT NULL,
	tick_root BLOB NOT NULL
) STRICT;

CREATE TABLE ledger_ticks (
	idx    INTEGER PRIMARY KEY,
	number INTEGER NOT NULL,
	at     INTEGER NOT NULL,
	slots  BLOB NOT NULL,
	state  BLOB NOT NULL,
	secret BLOB NOT NULL
) STRICT;

-- How many entries a feed has from that tick on.
CREATE TABLE ledger_sizes (
	feed TEXT NOT NULL,
	tick INTEGER NOT NULL,
	size INTEGER NOT NULL,
	PRIMARY KEY (feed, tick)
) STRICT, WITHOUT ROWID;
