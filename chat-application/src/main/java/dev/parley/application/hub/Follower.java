package dev.parley.application.hub;

import dev.parley.application.event.Event;
import dev.parley.application.event.EventSink;
import dev.parley.domain.access.Principal;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.reply.StreamHead;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One connection's place in one session: which change it was told last, and how far it was shown which reply. Used by one thread
 * at a time.
 */
final class Follower {

    private final Supplier<Principal> principal;
    private final EventSink sink;
    private final Map<MessageId, Long> shown;
    private long position;
    private long began;
    private boolean attached;

    /**
     * @param principal who it is, asked anew each time since tokens are renewed
     * @param position the last change it knows
     * @param shown how far it knows replies
     */
    Follower(Supplier<Principal> principal, EventSink sink, long position, Map<MessageId, Long> shown) {
        this.principal = principal;
        this.sink = sink;
        this.position = position;
        this.shown = new HashMap<>(shown);
    }

    Principal principal() {
        return principal.get();
    }

    long position() {
        return position;
    }

    /** The position at which it began to be live. */
    long began() {
        return began;
    }

    boolean attached() {
        return attached;
    }

    /** From now on it is told what is live. */
    void attach(long newest) {
        position = newest;
        began = newest;
        attached = true;
    }

    void detach() {
        attached = false;
    }

    void tell(Event event) {
        sink.accept(event);
    }

    /** Tells a change that comes next; one it knows already is passed over. */
    void tell(Event.Happened happened) {
        Change change = happened.change();
        if (change.position() <= position) {
            return;
        }
        position = change.position();
        repeat(happened);
    }

    /** Tells a change whatever its position; a reply's end only with all its text before it. */
    void repeat(Event.Happened happened) {
        if (happened.change().body() instanceof Change.ReplyEnded ended) {
            end(ended.message(), happened);
        } else {
            sink.accept(happened);
        }
    }

    /** Takes the client's word for replies that it is not being shown. */
    void know(Map<MessageId, Long> before) {
        before.forEach(shown::putIfAbsent);
    }

    /** Forgets how far it was shown a reply, so that the reply begins anew for it. */
    void forget(MessageId reply) {
        shown.remove(reply);
    }

    /**
     * Shows a running reply as it is now.
     *
     * @param news what has grown just now, shared by all who are that far
     */
    void show(RunningReply reply, Event.ReplyGrew news) {
        Long offset = shown.get(reply.id());
        if (offset == null || offset > reply.length()) {
            sink.accept(reply.beginning());
            offset = 0L;
        }
        if (offset == news.from() && news.to() == reply.length()) {
            if (!news.text().isEmpty()) {
                sink.accept(news);
            }
        } else if (offset < reply.length()) {
            sink.accept(reply.from(offset));
        }
        shown.put(reply.id(), reply.length());
    }

    private void end(Message message, Event.Happened happened) {
        Long offset = shown.remove(message.id());
        String text = message.content();
        if (offset == null || offset > text.length()) {
            sink.accept(new Event.ReplyBegan(head(message)));
            offset = 0L;
        }
        if (offset < text.length()) {
            sink.accept(new Event.ReplyGrew(
                    message.session(), message.id(), offset, text.substring(Math.toIntExact(offset))));
        }
        sink.accept(happened);
    }

    private static StreamHead head(Message message) {
        ReplyFacts facts = message.reply().orElseThrow();
        Author.Agent agent = message.author() instanceof Author.Agent writer
                ? writer
                : new Author.Agent("", message.author().name());
        return new StreamHead(
                message.session(), message.id(), facts.question(), agent, facts.model(), facts.fallback());
    }
}
