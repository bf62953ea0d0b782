-- Instants are nanoseconds since 1970-01-01T00:00Z, durations nanoseconds. Sessions and messages go by their number "n"
-- inside; their public ids stand in one place each.

CREATE TABLE session (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    project TEXT,
    owner TEXT,
    title TEXT NOT NULL,
    visibility TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    user_agent TEXT NOT NULL,
    ip_address TEXT NOT NULL,
    client_version TEXT NOT NULL,
    model TEXT,
    language TEXT,
    stream_responses INTEGER NOT NULL
);

-- What every change of a session touches: kept apart so that little is rewritten. "newest" begins the chain of the messages
-- that message_place and message_client do not name yet; each names the one before it.
CREATE TABLE session_state (
    n INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    last_activity INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    newest INTEGER
);

CREATE TABLE member (
    session INTEGER NOT NULL,
    user TEXT NOT NULL,
    name TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    PRIMARY KEY (session, user)
) WITHOUT ROWID;

CREATE INDEX member_user ON member (user, session);

-- A row is also the change that added it: message_added, or reply_started when "started" is 1.
CREATE TABLE message (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    session INTEGER NOT NULL,
    position INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    started INTEGER NOT NULL DEFAULT 0,
    previous INTEGER,
    parent TEXT,
    agent INTEGER NOT NULL,
    author TEXT NOT NULL,
    author_name TEXT NOT NULL,
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted_at INTEGER,
    client_id TEXT,
    metadata TEXT,
    extras INTEGER NOT NULL DEFAULT 0,
    question TEXT,
    status TEXT,
    error TEXT,
    model TEXT,
    fallback INTEGER,
    tokens INTEGER,
    processing_time INTEGER,
    first_token_time INTEGER,
    versions TEXT,
    superseded_by TEXT
);

CREATE UNIQUE INDEX message_id ON message (id);
CREATE INDEX message_parent ON message (parent) WHERE parent IS NOT NULL;
CREATE INDEX message_question ON message (question) WHERE question IS NOT NULL;

CREATE TABLE message_place (
    session INTEGER NOT NULL,
    position INTEGER NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (session, position)
) WITHOUT ROWID;

CREATE TABLE message_client (
    session INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (session, client_id, message)
) WITHOUT ROWID;

-- Every other change. Together with the messages the positions of a session have no gap.
CREATE TABLE change (
    session INTEGER NOT NULL,
    position INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    message INTEGER,
    user TEXT,
    by_user TEXT,
    detail TEXT,
    flag INTEGER,
    number INTEGER,
    PRIMARY KEY (session, position)
) WITHOUT ROWID;

CREATE TABLE version (
    n INTEGER PRIMARY KEY,
    message INTEGER NOT NULL,
    content TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    replaced_at INTEGER NOT NULL,
    replaced_by TEXT NOT NULL
);

CREATE INDEX version_message ON version (message);

CREATE TABLE reaction (
    n INTEGER PRIMARY KEY,
    message INTEGER NOT NULL,
    place INTEGER NOT NULL,
    emoji TEXT NOT NULL,
    user TEXT NOT NULL
);

CREATE INDEX reaction_message ON reaction (message);

CREATE TABLE feedback (
    n INTEGER PRIMARY KEY,
    message INTEGER NOT NULL,
    user TEXT NOT NULL,
    helpful INTEGER,
    rating INTEGER,
    UNIQUE (message, user)
);

CREATE TABLE receipt (
    n INTEGER PRIMARY KEY,
    message INTEGER NOT NULL,
    user TEXT NOT NULL,
    delivered_at INTEGER,
    read_at INTEGER,
    UNIQUE (message, user)
);

CREATE TABLE reply (
    message INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    question TEXT NOT NULL,
    asker TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL,
    stop_requested_by TEXT
);

CREATE INDEX reply_session ON reply (session);

-- The safe text of a reply in pieces; "start" counts UTF-16 code units.
CREATE TABLE reply_text (
    reply INTEGER NOT NULL,
    start INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (reply, start)
) WITHOUT ROWID;

-- Sessions that are purged and whose messages are still being erased.
CREATE TABLE purged (
    session INTEGER PRIMARY KEY
);

CREATE TABLE revoked_token (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE revoked_user (
    user TEXT PRIMARY KEY,
    until INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit (
    n INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    by_user TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL
);
