-- Written for SQLite (STRICT tables). For PostgreSQL the types are renamed and
-- "STRICT" and "WITHOUT ROWID" left out; see Dialect.Schema.

CREATE TABLE meta (
	key   TEXT PRIMARY KEY,
	value BLOB NOT NULL
) STRICT;

CREATE TABLE owner_keys (
	owner TEXT PRIMARY KEY,
	key   BLOB NOT NULL
) STRICT;

CREATE TABLE answers (
	key    BLOB PRIMARY KEY,
	answer BLOB NOT NULL,
	at     INTEGER NOT NULL
) STRICT;

-- generation is bumped by every change and every touch. An Update that read
-- the row cannot commit after one that bumped it.
CREATE TABLE organisations (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	folded      TEXT NOT NULL UNIQUE, -- the name without regard to case
	title       TEXT NOT NULL,
	country     TEXT NOT NULL,
	communities TEXT NOT NULL,
	generation  INTEGER NOT NULL
) STRICT;

CREATE TABLE people (
	id          TEXT PRIMARY KEY,
	org         TEXT NOT NULL REFERENCES organisations (id),
	name        TEXT NOT NULL,
	nationality TEXT NOT NULL,
	clearances  TEXT NOT NULL,
	read_ins    TEXT NOT NULL,
	roles       TEXT NOT NULL,
	suspended   INTEGER NOT NULL,
	generation  INTEGER NOT NULL,
	UNIQUE (org, name)
) STRICT;

CREATE TABLE tokens (
	id      TEXT PRIMARY KEY,
	person  TEXT NOT NULL REFERENCES people (id),
	hash    BLOB NOT NULL UNIQUE,
	label   TEXT NOT NULL,
	created INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	revoked INTEGER NOT NULL
) STRICT;
CREATE INDEX tokens_person ON tokens (person);

-- Marks rise in the order in which rules were committed; see rules.go.
CREATE TABLE rules (
	no     INTEGER PRIMARY KEY,
	mark   INTEGER NOT NULL UNIQUE,
	digest BLOB NOT NULL,
	rule   TEXT NOT NULL
) STRICT;

CREATE TABLE arrangements (
	id           TEXT PRIMARY KEY,
	drafter      TEXT NOT NULL,
	name         BLOB,
	mark         TEXT NOT NULL,
	rule         INTEGER NOT NULL,
	parties      TEXT NOT NULL,
	default_mark TEXT NOT NULL,
	equivalences TEXT NOT NULL,
	withheld     TEXT NOT NULL,
	created      INTEGER NOT NULL,
	ended        INTEGER NOT NULL
) STRICT;
CREATE INDEX arrangements_rule ON arrangements (rule);

CREATE TABLE reports (
	id          TEXT PRIMARY KEY,
	kind        TEXT NOT NULL,
	holder      TEXT NOT NULL,
	author      TEXT NOT NULL,
	arrangement TEXT NOT NULL,
	ref_token   BLOB,
	compilation TEXT NOT NULL,
	created     INTEGER NOT NULL,
	generation  INTEGER NOT NULL
) STRICT;
CREATE INDEX reports_ref ON reports (ref_token);

CREATE TABLE portions (
	id      TEXT PRIMARY KEY,
	report  TEXT NOT NULL REFERENCES reports (id),
	ordinal INTEGER NOT NULL,
	kind    TEXT NOT NULL,
	mark    TEXT NOT NULL,
	rule    INTEGER NOT NULL,
	state   TEXT NOT NULL,
	created INTEGER NOT NULL,
	place   BLOB NOT NULL, -- of the portion, under which its tokens are filed
	body    BLOB
) STRICT;
CREATE INDEX portions_report ON portions (report, ordinal);
-- Portions of a report in sight are found by rule.
CREATE INDEX portions_live ON portions (report, rule) WHERE state = 'live';

