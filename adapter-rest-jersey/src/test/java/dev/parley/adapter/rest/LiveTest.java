package dev.parley.adapter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.rest.Server.Answer;
import dev.parley.application.EngineSettings;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.OriginPolicy;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.protocols.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LiveTest {

    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final Server server = new Server(
            EngineSettings.DEFAULT,
            Authenticator.Mode.REQUIRED,
            new OriginPolicy(List.of()),
            ConnectionSettings.STANDARD.withTimes(Duration.ofMillis(400), Duration.ofSeconds(1)));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_stream_tells_the_reply_and_every_event_has_a_cursor() throws Exception {
        server.model.answer("Hello ", "world");
        try (Events events = new Events("ana", "")) {
            Event connected = events.next();
            assertThat(connected.type()).isEqualTo("connected");
            assertThat(connected.id()).isEqualTo(connected.frame().requiredText("cursor"));

            Answer posted = frame("ana", "{\"type\":\"message\",\"content\":\"Hi\",\"id\":\"a\"}");
            assertThat(posted.status()).as(posted.body()).isEqualTo(200);
            assertThat(posted.body()).startsWith("{\"frames\":[{\"type\":\"ack\",\"id\":\"a\"");

            List<Event> told = events.until("stream_end");
            assertThat(told).extracting(Event::type).contains("message", "stream_start", "stream_chunk", "stream_end");
            assertThat(told).allSatisfy(event -> assertThat(event.id()).matches("[A-Za-z0-9._~:,-]+"));
            assertThat(told.getLast().frame().object("message").orElseThrow().requiredText("content")).isEqualTo("Hello world");
        }
    }

    @Test
    void a_stream_goes_on_where_it_broke_in_the_middle_of_a_reply() throws Exception {
        String last;
        String shown;
        var exchange = new CompletableFuture<dev.parley.testkit.llm.ScriptedExchange>();
        try (Events events = new Events("ana", "")) {
            events.next();
            frame("ana", "{\"type\":\"message\",\"content\":\"Hi\"}");
            exchange.complete(server.model.next());
            exchange.get().say("One ");
            List<Event> told = events.until("stream_chunk");
            last = told.getLast().id();
            shown = told.getLast().frame().requiredText("content");
        }
        exchange.get().say("two ");
        try (Events events = new Events("ana", last)) {
            assertThat(events.next().type()).isEqualTo("connected");
            exchange.get().say("three");
            exchange.get().end();
            List<Event> told = events.until("stream_end");
            assertThat(told).extracting(Event::type).doesNotContain("stream_start");
            String rest = told.stream()
                    .filter(event -> event.type().equals("stream_chunk"))
                    .map(event -> event.frame().requiredText("content"))
                    .reduce("", String::concat);
            assertThat(shown + rest).isEqualTo("One two three");
        }
    }

    @Test
    void streams_are_kept_alive_by_comments_and_free_their_place() throws Exception {
        try (Events events = new Events("ana", "")) {
            events.next();
            assertThat(events.comment()).isEqualTo(": ping");
            assertThat(server.slots.taken()).isEqualTo(1);
        }
        awaitFree();
    }

    @Test
    void who_may_not_enter_gets_a_status_and_no_stream() {
        server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"s\"}");

        assertThat(server.get("bruno", "/api/chat/sessions/s/events").status()).isEqualTo(403);
        assertThat(server.get("bruno", "/api/chat/sessions/s/poll").status()).isEqualTo(403);
        assertThat(server.slots.taken()).isZero();
    }

    @Test
    void polls_tell_everything_once_in_order() throws Exception {
        Answer first = server.get("ana", "/api/chat/sessions/s/poll");
        assertThat(types(first)).containsExactly("connected");

        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(
                () -> server.get("ana", "/api/chat/sessions/s/poll?wait=20s&since=" + first.text("cursor")), THREADS);
        frame("ana", "{\"type\":\"message\",\"content\":\"one\",\"reply\":false}");
        Answer second = waiting.get();
        assertThat(types(second)).first().isEqualTo("message");

        frame("ana", "{\"type\":\"message\",\"content\":\"two\",\"reply\":false}");
        frame("ana", "{\"type\":\"message\",\"content\":\"three\",\"reply\":false}");
        List<String> contents = new ArrayList<>();
        String cursor = second.text("cursor");
        while (contents.size() < 2) {
            Answer next = server.get("ana", "/api/chat/sessions/s/poll?wait=5s&since=" + cursor);
            cursor = next.text("cursor");
            frames(next).forEach(frame -> frame.text("content").ifPresent(contents::add));
        }
        assertThat(contents).containsExactly("two", "three");

        // An answer that was lost on the way is asked for again by the older cursor.
        Answer again = server.get("ana", "/api/chat/sessions/s/poll?wait=0s&since=" + second.text("cursor"));
        assertThat(types(again)).containsExactly("message", "message");
    }

    @Test
    void a_poll_that_finds_nothing_ends_in_time_and_a_cursor_of_no_use_says_so() {
        Answer first = server.get("ana", "/api/chat/sessions/s/poll");
        Answer nothing = server.get("ana", "/api/chat/sessions/s/poll?wait=100ms&since=" + first.text("cursor"));
        assertThat(types(nothing)).isEmpty();
        assertThat(nothing.text("cursor")).isEqualTo(first.text("cursor"));

        assertThat(types(server.get("ana", "/api/chat/sessions/s/poll?wait=1s&since=99999"))).contains("resumed");
        assertThat(types(server.get("ana", "/api/chat/sessions/s/poll?wait=1s&since=nonsense"))).contains("connected");
        assertThat(server.get("ana", "/api/chat/sessions/s/poll?wait=soon").status()).isEqualTo(400);
    }

    @Test
    void a_reply_comes_through_polls_without_a_lost_or_repeated_character() throws Exception {
        Answer answer = server.get("ana", "/api/chat/sessions/s/poll");
        frame("ana", "{\"type\":\"message\",\"content\":\"Hi\"}");
        var exchange = server.model.next();
        StringBuilder text = new StringBuilder();
        String cursor = answer.text("cursor");
        for (int i = 0; i < 5; i++) {
            exchange.say("word" + i + " ");
            Answer next = server.get("ana", "/api/chat/sessions/s/poll?wait=5s&since=" + cursor);
            cursor = next.text("cursor");
            append(text, next);
        }
        exchange.end();
        boolean ended = false;
        while (!ended) {
            Answer next = server.get("ana", "/api/chat/sessions/s/poll?wait=5s&since=" + cursor);
            cursor = next.text("cursor");
            append(text, next);
            ended = types(next).contains("stream_end");
        }
        assertThat(text.toString()).isEqualTo("word0 word1 word2 word3 word4 ");
        assertThat(cursor).doesNotContain("~");
    }

    @Test
    void polls_that_nobody_continues_let_their_place_go_and_a_user_has_so_many() {
        for (int i = 0; i < 8; i++) {
            assertThat(server.get("ana", "/api/chat/sessions/s" + i + "/poll").status()).isEqualTo(200);
        }
        assertThat(server.slots.taken()).isLessThanOrEqualTo(3);
        awaitFree();
    }

    @Test
    void a_poll_that_somebody_waits_on_outlives_heartbeats() throws Exception {
        Answer first = server.get("ana", "/api/chat/sessions/s/poll");
        CompletableFuture<Answer> waiting = CompletableFuture.supplyAsync(
                () -> server.get("ana", "/api/chat/sessions/s/poll?wait=20s&since=" + first.text("cursor")), THREADS);
        await(server.beats.get() + 40);
        assertThat(waiting).isNotDone();
        frame("ana", "{\"type\":\"message\",\"content\":\"one\",\"reply\":false}");
        assertThat(types(waiting.get())).contains("message");
    }

    @Test
    void a_server_that_ends_opens_no_streams_and_polls() {
        Answer first = server.get("ana", "/api/chat/sessions/s/poll");
        server.slots.giveNoMore();
        for (String path : List.of("events", "poll")) {
            Answer refused = server.get("bruno", "/api/chat/sessions/t/" + path);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("5");
        }
        // Who is there already may go on.
        assertThat(server.get("ana", "/api/chat/sessions/s/poll?wait=0s&since=" + first.text("cursor")).status())
                .isEqualTo(200);
    }

    @Test
    void an_engine_that_drains_opens_no_streams_and_polls_and_sends_those_away_that_are_there() throws Exception {
        try (Events events = new Events("ana", "")) {
            events.next();
            server.get("bruno", "/api/chat/sessions/t/poll");
            server.engine.drain(Duration.ZERO, Duration.ofSeconds(3));
            assertThat(events.until("disconnect").getLast().frame().requiredText("reason")).isEqualTo("drain");
            for (String path : List.of("events", "poll")) {
                Answer refused = server.get("bruno", "/api/chat/sessions/t/" + path);
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("Retry-After")).isEqualTo("5");
            }
        }
        awaitFree();
    }

    @Test
    void a_revocation_ends_streams_and_polls_and_frees_their_places() throws Exception {
        CompletableFuture<Integer> polls = polls("ana");
        server.get("ana", "/api/chat/sessions/other/poll");
        try (Events events = new Events("ana", "")) {
            events.next();
            assertThat(server.send("root", "POST", "/api/admin/revocations", "{\"user_id\":\"ana\"}").status())
                    .isEqualTo(204);
            assertThat(events.until("disconnect").getLast().frame().requiredText("reason")).isEqualTo("revoked");
            assertThat(events.ended()).isTrue();
        }
        assertThat(polls.get()).isIn(TOLD, 401);
        awaitFree();
        assertThat(server.get("ana", "/api/chat/sessions/s/poll").status()).isEqualTo(401);
        assertThat(server.get("ana", "/api/chat/sessions/s/events").status()).isEqualTo(401);
    }

    @Test
    void a_token_that_ends_ends_the_streams_and_polls_it_opened() throws Exception {
        CompletableFuture<Integer> polls = polls("brief");
        try (Events events = new Events("brief", "")) {
            assertThat(events.until("disconnect").getLast().frame().requiredText("reason")).isEqualTo("expired");
            assertThat(events.ended()).isTrue();
        }
        assertThat(polls.get()).isIn(TOLD, 401);
        awaitFree();
    }

    @Test
    void who_is_removed_from_a_session_or_finds_it_closed_is_told_on_streams_and_polls() throws Exception {
        server.send("root", "POST", "/api/chat/sessions",
                "{\"session_id\":\"s\",\"visibility\":\"group\",\"members\":[\"ana\",\"bruno\"]}");
        CompletableFuture<Integer> polls = polls("bruno");
        try (Events ana = new Events("ana", "");
                Events bruno = new Events("bruno", "")) {
            assertThat(server.delete("root", "/api/chat/sessions/s/members/bruno").status()).isLessThan(300);
            bruno.until("disconnect");
            assertThat(bruno.ended()).isTrue();
            assertThat(polls.get()).isIn(TOLD, 403);
            assertThat(server.get("bruno", "/api/chat/sessions/s/poll").status()).isEqualTo(403);
            assertThat(server.delete("root", "/api/chat/sessions/s").status()).isLessThan(300);
            ana.until("disconnect");
            assertThat(ana.ended()).isTrue();
        }
        awaitFree();
    }

    private static final int TOLD = 0;

    /** Polls until the end is told, or came between two polls: then the status of the refusal. */
    private CompletableFuture<Integer> polls(String user) {
        Answer first = server.get(user, "/api/chat/sessions/s/poll");
        return CompletableFuture.supplyAsync(() -> {
            Answer last = first;
            while (last.status() == 200 && !types(last).contains("disconnect")) {
                last = server.get(user, "/api/chat/sessions/s/poll?wait=20s&since=" + last.text("cursor"));
            }
            return last.status() == 200 ? TOLD : last.status();
        }, THREADS);
    }

    private void await(int beats) {
        while (server.beats.get() < beats) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void frames_from_outside_are_answered_like_frames() {
        server.send("ana", "POST", "/api/chat/sessions", "{\"session_id\":\"s\"}");

        assertThat(types(frame("ana", "{\"type\":\"history\"}"))).containsExactly("history");
        assertThat(frame("ana", "{\"type\":\"dance\",\"id\":\"x\"}").body()).contains("UNKNOWN_TYPE").contains("\"id\":\"x\"");
        assertThat(frame("ana", "hello").body()).contains("BAD_REQUEST");
        assertThat(frame("ana", "{\"type\":\"resume\",\"since\":\"1\"}").body()).contains("BAD_REQUEST");
        assertThat(frame("ana", "{\"type\":\"disconnect\"}").body()).isEqualTo("{\"frames\":[]}");
        assertThat(frame("ana", "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}").status()).isEqualTo(400);
        assertThat(frame("bruno", "{\"type\":\"message\",\"content\":\"Hi\",\"id\":\"y\"}").body()).contains("FORBIDDEN");
        // How far the client was told is known where it is told, not here.
        assertThat(frame("ana", "{\"type\":\"message\",\"content\":\"Hi\",\"id\":\"z\",\"reply\":false}").body())
                .contains("\"ack\"")
                .doesNotContain("cursor");
    }

    private Answer frame(String user, String frame) {
        return server.send(user, "POST", "/api/chat/sessions/s/frames", frame);
    }

    private static void append(StringBuilder text, Answer answer) {
        for (JsonObject frame : frames(answer)) {
            if (frame.requiredText("type").equals("stream_start")) {
                text.setLength(0);
            } else if (frame.requiredText("type").equals("stream_chunk")) {
                text.append(frame.requiredText("content"));
                assertThat(frame.whole("seq")).hasValue(text.length());
            }
        }
    }

    private static List<JsonObject> frames(Answer answer) {
        return answer.json().items("frames").orElseThrow().stream().map(frame -> (JsonObject) frame).toList();
    }

    private static List<String> types(Answer answer) {
        return frames(answer).stream()
                .map(frame -> frame.requiredText("type"))
                .filter(type -> !type.equals("typing") && !type.equals("session"))
                .toList();
    }

    private void awaitFree() {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (server.slots.taken() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(server.slots.taken()).isZero();
    }

    private record Event(String id, JsonObject frame) {
        String type() {
            return frame.requiredText("type");
        }
    }

    /** A client of server-sent events. */
    private final class Events implements AutoCloseable {

        private final InputStream body;
        private final BufferedReader lines;

        Events(String user, String lastId) throws IOException, InterruptedException {
            HttpRequest.Builder request = server.request(user, "/api/chat/sessions/s/events");
            Optional.of(lastId).filter(id -> !id.isEmpty()).ifPresent(id -> request.header("Last-Event-ID", id));
            HttpResponse<InputStream> response = server.client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("X-Accel-Buffering")).contains("no");
            body = response.body();
            lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        }

        Event next() throws IOException {
            String id = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    return new Event(id, Server.read(line.substring(6)));
                }
            }
            throw new AssertionError("Expected another event");
        }

        List<Event> until(String type) throws IOException {
            List<Event> events = new ArrayList<>();
            do {
                events.add(next());
            } while (!events.getLast().type().equals(type));
            return events;
        }

        /** Whether nothing more comes. */
        boolean ended() throws IOException {
            while (lines.readLine() != null) {
                // What came before the end is of no interest.
            }
            return true;
        }

        String comment() throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    return line;
                }
            }
            throw new AssertionError("Expected a comment");
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }
}
