package dev.parley.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One WebSocket; the token travels in a header so that it stays out of addresses and logs. */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of each is told on the client's thread
final class WebSocketTransport implements Transport {

    private static final int LARGEST_FRAME = 32 * 1024 * 1024;

    private final Loop loop;
    private final Sink sink;
    private final boolean only;
    private final Queue<String> waiting = new ArrayDeque<>();
    private @Nullable WebSocket socket;
    private boolean sending;
    private boolean done;

    /** @param only whether there is nothing else to try */
    WebSocketTransport(Loop loop, Executor workers, HttpClient http, Address address, Place place, Optional<String> token,
            Duration patience,
            boolean only, Sink sink) {
        this.loop = loop;
        this.sink = sink;
        this.only = only;
        WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(patience);
        token.ifPresent(given -> builder.header("Authorization", "Bearer " + given));
        URI uri = address.websocket(place);
        // Elsewhere, since finding the address may take its time.
        workers.execute(() -> builder.buildAsync(uri, new Reader()).whenComplete((open, fault) -> {
            if (fault != null) {
                loop.run(() -> failed(fault));
            }
        }));
    }

    @Override
    public Kind kind() {
        return Kind.WEBSOCKET;
    }

    @Override
    public boolean send(Frame frame) {
        if (done || socket == null) {
            return false;
        }
        waiting.add(Json.write(frame));
        next();
        return true;
    }

    @Override
    public void renew(Optional<String> token) {
        // The server is told by a frame.
    }

    @Override
    public void close(int code, String reason) {
        done = true;
        WebSocket opened = socket;
        socket = null;
        if (opened == null) {
            // One that opens later is let go then.
            return;
        }
        if (!opened.isOutputClosed()) {
            opened.sendClose(code, reason).orTimeout(1, TimeUnit.SECONDS).whenComplete((sent, fault) -> opened.abort());
        } else {
            opened.abort();
        }
    }

    private void opened(WebSocket open) {
        if (done) {
            open.abort();
        } else {
            socket = open;
        }
    }

    private void failed(Throwable fault) {
        if (done) {
            return;
        }
        Throwable cause = fault instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : fault;
        // Who blocks WebSockets on the way says 403 too: only where there is nothing else to try is it the last word.
        if (only && cause instanceof WebSocketHandshakeException refused && refused.getResponse() != null) {
            var answer = refused.getResponse();
            end(End.refused(ParleyException.of(answer.statusCode(), answer.headers(), "")));
        } else {
            end(End.because(String.valueOf(cause)));
        }
    }

    private void next() {
        WebSocket opened = socket;
        if (sending || opened == null || waiting.isEmpty()) {
            return;
        }
        sending = true;
        opened.sendText(waiting.remove(), true).whenComplete((sent, fault) -> loop.run(() -> {
            sending = false;
            // Where it failed the reader tells why.
            if (fault == null) {
                next();
            }
        }));
    }

    private void end(End end) {
        if (!done) {
            close(WebSocket.NORMAL_CLOSURE, "");
            sink.ended(end);
        }
    }

    /** Hears from the library, on its threads, one thing after the other. */
    private final class Reader implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public void onOpen(WebSocket open) {
            if (!loop.run(() -> opened(open))) {
                // The client was closed meanwhile.
                open.abort();
                return;
            }
            // The client's thread reads as fast as frames come. And the library forgets the end of a connection for which nobody asked.
            open.request(Long.MAX_VALUE);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (text.length() > LARGEST_FRAME) {
                loop.run(() -> end(End.because("Expected a frame of a bearable size")));
                return null;
            }
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                loop.run(() -> read(whole));
            }
            return null;
        }

        private void read(String whole) {
            if (!done) {
                Json.frame(whole).ifPresentOrElse(sink::frame, sink::heard);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            loop.run(() -> end(End.closed(code, reason)));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable fault) {
            loop.run(() -> end(End.closed(1006, String.valueOf(fault))));
        }
    }
}
