package dev.parley.integration.nodes;

import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One WebSocket; what comes is taken one after the other by whoever opened it. */
final class Connection implements WebSocket.Listener, AutoCloseable {

    /** The type of the last frame: there is no connection any more. */
    static final String GONE = "gone";

    private static final String END = "{\"type\":\"" + GONE + "\"}";
    private static final int PATIENCE_SECONDS = 5;

    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    private volatile Optional<WebSocket> socket = Optional.empty();
    private volatile boolean closed;

    private Connection() {}

    static Connection open(HttpClient http, URI address) throws InterruptedException, ExecutionException, TimeoutException {
        Connection connection = new Connection();
        boolean open = false;
        try {
            http.newWebSocketBuilder().buildAsync(address, connection).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            open = true;
            return connection;
        } finally {
            if (!open) {
                // One that opens after all would count among this person's connections for ever.
                connection.close();
            }
        }
    }

    /** The next frame; empty when there is none for a while. */
    Optional<JsonObject> next() throws InterruptedException {
        String text = frames.poll(50, TimeUnit.MILLISECONDS);
        if (text == null) {
            return Optional.empty();
        }
        return switch (JsonReader.STANDARD.read(text.getBytes(StandardCharsets.UTF_8))) {
            case JsonReading.Read read -> Optional.of(read.object());
            default -> throw new AssertionError("Expected JSON, found " + text);
        };
    }

    void send(String frame) throws InterruptedException, ExecutionException, TimeoutException {
        socket.orElseThrow().sendText(frame, true).get(2L * PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void onOpen(WebSocket now) {
        socket = Optional.of(now);
        if (closed) {
            now.abort();
        } else {
            now.request(1);
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean whole) {
        part.append(data);
        if (whole) {
            frames.add(part.toString());
            part.setLength(0);
        }
        from.request(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        frames.add(END);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        frames.add(END);
    }

    @Override
    public void close() {
        closed = true;
        socket.ifPresent(WebSocket::abort);
    }
}
