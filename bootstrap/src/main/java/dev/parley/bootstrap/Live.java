package dev.parley.bootstrap;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Leases;
import dev.parley.domain.live.Presence;
import dev.parley.domain.reply.StreamLog;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Everything live, opened.
 *
 * @param shared whether other nodes can have it too
 * @param limiterCheck how the limiter is
 * @param checks how the rest is
 */
record Live(
        StreamLog streams,
        EventBus bus,
        Presence presence,
        RateLimiter limiter,
        Leases leases,
        ConnectionRegistry connections,
        boolean shared,
        Optional<Supplier<Health.Part>> limiterCheck,
        List<Supplier<Health.Part>> checks) {

    Live {
        checks = List.copyOf(checks);
    }

    /** This process' own. */
    static Live in(LiveMemory memory) {
        return new Live(
                memory.streams(),
                memory.bus(),
                memory.presence(),
                memory.limiter(),
                memory.leases(),
                memory.connections(),
                false,
                Optional.of(() -> new Health.Part("limiter", true, false, "memory")),
                List.of());
    }

    /** What an embedder brought in place of ours. */
    Live replacedBy(Replacements own) {
        return new Live(
                own.streams.orElse(streams),
                own.bus.orElse(bus),
                own.presence.orElse(presence),
                own.limiter.orElse(limiter),
                own.leases.orElse(leases),
                own.connections.orElse(connections),
                shared,
                own.limiter.isPresent() ? Optional.empty() : limiterCheck,
                checks);
    }
}
