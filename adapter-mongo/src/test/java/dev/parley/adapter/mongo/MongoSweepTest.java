package dev.parley.adapter.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import dev.parley.adapter.mongo.FaultyClient.Fault;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Role;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.BlobStore;
import dev.parley.domain.store.Slice;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.topic.TopicId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nobody sees any more goes, and nothing else does. */
class MongoSweepTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    /** Names of what is stored hold the time of this computer. */
    private final Instant now = Instant.now();
    private final Instant later = now.plus(Duration.ofHours(25));
    private static final SessionId ROOM = new SessionId("room");

    private MongoFixture database;
    private MongoAdapter adapter;
    private MongoClient client;

    @BeforeEach
    void open() {
        database = new MongoFixture();
        adapter = database.connect();
        client = MongoClients.create(MongoAdapter.client(database.settings()).build());
    }

    @AfterEach
    void close() {
        client.close();
        database.close();
    }

    private MongoDatabase raw() {
        return client.getDatabase(database.settings().database());
    }

    private long count(String collection) {
        return raw().getCollection(collection).countDocuments();
    }

    private static void openRoom(MongoAdapter node) {
        Session fresh = Session.fresh(ROOM, Optional.empty(), Visibility.SHARED, Optional.empty(), START);
        node.sessions().write(ROOM, step -> step.append(START, new Change.SessionOpened(fresh)));
    }

    private static Change say(MongoAdapter node, SessionId session, String id, String text) {
        Message message = Message.written(
                new MessageId(id), session, Optional.empty(), new Author.Person(new UserId("ana"), "Ana"), Role.USER, text, START,
                Optional.empty(), ClientMetadata.NONE);
        return node.sessions().write(session, step -> step.append(START, new Change.MessageAdded(message)));
    }

    @Test
    void subscriptions_that_ended_go_and_living_ones_stay() {
        TopicId topic = TopicId.named("t");
        adapter.topics().subscribe(ROOM, topic, now, now.plusSeconds(10));
        adapter.topics().subscribe(new SessionId("other"), topic, now, later.plusSeconds(10));
        adapter.sweep(now.plusSeconds(20));
        assertThat(count("subscriptions")).isEqualTo(2);
        adapter.sweep(later);
        assertThat(count("subscriptions")).isEqualTo(1);
        assertThat(adapter.topics().subscriptions(new SessionId("other"), later)).hasSize(1);
    }

    @Test
    void of_a_purged_session_nothing_is_left_in_the_end() {
        openRoom(adapter);
        say(adapter, ROOM, "m-1", "one");
        adapter.sessions().reach(ROOM, new UserId("ana"), 1);
        adapter.sessions().purge(ROOM);
        assertThat(count("messages") + count("changes") + count("reaches")).isZero();
        adapter.sweep(now);
        assertThat(count("sessions")).as("kept until nobody can be late").isEqualTo(1);
        adapter.sweep(later);
        assertThat(count("sessions")).isZero();
    }

    @Test
    void a_session_that_was_opened_again_keeps_what_is_its_own() {
        openRoom(adapter);
        say(adapter, ROOM, "m-1", "before");
        adapter.sessions().purge(ROOM);
        openRoom(adapter);
        say(adapter, ROOM, "m-1", "after");
        adapter.sweep(later);
        assertThat(adapter.messages().page(ROOM, new Slice.Newest(5)).items()).extracting(Message::content)
                .containsExactly("after");
        assertThat(adapter.messages().find(new MessageId("m-1"))).isPresent();
        assertThat(raw().getCollection("sessions").find().first()).doesNotContainKey("purged");
    }

    @Test
    void message_ids_that_a_dead_node_took_are_free_again_at_last() {
        SessionId other = new SessionId("other");
        openRoom(adapter);
        Session fresh = Session.fresh(other, Optional.empty(), Visibility.SHARED, Optional.empty(), START);
        adapter.sessions().write(other, step -> step.append(START, new Change.SessionOpened(fresh)));
        FaultyClient faulty = new FaultyClient(MongoClients.create(MongoAdapter.client(database.settings()).build()));
        try (MongoAdapter dying =
                MongoAdapter.connect(database.settings(), faulty.client(), Projection.Sizes.DEFAULT, Telemetry.SILENT)) {
            faulty.arm(Fault.DIES_AFTER, 0);
            assertThatThrownBy(() -> say(dying, ROOM, "m-1", "lost"))
                    .isInstanceOf(UnavailableException.class);
            faulty.disarm();
        }
        assertThat(count("messages")).isEqualTo(1);
        assertThat(adapter.messages().find(new MessageId("m-1"))).isEmpty();
        assertThatThrownBy(() -> say(adapter, other, "m-1", "mine"))
                .as("the other may still come")
                .isInstanceOf(IllegalStateException.class);
        adapter.sweep(now);
        assertThat(count("messages")).isEqualTo(1);
        adapter.sweep(later);
        assertThat(count("messages")).isZero();
        assertThat(say(adapter, other, "m-1", "mine").position()).isEqualTo(2);
    }

    @Test
    void an_id_that_a_dead_node_took_is_free_as_soon_as_its_session_went_on() {
        SessionId other = new SessionId("other");
        openRoom(adapter);
        Session fresh = Session.fresh(other, Optional.empty(), Visibility.SHARED, Optional.empty(), START);
        adapter.sessions().write(other, step -> step.append(START, new Change.SessionOpened(fresh)));
        FaultyClient faulty = new FaultyClient(MongoClients.create(MongoAdapter.client(database.settings()).build()));
        try (MongoAdapter dying =
                MongoAdapter.connect(database.settings(), faulty.client(), Projection.Sizes.DEFAULT, Telemetry.SILENT)) {
            faulty.arm(Fault.DIES_AFTER, 0);
            assertThatThrownBy(() -> say(dying, ROOM, "m-1", "lost"))
                    .isInstanceOf(UnavailableException.class);
            faulty.disarm();
        }
        say(adapter, ROOM, "m-2", "on");
        assertThat(say(adapter, other, "m-1", "mine").position()).isEqualTo(2);
        assertThat(adapter.messages().find(new MessageId("m-1")).orElseThrow().session()).isEqualTo(other);
    }

    @Test
    void whoever_reads_a_large_content_reads_on_while_it_is_removed_and_its_bytes_go_later() throws IOException {
        byte[] content = new byte[5_000_000];
        new Random(1).nextBytes(content);
        Sha256 hash = keep("one", content);
        try (InputStream in = adapter.blobs().find(hash).orElseThrow().open()) {
            in.readNBytes(10);
            assertThat(adapter.blobs().remove(hash, START.plusSeconds(1))).isTrue();
            adapter.sweep(now);
            assertThat(in.readAllBytes()).hasSize(content.length - 10);
        }
        assertThat(adapter.blobs().find(hash)).isEmpty();
        assertThat(count("blobs.chunks")).isPositive();
        adapter.sweep(later);
        assertThat(count("blobs.chunks")).isZero();
        assertThat(count("blobs.files")).isZero();
    }

    @Test
    void bytes_that_something_names_stay() throws IOException {
        Sha256 hash = keep("one", new byte[] {1, 2, 3});
        adapter.blobs().write(new AttachmentId("two"), 0, ByteBuffer.wrap(new byte[] {4, 5}));
        BlobStore.Draft left = adapter.blobs().assemble(new AttachmentId("two"), 1);
        assertThat(count("blobs.files")).isEqualTo(3);
        adapter.sweep(later);
        assertThat(count("blobs.files")).as("a draft of a process that died is gone").isEqualTo(2);
        try (InputStream in = adapter.blobs().find(hash).orElseThrow().open()) {
            assertThat(in.readAllBytes()).containsExactly(1, 2, 3);
        }
        assertThat(adapter.blobs().pieces(new AttachmentId("two"))).hasSize(1);
        assertThat(left.size()).isEqualTo(2);
    }

    @Test
    void much_is_removed_piece_by_piece() {
        MongoCollection<Document> much = raw().getCollection("much");
        for (int i = 0; i < 7; i++) {
            much.insertOne(new Document("_id", i).append("old", i < 6));
        }
        Piecemeal.delete(much, Filters.eq("old", true), 2);
        assertThat(much.find().into(new ArrayList<>())).containsExactly(new Document("_id", 6).append("old", false));
        List<List<Integer>> pieces = new ArrayList<>();
        Piecemeal.each(List.of(1, 2, 3), 2, pieces::add);
        Piecemeal.each(List.<Integer>of(), 2, pieces::add);
        assertThat(pieces).containsExactly(List.of(1, 2), List.of(3));
    }

    private Sha256 keep(String upload, byte[] content) {
        AttachmentId id = new AttachmentId(upload);
        adapter.blobs().write(id, 0, ByteBuffer.wrap(content));
        try (BlobStore.Draft draft = adapter.blobs().assemble(id, 1)) {
            draft.keep(START);
            adapter.blobs().discard(id);
            return draft.sha256();
        }
    }
}
