package dev.parley.testkit.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One connection through a {@link FaultProxy}: two sockets, and for each way one thread that reads and one that writes. */
final class FaultyConnection {

    private static final int CHUNK = 16 << 10;
    /** How much is on its way before the sender is made to wait, in chunks. */
    private static final int ON_THE_WAY = 64;

    private final FaultyLine line;
    private final Socket client;
    private final Socket server;
    private final Runnable lineEnded;
    private final Consumer<FaultyConnection> over;
    private final AtomicInteger open = new AtomicInteger(FaultProxy.Way.values().length);

    /** Something on its way; {@code since} when it came. */
    private sealed interface Piece {

        record Bytes(byte[] content, long since) implements Piece {}

        /** The sender says that nothing follows. */
        record End(long since) implements Piece {}

        /** The sender broke off. */
        record Break(long since) implements Piece {}
    }

    /**
     * @param lineEnded run when the line ended in the middle of what was to pass
     * @param over run once when both ways have ended
     */
    FaultyConnection(FaultyLine line, Socket client, Socket server, Runnable lineEnded, Consumer<FaultyConnection> over) {
        this.line = line;
        this.client = client;
        this.server = server;
        this.lineEnded = lineEnded;
        this.over = over;
    }

    void begin() {
        carry(FaultProxy.Way.TO_SERVER, client, server);
        carry(FaultProxy.Way.TO_CLIENT, server, client);
    }

    /** Ends both ways at once; {@code abruptly} both sides are told that the connection was reset. */
    void end(boolean abruptly) {
        for (Socket socket : new Socket[] {client, server}) {
            close(socket, abruptly);
        }
        line.wake();
    }

    static void close(Socket socket, boolean abruptly) {
        try {
            if (abruptly) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException gone) {
            // Nothing is left to close.
            assert socket.isClosed() : gone;
        }
    }

    private void carry(FaultProxy.Way way, Socket from, Socket to) {
        BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(ON_THE_WAY);
        Thread reader = Thread.ofVirtual().name("fault-proxy-read-" + way).unstarted(() -> read(from, pieces));
        Thread.ofVirtual().name("fault-proxy-" + way).start(() -> {
            write(way, pieces, to);
            reader.interrupt();
        });
        reader.start();
    }

    private static void read(Socket from, BlockingQueue<Piece> pieces) {
        byte[] buffer = new byte[CHUNK];
        try {
            Piece piece;
            do {
                piece = next(from, buffer);
                pieces.put(piece);
            } while (piece instanceof Piece.Bytes);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static Piece next(Socket from, byte[] buffer) {
        try {
            InputStream in = from.getInputStream();
            int count = in.read(buffer);
            return count < 0
                    ? new Piece.End(System.nanoTime())
                    : new Piece.Bytes(Arrays.copyOf(buffer, count), System.nanoTime());
        } catch (IOException broken) {
            return new Piece.Break(System.nanoTime());
        }
    }

    private void write(FaultProxy.Way way, BlockingQueue<Piece> pieces, Socket to) {
        try {
            while (pass(way, pieces.take(), to)) {}
        } catch (IOException broken) {
            end(true);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            if (open.decrementAndGet() == 0) {
                end(false);
                over.accept(this);
            }
        }
    }

    /** False when nothing follows. */
    private boolean pass(FaultProxy.Way way, Piece piece, Socket to) throws IOException, InterruptedException {
        switch (piece) {
            case Piece.Bytes bytes -> {
                OutputStream out = to.getOutputStream();
                int at = 0;
                while (at < bytes.content().length) {
                    int portion = line.awaitPassage(way, bytes.since(), to, bytes.content().length - at);
                    if (portion == 0) {
                        lineEnded.run();
                        return false;
                    }
                    out.write(bytes.content(), at, portion);
                    at += portion;
                }
                return true;
            }
            case Piece.End end -> {
                line.awaitPassage(way, end.since(), to);
                if (!to.isClosed()) {
                    to.shutdownOutput();
                }
                return false;
            }
            case Piece.Break broken -> {
                line.awaitPassage(way, broken.since(), to);
                end(true);
                return false;
            }
        }
    }
}
