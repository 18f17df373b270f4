-- What happened, in the order in which it happened. AUTOINCREMENT: an id is never used again, so that "everything after id n" never skips or repeats.
CREATE TABLE events (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          TEXT NOT NULL,
    type        TEXT NOT NULL,
    severity    TEXT NOT NULL,
    component   TEXT NOT NULL,
    correlation TEXT,
    sentence    TEXT NOT NULL,
    details     TEXT NOT NULL
) STRICT;

CREATE INDEX events_by_type ON events (type, id);
