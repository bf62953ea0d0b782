package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.Parley;
import dev.parley.bootstrap.ParleyBuilder;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.protocols.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions and topics on whole servers. A token is its user's name; {@code feeder} is a service. */
class TopicsTest {

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void end() {
        http.close();
    }

    @Test
    void a_client_written_from_the_document_works_unchanged() throws Exception {
        try (Parley parley = server().build()) {
            NodeScript.passes(folder.resolve("output"), "seed-topics.spec.mjs", parley.url().toString());
        }
    }

    @Test
    void all_connections_of_a_session_and_those_of_other_protocols_see_one_reply_grow() throws Exception {
        try (Parley parley = server().build();
                Frames desk = session(parley, "s", "ana", "");
                Frames phone = session(parley, "s", "ana", "")) {
            JsonObject first = data(desk.next("connection"));
            assertThat(first.text("message")).contains("Conectado ao Cidadão.AI em tempo real");
            assertThat(first.text("session_id")).contains("s");
            phone.next("connection");
            try (Frames bruno = Frames.connect(http, address(parley, "/ws/s", "bruno", ""))) {
                bruno.next("connected");
                desk.send("{\"type\":\"chat\",\"data\":{\"message\":\"Olá\"},\"id\":\"q-1\"}");
                JsonObject stored = data(desk.next(frame -> Frames.type(frame).equals("typing")
                        && data(frame).has("message_id"), "the answer to a chat"));
                assertThat(stored.text("agent")).contains("processing");
                assertThat(bruno.next("stream_end").text("status")).contains("completed");
                for (Frames each : List.of(desk, phone)) {
                    assertThat(data(each.next("chat_complete")).text("status")).contains("completed");
                    Shown shown = Shown.of(each.all());
                    assertThat(shown.texts).containsEntry(stored.requiredText("reply_id"), PacedModel.answerTo("Olá"));
                }
                assertThat(Shown.of(desk.all()).said).isEmpty();
                assertThat(Shown.of(phone.all()).said).containsExactly("Olá");

                bruno.send("{\"type\":\"message\",\"content\":\"Oi\",\"id\":\"b-1\",\"reply\":false}");
                JsonObject said = data(desk.next(
                        frame -> data(frame).text("role").equals(Optional.of("user")), "what bruno said"));
                assertThat(said.text("user_id")).contains("bruno");
                assertThat(said.text("content")).contains("Oi");
            }
        }
    }

    @Test
    void what_is_published_reaches_whoever_is_subscribed_and_nobody_else() throws Exception {
        try (Parley parley = server().set("WEBSOCKET_HEARTBEAT_INTERVAL", "1s").build();
                Frames desk = session(parley, "s", "ana", "");
                Frames phone = session(parley, "s", "ana", "");
                Frames other = session(parley, "t", "ana", "");
                Frames alone = investigation(parley, "inv-7", "bruno", "")) {
            assertThat(data(alone.next("connection")).requiredText("session_id")).startsWith("investigation-inv-7-");
            phone.next("connection");
            desk.send("{\"type\":\"subscribe\",\"data\":{\"investigation_id\":\"inv-7\"}}");
            assertThat(data(desk.next("subscribed")).text("message"))
                    .contains("Inscrito para atualizações da investigação inv-7");
            post(parley, "feeder", "/api/investigations/inv-7/updates",
                    "{\"update_type\":\"progress\",\"data\":{\"percent\":40}}", 201);
            post(parley, "feeder", "/api/investigations/inv-7/anomalies", "{\"description\":\"Preço\",\"value\":3}", 201);
            for (Frames each : List.of(desk, phone, alone)) {
                JsonObject update = data(each.next("investigation_progress"));
                assertThat(update.text("investigation_id")).contains("inv-7");
                assertThat(update.text("update_type")).contains("progress");
                assertThat(update.whole("percent")).hasValue(40);
                JsonObject anomaly = data(each.next("anomaly_detected"));
                assertThat(anomaly.text("severity")).contains("medium");
                assertThat(anomaly.text("description")).contains("Preço");
                assertThat(anomaly.object("details").orElseThrow().whole("value")).hasValue(3);
            }
            // One connection's end does not end what belongs to the session.
            desk.close();
            post(parley, "feeder", "/api/investigations/inv-7/updates", "{\"update_type\":\"done\"}", 201);
            phone.next("investigation_done");
            post(parley, "feeder", "/api/chat/sessions/s/notifications", "{\"title\":\"Só para s\"}", 201);
            assertThat(data(phone.next(
                    frame -> Frames.type(frame).equals("notification") && data(frame).has("title"), "the notification"))
                    .text("title")).contains("Só para s");
            assertThat(data(alone.next("heartbeat")).text("investigation_id")).contains("inv-7");
            other.send("{\"type\":\"ping\",\"data\":{}}");
            other.next("pong");
            assertThat(other.all()).extracting(Frames::type).containsOnly("connection", "pong");
        }
    }

