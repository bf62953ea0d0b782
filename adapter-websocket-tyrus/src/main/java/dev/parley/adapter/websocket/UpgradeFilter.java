package dev.parley.adapter.websocket;

import dev.parley.domain.Registration;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.protocols.Closing;
import dev.parley.protocols.admission.Credentials;
import dev.parley.protocols.connection.Arrival;
import dev.parley.protocols.connection.Connection;
import dev.parley.protocols.connection.Connections;
import dev.parley.protocols.connection.Receiver;
import dev.parley.protocols.socketio.EngineFault;
import dev.parley.protocols.socketio.EngineSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpContext;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.utils.IdleTimeoutFilter;

/**
 * Turns requests for a WebSocket into sockets, and everything that is not let in away while it is still HTTP.
 *
 * <p>The request waits on a virtual thread, since keys may have to be fetched; its network connection is not read meanwhile. Once
 * upgraded it is read by a {@link SocketFilter} that comes before HTTP, and nothing of the request is kept.
 */
final class UpgradeFilter extends BaseFilter {

    private static final System.Logger LOG = System.getLogger(UpgradeFilter.class.getName());
    private static final byte[] NOTHING = {};
    private static final int TURNS_PER_SELECTOR = 8;
    private static final Duration TURN = Duration.ofSeconds(5);
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final Map<Integer, String> PHRASES = Map.of(
            400, "Bad Request",
            401, "Unauthorized",
            403, "Forbidden",
            404, "Not Found",
            426, "Upgrade Required",
            429, "Too Many Requests",
            503, "Service Unavailable");

    /** What the server keeps of a request with its connection. */
    private static final List<String> REQUEST_ATTRIBUTES = List.of(
            HttpContext.class.getName(),
            HttpServerFilter.HTTP_SERVER_REQUEST_ATTR_NAME,
            "HttpServerFilter.KeepAliveContext",
            "HttpServerFilter.Request");

    private final Callers callers;
    private final Router router;
    private final List<EngineSessions> engines;
    private final Admission admission;
    private final Connections connections;
    private final WebSocketEngine engine;
    private final HostResources host;
    private final Telemetry telemetry;
    private final BooleanSupplier accepting;
    private final SocketFilter sockets;
    private final Optional<TlsFilter> tls;
    private final Semaphore turns;

    UpgradeFilter(
            Callers callers,
            Router router,
            List<EngineSessions> engines,
            Admission admission,
            Connections connections,
            WebSocketEngine engine,
            HostResources host,
            Telemetry telemetry,
            Optional<TlsFilter> tls,
            SocketFilter sockets,
            BooleanSupplier accepting) {
        this.callers = callers;
        this.router = router;
        this.engines = List.copyOf(engines);
        this.admission = admission;
        this.connections = connections;
        this.engine = engine;
        this.host = host;
        this.telemetry = telemetry;
        this.accepting = accepting;
        this.tls = tls;
        this.sockets = sockets;
        this.turns = new Semaphore(TURNS_PER_SELECTOR * host.settings().selectors(), true);
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) throws IOException {
        HttpContent content = ctx.getMessage();
        if (!content.getHttpHeader().isRequest()
                || !"websocket".equalsIgnoreCase(content.getHttpHeader().getUpgrade())) {
            return ctx.getInvokeAction();
        }
        UpgradeHead head = UpgradeHead.of((HttpRequestPacket) content.getHttpHeader(), callers);
        Buffer early = content.getContent();
        NextAction waits = ctx.getSuspendAction();
        ctx.suspend();
        host.executor().execute(() -> {
            try {
                answer(ctx, head, early);
            } catch (RuntimeException fault) {
                LOG.log(System.Logger.Level.ERROR, "A handshake failed", fault);
                ctx.getConnection().terminateSilently();
            } finally {
                ctx.resume(ctx.getStopAction());
            }
        });
        return waits;
    }

    private void answer(FilterChainContext ctx, UpgradeHead head, Buffer early) {
        if (!callers.meant(head.header("host"))) {
            refuse(ctx, 403);
            return;
        }
        Optional<EngineSessions> sessions =
                engines.stream().filter(engine -> engine.at(head.path())).findFirst();
        if (sessions.isPresent()) {
            carry(ctx, head, early, sessions.get());
            return;
        }
        Optional<Router.Route> route = router.route(head.path());
        if (route.isEmpty()) {
            refuse(ctx, 404);
            return;
        }
        Admission.Decision decision = accepting.getAsBoolean() ? admission.decide(head) : admission.unavailable();
        switch (decision) {
            case Admission.Decision.Refused refused -> refuse(ctx, refused, Map.of(), NOTHING);
            case Admission.Decision.Admitted admitted -> connectInTurn(ctx, head, early, route.get(), admitted);
        }
    }

