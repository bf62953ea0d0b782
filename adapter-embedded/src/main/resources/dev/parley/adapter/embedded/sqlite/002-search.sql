-- Holds the folded words of each message and one term for its session. It lags behind "message" and is brought up to date
-- before a search.
CREATE VIRTUAL TABLE message_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- Messages up to this number are in the index, but for the stale ones.
CREATE TABLE search_state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    indexed_until INTEGER NOT NULL
);

INSERT INTO search_state VALUES (1, 0);

CREATE TABLE search_stale (
    message INTEGER PRIMARY KEY
);
