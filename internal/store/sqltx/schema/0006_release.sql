-- A grant can be for named people of the organisation; null is all of them.
ALTER TABLE grants ADD COLUMN people TEXT NOT NULL DEFAULT 'null';
CREATE INDEX grants_owner ON grants (owner, created, id);

ALTER TABLE requests ADD COLUMN report TEXT NOT NULL DEFAULT '';
ALTER TABLE requests ADD COLUMN released INTEGER NOT NULL DEFAULT -62135596800000000; -- the zero time
ALTER TABLE requests ADD COLUMN voided INTEGER NOT NULL DEFAULT -62135596800000000;
ALTER TABLE requests ADD COLUMN remind INTEGER NOT NULL DEFAULT -62135596800000000;
DROP INDEX requests_org;
CREATE INDEX requests_page ON requests (org, created, id);
CREATE INDEX requests_remind ON requests (remind, id);

ALTER TABLE request_parts ADD COLUMN wording TEXT NOT NULL DEFAULT 'null';
ALTER TABLE request_parts ADD COLUMN proposal TEXT NOT NULL DEFAULT '';
ALTER TABLE request_parts ADD COLUMN confirmer TEXT NOT NULL DEFAULT '';
ALTER TABLE request_parts ADD COLUMN granted TEXT NOT NULL DEFAULT 'null';
ALTER TABLE request_parts ADD COLUMN until INTEGER NOT NULL DEFAULT -62135596800000000;
ALTER TABLE request_parts ADD COLUMN shown_only INTEGER NOT NULL DEFAULT 0;
ALTER TABLE request_parts ADD COLUMN people TEXT NOT NULL DEFAULT 'null';
ALTER TABLE request_parts ADD COLUMN known INTEGER NOT NULL DEFAULT 0;
DROP INDEX request_parts_owner;
CREATE INDEX request_parts_page ON request_parts (owner, created, id);

CREATE TABLE request_portions (
	portion TEXT NOT NULL,
	request TEXT NOT NULL,
	PRIMARY KEY (portion, request)
) STRICT, WITHOUT ROWID;

-- Until now a decision made its grant at once. A request that has one is
-- released as far as it ever will be, and the rest of it is asked for anew. Of
-- the others no wording was kept that could be held to: they lapse.
UPDATE requests SET released = created WHERE id IN (SELECT request FROM grants);
UPDATE requests SET expires = created WHERE released = -62135596800000000;
INSERT INTO request_portions (portion, request)
	SELECT DISTINCT gp.portion, g.request FROM grant_portions gp JOIN grants g ON g.id = gp.grant_id WHERE g.request <> '';
