package dev.parley.testkit.llm;

import dev.parley.domain.llm.LlmStreamer;

/** How a contract gets at a streamer and at the model behind it: one fixture for one test. Safe for use by many threads. */
public interface ModelFixture extends AutoCloseable {

    /** The streamer; the same at every call. */
    LlmStreamer streamer();

    /** The name of a model that is there. */
    String model();

    /** The next request that finds no older script meets a model that does {@code steps}. */
    void script(ModelStep... steps);

    /** Whether a request comes to the model's side within 20 seconds; each is told once. */
    boolean awaitAsked() throws InterruptedException;

    /** Whether the model's side notices within 20 seconds that whoever asked it has gone; each departure is told once. */
    boolean awaitGone() throws InterruptedException;

    @Override
    void close();
}
