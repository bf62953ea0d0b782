package dev.parley.integration;

import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One connection to a session over any transport, that can be cut at any instant. What came and was not read yet is lost then. */
final class Link {

    enum Transport {
        SOCKET,
        EVENTS,
        POLL
    }

    private final HttpClient http;
    private final String token;
    private final BlockingQueue<JsonObject> came = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> broken = new CompletableFuture<>();
    private volatile boolean cut;
    private volatile Runnable cutting = () -> {};

    private Link(HttpClient http, String token) {
        this.http = http;
        this.token = token;
    }

    /** @param place what the query says: {@code since=…&streams=…}, or nothing */
    static Link open(HttpClient http, URI server, String token, Transport transport, String session, String place)
            throws Exception {
        Link link = new Link(http, token);
        String resource = server + "/api/chat/sessions/" + session;
        switch (transport) {
            case SOCKET -> link.socket(URI.create("ws" + server.toString().substring(4) + "/ws/" + session + "?" + place));
            case EVENTS -> Thread.ofVirtual().start(() -> link.events(URI.create(resource + "/events?" + place)));
            case POLL -> Thread.ofVirtual().start(() -> link.polls(resource + "/poll?", place));
        }
        return link;
    }

    /** The next frame, or nothing if none comes in time. */
    Optional<JsonObject> next(Duration patience) throws InterruptedException {
        Optional<JsonObject> frame = Optional.ofNullable(came.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
        if (frame.isEmpty() && broken.isDone()) {
            throw new AssertionError("Expected a connection that lasts until it is cut, found: " + broken.join());
        }
        return frame;
    }

    /** Drops the connection without a word. */
    void cut() {
        cut = true;
        cutting.run();
    }

    private void socket(URI address) throws Exception {
        StringBuilder part = new StringBuilder();
        WebSocket socket = http.newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .buildAsync(address, new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        part.append(data);
                        if (last) {
                            came.add(Frames.parsed(part.toString()));
                            part.setLength(0);
                        }
                        from.request(1);
                        return CompletableFuture.completedFuture(null);
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                        broken.complete("closed with " + code + " " + reason);
                        return CompletableFuture.completedFuture(null);
                    }

                    @Override
                    public void onError(WebSocket from, Throwable error) {
                        broken.complete(error.toString());
                    }
                })
                .get(Frames.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        cutting = socket::abort;
    }

    private void events(URI address) {
        try {
            HttpResponse<InputStream> answer =
                    http.send(request(address), HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                cutting = () -> close(answer.body());
                if (cut) {
                    return;
                }
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("data:")) {
                        came.add(Frames.parsed(line.substring("data:".length())));
                    }
                }
            }
            broken.complete("the events ended, status " + answer.statusCode());
        } catch (IOException ended) {
            broken.complete(ended.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void polls(String resource, String place) {
        String next = place;
        try {
            while (!cut) {
                CompletableFuture<HttpResponse<String>> asked = http.sendAsync(
                        request(URI.create(resource + next + "&wait=10s")), HttpResponse.BodyHandlers.ofString());
                cutting = () -> asked.cancel(true);
                HttpResponse<String> answer = asked.get();
                if (answer.statusCode() != 200) {
                    broken.complete(answer.statusCode() + " " + answer.body());
                    return;
                }
                JsonObject news = Frames.parsed(answer.body());
                for (JsonValue frame : news.items("frames").orElseThrow()) {
                    came.add((JsonObject) frame);
                }
                next = "since=" + news.requiredText("cursor");
            }
        } catch (CancellationException | ExecutionException ended) {
            broken.complete(ended.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest request(URI address) {
        return HttpRequest.newBuilder(address).header("Authorization", "Bearer " + token).build();
    }

    private static void close(InputStream stream) {
        try {
            stream.close();
        } catch (IOException gone) {
            // It is closed, which was wanted.
            return;
        }
    }
}
