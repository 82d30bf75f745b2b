-- What an organisation's people can hold had no bound, and nobody asked for one.
ALTER TABLE organisations ADD COLUMN ceiling TEXT NOT NULL DEFAULT 'null';
ALTER TABLE organisations ADD COLUMN asked TEXT NOT NULL DEFAULT 'null';
