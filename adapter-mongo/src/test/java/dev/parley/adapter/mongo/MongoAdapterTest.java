package dev.parley.adapter.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.mongodb.MongoClientSettings;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Updates;
import de.bwaldvogel.mongo.MongoServer;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.Circuit;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Role;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.store.Slice;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.testkit.wire.FreePort;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MongoAdapterTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final SessionId ROOM = new SessionId("room");

    private MongoFixture database;

    @BeforeEach
    void open() {
        database = new MongoFixture();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static void openRoom(MongoAdapter adapter) {
        Session fresh = Session.fresh(ROOM, Optional.empty(), Visibility.SHARED, Optional.empty(), START);
        adapter.sessions().write(ROOM, step -> step.append(START, new Change.SessionOpened(fresh)));
    }

    private static Change say(MongoAdapter adapter, String id, String text) {
        Message message = Message.written(
                new MessageId(id), ROOM, Optional.empty(), new Author.Person(new UserId("ana"), "Ana"), Role.USER, text, START,
                Optional.empty(), ClientMetadata.NONE);
        return adapter.sessions().write(ROOM, step -> step.append(START, new Change.MessageAdded(message)));
    }

    @Test
    void an_address_is_read_and_its_password_never_told() {
        MongoSettings settings = MongoSettings.of("mongodb://ana:secret@db.example:27018/chat?tls=true");
        assertThat(settings.database()).isEqualTo("chat");
        assertThat(MongoSettings.of("mongodb://localhost").database()).isEqualTo("parley");
        assertThat(settings.toString()).contains("db.example", "chat").doesNotContain("secret").doesNotContain("ana");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost:27017", "redis://localhost", "mongodb://", "mongodb://ana:sec:ret@host/x"})
    void an_address_that_makes_no_sense_is_refused_without_being_repeated(String uri) {
        assertThatThrownBy(() -> MongoSettings.of(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mongodb://host:27017/parley")
                .hasMessageNotContaining("sec")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "a%20b", "a$b", "a%2Fb", "a:b", "a%22b",
        "1234567890123456789012345678901234567890123456789012345678901234"})
    void a_database_that_cannot_be_called_so_is_refused(String name) {
        assertThatThrownBy(() -> MongoSettings.of("mongodb://ana:secret@localhost/" + name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Expected")
                .hasMessageNotContaining("secret");
    }

    @Test
    void writes_wait_for_the_journals_of_a_majority_and_nothing_waits_for_ever() {
        MongoClientSettings driver = MongoAdapter.client(
                MongoSettings.of("mongodb://localhost/?w=1&journal=false&readConcernLevel=local&readPreference=secondary"))
                .build();
        assertThat(driver.getWriteConcern().getWString()).isEqualTo("majority");
        assertThat(driver.getWriteConcern().getJournal()).isTrue();
        assertThat(driver.getWriteConcern().getWTimeout(TimeUnit.SECONDS)).isEqualTo(15);
        assertThat(driver.getReadConcern()).isEqualTo(ReadConcern.MAJORITY);
        assertThat(driver.getReadPreference()).isEqualTo(ReadPreference.primary());
        assertThat(driver.getSocketSettings().getReadTimeout(TimeUnit.SECONDS)).isEqualTo(15);
        assertThat(driver.getSocketSettings().getConnectTimeout(TimeUnit.SECONDS)).isEqualTo(5);
        assertThat(driver.getClusterSettings().getServerSelectionTimeout(TimeUnit.SECONDS)).isEqualTo(5);
        assertThat(driver.getConnectionPoolSettings().getMaxWaitTime(TimeUnit.SECONDS)).isEqualTo(15);
    }

    @Test
    void a_server_that_is_away_is_said_to_be_away() {
        MongoSettings nowhere = new MongoSettings(
                "mongodb://127.0.0.1:1", "x", Duration.ofMillis(200), Duration.ofMillis(200), 5);
        assertThatThrownBy(() -> MongoAdapter.connect(nowhere))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("no server answers");
    }

    @Test
    void a_server_that_goes_away_acknowledges_nothing_and_comes_back_by_itself() {
        MongoServer server = MongoPeer.inJava();
        int port = FreePort.find();
        server.bind("127.0.0.1", port);
        MongoSettings settings =
                new MongoSettings("mongodb://127.0.0.1:" + port, "x", Duration.ofMillis(500), Duration.ofSeconds(20), 5);
        try (MongoAdapter adapter = MongoPeer.connected(settings, Telemetry.SILENT)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> adapter.fault().isEmpty());
            assertThat(adapter.server()).startsWith("MongoDB ");
            openRoom(adapter);
            server.shutdownNow();
            assertThat(adapter.fault()).isPresent();
            assertThatThrownBy(() -> say(adapter, "m-1", "lost")).isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> adapter.sessions().find(ROOM)).isInstanceOf(UnavailableException.class);
            MongoServer again = MongoPeer.inJava();
            again.bind("127.0.0.1", port);
            try {
                await().atMost(Duration.ofSeconds(30)).until(() -> adapter.fault().isEmpty());
                openRoom(adapter);
                assertThat(say(adapter, "m-1", "kept").position()).isEqualTo(2);
            } finally {
                again.shutdownNow();
            }
        } finally {
            server.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.2.25", "3.6", "4.0.0-rc1", "garbage"})
    void a_server_that_is_too_old_is_refused_by_name(String version) {
        assertThatThrownBy(() -> Schema.checkServer(version))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("4.4")
                .hasMessageContaining(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.4.0", "5.0.0", "8.0.4-rc0", "10.1"})
    void newer_servers_are_let_in(String version) {
        Schema.checkServer(version);
    }

    @Test
    void a_database_of_a_newer_program_is_left_alone() {
        database.connect();
        try (MongoClient client = client()) {
            about(client).updateOne(Filters.eq("_id", "schema"), Updates.set("version", 99));
        }
        assertThatThrownBy(() -> database.connect())
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("99");
    }

    @Test
    void an_older_database_is_brought_forward_step_by_step_and_once() {
        List<String> done = new ArrayList<>();
        try (MongoClient client = client()) {
            Store store = new Store(
                    client.getDatabase(database.settings().database()),
                    new Calls(new Circuit("MongoDB", System::nanoTime, up -> {}), Duration.ofSeconds(20)));
            new Schema(store, List.of()).prepare();
            List<Schema.Migration> migrations = List.of(any -> done.add("to 2"), any -> done.add("to 3"));
            new Schema(store, migrations).prepare();
            new Schema(store, migrations).prepare();
            assertThat(done).containsExactly("to 2", "to 3");
            assertThat(about(client).find(Filters.eq("_id", "schema")).first()).containsEntry("version", 3);
        }
    }

    @Test
    void an_index_of_another_shape_is_not_taken_for_ours() {
        // This server lets two indexes have one name; a real one refuses ours.
        MongoServer server = MongoPeer.inJava();
        MongoSettings settings = MongoSettings.of("mongodb:/" + server.bind());
        try (MongoClient client = MongoClients.create(settings.uri())) {
            MongoCollection<Document> messages =
                    client.getDatabase(settings.database()).getCollection("messages");
            messages.createIndex(new Document("somethingElse", 1), new IndexOptions().name("sent"));
            MongoAdapter.connect(settings).close();
            assertThat(messages.listIndexes().map(index -> index.get("key")).into(new ArrayList<>()))
                    .contains(new Document("sent", 1));
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void every_index_is_there_after_the_start() {
        database.connect();
        database.connect();
        try (MongoClient client = client()) {
            List<String> names = client.getDatabase(database.settings().database())
                    .getCollection("messages")
                    .listIndexes()
                    .map(index -> index.getString("name"))
                    .into(new ArrayList<>());
            assertThat(names).contains("life_position", "life_words_position", "sent", "running").doesNotHaveDuplicates();
        }
    }

    @Test
    void whoever_is_interrupted_meanwhile_has_written_all_the_same() {
        MongoAdapter adapter = database.connect();
        openRoom(adapter);
        Thread.currentThread().interrupt();
        Change change = say(adapter, "m-1", "said");
        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        assertThat(change.position()).isEqualTo(2);
        assertThat(adapter.messages().page(ROOM, new Slice.Newest(5)).items()).hasSize(1);
    }

    @Test
    void a_work_that_writes_elsewhere_is_refused_instead_of_waiting_for_itself() {
        MongoAdapter adapter = database.connect();
        openRoom(adapter);
        assertThatThrownBy(() -> adapter.sessions().write(ROOM, step -> say(adapter, "m-1", "nested")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("writes elsewhere");
        assertThat(say(adapter, "m-1", "after").position()).isEqualTo(2);
    }

    @Test
    void no_reader_sees_half_of_a_step_that_was_taken_while_they_looked() {
        FaultyClient dies = new FaultyClient(client());
        FaultyClient looks = new FaultyClient(client());
        try (MongoAdapter writer = connect(dies);
                MongoAdapter reader = connect(looks)) {
            openRoom(writer);
            say(writer, "m-1", "0");
            say(writer, "m-2", "0");
            List<Supplier<List<Message>>> looking = List.of(
                    () -> reader.messages().page(ROOM, new Slice.Newest(5)).items(),
                    () -> reader.messages().context(ROOM, Long.MAX_VALUE, 5),
                    () -> added(reader.sessions().changesAfter(ROOM, 1, 2)));
            for (int round = 1; round <= looking.size(); round++) {
                String text = Integer.toString(round);
                looks.beforeReading("messages", () -> {
                    dies.arm(FaultyClient.Fault.DIES_WITHIN, 1);
                    assertThatThrownBy(() -> editBoth(writer, text)).isInstanceOf(UnavailableException.class);
                    assertThat(dies.disarm()).isTrue();
                });
                assertThat(contents(looking.get(round - 1).get())).containsExactly(text, text);
            }
        }
    }

    @Test
    void a_session_that_cannot_be_brought_up_to_its_last_step_keeps_nobody_from_the_others() {
        FaultyClient dies = new FaultyClient(client());
        SessionId later = new SessionId("the-room-behind");
        try (MongoAdapter dying = connect(dies); MongoClient client = client()) {
            openRoom(dying);
            client.getDatabase(database.settings().database())
                    .getCollection("sessions")
                    .updateOne(
                            Filters.eq("_id", ROOM.value()),
                            Updates.set("effects", new Document("step", "x").append("version", 2L)
                                    .append("parts", 0L)
                                    .append("operations", List.of(new Document("unheard-of", 1)))));
            ask(dying, later, new MessageId("m-1"));
            dies.arm(FaultyClient.Fault.DIES_AFTER, 1);
            assertThatThrownBy(() -> ask(dying, later, new MessageId("m-2"))).isInstanceOf(UnavailableException.class);
            assertThat(dies.disarm()).isTrue();
        }
        MongoAdapter adapter = database.connect();
        assertThat(adapter.messages().find(new MessageId("m-2"))).as("what a dead node left in the other").isPresent();
        assertThat(adapter.replies().unfinished()).isEmpty();
        adapter.sweep(START);
    }

    private MongoAdapter connect(FaultyClient client) {
        return MongoAdapter.connect(database.settings(), client.client(), Projection.Sizes.DEFAULT, Telemetry.SILENT);
    }

    private static void editBoth(MongoAdapter writer, String text) {
        writer.sessions().write(ROOM, step -> {
            for (String id : List.of("m-1", "m-2")) {
                Message message = step.message(new MessageId(id)).orElseThrow();
                step.append(START, new Change.MessageEdited(message.edited(text, START), new UserId("ana")));
            }
            return true;
        });
    }

    private static List<Message> added(SessionStore.Feed feed) {
        return ((SessionStore.Feed.Changes) feed).changes()
                .stream()
                .map(change -> ((Change.MessageAdded) change.body()).message())
                .toList();
    }

    private static List<String> contents(List<Message> messages) {
        return messages.stream().map(Message::content).toList();
    }

    @Test
    void nodes_that_open_one_session_at_once_with_the_same_message_open_it_once() throws Exception {
        List<MongoAdapter> nodes = List.of(database.connect(), database.connect());
        for (int round = 0; round < 5; round++) {
            SessionId ticket = new SessionId("ticket:" + round);
            MessageId question = new MessageId("t1:" + round);
            List<Future<Boolean>> openings = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 16; i++) {
                    MongoAdapter node = nodes.get(i % 2);
                    openings.add(threads.submit(() -> ask(node, ticket, question)));
                }
            }
            int first = 0;
            for (Future<Boolean> opening : openings) {
                first += opening.get() ? 1 : 0;
            }
            assertThat(first).isEqualTo(1);
            assertThat(nodes.getFirst().messages().page(ticket, new Slice.Newest(5)).items()).extracting(Message::id)
                    .containsExactly(question);
        }
    }

    @Test
    void an_id_that_a_dead_step_took_in_an_earlier_life_of_the_session_is_free() {
        MongoAdapter adapter = database.connect();
        MessageId question = new MessageId("t1:x");
        FaultyClient dies = new FaultyClient(client());
        ask(adapter, ROOM, new MessageId("t1:before"));
        try (MongoAdapter dying = connect(dies)) {
            dies.arm(FaultyClient.Fault.DIES_AFTER, 0);
            assertThatThrownBy(() -> ask(dying, ROOM, question)).isInstanceOf(UnavailableException.class);
            dies.disarm();
        }
        adapter.sessions().purge(ROOM);
        assertThat(ask(adapter, ROOM, question)).isTrue();
        assertThat(adapter.messages().find(question)).isPresent();
    }

    /** Whether this was the first to ask. */
    private static boolean ask(MongoAdapter node, SessionId session, MessageId id) {
        Message question = Message.written(
                id, session, Optional.empty(), new Author.Person(new UserId("ana"), "Ana"), Role.USER, "why?", START,
                Optional.empty(),
                ClientMetadata.NONE);
        Session fresh = Session.fresh(session, Optional.empty(), Visibility.SHARED, Optional.empty(), START);
        return node.sessions().write(session, step -> {
            if (step.session().isEmpty()) {
                step.append(START, new Change.SessionOpened(fresh));
            }
            if (step.message(id).isPresent()) {
                return false;
            }
            step.append(START, new Change.MessageAdded(question));
            return true;
        });
    }

    @Test
    void every_commit_is_told() {
        List<TelemetryEvent> told = Collections.synchronizedList(new ArrayList<>());
        try (MongoAdapter adapter = MongoAdapter.connect(database.settings(), told::add)) {
            openRoom(adapter);
            say(adapter, "m-1", "x");
            adapter.sessions().write(ROOM, step -> step.session());
        }
        assertThat(told).hasSize(2)
                .allMatch(event -> event instanceof TelemetryEvent.StoreCommitted committed && committed.steps() == 1);
    }

    @Test
    void what_does_not_fit_into_a_document_is_refused_and_leaves_nothing() {
        MongoAdapter adapter = database.connect();
        openRoom(adapter);
        assertThatThrownBy(() -> say(adapter, "m-1", "x".repeat(17 * 1024 * 1024)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16 MB");
        assertThat(adapter.messages().page(ROOM, new Slice.Newest(5)).items()).isEmpty();
        assertThat(say(adapter, "m-1", "shorter").position()).isEqualTo(2);
    }

    private MongoClient client() {
        return MongoClients.create(MongoAdapter.client(database.settings()).build());
    }

    private MongoCollection<Document> about(MongoClient client) {
        return client.getDatabase(database.settings().database()).getCollection("about");
    }
}
