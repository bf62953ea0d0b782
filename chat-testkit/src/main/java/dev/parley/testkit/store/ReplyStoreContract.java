package dev.parley.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.reply.Reply;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link dev.parley.domain.store.ReplyStore} keeps to. */
public abstract class ReplyStoreContract extends DurableContract {
    private static final NodeId OTHER_NODE = new NodeId("node-2'");

    @BeforeEach
    final void openTheRoom() {
        open(ROOM, BEN);
    }

    private Message start() {
        return startReply(say(ROOM, "question"), List.of());
    }

    private Reply record(MessageId id) {
        return stores().replies().find(id).orElseThrow();
    }

    @Nested
    class Life {
        @Test
        void a_record_is_there_from_the_start_of_its_reply_to_the_end() {
            Message placeholder = start();
            assertThat(record(placeholder.id())).isEqualTo(DurableContract.record(placeholder));
            assertThat(stores().replies().unfinished()).containsExactly(record(placeholder.id()));
            endReply(placeholder.id(), "done", ReplyStatus.COMPLETED);
            assertThat(stores().replies().find(placeholder.id())).isEmpty();
            assertThat(stores().replies().unfinished()).isEmpty();
            assertThat(stores().replies().claim(placeholder.id(), OTHER_NODE)).isEmpty();
            assertThat(stores().replies().checkpoint(placeholder.id(), 1, 0, "x")).isFalse();
            assertThat(stores().replies().requestStop(placeholder.id(), BEN)).isFalse();
            assertThat(now(placeholder.id()).content()).isEqualTo("done");
        }

        @Test
        void what_was_never_there_is_as_what_has_ended() {
            MessageId nobody = new MessageId("nobody");
            assertThat(stores().replies().find(nobody)).isEmpty();
            assertThat(stores().replies().claim(nobody, OTHER_NODE)).isEmpty();
            assertThat(stores().replies().checkpoint(nobody, 1, 0, "x")).isFalse();
            assertThat(stores().replies().requestStop(nobody, BEN)).isFalse();
        }

        @Test
        void the_unfinished_are_named_oldest_first_across_sessions() {
            open(OTHER);
            Message first = start();
            Message second = startReply(say(OTHER, "question"), List.of());
            Message third = start();
            assertThat(stores().replies().unfinished()).extracting(Reply::id)
                    .containsExactly(first.id(), second.id(), third.id());
            endReply(second.id(), "", ReplyStatus.FAILED);
            reopen();
            assertThat(stores().replies().unfinished()).extracting(Reply::id).containsExactly(first.id(), third.id());
            assertThat(stores().replies().unfinishedWithoutTexts())
                    .extracting(Reply::id)
                    .containsExactly(first.id(), third.id());
        }
    }

    @Nested
    class Claims {
        @Test
        void each_claim_has_a_higher_fence_and_ends_the_writing_of_those_before() {
            MessageId id = start().id();
            assertThat(stores().replies().checkpoint(id, 1, 0, "one")).isTrue();
            Reply claimed = stores().replies().claim(id, OTHER_NODE).orElseThrow();
            assertThat(claimed.fence()).isGreaterThan(1);
            assertThat(claimed.owner()).isEqualTo(OTHER_NODE);
            assertThat(claimed.checkpoint()).isEqualTo("one");
            assertThat(record(id)).isEqualTo(claimed);
            assertThat(stores().replies().checkpoint(id, 1, 3, "two")).isFalse();
            assertThat(record(id).checkpoint()).isEqualTo("one");
            assertThat(stores().replies().checkpoint(id, claimed.fence() + 1, 3, "two")).isFalse();
            assertThat(stores().replies().checkpoint(id, claimed.fence(), 3, "two")).isTrue();
            assertThat(stores().replies().claim(id, NODE).orElseThrow().fence()).isGreaterThan(claimed.fence());
            reopen();
            assertThat(record(id).checkpoint()).isEqualTo("onetwo");
            assertThat(record(id).fence()).isGreaterThan(claimed.fence());
        }

