package dev.parley.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.parley.domain.PageRequest;
import dev.parley.domain.Registration;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.live.Presence.Present;
import dev.parley.domain.live.Topic;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.session.SessionId;
import dev.parley.testkit.live.RealRedis;
import dev.parley.testkit.wire.FreePort;
import dev.parley.testkit.wire.SelfSigned;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** Every port once, between two nodes, on every kind of Redis that an address can name. */
final class RedisTopologiesTest {

    private static final int SLOTS = 16_384;

    @Test
    void two_nodes_share_one_server_with_a_user_of_few_rights_in_a_database_of_their_own_over_tls(@TempDir Path folder)
            throws Exception {
        SelfSigned pair = SelfSigned.make(folder, "-keyalg", "RSA");
        pair.write(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        int port = FreePort.find();
        try (RealRedis redis = RealRedis.startAt(
                port,
                TestRedis.program(),
                TestRedis.folder(),
                "port 0",
                "tls-port " + port,
                "tls-cert-file " + folder.resolve("cert.pem"),
                "tls-key-file " + folder.resolve("key.pem"),
                "tls-auth-clients no",
                "user default off",
                "user parley on >p@ss ~chat:* resetchannels &chat:* +@all -@admin -@dangerous")) {
            String address = "rediss://parley:p%40ss@localhost:" + redis.port() + "/5?prefix=chat:&ca="
                    + folder.resolve("cert.pem");
            shareEverything(RedisSettings.of(address));
            assertThatThrownBy(() -> connectedWith(address.replace("p%40ss", "wrong")))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("wrong");
            assertThatThrownBy(() -> connectedWith("rediss://parley:p%40ss@localhost:" + redis.port()))
                    .as("a certificate that nobody trusts")
                    .isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void installations_in_databases_of_their_own_on_one_server_do_not_hear_each_other() throws Exception {
        BlockingQueue<Hint> heardInFirst = new LinkedBlockingQueue<>();
        BlockingQueue<Hint> heardInFifth = new LinkedBlockingQueue<>();
        RedisSettings first = RedisSettings.of(TestRedis.shared().address()).withPrefix(TestRedis.prefix());
        RedisSettings fifth = RedisSettings.of(TestRedis.shared().address() + "/5").withPrefix(first.prefix());
        Topic room = new Topic.OfSession(new SessionId("room"));
        try (TestNode one = TestNode.on(first);
                TestNode two = TestNode.on(first);
                TestNode stranger = TestNode.on(fifth);
                TestNode friend = TestNode.on(fifth);
                Registration here = two.adapter.bus().subscribe(room, heardInFirst::add);
                Registration there = stranger.adapter.bus().subscribe(room, heardInFifth::add)) {
            one.adapter.bus().publish(room, new Hint.FeedGrew(new SessionId("room"), 1));
            assertThat(heardInFirst.poll(20, TimeUnit.SECONDS)).isEqualTo(new Hint.FeedGrew(new SessionId("room"), 1));
            friend.adapter.bus().publish(room, new Hint.FeedGrew(new SessionId("room"), 2));
            assertThat(heardInFifth.poll(20, TimeUnit.SECONDS)).isEqualTo(new Hint.FeedGrew(new SessionId("room"), 2));
        }
    }

    @Test
    void two_nodes_share_the_primary_that_sentinels_know_and_follow_it_when_it_changes() throws Exception {
        try (RealRedis first = TestRedis.own("repl-diskless-sync yes", "repl-diskless-sync-delay 0");
                RealRedis second = TestRedis.own("replicaof 127.0.0.1 " + first.port());
                RealRedis sentinel = TestRedis.own(
                        "sentinel monitor main 127.0.0.1 " + first.port() + " 1",
                        "sentinel down-after-milliseconds main 500",
                        "sentinel failover-timeout main 2000")) {
            await().atMost(TestNode.PATIENCE).until(() -> inSync(second));
            await().atMost(TestNode.PATIENCE).until(() -> knowsReplica(sentinel));
            RedisSettings settings = RedisSettings.of("redis+sentinel://127.0.0.1:" + sentinel.port() + "/main");
            shareEverything(settings.withPrefix("before:"));
            try (TestNode one = TestNode.on(settings);
                    TestNode two = TestNode.on(settings);
                    StreamLog.Writer writer = one.adapter.streams().create(LogReader.head("reply"), 1)) {
                writer.append("before, ");
                LogReader there = LogReader.of(two.adapter.streams(), "reply");
                await().atMost(TestNode.PATIENCE).until(() -> there.text().equals("before, "));
                first.kill();
                writer.append("meanwhile, ");
                await().atMost(TestNode.PATIENCE).until(() -> one.adapter.reachable() && answers(one));
                writer.append("after");
                writer.end();
                assertThat(there.toTheEnd()).isEqualTo("before, meanwhile, after");
            }
            shareEverything(settings.withPrefix("after:"));
        }
    }

    @Test
    void two_nodes_share_a_cluster() throws Exception {
        List<RealRedis> shards = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                shards.add(TestRedis.own("cluster-enabled yes", "cluster-config-file nodes-" + i + ".conf"));
            }
            join(shards);
            RedisSettings settings = RedisSettings.of("redis+cluster://127.0.0.1:" + shards.getFirst().port());
            for (int i = 0; i < 2; i++) {
                shareEverything(settings.withPrefix("round-" + i + ":"));
            }
        } finally {
            shards.forEach(RealRedis::close);
        }
    }

    @Test
    void who_asks_for_sentinels_that_are_not_there_is_told_so() {
        RedisSettings nowhere = RedisSettings.of("redis+sentinel://127.0.0.1:" + FreePort.find() + "/main");
        assertThatThrownBy(() -> TestNode.away(nowhere))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("main by sentinels");
    }

    private static void connectedWith(String address) {
        try (TestNode node = TestNode.away(RedisSettings.of(address))) {
            node.adapter.check();
        }
    }

    private static void shareEverything(RedisSettings settings) throws Exception {
        try (TestNode one = TestNode.on(settings);
                TestNode two = TestNode.on(settings)) {
            shareHints(one.adapter, two.adapter);
            shareLogs(one.adapter, two.adapter);
            shareWhoIsThere(one.adapter, two.adapter);
            shareLimitsAndLeases(one.adapter, two.adapter);
        }
    }

    private static void shareHints(RedisAdapter one, RedisAdapter two) throws InterruptedException {
        BlockingQueue<Hint> heard = new LinkedBlockingQueue<>();
        for (Topic topic : List.of(new Topic.Everywhere(), new Topic.OfSession(new SessionId("room")))) {
            try (Registration listening = two.bus().subscribe(topic, heard::add)) {
                one.bus().publish(topic, new Hint.HintsLost());
                assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(new Hint.HintsLost());
            }
        }
    }

    private static void shareLogs(RedisAdapter one, RedisAdapter two) throws Exception {
        for (String reply : List.of("reply-1", "reply-2", "reply-3")) {
            LogReader there = LogReader.of(two.streams(), reply);
            try (StreamLog.Writer writer = one.streams().create(LogReader.head(reply), 1)) {
                writer.append("One ");
                writer.append("word 😀.");
                writer.end();
            }
            assertThat(there.toTheEnd()).isEqualTo("One word 😀.");
        }
    }

    private static void shareWhoIsThere(RedisAdapter one, RedisAdapter two) {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        for (String room : List.of("room-1", "room-2", "room-3")) {
            Present ana = new Present(new SessionId(room), new UserId("ana"), "Ana");
            assertThat(one.presence().enter(ana, new ConnectionId("c"), Duration.ofMinutes(1))).isTrue();
            assertThat(two.presence().in(new SessionId(room))).containsExactly(ana);
            assertThat(two.presence().leave(ana, new ConnectionId("c"))).isTrue();
        }
        two.presence().sweep(gone -> fail("Expected that nobody is gone, found " + gone));
        one.connections()
                .put(new ConnectionInfo(
                        new ConnectionId("c"), new NodeId("one"), Optional.empty(), new UserId("ana"), "chat", now, now, true));
        assertThat(two.connections().countOf(new UserId("ana"))).isEqualTo(1);
        two.connections().touch(new ConnectionId("c"), now.plusSeconds(1));
        assertThat(one.connections().all(PageRequest.first()).items())
                .singleElement()
                .satisfies(known -> assertThat(known.lastPing()).isEqualTo(now.plusSeconds(1)));
        one.connections().remove(new ConnectionId("c"));
        assertThat(two.connections().all(PageRequest.first()).total()).isZero();
    }

    private static void shareLimitsAndLeases(RedisAdapter one, RedisAdapter two) {
        LimitKey key = new LimitKey("messages", "ana");
        Quota quota = new Quota(2, Duration.ofMinutes(10));
        assertThat(one.limiter().tryAcquire(key, quota, 1)).isInstanceOf(Decision.Allowed.class);
        assertThat(two.limiter().tryAcquire(key, quota, 1)).isInstanceOf(Decision.Allowed.class);
        assertThat(one.limiter().tryAcquire(key, quota, 1)).isInstanceOf(Decision.Denied.class);
        assertThat(two.limiter().usage(key, quota).used()).isEqualTo(2);
        assertThat(one.leases().acquire("lease", new NodeId("one"), Duration.ofMinutes(1))).isTrue();
        assertThat(two.leases().acquire("lease", new NodeId("two"), Duration.ofMinutes(1))).isFalse();
        one.leases().release("lease", new NodeId("one"));
        assertThat(two.leases().held("lease")).isFalse();
    }

    private static boolean answers(TestNode node) {
        try {
            node.adapter.check();
            return true;
        } catch (UnavailableException notYet) {
            return false;
        }
    }

    private static boolean inSync(RealRedis replica) {
        try (Jedis jedis = new Jedis("127.0.0.1", replica.port())) {
            return jedis.info("replication").contains("master_link_status:up");
        }
    }

    private static boolean knowsReplica(RealRedis sentinel) {
        try (Jedis jedis = new Jedis("127.0.0.1", sentinel.port())) {
            return jedis.info("sentinel").contains("slaves=1");
        }
    }

    private static void join(List<RealRedis> shards) {
        for (int i = 0; i < shards.size(); i++) {
            try (Jedis jedis = new Jedis("127.0.0.1", shards.get(i).port())) {
                int from = SLOTS * i / shards.size();
                int to = SLOTS * (i + 1) / shards.size();
                jedis.clusterAddSlots(IntStream.range(from, to).toArray());
                jedis.clusterMeet("127.0.0.1", shards.getFirst().port());
            }
        }
        for (RealRedis shard : shards) {
            try (Jedis jedis = new Jedis(new HostAndPort("127.0.0.1", shard.port()))) {
                await().atMost(TestNode.PATIENCE)
                        .until(() -> jedis.clusterInfo().contains("cluster_state:ok")
                                && jedis.clusterInfo().contains("cluster_known_nodes:" + shards.size()));
            }
        }
    }
}
