-- Files on their way in; their pieces are files beside the database.
CREATE TABLE upload (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    session TEXT,
    name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    exact INTEGER NOT NULL,
    begun_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX upload_owner ON upload (owner);
CREATE INDEX upload_touched ON upload (touched_at);

-- Either "sha256" names the content that is kept, or "url" says where it is, with "metadata". "homes" counts the sessions.
CREATE TABLE attachment (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    sha256 TEXT,
    url TEXT,
    metadata TEXT,
    homes INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX attachment_owner ON attachment (owner) WHERE sha256 IS NOT NULL;
CREATE INDEX attachment_content ON attachment (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX attachment_homeless ON attachment (added_at) WHERE homes = 0;

CREATE TABLE session_attachment (
    n INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    attachment INTEGER NOT NULL,
    UNIQUE (session, attachment)
);

CREATE INDEX session_attachment_home ON session_attachment (attachment);

CREATE TABLE message_attachment (
    message INTEGER NOT NULL,
    place INTEGER NOT NULL,
    session INTEGER NOT NULL,
    attachment INTEGER NOT NULL,
    PRIMARY KEY (message, place)
) WITHOUT ROWID;

CREATE INDEX message_attachment_used ON message_attachment (attachment, session)
