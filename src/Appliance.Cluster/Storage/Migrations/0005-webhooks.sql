-- Messages about ended jobs for the owner's program, written in the transaction that ends the job. Times are Unix milliseconds (UTC), pauses milliseconds.
CREATE TABLE webhooks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    event TEXT NOT NULL,
    job_id TEXT UNIQUE,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    tried_at INTEGER,
    status INTEGER,
    problem TEXT,
    wait INTEGER NOT NULL,
    waited INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;

CREATE INDEX webhooks_pending ON webhooks (number) WHERE state = 'Pending';
