package dev.parley.bootstrap.model;

import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.ModelCatalog;
import java.util.function.Supplier;

/**
 * Where models come from, and how that stands.
 *
 * @param standing asks anew each time; may take as long as a look at the model's server, about a second at most
 */
public record ModelSource(LlmStreamer streamer, ModelCatalog catalog, Supplier<Standing> standing) {

    /** What can be said of the models' server. */
    public enum Standing {
        /** It answers. */
        UP,
        /** Nothing answers; replies fail until something does. */
        DOWN,
        /** Nothing answers at the usual address, so the demo model does. */
        DEMO,
        /** The settings say that there is none. */
        ABSENT
    }
}
