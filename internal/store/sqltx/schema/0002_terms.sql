-- An arrangement of before was in force from the moment it was drafted, given to
-- all its parties, and open to being asked for a release to anybody.
ALTER TABLE arrangements ADD COLUMN state TEXT NOT NULL DEFAULT 'in-force';
ALTER TABLE arrangements ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE arrangements ADD COLUMN recipients TEXT NOT NULL DEFAULT 'null';
ALTER TABLE arrangements ADD COLUMN onward TEXT NOT NULL DEFAULT 'ask';
ALTER TABLE arrangements ADD COLUMN shown_only INTEGER NOT NULL DEFAULT 0;
ALTER TABLE arrangements ADD COLUMN longest INTEGER NOT NULL DEFAULT 0; -- nanoseconds
ALTER TABLE arrangements ADD COLUMN until INTEGER NOT NULL DEFAULT -62135596800000000; -- the zero time
ALTER TABLE arrangements ADD COLUMN two_persons INTEGER NOT NULL DEFAULT 0;
ALTER TABLE arrangements ADD COLUMN emergency_authorities TEXT NOT NULL DEFAULT 'null';
ALTER TABLE arrangements ADD COLUMN emergency_for INTEGER NOT NULL DEFAULT 0; -- nanoseconds
