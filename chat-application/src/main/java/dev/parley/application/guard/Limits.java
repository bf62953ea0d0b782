package dev.parley.application.guard;

import dev.parley.application.Caller;
import dev.parley.application.EngineSettings;
import dev.parley.application.UploadSettings;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts what callers do. While the limiter is away the settings say whether everything is allowed or nothing that it would
 * count; either way it is seen in the metrics as the dependency {@code limiter}.
 *
 * <p>Who is anonymous can be somebody else at any time, so what anonymous callers do counts by their address too, with the same
 * quota: all of an address together may do as much as one user.
 */
public final class Limits {

    private static final Duration WHILE_AWAY = Duration.ofSeconds(5);

    private static final String FRAMES = "frames";

    private final RateLimiter limiter;
    private final EngineSettings settings;
    private final Telemetry telemetry;
    private final AtomicBoolean away = new AtomicBoolean();

    public Limits(RateLimiter limiter, EngineSettings settings, Telemetry telemetry) {
        this.limiter = limiter;
        this.settings = settings;
        this.telemetry = telemetry;
    }

    /** Counts a message that {@code caller} sends. */
    public Outcome<Nothing> message(Caller caller) {
        return charge("messages", caller, settings.messages(), 1);
    }

    /** Counts an event of a kind that {@code caller} sends. */
    public Outcome<Nothing> event(Caller caller, String event) {
        return charge(event, caller, settings.events().of(event), 1);
    }

    public Outcome<Nothing> request(Caller caller) {
        return charge("requests", caller, settings.requests(), 1);
    }

    public Outcome<Nothing> frame(ConnectionId connection) {
        Optional<Quota> quota = settings.frames();
        return quota.isEmpty()
                ? Outcome.done(Nothing.NOTHING)
                : charge(
                        FRAMES,
                        quota.get(),
                        List.of(new RateLimiter.Demand(
                                new LimitKey(FRAMES, connection.value()), quota.get(), 1)));
    }

    /** Counts a piece that {@code caller} uploads: its bytes, and never less than what one costs beside them. */
    public Outcome<Nothing> upload(Caller caller, long bytes) {
        Optional<Quota> rate = settings.uploads().rate();
        long units = Math.ceilDiv(Math.max(bytes, UploadSettings.LEAST_CHARGE), UploadSettings.RATE_UNIT);
        int permits = (int) Math.max(1, Math.min(units, rate.map(Quota::permits).orElse(1)));
        return charge("uploads", caller, rate, permits);
    }

    /** How much {@code caller} may still send. */
    public Usage messages(Caller caller) {
        if (settings.messages().isEmpty()) {
            return new Usage(0, Integer.MAX_VALUE, Duration.ZERO);
        }
        Quota quota = settings.messages().get();
        Usage own = usage(user("messages", caller), quota);
        return address("messages", caller)
                .map(key -> usage(key, quota))
                .filter(shared -> shared.used() > own.used())
                .orElse(own);
    }

    private static LimitKey user(String bucket, Caller caller) {
        return new LimitKey(bucket, caller.principal().user().value());
    }

    /** Where a caller is counted beside its own name. */
    private static Optional<LimitKey> address(String bucket, Caller caller) {
        String network = caller.client().network();
        return caller.principal().anonymous() && !network.isEmpty()
                ? Optional.of(new LimitKey(bucket + "-by-address", network))
                : Optional.empty();
    }

    private Usage usage(LimitKey key, Quota quota) {
        try {
            Usage usage = limiter.usage(key, quota);
            there(true);
            return usage;
        } catch (UnavailableException unknown) {
            there(false);
            return settings.limiterFailsOpen()
                    ? new Usage(0, quota.permits(), Duration.ZERO)
                    : new Usage(quota.permits(), quota.permits(), WHILE_AWAY);
        }
    }

    private Outcome<Nothing> charge(String bucket, Caller caller, Optional<Quota> limit, int permits) {
        if (limit.isEmpty()) {
            return Outcome.done(Nothing.NOTHING);
        }
        Quota quota = limit.get();
        List<RateLimiter.Demand> demands = new ArrayList<>();
        demands.add(new RateLimiter.Demand(user(bucket, caller), quota, permits));
        // In one step: who comes from elsewhere may have used up its own and not the address's, and a refusal must cost neither.
        address(bucket, caller).ifPresent(shared -> demands.add(new RateLimiter.Demand(shared, quota, permits)));
        return charge(bucket, quota, demands);
    }

    private Outcome<Nothing> charge(String bucket, Quota quota, List<RateLimiter.Demand> demands) {
        Decision decision = decide(bucket, demands);
        telemetry.on(new TelemetryEvent.LimitDecided(bucket, decision instanceof Decision.Allowed));
        return switch (decision) {
            case Decision.Allowed allowed -> Outcome.done(Nothing.NOTHING);
            case Decision.Denied denied -> Outcome.refused(
                    ErrorCode.RATE_LIMIT,
                    "Expected at most " + quota.permits() + " " + bucket + " in "
                            + quota.window().toSeconds() + " s",
                    denied.retryAfter());
        };
    }

    private void there(boolean now) {
        if (away.compareAndSet(now, !now)) {
            telemetry.on(new TelemetryEvent.DependencyChanged("limiter", now));
        }
    }

    private Decision decide(String bucket, List<RateLimiter.Demand> demands) {
        try {
            Decision decision = limiter.tryAcquire(demands);
            // Those of one connection may be counted where it is, which says nothing about the limiter that all servers share.
            if (!bucket.equals(FRAMES)) {
                there(true);
            }
            return decision;
        } catch (UnavailableException unknown) {
            there(false);
            return settings.limiterFailsOpen()
                    ? new Decision.Allowed(0, Duration.ZERO)
                    : new Decision.Denied(WHILE_AWAY);
        }
    }
}
