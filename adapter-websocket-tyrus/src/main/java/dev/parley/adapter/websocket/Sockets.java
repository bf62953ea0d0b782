package dev.parley.adapter.websocket;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.glassfish.grizzly.CloseListener;
import org.glassfish.grizzly.CloseType;
import org.glassfish.grizzly.Closeable;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.WriteResult;
import org.glassfish.grizzly.asyncqueue.MessageCloner;
import org.glassfish.grizzly.asyncqueue.WritableMessage;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.NIOConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;

/** What is asked of the system's own sockets. A client that is gone already needs nothing of it. */
final class Sockets {

    private static final System.Logger LOG = System.getLogger(Sockets.class.getName());

    /** For what nobody waits for. */
    static final Written FORGOTTEN = new Written();

    /** More is copied in pieces, as the queue does. */
    private static final int AT_ONCE = 128 << 10;

    private Sockets() {}

    /** Told when the system has taken bytes, or never will. */
    static class Written extends EmptyCompletionHandler<WriteResult<WritableMessage, SocketAddress>> {}

    /** Sends bytes behind those that were sent before. */
    @SuppressWarnings("unchecked")
    static void write(Connection<?> network, ByteBuffer bytes, Written completion) {
        TCPNIOTransport transport = (TCPNIOTransport) network.getTransport();
        transport.getAsyncQueueIO()
                .getWriter()
                .write(
                        (Connection<SocketAddress>) network,
                        null,
                        Buffers.wrap(transport.getMemoryManager(), bytes),
                        completion,
                        (MessageCloner<WritableMessage>) null);
    }

    /** The system's own socket. */
    static Optional<SocketChannel> channel(Connection<?> network) {
        return network instanceof NIOConnection nio && nio.getChannel() instanceof SocketChannel channel
                ? Optional.of(channel)
                : Optional.empty();
    }

    /** Whether the system has taken all that the server's queue was given. */
    static boolean nothingQueued(Connection<?> network) {
        return network instanceof NIOConnection nio && nio.getAsyncWriteQueue().spaceInBytes() == 0;
    }

    /**
     * Gives bytes to the system by themselves, which takes half of what the server's queue does; true when it took all. For one thread at
     * a time, while the queue has nothing; what was not taken is to be written next.
     */
    static boolean taken(SocketChannel channel, ByteBuffer bytes) {
        if (bytes.remaining() > AT_ONCE) {
            return false;
        }
        try {
            channel.write(bytes);
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "A client went before it was written to; the queue finds that too", gone);
        }
        return !bytes.hasRemaining();
    }

    /** Runs something short at the end of a connection, or at once when that is past. A future of the end would take more memory. */
    static void whenClosed(Connection<?> network, Runnable task) {
        CloseListener<Closeable, CloseType> listener = (ended, how) -> task.run();
        network.addCloseListener(listener);
    }

    static void boundSendBuffer(Connection<?> network, int bytes) {
        channel(network).ifPresent(channel -> {
            try {
                channel.setOption(StandardSocketOptions.SO_SNDBUF, bytes);
            } catch (IOException gone) {
                LOG.log(System.Logger.Level.DEBUG, "A client went before it was answered", gone);
            }
        });
    }

    /** Says that nothing more will be sent, behind what was. */
    static void endOutput(Connection<?> network) {
        channel(network).ifPresent(channel -> {
            try {
                channel.shutdownOutput();
            } catch (IOException gone) {
                LOG.log(System.Logger.Level.DEBUG, "A client went before it was refused", gone);
            }
        });
    }
}
