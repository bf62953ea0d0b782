package dev.parley.adapter.embedded.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Role;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.SessionStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it writes loses nothing that it acknowledged. */
class SqliteCrashTest {
    private static final int SESSIONS = 20;

    @TempDir
    Path path;

    @RepeatedTest(3)
    void everything_acknowledged_before_the_kill_is_there_after_it() throws Exception {
        long seed = System.nanoTime();
        int enough = 500 + new Random(seed).nextInt(4_000);
        List<String> acknowledged = killAfter(enough);
        assertThat(acknowledged).as("seed %d", seed).hasSizeGreaterThanOrEqualTo(enough);
        try (DataFolder folder = DataFolder.lock(path); SqliteDatabase database = SqliteDatabase.open(folder)) {
            for (String id : acknowledged) {
                assertThat(database.messages().find(new MessageId(id))).as("seed %d, %s", seed, id).isPresent();
            }
            for (int i = 0; i < SESSIONS; i++) {
                assertThat(database.sessions().changesAfter(session(i), 0, 1_000_000))
                        .as("seed %d", seed)
                        .isInstanceOfSatisfying(SessionStore.Feed.Changes.class, feed -> {
                            for (int at = 0; at < feed.changes().size(); at++) {
                                assertThat(feed.changes().get(at).position()).isEqualTo(at + 1);
                            }
                        });
            }
            assertThat(database.fault()).isEmpty();
        }
        try (DataFolder folder = DataFolder.lock(path);
                Sql sql = new Connections(folder, SqliteSettings.DEFAULT).writer()) {
            assertThat(sql.one("PRAGMA quick_check", row -> row.getString(1))).contains("ok");
        }
    }

    private List<String> killAfter(int enough) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SqliteCrashTest.class.getName(),
                path.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> acknowledged = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null) {
                // The last line may have been cut off.
                if (line.endsWith(".")) {
                    acknowledged.add(line.substring(0, line.length() - 1));
                }
                if (acknowledged.size() == enough) {
                    process.toHandle().destroyForcibly(); // unlike the process's own method it leaves the output readable
                }
                line = lines.readLine();
            }
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
        return acknowledged;
    }

    private static SessionId session(int number) {
        return new SessionId("session-" + number);
    }

    /** Writes until it is killed and prints what is acknowledged. */
    public static void main(String[] arguments) {
        SqliteDatabase database = SqliteDatabase.open(DataFolder.lock(Path.of(arguments[0])));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        UserId ana = new UserId("ana");
        for (int i = 0; i < SESSIONS; i++) {
            Session fresh = Session.fresh(
                    session(i), Optional.of(new Member(ana, "Ana", Instant.EPOCH)), Visibility.GROUP, Optional.empty(),
                    Instant.EPOCH);
            database.sessions().write(fresh.id(), step -> step.append(Instant.EPOCH, new Change.SessionOpened(fresh)));
        }
        for (int writer = 0; writer < 32; writer++) {
            int number = writer;
            Thread.ofPlatform().start(() -> {
                for (int i = 0; true; i++) {
                    Message message = Message.written(
                            new MessageId("m-" + number + "-" + i), session(i % SESSIONS), Optional.empty(),
                            new Author.Person(ana, "Ana"), Role.USER, "text " + i, Instant.EPOCH,
                            Optional.of("c-" + number + "-" + i), ClientMetadata.NONE);
                    database.sessions()
                            .write(
                                    message.session(), step -> step.append(Instant.EPOCH, new Change.MessageAdded(message)));
                    out.println(message.id() + ".");
                }
            });
        }
    }
}
