package dev.parley.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.parley.domain.Registration;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.FencedException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.live.Presence;
import dev.parley.domain.live.Topic;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.testkit.live.RealRedis;
import dev.parley.testkit.wire.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Two nodes, a Redis of their own, and for each a line to it: what they do when one of these fails, and that they recover. */
final class RedisFaultsTest {

    private static final SessionId ROOM = new SessionId("room");
    private static final Topic OF_ROOM = new Topic.OfSession(ROOM);
    private static final Quota MANY = new Quota(1_000_000, Duration.ofHours(1));
    private static final LimitKey ANA = new LimitKey("messages", "ana");
    private static final Presence.Present HERE = new Presence.Present(ROOM, new UserId("ana"), "Ana");

    private RealRedis redis;
    private FaultProxy lineOfOne;
    private FaultProxy lineOfTwo;
    private TestNode one;
    private TestNode two;

    @BeforeEach
    void begin() {
        redis = TestRedis.own();
        lineOfOne = FaultProxy.before("127.0.0.1", redis.port());
        lineOfTwo = FaultProxy.before("127.0.0.1", redis.port());
        one = TestNode.hasty(through(lineOfOne));
        two = TestNode.hasty(through(lineOfTwo));
    }

    @AfterEach
    void end() {
        lineOfOne.heal();
        lineOfTwo.heal();
        one.close();
        two.close();
        lineOfOne.close();
        lineOfTwo.close();
        redis.close();
    }

    private static RedisSettings through(FaultProxy line) {
        return RedisSettings.of("redis://" + line.host() + ":" + line.port());
    }

    @Nested
    class Hints {

        /** What is said next, whether or not all were told to look before: so they are when a line was slow. */
        private Hint said(BlockingQueue<Hint> heard) throws InterruptedException {
            Hint next = heard.poll(20, TimeUnit.SECONDS);
            while (next instanceof Hint.HintsLost) {
                next = heard.poll(20, TimeUnit.SECONDS);
            }
            return next;
        }

        @Test
        void within_a_node_they_go_on_while_redis_is_dead_and_all_are_told_to_look_when_it_is_back() throws Exception {
            BlockingQueue<Hint> heardByOne = new LinkedBlockingQueue<>();
            BlockingQueue<Hint> heardByTwo = new LinkedBlockingQueue<>();
            try (Registration here = one.adapter.bus().subscribe(OF_ROOM, heardByOne::add);
                    Registration there = two.adapter.bus().subscribe(OF_ROOM, heardByTwo::add)) {
                redis.kill();
                one.adapter.bus().publish(OF_ROOM, new Hint.FeedGrew(ROOM, 1));
                assertThat(heardByOne.poll(20, TimeUnit.SECONDS)).isEqualTo(new Hint.FeedGrew(ROOM, 1));
                redis.restart();
                assertThat(heardByTwo.poll(20, TimeUnit.SECONDS)).isEqualTo(new Hint.HintsLost());
                await().atMost(TestNode.PATIENCE).untilAsserted(() -> {
                    one.adapter.bus().publish(OF_ROOM, new Hint.FeedGrew(ROOM, 2));
                    assertThat(heardByTwo).contains(new Hint.FeedGrew(ROOM, 2));
                });
            }
        }

        @Test
        void who_could_not_publish_tells_the_others_to_look_afterwards() throws Exception {
            BlockingQueue<Hint> heardByTwo = new LinkedBlockingQueue<>();
            try (Registration there = two.adapter.bus().subscribe(OF_ROOM, heardByTwo::add);
                    Registration everywhere = two.adapter.bus().subscribe(new Topic.Everywhere(), hint -> {})) {
                lineOfOne.cut();
                one.adapter.bus().publish(OF_ROOM, new Hint.FeedGrew(ROOM, 1));
                await().atMost(TestNode.PATIENCE).until(() -> !one.adapter.reachable());
                lineOfOne.heal();
                assertThat(heardByTwo.poll(20, TimeUnit.SECONDS)).isIn(new Hint.HintsLost(), new Hint.FeedGrew(ROOM, 1));
            }
        }

