package dev.parley.adapter.ollama;

import dev.parley.testkit.llm.LlmStreamerContract;
import dev.parley.testkit.llm.ModelFixture;

/** The contract over a server whose packets end anywhere, within characters too. */
final class OllamaSplitStreamerTest extends LlmStreamerContract {

    @Override
    protected ModelFixture fixture() {
        return OllamaFixture.inPiecesOf(57);
    }
}
