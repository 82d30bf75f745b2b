-- Which portion of a tearline was written against which original portion. It is
-- no lineage: nothing is inherited along it.
CREATE TABLE tearlines (
	portion  TEXT NOT NULL,
	original TEXT NOT NULL,
	PRIMARY KEY (portion, original)
) STRICT, WITHOUT ROWID;
CREATE INDEX tearlines_original ON tearlines (original);
