package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.Caller;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.bootstrap.Parley;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.session.ClientInfo;
import dev.parley.protocols.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server, with people who come by the protocol of rooms and by the native one. A token is its user's name. */
class RoomsTest {

    @TempDir
    Path folder;

    private final PacedModel model = new PacedModel();
    private final HttpClient http = HttpClient.newHttpClient();
    private Parley parley;

    @BeforeEach
    void start() {
        parley = Parley.builder()
                .dataFolder(folder.resolve("data"))
                .set("PORT", "0")
                .models(model, model)
                .verifier(token -> new Verification.Verified(
                        Principal.trusted(new UserId(token), token.equals("root") ? Principal.ADMIN : "user")))
                .build();
    }

    @AfterEach
    void end() {
        parley.close();
        http.close();
    }

    @Test
    void a_member_by_rooms_and_one_by_the_native_protocol_see_the_same_answer_grow() throws Exception {
        try (Frames ana = rooms("ana", "&room_id=room-1&room_type=shared&room_name=Both")) {
            assertThat(data(ana.next("join_room")).text("room_name")).contains("Both");
            together(ana);
        }
    }

    private void together(Frames ana) throws Exception {
        try (Frames ben = chat("ben", "room-1")) {
            ben.next("connected");
            assertThat(data(ana.next("add_member")).text("user_id")).contains("ben");
            ana.send("{\"type\":\"chat\",\"data\":{\"message\":\"Hi\"},\"room_id\":\"room-1\",\"message_id\":\"msg-1\"}");
            assertThat(ben.next("message").text("content")).contains("Hi");
            JsonObject done = done(ana);
            JsonObject end = ben.next("stream_end");
            assertThat(end.text("message_id")).isEqualTo(done.text("message_id"));
            assertThat(shown(ana.all(), done.requiredText("message_id"))).isEqualTo(PacedModel.answerTo("Hi"));
            assertThat(end.object("message").orElseThrow().text("content")).contains(PacedModel.answerTo("Hi"));
            assertThat(done.text("model_used")).contains("paced");
            assertThat(done.whole("tokens_used")).hasValue(5);

            ben.send("{\"type\":\"message\",\"content\":\"And I\",\"id\":\"1\"}");
            JsonObject said = data(ana.next(frame -> data(frame).text("role").filter("user"::equals).isPresent(), "Ben's words"));
            assertThat(said.text("content")).contains("And I");
            assertThat(said.text("user_id")).contains("ben");
            ana.send("{\"type\":\"delivery_confirmation\",\"data\":{\"status\":\"read\",\"message_id\":\""
                    + said.requiredText("message_id") + "\"}}");
            assertThat(ben.next("seen").text("user_id")).contains("ana");
        }
    }

    @Test
    void what_is_said_waits_for_a_member_who_is_away_and_for_a_server_that_starts_again() throws Exception {
        try (Frames ana = rooms("ana", "&room_id=room-1&room_type=group")) {
            ana.next("join_room");
            ana.send("{\"type\":\"add_member\",\"data\":{\"room_id\":\"room-1\",\"user_id\":\"ben\"}}");
            ana.next("add_member");
            ana.send("{\"type\":\"chat\",\"data\":{\"message\":\"Ben?\"},\"room_id\":\"room-1\",\"message_id\":\"msg-1\"}");
            done(ana);
        }
        parley.close();
        start();
        try (Frames ben = rooms("ben", "&room_id=room-1")) {
            assertThat(data(ben.next("join_room")).texts("participants").orElseThrow()).containsExactly("ana", "ben");
            assertThat(data(ben.next("chat")).text("content")).contains("Ben?");
            String reply = done(ben).requiredText("message_id");
            assertThat(shown(ben.all(), reply)).isEqualTo(PacedModel.answerTo("Ben?"));
        }
    }

    @Test
    void several_conversations_run_at_once_and_each_can_be_stopped() throws Exception {
        try (Frames ana = rooms("ana", "")) {
            ana.next("connect");
            ana.send("{\"type\":\"chat\",\"data\":{\"message\":\"A long one\"},\"message_id\":\"msg-1\"}");
            ana.send("{\"type\":\"chat\",\"data\":{\"message\":\"Another long one\"},\"message_id\":\"msg-2\"}");
            JsonObject first = data(ana.next(frame -> confirms(frame, "msg-1"), "the first is stored"));
            JsonObject second = data(ana.next(frame -> confirms(frame, "msg-2"), "the second is stored"));
            String one = first.requiredText("conversation_id");
            String two = second.requiredText("conversation_id");
            assertThat(one).isNotEqualTo(two);
            ana.next(frame -> grows(frame, two), "the second grows");
            ana.next(frame -> grows(frame, one), "the first grows");
            ana.send("{\"type\":\"stop\",\"data\":{\"message_id\":\"msg-1\"}}");
            JsonObject stopped = done(ana);
            assertThat(stopped.text("conversation_id")).contains(one);
            assertThat(stopped.text("status")).contains("stopped");
            ana.next(frame -> grows(frame, two), "the second goes on");
            ana.send("{\"type\":\"stop\"}");
            assertThat(done(ana).text("conversation_id")).contains(two);
        }
    }

