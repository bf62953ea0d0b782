package dev.parley.client;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What went wrong, with a stable code: one of the server's, or {@code OFFLINE}, {@code CONNECTION_LOST}, {@code TIMEOUT}, {@code OUTBOX_FULL},
 * {@code NO_TOKEN}, {@code CLOSED} of the client's own.
 */
public final class ParleyException extends RuntimeException {

    private static final Map<Integer, String> CODES = Map.of(
            400, "BAD_REQUEST", 401, "UNAUTHORIZED", 403, "FORBIDDEN", 404, "NOT_FOUND", 409, "CONFLICT", 410, "GONE",
            413, "MESSAGE_TOO_LONG", 429, "RATE_LIMIT", 503, "BUSY");
    private static final double LONGEST = 1e9;

    private final String code;
    private final transient Optional<Duration> retryAfter;
    private final transient OptionalInt status;
    private final transient Optional<String> messageId;
    private final transient Optional<Object> details;

    ParleyException(String code, String message) {
        this(code, message + " (" + code + ")", Optional.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());
    }

    private ParleyException(
            String code, String text, Optional<Duration> retryAfter, OptionalInt status, Optional<String> messageId,
            Optional<Object> details) {
        super(text);
        this.code = code;
        this.retryAfter = retryAfter;
        this.status = status;
        this.messageId = messageId;
        this.details = details;
    }

    /** The same with what is for developers. */
    ParleyException with(Object more) {
        return new ParleyException(code, String.valueOf(getMessage()), retryAfter, status, messageId, Optional.of(more));
    }

    static ParleyException tokenless(Throwable fault) {
        ParleyException told = new ParleyException("NO_TOKEN", "no token: " + fault.getMessage());
        told.initCause(fault);
        return told;
    }

    static ParleyException closed() {
        return new ParleyException("CLOSED", "The client was closed");
    }

    static ParleyException of(Frame frame) {
        return new ParleyException(
                frame.text("code").orElse("INTERNAL"),
                frame.text("message").orElse("The server refused") + " (" + frame.text("code").orElse("INTERNAL") + ")",
                frame.number("retry_after").flatMap(ParleyException::seconds),
                OptionalInt.empty(),
                frame.text("message_id"),
                Optional.ofNullable(frame.fields().get("details")));
    }

    /** Reads a refused HTTP response: problem+json when it is one, the status otherwise. */
    static ParleyException of(int status, HttpHeaders headers, String body) {
        Frame problem = Json.frame(body).orElse(new Frame(Map.of()));
        Optional<Duration> after = problem.number("retry_after").flatMap(ParleyException::seconds);
        String code = problem.text("code").orElse(CODES.getOrDefault(status, "INTERNAL"));
        String text = problem.text("detail").or(() -> problem.text("title")).orElse("The server answered " + status);
        return new ParleyException(
                code,
                text + " (" + code + ")",
                after.or(() -> headers.firstValue("Retry-After").flatMap(ParleyException::seconds)),
                OptionalInt.of(status),
                Optional.empty(),
                Optional.empty());
    }

    static Optional<Duration> seconds(double seconds) {
        return seconds > 0 && seconds < LONGEST ? Optional.of(Duration.ofMillis((long) (seconds * 1000))) : Optional.empty();
    }

    private static Optional<Duration> seconds(String text) {
        try {
            return seconds(Double.parseDouble(text));
        } catch (NumberFormatException date) {
            return Optional.empty();
        }
    }

    public String code() {
        return code;
    }

    /** After which it is worth trying again. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** The HTTP status, where there was one. */
    public OptionalInt status() {
        return status;
    }

    public Optional<String> messageId() {
        return messageId;
    }

    /** What the server said for developers; of a connection's end a map with its {@code code} and {@code reason}. */
    public Optional<Object> details() {
        return details;
    }
}
