package dev.parley.integration;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.domain.llm.Prompt;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Answers as the page's tests need it. A question with {@code long} gets many numbered words at a pace, {@code say:} what stands
 * behind it, {@code slowly:} that at a pace, {@code megabyte} a million characters on one line, {@code emoji} ten thousand of them,
 * {@code fail} some words and a failure, {@code wait} nothing for a while, {@code jitter} a proper explanation; any other gets a few words.
 */
final class PageModel implements LlmStreamer, ModelCatalog {

    private static final Duration PACE = Duration.ofMillis(20);
    private static final int PIECE = 12;
    private static final int MEGABYTE = 1_000_000;
    private static final int EMOJI = 10_000;

    private final PacedModel paced = new PacedModel(PACE);

    @Override
    public Completion stream(Prompt prompt, Consumer<? super Fragment> sink) throws InterruptedException {
        String question = prompt.turns().getLast().content();
        if (question.contains("say:")) {
            return say(question.substring(question.indexOf("say:") + 4).strip(), Duration.ZERO, sink);
        }
        if (question.contains("slowly:")) {
            return say(question.substring(question.indexOf("slowly:") + 7).strip(), PACE.multipliedBy(2), sink);
        }
        if (question.contains("jitter")) {
            return say(text(question.startsWith("Explique") ? "pt-BR" : "en"), PACE, sink);
        }
        if (question.contains("megabyte")) {
            return say("wordwithoutend".repeat(MEGABYTE / 14), Duration.ZERO, sink);
        }
        if (question.contains("emoji")) {
            return say("\uD83D\uDE00".repeat(EMOJI), Duration.ZERO, sink);
        }
        if (question.contains("fail")) {
            say("Some words, then", Duration.ZERO, sink);
            throw new LlmException(LlmException.Kind.STALLED, "Expected more");
        }
        if (question.contains("wait")) {
            Thread.sleep(Duration.ofSeconds(2));
        }
        return paced.stream(prompt, sink);
    }

    /** An answer as people get them: with code, a list and a table. */
    private static String text(String language) {
        try (InputStream in = PageModel.class.getResourceAsStream("/page/jitter." + language + ".md")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Completion say(String text, Duration pace, Consumer<? super Fragment> sink) throws InterruptedException {
        int piece = Math.max(PIECE, text.length() / 2_000);
        for (int at = 0; at < text.length(); at += piece) {
            if (!pace.isZero()) {
                Thread.sleep(pace);
            } else if (Thread.interrupted()) {
                throw new InterruptedException("Stopped");
            }
            sink.accept(new Fragment.Text(text.substring(at, Math.min(text.length(), at + piece))));
        }
        return new Completion(Completion.Reason.STOP, Optional.of(1), Optional.of(text.length()));
    }

    @Override
    public List<Model> models() {
        return List.of(
                new Model("paced", "paced", "", 0, Set.of("completion")),
                new Model("second-model", "paced", "", 0, Set.of("completion")));
    }
}
