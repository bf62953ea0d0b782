package dev.parley.adapter.embedded.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeisureTest {
    private static final long START = -50_000_000;

    private final Leisure<String> leisure = new Leisure<>();

    private List<String> taken(long now, String... others) {
        List<String> batch = new ArrayList<>(List.of(others));
        leisure.take(batch, now);
        return batch;
    }

    @Test
    void where_nobody_else_writes_it_is_done_at_once() {
        leisure.add("checkpoint", START);
        assertThat(leisure.due(START)).isZero();
        assertThat(taken(START)).containsExactly("checkpoint");
        assertThat(leisure.due(START)).isEqualTo(Leisure.NEVER);
    }

    @Test
    void where_others_wrote_just_now_it_waits_until_they_have_not_for_a_moment() {
        leisure.others(START);
        leisure.add("checkpoint", START);
        assertThat(leisure.due(START)).isEqualTo(Leisure.QUIET);
        assertThat(taken(START + Leisure.QUIET - 1)).isEmpty();
        assertThat(taken(START + Leisure.QUIET)).containsExactly("checkpoint");
    }

    @Test
    void where_others_write_all_the_time_it_is_done_after_a_while_as_soon_as_nobody_waits() {
        leisure.add("checkpoint", START);
        long later = START + Leisure.LONG;
        leisure.others(later);
        assertThat(taken(later, "question")).containsExactly("question");
        assertThat(taken(later)).containsExactly("checkpoint");
    }

    @Test
    void where_somebody_always_waits_it_goes_with_others_in_the_end() {
        leisure.add("checkpoint", START);
        leisure.add("newer", START + 1);
        long later = START + Leisure.TOO_LONG;
        leisure.others(later);
        assertThat(taken(later - 1, "question")).containsExactly("question");
        assertThat(taken(later, "question")).containsExactly("question", "checkpoint");
        assertThat(taken(later + 1, "question")).containsExactly("question", "newer");
    }

    @Test
    void what_may_wait_is_done_in_pieces_and_in_the_order_it_came() {
        for (int i = 0; i < Leisure.SOME + 1; i++) {
            leisure.add("checkpoint " + i, START);
        }
        assertThat(taken(START)).hasSize(Leisure.SOME).startsWith("checkpoint 0", "checkpoint 1");
        assertThat(taken(START)).containsExactly("checkpoint " + Leisure.SOME);
    }

    @Test
    void in_the_end_all_of_it_is_done() {
        leisure.others(START);
        leisure.add("one", START);
        leisure.add("two", START);
        List<String> all = new ArrayList<>();
        leisure.takeAll(all);
        assertThat(all).containsExactly("one", "two");
        assertThat(leisure.due(START)).isEqualTo(Leisure.NEVER);
    }
}
