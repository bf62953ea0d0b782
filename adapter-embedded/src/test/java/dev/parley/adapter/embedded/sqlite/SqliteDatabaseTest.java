package dev.parley.adapter.embedded.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Role;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the file does beyond the contracts: faults, versions, backups, one process alone. */
class SqliteDatabaseTest {
    private static final UserId ANA = new UserId("ana");
    private static final SessionId ROOM = new SessionId("room");

    private final SqliteFixture fixture = new SqliteFixture();
    private final AtomicInteger ids = new AtomicInteger();

    @AfterEach
    void remove() {
        fixture.close();
    }

    private static void openRoom(SqliteDatabase database) {
        Session fresh = Session.fresh(
                ROOM, Optional.of(new Member(ANA, "Ana", Instant.EPOCH)), Visibility.GROUP, Optional.empty(), Instant.EPOCH);
        database.sessions().write(ROOM, step -> step.append(Instant.EPOCH, new Change.SessionOpened(fresh)));
    }

    private Message say(SqliteDatabase database, String content) {
        Message message = Message.written(
                new MessageId("m-" + ids.incrementAndGet()), ROOM, Optional.empty(), new Author.Person(ANA, "Ana"), Role.USER,
                content, Instant.EPOCH, Optional.empty(), ClientMetadata.NONE);
        database.sessions().write(ROOM, step -> step.append(Instant.EPOCH, new Change.MessageAdded(message)));
        return message;
    }

    private Path file() {
        return fixture.path().resolve("parley.db");
    }

    @Test
    void a_folder_is_held_by_one_alone_and_the_other_is_told_which_folder() {
        fixture.open();
        assertThatThrownBy(() -> DataFolder.lock(fixture.path()))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining(fixture.path().getFileName().toString());
        fixture.shut();
        DataFolder.lock(fixture.path()).close();
    }

    @Test
    void a_folder_that_cannot_be_one_is_named() throws Exception {
        Path file = Files.createFile(fixture.path().resolve("file"));
        assertThatThrownBy(() -> DataFolder.lock(file))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    @Timeout(60)
    void what_was_committed_comes_from_the_log_into_the_file_while_everything_goes_on() throws Exception {
        fixture.open();
        SqliteDatabase database = fixture.database();
        openRoom(database);
        say(database, "To be copied");
        while (!Files.readString(file(), StandardCharsets.ISO_8859_1).contains("To be copied")) {
            Thread.onSpinWait();
        }
        say(database, "Behind it");
        assertThat(database.fault()).isEmpty();
    }

    @Test
    @Timeout(60)
    void what_is_acknowledged_waits_for_the_disk_behind_what_nobody_waited_for() {
        fixture.open();
        SqliteDatabase database = fixture.database();
        openRoom(database);
        say(database, "To be found");
        try (Sql sql = new Connections(fixture.folder(), SqliteSettings.DEFAULT).reader()) {
            while (sql.number("SELECT indexed_until FROM search_state") == 0) {
                Thread.onSpinWait();
            }
        }
        assertThat(database.waitsForDisk()).isTrue();
    }

    @Test
    void an_older_file_is_brought_to_this_version_with_all_that_is_in_it() {
        try (DataFolder folder = DataFolder.lock(fixture.path());
                Sql sql = new Connections(folder, SqliteSettings.DEFAULT).writer()) {
            Schema.apply(sql, 0);
            sql.run("INSERT INTO session VALUES (1, 'room', NULL, 'ana', 'Old', 'GROUP', 0, 0, '', '', '', NULL, NULL, 1)");
            sql.run("INSERT INTO session_state VALUES (1, 2, 5, 1, NULL)");
            sql.run("INSERT INTO member VALUES (1, 'ana', 'Ana', 0, 0)");
            sql.run("INSERT INTO change (session, position, at, kind) VALUES (1, 1, 0, 'SESSION_OPENED')");
            sql.run("INSERT INTO message (n, id, session, position, added_at, agent, author, author_name, role, content,"
                    + " created_at) VALUES (1, 'old', 1, 2, 0, 0, 'ana', 'Ana', 'USER', 'Old words', 0)");
            sql.run("INSERT INTO message_place VALUES (1, 2, 1)");
        }
        fixture.open();
        SqliteDatabase database = fixture.database();
        assertThat(database.sessions().find(ROOM).orElseThrow().title()).isEqualTo("Old");
        assertThat(database.messages().search(ROOM, "words", PageRequest.first()).items())
                .extracting(Message::content)
                .containsExactly("Old words");
        say(database, "New words");
        assertThat(database.messages().search(ROOM, "words", PageRequest.first()).total()).isEqualTo(2);
    }

    @Test
    void a_newer_file_and_another_programs_file_are_refused() {
        try (DataFolder folder = DataFolder.lock(fixture.path())) {
            Connections connections = new Connections(folder, SqliteSettings.DEFAULT);
            try (Sql sql = connections.writer()) {
                sql.run("CREATE TABLE theirs (x)");
            }
            assertThatThrownBy(() -> SqliteDatabase.open(folder))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("another program");
            try (Sql sql = connections.writer()) {
                sql.run("PRAGMA user_version = " + (Schema.newest() + 1));
            }
            assertThatThrownBy(() -> SqliteDatabase.open(folder))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("newer Parley");
        }
    }

    @Test
    void a_file_that_is_no_database_is_called_damaged() throws Exception {
        Files.writeString(file(), "This is not a database at all. ".repeat(500));
        try (DataFolder folder = DataFolder.lock(fixture.path())) {
            assertThatThrownBy(() -> SqliteDatabase.open(folder))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining(file().toString());
        }
    }

    @Test
    void damage_inside_is_told_apart_from_what_will_pass() throws Exception {
        fixture.open();
        openRoom(fixture.database());
        for (int i = 0; i < 500; i++) {
            say(fixture.database(), "text ".repeat(40));
        }
        fixture.shut();
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
            byte[] noise = new byte[4096];
            Arrays.fill(noise, (byte) 0xA5);
            for (long at = 4096; at < raw.length(); at += 4096) {
                raw.seek(at);
                raw.write(noise);
            }
        }
        try (DataFolder folder = DataFolder.lock(fixture.path())) {
            assertThatThrownBy(() -> {
                try (SqliteDatabase database = SqliteDatabase.open(folder)) {
                    database.sessions().changesAfter(ROOM, 0, 1_000);
                }
            }).isInstanceOf(CorruptDataException.class).hasMessageContaining("backup");
        }
    }

