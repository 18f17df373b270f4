-- One row per swap or stop job. Times are Unix milliseconds (UTC).
CREATE TABLE swap_jobs (
    id TEXT NOT NULL PRIMARY KEY,
    lane TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    model TEXT,
    model_name TEXT NOT NULL,
    served_name TEXT,
    progress REAL NOT NULL,
    requested_by TEXT NOT NULL,
    note TEXT,
    epoch INTEGER NOT NULL UNIQUE,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    from_model TEXT,
    from_name TEXT,
    rolled_back_to TEXT,
    failure TEXT,
    steps TEXT NOT NULL,
    previous_model TEXT,
    is_rolling_back INTEGER NOT NULL,
    is_cancelled INTEGER NOT NULL,
    launched_at INTEGER,
    idempotency_key TEXT,
    request TEXT
) STRICT;

CREATE INDEX swap_jobs_unfinished ON swap_jobs (epoch) WHERE ended_at IS NULL;
CREATE INDEX swap_jobs_key ON swap_jobs (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX swap_jobs_history ON swap_jobs (lane, model, epoch);

CREATE TABLE swap_logs (
    job_id TEXT NOT NULL PRIMARY KEY REFERENCES swap_jobs (id) ON DELETE CASCADE,
    lines TEXT NOT NULL
) STRICT;
