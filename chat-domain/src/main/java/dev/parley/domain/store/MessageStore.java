package dev.parley.domain.store;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.Port;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Version;
import dev.parley.domain.session.SessionId;
import java.util.List;
import java.util.Optional;

/**
 * Reads messages; they are written through {@link SessionStore#write} alone, and a read that begins after a write returned
 * sees it. Safe for use by many threads; may block.
 */
@Port
public interface MessageStore {

    Optional<Message> find(MessageId id);

    /** The newest message that {@code key}'s user sent under that name in {@code session}. */
    Optional<Message> sentAs(SessionId session, ClientKey key);

    /**
     * A part of the session's messages in the order of their positions, deleted ones with their places.
     *
     * @param slice a message that is not in the session gives an empty part
     */
    Page<Message> page(SessionId session, Slice slice);

    /** The newest {@code limit} messages that a model should read, oldest first: neither deleted nor superseded nor running, at or before {@code until}. */
    List<Message> context(SessionId session, long until, int limit);

    /** All descendants of {@code root} in the order of their positions, without {@code root} itself. */
    Page<Message> thread(MessageId root, PageRequest request);

    /**
     * Messages with all the words of {@code query}, whatever their case and accents; the last word may be a beginning. Newest
     * first, deleted ones never. A query without a word finds nothing; whatever is in it is taken as words, never as syntax.
     */
    Page<Message> search(SessionId session, String query, PageRequest request);

    /** What the message said before its edits, oldest first. */
    List<Version> versions(MessageId id);
}