        @Test
        void a_line_that_broke_while_nothing_was_said_costs_no_hint() throws Exception {
            BlockingQueue<Hint> heard = new LinkedBlockingQueue<>();
            try (TestNode here = TestNode.on(through(lineOfOne));
                    TestNode there = TestNode.on(through(lineOfTwo));
                    StreamLog.Writer writer = here.adapter.streams().create(LogReader.head("reply"), 1);
                    Registration listening = there.adapter.bus().subscribe(OF_ROOM, heard::add)) {
                for (int i = 1; i <= 10; i++) {
                    Hint hint = new Hint.FeedGrew(ROOM, i);
                    here.adapter.bus().publish(OF_ROOM, hint);
                    assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(hint);
                    // Goes the same way, and is back when it has been answered: then nothing is being said.
                    writer.append("x");
                    lineOfOne.reset();
                }
            }
        }

        @Test
        void a_hint_that_no_line_would_carry_is_made_up_for_though_nothing_else_is_said() throws Exception {
            BlockingQueue<Hint> heardByTwo = new LinkedBlockingQueue<>();
            try (Registration there = two.adapter.bus().subscribe(OF_ROOM, heardByTwo::add);
                    Registration everywhere = two.adapter.bus().subscribe(new Topic.Everywhere(), hint -> {})) {
                one.adapter.bus().publish(OF_ROOM, new Hint.FeedGrew(ROOM, 1));
                assertThat(said(heardByTwo)).isEqualTo(new Hint.FeedGrew(ROOM, 1));
                lineOfOne.cut();
                one.adapter.bus().publish(OF_ROOM, new Hint.FeedGrew(ROOM, 2));
                lineOfOne.heal();
                assertThat(heardByTwo.poll(20, TimeUnit.SECONDS)).isIn(new Hint.HintsLost(), new Hint.FeedGrew(ROOM, 2));
            }
        }

        @Test
        void what_was_announced_while_redis_was_dead_is_told_when_it_is_back() throws Exception {
            BlockingQueue<Hint> heard = new LinkedBlockingQueue<>();
            Hint announced = new Hint.Announced("Tell everybody", Hint.Level.WARNING);
            try (TestNode there = TestNode.on(through(lineOfTwo));
                    Registration everywhere = there.adapter.bus().subscribe(new Topic.Everywhere(), heard::add)) {
                lineOfOne.cut();
                one.adapter.bus().publish(new Topic.Everywhere(), announced);
                await().atMost(TestNode.PATIENCE).until(() -> !one.adapter.reachable());
                lineOfOne.heal();
                assertThat(said(heard)).isEqualTo(announced);
            }
        }

        @Test
        void what_was_announced_is_told_once_though_its_answer_was_lost_and_it_was_said_again() throws Exception {
            BlockingQueue<Hint> heard = new LinkedBlockingQueue<>();
            Hint announced = new Hint.Announced("Tell everybody", Hint.Level.WARNING);
            Hint after = new Hint.Announced("Tell them more", Hint.Level.WARNING);
            try (TestNode there = TestNode.on(through(lineOfTwo));
                    Registration everywhere = there.adapter.bus().subscribe(new Topic.Everywhere(), heard::add)) {
                one.adapter.bus().publish(new Topic.Everywhere(), new Hint.Announced("The line is open", Hint.Level.INFO));
                assertThat(said(heard)).isInstanceOf(Hint.Announced.class);
                lineOfOne.halfOpen(FaultProxy.Way.TO_CLIENT);
                one.adapter.bus().publish(new Topic.Everywhere(), announced);
                assertThat(said(heard)).isEqualTo(announced);
                await().atMost(TestNode.PATIENCE).until(() -> !one.adapter.reachable());
                lineOfOne.heal();
                assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(new Hint.HintsLost());
                one.adapter.bus().publish(new Topic.Everywhere(), after);
                assertThat(said(heard)).isEqualTo(after);
            }
        }

        @Test
        void of_many_who_begin_to_listen_while_redis_stands_still_one_waits_for_it_and_all_are_told_to_look() {
            BlockingQueue<Hint> heard = new LinkedBlockingQueue<>();
            List<Registration> ears = new ArrayList<>();
            try (TestNode patient = TestNode.listening(through(lineOfOne))) {
                redis.pause();
                assertTimeoutPreemptively(TestNode.PATIENCE, () -> {
                    for (int i = 0; i < 100; i++) {
                        ears.add(patient.adapter.bus().subscribe(new Topic.OfSession(new SessionId("room-" + i)), heard::add));
                    }
                });
                redis.resume();
                await().atMost(TestNode.PATIENCE).until(() -> heard.size() >= 100);
                ears.forEach(Registration::close);
            }
        }

