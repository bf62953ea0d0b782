package dev.parley.application.hub;

import dev.parley.application.event.Event;
import dev.parley.application.event.EventSink;
import dev.parley.domain.access.Principal;
import dev.parley.domain.topic.TopicId;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One connection's place in one topic: which entry it was told last. Used by one thread at a time, but for {@link #leave}. */
final class TopicFollower {

    private final TopicId topic;
    private final Supplier<Principal> principal;
    private final EventSink sink;
    private final Consumer<TopicFollower> onLoss;
    private final OptionalLong from;
    private long position;
    private volatile boolean gone;

    /**
     * @param principal who it is, asked anew each time since tokens are renewed
     * @param from the entry that it knows last; empty for what is published from now on
     * @param onLoss told when the topic is taken from it
     */
    TopicFollower(
            TopicId topic,
            Supplier<Principal> principal,
            EventSink sink,
            OptionalLong from,
            Consumer<TopicFollower> onLoss) {
        this.topic = topic;
        this.principal = principal;
        this.sink = sink;
        this.from = from;
        this.onLoss = onLoss;
        this.position = from.orElse(0);
    }

    TopicId topic() {
        return topic;
    }

    Principal principal() {
        return principal.get();
    }

    /** Whether it wants what was published before it came. */
    boolean looksBack() {
        return from.isPresent();
    }

    long position() {
        return position;
    }

    /** It is not told what is not for it: what was published up to {@code admitted}. */
    void beginAfter(long admitted) {
        position = Math.max(position, admitted);
    }

    /** From now on it is told what comes after {@code newest}. */
    void attach(long newest) {
        position = newest;
    }

    void leave() {
        gone = true;
    }

    boolean gone() {
        return gone;
    }

    /** Tells an entry that comes next; one it knows already is passed over. */
    void tell(Event.Published published) {
        if (published.entry().position() > position) {
            position = published.entry().position();
            tell((Event) published);
        }
    }

    void tell(Event event) {
        if (!gone) {
            sink.accept(event);
        }
    }

    /** Takes the topic from it. */
    void lose() {
        if (!gone) {
            tell(new Event.TopicLost(topic));
            gone = true;
            onLoss.accept(this);
        }
    }
}
