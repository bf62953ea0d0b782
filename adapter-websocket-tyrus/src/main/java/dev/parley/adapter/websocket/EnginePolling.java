package dev.parley.adapter.websocket;

import dev.parley.protocols.Closing;
import dev.parley.protocols.http.HttpEndpoint;
import dev.parley.protocols.http.HttpExchange;
import dev.parley.protocols.socketio.EngineFault;
import dev.parley.protocols.socketio.EnginePackets;
import dev.parley.protocols.socketio.EngineSession;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Engine.IO over plain HTTP: polls for what the server says, posts for what the client says. */
final class EnginePolling implements HttpEndpoint {

    private static final String TEXT = "text/plain; charset=UTF-8";
    private static final String JSON = "application/json";
    private static final byte[] OK = "ok".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};

    private final EngineSessions sessions;
    private final Admission admission;
    private final BooleanSupplier accepting;

    EnginePolling(EngineSessions sessions, Admission admission, BooleanSupplier accepting) {
        this.sessions = sessions;
        this.admission = admission;
        this.accepting = accepting;
    }

    @Override
    public void answer(HttpExchange exchange) throws IOException {
        sessions.unanswered().incrementAndGet();
        try {
            route(exchange);
        } finally {
            sessions.unanswered().decrementAndGet();
        }
    }

    private void route(HttpExchange exchange) throws IOException {
        UpgradeHead head = UpgradeHead.of(exchange);
        if (!sessions.at(exchange.path())) {
            respond(exchange, 404, JSON, NOTHING);
        } else if (!admission.allows(head)) {
            respond(exchange, EngineFault.FORBIDDEN.status(), JSON, EngineFault.FORBIDDEN.json());
        } else if (exchange.method().equals("OPTIONS")) {
            preflight(exchange);
        } else {
            Optional<EngineFault> fault = EngineFault.of(exchange.method(), head.query(), false, sessions::knows);
            if (fault.isPresent()) {
                refuse(exchange, fault.get());
            } else {
                answer(exchange, head);
            }
        }
    }

    private void answer(HttpExchange exchange, UpgradeHead head) throws IOException {
        String sid = head.query().getOrDefault("sid", "");
        if (sid.isEmpty()) {
            begin(exchange, head);
            return;
        }
        Optional<EngineSession> session = sessions.find(sid);
        if (session.isEmpty()) {
            refuse(exchange, EngineFault.UNKNOWN_SESSION);
        } else if (exchange.method().equals("GET")) {
            poll(exchange, session.get());
        } else if (exchange.method().equals("POST")) {
            post(exchange, session.get());
        } else {
            refuse(exchange, EngineFault.BAD_REQUEST);
        }
    }

    private void begin(HttpExchange exchange, UpgradeHead head) throws IOException {
        Optional<EngineSessions.Begun> begun = accepting.getAsBoolean() ? sessions.begin(head) : Optional.empty();
        if (begun.isEmpty()) {
            Map<String, List<String>> headers = headers(exchange, JSON);
            admission.unavailable()
                    .retryAfter()
                    .ifPresent(wait -> headers.put("Retry-After", List.of(Long.toString(Math.max(1, wait.toSeconds())))));
            respond(exchange, 503, headers, NOTHING);
            return;
        }
        EngineSession session = begun.get().session();
        session.openPolls(sessions.now());
        begun.get().connection().opened();
        poll(exchange, session);
    }

    private static void poll(HttpExchange exchange, EngineSession session) throws IOException {
        CompletableFuture<EngineSession.Polled> polled = new CompletableFuture<>();
        session.poll(polled::complete);
        switch (GrizzlyExchange.await(polled)) {
            case EngineSession.Polled.Packets brought ->
                    respond(exchange, 200, TEXT, EnginePackets.payload(brought.packets()));
            case EngineSession.Polled.Misplaced misplaced -> refuse(exchange, EngineFault.BAD_REQUEST);
        }
    }

    private void post(HttpExchange exchange, EngineSession session) throws IOException {
        if (!session.beginPost()) {
            refuse(exchange, EngineFault.BAD_REQUEST);
            return;
        }
        String type = exchange.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        if (type.startsWith("application/octet-stream")) {
            // Since the fourth version bytes come in base64.
            session.unread(Closing.because(Closing.Reason.PROTOCOL));
            refuse(exchange, EngineFault.BAD_REQUEST);
            return;
        }
        Optional<byte[]> body = body(exchange, session);
        if (body.isEmpty()) {
            Map<String, List<String>> headers = headers(exchange, JSON);
            headers.put("Connection", List.of("close"));
            respond(exchange, 413, headers, NOTHING);
            return;
        }
        CompletableFuture<EngineSession.Posted> posted = new CompletableFuture<>();
        session.posted(body.get(), posted::complete, sessions.now());
        switch (GrizzlyExchange.await(posted)) {
            case TAKEN -> respond(exchange, 200, "text/html", OK);
            case MISPLACED -> refuse(exchange, EngineFault.BAD_REQUEST);
        }
    }

    /** Empty when it is too large, which ends the session. */
    private Optional<byte[]> body(HttpExchange exchange, EngineSession session) throws IOException {
        int most = sessions.settings().maxPayload();
        try {
            byte[] body = tooLong(exchange.header("content-length"), most)
                    ? NOTHING
                    : exchange.body().readNBytes(most + 1);
            if (body.length > most || tooLong(exchange.header("content-length"), most)) {
                session.unread(Closing.because(Closing.Reason.TOO_LARGE));
                return Optional.empty();
            }
            return Optional.of(body);
        } catch (IOException gone) {
            session.unread(Closing.because(Closing.Reason.TIMEOUT));
            throw gone;
        }
    }

    private static boolean tooLong(Optional<String> announced, int most) {
        return announced
                .filter(length -> length.length() > 10
                        || length.chars().allMatch(c -> c >= '0' && c <= '9') && Long.parseLong(length) > most)
                .isPresent();
    }

    private static void preflight(HttpExchange exchange) throws IOException {
        Map<String, List<String>> headers = headers(exchange, TEXT);
        headers.put("Access-Control-Allow-Methods", List.of("GET, POST"));
        exchange.header("access-control-request-headers")
                .ifPresent(wanted -> headers.put("Access-Control-Allow-Headers", List.of(wanted)));
        headers.put("Access-Control-Max-Age", List.of("600"));
        respond(exchange, 204, headers, NOTHING);
    }

    private static void refuse(HttpExchange exchange, EngineFault fault) throws IOException {
        respond(exchange, fault.status(), JSON, fault.json());
    }

    private static void respond(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        respond(exchange, status, headers(exchange, type), body);
    }

    private static void respond(HttpExchange exchange, int status, Map<String, List<String>> headers, byte[] body)
            throws IOException {
        try (OutputStream out = exchange.respond(status, headers, body.length)) {
            out.write(body);
        }
    }

    private static Map<String, List<String>> headers(HttpExchange exchange, String type) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("Content-Type", List.of(type));
        headers.put("Cache-Control", List.of("no-store"));
        exchange.header("origin").ifPresent(origin -> {
            headers.put("Access-Control-Allow-Origin", List.of(origin));
            headers.put("Access-Control-Allow-Credentials", List.of("true"));
            headers.put("Vary", List.of("Origin"));
        });
        return headers;
    }
}
