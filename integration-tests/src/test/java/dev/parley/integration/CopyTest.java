package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.parley.adapter.embedded.sqlite.DataFolder;
import dev.parley.adapter.embedded.sqlite.SqliteDatabase;
import dev.parley.bootstrap.Conversation;
import dev.parley.bootstrap.Parley;
import dev.parley.bootstrap.StartException;
import dev.parley.bootstrap.StoreTools;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.bootstrap.settings.SettingsSources;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.message.Feedback;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.SessionId;
import dev.parley.testkit.file.Bytes;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything durable moves from the embedded store to MongoDB and back, and is what it was. */
class CopyTest {

    private static final String PART = "part-of-a-form";

    @TempDir
    Path folder;

    private final MongoServer server = new MongoServer(new MemoryBackend());
    private final HttpClient http = HttpClient.newHttpClient();
    private final PacedModel model = new PacedModel(Duration.ofMillis(1));
    private String mongo = "";

    @BeforeEach
    void start() {
        mongo = "mongodb://127.0.0.1:" + server.bind().getPort() + "/copied";
    }

    @AfterEach
    void end() {
        http.close();
        server.shutdownNow();
    }

    @Test
    void what_is_brought_to_mongodb_and_back_is_what_it_was_and_nothing_comes_twice() throws Exception {
        String file = talk("here");
        StoreTools.Copied there = copy("here", StoreTools.EMBEDDED, mongo);
        assertThat(there.sessions()).isEqualTo(2);
        assertThat(there.messages()).isEqualTo(7);
        assertThat(there.files()).isEqualTo(1);
        assertThat(there.topics()).isEqualTo(2);
        assertThat(there.revocations()).isEqualTo(2);
        assertThat(copy("here", StoreTools.EMBEDDED, mongo)).isEqualTo(there);

        StoreTools.Copied back = copy("back", mongo, StoreTools.EMBEDDED);
        assertThat(back).isEqualTo(there);
        try (Parley parley = parley("back"); Conversation talk = parley.conversation("ann", "kitchen")) {
            List<Message> messages = talk.history(50);
            assertThat(messages).extracting(Message::content).contains("Second thought", "", "Hello again");
            Message edited = messages.stream().filter(m -> m.content().equals("Second thought")).findFirst().orElseThrow();
            assertThat(talk.versions(edited.id())).extracting(v -> v.content())
                    .containsExactly("First thought", "Better thought");
            assertThat(edited.reactions()).containsOnlyKeys("🎉");
            assertThat(talk.search("hello again")).hasSize(1);
            assertThat(get(parley, "/api/chat/attachments/" + file).body()).isEqualTo("a line to keep");
            // The session goes on where it was.
            assertThat(talk.ask("And now?").await(Duration.ofSeconds(30)).content()).isEqualTo(PacedModel.answerTo("And now?"));
        }
    }

