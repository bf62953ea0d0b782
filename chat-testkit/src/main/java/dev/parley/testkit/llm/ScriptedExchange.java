package dev.parley.testkit.llm;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.Prompt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One request to a {@link ScriptedModel}, in the hands of the test. Safe for use by many threads. */
public final class ScriptedExchange {

    /** How long a test waits for what must happen. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How an exchange ended. */
    public enum Ending {
        COMPLETED,
        /** The model failed or broke off. */
        FAILED,
        /** The asking thread was interrupted. */
        INTERRUPTED,
        /** Whoever took the fragments threw. */
        SINK_THREW
    }

    private record Turn(ModelStep step, CompletableFuture<Boolean> done) {}

    private final Prompt prompt;
    private final BlockingQueue<Turn> turns = new LinkedBlockingQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Optional<Ending> ending = Optional.empty();

    ScriptedExchange(Prompt prompt, List<ModelStep> script) {
        this.prompt = prompt;
        for (ModelStep step : script) {
            turns.add(new Turn(step, new CompletableFuture<>()));
        }
    }

    public Prompt prompt() {
        return prompt;
    }

    /** Yields pieces of the answer; returns when they have been taken. */
    public ScriptedExchange say(String... pieces) throws InterruptedException {
        for (String piece : pieces) {
            perform(ModelStep.say(piece));
        }
        return this;
    }

    /** Ends as if everything were said. */
    public void end() throws InterruptedException {
        perform(ModelStep.end());
    }

    /** Fails. */
    public void fail(LlmException.Kind kind) throws InterruptedException {
        perform(ModelStep.fail(kind));
    }

    /**
     * Does {@code step} after all earlier ones, and waits until it is done; {@link ModelStep.Stall} is nothing to wait for.
     *
     * @throws AssertionError when the exchange has ended otherwise, or the step is not done in time
     */
    public void perform(ModelStep step) throws InterruptedException {
        Turn turn = new Turn(step, new CompletableFuture<>());
        turns.add(turn);
        // Only what nobody has taken: the step may have been the one that ended it.
        if (ending.isPresent() && turns.remove(turn)) {
            turn.done.complete(false);
        }
        if (step instanceof ModelStep.Stall) {
            return;
        }
        try {
            if (!turn.done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("Expected an exchange that goes on, found one that ended: " + ending);
            }
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError("Expected the step to be done in time: " + step, e);
        }
    }

    /** How it ended; waits for the end. */
    public Ending awaitEnding() throws InterruptedException {
        if (!ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("Expected the exchange to end, found that it goes on");
        }
        return ending.orElseThrow();
    }

    /** How it ended, if it has. */
    public Optional<Ending> ending() {
        return ending;
    }

    Completion run(Consumer<? super Fragment> sink) throws InterruptedException {
        Ending how = Ending.FAILED;
        try {
            while (true) {
                Turn turn = turns.take();
                Optional<Completion> completion = play(turn, sink);
                if (completion.isPresent()) {
                    how = Ending.COMPLETED;
                    finish(how);
                    turn.done.complete(true);
                    return completion.get();
                }
                turn.done.complete(true);
            }
        } catch (InterruptedException e) {
            how = Ending.INTERRUPTED;
            throw e;
        } catch (SinkFailure e) {
            how = Ending.SINK_THREW;
            throw e.thrown;
        } finally {
            finish(how);
        }
    }

    private static Optional<Completion> play(Turn turn, Consumer<? super Fragment> sink) throws InterruptedException {
        switch (turn.step) {
            case ModelStep.Say say -> give(new Fragment.Text(say.text()), sink);
            case ModelStep.Think think -> give(new Fragment.Thinking(think.text()), sink);
            case ModelStep.Stall stall -> new CountDownLatch(1).await();
            case ModelStep.End end -> {
                return Optional.of(end.completion());
            }
            case ModelStep.Cut cut -> {
                turn.done.complete(true);
                throw new LlmException(LlmException.Kind.TRUNCATED, "Expected an end, found none");
            }
            case ModelStep.Fail fail -> {
                turn.done.complete(true);
                throw new LlmException(fail.kind(), "Scripted to fail");
            }
        }
        return Optional.empty();
    }

    private static void give(Fragment fragment, Consumer<? super Fragment> sink) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            sink.accept(fragment);
        } catch (RuntimeException e) {
            throw new SinkFailure(e);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void finish(Ending how) {
        if (ending.isEmpty()) {
            ending = Optional.of(how);
            ended.countDown();
        }
        for (Turn turn = turns.poll(); turn != null; turn = turns.poll()) {
            turn.done.complete(false);
        }
    }

    private static final class SinkFailure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        final RuntimeException thrown;

        SinkFailure(RuntimeException thrown) {
            super(thrown);
            this.thrown = thrown;
        }
    }
}
