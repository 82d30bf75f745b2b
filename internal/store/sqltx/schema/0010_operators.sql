-- The administrators of the organisation that the installation was set up with ran
-- it, and go on running it. Those of the others look after their own organisation
-- from here on, and nobody was a program's account.
ALTER TABLE people ADD COLUMN service INTEGER NOT NULL DEFAULT 0;

INSERT INTO meta (key, value)
	SELECT 'people.host', CAST(p.org AS BLOB) FROM people p JOIN meta m ON m.value = CAST(p.id AS BLOB) WHERE m.key = 'people.first';

UPDATE people SET roles = REPLACE(roles, '"administrator"', '"administrator","operator"'), generation = generation + 1
	WHERE org IN (SELECT p.org FROM people p JOIN meta m ON m.value = CAST(p.id AS BLOB) WHERE m.key = 'people.first');
