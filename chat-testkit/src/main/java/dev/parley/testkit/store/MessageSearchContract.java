package dev.parley.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyStatus;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a search finds. */
abstract class MessageSearchContract extends DurableContract {

    @Nested
    class Search {
        private List<String> search(String query) {
            return contents(stores().messages().search(ROOM, query, PageRequest.first()).items());
        }

        @Test
        void all_words_must_occur_and_the_last_may_be_a_beginning() {
            say(ROOM, "The quick brown fox");
            say(ROOM, "quick thinking, brownish result");
            say(ROOM, "brown bread");
            assertThat(search("quick")).containsExactly("quick thinking, brownish result", "The quick brown fox");
            assertThat(search("quick brown")).containsExactly("quick thinking, brownish result", "The quick brown fox");
            assertThat(search("brown quick")).containsExactly("The quick brown fox");
            assertThat(search("fox the")).containsExactly("The quick brown fox");
            assertThat(search("qui")).hasSize(2);
            assertThat(search("qui brown")).isEmpty();
            assertThat(search("rown")).isEmpty();
            assertThat(search("q")).hasSize(2);
        }

        @Test
        void case_and_accents_do_not_count() {
            say(ROOM, "L'ÉTÉ à la plage, straße");
            say(ROOM, "ETE sans accent");
            assertThat(search("été")).hasSize(2);
            assertThat(search("EtE plage")).containsExactly("L'ÉTÉ à la plage, straße");
            assertThat(search("e\u0301te\u0301 STRASSE")).containsExactly("L'ÉTÉ à la plage, straße");
        }

        @Test
        void signs_and_operators_are_never_syntax() {
            say(ROOM, "say \"hello world\" AND don't (stop) NOT now: near*");
            for (String query : List.of(
                    "\"hello", "hello\"", "hello AND", "(stop", "stop)", "NOT now", "now:", "near*", "don't", "hello -world",
                    "content:hello hello", "^say", "say + hello", "{hello}", "hello\\", "'hello'", "hello;--", "%hello%",
                    "hello\u0000", "* hello", "NEAR(hello now, 2) x")) {
                List<String> found = search(query);
                boolean allThere = !query.startsWith("content:") && !query.endsWith(" x");
                assertThat(found.size()).as(query).isEqualTo(allThere ? 1 : 0);
            }
            assertThat(search("hello OR absent")).isEmpty();
        }

        @Test
        void a_query_without_a_word_finds_nothing() {
            say(ROOM, "anything 😀 * \" ");
            for (String query : List.of("", " ", "\"", "\"\"", "*", "😀", "--", "()", "\u0000", "' ' '")) {
                assertThat(stores().messages().search(ROOM, query, PageRequest.first()))
                        .as(query)
                        .isEqualTo(new Page<Message>(List.of(), 0));
            }
        }

        @Test
        void words_in_any_script_are_found() {
            say(ROOM, "今天天气很好");
            say(ROOM, "Привет, мир 😀😀hello");
            say(ROOM, "नमस्ते दुनिया");
            assertThat(search("天气")).containsExactly("今天天气很好");
            assertThat(search("МИР")).hasSize(1);
            assertThat(search("приве")).hasSize(1);
            assertThat(search("😀hel")).hasSize(1);
            assertThat(search("दुनिया")).hasSize(1);
        }

        @Test
        void the_newest_come_first_in_parts_with_the_total() {
            for (int i = 0; i < 12; i++) {
                say(ROOM, "number " + i);
                say(ROOM, "noise");
            }
            Page<Message> part = stores().messages().search(ROOM, "number", new PageRequest(2, 3));
            assertThat(contents(part.items())).containsExactly("number 9", "number 8", "number 7");
            assertThat(part.total()).isEqualTo(12);
            assertThat(stores().messages().search(ROOM, "number", new PageRequest(12, 3)))
                    .isEqualTo(new Page<Message>(List.of(), 12));
        }

        @Test
        void other_sessions_are_not_searched() {
            open(OTHER);
            say(OTHER, "here");
            assertThat(search("here")).isEmpty();
            assertThat(stores().messages().search(OTHER, "here", PageRequest.first()).total()).isEqualTo(1);
        }

        @Test
        void edits_replies_and_deletions_count_at_once() {
            Message message = say(ROOM, "alpha");
            assertThat(search("alpha")).hasSize(1);
            edit(message.id(), "beta");
            assertThat(search("alpha")).isEmpty();
            assertThat(search("beta")).hasSize(1);
            Message reply = startReply(message, List.of());
            assertThat(search("gamma")).isEmpty();
            endReply(reply.id(), "gamma", ReplyStatus.COMPLETED);
            assertThat(search("gamma")).containsExactly("gamma");
            delete(message.id());
            assertThat(stores().messages().search(ROOM, "beta", PageRequest.first()).total()).isZero();
            reopen();
            assertThat(search("beta")).isEmpty();
            assertThat(search("gamma")).hasSize(1);
        }

        @Test
        void everything_written_before_is_found_however_much_it_is() {
            stores().sessions().write(ROOM, step -> {
                for (int i = 0; i < 3_000; i++) {
                    step.append(START, new Change.MessageAdded(message(ROOM, ANA, "common word" + i)));
                }
                return true;
            });
            assertThat(search("word2999")).hasSize(1);
            assertThat(stores().messages().search(ROOM, "common", PageRequest.first()).total()).isEqualTo(3_000);
            assertThat(stores().messages().search(ROOM, "word", PageRequest.first()).total()).isEqualTo(3_000);
            say(ROOM, "word3000");
            assertThat(search("word3000")).hasSize(1);
        }
    }
}
