package dev.parley.testkit.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.content.ContentFilter;
import dev.parley.domain.content.ContentFilter.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What every {@link ContentFilter} keeps to. */
public abstract class ContentFilterContract {

    private static final List<String> ORDINARY = List.of(
            "",
            " ",
            "Good morning. How are you?\n\n- fine\n- thank you 😀\n",
            "Bom dia! A reunião é amanhã às dez, não é?",
            "<b>2 < 3</b> & \"quotes\" ```code();``` https://example.org/a?b=c#d",
            "おはようございます。今日はいい天気ですね。",
            "e\u0301\u0301\u200B\u0301 \uD83D\uDC69\u200D\uD83D\uDE80");

    /** Makes what is to be proved. */
    protected abstract ContentFilter filter();

    /** A word that offends, or several parted by blanks. */
    protected abstract String offensive();

    @Test
    void what_offends_nobody_passes_as_it_is() {
        for (String text : ORDINARY) {
            assertThat(filter().masked(text)).isEqualTo(text);
        }
    }

    @Test
    void what_offends_is_masked_and_nothing_around_it() {
        String masked = filter().masked("Well, " + offensive() + "! Said she — 😀.");
        assertThat(masked).startsWith("Well, ").endsWith("! Said she — 😀.").doesNotContain(offensive());
        assertThat(filter().masked(offensive())).isNotEqualTo(offensive());
    }

    @Test
    void what_was_masked_offends_no_more() {
        String masked = filter().masked(offensive() + " and " + offensive() + ", " + offensive());
        assertThat(filter().masked(masked)).isEqualTo(masked);
    }

    @Test
    void the_same_text_is_masked_the_same_way_every_time() {
        assertThat(filter().masked("Oh " + offensive())).isEqualTo(filter().masked("Oh " + offensive()));
    }

    @Test
    void however_a_text_is_cut_the_same_comes_out() {
        String text =
                "Oh " + offensive() + ", 😀 e\u0301 really " + offensive() + "\n" + String.join("|", ORDINARY) + offensive();
        String whole = filter().masked(text);
        for (int size = 1; size <= 9; size++) {
            List<String> pieces = new ArrayList<>();
            for (int at = 0; at < text.length(); at += size) {
                pieces.add(text.substring(at, Math.min(text.length(), at + size)));
            }
            assertThat(passed(pieces)).as("pieces of " + size).isEqualTo(whole);
        }
        Random chance = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<String> pieces = new ArrayList<>();
            int at = 0;
            while (at < text.length()) {
                int to = Math.min(text.length(), at + chance.nextInt(12));
                pieces.add(text.substring(at, to));
                at = to;
            }
            assertThat(passed(pieces)).as("round " + round).isEqualTo(whole);
        }
    }

    @Test
    void nothing_that_offends_comes_out_before_it_can_be_masked() {
        Passage passage = filter().begin();
        StringBuilder out = new StringBuilder();
        offensive().chars().forEach(c -> out.append(passage.add(Character.toString(c))));
        out.append(passage.add(" and so on"));
        assertThat(filter().masked(offensive() + " and so on")).startsWith(out.toString());
    }

    @Test
    void what_cannot_offend_any_more_is_not_held_back() {
        Passage passage = filter().begin();
        assertThat(passage.add("A quiet evening by the sea.\n")).isEqualTo("A quiet evening by the sea.\n");
        assertThat(passage.add("Uma noite calma à beira-mar.\n")).isEqualTo("Uma noite calma à beira-mar.\n");
        assertThat(passage.end()).isEmpty();
    }

    @Test
    void an_end_comes_whenever_it_comes() {
        assertThat(filter().begin().end()).isEmpty();
        for (int length = 0; length <= offensive().length(); length++) {
            String part = offensive().substring(0, length);
            assertThat(passed(List.of(part))).isEqualTo(filter().masked(part));
        }
    }

    @Test
    void no_pair_of_surrogates_is_parted() {
        Passage passage = filter().begin();
        StringBuilder out = new StringBuilder();
        for (String half : List.of("a\uD83D", "\uDE00b\uD83D", "\uDE80")) {
            String piece = passage.add(half);
            assertThat(piece.isEmpty() || !Character.isHighSurrogate(piece.charAt(piece.length() - 1))).isTrue();
            out.append(piece);
        }
        assertThat(out.append(passage.end())).hasToString("a😀b🚀");
    }

    @Test
    void many_use_it_at_once() {
        ContentFilter shared = filter();
        String text = ("Oh " + offensive() + ", really. ").repeat(20);
        String whole = shared.masked(text);
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            all.add(CompletableFuture.supplyAsync(() -> shared.masked(text)));
        }
        assertThat(all).allSatisfy(each -> assertThat(each.join()).isEqualTo(whole));
    }

    private String passed(List<String> pieces) {
        Passage passage = filter().begin();
        StringBuilder out = new StringBuilder();
        pieces.forEach(piece -> out.append(passage.add(piece)));
        return out.append(passage.end()).toString();
    }
}
