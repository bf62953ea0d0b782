-- How far each user was told the feed of a session.

CREATE TABLE reach (
    session INTEGER NOT NULL,
    user TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (session, user)
) WITHOUT ROWID;