    @Test
    void what_is_in_mongodb_is_written_out_from_there_and_backed_up_by_its_own_means() throws Exception {
        talk("here");
        copy("here", StoreTools.EMBEDDED, mongo);
        Settings settings = settings(
                Map.of("DATA_DIR", folder.resolve("none").toString(), "MONGODB_URI", mongo, "JWT_SECRET", "x".repeat(40)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(StoreTools.export(settings, Optional.of(new SessionId("kitchen")), "markdown", out)).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Second thought", "Hello again");
        assertThatThrownBy(() -> StoreTools.backup(settings, folder.resolve("copy.db"))).hasMessageContaining("mongodump");
    }

    @Test
    void a_copy_goes_on_where_the_last_one_ended() throws Exception {
        talk("here");
        copy("here", StoreTools.EMBEDDED, mongo);
        try (Parley parley = parley("here"); Conversation talk = parley.conversation("ann", "kitchen")) {
            talk.send("One more");
            talk.edit(talk.history(1).getFirst().id(), "One more, really");
        }
        StoreTools.Copied more = copy("here", StoreTools.EMBEDDED, mongo);
        assertThat(copy("back", mongo, StoreTools.EMBEDDED)).isEqualTo(more);
    }

    @Test
    void what_is_forgotten_leaves_positions_messages_and_versions() throws Exception {
        talk("here");
        try (DataFolder data = DataFolder.lock(folder.resolve("here")); SqliteDatabase database = SqliteDatabase.open(data)) {
            assertThat(database.sessions().forgetChanges(Instant.now().plusSeconds(60))).isPositive();
        }
        StoreTools.Copied there = copy("here", StoreTools.EMBEDDED, mongo);
        assertThat(copy("back", mongo, StoreTools.EMBEDDED).checksum()).isEqualTo(there.checksum());
    }

    @Test
    void a_store_that_holds_something_else_is_not_written_over() throws Exception {
        talk("here");
        copy("here", StoreTools.EMBEDDED, mongo);
        try (Parley parley = parley("other"); Conversation talk = parley.conversation("eve", "kitchen")) {
            talk.send("This is mine");
        }
        assertThatThrownBy(() -> copy("other", StoreTools.EMBEDDED, mongo)).isInstanceOf(CorruptDataException.class);
        assertThatThrownBy(() -> copy("other", mongo, StoreTools.EMBEDDED)).isInstanceOf(CorruptDataException.class);
        try (Parley parley = parley("other"); Conversation talk = parley.conversation("eve", "kitchen")) {
            assertThat(talk.history(1).getFirst().content()).isEqualTo("This is mine");
        }
    }

    @Test
    void a_copy_that_is_killed_again_and_again_goes_on_both_ways() throws Exception {
        long seed = Long.getLong("parley.seed", new Random().nextLong());
        Random random = new Random(seed);
        talk("here");
        talkMuch("here");
        String there = killed(2, random, "here", StoreTools.EMBEDDED, mongo);
        String back = killed(1, random, "back", mongo, StoreTools.EMBEDDED);
        assertThat(back).as("seed %d", seed).isEqualTo(there);
        try (Parley parley = parley("back"); Conversation talk = parley.conversation("ann", "room-7")) {
            assertThat(talk.history(100)).hasSize(60);
        }
    }

    @Test
    void a_store_that_a_server_uses_is_not_copied_nor_copied_to() throws Exception {
        talk("here");
        try (Parley parley = parley("here")) {
            assertThat(parley.health().ready()).isTrue();
            assertThatThrownBy(() -> copy("here", StoreTools.EMBEDDED, mongo))
                    .isInstanceOfSatisfying(StartException.class, refused -> assertThat(refused.reason())
                            .isEqualTo(StartException.Reason.DATA_FOLDER));
        }
        try (Parley parley = Parley.builder()
                .withoutHost()
                .dataFolder(folder.resolve("server"))
                .models(model, model)
                .set("MONGODB_URI", mongo)
                .build()) {
            assertThat(parley.health().ready()).isTrue();
            assertThatThrownBy(() -> copy("here", StoreTools.EMBEDDED, mongo))
                    .isInstanceOfSatisfying(StartException.class, refused -> assertThat(refused.reason())
                            .isEqualTo(StartException.Reason.TAKEN));
        }
        assertThat(copy("here", StoreTools.EMBEDDED, mongo).sessions()).isEqualTo(2);
    }

    @Test
    void what_is_not_there_is_not_copied() {
        assertThatThrownBy(() -> copy("nothing", StoreTools.EMBEDDED, mongo))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("found no");
        assertThatThrownBy(() -> copy("nothing", mongo, StoreTools.EMBEDDED))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> copy("nothing", "mongodb://127.0.0.1:1/none?serverSelectionTimeoutMS=100", StoreTools.EMBEDDED))
                .isInstanceOfSatisfying(StartException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(StartException.Reason.DEPENDENCY));
    }

    /** Copies in processes that are killed while they do, and once in one that is not; what that says in the end. */
    private String killed(int times, Random random, String data, String from, String to) throws Exception {
        for (int kill = 0; kill < times; kill++) {
            try (ServerProcess copying = copying(data, from, to)) {
                await().atMost(Frames.PATIENCE).until(() -> copying.out().contains("Topics:"));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(500)));
                copying.kill();
            }
        }
        try (ServerProcess copying = copying(data, from, to)) {
            assertThat(copying.exitCode()).as(copying.err()).isZero();
            assertThat(copying.out()).contains("Copied and compared: ");
            return copying.out().substring(copying.out().indexOf("SHA-256"));
        }
    }

    private ServerProcess copying(String data, String from, String to) throws Exception {
        return ServerProcess.launch(
                folder, Map.of("DATA_DIR", folder.resolve(data).toString()), "copy", "--from", from, "--to", to);
    }

    private void talkMuch(String name) {
        try (Parley parley = parley(name)) {
            for (int room = 0; room < 10; room++) {
                try (Conversation talk = parley.conversation("ann", "room-" + room)) {
                    for (int number = 0; number < 60; number++) {
                        talk.send("Number " + number);
                    }
                }
            }
        }
    }

    /** Fills a store with a little of everything; the id of a file in it. */
    private String talk(String name) throws Exception {
        try (Parley parley = parley(name);
                Conversation talk = parley.conversation("ann", "kitchen");
                Conversation other = parley.conversation("bob", "garden")) {
            Message first = talk.send("First thought");
            talk.edit(first.id(), "Better thought");
            talk.react(first.id(), "🎉");
            talk.edit(first.id(), "Second thought");
            Message regretted = talk.send("I should not say this");
            talk.edit(regretted.id(), "Nor this");
            talk.delete(regretted.id());
            Message answer = talk.ask("What is there?").await(Duration.ofSeconds(30));
            talk.rate(answer.id(), new Feedback(Optional.of(true), Optional.of(5)));
            talk.seen(answer.id());
            talk.reply(first.id(), "In a thread");
            talk.send("Hello again");
            other.send("Elsewhere");
            String file = upload(parley);
            post(parley, "PUT", "/api/investigations/case-1", "{\"audience\":[\"ann\",\"bob\"]}");
            for (int number = 1; number <= 3; number++) {
                post(parley, "POST", "/api/investigations/case-1/updates",
                        "{\"update_type\":\"progress\",\"data\":{\"n\":" + number + "}}");
            }
            post(parley, "PUT", "/api/investigations/case-2", "{\"audience\":[]}");
            post(parley, "POST", "/api/admin/revocations", "{\"token_id\":\"t-1\"}");
            post(parley, "POST", "/api/admin/revocations", "{\"user_id\":\"mallory\"}");
            return file;
        }
    }

    private String upload(Parley parley) throws Exception {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(("--" + PART + "\r\nContent-Disposition: form-data; name=\"session_id\"\r\n\r\nkitchen\r\n--" + PART
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"notes.txt\"\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        form.writeBytes(Bytes.of("a line to keep").all());
        form.writeBytes(("\r\n--" + PART + "--\r\n").getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer = http.send(
                request(parley, "/api/chat/uploads")
                        .header("Content-Type", "multipart/form-data; boundary=" + PART)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(form.toByteArray()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Frames.parsed(answer.body()).requiredText("attachment_id");
    }

    private void post(Parley parley, String method, String path, String body) throws Exception {
        HttpResponse<String> answer = http.send(
                request(parley, path)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isBetween(200, 299);
    }

    private HttpResponse<String> get(Parley parley, String path) throws Exception {
        return http.send(request(parley, path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(Parley parley, String path) {
        String token = parley.openingUrl().orElseThrow().getFragment().substring("token=".length());
        return HttpRequest.newBuilder(URI.create(parley.url() + path)).header("Authorization", "Bearer " + token);
    }

    private Parley parley(String name) {
        return Parley.builder()
                .dataFolder(folder.resolve(name))
                .set("PORT", "0")
                .set("RATE_LIMIT_MESSAGES_PER_MINUTE", "off")
                .models(model, model)
                .build();
    }

    private StoreTools.Copied copy(String data, String from, String to) {
        Settings settings = settings(Map.of("DATA_DIR", folder.resolve(data).toString()));
        List<String> said = new ArrayList<>();
        StoreTools.Copied copied = StoreTools.copy(settings, from, to, said::add);
        assertThat(said).isNotEmpty();
        return copied;
    }

    private static Settings settings(Map<String, String> said) {
        return Settings.read(new SettingsSources(said, Map.of(), Map.of(), Optional.empty(), false)).orThrow();
    }
}
