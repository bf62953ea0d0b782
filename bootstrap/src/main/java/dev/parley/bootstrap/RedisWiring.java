package dev.parley.bootstrap;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.adapter.redis.RedisAdapter;
import dev.parley.adapter.redis.RedisSettings;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.IdSource;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is live in Redis. Loaded only when it is asked for, since its client is optional. */
final class RedisWiring {

    private static final System.Logger LOG = System.getLogger(RedisWiring.class.getName());

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private RedisWiring() {}

    /** @param memory what is live within this node, closed later */
    static Live open(
            String url,
            Settings settings,
            LiveMemory memory,
            IdSource ids,
            Timers timers,
            Telemetry telemetry,
            Lifecycle life) {
        RedisAdapter redis = life.opened("Redis", connected(url, memory, ids, timers, telemetry));
        redis.refusal().ifPresent(RedisWiring::refuse);
        if (redis.awaitConnection(PATIENCE)) {
            LOG.log(System.Logger.Level.INFO, "What is live is shared through Redis at {0}", redis.place());
        } else {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Redis at {0} does not answer yet: this node begins alone and joins the others when it does",
                    redis.place());
        }
        return new Live(
                redis.streams(),
                redis.bus(),
                redis.presence(),
                new ConnectionLimits(memory.limiter(), redis.limiter()),
                redis.leases(),
                redis.connections(),
                true,
                Optional.of(() -> limiter(redis, settings.engine().limiterFailsOpen())),
                List.of(() -> redis(redis)));
    }

    private static RedisAdapter connected(
            String url, LiveMemory memory, IdSource ids, Timers timers, Telemetry telemetry) {
        try {
            return RedisAdapter.connect(
                    RedisSettings.of(url),
                    new RedisAdapter.Local(memory.bus(), memory.streams()),
                    ids,
                    timers,
                    telemetry);
        } catch (UnavailableException away) {
            throw new StartException(StartException.Reason.DEPENDENCY, String.valueOf(away.getMessage()), away);
        }
    }

    private static void refuse(String why) {
        throw new StartException(StartException.Reason.DEPENDENCY, why);
    }

    /** Without it a node is ready all the same: it serves its own clients, and they miss what other nodes' clients do. */
    private static Health.Part redis(RedisAdapter redis) {
        try {
            redis.check();
            return new Health.Part("redis", true, false, "answers");
        } catch (UnavailableException away) {
            LOG.log(System.Logger.Level.DEBUG, "Redis was asked how it is", away);
            return new Health.Part("redis", false, false, "does not answer: this node goes on alone");
        }
    }

    private static Health.Part limiter(RedisAdapter redis, boolean failsOpen) {
        boolean up = redis.reachable();
        return new Health.Part(
                "limiter", up, false, up ? "redis" : failsOpen ? "away: nothing is limited" : "away: what it counts is refused");
    }
}
