package dev.parley.adapter.websocket;

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
import org.glassfish.grizzly.WriteHandler;
import org.glassfish.grizzly.http.io.NIOOutputStream;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;

/** One request of the server's. Waits without blocking what carries it: the server's own blocking streams would hold a selector. */
final class GrizzlyExchange implements HttpExchange {

    private final Request request;
    private final Response response;
    private final Map<String, List<String>> headers = new HashMap<>();

    GrizzlyExchange(Request request, Response response) {
        this.request = request;
        this.response = response;
        for (String name : request.getHeaderNames()) {
            List<String> values = headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), unused -> new ArrayList<>());
            if (values.isEmpty()) {
                request.getHeaders(name).forEach(values::add);
            }
        }
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
    public String scheme() {
        return request.isSecure() ? "https" : "http";
    }

    @Override
    public String remoteAddress() {
        return Optional.ofNullable(request.getRemoteAddr()).orElse("");
    }

    @Override
    public Map<String, List<String>> headers() {
        return headers;
    }

    @Override
    public InputStream body() {
        return new RequestBody(request);
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
        if (length != UNKNOWN_LENGTH) {
            response.setContentLengthLong(length);
        }
        return new Answer(response.getNIOOutputStream());
    }

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

    private static final class Answer extends OutputStream {
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
            await(ready);
        }
    }
}
