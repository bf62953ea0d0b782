package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartsTest {

    @TempDir
    Path folder;

    @Test
    void waiting_times_double_up_to_their_bound() {
        Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(2), () -> -1L);
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waits.add(Math.round(backoff.next().toNanos() / 1e6));
        }
        assertThat(waits).containsExactly(500L, 1_000L, 2_000L, 2_000L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1006, 1011, 4000, 4001, 4002, 4499})
    void a_client_comes_back_after(int code) {
        assertThat(Verdict.of(End.closed(code, ""), Optional.empty())).isInstanceOf(Verdict.Again.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1008, 4500, 4501, 4502, 4999})
    void a_client_stays_away_after(int code) {
        assertThat(Verdict.of(End.closed(code, ""), Optional.empty())).isInstanceOf(Verdict.Never.class);
    }

    @Test
    void a_farewell_says_when_to_come_back() {
        Frame farewell = new Frame(Map.of("reconnect_in", 7L, "code", 1001L));
        assertThat(Verdict.of(End.closed(1006, ""), Optional.of(farewell)))
                .isEqualTo(new Verdict.Again(Optional.of(Duration.ofSeconds(7))));
        Frame nonsense = new Frame(Map.of("reconnect_in", 1e300, "code", "gone"));
        assertThat(Verdict.of(End.closed(1006, ""), Optional.of(nonsense))).isEqualTo(new Verdict.Again(Optional.empty()));
        Frame huge = new Frame(Map.of("code", Long.MAX_VALUE));
        assertThat(Verdict.of(End.closed(1006, ""), Optional.of(huge))).isInstanceOf(Verdict.Again.class);
    }

    @Test
    void a_blocked_websocket_leads_to_events_and_polls_and_an_absent_server_back() {
        Ladder ladder = new Ladder(List.of(Transport.Kind.values()), 2);
        List<Transport.Kind> seen = new ArrayList<>();
        ladder.failed(false, End.because(""));
        seen.add(ladder.current());
        ladder.failed(false, End.because(""));
        seen.add(ladder.current());
        ladder.failed(true, End.because(""));
        seen.add(ladder.current());
        ladder.failed(false, End.because(""));
        seen.add(ladder.current());
        ladder.failed(false, End.absent(""));
        seen.add(ladder.current());
        assertThat(seen).containsExactly(
                Transport.Kind.WEBSOCKET, Transport.Kind.EVENTS, Transport.Kind.EVENTS, Transport.Kind.POLL,
                Transport.Kind.WEBSOCKET);
    }

    @Test
    void an_event_stream_is_read_whatever_its_pieces() {
        byte[] whole =
                ": hi\r\n\r\nid: 4\r\ndata: {\"a\":\ndata: \"é😀\"}\n\ndata:x\r\r: end\n\n".getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= whole.length; size++) {
            List<String> found = new ArrayList<>();
            EventParser parser = new EventParser(found::add);
            for (int at = 0; at < whole.length; at += size) {
                parser.push(Arrays.copyOfRange(whole, at, Math.min(whole.length, at + size)));
            }
            assertThat(found).containsExactly("{\"a\":\n\"é😀\"}", "x");
        }
    }

    @Test
    void addresses_keep_the_path_before_the_server_and_quote_what_they_carry() {
        Address address = new Address(URI.create("wss://example.org/chat/"), "a b", Map.of("language", "pt-BR"));
        assertThat(address.websocket(new Place(Optional.of("4"), Map.of("m", 3))))
                .hasToString("wss://example.org/chat/ws/a%20b?language=pt-BR&since=4&streams=m%3A3");
        assertThat(address.frames()).hasToString("https://example.org/chat/api/chat/sessions/a%20b/frames?language=pt-BR");
        assertThatThrownBy(() -> new Address(URI.create("ftp://example.org"), "s", Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void unsent_messages_survive_in_files_and_torn_ones_are_nothing() throws Exception {
        FileStorage storage = new FileStorage(folder);
        storage.write("a", "1");
        storage.write("b/../../c", "2");
        storage.write("a", "3");
        Files.writeString(folder.resolve("torn.json"), "{\"key\":\"x");
        Files.write(folder.resolve("no-text.json"), new byte[] {(byte) 0xff, (byte) 0xfe});
        Files.createDirectory(folder.resolve("no-file.json"));
        FileStorage later = new FileStorage(folder);
        assertThat(later.keys()).containsExactlyInAnyOrder("a", "b/../../c");
        assertThat(later.read("a")).contains("3");
        later.remove("a");
        later.remove("a");
        assertThat(later.read("a")).isEmpty();
        assertThat(folder).isDirectoryNotContaining("glob:**.draft");
    }

    @Test
    void text_is_put_together_by_positions() {
        List<String> told = new ArrayList<>();
        Replies replies = new Replies(
                () -> new Reply(Runnable::run, reply -> CompletableFuture.completedFuture(List.of())),
                new Replies.Owner() {
                    @Override
                    public void changed(Reply reply, Listener.Change change, String delta) {
                        told.add(change == Listener.Change.TEXT ? delta : change.name());
                    }

                    @Override
                    public void gap(Reply reply) {
                        told.add("gap");
                    }

                    @Override
                    public void duplicate(Reply reply) {
                        told.add("duplicate");
                    }

                    @Override
                    public void takenOver(Reply reply, Reply other) {
                        told.add("taken over");
                    }
                });
        replies.start("r", Frame.ofType("stream_start"));
        replies.chunk("r", chunk("Hé😀", 4));
        replies.chunk("r", chunk("Hé😀", 4));
        replies.chunk("r", chunk("😀 you", 8));
        replies.chunk("r", chunk("lost", 20));
        replies.chunk("other", chunk("middle", 90));
        replies.chunk("r", chunk("backwards", 1));
        assertThat(told).containsExactly("START", "Hé😀", "duplicate", " you", "gap");
        assertThat(replies.positions()).isEqualTo(Map.of("r", 8));
        assertThat(replies.running()).hasSize(1);
    }

    @Test
    void what_is_closed_answers_nothing_and_takes_nothing() {
        ParleyClient client = ParleyClient.to(URI.create("http://127.0.0.1:9")).build();
        client.close();
        client.close();
        assertThat(client.quota()).failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withMessageContaining("CLOSED");
        assertThatThrownBy(() -> client.send("too late")).isInstanceOf(ParleyException.class);
        assertThat(client.connect()).failsWithin(Duration.ofSeconds(10));
    }

    @Test
    void a_token_that_lasts_longer_than_any_timer_is_renewed_all_the_same() {
        ArrayDeque<Map.Entry<Duration, Runnable>> timers = new ArrayDeque<>();
        Credentials credentials = new Credentials(
                (delay, act) -> {
                    timers.add(Map.entry(delay, act));
                    return Loop.Timer.NONE;
                },
                Runnable::run, Optional.empty(), Optional.of(() -> "t"));
        List<Duration> due = new ArrayList<>();
        credentials.watch(
                Optional.of("2030-01-31T00:00:00Z"), Optional.of("2030-01-01T00:00:00Z"), (left, life) -> due.add(left));
        Duration waited = Duration.ZERO;
        while (due.isEmpty()) {
            waited = waited.plus(timers.element().getKey());
            timers.remove().getValue().run();
        }
        assertThat(due).containsExactly(Duration.ofMinutes(1));
        assertThat(waited).isCloseTo(Duration.ofDays(30).minusMinutes(1), Duration.ofMinutes(1));
        credentials.watch(Optional.of("+999999999-12-31T23:59:59Z"), Optional.empty(), (left, life) -> due.add(left));
        assertThat(timers).hasSize(1).allSatisfy(timer -> assertThat(timer.getKey()).isEqualTo(Duration.ofDays(1)));
        credentials.watch(Optional.of("soon"), Optional.empty(), (left, life) -> due.add(left));
        assertThat(timers).hasSize(1);
    }

    @Test
    void who_uses_the_client_needs_nothing_else() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        String dependencies = pom.substring(pom.indexOf("<dependencies>"), pom.indexOf("</dependencies>"));
        assertThat(dependencies.split("<dependency>")).hasSizeGreaterThan(2)
                .filteredOn(each -> each.contains("<artifactId>"))
                .allSatisfy(each -> assertThat(each).containsPattern("<scope>(test|provided)</scope>"));
    }

    private static Frame chunk(String content, long seq) {
        return new Frame(Map.of("content", content, "seq", seq));
    }
}
