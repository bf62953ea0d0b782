package dev.parley.domain.reply;

import dev.parley.domain.access.UserId;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import java.time.Instant;
import java.util.Optional;

/**
 * The record of an unfinished reply: who works on it, and what of it is safe. It is gone once the reply has ended.
 *
 * @param id the message it becomes
 * @param question the message it answers
 * @param asker who asked
 * @param owner the node that runs it, or will
 * @param fence grows with every claim; only the newest owner may write
 * @param stopRequestedBy who said stop: a wish that outlives the process that heard it
 * @param checkpoint the text that is safe so far
 */
public record Reply(
        MessageId id,
        SessionId session,
        MessageId question,
        UserId asker,
        Instant requestedAt,
        NodeId owner,
        long fence,
        Optional<UserId> stopRequestedBy,
        String checkpoint) {

    /** A reply that was just asked for on {@code owner}. */
    public static Reply requested(
            MessageId id, SessionId session, MessageId question, UserId asker, Instant now, NodeId owner) {
        return new Reply(id, session, question, asker, now, owner, 1, Optional.empty(), "");
    }

    /** The same record, but for what is safe of the text. */
    public Reply withoutText() {
        return new Reply(id, session, question, asker, requestedAt, owner, fence, stopRequestedBy, "");
    }
}
