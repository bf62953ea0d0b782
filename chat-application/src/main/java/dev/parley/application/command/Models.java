package dev.parley.application.command;

import dev.parley.domain.llm.Model;
import java.util.List;
import java.util.Optional;

/** What can be asked. {@code standard} the model that is asked when none is named */
public record Models(List<Model> models, Optional<String> standard) {

    public Models {
        models = List.copyOf(models);
    }
}
