package dev.parley.adapter.websocket;

import jakarta.websocket.CloseReason;
import java.util.zip.DataFormatException;
import org.glassfish.tyrus.core.WebSocketException;
import org.glassfish.tyrus.core.frame.Frame;
import org.jspecify.annotations.Nullable;

/** Inflates what one client sent compressed, message by message. Used by one thread at a time, but for its end, which may come from any. */
final class Inflation {

    private final Deflate deflate;
    private final int maxMessage;
    private Deflate.@Nullable Inflating message;
    private boolean closed;

    Inflation(Deflate deflate, int maxMessage) {
        this.deflate = deflate;
        this.maxMessage = maxMessage;
    }

    /** A message cannot be inflated, or would be too long. */
    private static final class UnreadableException extends WebSocketException {
        private static final long serialVersionUID = 1L;

        private final transient CloseReason reason;

        UnreadableException(CloseReason.CloseCode code, String word) {
            super(word);
            this.reason = new CloseReason(code, word);
        }

        @Override
        public CloseReason getCloseReason() {
            return reason;
        }
    }

    /** A frame as it was before it was compressed, if it was; one that may not say so is left for the parser to refuse. */
    synchronized Frame inflated(Frame frame) {
        boolean begins = frame.getOpcode() != 0;
        if (closed || frame.isControlFrame() || !begins && frame.isRsv1()) {
            return frame;
        }
        if (frame.isRsv1()) {
            end();
            message = deflate.inflating(maxMessage);
        }
        Deflate.Inflating inflating = message;
        return inflating == null ? frame : inflated(frame, inflating);
    }

    private Frame inflated(Frame frame, Deflate.Inflating inflating) {
        boolean ended = true;
        try {
            byte[] payload = inflating.piece(frame.getPayloadData(), frame.isFin());
            ended = frame.isFin();
            return Frame.builder(frame)
                    .rsv1(false)
                    .payloadLength(payload.length)
                    .payloadData(payload)
                    .build();
        } catch (Deflate.TooLargeException bomb) {
            throw new UnreadableException(CloseReason.CloseCodes.TOO_BIG, "too_large");
        } catch (DataFormatException broken) {
            throw new UnreadableException(CloseReason.CloseCodes.NOT_CONSISTENT, "invalid");
        } finally {
            if (ended) {
                end();
            }
        }
    }

    /** The client is gone, maybe in the middle of a message. */
    synchronized void close() {
        closed = true;
        end();
    }

    private void end() {
        Deflate.Inflating inflating = message;
        message = null;
        if (inflating != null) {
            inflating.end();
        }
    }
}
