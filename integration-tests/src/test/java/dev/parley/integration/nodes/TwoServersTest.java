package dev.parley.integration.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.jwt.JwtChecks;
import dev.parley.adapter.jwt.JwtIssuer;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.llm.Completion;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import dev.parley.testkit.live.RealRedis;
import dev.parley.testkit.llm.ScriptedOllama;
import dev.parley.testkit.llm.ScriptedOllama.Act;
import dev.parley.testkit.store.GivenMongod;
import dev.parley.testkit.wire.FaultProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two real servers on one Redis and one MongoDB, under people who ask without a pause, while servers are killed and what they share
 * stands still, forgets everything, or is out of reach. Afterwards nothing that was acknowledged is lost, no word of any finished
 * reply is lost or doubled, every reply has ended, and everybody was told what the store holds.
 */
class TwoServersTest {

    private static final int WORDS = 100;
    private static final Duration PACE = Duration.ofMillis(40);
    private static final String SECRET = "a secret that both servers of this test have";

    /** What goes wrong in one run, each so often. */
    private record Plan(int clients, int kills, int drains, int pauses, int flushes, int cuts, int longCuts) {}

    /** One thing that goes wrong. */
    private enum Fault {
        KILL("a server was killed and started again"),
        DRAIN("a server was told to end, did so, and was started again"),
        PAUSE("Redis stood still for a while"),
        FLUSH("Redis forgot everything"),
        CUT("MongoDB was out of reach for a while"),
        LONG_CUT("MongoDB was out of reach for so long that nodes let go of their leases and clients were sent away");

        private final String said;

        Fault(String said) {
            this.said = said;
        }
    }

    @TempDir
    Path folder;

    private final long seed = Long.getLong("parley.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final HttpClient http = opening(HttpClient.newHttpClient());
    private final List<NodeProcess> servers = new ArrayList<>();
    private final Causes causes = new Causes();
    private final String database = ClusterServers.name();

    @AfterEach
    void end() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @Test
    @Timeout(400)
    void nothing_is_lost_whatever_fails() throws Exception {
        run(new Plan(Integer.getInteger("parley.clients", 200), 3, 1, 3, 1, 2, 0));
    }

    @Test
    @Timeout(3600)
    @EnabledIfSystemProperty(named = "parley.soak", matches = "true")
    void nothing_is_lost_however_often_it_fails() throws Exception {
        run(new Plan(
                Integer.getInteger("parley.clients", 200),
                Integer.getInteger("parley.kills", 30),
                Integer.getInteger("parley.drains", 3),
                Integer.getInteger("parley.pauses", 30),
                Integer.getInteger("parley.flushes", 3),
                Integer.getInteger("parley.cuts", 10),
                Integer.getInteger("parley.longcuts", 1)));
    }

    private void run(Plan plan) throws Exception {
        SoakReport report = new SoakReport(seed, plan.toString());
        RealRedis redis = opening(ClusterServers.ownRedis());
        URI mongo = mongo();
        FaultProxy line = opening(FaultProxy.before(mongo.getHost(), mongo.getPort() < 0 ? 27017 : mongo.getPort()));
        ScriptedOllama model = opening(ScriptedOllama.start()).actAlways(answer());
        for (int i = 0; i < 2; i++) {
            servers.add(opening(NodeProcess.start(folder.resolve("server" + i), environment(redis, line, model), http)));
        }
        servers.forEach(NodeProcess::awaitReady);
        List<PersistentClient> clients = clients(plan.clients());
        NodesContract.soon("everybody is there").until(() -> clients.stream().allMatch(PersistentClient::entered));
        report.begin();
        clients.forEach(PersistentClient::begin);
        NodesContract.soon("replies run").until(() -> clients.stream().anyMatch(client -> client.following() > 0));
        for (Fault fault : faults(plan)) {
            pause(200, 900);
            report.happens(fault.said, standing(clients), () -> happen(fault, clients, redis, line));
        }
        servers.forEach(NodeProcess::awaitReady);
        clients.forEach(PersistentClient::comeToAnEnd);
        awaitAll("quiet", clients, PersistentClient::quiet);
        clients.forEach(PersistentClient::end);
        awaitAll("told the last word", clients, PersistentClient::over);
        report.over();
        compare(clients, report);
        report.print(clients);
    }

    /** A server that may be shared, where a real one is given: what is cut is only the line to it. */
    private URI mongo() throws IOException {
        System.out.println("TwoServers: on " + GivenMongod.used());
        Optional<String> given = GivenMongod.address();
        return URI.create(given.isPresent() ? given.get() : "mongodb://127.0.0.1:" + opening(MongoProcess.start()).port());
    }

    private String standing(List<PersistentClient> clients) {
        StringBuilder standing = new StringBuilder();
        for (NodeProcess server : servers) {
            standing.append(at(clients, server))
                    .append(" + ");
        }
        return standing.append("0 are connected, ")
                .append(clients.stream().mapToInt(PersistentClient::following).sum())
                .append(" replies are shown")
                .toString();
    }

    private void happen(Fault fault, List<PersistentClient> clients, RealRedis redis, FaultProxy line) throws Exception {
        if (fault != Fault.PAUSE && fault != Fault.FLUSH) {
            // One of them serves at any time, and none starts without its store.
            servers.forEach(NodeProcess::awaitReady);
        }
        switch (fault) {
            case KILL -> {
                NodeProcess victim = servers.get(random.nextInt(servers.size()));
                long from = System.nanoTime();
                victim.kill();
                causes.killed(victim.address(), from);
                pause(0, 500);
                victim.restart();
            }
            case DRAIN -> {
                NodeProcess victim = Collections.max(servers, Comparator.comparingLong(server -> at(clients, server)));
                long from = System.nanoTime();
                assertThat(victim.drain()).as("the exit code of a server that drains").isZero();
                // Nothing else excuses a reply of its that was interrupted.
                causes.drained(victim.address(), from);
                NodesContract.soon("those who were there have gone to the other")
                        .until(() -> at(clients, victim) == 0
                                && clients.stream().filter(each -> each.server().isPresent()).count() > clients.size() / 2);
                victim.restart();
            }
            case PAUSE -> {
                redis.pause();
                pause(300, 1500);
                redis.resume();
            }
            case FLUSH -> assertThat(redis.ask("FLUSHALL")).isEqualTo("+OK");
            case CUT -> without(line, 300, 1200);
            case LONG_CUT -> without(line, 12_000, 14_000);
        }
    }

    private void without(FaultProxy line, int least, int most) {
        long from = System.nanoTime();
        line.cut();
        pause(least, most);
        line.heal();
        causes.cut(from);
    }

    /** How many are connected there. */
    private static long at(List<PersistentClient> clients, NodeProcess server) {
        return clients.stream().filter(client -> client.server().equals(Optional.of(server.address()))).count();
    }

    /** Kills come early, since what they leave takes a while to be settled. */
    private List<Fault> faults(Plan plan) {
        List<Fault> others = new ArrayList<>();
        others.addAll(Collections.nCopies(plan.pauses(), Fault.PAUSE));
        others.addAll(Collections.nCopies(plan.flushes(), Fault.FLUSH));
        others.addAll(Collections.nCopies(plan.cuts(), Fault.CUT));
        others.addAll(Collections.nCopies(plan.longCuts(), Fault.LONG_CUT));
        others.addAll(Collections.nCopies(plan.drains(), Fault.DRAIN));
        Collections.shuffle(others, random);
        List<Fault> faults = new ArrayList<>();
        for (int kill = 0; kill < plan.kills(); kill++) {
            faults.add(Fault.KILL);
            int together = others.size() / (2 * Math.max(1, plan.kills() - kill));
            for (int i = 0; i < together; i++) {
                faults.add(others.removeLast());
            }
        }
        faults.addAll(others);
        return faults;
    }

    private List<PersistentClient> clients(int count) {
        List<URI> addresses = servers.stream().map(NodeProcess::address).toList();
        List<PersistentClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "person" + i;
            PersistentClient client = new PersistentClient(
                    "room" + i / 2, name, token(name, SECRET), addresses, http, random.nextLong(), i % 2 == 0);
            clients.add(client);
            Thread thread = Thread.ofVirtual().name(name).start(client);
            opened.push(thread::interrupt);
        }
        return clients;
    }

