-- A topic is here once something was published to it or it got an audience; "restricted" says that only those in
-- topic_audience are told, each of what was published after "since".
CREATE TABLE topic (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    newest INTEGER NOT NULL,
    restricted INTEGER NOT NULL
);

CREATE TABLE topic_audience (
    topic INTEGER NOT NULL,
    user TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (topic, user)
) WITHOUT ROWID;

CREATE TABLE topic_entry (
    n INTEGER PRIMARY KEY,
    topic INTEGER NOT NULL,
    position INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    type TEXT,
    payload TEXT NOT NULL,
    UNIQUE (topic, position)
);

-- Sessions and topics by their public ids, since either may be there without the other.
CREATE TABLE subscription (
    session TEXT NOT NULL,
    topic TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (session, topic)
) WITHOUT ROWID;

CREATE INDEX subscription_until ON subscription (until);
