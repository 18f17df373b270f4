-- One row per granted reservation. Times are Unix milliseconds (UTC). A token is kept only as its SHA-256.
CREATE TABLE reservations (
    epoch INTEGER NOT NULL PRIMARY KEY,
    lane TEXT NOT NULL,
    holder TEXT NOT NULL,
    note TEXT,
    token_sha256 BLOB NOT NULL,
    ttl_ms INTEGER NOT NULL,
    acquired_at INTEGER NOT NULL,
    ended_at INTEGER,
    end_epoch INTEGER
) STRICT;

CREATE UNIQUE INDEX reservations_held ON reservations (lane) WHERE ended_at IS NULL;
CREATE INDEX reservations_by_lane ON reservations (lane, epoch);
