package dev.parley.benchmarks.peer;

import dev.parley.adapter.embedded.files.FileBlobStore;
import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.adapter.embedded.sqlite.DataFolder;
import dev.parley.adapter.embedded.sqlite.SqliteDatabase;
import dev.parley.adapter.embedded.system.SettingsProjects;
import dev.parley.adapter.embedded.system.SystemTimers;
import dev.parley.adapter.embedded.system.TimeOrderedIds;
import dev.parley.adapter.ollama.OllamaAdapter;
import dev.parley.adapter.ollama.OllamaSettings;
import dev.parley.adapter.websocket.HostSettings;
import dev.parley.adapter.websocket.WebSocketHost;
import dev.parley.application.ChatEngine;
import dev.parley.application.ChatEngineBuilder;
import dev.parley.application.FilePorts;
import dev.parley.application.Ports;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.chat.ChatProtocol;
import dev.parley.protocols.chat.ChatSettings;
import dev.parley.protocols.gateway.ChatGateway;
import dev.parley.protocols.gateway.GatewaySettings;
import dev.parley.protocols.json.Texts;
import dev.parley.protocols.socketio.EngineSettings;
import dev.parley.protocols.socketio.SocketIoProtocol;
import dev.parley.protocols.socketio.SocketIoSettings;
import dev.parley.testkit.file.EndingInspector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * Parley as the server is: the engine, the embedded store and the WebSocket host; but without limits, and where a token is the
 * user's name, so that nothing else is measured. The model is inside the process or an Ollama server.
 */
public final class ParleyPeer {

    private static final System.Logger LOG = System.getLogger(ParleyPeer.class.getName());

    private ParleyPeer() {}

    /**
     * @param model where the model's server is, or {@code inside}
     * @param coalesce how long text waits for more, in milliseconds
     */
    public static void run(String model, long coalesce) throws Exception {
        InstantSource clock = InstantSource.system();
        SystemTimers timers = SystemTimers.start();
        Path data = Files.createTempDirectory("parley-load");
        SqliteDatabase store = SqliteDatabase.open(DataFolder.lock(data));
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> remove(data)));
        LiveMemory live = LiveMemory.create(clock, timers);
        LlmStreamer llm;
        ModelCatalog catalog;
        if (model.equals("inside")) {
            llm = new SteadyModel();
            catalog = () -> List.of(new Model("bench:latest", "", "", 0, Set.of()));
        } else {
            OllamaAdapter ollama = OllamaAdapter.open(OllamaSettings.of(model).gathering(Duration.ofMillis(coalesce)), clock);
            llm = ollama;
            catalog = ollama;
        }
        TimeOrderedIds ids = new TimeOrderedIds(clock);
        Ports ports = new Ports(
                store.sessions(),
                store.messages(),
                store.replies(),
                store.revocations(),
                store.audit(),
                store.topics(),
                new FilePorts(
                        store.attachments(),
                        FileBlobStore.open(data.resolve("uploads"), data.resolve("temp")),
                        new EndingInspector(),
                        Optional.empty()),
                live.streams(),
                live.bus(),
                live.presence(),
                live.limiter(),
                live.leases(),
                live.connections(),
                llm,
                catalog,
                SettingsProjects.of(List.of()),
                Telemetry.SILENT,
                ids,
                timers,
                clock);
        ChatEngine engine = ChatEngineBuilder.over(ports)
                .settings(Limits.lifted(Duration.ofMillis(coalesce)))
                .build();
        TokenVerifier names = token -> new Verification.Verified(Principal.trusted(new UserId(token)));
        ChatProtocol chat = new ChatProtocol(ids, ChatSettings.DEFAULT, Texts.load());
        WebSocketHost host = WebSocketHost.builder(engine)
                .settings(HostSettings.STANDARD.at("127.0.0.1", 0))
                .clock(clock)
                .slots(new ConnectionSlots(100_000, 100_000))
                .authentication(
                        new Authenticator(names, store.revocations(), Authenticator.Mode.REQUIRED, clock), names)
                .mount("/ws/{session_id}", chat)
                .mountEngine(
                        EngineSettings.STANDARD,
                        SocketIoProtocol.builder(SocketIoSettings.STANDARD)
                                .namespace(ChatGateway.NAMESPACE, new ChatGateway(GatewaySettings.DEFAULT, Texts.load()))
                                .build())
                .start();
        Ready.say(host.port());
        new CountDownLatch(1).await();
    }

    /** The store still writes while the process ends, so what is there at the second look may be newer than the first. */
    private static void remove(Path folder) {
        for (int look = 0; look < 3 && Files.exists(folder); look++) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(ParleyPeer::removeIfItGoes);
            } catch (IOException | UncheckedIOException gone) {
                LOG.log(System.Logger.Level.DEBUG, "A file went meanwhile", gone);
            }
        }
    }

    private static void removeIfItGoes(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            LOG.log(System.Logger.Level.DEBUG, "A file was not removed", stays);
        }
    }
}
