-- The changes of a session up to this position are forgotten: their rows in "change" are gone, their messages stay.
ALTER TABLE session_state ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;
