-- What was seen of each launcher's quoting; hash is the SHA-256 of launch-cluster.sh. Times are Unix milliseconds (UTC).
CREATE TABLE quoting_proofs (
    host TEXT NOT NULL,
    hash TEXT NOT NULL,
    is_cluster INTEGER NOT NULL,
    way TEXT NOT NULL,
    plain_marks TEXT NOT NULL,
    proven_at INTEGER NOT NULL,
    PRIMARY KEY (host, hash, is_cluster)
) STRICT;
