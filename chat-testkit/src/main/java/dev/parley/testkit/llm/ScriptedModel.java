package dev.parley.testkit.llm;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.domain.llm.Prompt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A model that does what a test says, and remembers what was done to it.
 *
 * <p>Each request follows the oldest unused {@link #script}, else what {@link #scriptAll} says, else what the test tells the
 * {@link ScriptedExchange} that it gets from {@link #next()}. Safe for use by many threads.
 */
public final class ScriptedModel implements LlmStreamer, ModelCatalog {

    private final Queue<List<ModelStep>> scripts = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<ScriptedExchange> exchanges = new LinkedBlockingQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Function<Prompt, List<ModelStep>> rule = prompt -> List.of();
    private volatile List<Model> installed;
    private volatile Duration gathers = Duration.ZERO;
    private volatile boolean away;

    private ScriptedModel(List<Model> installed) {
        this.installed = installed;
    }

    /** One that serves models of these names, the first being the one to take when nobody says. */
    public static ScriptedModel named(String... names) {
        return new ScriptedModel(modelsCalled(names));
    }

    /** From now on it counts as one whose pieces have gathered for so long. */
    public ScriptedModel gathering(Duration time) {
        gathers = time;
        return this;
    }

    @Override
    public Duration gathers(String model) {
        return gathers;
    }

    /** The next request that finds no older script follows {@code steps}. */
    public ScriptedModel script(ModelStep... steps) {
        scripts.add(List.of(steps));
        return this;
    }

    /** The next request that finds no older script is answered with {@code pieces} and ends. */
    public ScriptedModel answer(String... pieces) {
        scripts.add(saying(pieces));
        return this;
    }

    /** Every request without a script follows what {@code rule} says about its prompt; nothing leaves it to the test. */
    public ScriptedModel scriptAll(Function<Prompt, List<ModelStep>> rule) {
        this.rule = rule;
        return this;
    }

    /** Every request without a script is answered with {@code pieces} and ends. */
    public ScriptedModel answerAll(String... pieces) {
        List<ModelStep> steps = saying(pieces);
        return scriptAll(prompt -> steps);
    }

    /** Serves models of these names from now on. */
    public void install(String... names) {
        installed = modelsCalled(names);
    }

    /** Serves one model that sees pictures, from now on. */
    public void installSeeing(String name) {
        installed = List.of(new Model(name, "scripted", "", 0, Set.of("completion", "vision")));
    }

    /** From now on nobody answers, or answers again. */
    public void away(boolean isAway) {
        away = isAway;
    }

    /**
     * The oldest request that the test has not been given yet; waits for it.
     *
     * @throws AssertionError when none comes within {@link ScriptedExchange#PATIENCE}
     */
    public ScriptedExchange next() throws InterruptedException {
        ScriptedExchange next = exchanges.poll(ScriptedExchange.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
            throw new AssertionError("Expected a request to the model, found none");
        }
        return next;
    }

    /** How often it was asked. */
    public int requests() {
        return requests.get();
    }

    @Override
    public Completion stream(Prompt prompt, Consumer<? super Fragment> sink)
            throws InterruptedException {
        requests.incrementAndGet();
        if (find(prompt.model()).isEmpty()) {
            throw new LlmException(LlmException.Kind.NOT_FOUND, "Expected a scripted model, found " + prompt.model());
        }
        List<ModelStep> script = Optional.ofNullable(scripts.poll()).orElseGet(() -> rule.apply(prompt));
        ScriptedExchange exchange = new ScriptedExchange(prompt, script);
        exchanges.add(exchange);
        return exchange.run(sink);
    }

    @Override
    public List<Model> models() {
        if (away) {
            throw new LlmException(LlmException.Kind.UNAVAILABLE, "Expected a model that is there, found that it is away");
        }
        return installed;
    }

    private static List<ModelStep> saying(String... pieces) {
        List<ModelStep> steps = new ArrayList<>();
        for (String piece : pieces) {
            steps.add(ModelStep.say(piece));
        }
        steps.add(ModelStep.end());
        return List.copyOf(steps);
    }

    private static List<Model> modelsCalled(String... names) {
        List<Model> models = new ArrayList<>();
        for (String name : names) {
            models.add(new Model(name, "scripted", "", 0, Set.of("completion")));
        }
        return List.copyOf(models);
    }
}
