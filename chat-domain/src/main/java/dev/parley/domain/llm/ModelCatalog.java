package dev.parley.domain.llm;

import dev.parley.domain.Port;
import java.util.List;
import java.util.Optional;

/** Knows which models can be asked. Safe for use by many threads; may block. */
@Port
public interface ModelCatalog {

    /**
     * The models that are there, the one to take when nobody says first.
     *
     * @throws dev.parley.domain.error.LlmException when nobody can tell
     */
    List<Model> models();

    /** The model called {@code name}; a name without a tag means its {@code :latest}. */
    default Optional<Model> find(String name) {
        String tagged = name.contains(":") ? name : name + ":latest";
        for (Model model : models()) {
            if (model.name().equals(name) || model.name().equals(tagged)) {
                return Optional.of(model);
            }
        }
        return Optional.empty();
    }
}
