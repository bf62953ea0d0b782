package dev.parley.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.domain.access.UserId;
import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.Presence;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the contracts show with a time that stands still, on Redis' own clock. */
final class RedisClockTest {

    private final RedisSettings settings = RedisSettings.of(TestRedis.shared().address()).withPrefix(TestRedis.prefix());
    private final TestNode one = TestNode.on(settings);
    private final TestNode two = TestNode.on(settings);

    @AfterEach
    void end() {
        one.close();
        two.close();
    }

    @Test
    void two_nodes_that_are_hammered_give_as_many_permits_as_the_quota_has_and_more_when_the_window_has_slid() throws Exception {
        LimitKey key = new LimitKey("messages", "ana");
        Quota quota = new Quota(100, Duration.ofSeconds(60));
        List<Future<Integer>> allowed = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                RateLimiter limiter = (i % 2 == 0 ? one : two).adapter.limiter();
                allowed.add(threads.submit(() -> allowed(limiter, key, quota)));
            }
            int sum = 0;
            for (Future<Integer> each : allowed) {
                sum += each.get(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(sum).isEqualTo(100);
        }
        Quota shorter = new Quota(100, Duration.ofMillis(50));
        await().atMost(TestNode.PATIENCE)
                .until(() -> one.adapter.limiter().tryAcquire(key, shorter, 100) instanceof Decision.Allowed);
    }

    @Test
    void a_refusal_tells_when_to_come_again_and_that_is_true() {
        LimitKey key = new LimitKey("messages", "ben");
        Quota quota = new Quota(1, Duration.ofMillis(300));
        assertThat(one.adapter.limiter().tryAcquire(key, quota, 1)).isInstanceOf(Decision.Allowed.class);
        if (two.adapter.limiter().tryAcquire(key, quota, 1) instanceof Decision.Denied denied) {
            assertThat(denied.retryAfter()).isPositive().isLessThanOrEqualTo(quota.window());
        }
        await().atMost(TestNode.PATIENCE)
                .until(() -> two.adapter.limiter().usage(key, quota).equals(new Usage(0, 1, Duration.ZERO)));
        assertThat(two.adapter.limiter().tryAcquire(key, quota, 1)).isInstanceOf(Decision.Allowed.class);
    }

    @Test
    void more_grants_than_are_remembered_one_by_one_never_let_more_through() {
        LimitKey key = new LimitKey("requests", "ana");
        Quota quota = new Quota(5_000, Duration.ofMinutes(10));
        for (int i = 0; i < 5_000; i++) {
            assertThat(one.adapter.limiter().tryAcquire(key, quota, 1)).isInstanceOf(Decision.Allowed.class);
        }
        assertThat(two.adapter.limiter().tryAcquire(key, quota, 1)).isInstanceOf(Decision.Denied.class);
        assertThat(two.adapter.limiter().usage(key, quota).used()).isEqualTo(5_000);
    }

    @Test
    void who_says_nothing_any_more_is_swept() {
        Presence.Present ana = new Presence.Present(new SessionId("room"), new UserId("ana"), "Ana");
        one.adapter.presence().enter(ana, new ConnectionId("c"), Duration.ofMillis(100));
        List<Presence.Present> gone = new ArrayList<>();
        await().atMost(TestNode.PATIENCE).until(() -> {
            two.adapter.presence().sweep(gone::add);
            return gone.equals(List.of(ana));
        });
        assertThat(one.adapter.presence().in(ana.session())).isEmpty();
    }

    private static int allowed(RateLimiter limiter, LimitKey key, Quota quota) {
        int count = 0;
        for (int i = 0; i < 50; i++) {
            count += limiter.tryAcquire(key, quota, 1) instanceof Decision.Allowed ? 1 : 0;
        }
        return count;
    }
}
