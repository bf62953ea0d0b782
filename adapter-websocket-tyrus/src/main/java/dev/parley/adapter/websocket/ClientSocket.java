package dev.parley.adapter.websocket;

import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.connection.FrameWriter;
import dev.parley.protocols.connection.Receiver;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.asyncqueue.WritableMessage;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;
import org.jspecify.annotations.Nullable;

/** One WebSocket: what the network, the reader of frames and the connection know of each other. */
final class ClientSocket extends Writer implements FrameWriter {

    private static final System.Logger LOG = System.getLogger(ClientSocket.class.getName());

    /** Who has something to write again so soon has much to write. */
    private static final long SOON_NANOS = 5_000_000;

    private static final byte[] PING = {(byte) 0x89, 0};

    private final org.glassfish.grizzly.Connection<?> network;
    private final Optional<TlsFilter> tls;
    private final HostResources host;
    /** Where bytes may go past the server's queue. */
    private final @Nullable SocketChannel channel;
    private volatile boolean compressed;
    private volatile @Nullable Receiver receiver;
    private volatile @Nullable SocketReader reader;
    private @Nullable FrameGuard guard;
    private boolean deaf;
    /** What the queue was given last, as far as it is not known to be with the system. */
    private @Nullable Queued last;
    /** The handshake's answer, which others gave to the queue, is with the system. */
    private boolean answered;
    private volatile boolean gone;
    /** When there was last something to write; a guess is good enough. */
    private long asked = System.nanoTime() - SOON_NANOS;

    ClientSocket(org.glassfish.grizzly.Connection<?> network, Optional<TlsFilter> tls, HostResources host) {
        this.network = network;
        this.tls = tls;
        this.host = host;
        this.channel = tls.isPresent() ? null : Sockets.channel(network).orElse(null);
    }

    /** Who is told what comes over this socket; before the handshake. */
    void carries(Receiver carried) {
        receiver = carried;
    }

    /** From now on frames may come and go. */
    void opened(SocketReader opened) {
        compressed = opened.compressed();
        guard = new FrameGuard(host.settings().maxFrame(), compressed);
        reader = opened;
    }

    // What comes in, on the selector's thread

    /** Looks at bytes before they are read; false when they are not to be. */
    boolean lets(ByteBuffer data) {
        FrameGuard watching = guard;
        if (deaf || watching == null) {
            return false;
        }
        Optional<Closing.Reason> fault = watching.inspect(data);
        if (fault.isEmpty()) {
            return true;
        }
        deaf = true;
        Receiver carried = receiver;
        if (carried != null) {
            host.executor().execute(() -> carried.close(Closing.because(fault.get())));
        }
        return false;
    }

    void received(Frame frame) {
        Receiver carried = receiver;
        if (carried != null) {
            carried.received(frame);
        }
    }

    void heard() {
        Receiver carried = receiver;
        if (carried != null) {
            carried.heard();
        }
    }

    /** The socket is at its end; of several words the first counts. */
    void gone(int code) {
        if (gone) {
            return;
        }
        gone = true;
        Receiver carried = receiver;
        if (carried != null) {
            carried.gone(code);
        }
        host.later(host.settings().closeGrace(), network::terminateSilently);
    }

    // What goes out, for the connection

    @Override
    public void write(List<Frame> batch, Runnable completion) {
        byte[] bytes = OutgoingBytes.of(batch, compressed ? Optional.of(host.deflate()) : Optional.empty());
        // A completion encodes and writes what waits: not on the thread that reads for others.
        if (sent(bytes, () -> host.executor().execute(completion))) {
            completion.run();
        }
    }

    @Override
    public boolean postpones(Runnable flush) {
        // A thousand clients that are told one thing each are written to one by one as they are told: then everything that belongs to
        // one is still in the processor's caches.
        long now = System.nanoTime();
        boolean again = now - asked < SOON_NANOS;
        asked = now;
        return again && host.flushers().take(System.identityHashCode(this), flush);
    }

    @Override
    public boolean beat() {
        boolean atOnce = sent(PING.clone(), () -> {});
        LOG.log(System.Logger.Level.TRACE, "A ping went at once: {0}", atOnce);
        return true;
    }

    @Override
    public void reading(boolean wanted) {
        try {
            if (wanted) {
                network.enableIOEvent(IOEvent.READ);
            } else {
                network.disableIOEvent(IOEvent.READ);
            }
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "A socket went while it was paused", gone);
        }
    }

    @Override
    public void ending() {
        host.later(host.settings().closeGrace(), network::terminateSilently);
    }

    @Override
    public void close(int code, String reason) {
        SocketReader open = reader;
        if (open == null) {
            network.closeSilently();
        } else {
            open.close(code, reason);
        }
    }

    // What goes out, for the reader: control frames

    @Override
    public void write(ByteBuffer buffer, CompletionHandler<ByteBuffer> handler) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        if (sent(bytes, () -> handler.completed(buffer))) {
            handler.completed(buffer);
        }
    }

    /** Closes the network behind what was written. */
    @Override
    public void close() {
        network.closeSilently();
    }

    /**
     * Sends bytes behind all that were sent before. True when the system has taken them, or never will; otherwise {@code later} is told, by
     * the thread that reads for others.
     */
    private synchronized boolean sent(byte[] bytes, Runnable later) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        if (channel != null && nothingQueued() && Sockets.taken(channel, rest)) {
            return true;
        }
        Queued waits = new Queued(later);
        last = waits;
        if (tls.isPresent()) {
            tls.get().write(network, bytes, waits);
        } else {
            Sockets.write(network, rest, waits);
        }
        return waits.over();
    }

    /** Nobody but this writes any more, so the queue itself need not be asked each time. */
    private boolean nothingQueued() {
        answered = answered || Sockets.nothingQueued(network);
        last = last == null || last.past ? null : last;
        return answered && last == null;
    }

    /** Bytes that the server's queue was given. */
    private static final class Queued extends Sockets.Written {

        private final Runnable later;
        private volatile @Nullable Thread sender = Thread.currentThread();
        private volatile boolean past;
        private boolean atOnce;

        Queued(Runnable later) {
            this.later = later;
        }

        /** The sender goes on: whether it need not wait. */
        boolean over() {
            sender = null;
            return atOnce;
        }

        @Override
        public void completed(WriteResult<WritableMessage, SocketAddress> result) {
            left();
        }

        @Override
        public void failed(Throwable cause) {
            left();
        }

        private void left() {
            past = true;
            if (Thread.currentThread().equals(sender)) {
                atOnce = true;
            } else {
                later.run();
            }
        }
    }
}
