package dev.parley.protocols.socketio;

import dev.parley.protocols.json.JsonWriter;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Why a request is refused, as Engine.IO's reference server says it. */
public enum EngineFault {
    UNKNOWN_TRANSPORT(0, 400, "Transport unknown"),
    UNKNOWN_SESSION(1, 400, "Session ID unknown"),
    BAD_HANDSHAKE_METHOD(2, 400, "Bad handshake method"),
    BAD_REQUEST(3, 400, "Bad request"),
    FORBIDDEN(4, 403, "Forbidden"),
    UNSUPPORTED_VERSION(5, 400, "Unsupported protocol version");

    private final int code;
    private final int status;
    private final String message;

    EngineFault(int code, int status, String message) {
        this.code = code;
        this.status = status;
        this.message = message;
    }

    public int code() {
        return code;
    }

    /** Of the HTTP answer. */
    public int status() {
        return status;
    }

    /** The body of the answer. */
    public byte[] json() {
        return new JsonWriter()
                .begin()
                .field("code", code)
                .field("message", message)
                .end()
                .toUtf8();
    }

    /**
     * What is wrong with a request.
     *
     * @param upgrade whether it asks for a WebSocket
     * @param known whether there is a session of that id
     */
    public static Optional<EngineFault> of(
            String method, Map<String, String> query, boolean upgrade, Predicate<String> known) {
        String transport = query.getOrDefault("transport", "");
        String sid = query.getOrDefault("sid", "");
        if (!transport.equals("polling") && !transport.equals("websocket")) {
            return Optional.of(UNKNOWN_TRANSPORT);
        }
        if (!sid.isEmpty() && !known.test(sid)) {
            return Optional.of(UNKNOWN_SESSION);
        }
        if (sid.isEmpty() && !method.equals("GET")) {
            return Optional.of(BAD_HANDSHAKE_METHOD);
        }
        if (upgrade != transport.equals("websocket")) {
            return Optional.of(BAD_REQUEST);
        }
        return query.getOrDefault("EIO", "").equals("4") ? Optional.empty() : Optional.of(UNSUPPORTED_VERSION);
    }
}