        @Test
        void a_line_that_is_dead_without_saying_so_is_noticed_and_made_anew() throws Exception {
            BlockingQueue<Hint> heardByTwo = new LinkedBlockingQueue<>();
            try (Registration there = two.adapter.bus().subscribe(OF_ROOM, heardByTwo::add)) {
                lineOfTwo.halfOpen();
                one.adapter.bus().publish(OF_ROOM, new Hint.FeedGrew(ROOM, 1));
                await().atMost(TestNode.PATIENCE).until(() -> !two.adapter.reachable());
                lineOfTwo.reset();
                lineOfTwo.heal();
                assertThat(heardByTwo.poll(20, TimeUnit.SECONDS)).isEqualTo(new Hint.HintsLost());
            }
        }
    }

    @Nested
    class Calls {

        @Test
        void every_port_says_unavailable_while_redis_is_dead_and_works_by_itself_when_it_is_back() {
            redis.kill();
            List<Runnable> calls = List.of(
                    () -> one.adapter.limiter().tryAcquire(ANA, MANY, 1),
                    () -> one.adapter.limiter().usage(ANA, MANY),
                    () -> one.adapter.leases().acquire("lease", new NodeId("one"), Duration.ofSeconds(10)),
                    () -> one.adapter.leases().held("lease"),
                    () -> one.adapter.presence().enter(HERE, new ConnectionId("c"), Duration.ofMinutes(1)),
                    () -> one.adapter.presence().in(ROOM),
                    () -> one.adapter.presence().sweep(gone -> {}),
                    () -> one.adapter.connections().countOf(new UserId("ana")),
                    one.adapter::check);
            calls.forEach(call -> assertThatThrownBy(call::run).isInstanceOf(UnavailableException.class));
            assertThat(one.told).contains(new TelemetryEvent.DependencyChanged("redis", false));
            redis.restart();
            for (Runnable call : calls) {
                await().atMost(TestNode.PATIENCE).ignoreExceptionsInstanceOf(UnavailableException.class).until(() -> {
                    call.run();
                    return true;
                });
            }
            await().atMost(TestNode.PATIENCE)
                    .until(() -> one.adapter.reachable()
                            && one.told.getLast().equals(new TelemetryEvent.DependencyChanged("redis", true)));
        }

        @Test
        void a_line_that_broke_while_nobody_called_costs_no_call() {
            try (TestNode here = TestNode.on(through(lineOfOne));
                    TestNode there = TestNode.on(through(lineOfTwo))) {
                for (int i = 0; i < 10; i++) {
                    assertThat(here.adapter.limiter().tryAcquire(ANA, MANY, 1)).isInstanceOf(Decision.Allowed.class);
                    lineOfOne.reset();
                }
                assertThat(there.adapter.limiter().usage(ANA, MANY).used()).isEqualTo(10);
            }
        }

        @Test
        void a_redis_that_only_reads_is_like_one_that_is_away_until_it_writes_again() {
            assertThat(redis.ask("REPLICAOF", "127.0.0.1", "1")).isEqualTo("+OK");
            await().atMost(TestNode.PATIENCE).until(() -> {
                assertThatThrownBy(one.adapter::check).isInstanceOf(UnavailableException.class);
                return one.told.contains(new TelemetryEvent.DependencyChanged("redis", false));
            });
            assertThat(redis.ask("REPLICAOF", "NO", "ONE")).isEqualTo("+OK");
            await().atMost(TestNode.PATIENCE).ignoreExceptionsInstanceOf(UnavailableException.class).until(() -> {
                one.adapter.check();
                return true;
            });
            await().atMost(TestNode.PATIENCE)
                    .until(() -> one.told.getLast().equals(new TelemetryEvent.DependencyChanged("redis", true)));
        }

        @Test
        void a_redis_that_stands_still_is_waited_for_by_few_and_refused_to_the_rest() throws Exception {
            redis.pause();
            List<Future<Boolean>> refused = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 500; i++) {
                    refused.add(threads.submit(() -> {
                        assertThatThrownBy(() -> one.adapter.limiter().tryAcquire(ANA, MANY, 1))
                                .isInstanceOf(UnavailableException.class);
                        return true;
                    }));
                }
                for (Future<Boolean> each : refused) {
                    assertThat(each.get(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                }
            }
            redis.resume();
            await().atMost(TestNode.PATIENCE)
                    .ignoreExceptionsInstanceOf(UnavailableException.class)
                    .until(() -> one.adapter.limiter().tryAcquire(ANA, MANY, 1) instanceof Decision.Allowed);
        }
    }

