-- The index puts its parts together when it is asked to, eight at a time. By itself it would do much of it at once.
INSERT INTO message_words (message_words, rank) VALUES ('automerge', 0);

INSERT INTO message_words (message_words, rank) VALUES ('usermerge', 8);
