package dev.parley.integration;

import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import dev.parley.protocols.json.JsonValue;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A WebSocket client of the Java platform that keeps every frame it was sent. */
final class Frames implements WebSocket.Listener, AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<JsonObject> frames = new ArrayList<>();
    private final StringBuilder part = new StringBuilder();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private WebSocket socket;
    private int read;

    static Frames connect(HttpClient client, URI address) throws Exception {
        Frames frames = new Frames();
        frames.socket = client.newWebSocketBuilder()
                .buildAsync(address, frames)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return frames;
    }

    void send(String frame) throws Exception {
        socket.sendText(frame, true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The next frame of a type that was not read yet; those before it are passed over. */
    JsonObject next(String type) throws InterruptedException {
        return next(frame -> type(frame).equals(type), type);
    }

    JsonObject next(Predicate<JsonObject> wanted, String what) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (frames) {
            while (true) {
                while (read < frames.size()) {
                    JsonObject frame = frames.get(read++);
                    if (wanted.test(frame)) {
                        return frame;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("Expected " + what + ", found only " + frames.stream().map(Frames::type).toList());
                }
                frames.wait(left);
            }
        }
    }

    /** Everything so far. */
    List<JsonObject> all() {
        synchronized (frames) {
            return List.copyOf(frames);
        }
    }

    /** The ids of all messages of its session, by the history that it asks for. */
    List<String> storedMessages() throws Exception {
        List<String> stored = new ArrayList<>();
        for (String next = ""; next != null;) {
            send("{\"type\":\"history\",\"limit\":200" + (next.isEmpty() ? "" : ",\"before\":\"" + next + "\"") + "}");
            JsonObject page = next("history");
            for (JsonValue each : page.items("messages").orElseThrow()) {
                stored.add(((JsonObject) each).requiredText("message_id"));
            }
            next = page.text("next").orElse(null);
        }
        return stored;
    }

    int closeCode() throws Exception {
        return closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Drops the connection without a word. */
    void cut() {
        socket.abort();
    }

    static String type(JsonObject frame) {
        return frame.text("type").orElse("");
    }

    static JsonObject parsed(String text) {
        return switch (JsonReader.STANDARD.read(text.getBytes(StandardCharsets.UTF_8))) {
            case JsonReading.Read read -> read.object();
            default -> throw new AssertionError("Expected JSON, found " + text);
        };
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            JsonObject frame = parsed(part.toString());
            part.setLength(0);
            synchronized (frames) {
                frames.add(frame);
                frames.notifyAll();
            }
        }
        from.request(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
