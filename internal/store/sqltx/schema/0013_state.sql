-- Every row carries a MAC, and the rows of a set are summed up; see sets.go. Rows of
-- before have none until somebody who looked at them has them signed.
ALTER TABLE meta ADD COLUMN mac BLOB;
ALTER TABLE owner_keys ADD COLUMN mac BLOB;
ALTER TABLE answers ADD COLUMN mac BLOB;
ALTER TABLE organisations ADD COLUMN mac BLOB;
ALTER TABLE people ADD COLUMN mac BLOB;
ALTER TABLE tokens ADD COLUMN mac BLOB;
ALTER TABLE sessions ADD COLUMN mac BLOB;
ALTER TABLE credentials ADD COLUMN mac BLOB;
ALTER TABLE attempts ADD COLUMN mac BLOB;
ALTER TABLE groups ADD COLUMN mac BLOB;
ALTER TABLE group_members ADD COLUMN mac BLOB;
ALTER TABLE need_to_know ADD COLUMN mac BLOB;
ALTER TABLE rules ADD COLUMN mac BLOB;
ALTER TABLE arrangements ADD COLUMN mac BLOB;
ALTER TABLE arrangement_steps ADD COLUMN mac BLOB;
ALTER TABLE reports ADD COLUMN mac BLOB;
ALTER TABLE portions ADD COLUMN mac BLOB;
ALTER TABLE portion_keys ADD COLUMN mac BLOB;
ALTER TABLE custody_keys ADD COLUMN mac BLOB;
ALTER TABLE report_rules ADD COLUMN mac BLOB;
ALTER TABLE portion_tokens ADD COLUMN mac BLOB;
ALTER TABLE derivations ADD COLUMN mac BLOB;
ALTER TABLE renditions ADD COLUMN mac BLOB;
ALTER TABLE tearlines ADD COLUMN mac BLOB;
ALTER TABLE grants ADD COLUMN mac BLOB;
ALTER TABLE requests ADD COLUMN mac BLOB;
ALTER TABLE request_parts ADD COLUMN mac BLOB;
ALTER TABLE emergency_parts ADD COLUMN mac BLOB;
ALTER TABLE notices ADD COLUMN mac BLOB;
ALTER TABLE notice_reads ADD COLUMN mac BLOB;
ALTER TABLE channels ADD COLUMN mac BLOB;
ALTER TABLE outbox ADD COLUMN mac BLOB;
ALTER TABLE incidents ADD COLUMN mac BLOB;
ALTER TABLE disclosures ADD COLUMN mac BLOB;
ALTER TABLE steps ADD COLUMN mac BLOB;
ALTER TABLE custody ADD COLUMN mac BLOB;
ALTER TABLE claims ADD COLUMN mac BLOB;
ALTER TABLE registries ADD COLUMN mac BLOB;
ALTER TABLE facts ADD COLUMN mac BLOB;
ALTER TABLE told ADD COLUMN mac BLOB;

-- Which report a portion's tokens and key belong to, so that those of a report are a set.
ALTER TABLE portion_keys ADD COLUMN report TEXT NOT NULL DEFAULT '';
UPDATE portion_keys SET report = coalesce((SELECT p.report FROM portions p WHERE p.id = portion_keys.portion), '');
ALTER TABLE custody_keys ADD COLUMN incident TEXT NOT NULL DEFAULT '';
UPDATE custody_keys SET incident = coalesce((SELECT c.incident FROM custody c WHERE c.portion = custody_keys.portion), '');
ALTER TABLE portion_tokens ADD COLUMN report TEXT NOT NULL DEFAULT '';
UPDATE portion_tokens SET report = coalesce((SELECT p.report FROM portions p WHERE p.id = portion_tokens.portion), '');

-- The sum that the last tick's root of the state was made of; see root.go.
CREATE TABLE state_root (
	one INTEGER PRIMARY KEY,
	sum BLOB NOT NULL
) STRICT;

-- The sets that acts read, and those that they only write. Ticked is the generation
-- that the last tick of the ledger commits to.
CREATE TABLE state_sets (
	id         TEXT PRIMARY KEY,
	generation INTEGER NOT NULL,
	size       INTEGER NOT NULL,
	sum        BLOB NOT NULL,
	mac        BLOB NOT NULL,
	ticked     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX state_sets_changed ON state_sets (id) WHERE generation <> ticked;

CREATE TABLE log_sets (
	id         TEXT PRIMARY KEY,
	generation INTEGER NOT NULL,
	size       INTEGER NOT NULL,
	sum        BLOB NOT NULL,
	mac        BLOB NOT NULL,
	ticked     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX log_sets_changed ON log_sets (id) WHERE generation <> ticked;
