-- What the owner's aliases stand for; models is a JSON array of names, the preferred one first.
CREATE TABLE aliases (
    name TEXT NOT NULL PRIMARY KEY,
    models TEXT NOT NULL
) STRICT;
