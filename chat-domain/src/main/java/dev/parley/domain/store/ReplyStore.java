package dev.parley.domain.store;

import dev.parley.domain.Port;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import java.util.List;
import java.util.Optional;

/**
 * The records of replies that have not ended. They begin and end with changes of {@link SessionStore}; in between their owner
 * keeps them here. Safe for use by many threads; may block; everything is durable on return.
 */
@Port
public interface ReplyStore {

    Optional<Reply> find(MessageId id);

    /** All records, oldest first. */
    List<Reply> unfinished();

    /** As {@link #unfinished}, without the texts: for those who look every few seconds what runs and what is to become of it. */
    default List<Reply> unfinishedWithoutTexts() {
        return unfinished().stream().map(Reply::withoutText).toList();
    }

    /** Makes {@code owner} the owner with a fence higher than every one before; empty when the reply has ended. */
    Optional<Reply> claim(MessageId id, NodeId owner);

    /**
     * Makes the text safe up to {@code offset + tail.length()}; what lies behind {@code offset} is replaced.
     *
     * @param offset at most the length of what is safe
     * @return false, and nothing written, when {@code fence} is not the newest or the reply has ended
     */
    boolean checkpoint(MessageId id, long fence, long offset, String tail);

    /** Notes that {@code by} wants it stopped; the first wish is kept. False when the reply has ended. */
    boolean requestStop(MessageId id, UserId by);
}
