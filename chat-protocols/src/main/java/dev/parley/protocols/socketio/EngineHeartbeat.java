package dev.parley.protocols.socketio;

import java.time.Duration;
import java.util.Optional;

/** When a client is to be pinged, and when it has been silent for too long. Times in milliseconds; used under its session's lock. */
final class EngineHeartbeat {

    /** What is to be done now. */
    enum Due {
        NOTHING,
        PING,
        /** The client did not answer. */
        SILENT
    }

    private final long interval;
    private final long timeout;
    private long pingAt;
    private long answerBy;
    private boolean asked;
    private long heardAt;
    private long armedFor = Long.MIN_VALUE;

    EngineHeartbeat(EngineSettings settings) {
        this.interval = settings.pingInterval().toMillis();
        this.timeout = settings.pingTimeout().toMillis();
    }

    void begin(long now) {
        heardAt = now;
        pingAt = now + interval;
    }

    /** Something came: whoever is sending lives, though its answer may be late. */
    void heard(long now) {
        heardAt = now;
    }

    void answered(long now) {
        asked = false;
        pingAt = now + interval;
    }

    Due due(long now) {
        if (!asked) {
            if (now < pingAt) {
                return Due.NOTHING;
            }
            asked = true;
            answerBy = now + timeout;
            return Due.PING;
        }
        if (now < answerBy) {
            return Due.NOTHING;
        }
        answerBy = Math.max(answerBy, heardAt + timeout);
        return now < answerBy ? Due.NOTHING : Due.SILENT;
    }

    /** How long to wait until something may be due; empty when an alarm is set for then or before. {@code atLatest} 0 for never */
    Optional<Duration> arm(long now, long atLatest) {
        long next = asked ? answerBy : pingAt;
        if (atLatest > 0) {
            next = Math.min(next, atLatest);
        }
        if (armedFor > now && armedFor <= next) {
            return Optional.empty();
        }
        armedFor = next;
        return Optional.of(Duration.ofMillis(Math.max(0, next - now)));
    }
}
