-- What a portion is about, by which reworded text is found, four bytes a term; and by
-- which version of the program its tokens were made: those of before are made anew at
-- the next start.
ALTER TABLE portion_tokens ADD COLUMN terms BLOB;
ALTER TABLE portion_tokens ADD COLUMN made INTEGER NOT NULL DEFAULT 0;