    @Test
    void the_uninvited_the_third_and_the_late_are_refused_and_nothing_is_stored() throws Exception {
        try (Frames ana = rooms("ana", "&room_id=secret"); Frames eve = rooms("eve", "")) {
            ana.next("join_room");
            eve.next("connect");
            for (String frame : List.of(
                    "{\"type\":\"join_room\",\"data\":{\"room_id\":\"secret\"}}",
                    "{\"type\":\"chat\",\"data\":{\"message\":\"Let me in\"},\"room_id\":\"secret\"}",
                    "{\"type\":\"chat\",\"data\":{\"message\":\"Let me in\",\"conversation_id\":\"secret\"}}",
                    "{\"type\":\"typing\",\"data\":{\"is_typing\":true,\"room_id\":\"secret\"}}",
                    "{\"type\":\"stop\",\"data\":{\"room_id\":\"secret\"}}",
                    "{\"type\":\"add_member\",\"data\":{\"room_id\":\"secret\",\"user_id\":\"eve\"}}",
                    "{\"type\":\"delete_room\",\"data\":{\"room_id\":\"secret\"}}")) {
                eve.send(frame);
                assertThat(data(eve.next("error")).text("code")).as(frame).contains("FORBIDDEN");
            }
            ana.send("{\"type\":\"add_member\",\"data\":{\"room_id\":\"secret\",\"user_id\":\"ben\"}}");
            ana.next("add_member");
            ana.send("{\"type\":\"add_member\",\"data\":{\"room_id\":\"secret\",\"user_id\":\"eve\"}}");
            assertThat(data(ana.next("error")).text("code")).contains("ROOM_FULL");
            ana.send("{\"type\":\"delete_room\",\"data\":{\"room_id\":\"secret\"}}");
            ana.next("delete_room");
            ana.send("{\"type\":\"chat\",\"data\":{\"message\":\"Too late\"},\"room_id\":\"secret\"}");
            assertThat(data(ana.next("error")).text("code")).contains("GONE");
            eve.send("{\"type\":\"chat\",\"data\":{\"message\":\"" + "x".repeat(5001) + "\"}}");
            assertThat(data(eve.next("error")).text("code")).contains("MESSAGE_TOO_LONG");
            eve.send("{\"type\":\"chat\",\"data\":{\"message\":\" \"},\"message_id\":\"m\"}");
            assertThat(data(eve.next("error")).text("code")).contains("BAD_REQUEST");
            eve.send("{\"type\":\"chat\",\"data\":{\"message\":\"Hi\"},\"room_id\":\"ticket:1\"}");
            assertThat(data(eve.next("error")).text("code")).contains("FORBIDDEN");
        }
        assertThat(get("ana", "/api/chat/sessions/secret/messages").body()).contains("\"messages\":[]");
        assertThat(get("eve", "/api/v1/ws/rooms/secret").statusCode()).isEqualTo(403);
        assertThat(get("eve", "/api/chat/sessions").body()).contains("\"sessions\":[]");
    }

    @Test
    void losing_a_room_ends_it_here_and_the_connection_goes_on() throws Exception {
        try (Frames ana = rooms("ana", "&room_id=one&room_type=shared")) {
            ana.next("join_room");
            losesOne(ana);
        }
    }

    private void losesOne(Frames ana) throws Exception {
        try (Frames ben = rooms("ben", "&room_id=one")) {
            ben.next("join_room");
            ben.send("{\"type\":\"join_room\",\"data\":{\"room_id\":\"two\"}}");
            ben.next("join_room");
            ana.send("{\"type\":\"remove_member\",\"data\":{\"room_id\":\"one\",\"user_id\":\"ben\"}}");
            assertThat(data(ben.next("leave_room")).text("reason")).contains("removed");
            ben.send("{\"type\":\"chat\",\"data\":{\"message\":\"Hi\"},\"room_id\":\"two\"}");
            assertThat(done(ben).text("conversation_id")).contains("two");
        }
    }

    @Test
    void a_file_comes_in_pieces_and_is_for_the_rooms_members_alone() throws Exception {
        try (Frames ana = rooms("ana", "&room_id=room-1&room_type=group")) {
            ana.next("join_room");
            ana.send("{\"type\":\"add_member\",\"data\":{\"room_id\":\"room-1\",\"user_id\":\"ben\"}}");
            ana.next("add_member");
            bringsFile(ana);
        }
    }