    private static void awaitAll(
            String what, List<PersistentClient> clients, java.util.function.Predicate<PersistentClient> holds) {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!clients.stream().allMatch(holds)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Expected everybody to be " + what + ", found waiting: "
                        + clients.stream().filter(holds.negate()).limit(5).map(PersistentClient::standing).toList()
                        + ", faults " + clients.stream().flatMap(client -> client.faults().stream()).limit(5).toList());
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void compare(List<PersistentClient> clients, SoakReport report) throws Exception {
        for (int i = 0; i < clients.size(); i += 2) {
            String session = "room" + i / 2;
            Map<String, String> stored = stored(servers.getFirst(), session);
            assertThat(stored(servers.getLast(), session)).as("what the other server holds, seed %d", seed).isEqualTo(stored);
            List<PersistentClient> members = clients.subList(i, Math.min(i + 2, clients.size()));
            assertThat(stored.values().stream().filter(message -> message.startsWith(":")).map(message -> message.substring(1)))
                    .as("what people said, each once, seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(
                            members.stream().flatMap(client -> client.sayings().stream()).toList());
            Map<String, PersistentClient.Question> questions = PersistentClient.questions(members);
            for (PersistentClient client : members) {
                assertThat(client.faults()).as("seed %d, %s", seed, client.standing()).isEmpty();
                assertThat(stored.keySet()).as("what was acknowledged, seed %d", seed).containsAll(client.acknowledged());
                assertThat(client.messages()).as("what was told, seed %d", seed).isEqualTo(stored);
            }
            stored.forEach((name, message) -> wellEnded(name, message, questions.get(name)).ifPresent(report::settled));
            stored.values().forEach(report::stored);
        }
        assertThat(report.ended("completed")).as("finished replies").isPositive();
    }

