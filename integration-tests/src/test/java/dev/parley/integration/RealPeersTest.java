package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.Conversation;
import dev.parley.bootstrap.Parley;
import dev.parley.bootstrap.ParleyBuilder;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.testkit.Peers;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients and models that others wrote, where the machine has them. */
class RealPeersTest {

    private static final Path PEERS = Path.of("peers").toAbsolutePath();
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
    void a_person_uses_the_page_in_a_browser() throws Exception {
        needs("chromium", "chromium", "install Chromium");
        script("page.spec.mjs", parley -> List.of());
    }

    @Test
    void the_javascript_client_holds_on_a_wire_that_is_cut() throws Exception {
        script("client.spec.mjs", parley -> List.of());
    }

    @Test
    void the_websockets_library_of_python_talks_to_it() throws Exception {
        needs("python", "python3", "install Python 3");
        if (run(List.of("python3", "-c", "import websockets"), folder).code() != 0) {
            Peers.missing("websockets", "python3 -m pip install websockets");
        }
        try (Parley parley = server().build()) {
            String url = parley.url().toString().replaceFirst("http", "ws") + "/ws/one";
            Ended python = run(List.of("python3", "-c", PYTHON, url, token(parley)), folder);
            assertThat(python.code()).as(python.output()).isZero();
            assertThat(python.output()).isEqualTo(PacedModel.answerTo("Hi"));
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
            var brief = new dev.parley.application.command.Ask(
                    java.util.Optional.empty(), java.util.Optional.empty(), java.util.Optional.empty(),
                    java.util.Optional.empty(),
                    new dev.parley.domain.llm.ModelOptions(
                            java.util.Optional.of(0.0), java.util.Optional.of(20), java.util.Optional.of(1L),
                            java.util.Map.of()));
            Message reply = talk.ask("Say something.", brief, text -> {}).await(Duration.ofMinutes(2));
            assertThat(reply.reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
            assertThat(reply.content()).isNotEmpty();

            var begun = new java.util.concurrent.CountDownLatch(1);
            var endless = talk.ask("Go on and on.", text -> begun.countDown());
            assertThat(begun.await(120, TimeUnit.SECONDS)).isTrue();
            talk.stop();
            assertThat(endless.await(Duration.ofMinutes(1)).reply().orElseThrow().status())
                    .isIn(ReplyStatus.STOPPED, ReplyStatus.COMPLETED);
        }
    }

    private interface More {
        List<String> arguments(Parley parley);
    }

    private void script(String name, More more) throws Exception {
        needs("node", "node", "install Node.js 20 or later");
        if (!Files.isDirectory(PEERS.resolve("node_modules"))) {
            Peers.missing("node", "run integration-tests/peers/install");
        }
        try (Parley parley = server().set("RATE_LIMIT_MESSAGES_PER_MINUTE", "off").set("REST_RATE_LIMIT", "off").build()) {
            List<String> command = new java.util.ArrayList<>(
                    List.of("node", name, parley.openingUrl().orElseThrow().toString()));
            command.addAll(more.arguments(parley));
            Ended node = run(command, PEERS);
            assertThat(node.code()).as(node.output()).isZero();
        }
    }

    private ParleyBuilder server() {
        PacedModel model = new PacedModel();
        return Parley.builder().dataFolder(folder.resolve("data")).set("PORT", "0").models(model, model);
    }

    private static String token(Parley parley) {
        return parley.openingUrl().orElseThrow().getFragment().substring("token=".length());
    }

    private static void needs(String peer, String program, String remedy) {
        String path = System.getenv().getOrDefault("PATH", "");
        if (Stream.of(path.split(File.pathSeparator, -1)).noneMatch(place -> Files.isExecutable(Path.of(place, program)))) {
            Peers.missing(peer, remedy);
        }
    }

    private record Ended(int code, String output) {}

    private Ended run(List<String> command, Path directory) throws Exception {
        Path output = Files.createTempFile(folder, "peer", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(5, TimeUnit.MINUTES);
            return new Ended(ended ? process.exitValue() : -1, Files.readString(output));
        } finally {
            process.destroyForcibly();
        }
    }
}
