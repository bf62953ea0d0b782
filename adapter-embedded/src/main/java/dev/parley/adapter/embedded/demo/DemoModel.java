package dev.parley.adapter.embedded.demo;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.Model;
import dev.parley.domain.llm.ModelCatalog;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A model called {@value #NAME} that understands nothing, says so, and tells how to get a real one. The same conversation always
 * gets the same answer, word by word.
 */
public final class DemoModel implements LlmStreamer, ModelCatalog {

    /** What it is called, in every reply too. */
    public static final String NAME = Model.DEMO;

    /** What a person can read along with. */
    public static final Duration PLEASANT = Duration.ofMillis(25);

    private static final List<Model> MODELS = List.of(new Model(NAME, NAME, "", 0, Set.of("completion")));
    private static final int LONGEST_QUOTE = 80;

    private static final String HOW_TO_GET_ONE =
            """
            To talk to a real model:

            1. Install Ollama from https://ollama.com/download
            2. Run `ollama pull llama3.2`
            3. Send your next message: it goes to that model, nothing needs to be restarted.""";

    private final Duration delay;

    private DemoModel(Duration delay) {
        this.delay = delay;
    }

    /** @param delay between two words, zero for none */
    public static DemoModel pausing(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("Expected a delay from zero, found " + delay);
        }
        return new DemoModel(delay);
    }

    @Override
    public List<Model> models() {
        return MODELS;
    }

    @Override
    public Completion stream(Prompt prompt, Consumer<? super Fragment> sink) throws InterruptedException {
        if (find(prompt.model()).isEmpty()) {
            throw new LlmException(LlmException.Kind.NOT_FOUND, "Expected the model " + NAME + ", found another");
        }
        List<String> words = words(answer(prompt));
        int most = Math.min(words.size(), prompt.options().maxTokens().orElse(Integer.MAX_VALUE));
        for (int i = 0; i < most; i++) {
            if (i > 0 && !delay.isZero()) {
                Thread.sleep(delay);
            } else if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            sink.accept(new Fragment.Text(words.get(i)));
        }
        Completion.Reason reason = most < words.size() ? Completion.Reason.LENGTH : Completion.Reason.STOP;
        return new Completion(reason, Optional.of(promptWords(prompt)), Optional.of(most));
    }

    private static String answer(Prompt prompt) {
        String question = prompt.turns().getLast().content().strip();
        long asked = prompt.turns().stream().filter(turn -> turn.role() == Role.USER).count();
        if (question.toLowerCase(Locale.ROOT).contains("code")) {
            return code();
        }
        return asked > 1 ? again(question) : welcome(question);
    }

    private static String welcome(String question) {
        return """
                Hello! You wrote %s.

                I am the built-in **demo** model. I understand nothing, but everything around me is real: this answer \
                streams word by word, you can *stop* it, reload the page in the middle of it, or open the same \
                conversation in a second window and watch it there.

                %s

                Until then, ask me for `code` to see how that looks."""
                .formatted(quoted(question), HOW_TO_GET_ONE);
    }

    private static String again(String question) {
        return """
                You wrote %s, and I have kept it: reload, and it is still there.

                I am still the **demo** model, so this is all I have to say about it.

                %s"""
                .formatted(quoted(question), HOW_TO_GET_ONE);
    }

    private static String code() {
        return """
                With pleasure. I am only the **demo** model, so it is always the same:

                ```java
                try (var parley = Parley.builder().build()) {
                    System.out.println("Hello from " + parley);
                }
                ```

                | what | is it real? |
                |---|---|
                | the stream | yes |
                | the thinking | no |

                %s"""
                .formatted(HOW_TO_GET_ONE);
    }

    /** The beginning of what was asked, on one line and without anything that Markdown would take for its own. */
    private static String quoted(String question) {
        String plain = question.replaceAll("[^\\p{L}\\p{N},.;:!?'-]+", " ").strip();
        if (plain.isEmpty()) {
            return "something without words";
        }
        int end = Math.min(plain.length(), LONGEST_QUOTE);
        return "“" + cut(plain, end)
                + (end < plain.length() ? "…" : "") + "”";
    }

    private static String cut(String text, int end) {
        boolean splits = end < text.length() && Character.isLowSurrogate(text.charAt(end));
        return text.substring(0, splits ? end - 1 : end);
    }

    /** Words with the space after them. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= text.length(); i++) {
            boolean begins = i == text.length()
                    || (Character.isWhitespace(text.charAt(i - 1)) && !Character.isWhitespace(text.charAt(i)));
            if (begins) {
                words.add(text.substring(from, i));
                from = i;
            }
        }
        return words;
    }

    private static int promptWords(Prompt prompt) {
        int words = 0;
        for (Prompt.Turn turn : prompt.turns()) {
            words += turn.content().isBlank() ? 0 : turn.content().strip().split("\\s+", -1).length;
        }
        return words;
    }
}
