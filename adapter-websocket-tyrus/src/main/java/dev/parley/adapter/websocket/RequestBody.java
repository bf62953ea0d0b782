package dev.parley.adapter.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import org.glassfish.grizzly.ReadHandler;
import org.glassfish.grizzly.http.io.NIOInputStream;
import org.glassfish.grizzly.http.server.Request;

/**
 * A request's body, piece by piece. Whoever reads waits here, while everything that touches the server's own stream is done on the
 * connection's selector: that stream forgets wake-ups when it is used by several threads.
 */
final class RequestBody extends InputStream {

    private static final byte[] END = {};

    private final Request request;
    private final GrizzlyExchange exchange;
    private final NIOInputStream in;
    private byte[] piece = {};
    private int at;
    private boolean ended;

    RequestBody(Request request, GrizzlyExchange exchange) {
        this.request = request;
        this.exchange = exchange;
        this.in = request.getNIOInputStream();
    }

    @Override
    public int read() throws IOException {
        return fill() ? piece[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int taken = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, target, offset, taken);
        at += taken;
        return taken;
    }

    @Override
    public int available() {
        return piece.length - at;
    }

    /** Whether there is something to read; waits for it. */
    private boolean fill() throws IOException {
        if (at == piece.length && !ended) {
            CompletableFuture<byte[]> next = new CompletableFuture<>();
            Selectors.run(request.getContext().getConnection(), () -> ask(next));
            piece = exchange.await(next, () -> 0);
            at = 0;
            ended = piece.length == 0;
        }
        return at < piece.length;
    }

    private void ask(CompletableFuture<byte[]> next) {
        if (in.isReady() || in.isFinished()) {
            take(next);
            return;
        }
        in.notifyAvailable(new ReadHandler() {
            @Override
            public void onDataAvailable() {
                take(next);
            }

            @Override
            public void onError(Throwable failure) {
                next.completeExceptionally(failure);
            }

            @Override
            public void onAllDataRead() {
                take(next);
            }
        });
    }

    private void take(CompletableFuture<byte[]> next) {
        try {
            int ready = in.readyData();
            byte[] bytes = ready == 0 ? END : new byte[ready];
            int length = ready == 0 ? 0 : in.read(bytes, 0, ready);
            next.complete(length == ready ? bytes : java.util.Arrays.copyOf(bytes, Math.max(0, length)));
        } catch (IOException gone) {
            next.completeExceptionally(gone);
        }
    }
}
