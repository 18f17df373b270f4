-- The SHA-256 of the reservation's token that a job was accepted with: one that waits shows it again when its turn comes.
ALTER TABLE swap_jobs ADD COLUMN token_sha256 BLOB;
