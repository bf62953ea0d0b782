package dev.parley.adapter.embedded.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.session.SessionId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SentNamesTest {

    private static final SessionId ROOM = new SessionId("room");
    private static final SessionId OTHER = new SessionId("other");

    private final SentNames names = new SentNames();

    @Test
    void a_name_that_was_not_given_is_surely_new_and_one_that_was_is_not() {
        names.begin(ROOM, List.of("before"));
        names.add(ROOM, "now");
        assertThat(names.surelyNew(ROOM, "before")).isFalse();
        assertThat(names.surelyNew(ROOM, "now")).isFalse();
        assertThat(names.surelyNew(ROOM, "later")).isTrue();
    }

    @Test
    void of_a_session_that_nobody_began_nothing_is_sure() {
        names.begin(ROOM, List.of());
        names.add(OTHER, "now");
        assertThat(names.surelyNew(OTHER, "later")).isFalse();
        names.forget(ROOM);
        assertThat(names.surelyNew(ROOM, "later")).isFalse();
    }

    @Test
    void none_of_many_names_is_ever_taken_for_new() {
        names.begin(ROOM, IntStream.range(0, 200).mapToObj(i -> "old" + i).toList());
        IntStream.range(0, 20_000).forEach(i -> names.add(ROOM, "new" + i));
        assertThat(IntStream.range(0, 200)).noneMatch(i -> names.surelyNew(ROOM, "old" + i));
        assertThat(IntStream.range(0, 20_000)).noneMatch(i -> names.surelyNew(ROOM, "new" + i));
        assertThat(IntStream.range(0, 1_000).filter(i -> names.surelyNew(ROOM, "later" + i)).count()).isGreaterThan(990);
    }

    @Test
    void a_session_with_too_many_names_is_let_go_of_and_leaves_room_for_others() {
        names.begin(ROOM, List.of());
        int added = 0;
        while (names.surelyNew(ROOM, "later")) {
            names.add(ROOM, "name" + added++);
        }
        assertThat(added).isGreaterThan(100_000);
        names.begin(OTHER, List.of());
        IntStream.range(0, 1_000).forEach(i -> names.add(OTHER, "name" + i));
        assertThat(names.surelyNew(OTHER, "later")).isTrue();
    }
}
