package dev.parley.adapter.websocket;

import dev.parley.protocols.Frame;
import jakarta.websocket.CloseReason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.glassfish.tyrus.core.ProtocolHandler;
import org.glassfish.tyrus.core.TyrusWebSocket;
import org.glassfish.tyrus.core.Utils;
import org.glassfish.tyrus.core.WebSocketException;
import org.glassfish.tyrus.core.frame.BinaryFrame;
import org.glassfish.tyrus.core.frame.CloseFrame;
import org.glassfish.tyrus.core.frame.PingFrame;
import org.glassfish.tyrus.core.frame.PongFrame;
import org.glassfish.tyrus.core.frame.TextFrame;
import org.jspecify.annotations.Nullable;

/**
 * Reads what one client sends: the engine's parser makes frames of bytes and checks what the protocol demands of them, here messages
 * are put together and control frames answered. How long messages may be was seen to before.
 *
 * <p>Bytes come from one thread at a time; {@link #close} may come from any.
 */
final class SocketReader extends TyrusWebSocket implements SocketFilter.Taker {

    private static final System.Logger LOG = System.getLogger(SocketReader.class.getName());

    private static final int STEP = 256;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ProtocolHandler parser;
    private final ClientSocket socket;
    private final int maxBytes;
    private final Optional<Inflation> inflation;
    // All three are there only while something is incomplete.
    private @Nullable ByteBuffer rest;
    private @Nullable StringBuilder text;
    private @Nullable ByteArrayOutputStream binary;

    /** @param maxBytes how long a frame may be, with all that may come with its end */
    SocketReader(ProtocolHandler parser, ClientSocket socket, int maxBytes, Optional<Inflation> inflation) {
        super(parser, null);
        this.parser = parser;
        this.socket = socket;
        this.maxBytes = maxBytes;
        this.inflation = inflation;
        parser.setWriter(socket);
        // It is open from now on; the rest is for endpoints.
        onConnect(null, null, List.of(), null, null);
    }

    /** Whether frames may be compressed, in both directions. */
    boolean compressed() {
        return inflation.isPresent();
    }

    @Override
    public void take(ByteBuffer data) {
        if (!isConnected() || !socket.lets(data)) {
            return;
        }
        try {
            ByteBuffer before = rest;
            ByteBuffer bytes = before == null ? data : Utils.appendBuffers(before, data, maxBytes, STEP);
            parse(bytes);
            rest = !bytes.hasRemaining() ? null : before == null ? kept(bytes) : bytes;
        } catch (WebSocketException wrong) {
            onClose(new CloseFrame(wrong.getCloseReason()));
        } catch (RuntimeException fault) {
            // One that was closed just now cannot be answered, and that is all.
            System.Logger.Level level = isConnected() ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
            LOG.log(level, "What a client sent could not be read", fault);
            onClose(new CloseFrame(new CloseReason(CloseReason.CloseCodes.UNEXPECTED_CONDITION, "")));
        }
    }

    private void parse(ByteBuffer bytes) {
        var frame = parser.unframe(bytes);
        while (frame != null && isConnected()) {
            parser.process(inflation.isPresent() ? inflation.get().inflated(frame) : frame, this);
            frame = parser.unframe(bytes);
        }
    }

    private ByteBuffer kept(ByteBuffer bytes) {
        return Utils.appendBuffers(NOTHING, bytes, maxBytes, STEP);
    }

    @Override
    public void onMessage(TextFrame frame) {
        socket.received(Frame.text(frame.getTextPayload()));
    }

    @Override
    public void onMessage(BinaryFrame frame) {
        socket.received(Frame.binary(frame.getPayloadData()));
    }

    @Override
    public void onFragment(TextFrame frame, boolean last) {
        StringBuilder whole = text == null ? new StringBuilder() : text;
        whole.append(frame.getTextPayload());
        text = last ? null : whole;
        if (last) {
            socket.received(Frame.text(whole.toString()));
        }
    }

    @Override
    public void onFragment(BinaryFrame frame, boolean last) {
        ByteArrayOutputStream whole = binary == null ? new ByteArrayOutputStream() : binary;
        whole.writeBytes(frame.getPayloadData());
        binary = last ? null : whole;
        if (last) {
            socket.received(Frame.binary(whole.toByteArray()));
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public void onPing(PingFrame frame) {
        sendPong(frame.getPayloadData());
    }

    @Override
    public void onPong(PongFrame frame) {
        socket.heard();
    }

    @Override
    public void ended() {
        inflation.ifPresent(Inflation::close);
        socket.gone(CloseReason.CloseCodes.CLOSED_ABNORMALLY.getCode());
    }

    /** The end, from whichever side. It is answered, or the network closed behind the answer. */
    @Override
    public void onClose(CloseFrame frame) {
        inflation.ifPresent(Inflation::close);
        socket.gone(frame.getCloseReason().getCloseCode().getCode());
        super.onClose(frame);
    }
}
