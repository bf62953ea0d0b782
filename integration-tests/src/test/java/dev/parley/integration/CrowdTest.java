package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.application.Caller;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Statistics;
import dev.parley.bootstrap.Parley;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.session.ClientInfo;
import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.wire.RawClient;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A thousand people who read, fifty tokens a second for each, and one who does not read at all. */
@Isolated("A thousand connections want the machine for themselves")
class CrowdTest {

    private static final int SESSIONS = 10;
    private static final int IN_EACH = 100;
    private static final int CROWD = SESSIONS * IN_EACH;
    private static final String QUESTION = "A long question";
    private static final String ASIDE = "x".repeat(4000);
    private static final String LAST = "That was it";
    /** What waits for one client at most. */
    private static final int OUTBOUND = 64 << 10;
    /** For each connection, its client's side counted: an unbounded backlog for one of them alone is more than all may take. */
    private static final long HEAP_EACH = 64 << 10;

    private static final Caller ADMIN =
            new Caller(Principal.trusted(new UserId("root"), Principal.ADMIN), ClientInfo.UNKNOWN, "test");

    @TempDir
    Path folder;

    private final PacedModel model = new PacedModel(Duration.ofMillis(20));
    private final HttpClient http = HttpClient.newHttpClient();
    private Parley parley;
    private String token;
    private int messages;

    @BeforeEach
    void start() {
        parley = Parley.builder()
                .dataFolder(folder.resolve("data"))
                .set("PORT", "0")
                .set("WEBSOCKET_MAX_CONNECTIONS", String.valueOf(CROWD + 1))
                .set("WEBSOCKET_MAX_CONNECTIONS_PER_USER", "off")
                .set("RATE_LIMIT_MESSAGES_PER_MINUTE", "off")
                .set("WS_RATE_LIMIT_REQUESTS", "off")
                .set("REST_RATE_LIMIT", "off")
                .set("OUTBOUND_BUFFER", String.valueOf(OUTBOUND))
                .set("MAX_CONCURRENT_STREAMS", String.valueOf(SESSIONS))
                .models(model, model)
                .build();
        token = parley.openingUrl().orElseThrow().getFragment().substring("token=".length());
    }

    @AfterEach
    void end() {
        parley.close();
        http.close();
    }

    @Test
    void everybody_gets_every_token_and_who_does_not_read_is_cut_and_costs_nobody_anything() throws Exception {
        long before = heap();
        List<Member> crowd = new ArrayList<>();
        try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor();
                RawClient stalled = new RawClient(parley.port(), 4 << 10)) {
            assertThat(stalled.handshake("/ws/crowd0?token=" + token)).startsWith("HTTP/1.1 101 ");
            for (int i = 0; i < CROWD - 1; i++) {
                int session = (i + 1) % SESSIONS;
                crowd.add(new Member(session, RawClient.open(parley.port(), "/ws/crowd" + session + "?token=" + token)));
            }
            assertThat(connections()).isEqualTo(CROWD);
            List<Future<String>> read = new ArrayList<>();
            for (int session = 0; session < SESSIONS; session++) {
                say(session, QUESTION, true);
            }
            for (Member member : crowd) {
                read.add(people.submit(member::read));
            }

            cutOff(crowd.stream().filter(member -> member.session == 0).toList());
            long used = heap() - before;

            for (int session = 0; session < SESSIONS; session++) {
                say(session, LAST, false);
            }
            for (Future<String> each : read) {
                assertThat(each.get(Frames.PATIENCE.toSeconds() * 2, TimeUnit.SECONDS)).isEqualTo("completed");
            }
            assertThat(closing(stalled)).startsWith("4000 ");
            assertThat(connections()).as("nobody else was cut off").isEqualTo(CROWD - 1);
            assertThat(used / CROWD).as("bytes of heap for each connection").isLessThan(HEAP_EACH);
        } finally {
            for (Member member : crowd) {
                member.client.close();
            }
        }
    }

    /** Says much where somebody does not read, and only as fast as the others there read, until the server has had enough. */
    private void cutOff(List<Member> others) throws Exception {
        for (int said = 1; connections() == CROWD; said++) {
            assertThat(said).as("messages of 4 KB for a client that does not read").isLessThan(500);
            say(0, ASIDE, false);
            int wanted = said;
            await().atMost(Frames.PATIENCE)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> others.stream().allMatch(member -> member.asides.get() >= wanted));
        }
    }

    private void say(int session, String content, boolean reply) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(parley.url().resolve("/api/chat/sessions/crowd" + session + "/frames"))
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"type\":\"message\",\"id\":\"" + ++messages + "\",\"reply\":" + reply + ",\"content\":\""
                                        + content + "\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).contains("\"ack\"");
    }

    private long connections() {
        return switch (parley.engine().handle(ADMIN, new Command.GetStatistics())) {
            case Outcome.Done<Statistics> done -> done.value().connections().total();
            case Outcome.Refused<Statistics> refused -> throw new AssertionError(refused);
        };
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static String closing(RawClient client) throws Exception {
        RawClient.Received frame = client.next();
        while (frame.opcode() != 8) {
            frame = client.next();
        }
        return frame.closing();
    }

    /** Somebody who holds what they are shown against what the model writes, until the last word of all is said. */
    private static final class Member {

        private static final String EXPECTED = PacedModel.answerTo(QUESTION);

        private final int session;
        private final RawClient client;
        private int shown;
        private final AtomicInteger asides = new AtomicInteger();

        Member(int session, RawClient client) {
            this.session = session;
            this.client = client;
        }

        /** How the reply ended. */
        String read() throws Exception {
            String status = "";
            boolean last = false;
            while (status.isEmpty() || !last) {
                JsonObject frame = Frames.parsed(client.next().text());
                switch (Frames.type(frame)) {
                    case "message" -> {
                        String content = frame.requiredText("content");
                        last |= content.equals(LAST);
                        if (content.equals(ASIDE)) {
                            asides.incrementAndGet();
                        }
                    }
                    case "stream_start" -> shown = 0;
                    case "stream_chunk" -> {
                        String piece = frame.requiredText("content");
                        assertThat(EXPECTED.startsWith(piece, shown)).as("%s at %d", piece, shown).isTrue();
                        shown += piece.length();
                    }
                    case "stream_end" -> {
                        assertThat(shown).as("characters shown").isEqualTo(EXPECTED.length());
                        status = frame.requiredText("status");
                    }
                    case "error", "disconnect" -> throw new AssertionError("Expected no trouble, found " + frame);
                    default -> {}
                }
            }
            return status;
        }
    }
}
