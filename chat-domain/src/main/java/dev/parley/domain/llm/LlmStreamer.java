package dev.parley.domain.llm;

import dev.parley.domain.Port;
import java.time.Duration;
import java.util.function.Consumer;

/** A model that answers piece by piece. Safe for use by many threads. */
@Port
public interface LlmStreamer {

    /**
     * Asks and blocks until the answer has ended; returns once or throws once, never both, never neither.
     *
     * <p>A stream that ends without saying that it is complete is a failure. When the thread is interrupted, the exchange with
     * the model is closed first, so that the model really stops, and then {@link InterruptedException} is thrown.
     *
     * @param sink gets every fragment, in order, on the calling thread; what it throws closes the exchange and is thrown on
     * @throws dev.parley.domain.error.LlmException when the model cannot be asked, or fails midway
     */
    Completion stream(Prompt prompt, Consumer<? super Fragment> sink) throws InterruptedException;

    /**
     * For how long at most pieces of an answer by {@code model} gather before they are handed on together; the first never does. Who
     * writes them in windows need not let them gather again.
     */
    default Duration gathers(String model) {
        return Duration.ZERO;
    }
}
