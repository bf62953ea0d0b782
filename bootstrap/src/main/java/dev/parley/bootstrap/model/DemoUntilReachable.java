package dev.parley.bootstrap.model;

import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.domain.llm.Prompt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The real models where their server answers, the demo model while it does not; looks again whenever models are asked for, so
 * for every reply, and remembers nothing. A reply says by its model which of them wrote it.
 */
public final class DemoUntilReachable implements LlmStreamer, ModelCatalog {

    private static final System.Logger LOG = System.getLogger(DemoUntilReachable.class.getName());

    /** A streamer with its catalogue. */
    public record Models(LlmStreamer streamer, ModelCatalog catalog) {}

    private final Models real;
    private final BooleanSupplier reachable;
    private final String address;
    private final Models demo;
    private final AtomicReference<ModelSource.Standing> told = new AtomicReference<>(ModelSource.Standing.UP);

    private DemoUntilReachable(Models real, BooleanSupplier reachable, String address, Models demo) {
        this.real = real;
        this.reachable = reachable;
        this.address = address;
        this.demo = demo;
    }

    /** @param address where the real models are looked for, for the log */
    public static ModelSource source(Models real, BooleanSupplier reachable, String address, Models demo) {
        DemoUntilReachable both = new DemoUntilReachable(real, reachable, address, demo);
        return new ModelSource(both, both, both::standing);
    }

    private ModelSource.Standing standing() {
        ModelSource.Standing now = reachable.getAsBoolean() ? ModelSource.Standing.UP : ModelSource.Standing.DEMO;
        if (told.getAndSet(now) != now) {
            LOG.log(
                    System.Logger.Level.INFO,
                    now == ModelSource.Standing.DEMO
                            ? "Nothing answers at " + address + ": the built-in demo model answers instead"
                            : "Ollama answers at " + address + ": the demo model rests");
        }
        return now;
    }

    @Override
    public List<Model> models() {
        return standing() == ModelSource.Standing.UP ? real.catalog().models() : demo.catalog().models();
    }

    @Override
    public Optional<Model> find(String name) {
        return (standing() == ModelSource.Standing.UP ? real : demo).catalog().find(name);
    }

    /** Goes by the name that the catalogue gave: what was chosen while the server was away is answered by the demo model. */
    @Override
    public Completion stream(Prompt prompt, Consumer<? super Fragment> sink) throws InterruptedException {
        return of(prompt.model()).streamer().stream(prompt, sink);
    }

    @Override
    public Duration gathers(String model) {
        return of(model).streamer().gathers(model);
    }

    private Models of(String model) {
        return demo.catalog().find(model).isPresent() ? demo : real;
    }
}