    @Test
    void a_full_disk_fails_the_writes_and_nothing_else_and_passes() {
        fixture.open();
        SqliteDatabase database = fixture.database();
        openRoom(database);
        Message before = say(database, "before");
        long pages = database.limitPages(0);
        database.limitPages(pages + 2);
        String large = "x".repeat(100_000);
        assertThatThrownBy(() -> say(database, large))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("no room");
        assertThat(database.messages().find(before.id())).isPresent();
        assertThat(database.sessions().find(ROOM).orElseThrow().position()).isEqualTo(2);
        database.limitPages(Integer.MAX_VALUE);
        say(database, large);
        assertThat(database.sessions().find(ROOM).orElseThrow().position()).isEqualTo(3);
        assertThat(database.fault()).isEmpty();
    }

    @Test
    void a_backup_is_a_whole_database_of_its_moment() throws Exception {
        fixture.open();
        openRoom(fixture.database());
        Message before = say(fixture.database(), "before");
        Path target = fixture.path().resolve("copy").resolve("parley.db");
        Files.createDirectories(target.getParent());
        fixture.database().backup(target);
        Message after = say(fixture.database(), "after");
        try (DataFolder folder = DataFolder.lock(target.getParent()); SqliteDatabase copy = SqliteDatabase.open(folder)) {
            assertThat(copy.messages().find(before.id())).isPresent();
            assertThat(copy.messages().find(after.id())).isEmpty();
            assertThat(copy.messages().search(ROOM, "before", PageRequest.first()).total()).isEqualTo(1);
        }
        assertThatThrownBy(() -> fixture.database().backup(fixture.path().resolve("absent").resolve("x.db")))
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void an_interrupted_caller_is_not_left_in_doubt() throws Exception {
        fixture.open();
        openRoom(fixture.database());
        AtomicInteger kept = new AtomicInteger();
        Thread caller = Thread.ofVirtual().start(() -> {
            Thread.currentThread().interrupt();
            say(fixture.database(), "interrupted");
            kept.set(Thread.currentThread().isInterrupted() ? 1 : 2);
        });
        caller.join();
        assertThat(kept).hasValue(1);
        assertThat(fixture.database().sessions().find(ROOM).orElseThrow().position()).isEqualTo(2);
    }

    @Test
    void a_work_that_writes_elsewhere_is_told_so_instead_of_waiting_for_itself() {
        fixture.open();
        SqliteDatabase database = fixture.database();
        openRoom(database);
        assertThatThrownBy(() -> database.sessions().write(ROOM, step -> say(database, "inside")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(say(database, "after").position()).isZero();
    }

    @Test
    void a_closed_database_says_so_and_closing_again_is_harmless() {
        fixture.open();
        fixture.database().close();
        fixture.database().close();
        assertThatThrownBy(() -> openRoom(fixture.database())).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> fixture.database().sessions().find(ROOM)).isInstanceOf(UnavailableException.class);
        assertThat(fixture.database().fault()).isPresent();
    }

    @Test
    void commits_are_told_and_a_large_session_is_purged_in_pieces() {
        ConcurrentLinkedQueue<TelemetryEvent> events = new ConcurrentLinkedQueue<>();
        try (DataFolder folder = DataFolder.lock(fixture.path());
                SqliteDatabase database = SqliteDatabase.open(folder, SqliteSettings.DEFAULT, events::add)) {
            openRoom(database);
            database.sessions().write(ROOM, step -> {
                for (int i = 0; i < 2_500; i++) {
                    Message message = Message.written(
                            new MessageId("bulk-" + i), ROOM, Optional.empty(), new Author.Person(ANA, "Ana"), Role.USER,
                            "bulk", Instant.EPOCH, Optional.of("c-" + i), ClientMetadata.NONE);
                    step.append(Instant.EPOCH, new Change.MessageAdded(message));
                }
                return true;
            });
            assertThat(database.messages().search(ROOM, "bulk", PageRequest.first()).total()).isEqualTo(2_500);
            int before = events.size();
            assertThat(database.sessions().purge(ROOM)).isTrue();
            // A commit is told behind its answer, and before the next one is answered.
            openRoom(database);
            assertThat(events.size()).isGreaterThan(before + 2);
            assertThat(events).allMatch(event -> event instanceof TelemetryEvent.StoreCommitted);
            assertThat(database.messages().find(new MessageId("bulk-0"))).isEmpty();
            assertThat(database.messages().search(ROOM, "bulk", PageRequest.first()).total()).isZero();
        }
    }
}
