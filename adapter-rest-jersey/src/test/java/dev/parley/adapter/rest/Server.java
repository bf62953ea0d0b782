package dev.parley.adapter.rest;

import com.sun.net.httpserver.HttpServer;
import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.adapter.embedded.system.SettingsProjects;
import dev.parley.adapter.embedded.system.SystemTimers;
import dev.parley.adapter.embedded.system.TimeOrderedIds;
import dev.parley.adapter.embedded.words.WordFilter;
import dev.parley.adapter.embedded.words.WordList;
import dev.parley.application.ChatEngine;
import dev.parley.application.ChatEngineBuilder;
import dev.parley.application.EngineSettings;
import dev.parley.application.FilePorts;
import dev.parley.application.Ports;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.TokenVerifier;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.protocols.admission.Authenticator;
import dev.parley.protocols.admission.ConnectionSlots;
import dev.parley.protocols.admission.OriginPolicy;
import dev.parley.protocols.chat.ChatProtocol;
import dev.parley.protocols.chat.ChatSettings;
import dev.parley.protocols.connection.ConnectionSettings;
import dev.parley.protocols.connection.Connections;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import dev.parley.protocols.json.Texts;
import dev.parley.testkit.file.EndingInspector;
import dev.parley.testkit.llm.ScriptedModel;
import dev.parley.testkit.store.InMemoryBlobStore;
import dev.parley.testkit.store.InMemoryConversationStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The interface alone, over a real engine that keeps everything in memory, behind the JDK's own server. */
final class Server implements AutoCloseable {

    final ScriptedModel model = ScriptedModel.named("llama3.2");
    final InMemoryConversationStore store = new InMemoryConversationStore();
    final ConnectionSlots slots;
    final AtomicInteger endings = new AtomicInteger();
    final AtomicInteger beats = new AtomicInteger();
    final ChatEngine engine;
    private final InstantSource clock = InstantSource.system();
    private final SystemTimers timers = SystemTimers.start();
    private final LiveMemory memory = LiveMemory.create(clock, timers);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private final RestApi api;
    private final HttpServer http;

    Server() {
        this(EngineSettings.DEFAULT, Authenticator.Mode.REQUIRED, new OriginPolicy(List.of()), ConnectionSettings.STANDARD);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the server
    Server(EngineSettings settings, Authenticator.Mode mode, OriginPolicy origins, ConnectionSettings live) {
        TimeOrderedIds ids = new TimeOrderedIds(clock);
        Ports ports = new Ports(
                store.sessions(),
                store.messages(),
                store.replies(),
                store.revocations(),
                store.audit(),
                store.topics(),
                new FilePorts(
                        store.attachments(), new InMemoryBlobStore(), new EndingInspector(), Optional.empty()),
                memory.streams(),
                memory.bus(),
                memory.presence(),
                memory.limiter(),
                memory.leases(),
                memory.connections(),
                model,
                model,
                SettingsProjects.of(List.of()),
                Telemetry.SILENT,
                ids,
                timers,
                clock,
                WordFilter.of(WordList.EN.entries()));
        engine = ChatEngineBuilder.over(ports).settings(settings).build();
        slots = new ConnectionSlots(100, 3);
        TokenVerifier verifier = Server::verify;
        Connections connections = new Connections(engine, verifier, threads, live, clock, Telemetry.SILENT);
        ticks.scheduleWithFixedDelay(() -> {
            connections.tick();
            beats.incrementAndGet();
        }, 50, 50, TimeUnit.MILLISECONDS);
        ChatProtocol protocol = new ChatProtocol(ids, ChatSettings.DEFAULT, Texts.load());
        Authenticator authenticator = new Authenticator(verifier, store.revocations(), mode, clock);
        api = RestApi.builder(() -> engine, () -> authenticator, clock)
                .origins(origins)
                .issuer(() -> Optional.of((who, lifetime) -> (who.socketsOnly() ? "socket-" : "") + who.user() + "-" + lifetime))
                .metrics(() -> "parley_up 1\n")
                .traffic(connections::traffic)
                .shownSettings(List.of(new ShownSetting("PORT", "0", "builder", "8080")))
                .live(protocol, () -> connections, () -> slots)
                .build();
        http = listen();
    }

    private HttpServer listen() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                try (exchange) {
                    api.answer(new JdkExchange(exchange, endings));
                }
            });
            server.start();
            return server;
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
    }

    /**
     * A token is the name of its user; {@code root} is an administrator, {@code feeder} a service, and some are for sockets only.
     */
    private static Verification verify(String token) {
        if (token.startsWith("socket-")) {
            return new Verification.Verified(Principal.trusted(new UserId("ana")).forSockets());
        }
        return switch (token) {
            case "expired" -> new Verification.Refused(true, "Expected a younger token");
            case "forged" -> new Verification.Refused(false, "Expected another signature");
            case "brief" -> new Verification.Verified(new Principal(
                    new UserId(token),
                    token,
                    Set.of(),
                    false,
                    Optional.empty(),
                    Instant.EPOCH,
                    Optional.of(Instant.now().plusSeconds(3))));
            case "root" -> new Verification.Verified(Principal.trusted(new UserId("root"), Principal.ADMIN));
            case "feeder" -> new Verification.Verified(
                    Principal.trusted(new UserId("feeder"), Principal.SERVICE));
            default -> new Verification.Verified(Principal.trusted(new UserId(token)));
        };
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + path);
    }

    HttpRequest.Builder request(String user, String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
        return user.isEmpty() ? request : request.header("Authorization", "Bearer " + user);
    }

    Answer get(String user, String path) {
        return send(request(user, path).GET());
    }

    Answer send(String user, String method, String path, String json) {
        return send(request(user, path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json)));
    }

    Answer delete(String user, String path) {
        return send(request(user, path).DELETE());
    }

    Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        http.stop(0);
        client.shutdownNow();
        ticks.shutdownNow();
        engine.close();
        threads.shutdownNow();
        api.close();
        memory.close();
        timers.close();
    }

    /** An answer. */
    record Answer(HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        JsonObject json() {
            return read(body());
        }

        String text(String name) {
            return json().requiredText(name);
        }
    }

    static JsonObject read(String json) {
        return switch (JsonReader.STANDARD.read(json.getBytes(StandardCharsets.UTF_8))) {
            case JsonReading.Read read -> read.object();
            case JsonReading.Unreadable no -> throw new AssertionError(no.detail() + ": " + json);
            case JsonReading.Hostile no -> throw new AssertionError(no.detail() + ": " + json);
        };
    }
}
