-- Models that gave their first answer only seconds ago: the job that brought them up, and how long they were watched since, counted while the appliance ran.
CREATE TABLE settling (
    lane TEXT NOT NULL PRIMARY KEY,
    job_id TEXT NOT NULL,
    watched_ms INTEGER NOT NULL
) STRICT;