    @Test
    void the_id_of_any_frame_brings_what_was_missed_and_nothing_twice() throws Exception {
        try (Parley parley = server()
                .set("WS_RATE_LIMIT_REQUESTS", "off")
                .set("WEBSOCKET_MAX_CONNECTIONS_PER_USER", "off")
                .build();
                Frames steady = session(parley, "s", "ana", "");
                Frames bruno = session(parley, "s", "bruno", "")) {
            steady.next("connection");
            steady.send("{\"type\":\"subscribe\",\"data\":{\"investigation_id\":\"inv-7\"}}");
            steady.next("subscribed");
            bruno.next("connection");
            Cut cut = new Cut(session(parley, "s", "ana", ""));
            steady.send("{\"type\":\"chat\",\"data\":{\"message\":\"A long story\"},\"id\":\"q-1\"}");
            for (int i = 0; i < 12; i++) {
                cut.reads(5);
                bruno.send("{\"type\":\"typing\",\"data\":{\"is_typing\":" + (i % 2 == 0) + "}}");
                post(parley, "feeder", "/api/investigations/inv-7/updates", "{\"update_type\":\"n\",\"data\":{\"n\":" + i + "}}",
                        201);
                post(parley, "feeder", "/api/chat/sessions/s/notifications", "{\"note\":" + i + "}", 201);
                // It loses what came and was not read; the id of what it read last says where it is.
                cut.comesBack(parley);
            }
            steady.next("chat_complete");
            bruno.send("{\"type\":\"ping\"}");
            cut.reads("chat_complete");
            Shown all = Shown.of(steady.all());
            assertThat(all.updates).hasSize(12);
            assertThat(all.texts).containsValue(PacedModel.answerTo("A long story"));
            assertThat(cut.shown.texts).isEqualTo(all.texts);
            assertThat(cut.shown.updates).isEqualTo(all.updates);
            assertThat(cut.shown.notes).isEqualTo(all.notes);
            assertThat(cut.shown.completed).isEqualTo(all.completed);
            assertThat(cut.shown.said).containsExactly("A long story");

            // Afterwards, from every tenth frame that the steady one was sent.
            List<JsonObject> frames = steady.all();
            for (int i = 0; i < frames.size(); i += 10) {
                Shown shown = Shown.of(frames.subList(0, i + 1));
                try (Frames back = session(parley, "s", "ana", frames.get(i).requiredText("id"))) {
                    back.next(TopicsTest::resumed, "resumed");
                    back.all().forEach(shown::take);
                }
                assertThat(shown.texts).as("texts from frame %d", i).isEqualTo(all.texts);
                assertThat(shown.updates).as("updates from frame %d", i).isEqualTo(all.updates);
                assertThat(shown.notes).as("notes from frame %d", i).isEqualTo(all.notes);
                assertThat(shown.completed).as("ends from frame %d", i).isEqualTo(all.completed);
                assertThat(shown.said).as("messages from frame %d", i).hasSizeLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void subscriptions_and_what_was_published_survive_a_restart() throws Exception {
        String last;
        try (Parley parley = server().build(); Frames desk = session(parley, "s", "ana", "")) {
            desk.next("connection");
            desk.send("{\"type\":\"subscribe\",\"data\":{\"investigation_id\":\"inv-7\"}}");
            last = desk.next("subscribed").requiredText("id");
            post(parley, "feeder", "/api/investigations/inv-7/updates", "{\"update_type\":\"one\"}", 201);
            desk.next("investigation_one");
            desk.send("{\"type\":\"ping\"}");
            last = desk.next("pong").requiredText("id");
            desk.cut();
            post(parley, "feeder", "/api/investigations/inv-7/updates", "{\"update_type\":\"two\"}", 201);
        }
        try (Parley parley = server().build()) {
            post(parley, "feeder", "/api/investigations/inv-7/updates", "{\"update_type\":\"three\"}", 201);
            try (Frames desk = session(parley, "s", "ana", last)) {
                desk.next("investigation_two");
                desk.next("investigation_three");
                assertThat(data(desk.next(TopicsTest::resumed, "resumed")).truth("recovered")).contains(true);
                post(parley, "feeder", "/api/investigations/inv-7/updates", "{\"update_type\":\"four\"}", 201);
                desk.next("investigation_four");
                assertThat(desk.all()).extracting(Frames::type).doesNotContain("investigation_one");
            }
        }
    }

    @Test
    void who_may_not_publish_or_listen_is_refused_and_who_is_taken_out_is_cut() throws Exception {
        try (Parley parley = server().build();
                Frames ana = session(parley, "s", "ana", "");
                Frames alone = investigation(parley, "inv-7", "ana", "")) {
            ana.next("connection");
            alone.next("connection");
            post(parley, "ana", "/api/investigations/inv-7/updates", "{\"update_type\":\"x\"}", 403);
            post(parley, "ana", "/api/chat/sessions/s/notifications", "{}", 403);
            ana.send("{\"type\":\"subscribe\",\"data\":{\"investigation_id\":\"inv-7\"}}");
            ana.next("subscribed");
            put(parley, "feeder", "/api/investigations/inv-7", "{\"audience\":[\"bruno\"]}");
            assertThat(data(alone.next("notification")).text("reason")).contains("removed");
            assertThat(alone.closeCode()).isEqualTo(4501);
            assertThat(data(ana.next("unsubscribed")).text("reason")).contains("removed");
            post(parley, "feeder", "/api/investigations/inv-7/updates", "{\"update_type\":\"secret\"}", 201);
            ana.send("{\"type\":\"subscribe\",\"data\":{\"investigation_id\":\"inv-7\"},\"id\":\"s-2\"}");
            JsonObject refused = data(ana.next("error"));
            assertThat(refused.text("code")).contains("FORBIDDEN");
            assertThat(refused.text("request_id")).contains("s-2");
            try (Frames again = investigation(parley, "inv-7", "ana", "")) {
                assertThat(data(again.next("error")).text("code")).contains("FORBIDDEN");
                assertThat(again.closeCode()).isEqualTo(4501);
            }
            try (Frames bruno = investigation(parley, "inv-7", "bruno", "")) {
                bruno.next("connection");
                post(parley, "feeder", "/api/investigations/inv-7/updates", "{\"update_type\":\"open\"}", 201);
                bruno.next("investigation_open");
            }
            assertThat(ana.all()).extracting(Frames::type).doesNotContain("investigation_secret");
        }
    }

    /** What a plain client has on its screen: it appends what it is told and knows of no positions. */
    private static final class Shown {
        private final java.util.Map<String, String> texts = new java.util.LinkedHashMap<>();
        private final List<String> said = new ArrayList<>();
        private final List<String> completed = new ArrayList<>();
        private final List<Long> updates = new ArrayList<>();
        private final List<Long> notes = new ArrayList<>();

        static Shown of(List<JsonObject> frames) {
            Shown shown = new Shown();
            frames.forEach(shown::take);
            return shown;
        }

        void take(JsonObject frame) {
            JsonObject data = data(frame);
            switch (Frames.type(frame)) {
                case "chat" -> {
                    if (data.text("role").equals(Optional.of("user"))) {
                        said.add(data.requiredText("content"));
                    } else if (data.truth("reset").orElse(false)) {
                        texts.put(data.requiredText("message_id"), data.requiredText("content"));
                    } else {
                        texts.merge(data.requiredText("message_id"), data.requiredText("content"), String::concat);
                    }
                }
                case "chat_complete" -> completed.add(data.requiredText("message_id"));
                case "investigation_n" -> updates.add(data.whole("n").orElseThrow());
                case "notification" -> data.whole("note").ifPresent(notes::add);
                default -> {}
            }
        }
    }

    /** A client whose connection breaks again and again; it keeps nothing but its screen and the last id. */
    private final class Cut {
        private final Shown shown = new Shown();
        private Frames frames;
        private String last = "";

        Cut(Frames frames) {
            this.frames = frames;
        }

        void reads(int count) throws InterruptedException {
            for (int i = 0; i < count; i++) {
                take(frames.next(any -> true, "one more frame"));
            }
        }

        void reads(String type) throws InterruptedException {
            JsonObject frame = frames.next(any -> true, type);
            while (!Frames.type(frame).equals(type)) {
                take(frame);
                frame = frames.next(any -> true, type);
            }
            take(frame);
        }

        void comesBack(Parley parley) throws Exception {
            frames.cut();
            frames = session(parley, "s", "ana", last);
        }

        private void take(JsonObject frame) {
            last = frame.requiredText("id");
            shown.take(frame);
        }
    }

    private static boolean resumed(JsonObject frame) {
        return Frames.type(frame).equals("notification") && data(frame).text("event").equals(Optional.of("resumed"));
    }

    private static JsonObject data(JsonObject frame) {
        return frame.object("data").orElseThrow();
    }

    private ParleyBuilder server() {
        PacedModel model = new PacedModel();
        return Parley.builder()
                .dataFolder(folder.resolve("data"))
                .set("PORT", "0")
                .models(model, model)
                .verifier(name -> new Verification.Verified(
                        Principal.trusted(new UserId(name), name.equals("feeder") ? Principal.SERVICE : "user")));
    }

    private Frames session(Parley parley, String session, String user, String last) throws Exception {
        return Frames.connect(http, address(parley, "/ws/chat/" + session, user, last));
    }

    private Frames investigation(Parley parley, String id, String user, String last) throws Exception {
        return Frames.connect(http, address(parley, "/ws/investigations/" + id, user, last));
    }

    private static URI address(Parley parley, String path, String user, String last) {
        return URI.create("ws" + parley.url().toString().substring(4) + path + "?token=" + user
                + (last.isEmpty() ? "" : "&last_id=" + last));
    }

    private void post(Parley parley, String user, String path, String body, int status) throws Exception {
        HttpResponse<String> answer =
                send(parley, user, path, request -> request.POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }

    private void put(Parley parley, String user, String path, String body) throws Exception {
        HttpResponse<String> answer =
                send(parley, user, path, request -> request.PUT(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }

    private HttpResponse<String> send(
            Parley parley,
            String user,
            String path,
            java.util.function.UnaryOperator<HttpRequest.Builder> how) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(parley.url() + path))
                .header("Authorization", "Bearer " + user)
                .header("Content-Type", "application/json");
        return http.send(how.apply(request).build(), HttpResponse.BodyHandlers.ofString());
    }
}
