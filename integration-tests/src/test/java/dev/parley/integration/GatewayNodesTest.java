package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.adapter.embedded.system.SystemTimers;
import dev.parley.bootstrap.Parley;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.protocols.json.JsonObject;
import dev.parley.testkit.store.InMemoryBlobStore;
import dev.parley.testkit.store.InMemoryConversationStore;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chat gateway of two servers that share everything: nobody remembers clients, so they go on at either. */
class GatewayNodesTest {

    @TempDir
    Path folder;

    private final InMemoryConversationStore store = new InMemoryConversationStore();
    private final InMemoryBlobStore blobs = new InMemoryBlobStore();

    @Test
    void who_was_cut_off_goes_on_at_another_server_without_a_lost_or_repeated_character() throws Exception {
        try (SystemTimers timers = SystemTimers.start();
                LiveMemory live = LiveMemory.create(InstantSource.system(), timers);
                Parley here = node("here", live);
                Parley there = node("there", live);
                HttpClient http = HttpClient.newHttpClient();
                ChatSocket ben = ChatSocket.as(http, there.url(), "ben")) {
            String reply;
            List<String> pieces = new ArrayList<>();
            ChatSocket gone;
            try (ChatSocket ana = ChatSocket.as(http, here.url(), "ana")) {
                ana.ask("session:join", "{'sessionId':'hall'}");
                ben.ask("session:join", "{'sessionId':'hall'}");
                reply = ana.ask("stream:request", "{'sessionId':'hall','prompt':'A long one'}").requiredText("streamId");
                pieces.add(ana.next("stream:chunk", any -> true).requiredText("delta"));
                pieces.add(ana.next("stream:chunk", any -> true).requiredText("delta"));
                gone = ana;
            }
            // What came after the last piece that was read counts as told: a stock client has handled it too.
            gone.rest("stream:chunk").forEach(chunk -> pieces.add(chunk.requiredText("delta")));
            ben.ask("message:send", "{'sessionId':'hall','content':'Where are you?'}");

            try (ChatSocket ana = gone.back(http, there.url(), "ana")) {
                JsonObject hello = ana.next("connection:success", any -> true);
                assertThat(hello.truth("recovered")).contains(true);
                assertThat(hello.texts("sessions").orElseThrow()).containsExactly("hall");
                assertThat(ana.next("message:new", any -> true).text("content")).contains("Where are you?");
                JsonObject end = ana.next("stream:complete", any -> true);
                ana.rest("stream:chunk").forEach(chunk -> {
                    assertThat(chunk.truth("reset")).isEmpty();
                    pieces.add(chunk.requiredText("delta"));
                });
                assertThat(end.text("id")).contains(reply);
                assertThat(Optional.of(String.join("", pieces))).isEqualTo(end.text("content"));
            }
        }
    }

    private Parley node(String name, LiveMemory live) {
        PacedModel model = new PacedModel();
        return Parley.builder()
                .dataFolder(folder.resolve(name))
                .set("PORT", "0")
                .stores(
                        store.sessions(),
                        store.messages(),
                        store.replies(),
                        store.revocations(),
                        store.audit(),
                        store.topics(),
                        store.attachments(),
                        blobs)
                .streams(live.streams())
                .bus(live.bus())
                .presence(live.presence())
                .limiter(live.limiter())
                .leases(live.leases())
                .connections(live.connections())
                .models(model, model)
                .verifier(user -> new Verification.Verified(Principal.trusted(new UserId(user), "user")))
                .build();
    }
}