    @Nested
    class Logs {

        @Test
        void who_reads_here_reads_on_while_redis_is_dead_and_who_reads_elsewhere_gets_all_of_it_afterwards() throws Exception {
            LogReader here = LogReader.of(one.adapter.streams(), "reply");
            LogReader there = LogReader.of(two.adapter.streams(), "reply");
            String text = numbered(0, 300);
            try (StreamLog.Writer writer = one.adapter.streams().create(LogReader.head("reply"), 1)) {
                append(writer, 0, 100);
                await().atMost(TestNode.PATIENCE).until(() -> there.text().equals(numbered(0, 100)));
                redis.kill();
                append(writer, 100, 200);
                await().atMost(TestNode.PATIENCE).until(() -> here.text().equals(numbered(0, 200)));
                redis.restart();
                append(writer, 200, 300);
                writer.end();
                assertThat(here.toTheEnd()).isEqualTo(text);
                assertThat(here.beginnings()).isZero();
                assertThat(there.toTheEnd()).isEqualTo(text);
            }
        }

        @Test
        void a_log_that_redis_has_forgotten_is_put_there_again_by_its_owner() throws Exception {
            LogReader there = LogReader.of(two.adapter.streams(), "reply");
            try (StreamLog.Writer writer = one.adapter.streams().create(LogReader.head("reply"), 1)) {
                append(writer, 0, 100);
                await().atMost(TestNode.PATIENCE).until(() -> there.text().equals(numbered(0, 100)));
                assertThat(redis.ask("FLUSHALL")).isEqualTo("+OK");
                append(writer, 100, 200);
                LogReader late = LogReader.of(two.adapter.streams(), "reply");
                writer.end();
                assertThat(there.toTheEnd()).isEqualTo(numbered(0, 200));
                assertThat(late.toTheEnd()).isEqualTo(numbered(0, 200));
            }
        }

        @Test
        void a_log_half_of_which_was_evicted_is_put_there_again_by_its_owner() throws Exception {
            for (String half : List.of("", ":text")) {
                String reply = "reply" + half;
                LogReader there = LogReader.of(two.adapter.streams(), reply);
                try (StreamLog.Writer writer = one.adapter.streams().create(LogReader.head(reply), 1)) {
                    append(writer, 0, 10);
                    await().atMost(TestNode.PATIENCE).until(() -> there.text().equals(numbered(0, 10)));
                    assertThat(redis.ask("DEL", "parley:log:{" + reply + "}" + half)).isEqualTo(":1");
                    append(writer, 10, 20);
                    LogReader late = LogReader.of(two.adapter.streams(), reply);
                    writer.end();
                    assertThat(there.toTheEnd()).isEqualTo(numbered(0, 20));
                    assertThat(late.toTheEnd()).isEqualTo(numbered(0, 20));
                }
            }
        }

        @Test
        void a_redis_that_has_no_room_left_is_like_one_that_is_away_until_it_has() throws Exception {
            try (TestNode patient = TestNode.on(through(lineOfOne));
                    StreamLog.Writer writer = patient.adapter.streams().create(LogReader.head("reply"), 1)) {
                LogReader here = LogReader.of(patient.adapter.streams(), "reply");
                LogReader there = LogReader.of(two.adapter.streams(), "reply");
                append(writer, 0, 10);
                assertThat(redis.ask("CONFIG", "SET", "maxmemory", "1")).isEqualTo("+OK");
                append(writer, 10, 20);
                await().atMost(TestNode.PATIENCE).until(() -> here.text().equals(numbered(0, 20)));
                await().atMost(TestNode.PATIENCE).until(() -> {
                    assertThatThrownBy(() -> patient.adapter.limiter().tryAcquire(ANA, MANY, 1))
                            .isInstanceOf(UnavailableException.class);
                    return !patient.adapter.reachable();
                });
                await().atMost(TestNode.PATIENCE)
                        .ignoreExceptionsInstanceOf(UnavailableException.class)
                        .until(() -> !patient.adapter.leases().held("of nobody"));
                assertThat(patient.adapter.reachable()).as("well, because it was read").isFalse();
                assertThat(redis.ask("CONFIG", "SET", "maxmemory", "0")).isEqualTo("+OK");
                writer.end();
                assertThat(here.toTheEnd()).isEqualTo(numbered(0, 20));
                assertThat(there.toTheEnd()).isEqualTo(numbered(0, 20));
            }
        }

