package dev.parley.testkit.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.limit.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link RateLimiter} keeps to. */
public abstract class RateLimiterContract extends LiveContract<RateLimiter> {

    private static final LimitKey ANA = new LimitKey("messages", "ana");
    private static final Quota FIVE_A_MINUTE = new Quota(5, Duration.ofMinutes(1));

    private record Grant(long atMillis, int permits) {}

    @Nested
    class Limits {

        @Test
        void as_many_as_the_quota_allows_are_given_and_then_none() {
            for (int left = 4; left >= 0; left--) {
                assertThat(port().tryAcquire(ANA, FIVE_A_MINUTE, 1))
                        .isInstanceOfSatisfying(Decision.Allowed.class, allowedWith(left));
            }
            assertThat(peer().tryAcquire(ANA, FIVE_A_MINUTE, 1)).isInstanceOf(Decision.Denied.class);
        }

        @Test
        void permits_come_back_one_by_one_as_the_window_slides() {
            assertAllowed(take(1));
            advance(Duration.ofSeconds(30));
            assertAllowed(take(4));
            advance(Duration.ofSeconds(29));
            assertThat(take(1)).isInstanceOf(Decision.Denied.class);
            advance(Duration.ofSeconds(2));
            assertAllowed(take(1));
            assertThat(take(1)).isInstanceOf(Decision.Denied.class);
        }

        @Test
        void several_permits_are_taken_together_or_not_at_all() {
            assertAllowed(take(3));
            assertThat(take(3)).isInstanceOf(Decision.Denied.class);
            assertAllowed(take(2));
        }

        @Test
        void asking_for_more_than_the_quota_or_for_nothing_is_the_callers_mistake() {
            assertThatThrownBy(() -> take(6)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> take(0)).isInstanceOf(IllegalArgumentException.class);
            assertAllowed(take(5));
        }

        @Test
        void in_no_span_of_the_window_is_more_given_than_allowed() {
            long seed = new Random().nextLong();
            Random random = new Random(seed);
            for (int round = 0; round < 20; round++) {
                LimitKey key = new LimitKey("random", "holder-" + round);
                Quota quota = new Quota(1 + random.nextInt(12), Duration.ofMillis(1 + random.nextInt(3_000)));
                List<Grant> grants = new ArrayList<>();
                long now = 0;
                for (int i = 0; i < 200; i++) {
                    int wanted = 1 + random.nextInt(quota.permits());
                    if (random.nextBoolean()) {
                        Duration step = Duration.ofMillis(random.nextInt((int) quota.window().toMillis() / 2 + 1));
                        advance(step);
                        now += step.toMillis();
                    }
                    RateLimiter either = random.nextBoolean() ? port() : peer();
                    if (either.tryAcquire(key, quota, wanted) instanceof Decision.Allowed) {
                        grants.add(new Grant(now, wanted));
                    }
                }
                assertThat(most(grants, quota)).as("seed " + seed + ", round " + round).isLessThanOrEqualTo(quota.permits());
            }
        }
    }

    @Nested
    class Denial {

        @Test
        void what_is_denied_succeeds_when_it_is_retried_in_time() {
            long seed = new Random().nextLong();
            Random random = new Random(seed);
            Quota quota = new Quota(7, Duration.ofSeconds(10));
            for (int i = 0; i < 200; i++) {
                int wanted = 1 + random.nextInt(7);
                advance(Duration.ofMillis(random.nextInt(1_500)));
                if (port().tryAcquire(ANA, quota, wanted) instanceof Decision.Denied denied) {
                    assertThat(denied.retryAfter()).as("seed " + seed).isPositive().isLessThanOrEqualTo(quota.window());
                    advance(denied.retryAfter());
                    assertThat(peer().tryAcquire(ANA, quota, wanted)).as("seed " + seed).isInstanceOf(Decision.Allowed.class);
                }
            }
        }

