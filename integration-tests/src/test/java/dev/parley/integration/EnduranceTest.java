package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.Parley;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.Prompt;
import dev.parley.protocols.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long reply and two tabs whose connections break all the time. */
class EnduranceTest {

    private static final List<Link.Transport> TRANSPORTS = List.of(Link.Transport.values());
    private static final int WORDS = 2000;
    private static final int DISCONNECTS_OF_EACH = 25;
    private static final int WORDS_PER_DISCONNECT = 36;
    private static final Duration LONGEST_CONNECTION = Duration.ofMillis(60);

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    /** How many words the model may write: the reply must not be over before the last connection was cut. */
    private final Semaphore allowed = new Semaphore(WORDS - 2 * DISCONNECTS_OF_EACH * WORDS_PER_DISCONNECT);
    private final CountDownLatch connected = new CountDownLatch(2);

    private Parley parley;
    private String token;

    @BeforeEach
    void start() {
        parley = Parley.builder()
                .dataFolder(folder.resolve("data"))
                .set("PORT", "0")
                .set("REST_RATE_LIMIT", "100000")
                .set("WEBSOCKET_MAX_CONNECTIONS_PER_USER", "1000")
                .models(this::write, new PacedModel())
                .build();
        token = parley.openingUrl().orElseThrow().getFragment().substring("token=".length());
    }

    @AfterEach
    void end() {
        allowed.release(WORDS);
        parley.close();
        http.close();
    }

    @Test
    void a_reply_survives_fifty_disconnects_and_changes_of_transport_without_a_lost_or_doubled_word() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("EnduranceTest: seed " + seed);
        Tab one = new Tab(new Random(seed));
        Tab two = new Tab(new Random(~seed));
        try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> first = people.submit(one::read);
            Future<String> second = people.submit(two::read);
            assertThat(connected.await(Frames.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            ask();
            String expected = answer();
            assertThat(first.get(2, TimeUnit.MINUTES)).as("first tab, seed %d", seed).isEqualTo(expected);
            assertThat(second.get(2, TimeUnit.MINUTES)).as("second tab, seed %d", seed).isEqualTo(expected);
        }
        assertThat(one.used).as("transports").isEqualTo(EnumSet.allOf(Link.Transport.class));
        assertThat(two.used).as("transports").isEqualTo(EnumSet.allOf(Link.Transport.class));
    }

    /** Somebody who shows a reply while their connection breaks at random instants. */
    private final class Tab {

        private final Random random;
        private final StringBuilder shown = new StringBuilder();
        private final Set<Link.Transport> used = EnumSet.noneOf(Link.Transport.class);
        private Optional<String> cursor = Optional.empty();
        private Optional<String> reply = Optional.empty();
        private Optional<String> stored = Optional.empty();

        Tab(Random random) {
            this.random = random;
        }

        /** What is shown in the end, which is what is stored. */
        String read() throws Exception {
            for (int cuts = 0; cuts < DISCONNECTS_OF_EACH; cuts++) {
                Link link = connect();
                try {
                    if (cuts == 0) {
                        takeUntil(link, () -> cursor.isPresent());
                        connected.countDown();
                        takeUntil(link, () -> !shown.isEmpty());
                    }
                    long end = System.nanoTime() + random.nextLong(LONGEST_CONNECTION.toNanos());
                    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                        link.next(Duration.ofNanos(left)).ifPresent(this::take);
                    }
                } finally {
                    link.cut();
                    allowed.release(WORDS_PER_DISCONNECT);
                }
            }
            Link last = connect();
            try {
                takeUntil(last, () -> stored.isPresent());
            } finally {
                last.cut();
            }
            assertThat(shown.toString()).as("shown and stored").isEqualTo(stored.orElseThrow());
            return shown.toString();
        }

        private Link connect() throws Exception {
            Link.Transport transport = TRANSPORTS.get(random.nextInt(TRANSPORTS.size()));
            used.add(transport);
            String place = cursor.map(since -> "since=" + since).orElse("")
                    + reply.map(id -> "&streams=" + id + ":" + shown.length()).orElse("");
            return Link.open(http, parley.url(), token, transport, "long", place);
        }

        private void takeUntil(Link link, BooleanSupplier done) throws InterruptedException {
            while (!done.getAsBoolean()) {
                take(link.next(Frames.PATIENCE)
                        .orElseThrow(() -> new AssertionError(
                                "Expected more after " + shown.length() + " characters, found silence")));
            }
        }

        private void take(JsonObject frame) {
            switch (Frames.type(frame)) {
                case "stream_start" -> {
                    assertThat(shown).as("a reply begins once").isEmpty();
                    reply = frame.text("message_id");
                }
                case "stream_chunk" -> {
                    String piece = frame.requiredText("content");
                    assertThat(frame.whole("seq"))
                            .as("\"%s\" follows \"%s\"", piece, shown.substring(Math.max(0, shown.length() - 20)))
                            .hasValue(shown.length() + piece.length());
                    shown.append(piece);
                }
                case "stream_end" -> {
                    assertThat(frame.text("status")).contains("completed");
                    assertThat(stored).as("a reply ends once").isEmpty();
                    stored = frame.object("message").orElseThrow().text("content");
                }
                case "resumed" -> assertThat(frame.truth("recovered")).contains(true);
                case "error", "disconnect" -> throw new AssertionError("Expected no trouble, found " + frame);
                default -> {}
            }
            if (!Frames.type(frame).equals("connected") || cursor.isEmpty()) {
                cursor = frame.text("cursor").or(() -> cursor);
            }
        }
    }

    private void ask() throws Exception {
        HttpResponse<String> asked = http.send(
                HttpRequest.newBuilder(URI.create(parley.url() + "/api/chat/sessions/long/frames"))
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"message\",\"content\":\"Go on\",\"id\":\"1\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(asked.body()).contains("\"ack\"");
    }

    private Completion write(Prompt prompt, Consumer<? super Fragment> sink) throws InterruptedException {
        for (String word : words()) {
            allowed.acquire();
            Thread.sleep(1);
            sink.accept(new Fragment.Text(word));
        }
        return new Completion(Completion.Reason.STOP, Optional.of(1), Optional.of(WORDS));
    }

    private static String answer() {
        return String.join("", words());
    }

    private static List<String> words() {
        List<String> words = new ArrayList<>();
        for (int word = 1; word <= WORDS; word++) {
            // Some with characters of two UTF-16 code units: offsets that count anything else come out wrong.
            words.add(word % 7 == 0 ? "🙂" + word + " " : "word" + word + " ");
        }
        return words;
    }
}
