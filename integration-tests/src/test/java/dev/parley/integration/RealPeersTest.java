package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Ask;
import dev.parley.bootstrap.Answer;
import dev.parley.bootstrap.Conversation;
import dev.parley.bootstrap.LocalTokens;
import dev.parley.bootstrap.Parley;
import dev.parley.bootstrap.ParleyBuilder;
import dev.parley.domain.access.UserId;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.testkit.Peers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients and models that others wrote, where the machine has them. */
class RealPeersTest {

    private static final String PYTHON = """
            import asyncio, json, sys, websockets
            async def main():
                async with websockets.connect(sys.argv[1], subprotocols=["parley", "bearer." + sys.argv[2]]) as ws:
                    assert ws.subprotocol == "parley", ws.subprotocol
                    assert json.loads(await ws.recv())["type"] == "connected"
                    await ws.send(json.dumps({"type": "message", "content": "Hi", "id": "1"}))
                    text = ""
                    while True:
                        frame = json.loads(await ws.recv())
                        if frame["type"] == "stream_chunk": text += frame["content"]
                        if frame["type"] == "stream_end":
                            assert frame["status"] == "completed", frame
                            print(text, end="")
                            return
            asyncio.run(asyncio.wait_for(main(), 60))
            """;

    @TempDir
    Path folder;

    @Test
    void the_javascript_client_holds_on_a_wire_that_is_cut() throws Exception {
        script("client.spec.mjs");
    }

    @Test
    void the_websockets_library_of_python_talks_to_it() throws Exception {
        Program.needs("python", "python3", "install Python 3");
        if (Program.run(folder, folder.resolve("output"), List.of("python3", "-c", "import websockets")).code() != 0) {
            Peers.missing("websockets", "python3 -m pip install websockets");
        }
        try (Parley parley = server().build()) {
            String url = parley.url().toString().replaceFirst("http", "ws") + "/ws/one";
            Program.Ended python =
                    Program.run(folder, folder.resolve("output"), List.of("python3", "-c", PYTHON, url, token(parley)));
            assertThat(python.well()).isEqualTo(PacedModel.answerTo("Hi"));
        }
    }

    @Test
    void a_real_ollama_answers_and_is_stopped() throws Exception {
        String ollama = Peers.require("ollama", "TESTKIT_OLLAMA");
        try (Parley parley = Parley.builder()
                .dataFolder(folder.resolve("data"))
                .withoutHost()
                .set("OLLAMA_SERVER", ollama)
                .build();
                Conversation talk = parley.conversation("ann", "one")) {
            Message reply = talk.ask("Say something.", asking(20), text -> {}).await(Duration.ofMinutes(2));
            assertThat(reply.reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
            assertThat(reply.content()).isNotEmpty();

            CountDownLatch begun = new CountDownLatch(1);
            Answer endless = talk.ask("Go on and on.", asking(100_000), text -> begun.countDown());
            assertThat(begun.await(120, TimeUnit.SECONDS)).isTrue();
            assertThat(talk.stop()).as("what was stopped, proven").containsExactly(endless.id());
            Message stopped = endless.await(Duration.ofMinutes(1));
            assertThat(stopped.reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
            assertThat(stopped.content()).isNotEmpty();

            Message next = talk.ask("And now briefly.", asking(8), text -> {}).await(Duration.ofMinutes(2));
            assertThat(next.reply().orElseThrow().status()).as("the model is free again").isEqualTo(ReplyStatus.COMPLETED);
        }
    }

    private static Ask asking(int tokens) {
        return new Ask(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                new ModelOptions(Optional.of(0.0), Optional.of(tokens), Optional.of(1L), Map.of()));
    }

    private void script(String name) throws Exception {
        try (Parley parley = server().set("RATE_LIMIT_MESSAGES_PER_MINUTE", "off").set("REST_RATE_LIMIT", "off").build()) {
            String second = LocalTokens.issue(
                    parley.settings(), new UserId("second"), "Second", Set.of("user"), Duration.ofHours(1))
                    .orElseThrow();
            NodeScript.passes(folder.resolve("output"), name, parley.openingUrl().orElseThrow().toString(), second);
        }
    }

    private ParleyBuilder server() {
        PacedModel model = new PacedModel();
        return Parley.builder().dataFolder(folder.resolve("data")).set("PORT", "0").models(model, model);
    }

    private static String token(Parley parley) {
        return parley.openingUrl().orElseThrow().getFragment().substring("token=".length());
    }
}
