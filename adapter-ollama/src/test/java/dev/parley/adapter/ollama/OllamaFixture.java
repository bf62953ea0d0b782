package dev.parley.adapter.ollama;

import dev.parley.domain.llm.LlmStreamer;
import dev.parley.testkit.llm.ModelFixture;
import dev.parley.testkit.llm.ModelStep;
import dev.parley.testkit.llm.ScriptedOllama;
import java.time.Duration;
import java.time.InstantSource;

/** The adapter over a scripted server. */
final class OllamaFixture implements ModelFixture {

    private static final Duration GATHER = Duration.ofMillis(40);

    private final ScriptedOllama server;
    private final OllamaAdapter adapter;

    private OllamaFixture(ScriptedOllama server) {
        this.server = server;
        this.adapter = OllamaAdapter.open(
                OllamaSettings.of(server.address().toString()).gathering(GATHER), InstantSource.system());
    }

    static OllamaFixture inPiecesOf(int bytes) {
        return new OllamaFixture(ScriptedOllama.start().inPiecesOf(bytes));
    }

    @Override
    public LlmStreamer streamer() {
        return adapter;
    }

    @Override
    public String model() {
        return "tiny";
    }

    @Override
    public void script(ModelStep... steps) {
        server.script(steps);
    }

    @Override
    public boolean awaitAsked() throws InterruptedException {
        return server.awaitAsked();
    }

    @Override
    public boolean awaitGone() throws InterruptedException {
        return server.awaitGone();
    }

    @Override
    public void close() {
        adapter.close();
        server.close();
    }
}
