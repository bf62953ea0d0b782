package dev.parley.adapter.websocket;

import jakarta.websocket.Extension;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said of message compression in handshakes: it is done without context takeover. {@link Inflation} and {@link Deflate} do it. */
final class DeflateExtension implements Extension {

    static final String NAME = "permessage-deflate";

    private static final List<Parameter> ANSWER =
            List.of(new Flag("server_no_context_takeover"), new Flag("client_no_context_takeover"));

    private record Flag(String getName) implements Parameter {
        @Override
        public @Nullable String getValue() {
            return null;
        }
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
}
