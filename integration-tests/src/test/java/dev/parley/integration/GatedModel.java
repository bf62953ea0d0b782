package dev.parley.integration;

import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.domain.llm.Prompt;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Says {@code first}, and {@code second} only when it is let: whoever waits for the first without letting it on sees what buffers. */
final class GatedModel implements LlmStreamer, ModelCatalog {

    private final Semaphore gate = new Semaphore(0);

    void letOn() {
        gate.release();
    }

    @Override
    public Completion stream(Prompt prompt, Consumer<? super Fragment> sink) throws InterruptedException {
        sink.accept(new Fragment.Text("first "));
        gate.acquire();
        sink.accept(new Fragment.Text("second"));
        return new Completion(Completion.Reason.STOP, Optional.of(1), Optional.of(2));
    }

    @Override
    public List<Model> models() {
        return List.of(new Model("gated", "gated", "", 0, Set.of("completion")));
    }
}