-- Wrapped keys lie apart from the bodies they open, so that they can be
-- destroyed, and kept out of a backup, by themselves.
CREATE TABLE portion_keys (
	portion TEXT PRIMARY KEY REFERENCES portions (id),
	key     BLOB NOT NULL
) STRICT;

-- A row says that the report has a live portion under the rule. Listing merges
-- the rules in sight, each already newest first.
CREATE TABLE report_rules (
	rule   INTEGER NOT NULL,
	place  BLOB NOT NULL, -- of the report
	report TEXT NOT NULL,
	PRIMARY KEY (rule, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_rules_report ON report_rules (report, rule);

-- Words of live portions, filed so that a search asks by word and rule.
CREATE TABLE search_tokens (
	token INTEGER NOT NULL,
	rule  INTEGER NOT NULL,
	place BLOB NOT NULL, -- of the portion
	PRIMARY KEY (token, rule, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE fingerprints (
	print   INTEGER NOT NULL,
	portion TEXT NOT NULL,
	PRIMARY KEY (print, portion)
) STRICT, WITHOUT ROWID;

-- What stands in the two tables above for a portion, so that it can be taken
-- out again without an index on every word. Eight bytes each, ascending.
CREATE TABLE portion_tokens (
	portion TEXT PRIMARY KEY,
	words   BLOB NOT NULL,
	prints  BLOB NOT NULL
) STRICT;

CREATE TABLE derivations (
	portion TEXT NOT NULL,
	source  TEXT NOT NULL,
	how     TEXT NOT NULL,
	PRIMARY KEY (portion, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX derivations_source ON derivations (source);

-- n, here and below, is the order in which a transaction added its rows.
CREATE TABLE renditions (
	id       TEXT PRIMARY KEY,
	report   TEXT NOT NULL,
	portions TEXT NOT NULL,
	person   TEXT NOT NULL,
	org      TEXT NOT NULL,
	at       INTEGER NOT NULL,
	n        INTEGER NOT NULL,
	via      TEXT NOT NULL
) STRICT;
CREATE INDEX renditions_report ON renditions (report);

CREATE TABLE grants (
	id         TEXT PRIMARY KEY,
	owner      TEXT NOT NULL,
	to_org     TEXT NOT NULL,
	request    TEXT NOT NULL,
	portions   TEXT NOT NULL,
	shown_only INTEGER NOT NULL,
	created    INTEGER NOT NULL,
	until      INTEGER NOT NULL,
	revoked    INTEGER NOT NULL
) STRICT;
CREATE INDEX grants_to ON grants (to_org, until);

CREATE TABLE grant_portions (
	portion TEXT NOT NULL,
	grant_id TEXT NOT NULL,
	PRIMARY KEY (portion, grant_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX grant_portions_grant ON grant_portions (grant_id);

CREATE TABLE requests (
	id        TEXT PRIMARY KEY,
	requester TEXT NOT NULL,
	org       TEXT NOT NULL,
	audience  TEXT NOT NULL,
	portions  TEXT NOT NULL,
	purpose   BLOB,
	created   INTEGER NOT NULL,
	expires   INTEGER NOT NULL,
	withdrawn INTEGER NOT NULL
) STRICT;
CREATE INDEX requests_org ON requests (org);

CREATE TABLE request_parts (
	id       TEXT PRIMARY KEY,
	request  TEXT NOT NULL,
	owner    TEXT NOT NULL,
	portions TEXT NOT NULL,
	state    TEXT NOT NULL,
	decider  TEXT NOT NULL,
	decided  INTEGER NOT NULL,
	reason   BLOB,
	grant_id TEXT NOT NULL,
	tearline TEXT NOT NULL,
	created  INTEGER NOT NULL -- that of the request, to list parts by
) STRICT;
CREATE INDEX request_parts_request ON request_parts (request);
CREATE INDEX request_parts_owner ON request_parts (owner);

CREATE TABLE notices (
	id      TEXT PRIMARY KEY,
	org     TEXT NOT NULL,
	place   BLOB NOT NULL,
	person  TEXT NOT NULL,
	mark    TEXT NOT NULL,
	body    BLOB,
	created INTEGER NOT NULL,
	read    INTEGER NOT NULL
) STRICT;
CREATE INDEX notices_org ON notices (org, place);

CREATE TABLE incidents (
	id         TEXT PRIMARY KEY,
	org        TEXT NOT NULL,
	opener     TEXT NOT NULL,
	title      BLOB,
	opened     INTEGER NOT NULL,
	custody    TEXT NOT NULL,
	generation INTEGER NOT NULL
) STRICT;
CREATE INDEX incidents_org ON incidents (org);

CREATE TABLE disclosures (
	id       TEXT PRIMARY KEY,
	incident TEXT NOT NULL,
	portion  TEXT NOT NULL,
	words    INTEGER NOT NULL,
	found    INTEGER NOT NULL,
	n        INTEGER NOT NULL
) STRICT;
CREATE INDEX disclosures_incident ON disclosures (incident);

CREATE TABLE steps (
	id        TEXT PRIMARY KEY,
	incident  TEXT NOT NULL,
	step      TEXT NOT NULL,
	target    TEXT NOT NULL,
	by_person TEXT NOT NULL,
	at        INTEGER NOT NULL,
	n         INTEGER NOT NULL
) STRICT;
CREATE INDEX steps_incident ON steps (incident);

CREATE TABLE custody (
	portion  TEXT PRIMARY KEY,
	incident TEXT NOT NULL,
	rule     INTEGER NOT NULL,
	body     BLOB,
	at       INTEGER NOT NULL,
	n        INTEGER NOT NULL
) STRICT;
CREATE INDEX custody_incident ON custody (incident);

CREATE TABLE custody_keys (
	portion TEXT PRIMARY KEY REFERENCES custody (portion),
	key     BLOB NOT NULL
) STRICT;

CREATE TABLE claims (
	id       TEXT PRIMARY KEY,
	incident TEXT NOT NULL,
	kind     TEXT NOT NULL,
	body     BLOB,
	created  INTEGER NOT NULL,
	n        INTEGER NOT NULL
) STRICT;
CREATE INDEX claims_incident ON claims (incident);

CREATE TABLE registries (
	id      TEXT PRIMARY KEY,
	owner   TEXT NOT NULL,
	name    BLOB,
	body    BLOB,
	created INTEGER NOT NULL
) STRICT;
CREATE INDEX registries_owner ON registries (owner);

CREATE TABLE facts (
	id      TEXT PRIMARY KEY,
	portion TEXT NOT NULL,
	body    BLOB
) STRICT;
CREATE INDEX facts_portion ON facts (portion);

CREATE TABLE told (
	id       TEXT PRIMARY KEY,
	registry TEXT NOT NULL,
	audience TEXT NOT NULL,
	body     BLOB,
	at       INTEGER NOT NULL,
	n        INTEGER NOT NULL
) STRICT;
CREATE INDEX told_registry ON told (registry, audience);

CREATE TABLE ledger_head (
	one        INTEGER PRIMARY KEY,
	size       INTEGER NOT NULL,
	checkpoint TEXT NOT NULL
) STRICT;
INSERT INTO ledger_head (one, size, checkpoint) VALUES (1, 0, '');

-- An append touches this one tree, near its end, and nothing another append
-- touches: no head, no counter.
CREATE TABLE ledger_pending (
	at    INTEGER NOT NULL,
	n     INTEGER NOT NULL,
	id    TEXT NOT NULL,
	entry TEXT NOT NULL,
	PRIMARY KEY (at, n, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_leaves (
	idx      INTEGER PRIMARY KEY,
	id       TEXT NOT NULL UNIQUE,
	feed     TEXT NOT NULL,
	feed_seq INTEGER NOT NULL,
	entry    TEXT NOT NULL,
	UNIQUE (feed, feed_seq)
) STRICT;

CREATE TABLE ledger_hashes (
	idx  INTEGER PRIMARY KEY,
	hash BLOB NOT NULL
) STRICT;
