package dev.parley.domain.llm;

import java.util.List;
import java.util.Optional;

/**
 * A named persona that answers.
 *
 * @param id 1 to 64 characters of {@code [A-Za-z0-9._-]}
 * @param model the model it asks, the catalogue's first where it does not say
 * @param systemPrompt what the model is told first, empty for nothing
 * @param keywords words in a message that make it the one to answer, where a router looks for them
 */
public record Agent(
        String id,
        String name,
        Optional<String> model,
        String systemPrompt,
        ModelOptions options,
        List<String> keywords) {

    /** The agent that answers when no other is named. */
    public static final String DEFAULT_ID = "default";

    public Agent {
        keywords = List.copyOf(keywords);
        if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException("Expected an agent id of 1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
    }
}
