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
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One connection's place in one session: which change it was told last, and how far it was shown which reply. Used by one thread
 * at a time, but for {@link #leave}, {@link #gone}, {@link #position} and {@link #reach}.
 */
final class Follower {

    private final Supplier<Principal> principal;
    private final EventSink sink;
    private final Consumer<Follower> onLoss;
    // Made when something is to be put there: most are shown nothing most of the time.
    private Map<MessageId, Shown> shown = Map.of();
    private final Reach reach = new Reach();
    private volatile long position;
    private long began;
    private volatile boolean gone;
    private volatile boolean cursorless;

    /** How far one reply was shown; changed in place, since it changes with every piece. */
    private static final class Shown {
        private long to;

        Shown(long to) {
            this.to = to;
        }
    }

    /**
     * @param principal who it is, asked anew each time since tokens are renewed
     * @param onLoss told when the session is taken from it
     * @param position the last change it knows
     * @param shown how far it knows replies
     */
    Follower(
            Supplier<Principal> principal,
            EventSink sink,
            Consumer<Follower> onLoss,
            long position,
            Map<MessageId, Long> shown) {
        this.principal = principal;
        this.sink = sink;
        this.onLoss = onLoss;
        this.position = position;
        know(shown);
    }

    Principal principal() {
        return principal.get();
    }

    long position() {
        return position;
    }

    /** How far it was told for sure. */
    Reach reach() {
        return reach;
    }

    /** The client keeps no cursor: where it was last is kept for it. */
    void hasNoCursor() {
        cursorless = true;
    }

    boolean cursorless() {
        return cursorless;
    }

    /** The position at which it began to be live. */
    long began() {
        return began;
    }

    /** From now on it is told what is live. */
    void attach(long newest) {
        position = newest;
        began = newest;
    }

    /** Nothing more is told; what is being told at this moment may still arrive. May come from any thread. */
    void leave() {
        gone = true;
    }

    boolean gone() {
        return gone;
    }

    /** Takes the session from it. */
    void lose(Event.SessionLost loss) {
        if (!gone) {
            tell(loss);
            gone = true;
            onLoss.accept(this);
        }
    }

    void tell(Event event) {
        if (!gone) {
            sink.accept(event);
        }
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
            end(ended.message());
        }
        tell((Event) happened);
    }

    /** Takes the client's word for replies that it is not being shown. */
    void know(Map<MessageId, Long> before) {
        before.forEach((reply, to) -> some().putIfAbsent(reply, new Shown(to)));
    }

    private Map<MessageId, Shown> some() {
        if (!(shown instanceof HashMap)) {
            shown = new HashMap<>(4);
        }
        return shown;
    }

    /** Forgets how far it was shown a reply, so that the reply begins anew for it. */
    void forget(MessageId reply) {
        some().remove(reply);
    }

    /**
     * Shows a running reply as it is now.
     *
     * @param news what has grown just now, shared by all who are that far
     */
    void show(RunningReply reply, Event.ReplyGrew news) {
        Shown far = shown.get(reply.id());
        if (far == null || !reply.mayGoOnAt(far.to)) {
            tell(reply.beginning());
            far = new Shown(0);
            some().put(reply.id(), far);
        }
        if (far.to == news.from() && news.to() == reply.length()) {
            if (!news.text().isEmpty()) {
                tell(news);
            }
        } else if (far.to < reply.length()) {
            tell(reply.from(far.to));
        }
        far.to = reply.length();
    }

    /** Shows what is still to be shown of a reply that has ended. */
    private void end(Message message) {
        Shown far = shown.isEmpty() ? null : shown.remove(message.id());
        String text = message.content();
        boolean goesOn = far != null && RunningReply.mayGoOn(text, far.to);
        if (!goesOn) {
            tell(new Event.ReplyBegan(head(message)));
        }
        int from = goesOn && far != null ? Math.toIntExact(far.to) : 0;
        if (from < text.length()) {
            tell(new Event.ReplyGrew(message.session(), message.id(), from, text.substring(from)));
        }
    }

    static StreamHead head(Message message) {
        ReplyFacts facts = message.reply().orElseThrow();
        Author.Agent agent = message.author() instanceof Author.Agent writer
                ? writer
                : new Author.Agent("", message.author().name());
        return new StreamHead(
                message.session(), message.id(), facts.question(), agent, facts.model(), facts.fallback());
    }
}
