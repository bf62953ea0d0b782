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
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts as far and as fast as it is asked to: "Count to 1000 every 2 ms". The model of the clients' scenarios. */
final class CountingModel implements LlmStreamer, ModelCatalog {

    private static final Pattern WISH = Pattern.compile("count to (\\d+)(?: every (\\d+) ms)?", Pattern.CASE_INSENSITIVE);

    @Override
    public Completion stream(Prompt prompt, Consumer<? super Fragment> sink) throws InterruptedException {
        Matcher wish = WISH.matcher(prompt.turns().getLast().content());
        boolean counts = wish.find();
        int words = counts ? Integer.parseInt(wish.group(1)) : 5;
        Duration pace = Duration.ofMillis(counts && wish.group(2) != null ? Long.parseLong(wish.group(2)) : 2);
        for (int word = 1; word <= words; word++) {
            Thread.sleep(pace);
            // An emoji is two UTF-16 code units: offsets that count anything else come out wrong.
            sink.accept(new Fragment.Text("word" + word + (word % 10 == 0 ? " 🙂 " : " ")));
        }
        return new Completion(Completion.Reason.STOP, Optional.of(1), Optional.of(words));
    }

    @Override
    public List<Model> models() {
        return List.of(new Model("counting", "counting", "", 0, Set.of("completion")));
    }
}
