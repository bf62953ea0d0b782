package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.Peers;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes wrong on the wire, and what must have come about in the end: the list that all clients share, against the scripted server. */
class ScenariosTest {

    private static final Path CLIENTS = Path.of("..").toAbsolutePath().normalize();

    private static Process script;
    private static URI server;

    @BeforeAll
    static void start() throws IOException {
        script = script();
        server = URI.create(script.inputReader(StandardCharsets.UTF_8).readLine().replace("READY ", ""));
    }

    /** The scripted server, about to say where it is. */
    static Process script() throws IOException {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        if (Stream.of(path.split(File.pathSeparator, -1)).noneMatch(place -> Files.isExecutable(Path.of(place, "node")))) {
            Peers.missing("node", "install Node.js 20 or later");
        }
        if (!Files.isDirectory(CLIENTS.resolve("javascript/node_modules"))) {
            Peers.missing("node", "run integration-tests/peers/install for the packages of clients/javascript");
        }
        return new ProcessBuilder("node", "server.mjs")
                .directory(CLIENTS.resolve("scenarios").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @AfterAll
    static void end() {
        if (script != null) {
            script.destroy();
        }
    }

    @Test
    void the_client_lives_through_every_scenario() throws Exception {
        assertThat(Scenarios.failures(server, Optional.ofNullable(System.getenv("PARLEY_SCENARIO")).orElse(""))).isEmpty();
    }

    @Test
    void what_hangs_on_an_answer_may_wait_for_the_next_one() throws Exception {
        try (ParleyClient client = ParleyClient.to(server).token("user-ana").build()) {
            String found = client.connect()
                    .thenApply(info -> client.ask("Count to 3").join())
                    .thenApply(text -> client.history(Range.newest(1)).join().parts("messages").getFirst())
                    .thenApply(reply -> client.regenerate(reply.text("message_id").orElseThrow()).join())
                    .thenApply(reply -> reply.finished().join())
                    .thenCompose(reply -> client.search("word3", 5))
                    .thenApply(page -> client.presence().join())
                    .thenCompose(present -> client.withdraw("nothing"))
                    .thenApply(none -> client.ping().join())
                    .thenCompose(time -> client.stop())
                    .thenApply(stopped -> client.ask("Count to 2").join())
                    .get(60, TimeUnit.SECONDS);
            assertThat(found).isEqualTo("word1 word2 ");
        }
    }
}
