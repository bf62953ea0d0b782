package dev.parley.integration;

import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.domain.llm.Prompt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Writes numbered words at a pace: many of them for a question that contains {@code long}, words until it is stopped for one that
 * contains {@code endless}, a few for any other. One that contains {@code held} is answered as far as {@link #HELD_AT}, and the rest
 * follows once another contains {@code go on}.
 */
final class PacedModel implements LlmStreamer, ModelCatalog {

    static final int LONG = 150;
    static final int HELD_AT = 50;
    /** Minutes of them. */
    private static final int ENDLESS = 15_000;

    private final Duration pace;
    private final AtomicInteger interrupted = new AtomicInteger();
    private final Semaphore told = new Semaphore(0);

    PacedModel() {
        this(Duration.ofMillis(20));
    }

    /** @param pace what it takes for a word */
    PacedModel(Duration pace) {
        this.pace = pace;
    }

    /** What is written for {@code question}. */
    static String answerTo(String question) {
        StringBuilder text = new StringBuilder();
        for (int word = 1; word <= words(question); word++) {
            text.append(word(word));
        }
        return text.toString();
    }

    /** How many answers were broken off by whoever asked. */
    int interrupted() {
        return interrupted.get();
    }

    @Override
    public Completion stream(Prompt prompt, Consumer<? super Fragment> sink) throws InterruptedException {
        String question = prompt.turns().getLast().content();
        int words = words(question);
        if (question.contains("go on")) {
            told.release();
        }
        try {
            for (int word = 1; word <= words; word++) {
                if (word == HELD_AT && question.contains("held")) {
                    told.acquire();
                }
                Thread.sleep(pace);
                sink.accept(new Fragment.Text(word(word)));
            }
        } catch (InterruptedException stopped) {
            interrupted.incrementAndGet();
            throw stopped;
        }
        return new Completion(Completion.Reason.STOP, Optional.of(1), Optional.of(words));
    }

    @Override
    public List<Model> models() {
        return List.of(new Model("paced", "paced", "", 0, Set.of("completion")));
    }

    private static int words(String question) {
        if (question.contains("endless")) {
            return ENDLESS;
        }
        return question.contains("long") || question.contains("held") ? LONG : 5;
    }

    private static String word(int number) {
        // An emoji is two UTF-16 code units: offsets that count anything else come out wrong.
        return "word" + number + (number % 10 == 0 ? " 🙂 " : " ");
    }
}
