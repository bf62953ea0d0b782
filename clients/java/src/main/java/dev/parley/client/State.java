package dev.parley.client;

import java.time.Duration;
import java.util.Optional;

/**
 * Where the connection is.
 *
 * @param transport {@code websocket}, {@code sse} or {@code poll}, where one is used or about to be
 * @param attempt how often it has failed in a row
 * @param retryIn while waiting: until the next attempt, counted from when it was told
 * @param error when closed by the server: why
 */
public record State(
        Status status,
        Optional<String> transport,
        int attempt,
        Optional<Duration> retryIn,
        Optional<String> reason,
        Optional<ParleyException> error) {

    /** What the connection does. */
    public enum Status {
        IDLE,
        CONNECTING,
        CONNECTED,
        WAITING,
        CLOSED
    }

    static State of(Status status) {
        return new State(status, Optional.empty(), 0, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static State of(Status status, Transport.Kind transport, int attempt) {
        return new State(status, Optional.of(name(transport)), attempt, Optional.empty(), Optional.empty(), Optional.empty());
    }

    State waiting(Duration wait, String why) {
        return new State(status, transport, attempt, Optional.of(wait), Optional.of(why), error);
    }

    static State closed(Optional<ParleyException> error) {
        return new State(Status.CLOSED, Optional.empty(), 0, Optional.empty(), Optional.empty(), error);
    }

    private static String name(Transport.Kind kind) {
        return switch (kind) {
            case WEBSOCKET -> "websocket";
            case EVENTS -> "sse";
            case POLL -> "poll";
        };
    }
}
