package dev.parley.benchmarks.peer;

import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.Prompt;
import java.util.Optional;
import java.util.function.Consumer;

/** A model inside the process: what it costs is waiting for the next word. */
final class SteadyModel implements LlmStreamer {

    private final Metronome metronome = Metronome.start();

    @Override
    public Completion stream(Prompt prompt, Consumer<? super Fragment> sink) throws InterruptedException {
        Script script = Script.in(prompt.turns().getLast().content());
        Fragment word = new Fragment.Text(Script.WORD);
        long began = metronome.now();
        for (int i = 0; i < Math.max(1, script.words()); i++) {
            if (script.rate() > 0) {
                metronome.await(began + (i + 1) * 1000L / script.rate());
            }
            sink.accept(word);
        }
        return new Completion(Completion.Reason.STOP, Optional.of(1), Optional.of(script.words()));
    }
}