        @Test
        void what_is_denied_costs_nothing() {
            assertAllowed(take(5));
            advance(Duration.ofSeconds(59));
            for (int i = 0; i < 100; i++) {
                assertThat(take(1)).isInstanceOf(Decision.Denied.class);
            }
            advance(Duration.ofSeconds(1));
            assertAllowed(take(5));
        }

        @Test
        void it_says_when_enough_is_free_and_not_only_something() {
            assertAllowed(take(2));
            advance(Duration.ofSeconds(20));
            assertAllowed(take(3));
            assertThat(take(3)).isEqualTo(new Decision.Denied(Duration.ofSeconds(60)));
            assertThat(take(2)).isEqualTo(new Decision.Denied(Duration.ofSeconds(40)));
        }
    }

    @Nested
    class Together {

        private final LimitKey address = new LimitKey("messages-by-address", "192.0.2.1");
        private final Quota two = new Quota(2, Duration.ofSeconds(30));

        @Test
        void of_several_quotas_all_are_taken_and_the_least_that_is_left_is_told() {
            assertThat(port().tryAcquire(both(2, 1))).isEqualTo(new Decision.Allowed(1, Duration.ofMinutes(1)));
            assertThat(peer().usage(ANA, FIVE_A_MINUTE).used()).isEqualTo(2);
            assertThat(peer().usage(address, two).used()).isEqualTo(1);
        }

        @Test
        void when_one_of_several_is_used_up_none_is_taken_and_the_longest_wait_is_told() {
            assertAllowed(port().tryAcquire(address, two, 2));
            advance(Duration.ofSeconds(10));
            for (int i = 0; i < 10; i++) {
                assertThat(peer().tryAcquire(both(1, 1))).isEqualTo(new Decision.Denied(Duration.ofSeconds(20)));
            }
            assertThat(port().usage(ANA, FIVE_A_MINUTE).used()).isZero();
            assertAllowed(take(5));
            assertThat(port().tryAcquire(both(1, 1))).isEqualTo(new Decision.Denied(Duration.ofSeconds(60)));
        }

