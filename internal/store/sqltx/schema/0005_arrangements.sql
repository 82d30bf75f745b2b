-- What waits for the parties' agreement, and which of them have suspended it. The
-- invitation repeats a field of the proposal, for lists to go by; 0 is no rule.
ALTER TABLE arrangements ADD COLUMN scheme TEXT NOT NULL DEFAULT '';
ALTER TABLE arrangements ADD COLUMN proposal TEXT NOT NULL DEFAULT 'null';
ALTER TABLE arrangements ADD COLUMN invitation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE arrangements ADD COLUMN suspended_by TEXT NOT NULL DEFAULT 'null';
CREATE INDEX arrangements_invitation ON arrangements (invitation);

-- What the sealed entries of the ledger commit to.
CREATE TABLE arrangement_steps (
	id TEXT PRIMARY KEY,
	arrangement TEXT NOT NULL,
	what TEXT NOT NULL,
	actor TEXT NOT NULL,
	org TEXT NOT NULL,
	at INTEGER NOT NULL,
	salt BLOB
) STRICT;
