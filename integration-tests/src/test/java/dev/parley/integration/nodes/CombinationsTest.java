package dev.parley.integration.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.parley.application.Caller;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Statistics;
import dev.parley.bootstrap.Conversation;
import dev.parley.bootstrap.Health;
import dev.parley.bootstrap.Parley;
import dev.parley.bootstrap.ParleyBuilder;
import dev.parley.bootstrap.RefusedException;
import dev.parley.bootstrap.StartException;
import dev.parley.bootstrap.StoreTools;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.bootstrap.settings.SettingsSources;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.testkit.live.RealRedis;
import dev.parley.testkit.llm.ScriptedModel;
import dev.parley.testkit.wire.FaultProxy;
import dev.parley.testkit.wire.RawClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where things live is said by two addresses; each combination serves, and none lets in more servers than it can serve. */
class CombinationsTest {

    private static final Caller ROOT =
            new Caller(Principal.trusted(new UserId("root"), Principal.ADMIN), ClientInfo.UNKNOWN, "test");
    private static final String SECRET = "a secret that all servers of a test have";

    @TempDir
    Path folder;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final ScriptedModel model = ScriptedModel.named("tiny:latest").answerAll("Hello back");
    private final String name = ClusterServers.name();

    @AfterEach
    void end() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @Test
    void redis_beside_sqlite_serves_one_server_and_lets_it_in_again_but_no_other() throws Exception {
        Parley first = start(server("one").set("REDIS_URL", redis()));
        assertThat(part(first, "store").says()).isEqualTo("sqlite");
        assertThat(part(first, "redis").up()).isTrue();
        assertThat(part(first, "limiter").says()).isEqualTo("redis");
        assertThatThrownBy(() -> start(server("two").set("REDIS_URL", redis())))
                .isInstanceOfSatisfying(StartException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(StartException.Reason.TAKEN))
                .hasMessageContaining("MONGODB_URI");
        opened.pop().close();
        answers(start(server("one").set("REDIS_URL", redis())));
    }

    @Test
    void mongodb_beside_memory_serves_one_server_and_no_other() throws Exception {
        Parley first = start(server("one").set("MONGODB_URI", mongo()));
        assertThat(part(first, "store").says()).isEqualTo("mongodb");
        assertThat(part(first, "limiter").says()).isEqualTo("memory");
        answers(first);
        assertThatThrownBy(() -> start(server("two").set("MONGODB_URI", mongo())))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("REDIS_URL");
    }

    @Test
    void both_serve_any_number_of_servers_and_keep_out_one_with_another_store() throws Exception {
        Parley one = start(both("one"));
        Parley two = start(both("two"));
        try (Conversation here = one.conversation("ana", "shared");
                Conversation there = two.conversation("ana", "shared")) {
            assertThat(here.ask("Hello").await(Guest.PATIENCE).content()).isEqualTo("Hello back");
            assertThat(there.history(10)).hasSize(2);
        }
        assertThatThrownBy(() -> start(server("three").set("REDIS_URL", redis())))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("MONGODB_URI");
        assertThatThrownBy(() -> start(server("four").set("MONGODB_URI", mongo())))
                .as("one that would not hear of the others")
                .isInstanceOf(StartException.class)
                .hasMessageContaining("REDIS_URL");
        assertThatThrownBy(() -> copied(mongo())).isInstanceOf(StartException.class).hasMessageContaining("End all servers");
    }

    @Test
    void a_users_connections_to_all_servers_are_counted_together() throws Exception {
        Parley one = start(listening("one"));
        Parley two = start(listening("two"));
        String place = "/ws/mine?token=" + TwoServersTest.token("ana", SECRET);
        try (RawClient first = RawClient.open(one.port(), place);
                RawClient second = RawClient.open(two.port(), place);
                RawClient third = new RawClient(one.port())) {
            NodesContract.soon("both are known")
                    .until(() -> one.engine()
                            .handle(ROOT, new Command.GetStatistics()) instanceof Outcome.Done<Statistics> done
                            && done.value().connections().total() == 2);
            assertThat(third.handshake(place)).startsWith("HTTP/1.1 429 ");
            assertThat(first).isNotSameAs(second);
        }
    }

