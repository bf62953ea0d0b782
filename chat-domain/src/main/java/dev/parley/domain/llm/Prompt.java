package dev.parley.domain.llm;

import dev.parley.domain.message.Role;
import java.util.List;

/**
 * What a model is asked.
 *
 * @param model the model's name
 * @param turns the conversation so far, oldest first, ending with what is to be answered; system turns come first
 */
public record Prompt(String model, List<Turn> turns, ModelOptions options) {

    /** One contribution to the conversation. */
    public record Turn(Role role, String content) {}

    public Prompt {
        turns = List.copyOf(turns);
        if (turns.isEmpty()) {
            throw new IllegalArgumentException("Expected a prompt with at least one turn");
        }
    }
}
