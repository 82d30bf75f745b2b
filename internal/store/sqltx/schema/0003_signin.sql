-- A token of before could do all that its person could.
ALTER TABLE tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT '["read","write","release","contain","audit","administer"]';
ALTER TABLE tokens ADD COLUMN made_with TEXT NOT NULL DEFAULT '';
CREATE INDEX tokens_made_with ON tokens (made_with);
CREATE INDEX tokens_newest ON tokens (person, created, id);

CREATE TABLE sessions (
	id      TEXT PRIMARY KEY,
	person  TEXT NOT NULL REFERENCES people (id),
	hash    BLOB NOT NULL UNIQUE,
	signed  TEXT NOT NULL, -- how: a kind of credential
	created INTEGER NOT NULL,
	used    INTEGER NOT NULL,
	expires INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_newest ON sessions (person, created, id);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE credentials (
	id      TEXT PRIMARY KEY,
	person  TEXT NOT NULL REFERENCES people (id),
	kind    TEXT NOT NULL,
	handle  BLOB NOT NULL UNIQUE,
	body    BLOB,
	created INTEGER NOT NULL
) STRICT;
CREATE INDEX credentials_person ON credentials (person);
CREATE INDEX credentials_kind ON credentials (kind, created);

-- key is a keyed hash; failures are counted for names that nobody has too.
CREATE TABLE attempts (
	key      BLOB PRIMARY KEY,
	failures INTEGER NOT NULL,
	at       INTEGER NOT NULL,
	until    INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_at ON attempts (at);
