package dev.parley.client;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether to come back after an end, and when at the earliest. */
sealed interface Verdict {

    /** At the earliest {@code after} that. */
    record Again(Optional<Duration> after) implements Verdict {}

    record Never(ParleyException error) implements Verdict {}

    Set<Integer> FINAL_STATUS = Set.of(400, 401, 403, 404, 409, 410);

    /** @param farewell the {@code disconnect} frame before the end, if there was one */
    static Verdict of(End end, Optional<Frame> farewell) {
        if (end.error().isPresent()) {
            ParleyException error = end.error().get();
            return error.status().isPresent() && FINAL_STATUS.contains(error.status().getAsInt())
                    ? new Never(error)
                    : new Again(error.retryAfter());
        }
        int code = farewell.flatMap(frame -> frame.whole("code")).map(Long::intValue).orElse(end.code().orElse(0));
        if (code == 1008 || code >= 4500 && code <= 4999) {
            String reason = farewell.flatMap(frame -> frame.text("reason")).orElse(end.reason());
            return new Never(meaning(code).with(Map.of("code", (long) code, "reason", reason)));
        }
        return new Again(farewell.flatMap(frame -> frame.number("reconnect_in")).flatMap(ParleyException::seconds));
    }

    /** What the close codes mean after which coming back without a change is pointless. */
    private static ParleyException meaning(int code) {
        return switch (code) {
            case 1008 -> new ParleyException("RATE_LIMIT", "The server closed the connection for ignoring its limits");
            case 4500 -> new ParleyException("TOKEN_EXPIRED", "The token has expired or was revoked");
            case 4501 -> new ParleyException("FORBIDDEN", "No longer allowed in this session");
            case 4502 -> new ParleyException("GONE", "The session was closed or deleted");
            default -> new ParleyException("CLOSED", "The server closed the connection for good: " + code);
        };
    }
}
