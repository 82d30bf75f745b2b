-- Which portion of a tearline was written against which original portion. It is
-- no lineage: nothing is inherited along it.
CREATE TABLE tearlines (
	portion  TEXT NOT NULL,
	original TEXT NOT NULL,
	PRIMARY KEY (portion, original)
) STRICT, WITHOUT ROWID;
CREATE INDEX tearlines_original ON tearlines (original);

-- Releases in an emergency, by owner. A grant of before was its owner's own.
CREATE TABLE emergency_parts (
	id        TEXT PRIMARY KEY,
	release   TEXT NOT NULL,
	owner     TEXT NOT NULL,
	place     BLOB NOT NULL,
	by_person TEXT NOT NULL,
	org       TEXT NOT NULL,
	audience  TEXT NOT NULL,
	portions  TEXT NOT NULL,
	reason    BLOB,
	grant_id  TEXT NOT NULL,
	created   INTEGER NOT NULL,
	until     INTEGER NOT NULL,
	state     TEXT NOT NULL,
	reviewer  TEXT NOT NULL,
	reviewed  INTEGER NOT NULL,
	note      BLOB
) STRICT;
CREATE INDEX emergency_parts_owner ON emergency_parts (owner, place);
CREATE INDEX emergency_parts_state ON emergency_parts (owner, state, place);
ALTER TABLE grants ADD COLUMN emergency INTEGER NOT NULL DEFAULT 0;
ALTER TABLE grants ADD COLUMN made_by TEXT NOT NULL DEFAULT '';
