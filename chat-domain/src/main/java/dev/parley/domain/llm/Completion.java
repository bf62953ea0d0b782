package dev.parley.domain.llm;

import java.util.Optional;

/**
 * How a model ended by itself.
 *
 * @param reason why it stopped
 * @param promptTokens tokens read, where the model says so
 * @param completionTokens tokens written, where the model says so
 */
public record Completion(Reason reason, Optional<Integer> promptTokens, Optional<Integer> completionTokens) {

    /** Why a model stopped. */
    public enum Reason {
        /** It had said everything. */
        STOP,
        /** It reached the number of tokens it was given. */
        LENGTH
    }
}
