package dev.parley.adapter.websocket;

import dev.parley.protocols.Frame;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One session of the engine. Public only because the engine calls it by reflection. Defence in depth: a session without a socket
 * that was let in does not open.
 */
public final class SocketEndpoint extends Endpoint {

    private static final System.Logger LOG = System.getLogger(SocketEndpoint.class.getName());

    private Optional<ClientSocket> socket = Optional.empty();

    SocketEndpoint() {}

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        if (!(session.getUserPrincipal() instanceof ClientSocket admitted)) {
            throw new IllegalStateException("Expected a socket that was let in");
        }
        socket = Optional.of(admitted);
        session.addMessageHandler(new TextHandler(admitted));
        session.addMessageHandler(new BinaryHandler(admitted));
        session.addMessageHandler(new PongHandler(admitted));
        admitted.opened(session);
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        socket.ifPresent(open -> open.gone(reason.getCloseCode().getCode()));
    }

    @Override
    public void onError(Session session, @Nullable Throwable fault) {
        LOG.log(System.Logger.Level.DEBUG, "A socket failed", fault);
    }

    private record TextHandler(ClientSocket socket) implements MessageHandler.Whole<String> {
        @Override
        public void onMessage(String text) {
            socket.received(Frame.text(text));
        }
    }

    private record BinaryHandler(ClientSocket socket) implements MessageHandler.Whole<byte[]> {
        @Override
        public void onMessage(byte[] bytes) {
            socket.received(Frame.binary(bytes));
        }
    }

    private record PongHandler(ClientSocket socket) implements MessageHandler.Whole<PongMessage> {
        @Override
        public void onMessage(PongMessage pong) {
            socket.heard();
        }
    }
}
