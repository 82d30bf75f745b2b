-- How many live portions the report has under the rule: what is counted, and
-- what says when the report leaves the rule's list.
ALTER TABLE report_rules ADD COLUMN live INTEGER NOT NULL DEFAULT 0;
UPDATE report_rules SET live = (SELECT count(*) FROM portions
	WHERE portions.report = report_rules.report AND portions.rule = report_rules.rule AND portions.state = 'live');

-- Which reports have changed in report_rules, by the transaction that changed
-- them; see listing.go. It is never empty, so that it can be told whether its
-- beginning has been cut off.
CREATE TABLE report_changes (
	at    INTEGER NOT NULL,
	place BLOB NOT NULL, -- of the report
	PRIMARY KEY (at, place)
) STRICT, WITHOUT ROWID;
INSERT INTO report_changes (at, place) VALUES (0, CAST('' AS BLOB));
