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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers as the page's tests need it. A question with {@code long} gets many numbered words at a pace, {@code say:} what stands
 * behind it, {@code slowly:} that at a pace, {@code endless} words until it is stopped, {@code megabyte} a million characters on one
 * line, {@code emoji} ten thousand of them, {@code fail} some words and a failure, {@code jitter} a proper explanation; any other gets
 * a few words. Where what is to be said has a name in double brackets, it waits until somebody says {@code go on:} with that name.
 */
final class PageModel implements LlmStreamer, ModelCatalog {

    private static final Duration PACE = Duration.ofMillis(20);
    private static final int PIECE = 12;
    private static final int MEGABYTE = 1_000_000;
    private static final int EMOJI = 10_000;
    /** Minutes of them: whoever asks stops it. */
    private static final int ENDLESS = 20_000;

    private static final Pattern GATE = Pattern.compile("\\[\\[([\\w.-]+)]]");

    private final PacedModel paced = new PacedModel(PACE);
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    @Override
    public Completion stream(Prompt prompt, Consumer<? super Fragment> sink) throws InterruptedException {
        String question = prompt.turns().getLast().content();
        if (question.contains("go on:")) {
            gate(behind("go on:", question)).countDown();
            return say("It goes on.", Duration.ZERO, sink);
        }
        if (question.contains("say:")) {
            return sayInParts(behind("say:", question), Duration.ZERO, sink);
        }
        if (question.contains("slowly:")) {
            return sayInParts(behind("slowly:", question), PACE.multipliedBy(2), sink);
        }
        if (question.contains("endless")) {
            return sayWithoutEnd(sink);
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

    private static String behind(String word, String question) {
        return question.substring(question.indexOf(word) + word.length()).strip();
    }

    private CountDownLatch gate(String name) {
        return gates.computeIfAbsent(name, any -> new CountDownLatch(1));
    }

    private Completion sayInParts(String text, Duration pace, Consumer<? super Fragment> sink) throws InterruptedException {
        Matcher gate = GATE.matcher(text);
        int from = 0;
        while (gate.find()) {
            say(text.substring(from, gate.start()), pace, sink);
            gate(gate.group(1)).await();
            from = gate.end();
        }
        return say(text.substring(from), pace, sink);
    }

    private static Completion sayWithoutEnd(Consumer<? super Fragment> sink) throws InterruptedException {
        for (int word = 1; word <= ENDLESS; word++) {
            Thread.sleep(PACE);
            sink.accept(new Fragment.Text("word" + word + (word % 12 == 0 ? "\n\n" : " ")));
        }
        return new Completion(Completion.Reason.STOP, Optional.of(1), Optional.of(ENDLESS));
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