    @Test
    void without_its_redis_a_server_is_ready_and_says_what_is_missing_until_it_is_back() throws Exception {
        RealRedis own = ClusterServers.ownRedis();
        opened.push(own);
        Parley parley = start(server("one").set("REDIS_URL", own.address()));
        own.kill();
        NodesContract.soon("it is seen that Redis is away").until(() -> !part(parley, "redis").up());
        assertThat(parley.health().ready()).isTrue();
        assertThat(part(parley, "limiter").says()).isEqualTo("away: nothing is limited");
        answers(parley);
        own.restart();
        NodesContract.soon("it is seen that Redis is back").until(() -> part(parley, "redis").up());
        answers(parley);
    }

    @Test
    void where_a_limiter_that_is_away_is_to_be_closed_nothing_counted_is_allowed_without_redis() throws Exception {
        RealRedis own = ClusterServers.ownRedis();
        opened.push(own);
        Queue<TelemetryEvent> told = new ConcurrentLinkedQueue<>();
        Parley parley = start(server("one")
                .set("REDIS_URL", own.address())
                .set("LIMITER_FAILS_OPEN", "false")
                .telemetry(told::add));
        try (Conversation conversation = parley.conversation("ana", "counted")) {
            conversation.send("Before");
            own.kill();
            NodesContract.soon("it is seen that Redis is away").until(() -> !part(parley, "limiter").up());
            assertThat(part(parley, "limiter").says()).isEqualTo("away: what it counts is refused");
            assertThatThrownBy(() -> conversation.send("Meanwhile"))
                    .isInstanceOfSatisfying(RefusedException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMIT);
                        assertThat(refused.retryAfter()).isPresent();
                    });
            assertThat(told).contains(new TelemetryEvent.DependencyChanged("limiter", false));
            assertThat(conversation.history(10)).as("what is not counted").hasSize(1);
            assertThat(parley.health().ready()).isTrue();
            own.restart();
            NodesContract.soon("it is counted again").until(() -> sends(conversation));
            assertThat(told).contains(new TelemetryEvent.DependencyChanged("limiter", true));
        }
    }

    private static boolean sends(Conversation conversation) {
        try {
            conversation.send("After");
            return true;
        } catch (RefusedException yet) {
            return false;
        }
    }

    @Test
    void a_limiter_that_an_embedder_brings_takes_nothing_from_what_is_said_of_redis() {
        RateLimiter own = new RateLimiter() {
            @Override
            public Decision tryAcquire(List<Demand> demands) {
                return new Decision.Allowed(1, Duration.ZERO);
            }

            @Override
            public Usage usage(LimitKey key, Quota quota) {
                return new Usage(0, 1, Duration.ZERO);
            }
        };
        Parley parley = start(server("one").set("REDIS_URL", redis()).limiter(own));
        assertThat(parley.health().parts()).extracting(Health.Part::name).contains("redis").doesNotContain("limiter");
        assertThat(part(parley, "redis").up()).isTrue();
    }

    @Test
    void a_redis_that_refuses_the_password_ends_the_start_in_one_line() {
        RealRedis guarded = ClusterServers.ownRedis("requirepass right");
        opened.push(guarded);
        assertThatThrownBy(() -> start(server("one").set("REDIS_URL", "redis://:wrong-one@127.0.0.1:" + guarded.port())))
                .isInstanceOfSatisfying(StartException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(StartException.Reason.DEPENDENCY))
                .hasMessageContaining("REDIS_URL")
                .hasMessageNotContaining("wrong-one");
    }

    @Test
    void a_database_of_a_newer_program_ends_the_start_and_is_left_alone() {
        start(server("one").set("MONGODB_URI", mongo()));
        assertThat(opened).isNotEmpty();
        try (MongoClient client = MongoClients.create(mongo())) {
            client.getDatabase(name)
                    .getCollection("about")
                    .updateOne(Filters.eq("_id", "schema"), Updates.set("version", 99));
        }
        assertThatThrownBy(() -> start(server("two").set("MONGODB_URI", mongo())))
                .isInstanceOfSatisfying(StartException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(StartException.Reason.DATABASE))
                .hasMessageContaining("99");
    }

    @Test
    void without_its_mongodb_a_server_is_not_ready_acknowledges_nothing_and_recovers_by_itself() throws Exception {
        URI mongo = URI.create(ClusterServers.mongo());
        FaultProxy line = FaultProxy.before(mongo.getHost(), mongo.getPort());
        opened.push(line);
        Queue<TelemetryEvent> told = new ConcurrentLinkedQueue<>();
        Parley parley = start(server("one")
                .set("MONGODB_URI", "mongodb://" + line.host() + ":" + line.port() + "/" + name)
                .telemetry(told::add));
        try (Conversation conversation = parley.conversation("ana", "kept")) {
            conversation.send("Before");
            line.cut();
            NodesContract.soon("metrics know that the store is away, whether or not anybody asks")
                    .until(() -> told.contains(new TelemetryEvent.DependencyChanged("store", false)));
            assertThat(parley.health().ready()).isFalse();
            assertThat(part(parley, "store").up()).isFalse();
            assertThatThrownBy(() -> conversation.send("Meanwhile"))
                    .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.code())
                            .isEqualTo(ErrorCode.STORE_UNAVAILABLE));
            line.heal();
            NodesContract.soon("it is seen that the store is back").until(() -> parley.health().ready());
            conversation.send("After");
            assertThat(conversation.history(10)).extracting(message -> message.content()).containsExactly("Before", "After");
        }
    }

    @Test
    void what_cannot_be_reached_at_the_start_is_named() {
        FaultProxy nobody = FaultProxy.before("127.0.0.1", 1);
        opened.push(nobody);
        assertThatThrownBy(() -> start(server("one")
                .set("MONGODB_URI", "mongodb://ann:secret@" + nobody.host() + ":" + nobody.port() + "/" + name)))
                .isInstanceOfSatisfying(StartException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(StartException.Reason.DEPENDENCY))
                .hasMessageContaining("MONGODB_URI")
                .hasMessageNotContaining("secret");
    }

    private void copied(String from) {
        Settings settings = Settings.read(new SettingsSources(
                Map.of("DATA_DIR", folder.resolve("copy").toString()), Map.of(), Map.of(), Optional.empty(), false))
                .orThrow();
        StoreTools.copy(settings, from, StoreTools.EMBEDDED, said -> {});
    }

    private static void answers(Parley parley) throws Exception {
        try (Conversation conversation = parley.conversation("ana", "answers")) {
            assertThat(conversation.ask("Hello").await(Guest.PATIENCE).content()).isEqualTo("Hello back");
        }
    }

    private static Health.Part part(Parley parley, String wanted) {
        return parley.health().parts().stream().filter(part -> part.name().equals(wanted)).findFirst().orElseThrow();
    }

    private Parley start(ParleyBuilder server) {
        Parley parley = server.build();
        opened.push(parley);
        return parley;
    }

    private ParleyBuilder both(String data) {
        return shared(server(data));
    }

    private ParleyBuilder listening(String data) {
        return shared(Parley.builder().dataFolder(folder.resolve(data)).models(model, model))
                .set("PORT", "0")
                .set("WEBSOCKET_MAX_CONNECTIONS_PER_USER", "2");
    }

    private ParleyBuilder shared(ParleyBuilder server) {
        return server.set("MONGODB_URI", mongo()).set("REDIS_URL", redis()).set("JWT_SECRET", SECRET);
    }

    private ParleyBuilder server(String data) {
        return Parley.builder().withoutHost().dataFolder(folder.resolve(data)).models(model, model);
    }

    private String mongo() {
        return ClusterServers.mongo() + "/" + name;
    }

    private String redis() {
        return ClusterServers.redis().address() + "?prefix=" + name + ":";
    }
}
