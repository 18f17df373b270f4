-- The last lines of model servers, taken before they were stopped or after they ended by themselves: their containers take the log with them.
-- Times are Unix milliseconds (UTC).
CREATE TABLE server_logs (
    id INTEGER PRIMARY KEY,
    lane TEXT NOT NULL,
    model_name TEXT NOT NULL,
    started_by TEXT REFERENCES swap_jobs (id) ON DELETE CASCADE,
    stopped_by TEXT REFERENCES swap_jobs (id) ON DELETE CASCADE,
    kept_at INTEGER NOT NULL,
    lines TEXT NOT NULL
) STRICT;

CREATE INDEX server_logs_started_by ON server_logs (started_by);
CREATE INDEX server_logs_stopped_by ON server_logs (stopped_by);

ALTER TABLE swap_jobs ADD COLUMN remarks TEXT NOT NULL DEFAULT '[]';
