-- Reports of which something waits, and whose words were found in which.
ALTER TABLE reports ADD COLUMN waits TEXT NOT NULL DEFAULT '';
ALTER TABLE reports ADD COLUMN writers TEXT NOT NULL DEFAULT 'null';
ALTER TABLE reports ADD COLUMN since INTEGER NOT NULL DEFAULT -62135596800000000;
ALTER TABLE reports ADD COLUMN remind INTEGER NOT NULL DEFAULT -62135596800000000;
CREATE INDEX reports_waits ON reports (waits, holder) WHERE waits <> '';

CREATE TABLE matches (
	id        TEXT PRIMARY KEY,
	report    TEXT NOT NULL,
	portion   TEXT NOT NULL,
	org       TEXT NOT NULL,
	source    TEXT NOT NULL,
	owner     TEXT NOT NULL,
	spans     TEXT NOT NULL,
	words     INTEGER NOT NULL,
	state     TEXT NOT NULL,
	found     INTEGER NOT NULL,
	by_person TEXT NOT NULL,
	decided   INTEGER NOT NULL,
	effective INTEGER NOT NULL,
	reason    BLOB,
	place     BLOB NOT NULL,
	mac       BLOB
) STRICT;
CREATE INDEX matches_report ON matches (report);
CREATE INDEX matches_portion ON matches (portion);
CREATE INDEX matches_owner ON matches (owner, place);
CREATE INDEX matches_org ON matches (org, found);
CREATE INDEX matches_due ON matches (state, effective);