        @Test
        void readers_of_a_log_that_is_lost_with_its_owner_are_told_so() throws Exception {
            StreamLog.Writer writer = one.adapter.streams().create(LogReader.head("reply"), 1);
            append(writer, 0, 10);
            try (StreamLog.Cursor cursor = two.adapter.streams().open(LogReader.head("reply").reply(), 0)) {
                int known = 0;
                while (known < numbered(0, 10).length()) {
                    known += cursor.next(TestNode.PATIENCE) instanceof StreamLog.Read.Grown grown ? grown.text().length() : 0;
                }
                lineOfOne.cut();
                redis.kill();
                redis.restart();
                assertThat(cursor.next(TestNode.PATIENCE)).isEqualTo(new StreamLog.Read.Gone());
            }
        }

        @Test
        void a_listening_line_that_breaks_again_and_again_loses_and_doubles_nothing() throws Exception {
            LogReader there = LogReader.of(two.adapter.streams(), "reply");
            try (StreamLog.Writer writer = one.adapter.streams().create(LogReader.head("reply"), 1)) {
                for (int i = 0; i < 20; i++) {
                    append(writer, i * 20, (i + 1) * 20);
                    lineOfTwo.reset();
                }
                writer.end();
            }
            assertThat(there.toTheEnd()).isEqualTo(numbered(0, 400));
            assertThat(there.beginnings()).isZero();
        }

        @Test
        void an_answer_that_is_lost_on_its_way_doubles_nothing() throws Exception {
            LogReader there = LogReader.of(two.adapter.streams(), "reply");
            try (StreamLog.Writer writer = one.adapter.streams().create(LogReader.head("reply"), 1)) {
                for (int i = 0; i < 10; i++) {
                    append(writer, i * 20, i * 20 + 10);
                    lineOfOne.halfOpen(FaultProxy.Way.TO_CLIENT);
                    append(writer, i * 20 + 10, (i + 1) * 20);
                    lineOfOne.reset();
                    lineOfOne.heal();
                }
                writer.end();
            }
            assertThat(there.toTheEnd()).isEqualTo(numbered(0, 200));
        }

        @Test
        void an_owner_that_was_cut_off_and_replaced_may_not_write_when_it_is_back() throws Exception {
            LogReader here = LogReader.of(one.adapter.streams(), "reply");
            StreamLog.Writer old = one.adapter.streams().create(LogReader.head("reply"), 1);
            append(old, 0, 10);
            lineOfOne.cut();
            append(old, 10, 20);
            await().atMost(TestNode.PATIENCE).until(() -> here.text().equals(numbered(0, 20)));
            StreamLog.Writer newest = two.adapter.streams().create(LogReader.head("reply"), 2);
            newest.append("Something else");
            lineOfOne.heal();
            await().atMost(TestNode.PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() -> old.append("x")).isInstanceOf(FencedException.class));
            newest.append(", and its end");
            newest.end();
            assertThat(here.toTheEnd()).isEqualTo("Something else, and its end");
        }

        @Test
        void an_owner_of_whom_nobody_heard_and_who_said_nothing_gives_way_when_its_node_hears_again() throws Exception {
            lineOfTwo.cut();
            await().atMost(TestNode.PATIENCE).until(() -> !two.adapter.reachable());
            two.adapter.streams().create(LogReader.head("reply"), 1).close();
            LogReader there = LogReader.of(two.adapter.streams(), "reply");
            try (StreamLog.Writer newest = one.adapter.streams().create(LogReader.head("reply"), 2)) {
                newest.append("Something");
                lineOfTwo.heal();
                newest.end();
            }
            assertThat(there.toTheEnd()).isEqualTo("Something");
        }

        @Test
        void a_reply_that_begins_while_redis_is_dead_is_seen_everywhere_afterwards() throws Exception {
            redis.kill();
            LogReader there = LogReader.of(two.adapter.streams(), "reply");
            try (StreamLog.Writer writer = one.adapter.streams().create(LogReader.head("reply"), 1)) {
                append(writer, 0, 50);
                redis.restart();
                append(writer, 50, 100);
                writer.end();
            }
            assertThat(there.toTheEnd()).isEqualTo(numbered(0, 100));
        }
    }

    private static void append(StreamLog.Writer writer, int from, int to) {
        for (int i = from; i < to; i++) {
            writer.append(numbered(i, i + 1));
        }
    }

    private static String numbered(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append("word-").append(i).append(' ');
        }
        return text.toString();
    }
}
