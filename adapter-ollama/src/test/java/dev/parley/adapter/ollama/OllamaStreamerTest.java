package dev.parley.adapter.ollama;

import dev.parley.testkit.llm.LlmStreamerContract;
import dev.parley.testkit.llm.ModelFixture;

/** The contract over a server that sends its answers as they are. */
final class OllamaStreamerTest extends LlmStreamerContract {

    @Override
    protected ModelFixture fixture() {
        return OllamaFixture.inPiecesOf(Integer.MAX_VALUE);
    }
}
