package dev.parley.bootstrap.model;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.domain.llm.Prompt;
import java.util.List;
import java.util.function.Consumer;

/** What stands in for models where the settings say that there are none: every question fails. */
public final class AbsentModel implements LlmStreamer, ModelCatalog {

    /** The source of nothing. */
    public static ModelSource source() {
        AbsentModel absent = new AbsentModel();
        return new ModelSource(absent, absent, () -> ModelSource.Standing.ABSENT);
    }

    @Override
    public Completion stream(Prompt prompt, Consumer<? super Fragment> sink) {
        throw absent();
    }

    @Override
    public List<Model> models() {
        throw absent();
    }

    private static LlmException absent() {
        return new LlmException(
                LlmException.Kind.UNAVAILABLE, "Expected an address in OLLAMA_SERVER, found it set but empty");
    }
}
