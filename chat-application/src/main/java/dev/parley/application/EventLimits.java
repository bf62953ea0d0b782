package dev.parley.application;

import dev.parley.domain.limit.Quota;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many events of each kind a user may send; each kind is counted by itself.
 *
 * @param named the kinds that have a quota of their own
 * @param others what every other kind gets; empty for no limit
 */
public record EventLimits(Map<String, Quota> named, Optional<Quota> others) {

    public static final EventLimits STANDARD = new EventLimits(
            Map.of(
                    "session:join", perMinute(5),
                    "message:edit", perMinute(20),
                    "typing:start", perMinute(100),
                    "stream:request", perMinute(10),
                    "message:seen", perMinute(100),
                    "presence:update", perMinute(100)),
            Optional.of(perMinute(10)));

    public EventLimits {
        named = Map.copyOf(named);
    }

    /** What a kind gets; empty for no limit. */
    public Optional<Quota> of(String event) {
        return Optional.ofNullable(named.get(event)).or(() -> others);
    }

    /** With what {@code more} says in place of what this says. */
    public EventLimits with(Map<String, Quota> more) {
        Map<String, Quota> all = new LinkedHashMap<>(named);
        all.putAll(more);
        return new EventLimits(all, others);
    }

    /** @param newOthers empty for no limit */
    public EventLimits withOthers(Optional<Quota> newOthers) {
        return new EventLimits(named, newOthers);
    }

    private static Quota perMinute(int permits) {
        return new Quota(permits, Duration.ofMinutes(1));
    }
}
