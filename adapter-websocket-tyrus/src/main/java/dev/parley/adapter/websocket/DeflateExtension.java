package dev.parley.adapter.websocket;

import jakarta.websocket.Extension;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DataFormatException;
import org.glassfish.tyrus.core.extension.ExtendedExtension;
import org.glassfish.tyrus.core.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Message compression without context takeover, incoming side; what goes out is compressed where it is written.
 *
 * <p>The engine swallows what an extension throws and goes on with the frame as it came. So a message that cannot be inflated, or
 * would be too long, is replaced by a close frame: the engine answers it with the same code and ends the session.
 */
final class DeflateExtension implements ExtendedExtension {

    static final String NAME = "permessage-deflate";

    private static final String STATE = "parley.inflating";
    private static final List<Parameter> ANSWER =
            List.of(new Flag("server_no_context_takeover"), new Flag("client_no_context_takeover"));

    private final Deflate deflate;
    private final int maxMessage;

    private record Flag(String getName) implements Parameter {
        @Override
        public @Nullable String getValue() {
            return null;
        }
    }

    DeflateExtension(Deflate deflate, int maxMessage) {
        this.deflate = deflate;
        this.maxMessage = maxMessage;
    }

    /** Whether a client's offer can be answered: a smaller window than the platform's cannot. */
    static boolean acceptable(Extension offer) {
        return offer.getName().equals(NAME) && offer.getParameters().stream().allMatch(DeflateExtension::acceptable);
    }

    private static boolean acceptable(Parameter parameter) {
        return switch (parameter.getName()) {
            case "client_no_context_takeover", "server_no_context_takeover", "client_max_window_bits" -> true;
            case "server_max_window_bits" -> "15".equals(parameter.getValue());
            default -> false;
        };
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public List<Parameter> getParameters() {
        return ANSWER;
    }

    @Override
    public List<Parameter> onExtensionNegotiation(
            ExtensionContext context, @Nullable List<Parameter> requestedParameters) {
        return ANSWER;
    }

    @Override
    public void onHandshakeResponse(ExtensionContext context, List<Parameter> responseParameters) {}

    @Override
    public Frame processIncoming(ExtensionContext context, Frame frame) {
        if (frame.isControlFrame()) {
            return frame;
        }
        Map<String, Object> state = context.getProperties();
        if (frame.isRsv1()) {
            state.put(STATE, deflate.inflating(maxMessage));
        }
        if (!(state.get(STATE) instanceof Deflate.Inflating inflating)) {
            return frame;
        }
        Optional<String> fault = Optional.empty();
        byte[] payload = {};
        try {
            payload = inflating.piece(frame.getPayloadData(), frame.isFin());
        } catch (Deflate.TooLargeException bomb) {
            fault = Optional.of("too_large");
        } catch (DataFormatException broken) {
            fault = Optional.of("invalid");
        }
        if (frame.isFin() || fault.isPresent()) {
            state.remove(STATE);
            inflating.end();
        }
        if (fault.isPresent()) {
            return close(fault.get().equals("invalid") ? 1007 : 1009, fault.get());
        }
        return Frame.builder(frame)
                .rsv1(false)
                .payloadLength(payload.length)
                .payloadData(payload)
                .build();
    }

    private static Frame close(int code, String reason) {
        byte[] word = reason.getBytes(StandardCharsets.US_ASCII);
        byte[] payload = ByteBuffer.allocate(2 + word.length)
                .putShort((short) code)
                .put(word)
                .array();
        return Frame.builder()
                .fin(true)
                .opcode((byte) 8)
                .payloadLength(payload.length)
                .payloadData(payload)
                .build();
    }

    @Override
    public Frame processOutgoing(ExtensionContext context, Frame frame) {
        return frame;
    }

    @Override
    public void destroy(ExtensionContext context) {
        if (context.getProperties().remove(STATE) instanceof Deflate.Inflating inflating) {
            inflating.end();
        }
    }
}
