package dev.parley.application.hub;

import dev.parley.application.event.Event;
import dev.parley.application.event.EventSink;
import dev.parley.domain.access.Principal;
import dev.parley.domain.topic.TopicId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** One connection that is told what is for its session. Used in the order of the session's topics alone, but for {@link #leave}. */
final class SessionWatch {

    final Supplier<Principal> principal;
    private final EventSink sink;
    private volatile boolean gone;
    final Map<TopicId, TopicFollower> followers = new HashMap<>();
    /** Topics whose audience the user is not in; what is published meanwhile is not for them. */
    final Set<TopicId> denied = new HashSet<>();

    SessionWatch(Supplier<Principal> principal, EventSink sink) {
        this.principal = principal;
        this.sink = sink;
    }

    void tell(Event event) {
        if (!gone) {
            sink.accept(event);
        }
    }

    /** Nothing that happens from now on is told. May come from any thread. */
    void leave() {
        gone = true;
    }
}
