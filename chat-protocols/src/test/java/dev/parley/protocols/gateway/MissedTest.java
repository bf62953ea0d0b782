package dev.parley.protocols.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Role;
import dev.parley.domain.session.SessionId;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MissedTest {

    private static final SessionId HALL = new SessionId("hall");
    private static final UserId ANN = new UserId("ann");

    private final Missed missed = new Missed();

    @Test
    void the_newest_hundred_messages_are_told_and_what_became_of_messages_since() {
        for (int i = 1; i <= 100; i++) {
            missed.add(said(i));
        }
        assertThat(missed.whole()).isTrue();
        assertThat(missed.messages()).isEqualTo(100);
        missed.add(reacted(101));
        assertThat(missed.whole()).isTrue();
        missed.add(said(102));
        assertThat(missed.whole()).isFalse();
        assertThat(missed.messages()).isEqualTo(100);
        assertThat(missed.changes().getFirst().change().position()).isEqualTo(2);
        assertThat(missed.before(102)).isEqualTo(1);
        assertThat(missed.changes()).hasSize(101);
    }

    @Test
    void a_flood_of_changes_is_bounded_too() {
        missed.add(said(1));
        for (int i = 2; i <= 5_000; i++) {
            missed.add(reacted(i));
        }
        assertThat(missed.whole()).isFalse();
        assertThat(missed.messages()).isZero();
        assertThat(missed.changes()).hasSizeLessThanOrEqualTo(500);
    }

    @Test
    void what_comes_twice_or_late_is_told_once_and_in_order() {
        missed.add(said(7));
        missed.add(said(5));
        missed.add(said(6));
        missed.add(said(7));
        assertThat(missed.changes()).extracting(happened -> happened.change().position()).containsExactly(5L, 6L, 7L);
        assertThat(missed.messages()).isEqualTo(3);
        assertThat(missed.before(9)).isEqualTo(4);
        assertThat(new Missed().before(9)).isEqualTo(9);
    }

    @Test
    void of_replies_that_still_run_the_text_is_told_from_their_last_beginning() {
        MessageId reply = new MessageId("r1");
        missed.grow(new Event.ReplyGrew(HALL, reply, 10, "old"));
        missed.begin(reply);
        missed.grow(new Event.ReplyGrew(HALL, reply, 0, "new"));
        missed.grow(new Event.ReplyGrew(HALL, reply, 3, "er"));
        assertThat(missed.growing()).extracting(Event.ReplyGrew::text).containsExactly("new", "er");
    }

    private static Event.Happened said(long position) {
        return happened(position, new Change.MessageAdded(message(position)));
    }

    private static Event.Happened reacted(long position) {
        return happened(position, new Change.ReactionChanged(message(1), ANN, "🎉", true));
    }

    private static Event.Happened happened(long position, Change.Body body) {
        return new Event.Happened(new Change(HALL, position, Instant.EPOCH, body));
    }

    private static Message message(long number) {
        return Message.written(
                new MessageId("m" + number),
                HALL,
                Optional.empty(),
                new Author.Person(ANN, "Ann"),
                Role.USER,
                "Hello",
                Instant.EPOCH,
                Optional.empty(),
                ClientMetadata.NONE);
    }
}
