-- What programs plan to do on the machines. One of cron and at is set. Times are Unix milliseconds (UTC), at is RFC 3339 as its owner wrote it.
CREATE TABLE schedules (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    model TEXT,
    cron TEXT,
    at TEXT,
    minutes INTEGER NOT NULL,
    note TEXT,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    CHECK ((cron IS NULL) <> (at IS NULL))
) STRICT;
