package dev.parley.adapter.embedded.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Role;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the recent messages of sessions are named. */
class PlacesTest {
    private static final UserId ANA = new UserId("ana");
    private static final int SESSIONS = Places.CHAIN;

    private final SqliteFixture fixture = new SqliteFixture();

    @AfterEach
    void remove() {
        fixture.close();
    }

    private static SessionId session(int number) {
        return new SessionId("room-" + number);
    }

    /** A session has a number of its own inside as soon as it is opened, so they are opened in this order. */
    private void open(int number) {
        Session fresh = Session.fresh(
                session(number), Optional.of(new Member(ANA, "Ana", Instant.EPOCH)), Visibility.GROUP, Optional.empty(),
                Instant.EPOCH);
        fixture.database()
                .sessions()
                .write(session(number), step -> step.append(Instant.EPOCH, new Change.SessionOpened(fresh)));
    }

    private void say(int number, int round) {
        Message message = Message.written(
                new MessageId("m-" + number + "-" + round), session(number), Optional.empty(), new Author.Person(ANA, "Ana"),
                Role.USER, "said", Instant.EPOCH, Optional.empty(), ClientMetadata.NONE);
        fixture.database()
                .sessions()
                .write(session(number), step -> step.append(Instant.EPOCH, new Change.MessageAdded(message)));
    }

    @Test
    void sessions_that_are_written_to_in_step_take_turns() {
        fixture.open();
        for (int number = 0; number < SESSIONS; number++) {
            open(number);
        }
        try (Sql sql = new Connections(fixture.folder(), SqliteSettings.DEFAULT).reader()) {
            for (int round = 1; round <= Places.CHAIN; round++) {
                for (int number = 0; number < SESSIONS; number++) {
                    say(number, round);
                }
                assertThat(sql.number("SELECT count(DISTINCT session) FROM message_place"))
                        .as("sessions whose messages were named once")
                        .isEqualTo(round);
            }
        }
    }
}
