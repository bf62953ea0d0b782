package dev.parley.adapter.websocket;

import jakarta.websocket.CloseReason;
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
import org.jspecify.annotations.Nullable;

/** Takes what comes over connections that are no longer HTTP: frames of sockets, and what is thrown away of those refused. */
final class SocketFilter extends BaseFilter {

    private final Attribute<SocketReader> opened = Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute("parley.socket");

    void open(Connection<?> network, SocketReader socket) {
        opened.set(network, socket);
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) throws IOException {
        Buffer buffer = ctx.getMessage();
        feed(opened.get(ctx.getConnection()), buffer);
        buffer.tryDispose();
        return ctx.getStopAction();
    }

    /** Hands bytes on, piece by piece. */
    void feed(@Nullable SocketReader socket, Buffer buffer) {
        if (socket == null || !buffer.hasRemaining()) {
            return;
        }
        if (!buffer.isComposite()) {
            feed(socket, buffer.toByteBuffer());
            return;
        }
        ByteBufferArray parts = buffer.toByteBufferArray();
        for (int i = 0; i < parts.size(); i++) {
            feed(socket, parts.getArray()[i]);
        }
        parts.recycle();
    }

    private static void feed(SocketReader socket, ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            int length = Math.min(bytes.remaining(), WebSocketEngine.PIECE);
            ByteBuffer piece = bytes.slice(bytes.position(), length);
            bytes.position(bytes.position() + length);
            if (!socket.socket().lets(piece)) {
                return;
            }
            socket.read(piece);
        }
    }

    @Override
    public NextAction handleClose(FilterChainContext ctx) throws IOException {
        SocketReader socket = opened.remove(ctx.getConnection());
        if (socket != null) {
            socket.socket().gone(CloseReason.CloseCodes.CLOSED_ABNORMALLY.getCode());
        }
        return ctx.getStopAction();
    }
}
