package dev.parley.application.hub;

import dev.parley.application.event.Event;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.session.SessionId;
import java.util.Optional;

/** A reply that waits or runs, as far as this node has read its log. Used by one thread at a time. */
final class RunningReply {

    private final SessionId session;
    private final MessageId id;
    private final StringBuilder text = new StringBuilder();
    private Optional<Event.ReplyBegan> beginning = Optional.empty();
    private Optional<Event.ReplyQueued> place = Optional.empty();
    private Event.ReplyGrew lastPart;

    RunningReply(SessionId session, MessageId id) {
        this.session = session;
        this.id = id;
        this.lastPart = new Event.ReplyGrew(session, id, 0, "");
    }

    MessageId id() {
        return id;
    }

    /** Whether its log has begun. */
    boolean begun() {
        return beginning.isPresent();
    }

    /** Where it waits, as long as it does. */
    Optional<Event.ReplyQueued> place() {
        return begun() ? Optional.empty() : place;
    }

    void waitsAt(Event.ReplyQueued newPlace) {
        place = Optional.of(newPlace);
    }

    long length() {
        return text.length();
    }

    /** Whether somebody who was shown the text up to {@code offset} can be told what follows. */
    boolean mayGoOnAt(long offset) {
        return mayGoOn(text, offset);
    }

    static boolean mayGoOn(CharSequence text, long offset) {
        if (offset < 0 || offset > text.length()) {
            return false;
        }
        int at = (int) offset;
        return at == 0 || at == text.length() || !Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
    }

    Event.ReplyBegan beginning() {
        return beginning.orElseThrow();
    }

    /** Everything from {@code offset} on; the same object for all who ask for the same. */
    Event.ReplyGrew from(long offset) {
        if (lastPart.from() != offset || lastPart.to() != text.length()) {
            lastPart = new Event.ReplyGrew(session, id, offset, text.substring(Math.toIntExact(offset)));
        }
        return lastPart;
    }

    /** What the log had to add. */
    Event.ReplyGrew grow(StreamLog.Read.Grown grown) {
        if (beginning.isEmpty()) {
            begin(grown.head());
        }
        text.setLength(Math.toIntExact(grown.from()));
        text.append(grown.text());
        return new Event.ReplyGrew(session, id, grown.from(), grown.text());
    }

    /** Its end is known and so is its whole text; what that adds. Empty when what was shown is not the text's beginning. */
    Optional<Event.ReplyGrew> complete(Message ended) {
        int known = text.length();
        if (ended.content().length() < known) {
            return Optional.empty();
        }
        if (beginning.isEmpty()) {
            begin(Follower.head(ended));
        }
        String rest = ended.content().substring(known);
        text.append(rest);
        return Optional.of(new Event.ReplyGrew(session, id, known, rest));
    }

    /** Nothing is known of it any more: its log begins anew. */
    void reset() {
        beginning = Optional.empty();
        text.setLength(0);
        lastPart = new Event.ReplyGrew(session, id, 0, "");
    }

    private void begin(StreamHead head) {
        beginning = Optional.of(new Event.ReplyBegan(head));
    }
}
