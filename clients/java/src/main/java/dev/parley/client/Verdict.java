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

    /** Close codes after which coming back without a change is pointless, and what they mean. */
    Map<Integer, ParleyException> FINAL = Map.of(
            1008, new ParleyException("RATE_LIMIT", "The server closed the connection for ignoring its limits"),
            4500, new ParleyException("TOKEN_EXPIRED", "The token has expired or was revoked"),
            4501, new ParleyException("FORBIDDEN", "No longer allowed in this session"),
            4502, new ParleyException("GONE", "The session was closed or deleted"));

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
            ParleyException meaning = FINAL.get(code);
            return new Never(meaning == null
                    ? new ParleyException("CLOSED", "The server closed the connection for good: " + code)
                    : meaning);
        }
        return new Again(farewell.flatMap(frame -> frame.number("reconnect_in")).flatMap(ParleyException::seconds));
    }
}