    /** How long after the kill of its server a reply had ended, if that is known. Where it ended badly, servers tell what they know. */
    private Optional<Duration> wellEnded(String name, String message, PersistentClient.@Nullable Question question) {
        try {
            return wellEnded(message, question);
        } catch (AssertionError badly) {
            servers.forEach(server -> badly.addSuppressed(
                    new AssertionError(server.address() + " said of " + name + ":\n" + server.said(name))));
            throw badly;
        }
    }

    private Optional<Duration> wellEnded(String message, PersistentClient.@Nullable Question question) {
        String status = message.substring(0, message.indexOf(':'));
        String text = message.substring(status.length() + 1);
        switch (status) {
            case "" -> assertThat(text).isNotEmpty();
            case "completed" -> assertThat(text).as("a finished reply, seed %d", seed).isEqualTo(words());
            case "interrupted", "failed" -> assertThat(words()).as("a reply that was %s, seed %d", status, seed).startsWith(text);
            default -> throw new AssertionError("Expected a reply that has ended well, found " + status + ", seed " + seed);
        }
        if (status.isEmpty()) {
            return Optional.empty();
        }
        assertThat(question).as("the question to a reply, seed %d", seed).isNotNull();
        return causes.excuse(status, text, Objects.requireNonNull(question));
    }

    /** All messages of a session: how each stands and what it says. */
    private Map<String, String> stored(NodeProcess server, String session) throws Exception {
        Map<String, String> stored = new LinkedHashMap<>();
        Optional<String> before = Optional.of("");
        while (before.isPresent()) {
            String place = before.get().isEmpty() ? "" : "&before=" + before.get();
            JsonObject page = get(server, "/api/chat/sessions/" + session + "/messages?limit=200" + place);
            page.items("messages").orElseThrow().forEach(each -> {
                JsonObject message = (JsonObject) each;
                stored.put(
                        message.requiredText("message_id"),
                        message.text("status")
                                .filter(status -> message.text("role").filter("assistant"::equals).isPresent())
                                .orElse("")
                                + ":" + message.requiredText("content"));
            });
            before = page.text("next");
        }
        return stored;
    }

    private JsonObject get(NodeProcess server, String path) throws Exception {
        String body = http.send(
                HttpRequest.newBuilder(server.address().resolve(path))
                        .header("Authorization", "Bearer " + token("root", SECRET, Principal.ADMIN))
                        .build(),
                HttpResponse.BodyHandlers.ofString())
                .body();
        return switch (JsonReader.STANDARD.read(body.getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
            case JsonReading.Read read -> read.object();
            default -> throw new AssertionError("Expected JSON, found " + body);
        };
    }

    private Map<String, String> environment(RealRedis redis, FaultProxy line, ScriptedOllama model) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("MONGODB_URI",
                "mongodb://" + line.host() + ":" + line.port() + "/" + database + "?directConnection=true");
        environment.put("REDIS_URL", redis.address());
        environment.put("JWT_SECRET", SECRET);
        environment.put("OLLAMA_SERVER", model.address().toString());
        environment.put("DEFAULT_MODEL", "tiny:latest");
        environment.put("MAX_CONCURRENT_STREAMS", "500");
        environment.put("MODEL_QUEUE_LIMIT", "1000");
        for (String limit : List.of("RATE_LIMIT_MESSAGES_PER_MINUTE", "WS_RATE_LIMIT_REQUESTS", "REST_RATE_LIMIT")) {
            environment.put(limit, "off");
        }
        return environment;
    }

    /** A token of a user. */
    static String token(String user, String secret, String... roles) {
        InstantSource clock = InstantSource.system();
        return JwtIssuer.ofSecret(secret, JwtChecks.DEFAULT, clock, () -> user + "-" + System.nanoTime())
                .issue(
                        new Principal(
                                new UserId(user), user, Set.of(roles), false, Optional.empty(), Instant.EPOCH, Optional.empty()),
                        Duration.ofHours(2));
    }

    /** A hundred numbered words over some four seconds. */
    static Act[] answer() {
        List<Act> acts = new ArrayList<>();
        for (int word = 1; word <= WORDS; word++) {
            acts.add(new Act.Body(ScriptedOllama.line(word(word), "")));
            acts.add(new Act.Pause(PACE));
        }
        acts.add(new Act.Body(ScriptedOllama.lastLine(
                new Completion(Completion.Reason.STOP, Optional.of(1), Optional.of(WORDS)))));
        acts.add(new Act.EndOfBody());
        return acts.toArray(Act[]::new);
    }

    private static String words() {
        StringBuilder text = new StringBuilder();
        for (int word = 1; word <= WORDS; word++) {
            text.append(word(word));
        }
        return text.toString();
    }

    private static String word(int number) {
        return "word" + number + (number % 10 == 0 ? " 🙂 " : " ");
    }

    private void pause(int least, int most) {
        long end = System.nanoTime() + Duration.ofMillis(least + random.nextInt(most - least)).toNanos();
        // It may return early, and does after a process was waited for.
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private <T extends AutoCloseable> T opening(T thing) {
        opened.push(thing);
        return thing;
    }
}
