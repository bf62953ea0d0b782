package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.event.Event;
import dev.parley.domain.Registration;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.TopicId;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A bus that was deaf says so, and everything is told that it did not carry, without anybody waiting for the next look. */
final class HintsLostTest {

    private static final SessionId ROOM = new SessionId(Person.ROOM);
    private static final Hint LOST = new Hint.HintsLost();

    @Test
    void what_was_said_is_told() {
        try (Stage stage = Stage.open(rules -> {}, ports -> Twins.withBus(ports, new MuteBus(ports.bus())))) {
            Person ana = stage.person("ana").inRoom();
            Seat ben = stage.person(stage.another(), "ben").inRoom().sits();
            long position = ana.says("Did you hear that?").position();
            stage.live.bus().publish(new Topic.OfSession(ROOM), LOST);
            ben.awaitPosition(position);
        }
    }

    @Test
    void what_was_published_is_told() {
        TopicId own = TopicId.of(ROOM);
        try (Stage stage = Stage.open(rules -> {}, ports -> Twins.withBus(ports, new MuteBus(ports.bus())))) {
            Seat ana = stage.person("ana").inRoom().sits();
            Stage.done(ana.link().watch(new Link.Watched.OfSession(ROOM), Optional.empty()));
            Stage.done(stage.ask(
                    stage.person("feeder", "service").caller(),
                    new Command.Publish(own, new Publication.Notification("{}"))));
            stage.live.bus().publish(new Topic.OfPublications(own), LOST);
            ana.view.await(Event.Published.class, told -> told.entry().topic().equals(own));
        }
    }

    @Test
    void subscriptions_that_were_made_elsewhere_are_found() {
        TopicId topic = TopicId.named("inv-7");
        try (Stage stage = Stage.open(rules -> {}, ports -> Twins.withBus(ports, new MuteBus(ports.bus())))) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = stage.person(stage.another(), "ana").sits();
            Stage.done(seat.link().watch(new Link.Watched.OfSession(ROOM), Optional.empty()));
            ana.does(new Command.Subscribe(ROOM, topic));
            stage.live.bus().publish(new Topic.OfSession(ROOM), LOST);
            Stage.done(stage.ask(
                    stage.person("feeder", "service").caller(),
                    new Command.Publish(topic, new Publication.Update("progress", "{}"))));
            Wait.until("what was published is told", () -> {
                stage.live.bus().publish(new Topic.OfPublications(topic), LOST);
                return !seat.view.all(Event.Published.class).isEmpty();
            });
        }
    }

    @Test
    void connections_whose_token_was_revoked_end() {
        try (Stage stage = Stage.open(rules -> {}, ports -> Twins.withBus(ports, new MuteBus(ports.bus())))) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            stage.store.revocations().revokeUser(ana.user(), stage.time.instant());
            stage.live.bus().publish(new Topic.Everywhere(), LOST);
            seat.view.await(Event.Disconnecting.class, end -> end.cause() == Event.Cause.TOKEN_REVOKED);
            assertThat(seat.view.all(Event.Disconnecting.class)).hasSize(1);
        }
    }

    /** Carries nothing; what is said on the bus behind it is heard. */
    private record MuteBus(EventBus behind) implements EventBus {

        @Override
        public void publish(Topic topic, Hint hint) {
            // Lost on purpose.
        }

        @Override
        public Registration subscribe(Topic topic, Consumer<? super Hint> listener) {
            return behind.subscribe(topic, listener);
        }
    }
}
