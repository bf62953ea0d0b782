package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.Parley;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.llm.ScriptedModel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of words that offend on a whole server, by whatever they come. */
class FilterTest {

    private static final Pattern SID = Pattern.compile("\"sid\":\"([^\"]+)\"");

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private Parley server(String name, String... settings) {
        ScriptedModel model = ScriptedModel.named("m").answerAll("Oh, bull", "sh", "it", "! And 🚀");
        var builder = Parley.builder()
                .dataFolder(folder.resolve(name))
                .set("PORT", "0")
                .models(model, model)
                .verifier(token -> new Verification.Verified(Principal.trusted(new UserId(token), "user")));
        for (int i = 0; i < settings.length; i += 2) {
            builder.set(settings[i], settings[i + 1]);
        }
        return builder.build();
    }

    @Test
    void the_chat_module_masks_where_nobody_says_otherwise_and_the_others_leave_words_alone() throws Exception {
        try (Parley parley = server("usual")) {
            String url = parley.url().toString();
            try (Frames frames = Frames.connect(http, URI.create("ws" + url.substring(4) + "/ws/room?token=ana"))) {
                frames.next("connected");
                frames.send("{\"type\":\"message\",\"id\":\"1\",\"content\":\"Native shit\",\"reply\":false}");
                frames.next("ack");
            }
            ask("ana", "POST", url + "/api/chat/messages", "{\"sessionId\":\"room\",\"content\":\"Merda na REST\"}");
            bySocketIo(url);
            assertThat(contents(ask("ana", "GET", url + "/api/chat/sessions/room/messages", "")))
                    .contains("Native shit", "***** na REST", "**** by Socket.IO, Scunthorpe");
        }
    }

    /** Over polls, by hand. */
    private void bySocketIo(String url) throws Exception {
        String address = url + "/socket.io/?EIO=4&transport=polling";
        Matcher open = SID.matcher(ask("", "GET", address, "").body());
        assertThat(open.find()).isTrue();
        String mine = address + "&sid=" + open.group(1);
        ask("", "POST", mine, "40/chat,{\"userId\":\"ana\",\"token\":\"ana\"}");
        await(mine, "connection:success");
        ask("", "POST", mine, "42/chat,1[\"session:join\",{\"sessionId\":\"room\"}]");
        await(mine, "43/chat,1");
        ask(
                "",
                "POST",
                mine,
                "42/chat,2[\"message:send\",{\"sessionId\":\"room\",\"content\":\"Sh1t by Socket.IO, Scunthorpe\"}]");
        assertThat(await(mine, "43/chat,2")).contains("\"success\":true");
    }

    /** Polls until there is what is waited for. */
    private String await(String address, String wanted) throws Exception {
        StringBuilder all = new StringBuilder();
        for (int polls = 0; polls < 20 && all.indexOf(wanted) < 0; polls++) {
            String body = ask("", "GET", address, "").body();
            all.append(body);
            if (body.contains("2") && body.length() == 1) {
                ask("", "POST", address, "3");
            }
        }
        assertThat(all.toString()).contains(wanted);
        return all.toString();
    }

    @Test
    void the_settings_say_what_becomes_of_words_on_every_protocol_and_in_replies() throws Exception {
        try (Parley parley =
                server("strict", "PROFANITY_FILTER", "reject", "PROFANITY_FILTER_REPLIES", "true", "PROFANITY_LISTS", "en")) {
            String url = parley.url().toString();
            try (Frames frames = Frames.connect(http, URI.create("ws" + url.substring(4) + "/ws/room?token=ana"))) {
                frames.next("connected");
                frames.send("{\"type\":\"message\",\"id\":\"1\",\"content\":\"What shit\"}");
                assertThat(frames.next("error").requiredText("code")).isEqualTo("CONTENT_REJECTED");
                frames.send("{\"type\":\"message\",\"id\":\"2\",\"content\":\"Merda?\"}");
                StringBuilder told = new StringBuilder();
                JsonObject frame = frames.next(each -> Frames.type(each).startsWith("stream_"), "a stream");
                while (!Frames.type(frame).equals("stream_end")) {
                    if (Frames.type(frame).equals("stream_chunk")) {
                        told.append(frame.requiredText("content"));
                        assertThat(frame.whole("seq")).hasValue(told.length());
                    }
                    frame = frames.next(each -> Frames.type(each).startsWith("stream_"), "more of the stream");
                }
                assertThat(told).hasToString("Oh, ********! And 🚀");
            }
            assertThat(contents(ask("ana", "GET", url + "/api/chat/sessions/room/messages", "")))
                    .containsExactly("Merda?", "Oh, ********! And 🚀");
            HttpResponse<String> refused =
                    ask("ana", "POST", url + "/api/chat/messages", "{\"sessionId\":\"room\",\"content\":\"shit\"}");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("CONTENT_REJECTED").doesNotContain("shit");
        }
    }

    private static List<String> contents(HttpResponse<String> history) {
        return Frames.parsed(history.body())
                .items("messages")
                .orElseThrow()
                .stream()
                .map(message -> ((JsonObject) message).requiredText("content"))
                .toList();
    }

    private HttpResponse<String> ask(String who, String method, String address, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address))
                .timeout(Frames.PATIENCE)
                .header("Content-Type", who.isEmpty() ? "text/plain;charset=UTF-8" : "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!who.isEmpty()) {
            request.header("Authorization", "Bearer " + who);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
