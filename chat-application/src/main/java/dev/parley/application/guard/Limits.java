package dev.parley.application.guard;

import dev.parley.application.EngineSettings;
import dev.parley.application.UploadSettings;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.domain.access.UserId;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts what callers do. While the limiter is away the settings say whether everything is allowed or nothing that it would
 * count; either way it is seen in the metrics as the dependency {@code limiter}.
 */
public final class Limits {

    private static final Duration WHILE_AWAY = Duration.ofSeconds(5);

    private final RateLimiter limiter;
    private final EngineSettings settings;
    private final Telemetry telemetry;
    private final AtomicBoolean away = new AtomicBoolean();

    public Limits(RateLimiter limiter, EngineSettings settings, Telemetry telemetry) {
        this.limiter = limiter;
        this.settings = settings;
        this.telemetry = telemetry;
    }

    /** Counts a message that {@code user} sends. */
    public Outcome<Nothing> message(UserId user) {
        return charge("messages", user.value(), settings.messages());
    }

    public Outcome<Nothing> request(UserId user) {
        return charge("requests", user.value(), settings.requests());
    }

    public Outcome<Nothing> frame(ConnectionId connection) {
        return charge("frames", connection.value(), settings.frames());
    }

    /** Counts bytes that {@code user} uploads. */
    public Outcome<Nothing> upload(UserId user, long bytes) {
        Optional<Quota> rate = settings.uploads().rate();
        long units = Math.ceilDiv(bytes, UploadSettings.RATE_UNIT);
        int permits = (int) Math.max(1, Math.min(units, rate.map(Quota::permits).orElse(1)));
        return charge("uploads", user.value(), rate, permits);
    }

    /** How much {@code user} may still send. */
    public Usage messages(UserId user) {
        return settings.messages()
                .map(quota -> usage(new LimitKey("messages", user.value()), quota))
                .orElse(new Usage(0, Integer.MAX_VALUE, Duration.ZERO));
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

    private Outcome<Nothing> charge(String bucket, String holder, Optional<Quota> quota) {
        return charge(bucket, holder, quota, 1);
    }

    private Outcome<Nothing> charge(String bucket, String holder, Optional<Quota> quota, int permits) {
        if (quota.isEmpty()) {
            return Outcome.done(Nothing.NOTHING);
        }
        Decision decision = decide(new LimitKey(bucket, holder), quota.get(), permits);
        telemetry.on(new TelemetryEvent.LimitDecided(bucket, decision instanceof Decision.Allowed));
        return switch (decision) {
            case Decision.Allowed allowed -> Outcome.done(Nothing.NOTHING);
            case Decision.Denied denied -> Outcome.refused(
                    ErrorCode.RATE_LIMIT,
                    "Expected at most " + quota.get().permits() + " " + bucket + " in "
                            + quota.get().window().toSeconds() + " s",
                    denied.retryAfter());
        };
    }

    private void there(boolean now) {
        if (away.compareAndSet(now, !now)) {
            telemetry.on(new TelemetryEvent.DependencyChanged("limiter", now));
        }
    }

    private Decision decide(LimitKey key, Quota quota, int permits) {
        try {
            Decision decision = limiter.tryAcquire(key, quota, permits);
            there(true);
            return decision;
        } catch (UnavailableException unknown) {
            there(false);
            return settings.limiterFailsOpen()
                    ? new Decision.Allowed(0, Duration.ZERO)
                    : new Decision.Denied(WHILE_AWAY);
        }
    }
}
