package dev.parley.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the two fallbacks share: frames go out as POST requests, one after the other, and their answers come back as frames. */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of each is told on the client's thread
final class HttpWay {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Loop loop;
    private final Executor workers;
    private final HttpClient http;
    private final Address address;
    private final Transport.Sink sink;
    private final Queue<Frame> waiting = new ArrayDeque<>();
    private final Map<Integer, CompletableFuture<?>> underWay = new HashMap<>();
    private Optional<String> token;
    private boolean sending;
    private boolean done;
    private int asked;

    HttpWay(Loop loop, Executor workers, HttpClient http, Address address, Optional<String> token, Transport.Sink sink) {
        this.loop = loop;
        this.workers = workers;
        this.http = http;
        this.address = address;
        this.token = token;
        this.sink = sink;
    }

    boolean done() {
        return done;
    }

    void renew(Optional<String> fresh) {
        token = fresh;
    }

    boolean send(Frame frame) {
        if (done) {
            return false;
        }
        waiting.add(frame);
        next();
        return true;
    }

    void close() {
        done = true;
        List.copyOf(underWay.values()).forEach(exchange -> exchange.cancel(true));
        underWay.clear();
    }

    void end(End end) {
        if (!done) {
            close();
            sink.ended(end);
        }
    }

    /**
     * Asks, and goes on with the answer or the fault on the client's thread unless the transport has ended meanwhile. What is answered can
     * be cancelled.
     */
    <T> CompletableFuture<?> ask(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler,
            Consumer<HttpResponse<T>> answered,
            Consumer<Throwable> failed) {
        token.ifPresent(given -> request.header("Authorization", "Bearer " + given));
        HttpRequest ready = request.build();
        CompletableFuture<HttpResponse<T>> exchange = new CompletableFuture<>();
        // Elsewhere, since finding the address may take its time.
        workers.execute(() -> {
            CompletableFuture<HttpResponse<T>> inner = http.sendAsync(ready, handler);
            inner.whenComplete((response, fault) -> {
                if (fault == null) {
                    exchange.complete(response);
                } else {
                    exchange.completeExceptionally(fault);
                }
            });
            exchange.whenComplete((response, fault) -> inner.cancel(true));
        });
        asked++;
        int mine = asked;
        underWay.put(mine, exchange);
        exchange.whenComplete((response, fault) -> loop.run(() -> {
            underWay.remove(mine);
            if (!done) {
                settle(response, fault, answered, failed);
            }
        }));
        return exchange;
    }

    HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1);
    }

    static List<Frame> frames(Optional<Frame> answer) {
        return answer.map(each -> each.parts("frames")).orElseGet(List::of);
    }

    private static <T> void settle(
            @Nullable HttpResponse<T> response,
            @Nullable Throwable fault,
            Consumer<HttpResponse<T>> answered,
            Consumer<Throwable> failed) {
        if (response != null) {
            answered.accept(response);
        } else if (fault != null) {
            failed.accept(fault);
        }
    }

    private void next() {
        Frame frame = sending || done ? null : waiting.poll();
        if (frame == null) {
            return;
        }
        sending = true;
        HttpRequest.Builder request = request(address.frames())
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(frame)));
        ask(request, HttpResponse.BodyHandlers.ofString(), answer -> posted(frame, answer),
                fault -> end(End.absent("a frame could not be delivered")));
    }

    private void posted(Frame frame, HttpResponse<String> answer) {
        sending = false;
        if (answer.statusCode() / 100 == 2) {
            frames(Json.frame(answer.body())).forEach(each -> {
                if (!done) {
                    sink.frame(each);
                }
            });
        } else {
            refused(frame, ParleyException.of(answer.statusCode(), answer.headers(), answer.body()));
        }
        next();
    }

    /** The connection's matter when the token is the reason, the frame's otherwise. */
    private void refused(Frame frame, ParleyException error) {
        if (error.status().orElse(0) == 401) {
            end(End.refused(error));
            return;
        }
        frame.text("id")
                .ifPresent(id -> sink.frame(Frame.ofType("error")
                        .with("id", id)
                        .with("code", error.code())
                        .with("message", String.valueOf(error.getMessage()))
                        .with("retry_after", error.retryAfter().map(after -> after.toMillis() / 1000.0))));
    }
}
