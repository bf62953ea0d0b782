package dev.parley.application.hub;

import dev.parley.application.event.Event;
import dev.parley.domain.Registration;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.Hint;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who types in one session. Everybody stops by saying so, by sending, or by saying nothing for a while. Used in the hub's serial alone. */
final class TypingBoard {

    private final SessionId session;
    private final Timers timers;
    private final Duration life;
    private final Serial serial;
    private final Consumer<Event> tell;
    // Made when somebody types.
    private Map<String, Typing> typing = Map.of();
    private long sayings;

    /** @param saying tells this saying from an equal one before */
    private record Typing(Hint.Typing said, long saying, Registration expiry) {}

    TypingBoard(SessionId session, Timers timers, Duration life, Serial serial, Consumer<Event> tell) {
        this.session = session;
        this.timers = timers;
        this.life = life;
        this.serial = serial;
        this.tell = tell;
    }

    void heard(Hint.Typing said) {
        String key = key(said.agent(), said.id());
        Typing before = removed(key);
        if (before != null) {
            before.expiry().close();
        }
        if (said.active()) {
            typing = typing.isEmpty() ? new LinkedHashMap<>(4) : typing;
            long saying = sayings++;
            typing.put(
                    key,
                    new Typing(said, saying, timers.after(life, () -> serial.run(() -> expire(key, saying)))));
        }
        if (said.active() != (before != null)) {
            tell.accept(event(said, said.active()));
        }
    }

    /** Whoever has sent what they typed types no longer. */
    void sent(UserId user) {
        Typing before = removed(key(false, user.value()));
        if (before != null) {
            before.expiry().close();
            tell.accept(event(before.said(), false));
        }
    }

    /** Tells one who has just come. */
    void show(Follower follower) {
        typing.values().forEach(now -> follower.tell(event(now.said(), true)));
    }

    void close() {
        typing.values().forEach(now -> now.expiry().close());
        typing = Map.of();
    }

    /** Only if nothing was said since. */
    private void expire(String key, long saying) {
        Typing now = typing.get(key);
        if (now != null && now.saying() == saying) {
            removed(key);
            tell.accept(event(now.said(), false));
        }
    }

    private @Nullable Typing removed(String key) {
        return typing.isEmpty() ? null : typing.remove(key);
    }

    private Event event(Hint.Typing said, boolean active) {
        return new Event.TypingChanged(session, said.id(), said.name(), said.agent(), active);
    }

    private static String key(boolean agent, String id) {
        return (agent ? "agent " : "person ") + id;
    }
}
