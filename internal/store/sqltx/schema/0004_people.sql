-- Organisations of before were nobody's clients, and what recipients asked of their
-- own people was not known. Read-ins without bounds are kept as they were.
ALTER TABLE organisations ADD COLUMN client_of TEXT NOT NULL DEFAULT 'null';

-- groups are need-to-know groups; the name is sealed under the organisation's key.
CREATE TABLE groups (
	id       TEXT PRIMARY KEY,
	org      TEXT NOT NULL REFERENCES organisations (id),
	name     BLOB,
	everyone INTEGER NOT NULL,
	created  INTEGER NOT NULL
) STRICT;
CREATE INDEX groups_org ON groups (org);

CREATE TABLE group_members (
	person   TEXT NOT NULL,
	group_id TEXT NOT NULL REFERENCES groups (id),
	ordinal  INTEGER NOT NULL,
	PRIMARY KEY (person, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_group ON group_members (group_id);

-- need_to_know is what organisations asked of their own people: of one report, or of
-- all that is under an arrangement. It is never taken away.
CREATE TABLE need_to_know (
	id          TEXT PRIMARY KEY,
	org         TEXT NOT NULL REFERENCES organisations (id),
	group_id    TEXT NOT NULL,
	report      TEXT NOT NULL,
	arrangement TEXT NOT NULL,
	person      TEXT NOT NULL,
	at          INTEGER NOT NULL
) STRICT;
CREATE INDEX need_to_know_org ON need_to_know (org);
CREATE INDEX need_to_know_arrangement ON need_to_know (arrangement);

CREATE INDEX reports_arrangement ON reports (arrangement);
