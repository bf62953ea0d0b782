package dev.parley.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.domain.Registration;
import dev.parley.domain.access.UserId;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.live.Presence;
import dev.parley.domain.live.Topic;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.session.SessionId;
import dev.parley.testkit.live.RealRedis;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;

/** What things cost Redis, by its own count. */
final class RedisCostTest {

    private static final String PIECE = "Some words that a window has gathered, as a model says them. ";

    private RealRedis redis;
    private Jedis jedis;
    private TestNode one;
    private TestNode two;

    @BeforeEach
    void begin() {
        redis = TestRedis.own();
        jedis = new Jedis("127.0.0.1", redis.port());
        one = TestNode.on(RedisSettings.of(redis.address()));
        two = TestNode.on(RedisSettings.of(redis.address()));
        // So that Redis knows the scripts.
        reply("first", 1, List.of());
    }

    @AfterEach
    void end() {
        one.close();
        two.close();
        jedis.close();
        redis.close();
    }

    @Test
    void a_reply_takes_one_call_for_its_beginning_one_for_each_piece_and_one_for_its_end() throws Exception {
        long before = calls("evalsha");
        reply("reply", 200, List.of());
        assertThat(calls("evalsha") - before).isEqualTo(1 + 200 + 1);
        assertThat(calls("eval")).isLessThanOrEqualTo(3);
    }

    @Test
    void a_node_reads_a_reply_once_and_is_told_the_rest_however_many_read_it_there() throws Exception {
        reply("warm", 1, List.of(LogReader.of(two.adapter.streams(), "warm")));
        long before = calls("evalsha");
        List<LogReader> readers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            readers.add(LogReader.of(two.adapter.streams(), "reply"));
        }
        reply("reply", 200, readers);
        long reads = calls("evalsha") - before - (1 + 200 + 1);
        assertThat(reads).as("reads by the other node").isBetween(1L, 5L);
    }

    @Test
    void bytes_grow_with_the_length_of_an_answer_and_its_text_goes_to_redis_once() throws Exception {
        long small = bytesIn("small", 100);
        long large = bytesIn("large", 400);
        assertThat(large).as("four times the text, beside " + small).isLessThan(4 * small + 4_096);
        assertThat(bytesIn("one piece", 1, PIECE.repeat(500))).isLessThan(PIECE.length() * 500L * 11 / 10);
    }

    @Test
    void a_hint_goes_to_those_nodes_only_where_somebody_listens() throws Exception {
        Topic topic = new Topic.OfSession(new SessionId("room"));
        try (TestNode three = TestNode.on(RedisSettings.of(redis.address()));
                Registration here = one.adapter.bus().subscribe(topic, hint -> {});
                Registration there = two.adapter.bus().subscribe(topic, hint -> {})) {
            assertThat(three.adapter.reachable()).isTrue();
            await().atMost(TestNode.PATIENCE)
                    .until(
                            () -> jedis.pubsubNumSub("parley:session/room").get("parley:session/room") == 2);
            three.adapter.bus().publish(topic, new Hint.FeedGrew(new SessionId("room"), 1));
            there.close();
            await().atMost(TestNode.PATIENCE)
                    .until(
                            () -> jedis.pubsubNumSub("parley:session/room").get("parley:session/room") == 1);
        }
        await().atMost(TestNode.PATIENCE).until(() -> jedis.pubsubChannels("parley:session/*").isEmpty());
    }

    @Test
    void a_node_listens_on_one_connection() throws Exception {
        List<Registration> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(one.adapter.bus().subscribe(new Topic.OfSession(new SessionId("room-" + i)), hint -> {}));
        }
        assertThat(jedis.clientList(ClientType.PUBSUB).lines()).hasSize(2);
        all.forEach(Registration::close);
    }

    @Test
    void nothing_is_left_that_does_not_go_by_itself() throws Exception {
        reply("reply", 3, List.of());
        UserId ana = new UserId("ana");
        Instant now = Instant.EPOCH;
        ConnectionId connection = new ConnectionId("c");
        one.adapter.presence()
                .enter(new Presence.Present(new SessionId("room"), ana, "Ana"), connection, Duration.ofMinutes(1));
        one.adapter.limiter().tryAcquire(new LimitKey("messages", "ana"), new Quota(1, Duration.ofMinutes(1)), 1);
        one.adapter.leases().acquire("lease", new NodeId("one"), Duration.ofMinutes(1));
        one.adapter.connections()
                .put(new ConnectionInfo(connection, new NodeId("one"), Optional.empty(), ana, "chat", now, now, true));
        assertThat(jedis.keys("*")).hasSizeGreaterThan(9).allSatisfy(key -> assertThat(jedis.pttl(key)).as(key).isPositive());
    }

    @Test
    void a_node_forgets_replies_that_ended_and_that_nobody_reads() throws Exception {
        for (int i = 0; i < 50; i++) {
            reply("reply-" + i, 2, List.of(LogReader.of(two.adapter.streams(), "reply-" + i)));
        }
        await().atMost(TestNode.PATIENCE).until(() -> one.adapter.replies() + two.adapter.replies() == 0);
        await().atMost(TestNode.PATIENCE).until(() -> jedis.pubsubChannels("parley:log/*").isEmpty());
    }

    private void reply(String reply, int pieces, List<LogReader> readers) {
        reply(reply, pieces, PIECE, readers);
    }

    private void reply(String reply, int pieces, String piece, List<LogReader> readers) {
        try (StreamLog.Writer writer = one.adapter.streams().create(LogReader.head(reply), 1)) {
            for (int i = 0; i < pieces; i++) {
                writer.append(piece);
            }
            writer.end();
        }
        for (LogReader reader : readers) {
            assertThat(reader.whole())
                    .succeedsWithin(TestNode.PATIENCE)
                    .isEqualTo(piece.repeat(pieces));
        }
        await().pollDelay(Duration.ZERO).atMost(TestNode.PATIENCE).until(() -> one.adapter.replies() == 0);
    }

    private long bytesIn(String reply, int pieces) {
        return bytesIn(reply, pieces, PIECE);
    }

    private long bytesIn(String reply, int pieces, String piece) {
        long before = number("stats", "total_net_input_bytes:(\\d+)");
        reply(reply.replace(' ', '-'), pieces, piece, List.of());
        return number("stats", "total_net_input_bytes:(\\d+)") - before;
    }

    private long calls(String command) {
        return number("commandstats", "cmdstat_" + command + ":calls=(\\d+)");
    }

    private long number(String section, String what) {
        Matcher found = Pattern.compile(what).matcher(jedis.info(section));
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }
}
