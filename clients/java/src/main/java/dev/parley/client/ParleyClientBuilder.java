package dev.parley.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What a client is made with; everything but the server's address has a default. */
public final class ParleyClientBuilder {

    final URI server;
    final Map<String, String> query = new LinkedHashMap<>();
    String session = UUID.randomUUID().toString();
    Optional<String> token = Optional.empty();
    Optional<TokenSource> tokens = Optional.empty();
    Optional<String> since = Optional.empty();
    Optional<HttpClient> http = Optional.empty();
    Storage storage = new MemoryStorage();
    Duration openDeadline = Duration.ofSeconds(10);
    private List<Transport.Kind> transports = List.of(Transport.Kind.values());
    private int patience = 2;
    private Duration climbAfter = Duration.ofSeconds(30);
    private Duration backoffBase = Duration.ofMillis(500);
    private Duration backoffCap = Duration.ofSeconds(30);
    private Duration ackDeadline = Duration.ofSeconds(15);
    private Duration askDeadline = Duration.ofSeconds(30);
    private Duration pongDeadline = Duration.ofSeconds(10);
    private Duration gapDeadline = Duration.ofSeconds(2);
    private Duration pollWait = Duration.ofSeconds(30);
    private int outboxLimit = 100;

    ParleyClientBuilder(URI server) {
        this.server = server;
    }

    /** The conversation; a new one when missing. */
    public ParleyClientBuilder session(String id) {
        session = id;
        return this;
    }

    public ParleyClientBuilder token(String given) {
        token = Optional.of(given);
        tokens = Optional.empty();
        return this;
    }

    /** Asked at every connection and when the token is about to expire. */
    public ParleyClientBuilder tokens(TokenSource source) {
        tokens = Optional.of(source);
        token = Optional.empty();
        return this;
    }

    /** Where to resume: the cursor of an earlier client. */
    public ParleyClientBuilder since(String cursor) {
        since = Optional.of(cursor);
        return this;
    }

    /** {@code private}, {@code shared} or {@code group}; counts when the session is new. */
    public ParleyClientBuilder visibility(String visibility) {
        return with("visibility", visibility);
    }

    /** Of the texts of errors. */
    public ParleyClientBuilder language(String tag) {
        return with("language", tag);
    }

    /** Who an anonymous user is, where the server allows them. */
    public ParleyClientBuilder clientId(String id) {
        return with("client_id", id);
    }

    public ParleyClientBuilder clientVersion(String version) {
        return with("client_version", version);
    }

    public ParleyClientBuilder project(String id) {
        return with("project_id", id);
    }

    /** Where unsent messages survive. */
    public ParleyClientBuilder storage(Storage given) {
        storage = given;
        return this;
    }

    /** With proxies, authorities or authenticators of your own; the client does not close it. */
    public ParleyClientBuilder http(HttpClient client) {
        http = Optional.of(client);
        return this;
    }

    /** {@code auto} (the default) begins with the WebSocket and changes over by itself; or only {@code websocket}, {@code sse}, {@code poll}. */
    public ParleyClientBuilder transport(String name) {
        transports = switch (name) {
            case "auto" -> List.of(Transport.Kind.values());
            case "websocket" -> List.of(Transport.Kind.WEBSOCKET);
            case "sse" -> List.of(Transport.Kind.EVENTS);
            case "poll" -> List.of(Transport.Kind.POLL);
            default -> throw new IllegalArgumentException("Expected auto, websocket, sse or poll, found " + name);
        };
        return this;
    }

    /** WebSockets that fail to open in a row before changing over. */
    public ParleyClientBuilder patience(int failures) {
        patience = failures;
        return this;
    }

    /** After which time on a fallback the WebSocket is tried again; it doubles. */
    public ParleyClientBuilder climbAfter(Duration time) {
        climbAfter = time;
        return this;
    }

    /** The bounds of the waiting time between attempts. */
    public ParleyClientBuilder backoff(Duration first, Duration last) {
        backoffBase = first;
        backoffCap = last;
        return this;
    }

    /** How long a connection may take until its first frame. */
    public ParleyClientBuilder openDeadline(Duration time) {
        openDeadline = time;
        return this;
    }

    /** How long an acknowledgement may take before the message is sent again. */
    public ParleyClientBuilder ackDeadline(Duration time) {
        ackDeadline = time;
        return this;
    }

    /** How long an answer to anything else may take before it is given up; ten times that for uploads. */
    public ParleyClientBuilder askDeadline(Duration time) {
        askDeadline = time;
        return this;
    }

    /** How long an answer to a ping may take. */
    public ParleyClientBuilder pongDeadline(Duration time) {
        pongDeadline = time;
        return this;
    }

    /** How long missing text may take before the connection is opened anew. */
    public ParleyClientBuilder gapDeadline(Duration time) {
        gapDeadline = time;
        return this;
    }

    /** How long a poll may wait. */
    public ParleyClientBuilder pollWait(Duration time) {
        pollWait = time;
        return this;
    }

    /** Messages that may wait. */
    public ParleyClientBuilder outboxLimit(int messages) {
        outboxLimit = messages;
        return this;
    }

    /** A client that does nothing yet: see {@link ParleyClient#connect}. */
    public ParleyClient build() {
        return new ParleyClient(this);
    }

    Settings settings() {
        return new Settings(
                transports, patience, climbAfter, backoffBase, backoffCap, openDeadline, ackDeadline, askDeadline, pongDeadline,
                gapDeadline,
                Duration.ofSeconds(5), pollWait, outboxLimit);
    }

    private ParleyClientBuilder with(String name, String value) {
        query.put(name, value);
        return this;
    }
}
