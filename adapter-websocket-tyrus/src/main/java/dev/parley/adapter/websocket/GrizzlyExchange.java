package dev.parley.adapter.websocket;

import dev.parley.protocols.admission.Peer;
import dev.parley.protocols.http.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.glassfish.grizzly.WriteHandler;
import org.glassfish.grizzly.http.io.NIOOutputStream;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.nio.NIOConnection;

/** One request of the server's. Waits without blocking what carries it: the server's own blocking streams would hold a selector. */
final class GrizzlyExchange implements HttpExchange {

    private final Request request;
    private final Response response;
    private final HostResources host;
    private final NIOConnection network;
    private final Peer peer;
    private volatile boolean over;
    private final Map<String, List<String>> headers = new HashMap<>();

    GrizzlyExchange(Request request, Response response, Callers callers, HostResources host) {
        this.request = request;
        this.response = response;
        this.host = host;
        this.network = (NIOConnection) request.getContext().getConnection();
        for (String name : request.getHeaderNames()) {
            List<String> values = headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), unused -> new ArrayList<>());
            if (values.isEmpty()) {
                request.getHeaders(name).forEach(values::add);
            }
        }
        this.peer = callers.peer(Optional.ofNullable(request.getRemoteAddr()).orElse(""), headers);
    }

    @Override
    public String method() {
        return request.getMethod().getMethodString();
    }

    @Override
    public String path() {
        return request.getRequestURI();
    }

    @Override
    public String query() {
        return Optional.ofNullable(request.getQueryString()).orElse("");
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public Map<String, List<String>> headers() {
        return headers;
    }

    @Override
    public InputStream body() {
        return new RequestBody(request, this);
    }

    @Override
    public OutputStream respond(int status, Map<String, List<String>> answer, long length) {
        response.setStatus(status);
        answer.forEach((name, values) -> values.forEach(value -> {
            if (name.equalsIgnoreCase("content-type")) {
                response.setContentType(value);
            } else {
                response.addHeader(name, value);
            }
        }));
        if (length == UNKNOWN_LENGTH) {
            Sockets.boundSendBuffer(network, host.settings().sendBuffer());
        } else {
            response.setContentLengthLong(length);
        }
        return new Answer(response.getNIOOutputStream());
    }

    @Override
    public void ending() {
        host.later(host.settings().closeGrace(), () -> {
            if (!over) {
                network.terminateSilently();
            }
        });
    }

    /** The answer is complete: from now on the connection may be another request's. */
    void over() {
        over = true;
    }

    /** Waits for something that comes in bounded time of itself. */
    static <T> T await(CompletableFuture<T> ready) throws IOException {
        try {
            return ready.get();
        } catch (ExecutionException failed) {
            throw new IOException("The client is gone", failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", interrupted);
        }
    }

    /**
     * Waits for the client, as long as it moves.
     *
     * @param left what is still to move, fewer whenever something did
     */
    <T> T await(CompletableFuture<T> ready, IntSupplier left) throws IOException {
        int before = left.getAsInt();
        while (true) {
            try {
                return ready.get(host.settings().stall().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException still) {
                int now = left.getAsInt();
                if (now >= before) {
                    network.terminateSilently();
                    throw new IOException("The client stands still", still);
                }
                before = now;
            } catch (ExecutionException failed) {
                throw new IOException("The client is gone", failed.getCause());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted", interrupted);
            }
        }
    }

    private final class Answer extends OutputStream {
        private static final int PIECE = 32 << 10;
        private final NIOOutputStream out;

        Answer(NIOOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            for (int done = 0; done < length;) {
                awaitRoom();
                int piece = Math.min(PIECE, length - done);
                out.write(source, offset + done, piece);
                done += piece;
            }
        }

        @Override
        public void flush() throws IOException {
            awaitRoom();
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }

        private void awaitRoom() throws IOException {
            if (out.canWrite()) {
                return;
            }
            CompletableFuture<Void> ready = new CompletableFuture<>();
            out.notifyCanWrite(new WriteHandler() {
                @Override
                public void onWritePossible() {
                    ready.complete(null);
                }

                @Override
                public void onError(Throwable failure) {
                    ready.completeExceptionally(failure);
                }
            });
            GrizzlyExchange.this.await(ready, network.getAsyncWriteQueue()::spaceInBytes);
        }
    }
}