        @Test
        void claims_at_once_get_a_fence_each() throws Exception {
            MessageId id = start().id();
            Set<Long> fences = new HashSet<>(SessionConcurrencyContract.together(32, claimer -> stores().replies()
                    .claim(id, new NodeId("node-" + claimer))
                    .orElseThrow()
                    .fence()));
            assertThat(fences).hasSize(32);
            assertThat(fences).allMatch(fence -> fence <= record(id).fence());
        }
    }

    @Nested
    class Checkpoints {
        @Test
        void a_checkpoint_replaces_what_lies_behind_its_offset() {
            MessageId id = start().id();
            assertThat(stores().replies().checkpoint(id, 1, 0, "Hello")).isTrue();
            assertThat(stores().replies().checkpoint(id, 1, 5, " world")).isTrue();
            assertThat(record(id).checkpoint()).isEqualTo("Hello world");
            assertThat(stores().replies().checkpoint(id, 1, 3, "p!")).isTrue();
            assertThat(record(id).checkpoint()).isEqualTo("Help!");
            assertThat(stores().replies().checkpoint(id, 1, 5, "")).isTrue();
            assertThat(stores().replies().checkpoint(id, 1, 0, "anew")).isTrue();
            reopen();
            assertThat(record(id).checkpoint()).isEqualTo("anew");
            assertThat(stores().replies().checkpoint(id, 1, 4, ".")).isTrue();
            assertThat(stores().replies().unfinished().getFirst().checkpoint()).isEqualTo("anew.");
            assertThat(stores().replies().unfinishedWithoutTexts()).containsExactly(record(id).withoutText());
        }

        @Test
        void offsets_count_utf_16_code_units() {
            MessageId id = start().id();
            String text = "😀é\u0000名";
            assertThat(stores().replies().checkpoint(id, 1, 0, text)).isTrue();
            assertThat(stores().replies().checkpoint(id, 1, text.length(), "👍!")).isTrue();
            assertThat(stores().replies().checkpoint(id, 1, text.length() + 2, "?")).isTrue();
            assertThat(record(id).checkpoint()).isEqualTo(text + "👍?");
            assertThat(stores().replies().checkpoint(id, 1, 2, "x")).isTrue();
            reopen();
            assertThat(record(id).checkpoint()).isEqualTo("😀x");
        }

        @Test
        void an_offset_beyond_what_is_safe_is_refused() {
            MessageId id = start().id();
            stores().replies().checkpoint(id, 1, 0, "abc");
            assertThatThrownBy(() -> stores().replies().checkpoint(id, 1, 4, "x"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(record(id).checkpoint()).isEqualTo("abc");
        }

        @Test
        void a_long_text_grows_in_many_pieces() {
            MessageId id = start().id();
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 300; i++) {
                String piece = "piece " + i + " 名; ";
                assertThat(stores().replies().checkpoint(id, 1, text.length(), piece)).isTrue();
                text.append(piece);
            }
            assertThat(record(id).checkpoint()).isEqualTo(text.toString());
        }
    }

    @Nested
    class Stopping {
        @Test
        void the_first_wish_to_stop_is_kept() {
            MessageId id = start().id();
            assertThat(stores().replies().requestStop(id, Sample.HOSTILE_USER)).isTrue();
            assertThat(stores().replies().requestStop(id, BEN)).isTrue();
            reopen();
            assertThat(record(id).stopRequestedBy()).isEqualTo(Optional.of(Sample.HOSTILE_USER));
            stores().sessions().write(ROOM, step -> {
                assertThat(step.reply(id)).contains(record(id));
                assertThat(step.unfinished()).containsExactly(record(id));
                return true;
            });
            assertThat(stores().replies().claim(id, OTHER_NODE).orElseThrow().stopRequestedBy())
                    .contains(Sample.HOSTILE_USER);
        }
    }
}
