package dev.parley.application.command;

import dev.parley.domain.llm.ModelOptions;
import java.util.Optional;

/**
 * How a reply is wanted; what is empty is for the session, the agent and the settings to say.
 *
 * @param agent the id of the agent that is to answer
 * @param model the model that is to be asked
 * @param systemPrompt told to the model in place of the agent's own
 */
public record Ask(
        Optional<String> agent,
        Optional<String> model,
        Optional<Overlap> overlap,
        Optional<String> systemPrompt,
        ModelOptions options) {

    /** Just an answer. */
    public static final Ask PLAINLY =
            new Ask(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), ModelOptions.DEFAULT);
}
