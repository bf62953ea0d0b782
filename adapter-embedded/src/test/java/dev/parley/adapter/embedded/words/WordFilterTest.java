package dev.parley.adapter.embedded.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.content.ContentFilter;
import dev.parley.domain.content.ContentFilter.Passage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordFilterTest {

    private static final ContentFilter BOTH = both();

    private static ContentFilter both() {
        List<String> entries = new ArrayList<>(WordList.EN.entries());
        entries.addAll(WordList.PT.entries());
        return WordFilter.of(entries);
    }

    @Nested
    class Found {

        @ParameterizedTest
        @CsvSource({
            "shit, ****",
            "SHIT, ****",
            "ShIt!, ****!",
            "shiiiiiit, *********",
            "SHHHIIITTTT, ***********",
            "sh1t, ****",
            "s$hit, *****",
            "5h1t, ****",
            "sh!t, ****",
            "shít, ****",
            "ｓｈｉｔ, ****",
            "a$$hole, *******",
            "4sshole, *******",
            "shit's, ****'s",
            "_shit_, _****_",
            "**shit**, ********",
            "(shit), (****)",
            "oh-shit-no, oh-****-no",
            "mother-fucker, mother-******",
            "caralho, *******",
            "CARALHOOOO, **********",
            "c4r4lh0, *******",
            "merda., *****.",
            "m3rd@, *****",
            "foda-se, ****-se",
            "fodão, *****",
            "fodao, *****",
            "cuzão, *****",
            "vai tomar no cu, vai ***** ** **",
            "VAI TOMAR   NO CÚ, VAI *****   ** **",
            "cagado, ******",
            "filho da puta, filho da ****"
        })
        void a_word_is_masked_however_it_is_written(String text, String masked) {
            assertThat(BOTH.masked(text)).isEqualTo(masked);
        }

        @Test
        void what_nobody_sees_does_not_part_a_word_and_accents_that_stand_by_themselves_neither() {
            assertThat(BOTH.masked("s\u00ADh\u200Bi\u200Dt")).isEqualTo("*******");
            assertThat(BOTH.masked("shi\u0301t")).isEqualTo("*****");
            assertThat(BOTH.masked("x shit\u0301 y")).doesNotContain("shit");
        }

        @Test
        void a_masked_text_is_as_long_as_it_was() {
            for (String text : List.of("Oh shit, 𝐬𝐡𝐢𝐭 and 😀 fuuuck", "ab\uD83D", "shi\u0301t", "ﬁ shit ﬁ")) {
                assertThat(BOTH.masked(text)).hasSameSizeAs(text);
            }
        }
    }

    /** Places, names and things that have something in them, or look like something. */
    @Nested
    class Ordinary {

        @ParameterizedTest
        @ValueSource(strings = {
            "Scunthorpe and Penistone, Clitheroe, Lightwater, Cockermouth and Twatt",
            "An assassin assesses a classic class; the bass passes the grass of the embassy",
            "The cockpit, a cocktail, a peacock, Hancock, Dickens and Dick Van Dyke",
            "Matsushita makes shiitake; Shiites and a Shih Tzu in Shittim wood; I shut the sheet on a ship",
            "Sussex, Essex, Middlesex; the therapist's analysis of canals; a swanky Wankel engine",
            "Niger and Nigeria, niggardly snigger, vinegar, renegade",
            "A document of cumulative cucumbers, summa cum laude in Cumbria",
            "pussycat, blackbird, great tits and blue tits, titanic",
            "Take the A55 and the A5 at 5:45, room 455, part 4554, $$$ 100%, 7175 and #f00 a55 f4c4",
            "The country of Cunningham counts countless accounts; Kuntz, Kant, Phuket, Fukushima",
            "annus horribilis, fagotto, fagot, faggoting? Bitche in Lorraine, bitumen",
            "Public hearing: flammable fire retardants, bollards, whoever whorls",
            "fcuk.example/shitake?x=1&y=2 0xB17C4 put+a+value",
            "foreach ($hits as $hit) { $c = !$hit; } @ssh @sses s|ut |sh|t|"
        })
        void english_words_stay(String text) {
            assertThat(BOTH.masked(text)).isEqualTo(text);
        }

        @ParameterizedTest
        @ValueSource(strings = {
            "O deputado disputa a reputação do computador, imputa e amputa",
            "O cágado e a cágada; os CÁGADOS do parque",
            "A culpa é da cultura; cuscuz, Cubatão, cume, cuidado, Cu é cobre: Cu²⁺",
            "Uma putativa deputada, Putin e a senhora Putta",
            "O pau-brasil, a pica do medidor, a bicha do pão, um pinto, a rola que voa, o veado e o corno",
            "Porrete, porre, torra, borracha; Boston e a bossa; Fodé Ballo",
            "Sessão, assunto, assar, passo, massa, assento",
            "Merendeira, mercado, emerge; o carvalho e o Carvalho; bacalhau com cacete",
            "Focada, fogo, fadas; a buzina, boceja, bucha; xodó, xará",
            "cagarra, Cagliari e o caga-lume? pirócito, piroga, punhado",
            "O peru assado de 4 kg custa R$ 40,00 em 2024; ônibus 5117",
            "Tomar no copo; toma no cuscuz; tomar no Cubatão"
        })
        void portuguese_words_stay(String text) {
            assertThat(BOTH.masked(text)).isEqualTo(text);
        }

        @ParameterizedTest
        @ValueSource(strings = {"xshit", "shitx", "éshit", "shité", "shit9", "9shit", "кshit", "classhit"})
        void what_is_only_a_part_of_a_word_stays(String text) {
            assertThat(BOTH.masked(text)).isEqualTo(text);
        }

        @Test
        void figures_alone_are_figures() {
            ContentFilter filter = WordFilter.of(List.of("ass", "boo", "18"));
            assertThat(filter.masked("455 a55 4s5 800 b00 8oo 18")).isEqualTo("455 a55 4s5 800 b00 *** **");
            assertThat(filter.masked("a$s as5 A$$")).isEqualTo("*** *** ***");
        }
    }

    @Nested
    class Lists {

        @ParameterizedTest
        @EnumSource(WordList.class)
        void every_word_of_a_list_is_found_and_every_exemption_is_none(WordList list) {
            ContentFilter filter = WordFilter.of(list.entries());
            assertThat(list.entries()).hasSizeGreaterThan(40).doesNotHaveDuplicates().allSatisfy(entry -> {
                assertThat(WordFilter.fault(entry)).isEmpty();
                if (entry.startsWith("-")) {
                    assertThat(filter.masked(entry)).isEqualTo(entry);
                } else {
                    assertThat(filter.masked("Oh " + entry + "?")).matches("Oh [* ]+\\?");
                }
            });
        }

        @Test
        void a_word_can_be_added_and_taken_out_and_accents_tell_what_is_exempt() {
            List<String> entries = new ArrayList<>(WordList.PT.entries());
            entries.addAll(List.of("Batata", "Ção-Pão", "-merda", "-bostá"));
            ContentFilter filter = WordFilter.of(entries);
            assertThat(filter.masked("batata BATATAS batatá")).isEqualTo("****** BATATAS ******");
            assertThat(filter.masked("cao pao, çãopão, ção pão")).isEqualTo("*** ***, çãopão, *** ***");
            assertThat(filter.masked("merda merdas bosta bostá BOSTÁ")).isEqualTo("merda ****** ***** bostá BOSTÁ");
            assertThat(filter.masked("bosta\u0301 e bosta")).isEqualTo("bosta\u0301 e *****");
        }

        @Test
        void words_of_scripts_without_blanks_are_found_where_they_stand() {
            assertThat(WordFilter.of(List.of("馬鹿")).masked("お前は馬鹿だ。")).isEqualTo("お前は**だ。");
            assertThat(WordFilter.of(List.of("дурак")).masked("Ты ДУРАК, дураки")).isEqualTo("Ты *****, дураки");
        }

        @Test
        void what_is_no_word_is_refused() {
            for (String entry : List.of("", " ", "-", "!?", "x".repeat(65))) {
                assertThat(WordFilter.fault(entry)).isNotEmpty();
                assertThatThrownBy(() -> WordFilter.of(List.of(entry))).isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(WordFilter.of(List.of()).masked("shit")).isEqualTo("shit");
        }
    }

    @Nested
    class Passing {

        @Test
        void only_what_may_still_become_a_word_is_held_back() {
            Passage passage = BOTH.begin();
            assertThat(passage.add("Hello")).isEqualTo("Hello");
            assertThat(passage.add(" s")).isEqualTo(" ");
            assertThat(passage.add("h")).isEmpty();
            assertThat(passage.add("o")).isEqualTo("sho");
            assertThat(passage.add("p sh")).isEqualTo("p ");
            assertThat(passage.add("i")).isEmpty();
            assertThat(passage.add("t")).isEmpty();
            assertThat(passage.add("!")).isEqualTo("****!");
            assertThat(passage.add(" bull")).isEqualTo(" ");
            assertThat(passage.end()).isEqualTo("bull");
        }

        @Test
        void a_hostile_text_is_neither_held_back_for_ever_nor_read_for_ever() {
            for (String endless : List.of("s", "$", "!", "1", "fu", "a\u0301", "\u200B", "tomar ", "|")) {
                passes(endless, endless.repeat(100_000 / endless.length()));
            }
            for (String begun : List.of("sh", "shit", "tomar ")) {
                passes(begun, begun + "\u200B".repeat(100_000));
            }
            assertThat(BOTH.masked("shit" + "\u200B".repeat(1_000))).startsWith("****");
        }

        private void passes(String name, String text) {
            Passage passage = BOTH.begin();
            StringBuilder out = new StringBuilder();
            for (int at = 0; at < text.length(); at += 1000) {
                out.append(passage.add(text.substring(at, Math.min(text.length(), at + 1000))));
            }
            assertThat(text.length() - out.length()).as(name).isLessThan(600);
            assertThat(out.append(passage.end()).length()).isEqualTo(text.length());
        }
    }
}
