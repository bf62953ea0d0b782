package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Set;

/** Somebody who chats while others misbehave: whatever they do, every question is answered whole and nothing else is heard. */
final class Bystander implements AutoCloseable {

    private static final Set<String> UNDISTURBED =
            Set.of("connected", "ack", "message", "session", "stream_start", "stream_chunk", "stream_end", "typing", "presence");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Frames frames;
    private int asked;

    Bystander(URI server, String token) throws Exception {
        frames = Frames.connect(http, URI.create("ws" + server.toString().substring(4) + "/ws/bystander?token=" + token));
        frames.next("connected");
        goesOn();
    }

    /** Asks once more, and looks at everything that was heard since the beginning. */
    void goesOn() throws Exception {
        String id = "by-" + ++asked;
        frames.send("{\"type\":\"message\",\"content\":\"Hi\",\"id\":\"" + id + "\"}");
        String reply = frames.next("ack").requiredText("reply_id");
        JsonObject end = frames.next("stream_end");
        assertThat(end.text("message_id")).contains(reply);
        assertThat(end.text("status")).contains("completed");
        assertThat(end.object("message").orElseThrow().text("content")).contains(PacedModel.answerTo("Hi"));
        List<JsonObject> all = frames.all();
        assertThat(all).extracting(Frames::type).allMatch(UNDISTURBED::contains);
        assertThat(all).filteredOn(frame -> Frames.type(frame).equals("stream_end")).hasSize(asked);
    }

    @Override
    public void close() {
        frames.close();
        http.close();
    }
}
