-- A notice of before was for whoever released or guarded for the organisation,
-- whatever its marking.
ALTER TABLE notices ADD COLUMN roles INTEGER NOT NULL DEFAULT 12; -- a bit each; see roleBits
ALTER TABLE notices ADD COLUMN kind TEXT NOT NULL DEFAULT 'other';
ALTER TABLE notices ADD COLUMN rule INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notices ADD COLUMN portions TEXT NOT NULL DEFAULT 'null';
ALTER TABLE notices DROP COLUMN read;

CREATE TABLE notice_reads (
	person TEXT NOT NULL,
	notice TEXT NOT NULL,
	at     INTEGER NOT NULL,
	PRIMARY KEY (person, notice)
) STRICT, WITHOUT ROWID;

CREATE TABLE channels (
	id        TEXT PRIMARY KEY,
	org       TEXT NOT NULL,
	kind      TEXT NOT NULL,
	target    BLOB,
	clearance TEXT NOT NULL,
	quiet     INTEGER NOT NULL,
	kinds     TEXT NOT NULL,
	created   INTEGER NOT NULL,
	failing   INTEGER NOT NULL
) STRICT;
CREATE INDEX channels_org ON channels (org);

-- What is on its way. A row goes when it has arrived or is given up.
CREATE TABLE outbox (
	id       TEXT PRIMARY KEY,
	notice   TEXT NOT NULL,
	channel  TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	due      INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (channel, due);
