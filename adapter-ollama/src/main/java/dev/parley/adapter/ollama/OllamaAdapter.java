package dev.parley.adapter.ollama;

import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.domain.llm.Prompt;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The models of one Ollama server, over its own {@code /api/chat} and {@code /api/tags}.
 *
 * <p>Nothing is retried, kept alive by force or admitted here: a failure says what it was, and whoever asks decides. Each stream
 * uses one connection for as long as it lasts; a stream that ends early closes it, which makes Ollama stop. Proxies of the
 * system and redirections are not followed. Whoever opens it closes it, which ends all streams.
 */
public final class OllamaAdapter implements LlmStreamer, ModelCatalog, AutoCloseable {

    private final Wires wires;
    private final ChatCall chat;
    private final Tags tags;
    private final Capabilities capabilities;

    private OllamaAdapter(Wires wires, ChatCall chat, Tags tags, Capabilities capabilities) {
        this.wires = wires;
        this.chat = chat;
        this.tags = tags;
        this.capabilities = capabilities;
    }

    /** Opens it without asking the server anything. */
    public static OllamaAdapter open(OllamaSettings settings, InstantSource clock) {
        Wires wires = Wires.open(settings);
        return new OllamaAdapter(
                wires,
                new ChatCall(wires, settings),
                new Tags(wires, settings, clock),
                new Capabilities(wires, settings));
    }

    @Override
    public Completion stream(Prompt prompt, Consumer<? super Fragment> sink) throws InterruptedException {
        return chat.stream(prompt, sink);
    }

    /** {@inheritDoc} Nothing gathers where bytes are encrypted. */
    @Override
    public Duration gathers(String model) {
        return wires.gathers();
    }

    /** {@inheritDoc} Those that only embed come last; otherwise in the server's order, the newest first. */
    @Override
    public List<Model> models() {
        return tags.models();
    }

    /** {@inheritDoc} With its capabilities, also from servers whose list of models does not say them. */
    @Override
    public Optional<Model> find(String name) {
        return ModelCatalog.super.find(name).map(capabilities::of);
    }

    /** Whether the server answers right now; asks it, waits at most a second, and never throws. */
    public boolean reachable() {
        return tags.reachable();
    }

    @Override
    public void close() {
        wires.close();
    }
}