        @Test
        void of_many_who_want_several_at_once_in_any_order_as_many_are_given_as_the_smallest_allows() throws Exception {
            Quota small = new Quota(30, Duration.ofMinutes(1));
            Quota large = new Quota(1_000, Duration.ofMinutes(1));
            List<Future<Integer>> allowed = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 8; i++) {
                    RateLimiter limiter = i % 2 == 0 ? port() : peer();
                    RateLimiter.Demand one = new RateLimiter.Demand(ANA, i % 4 < 2 ? small : large, 1);
                    RateLimiter.Demand other = new RateLimiter.Demand(address, i % 4 < 2 ? large : small, 1);
                    List<RateLimiter.Demand> demands = i % 3 == 0 ? List.of(one, other) : List.of(other, one);
                    allowed.add(threads.submit(() -> {
                        int count = 0;
                        for (int n = 0; n < 20; n++) {
                            count += limiter.tryAcquire(demands) instanceof Decision.Allowed ? 1 : 0;
                        }
                        return count;
                    }));
                }
                int sum = 0;
                for (Future<Integer> one : allowed) {
                    sum += one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                }
                assertThat(sum).isEqualTo(30);
            }
            assertThat(port().usage(ANA, large).used()).isEqualTo(30);
            assertThat(port().usage(address, large).used()).isEqualTo(30);
        }

        private List<RateLimiter.Demand> both(int ofAna, int ofAddress) {
            return List.of(
                    new RateLimiter.Demand(ANA, FIVE_A_MINUTE, ofAna),
                    new RateLimiter.Demand(address, two, ofAddress));
        }
    }

    @Nested
    class Isolation {

        @Test
        void buckets_and_holders_do_not_disturb_each_other() {
            assertAllowed(take(5));
            assertAllowed(port().tryAcquire(new LimitKey("messages", "ben"), FIVE_A_MINUTE, 5));
            assertAllowed(port().tryAcquire(new LimitKey("rest", "ana"), FIVE_A_MINUTE, 5));
            assertAllowed(port().tryAcquire(new LimitKey("rest:ana", ""), FIVE_A_MINUTE, 5));
            assertAllowed(port().tryAcquire(new LimitKey("rest", ":ana"), FIVE_A_MINUTE, 5));
        }

        @Test
        void two_nodes_share_one_quota() throws Exception {
            Quota quota = new Quota(100, Duration.ofMinutes(1));
            List<Future<Integer>> allowed = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 16; i++) {
                    RateLimiter limiter = i % 2 == 0 ? port() : peer();
                    allowed.add(threads.submit(() -> countAllowed(limiter, quota, 20)));
                }
                int sum = 0;
                for (Future<Integer> one : allowed) {
                    sum += one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                }
                assertThat(sum).isEqualTo(100);
            }
        }

        private int countAllowed(RateLimiter limiter, Quota quota, int attempts) {
            int count = 0;
            for (int i = 0; i < attempts; i++) {
                count += limiter.tryAcquire(ANA, quota, 1) instanceof Decision.Allowed ? 1 : 0;
            }
            return count;
        }
    }

    @Nested
    class Asking {

        @Test
        void usage_is_told_and_nothing_is_taken() {
            assertThat(port().usage(ANA, FIVE_A_MINUTE)).isEqualTo(new Usage(0, 5, Duration.ZERO));
            take(2);
            advance(Duration.ofSeconds(10));
            take(1);
            advance(Duration.ofSeconds(10));
            for (int i = 0; i < 10; i++) {
                assertThat(peer().usage(ANA, FIVE_A_MINUTE)).isEqualTo(new Usage(3, 5, Duration.ofSeconds(50)));
            }
            advance(Duration.ofSeconds(50));
            assertThat(port().usage(ANA, FIVE_A_MINUTE)).isEqualTo(new Usage(0, 5, Duration.ZERO));
            assertAllowed(take(5));
        }
    }

    @Nested
    class Time {

        @Test
        void a_clock_that_is_set_back_neither_frees_permits_nor_keeps_them_longer_than_said() {
            assertAllowed(take(5));
            advance(Duration.ofSeconds(10));
            Assumptions.assumeTrue(opened().setBack(Duration.ofHours(1)), "this port's clock cannot be set back");
            if (!(take(1) instanceof Decision.Denied denied)) {
                throw new AssertionError("Expected a denial after the clock was set back");
            }
            assertThat(denied.retryAfter()).isPositive().isLessThanOrEqualTo(Duration.ofMinutes(1));
            advance(denied.retryAfter());
            assertAllowed(take(1));
        }

        @Test
        void idle_holders_start_afresh_however_many_there_were() {
            for (int i = 0; i < 1_000; i++) {
                assertAllowed(port().tryAcquire(new LimitKey("messages", "holder-" + i), FIVE_A_MINUTE, 5));
            }
            advance(Duration.ofMinutes(10));
            for (int i = 0; i < 1_000; i++) {
                assertAllowed(port().tryAcquire(new LimitKey("messages", "holder-" + i), FIVE_A_MINUTE, 5));
            }
        }
    }

    private Decision take(int permits) {
        return port().tryAcquire(ANA, FIVE_A_MINUTE, permits);
    }

    private static Consumer<Decision.Allowed> allowedWith(int left) {
        return allowed -> {
            assertThat(allowed.remaining()).isEqualTo(left);
            assertThat(allowed.resetAfter()).isEqualTo(FIVE_A_MINUTE.window());
        };
    }

    private static void assertAllowed(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Allowed.class);
    }

    /** The most permits given in any span that is as long as the quota's window. */
    private static int most(List<Grant> grants, Quota quota) {
        int most = 0;
        for (int first = 0; first < grants.size(); first++) {
            int sum = 0;
            for (Grant grant : grants.subList(first, grants.size())) {
                boolean inside = grant.atMillis - grants.get(first).atMillis < quota.window().toMillis();
                sum += inside ? grant.permits : 0;
            }
            most = Math.max(most, sum);
        }
        return most;
    }
}
