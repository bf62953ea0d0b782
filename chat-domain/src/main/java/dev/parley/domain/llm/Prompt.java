package dev.parley.domain.llm;

import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.message.Role;
import java.util.List;

/**
 * What a model is asked.
 *
 * @param model the model's name
 * @param turns the conversation so far, oldest first, ending with what is to be answered; system turns come first
 */
public record Prompt(String model, List<Turn> turns, ModelOptions options) {

    /**
     * One contribution to the conversation.
     *
     * @param images pictures that go with it; only for models with the capability {@code vision}
     */
    public record Turn(Role role, String content, List<Image> images) {
        public Turn {
            images = List.copyOf(images);
        }

        public Turn(Role role, String content) {
            this(role, content, List.of());
        }
    }

    /** A picture, read when the model is asked. */
    public record Image(MimeType mimeType, FileContent content) {}

    public Prompt {
        turns = List.copyOf(turns);
        if (turns.isEmpty()) {
            throw new IllegalArgumentException("Expected a prompt with at least one turn");
        }
    }
}
