package dev.parley.application.hub;

import dev.parley.application.event.Event;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.session.SessionId;
import java.util.Optional;

/** A reply that runs, as far as this node has read its log. Used by one thread at a time. */
final class RunningReply {

    private final SessionId session;
    private final MessageId id;
    private final StringBuilder text = new StringBuilder();
    private Optional<StreamHead> head = Optional.empty();

    RunningReply(SessionId session, MessageId id) {
        this.session = session;
        this.id = id;
    }

    MessageId id() {
        return id;
    }

    /** Whether its log has begun. */
    boolean begun() {
        return head.isPresent();
    }

    long length() {
        return text.length();
    }

    Event.ReplyBegan beginning() {
        return new Event.ReplyBegan(head.orElseThrow());
    }

    /** Everything from {@code offset} on. */
    Event.ReplyGrew from(long offset) {
        return new Event.ReplyGrew(session, id, offset, text.substring(Math.toIntExact(offset)));
    }

    /** What the log had to add. */
    Event.ReplyGrew grow(StreamLog.Read.Grown grown) {
        head = Optional.of(grown.head());
        text.setLength(Math.toIntExact(grown.from()));
        text.append(grown.text());
        return new Event.ReplyGrew(session, id, grown.from(), grown.text());
    }

    /** Nothing is known of it any more: its log begins anew. */
    void reset() {
        head = Optional.empty();
        text.setLength(0);
    }
}