    /**
     * When a thousand come back at once each would wait for the beginnings of all others before it is told what it missed. So a few at a
     * time are let in and told, and the others wait outside; not for long, lest one that hangs keeps everybody out.
     */
    private void connectInTurn(
            FilterChainContext ctx,
            UpgradeHead head,
            Buffer early,
            Router.Route route,
            Admission.Decision.Admitted admitted) {
        boolean turn = false;
        try {
            turn = turns.tryAcquire(TURN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
        try {
            connect(ctx, head, early, route, admitted);
        } finally {
            if (turn) {
                turns.release();
            }
        }
    }

    private void connect(
            FilterChainContext ctx,
            UpgradeHead head,
            Buffer early,
            Router.Route route,
            Admission.Decision.Admitted admitted) {
        Registration place = admitted.place();
        boolean kept = false;
        try {
            ClientSocket socket = new ClientSocket(ctx.getConnection(), tls, host);
            Optional<WebSocketEngine.Answer.Agreed> answer = agreed(ctx, head, place::close);
            if (answer.isEmpty()) {
                return;
            }
            Optional<Connection> connection = connected(head, route, admitted.principal(), socket);
            if (connection.isEmpty()) {
                place.close();
                refuse(ctx, admission.unavailable(), Map.of(), NOTHING);
                return;
            }
            // From here on the network's end frees the place, whatever goes wrong meanwhile.
            Sockets.whenClosed(ctx.getConnection(), place::close);
            kept = true;
            open(
                    ctx,
                    head,
                    early,
                    socket,
                    answer.get(),
                    admitted.newClientId(),
                    connection.get(),
                    connection.get()::openedHere);
        } finally {
            if (!kept) {
                place.close();
            }
        }
    }

    private Optional<Connection> connected(
            UpgradeHead head, Router.Route route, Principal principal, ClientSocket socket) {
        try {
            return Optional.of(connections.connect(
                    route.mount().protocol(),
                    new Arrival(
                            principal,
                            head.client(),
                            route.open(),
                            head.queryWithoutToken(),
                            head.languages(),
                            route.mount().livesByHeartbeats()),
                    socket));
        } catch (ChatException unavailable) {
            LOG.log(System.Logger.Level.WARNING, "The engine takes no connection now", unavailable);
            return Optional.empty();
        }
    }

    /** A WebSocket of Engine.IO: a session of its own, or one that takes over from polls. */
    private void carry(FilterChainContext ctx, UpgradeHead head, Buffer early, EngineSessions sessions) {
        if (!admission.allows(head)) {
            refuse(ctx, 403);
            return;
        }
        Optional<EngineFault> fault = EngineFault.of("GET", head.query(), true, sessions::knows);
        if (fault.isPresent()) {
            refuse(ctx, new Admission.Decision.Refused(fault.get().status(), Optional.empty()), Map.of(), fault.get().json());
            return;
        }
        ClientSocket socket = new ClientSocket(ctx.getConnection(), tls, host);
        Optional<EngineSession> polled = sessions.find(head.query().getOrDefault("sid", ""));
        if (polled.isPresent()) {
            EngineSession session = polled.get();
            agreed(ctx, head, () -> {}).ifPresent(answer -> {
                // Before the client knows that its socket is open: of two, the first is to win.
                boolean probing = session.probe(socket, sessions.now());
                open(ctx, head, early, socket, answer, Optional.empty(), sessions.wire(session, socket), () -> {
                    if (!probing) {
                        socket.close(Closing.Reason.PROTOCOL.code(), Closing.Reason.PROTOCOL.word());
                    }
                });
            });
            return;
        }
        Optional<WebSocketEngine.Answer.Agreed> answer = agreed(ctx, head, () -> {});
        if (answer.isEmpty()) {
            return;
        }
        Optional<EngineSessions.Begun> begun = accepting.getAsBoolean() ? sessions.begin(head) : Optional.empty();
        if (begun.isEmpty()) {
            refuse(ctx, admission.unavailable(), Map.of(), NOTHING);
            return;
        }
        EngineSession session = begun.get().session();
        open(ctx, head, early, socket, answer.get(), Optional.empty(), sessions.wire(session, socket), () -> {
            session.openSocket(socket, sessions.now());
            begun.get().connection().opened();
        });
    }

    /** What the handshake leads to; empty when it is refused, which the client is told after {@code undone}. */
    private Optional<WebSocketEngine.Answer.Agreed> agreed(
            FilterChainContext ctx, UpgradeHead head, Runnable undone) {
        return switch (engine.answer(head.headers())) {
            case WebSocketEngine.Answer.Agreed agreed -> Optional.of(agreed);
            case WebSocketEngine.Answer.Refused(int status) -> {
                undone.run();
                refuse(ctx, new Admission.Decision.Refused(status, Optional.empty()), versions(status), NOTHING);
                yield Optional.empty();
            }
        };
    }

    /** Says yes and opens the socket. {@code opened} is run before anything the client sent is read */
    private void open(
            FilterChainContext ctx,
            UpgradeHead head,
            Buffer early,
            ClientSocket socket,
            WebSocketEngine.Answer.Agreed answer,
            Optional<String> newClientId,
            Receiver receiver,
            Runnable opened) {
        socket.carries(receiver);
        Sockets.whenClosed(ctx.getConnection(), () -> receiver.gone(1006));
        upgrade(ctx, answer, head, newClientId);
        SocketReader reader = engine.reader(answer, socket);
        socket.opened(reader);
        sockets.give(ctx.getConnection(), reader);
        opened.run();
        sockets.feed(reader, early);
    }

    private static Map<String, String> versions(int status) {
        return status == 426 ? Map.of("Sec-WebSocket-Version", "13") : Map.of();
    }

    /** Says yes and leaves HTTP. */
    private void upgrade(
            FilterChainContext ctx, WebSocketEngine.Answer.Agreed answer, UpgradeHead head, Optional<String> newClientId) {
        Map<String, String> headers = new LinkedHashMap<>();
        answer.headers().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        Admission.subprotocol(head.subprotocols()).ifPresent(word -> headers.put("Sec-WebSocket-Protocol", word));
        newClientId.ifPresent(id -> headers.put(
                "Set-Cookie",
                Credentials.COOKIE + "=" + id + "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
                        + (head.peer().secure() ? "; Secure" : "")));
        ctx.write(bytes(ctx, "101 Switching Protocols", headers, NOTHING));
        leaveHttp(ctx.getConnection());
    }

    private void leaveHttp(org.glassfish.grizzly.Connection<?> network) {
        // Without this the pause between requests would end a socket that is in use.
        IdleTimeoutFilter.setCustomTimeout(network, IdleTimeoutFilter.FOREVER, TimeUnit.MILLISECONDS);
        REQUEST_ATTRIBUTES.forEach(network.getAttributes()::removeAttribute);
        Sockets.boundSendBuffer(network, host.settings().sendBuffer());
    }

    private void refuse(FilterChainContext ctx, int status) {
        refuse(ctx, new Admission.Decision.Refused(status, Optional.empty()), Map.of(), NOTHING);
    }

    /** Says no; whatever the client sends all the same is read and thrown away until it is gone. */
    @SuppressWarnings("rawtypes")
    private void refuse(
            FilterChainContext ctx, Admission.Decision.Refused refused, Map<String, String> more, byte[] json) {
        telemetry.on(new TelemetryEvent.ConnectionRefused(refused.status()));
        org.glassfish.grizzly.Connection<?> network = ctx.getConnection();
        Map<String, String> headers = new LinkedHashMap<>();
        refused.retryAfter().ifPresent(wait -> headers.put("Retry-After", Long.toString(Math.max(1, wait.toSeconds()))));
        if (refused.status() == 401) {
            headers.put("WWW-Authenticate", "Bearer");
        }
        headers.putAll(more);
        if (json.length > 0) {
            headers.put("Content-Type", "application/json");
        }
        headers.put("Content-Length", Integer.toString(json.length));
        headers.put("Connection", "close");
        String line = refused.status() + " " + PHRASES.getOrDefault(refused.status(), "Refused");
        ctx.write(bytes(ctx, line, headers, json), new EmptyCompletionHandler<WriteResult>() {
            @Override
            public void completed(WriteResult written) {
                tls.ifPresent(filter -> filter.end(network));
                Sockets.endOutput(network);
            }
        });
        sockets.throwAway(network);
        leaveHttp(network);
        host.later(LINGER, network::terminateSilently);
    }

    private static Buffer bytes(FilterChainContext ctx, String statusLine, Map<String, String> headers, byte[] body) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(statusLine).append("\r\n");
        headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("\r\n");
        byte[] first = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = Arrays.copyOf(first, first.length + body.length);
        System.arraycopy(body, 0, whole, first.length, body.length);
        return Buffers.wrap(ctx.getMemoryManager(), whole);
    }
}
