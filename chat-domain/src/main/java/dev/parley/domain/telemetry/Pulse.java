package dev.parley.domain.telemetry;

import dev.parley.domain.error.ErrorCode;
import java.time.Duration;
import java.util.Map;

/**
 * How much happened since counting began: what is between two of them is what happened in between. Only connections are as many as
 * there are now.
 *
 * @param connections open ones by protocol
 * @param replies replies that ended
 * @param errors refusals and failures by code; codes that never came are left out
 * @param commands how long answers to clients took
 * @param firstTokens how long models took to say their first word
 * @param commits how long the durable store took to commit
 */
public record Pulse(
        Map<String, Integer> connections,
        long replies,
        Map<ErrorCode, Long> errors,
        Times commands,
        Times firstTokens,
        Times commits) {

    /** Nothing happened, or nobody counted. */
    public static final Pulse NONE = new Pulse(Map.of(), 0, Map.of(), Times.NONE, Times.NONE, Times.NONE);

    public Pulse {
        connections = Map.copyOf(connections);
        errors = Map.copyOf(errors);
    }

    /**
     * How often something happened and how long that took together.
     *
     * @param count how often
     */
    public record Times(long count, Duration total) {

        /** Never. */
        public static final Times NONE = new Times(0, Duration.ZERO);
    }
}
