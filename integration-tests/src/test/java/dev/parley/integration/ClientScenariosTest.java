package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.bootstrap.LocalTokens;
import dev.parley.bootstrap.Parley;
import dev.parley.client.Scenarios;
import dev.parley.domain.access.UserId;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios that the clients of all languages pass against the scripted server, here against the real one. */
class ClientScenariosTest {

    private static final Path CLIENTS = NodeScript.ROOT.resolve("clients");
    private static final UserId ANN = new UserId("ann");

    @TempDir
    static Path folder;

    private static Parley parley;
    private static Process script;
    private static String address;

    @BeforeAll
    static void start() throws IOException {
        NodeScript.needsPackages(CLIENTS.resolve("javascript"));
        CountingModel model = new CountingModel();
        parley = Parley.builder()
                .dataFolder(folder.resolve("data"))
                .set("PORT", "0")
                .set("MAX_CONCURRENT_STREAMS", "200")
                .set("WEBSOCKET_MAX_CONNECTIONS_PER_USER", "off")
                .set("RATE_LIMIT_MESSAGES_PER_MINUTE", "off")
                .set("REST_RATE_LIMIT", "off")
                .models(model, model)
                .build();
        List<String> command = new ArrayList<>(List.of("node", "server.mjs", parley.url().toString()));
        Stream.of(token(ANN, 1), token(ANN, 2), token(new UserId("bo"), 1)).forEach(command::add);
        script = new ProcessBuilder(command)
                .directory(CLIENTS.resolve("scenarios").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = script.inputReader(StandardCharsets.UTF_8);
        address = said.readLine().replace("READY ", "");
    }

    @AfterAll
    static void end() {
        if (script != null) {
            script.destroy();
        }
        if (parley != null) {
            parley.close();
        }
    }

    @Test
    void the_javascript_client_passes_them() throws Exception {
        Program.needs("node", "node", "install Node.js 20 or later");
        Program.run(
                CLIENTS.resolve("javascript"),
                folder.resolve("javascript"),
                List.of("node", "--test", "--test-timeout=600000", "test/scenarios.test.mjs"),
                Map.of("PARLEY_SCENARIOS", address))
                .well();
    }

    @Test
    void the_python_client_passes_them() throws Exception {
        PythonScript.clientTestsPass(
                folder.resolve("python"), "test_scenarios.py", Map.of("PARLEY_SCENARIOS", address));
    }

    @Test
    void the_java_client_passes_them() throws Exception {
        assertThat(Scenarios.failures(URI.create(address), "")).isEmpty();
    }

    private static String token(UserId user, int hours) {
        return LocalTokens.issue(parley.settings(), user, user.value(), Set.of("user"), Duration.ofHours(hours))
                .orElseThrow();
    }
}
