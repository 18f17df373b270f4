-- What is remembered of a lane: what is expected to run there, which model answered last, and what somebody did by other means.
CREATE TABLE lane_records (
    lane TEXT NOT NULL PRIMARY KEY,
    is_sure INTEGER NOT NULL,
    model TEXT,
    name TEXT,
    good TEXT,
    drift TEXT
) STRICT;

-- Starts that no person asked for, with their age as counted while the appliance ran.
CREATE TABLE automatic_starts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    model TEXT NOT NULL,
    hosts TEXT NOT NULL,
    age_ms INTEGER NOT NULL
) STRICT;
