-- How long a model takes depends on where it runs and on the image it is started from.
ALTER TABLE swap_jobs ADD COLUMN hosts TEXT;
ALTER TABLE swap_jobs ADD COLUMN image TEXT;
