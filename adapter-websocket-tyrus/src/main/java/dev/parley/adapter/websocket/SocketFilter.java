package dev.parley.adapter.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.memory.ByteBufferArray;

/**
 * Takes what comes over connections that are no longer HTTP, before those get to see it who read requests.
 *
 * <p>It stands in the chain of HTTP and is no other chain: the server keeps a state for each chain that a connection has been through, and
 * would keep the connection too, unless HTTP sees its end.
 */
final class SocketFilter extends BaseFilter {

    /** Who takes it. */
    interface Taker {

        /** Takes bytes, which are good during the call alone. */
        void take(ByteBuffer bytes);

        /** The connection is at its end. */
        void ended();
    }

    private static final Taker NOBODY = new Taker() {
        @Override
        public void take(ByteBuffer bytes) {}

        @Override
        public void ended() {}
    };

    private final Attribute<Taker> takers = Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute("parley.socket");

    /** From now on what comes is for {@code taker}. */
    void give(Connection<?> network, Taker taker) {
        takers.set(network, taker);
    }

    /** From now on what comes is thrown away. */
    void throwAway(Connection<?> network) {
        give(network, NOBODY);
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) throws IOException {
        Taker taker = takers.get(ctx.getConnection());
        if (taker == null) {
            return ctx.getInvokeAction();
        }
        Buffer buffer = ctx.getMessage();
        feed(taker, buffer);
        buffer.tryDispose();
        return ctx.getStopAction();
    }

    /** Hands bytes on, piece by piece. */
    void feed(Taker taker, Buffer buffer) {
        if (!buffer.hasRemaining()) {
            return;
        }
        if (!buffer.isComposite()) {
            feed(taker, buffer.toByteBuffer());
            return;
        }
        ByteBufferArray parts = buffer.toByteBufferArray();
        for (int i = 0; i < parts.size(); i++) {
            feed(taker, parts.getArray()[i]);
        }
        parts.recycle();
    }

    private static void feed(Taker taker, ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int length = Math.min(bytes.remaining(), WebSocketEngine.PIECE);
            ByteBuffer piece = bytes.slice(bytes.position(), length);
            bytes.position(bytes.position() + length);
            taker.take(piece);
        }
    }

    @Override
    public NextAction handleClose(FilterChainContext ctx) throws IOException {
        Taker taker = takers.remove(ctx.getConnection());
        if (taker != null) {
            taker.ended();
        }
        return ctx.getInvokeAction();
    }
}
