package dev.parley.adapter.embedded.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Role;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.SessionSettings;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.SessionStore.Feed;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LatestTest {

    private static final SessionId ROOM = new SessionId("room");
    private static final UserId ANA = new UserId("ana");
    private static final Instant AT = Instant.parse("2026-11-21T12:00:00Z");

    private final Latest latest = new Latest();

    @Test
    void what_was_not_committed_is_not_known() {
        latest.happened(added(1));

        assertThat(latest.session(ROOM)).isEmpty();
        assertThat(latest.after(ROOM, 0, 10)).isEmpty();
    }

    @Test
    void what_was_committed_is_told_from_any_place_it_goes_back_to() {
        commit(added(1), added(2));
        commit(added(3));

        assertThat(after(0)).containsExactly(added(1), added(2), added(3));
        assertThat(after(2)).containsExactly(added(3));
        assertThat(after(3)).isEmpty();
        assertThat(latest.after(ROOM, 0, 2)).contains(new Feed.Changes(List.of(added(1), added(2))));
    }

    @Test
    void a_reader_who_knows_more_must_ask_the_file() {
        commit(added(1));

        assertThat(latest.after(ROOM, 2, 10)).isEmpty();
    }

    @Test
    void what_came_before_the_process_must_be_read_from_the_file() {
        commit(added(7));

        assertThat(latest.after(ROOM, 5, 10)).isEmpty();
        assertThat(after(6)).containsExactly(added(7));
    }

    @Test
    void what_a_message_said_before_it_changed_is_told_no_more() {
        Change deleted = new Change(ROOM, 2, AT, new Change.MessageDeleted(message(1), ANA));
        commit(added(1));
        commit(deleted);

        assertThat(latest.after(ROOM, 0, 10)).isEmpty();
        assertThat(after(1)).containsExactly(deleted);
    }

    @Test
    void sessions_in_changes_are_as_they_are_now() {
        commit(new Change(ROOM, 1, AT, new Change.SessionOpened(session(1))));
        commit(added(2));

        assertThat(after(0)).first().isEqualTo(new Change(ROOM, 1, AT, new Change.SessionOpened(session(2))));
    }

    @Test
    void nothing_is_known_of_what_was_undone_in_part() {
        commit(added(1));
        latest.happened(added(2));
        latest.undone(List.of(ROOM));
        latest.committed(Map.of());

        assertThat(latest.session(ROOM)).isEmpty();
    }

    @Test
    void a_session_that_is_seen_without_a_change_keeps_its_changes() {
        commit(added(1));
        latest.committed(Map.of(ROOM, session(1)));

        assertThat(after(0)).containsExactly(added(1));
    }

    @Test
    void only_so_much_is_remembered() {
        for (int i = 1; i <= 5_000; i++) {
            commit(added(i));
        }

        assertThat(latest.after(ROOM, 4_000, 10_000)).isEmpty();
        assertThat(after(4_999)).containsExactly(added(5_000));
    }

    private List<Change> after(long position) {
        return latest.after(ROOM, position, 10_000)
                .filter(Feed.Changes.class::isInstance)
                .map(Feed.Changes.class::cast)
                .orElseThrow()
                .changes();
    }

    private void commit(Change... changes) {
        List.of(changes).forEach(latest::happened);
        latest.committed(Map.of(ROOM, session(changes[changes.length - 1].position())));
    }

    private static Change added(long position) {
        return new Change(ROOM, position, AT, new Change.MessageAdded(message(position)));
    }

    private static Session session(long position) {
        return new Session(
                ROOM,
                Optional.empty(),
                Optional.of(ANA),
                "",
                Visibility.SHARED,
                AT,
                AT,
                false,
                new ClientInfo("", "", ""),
                new SessionSettings(Optional.empty(), Optional.empty(), true),
                List.of(),
                position);
    }

    private static Message message(long position) {
        return Message.written(
                new MessageId("m" + position),
                ROOM,
                Optional.empty(),
                new Author.Person(ANA, "Ana"),
                Role.USER,
                "Number " + position,
                AT,
                Optional.empty(),
                ClientMetadata.NONE)
                .at(position);
    }
}
