package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.guard.Limits;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A limiter that counts what servers share elsewhere, and what one connection does where it is. */
final class SharedLimiterTest {

    private static final Quota MANY = new Quota(100, Duration.ofMinutes(1));

    @Test
    void frames_that_are_counted_here_do_not_say_that_what_is_shared_is_back() {
        Rules rules = new Rules();
        rules.messages = Optional.of(MANY);
        rules.frames = Optional.of(MANY);
        List<TelemetryEvent> told = new ArrayList<>();
        Limits limits = new Limits(new AwayButForFrames(), rules.settings(), told::add);
        Outcome<Nothing> shared = limits.message(new Caller(Principal.trusted(new UserId("ana")), ClientInfo.UNKNOWN, "chat"));
        assertThat(shared).isInstanceOf(Outcome.Done.class);
        assertThat(limits.frame(new ConnectionId("c"))).isInstanceOf(Outcome.Done.class);
        assertThat(told)
                .filteredOn(TelemetryEvent.DependencyChanged.class::isInstance)
                .containsExactly(new TelemetryEvent.DependencyChanged("limiter", false));
    }

    private static final class AwayButForFrames implements RateLimiter {
        @Override
        public Decision tryAcquire(List<Demand> demands) {
            if (demands.getFirst().key().bucket().equals("frames")) {
                return new Decision.Allowed(1, Duration.ZERO);
            }
            throw new UnavailableException("Expected a limiter, found none");
        }

        @Override
        public Usage usage(LimitKey key, Quota quota) {
            throw new UnavailableException("Expected a limiter, found none");
        }
    }
}