    private void bringsFile(Frames ana) throws Exception {
        byte[] content = "The quick brown fox. ".repeat(100).getBytes(StandardCharsets.UTF_8);
        try (Frames ben = rooms("ben", "&room_id=room-1")) {
            ben.next("join_room");
            ana.send(
                    "{\"type\":\"file_upload\",\"room_id\":\"room-1\",\"data\":{\"upload_type\":\"init\",\"file_name\":\"notes.txt\","
                            + "\"mime_type\":\"text/plain\",\"file_size\":" + content.length + "}}");
            String file = data(ana.next("file_upload")).requiredText("file_id");
            ana.send(chunk(file, 1, Arrays.copyOfRange(content, 1000, content.length)));
            ana.next("file_upload");
            ana.send(chunk(file, 0, Arrays.copyOf(content, 1000)));
            assertThat(data(ana.next("file_upload")).whole("received")).hasValue(2);
            ana.send(finish(file, "0".repeat(64)));
            assertThat(data(ana.next("error")).text("code")).contains("CHECKSUM");
            ana.send(finish(file, Sha256.of(content).hex()));
            String url = data(ana.next("file_upload")).requiredText("url");

            JsonObject shown = data(ben.next("file_upload"));
            assertThat(shown.text("file_name")).contains("notes.txt");
            assertThat(shown.text("user_id")).contains("ana");
            assertThat(shown.text("url")).contains(url);
            Command<Attachment> look = new Command.GetAttachment(new AttachmentId(file));
            assertThat(parley.engine().handle(caller("ben"), look))
                    .isInstanceOfSatisfying(Outcome.Done.class, done -> assertThat(((Attachment) done.value()).sha256())
                            .contains(Sha256.of(content)));
            assertThat(parley.engine().handle(caller("eve"), look)).isInstanceOf(Outcome.Refused.class);

            ana.send("{\"type\":\"chat\",\"data\":{\"message\":\"Read it\",\"file_ids\":[\"" + file
                    + "\"]},\"room_id\":\"room-1\"}");
            JsonObject said = data(ben.next("chat"));
            assertThat(said.items("attachments").orElseThrow()).singleElement().asString().contains(file);
        }
    }

    private static Caller caller(String user) {
        return new Caller(Principal.trusted(new UserId(user)), ClientInfo.UNKNOWN, "test");
    }

    private static String chunk(String file, int index, byte[] bytes) {
        return "{\"type\":\"file_upload\",\"data\":{\"upload_type\":\"chunk\",\"file_id\":\"" + file + "\",\"chunk_index\":"
                + index
                + ",\"total_chunks\":2,\"chunk_data\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"}}";
    }

    private static String finish(String file, String checksum) {
        return "{\"type\":\"file_upload\",\"data\":{\"upload_type\":\"finalize\",\"file_id\":\"" + file + "\",\"checksum\":\""
                + checksum + "\"}}";
    }

    @Test
    void the_published_javascript_client_chats_and_survives_a_cut() throws Exception {
        parley.close();
        // It comes back two seconds after its connection ends, and the answer must still be running then.
        PacedModel slow = new PacedModel(java.time.Duration.ofMillis(40));
        try (Parley own = Parley.builder().dataFolder(folder.resolve("own")).set("PORT", "0").models(slow, slow).build()) {
            NodeScript.passes(
                    folder.resolve("output"), "rooms-client.spec.mjs", own.openingUrl().orElseThrow().toString());
        }
    }

    @Test
    void the_published_python_client_chats() throws Exception {
        List<String> said = PythonScript.passes(
                folder.resolve("output"),
                "rooms_client_spec.py",
                parley.url().toString().replaceFirst("http", "ws"),
                "ana",
                "room-1");
        assertThat(said).containsExactly(
                PacedModel.answerTo("Hi").strip(),
                PacedModel.answerTo("Alone").strip(),
                PacedModel.answerTo("Still alone").strip());
    }

    private static boolean confirms(JsonObject frame, String ownId) {
        return Frames.type(frame).equals("delivery_confirmation")
                && data(frame).text("message_id").filter(ownId::equals).isPresent();
    }

    private static boolean grows(JsonObject frame, String conversation) {
        return data(frame).truth("streaming").orElse(false)
                && data(frame).text("conversation_id").filter(conversation::equals).isPresent();
    }

    private static JsonObject done(Frames frames) throws InterruptedException {
        return data(frames.next(frame -> data(frame).truth("done").orElse(false), "the end of an answer"));
    }

    /** What a client shows of a reply. */
    private static String shown(List<JsonObject> frames, String reply) {
        StringBuilder text = new StringBuilder();
        for (JsonObject frame : frames) {
            JsonObject data = data(frame);
            if (data.truth("streaming").orElse(false) && data.text("message_id").equals(Optional.of(reply))) {
                if (data.truth("reset").orElse(false)) {
                    text.setLength(0);
                }
                text.append(data.requiredText("content"));
                assertThat(data.whole("offset")).hasValue(text.length());
            }
        }
        return text.toString();
    }

    private static JsonObject data(JsonObject frame) {
        return frame.object("data").orElse(JsonObject.EMPTY);
    }

    private Frames rooms(String user, String more) throws Exception {
        return Frames.connect(http, URI.create(socket() + "/api/v1/ws/ws?token=" + user + more));
    }

    private Frames chat(String user, String session) throws Exception {
        return Frames.connect(http, URI.create(socket() + "/ws/" + session + "?token=" + user));
    }

    private String socket() {
        return "ws" + parley.url().toString().substring(4);
    }

    private HttpResponse<String> get(String user, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(parley.url().resolve(path)).header("Authorization", "Bearer " + user).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
