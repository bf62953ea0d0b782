package dev.parley.integration;

import dev.parley.bootstrap.Parley;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.testkit.Peers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The chat gateway on a whole server, through the clients of Socket.IO that others wrote. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayTest {

    private static final Path PEERS = NodeScript.ROOT.resolve("integration-tests/peers");

    private Path folder;
    private Parley parley;

    @BeforeAll
    void start(@TempDir Path place) {
        folder = place;
        PacedModel model = new PacedModel();
        parley = Parley.builder()
                .dataFolder(folder.resolve("data"))
                .set("PORT", "0")
                .set("RATE_LIMIT_MESSAGES_PER_MINUTE", "1000")
                .models(model, model)
                .verifier(name -> new Verification.Verified(Principal.trusted(new UserId(name), "user")))
                .build();
    }

    @AfterAll
    void end() {
        parley.close();
    }

    @Test
    void the_stock_client_has_every_event_over_every_transport_and_goes_on_after_cuts() throws Exception {
        NodeScript.needsPackages(PEERS);
        Program.needs("node", "node", "install Node.js 20 or later");
        Program.run(
                PEERS,
                folder.resolve("node"),
                List.of(
                        "env",
                        "SERVER=" + parley.url(),
                        "node",
                        "--test",
                        "--test-reporter=spec",
                        "--test-timeout=120000",
                        "gateway-client.spec.mjs"))
                .well();
    }

    @Test
    void the_stock_client_has_every_event_over_every_transport_in_a_browser() throws Exception {
        NodeScript.needsPackages(PEERS);
        Program.needs("node", "node", "install Node.js 20 or later");
        Program.needs("chromium", "chromium", "install Chromium");
        Program.run(
                PEERS,
                folder.resolve("browser"),
                List.of("env", "SERVER=" + parley.url(), "node", "gateway-browser.spec.mjs"))
                .well();
    }

    @Test
    void the_stock_client_of_python_has_every_event_over_every_transport() throws Exception {
        Program.needs("python", "python3", "install Python 3");
        if (Program.run(PEERS, folder.resolve("import"), List.of("python3", "-c", "import socketio, aiohttp")).code() != 0) {
            Peers.missing("python-socketio", "python3 -m pip install python-socketio aiohttp");
        }
        Program.run(PEERS, folder.resolve("python"), List.of("python3", "gateway_client.py", parley.url().toString())).well();
    }
}
