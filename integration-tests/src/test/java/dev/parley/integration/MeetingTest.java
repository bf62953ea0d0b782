package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.Parley;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.protocols.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People on three protocols in one conversation. */
class MeetingTest {

    private static final String QUESTION = "A long question";

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private Parley parley;

    @BeforeEach
    void start() {
        PacedModel model = new PacedModel();
        parley = Parley.builder()
                .dataFolder(folder.resolve("data"))
                .set("PORT", "0")
                .models(model, model)
                .verifier(name -> new Verification.Verified(Principal.trusted(new UserId(name), "user")))
                .build();
    }

    @AfterEach
    void end() {
        parley.close();
        http.close();
    }

    @Test
    void all_watch_the_same_answer_while_it_is_written() throws Exception {
        try (Frames chat = connect("/ws/hall?visibility=shared&token=ana")) {
            // Whoever comes first decides who may come.
            chat.next("connected");
            try (Frames topics = connect("/ws/chat/hall?token=bruno");
                    Frames rooms = connect("/api/v1/ws/ws?room_id=hall&token=cleo")) {
                topics.next("connection");
                rooms.next("join_room");
                watch(chat, topics, rooms);
            }
        }
    }

    private static void watch(Frames chat, Frames topics, Frames rooms) throws Exception {
        chat.send("{\"type\":\"message\",\"content\":\"" + QUESTION + "\",\"id\":\"q\"}");
        // Each has a part of it before anybody has the end.
        chat.next("stream_chunk");
        topics.next(frame -> data(frame).flatMap(data -> data.truth("chunk")).orElse(false), "a piece of the answer");
        rooms.next(frame -> data(frame).flatMap(data -> data.truth("streaming")).orElse(false), "a piece of the answer");
        assertThat(chat.all()).noneMatch(frame -> Frames.type(frame).equals("stream_end"));

        String reply = chat.next("stream_end").requiredText("message_id");
        assertThat(data(topics.next("chat_complete")).orElseThrow().text("message_id")).contains(reply);
        rooms.next(frame -> data(frame).flatMap(data -> data.truth("done")).orElse(false), "the end");
        String whole = PacedModel.answerTo(QUESTION);
        assertThat(joined(chat.all(), "stream_chunk", Optional::of, reply)).isEqualTo(whole);
        assertThat(joined(topics.all(), "chat", MeetingTest::data, reply)).isEqualTo(whole);
        assertThat(joined(rooms.all(), "chat", MeetingTest::data, reply)).isEqualTo(whole);
    }

    private static Optional<JsonObject> data(JsonObject frame) {
        return frame.object("data");
    }

    /** What all pieces of a reply come to. */
    private static String joined(
            List<JsonObject> frames,
            String type,
            java.util.function.Function<JsonObject, Optional<JsonObject>> part,
            String reply) {
        return frames.stream()
                .filter(frame -> Frames.type(frame).equals(type))
                .flatMap(frame -> part.apply(frame).stream())
                .filter(piece -> piece.text("message_id").filter(reply::equals).isPresent())
                .map(piece -> piece.text("content").orElse(""))
                .collect(Collectors.joining());
    }

    private Frames connect(String path) throws Exception {
        return Frames.connect(http, URI.create("ws" + parley.url().toString().substring(4) + path));
    }
}
