package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.event.Event;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.SessionStatus;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.SessionStore;
import dev.parley.testkit.llm.ScriptedExchange;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is let go of: quiet sessions, old changes, and what still ran in a session that was removed. */
final class RetentionTest {

    private static final SessionId ROOM = new SessionId(Person.ROOM);
    private static final Duration LIFE = Duration.ofMinutes(40);

    @Test
    void a_session_without_activity_is_idle_after_a_while_and_active_again_once_something_happens() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Duration idleAfter = Duration.ofMinutes(30);
            assertThat(stage.session(Person.ROOM).status(stage.time.instant(), idleAfter)).isEqualTo(SessionStatus.ACTIVE);
            stage.pass(idleAfter);
            assertThat(stage.session(Person.ROOM).status(stage.time.instant(), idleAfter)).isEqualTo(SessionStatus.IDLE);
            ana.says("Hello again");
            assertThat(stage.session(Person.ROOM).status(stage.time.instant(), idleAfter)).isEqualTo(SessionStatus.ACTIVE);
        }
    }

    @Test
    void a_quiet_session_is_removed_for_good_and_its_id_is_free() {
        try (Stage stage = Stage.open(rules -> rules.sessionTtl = Optional.of(LIFE))) {
            Person ana = stage.person("ana").inRoom();
            Stage.done(ana.enters("lively", Visibility.SHARED));
            Seat seat = ana.sits();
            MessageId said = ana.says("Nobody answers").message().id();
            stage.pass(LIFE.minusMinutes(1));
            Stage.done(ana.sends(Person.message("lively", "Still here", Optional.empty(), Optional.empty())));
            assertThat(stage.store.messages().find(said)).isPresent();

            stage.pass(Duration.ofMinutes(7));

            assertThat(stage.store.sessions().find(ROOM)).isEmpty();
            assertThat(stage.store.messages().find(said)).isEmpty();
            assertThat(stage.store.sessions().find(new SessionId("lively"))).isPresent();
            assertThat(seat.view.await(Event.SessionLost.class).why()).isEqualTo(Event.Loss.DELETED);
            assertThat(stage.person("ben").inRoom().does(new Command.GetSession(ROOM))).isNotNull();
            assertThat(stage.session(Person.ROOM).owner()).contains(stage.person("ben").user());
        }
    }

    @Test
    void more_quiet_sessions_than_one_look_takes_are_removed_in_one_go() {
        try (Stage stage = Stage.open(rules -> rules.sessionTtl = Optional.of(LIFE))) {
            Person ana = stage.person("ana");
            for (int i = 0; i < 250; i++) {
                Stage.done(ana.enters("s" + i, Visibility.PRIVATE));
            }
            stage.pass(LIFE.plusMinutes(6));
            assertThat(stage.store.sessions().all(dev.parley.domain.PageRequest.first()).total()).isZero();
        }
    }

    @Test
    void a_session_in_which_a_reply_runs_is_not_quiet() throws InterruptedException {
        try (Stage stage = Stage.open(rules -> rules.sessionTtl = Optional.of(LIFE))) {
            Person ana = stage.person("ana").inRoom();
            MessageId reply = ana.reply("Think it over");
            ScriptedExchange exchange = stage.model.next();
            stage.pass(LIFE.multipliedBy(2));
            assertThat(exchange.ending()).isEmpty();
            exchange.say("Done");
            exchange.end();
            assertThat(stage.awaitEnd(reply).content()).isEqualTo("Done");
            stage.pass(LIFE.plusMinutes(6));
            assertThat(stage.store.sessions().find(ROOM)).isEmpty();
        }
    }

    @Test
    void who_was_away_for_longer_than_changes_are_kept_is_told_to_load_anew() {
        try (Stage stage = Stage.open(rules -> rules.changeRetention = Optional.of(LIFE))) {
            Person ana = stage.person("ana").inRoom();
            ana.says("Before");
            long left = stage.session(Person.ROOM).position();
            ana.says("While away");
            stage.pass(LIFE.minusMinutes(10));
            long leftLater = stage.session(Person.ROOM).position();
            ana.says("Later");
            ana.says("Latest");
            stage.pass(Duration.ofMinutes(16));

            assertThat(comesBack(ana, left).recovered()).isFalse();
            assertThat(comesBack(ana, leftLater).recovered()).isTrue();
            assertThat(stage.store.messages().page(ROOM, new dev.parley.domain.store.Slice.Newest(10)).items())
                    .extracting(dev.parley.domain.message.Message::content)
                    .containsExactly("Before", "While away", "Later", "Latest");
        }
    }

    @Test
    void changes_are_kept_for_ever_unless_somebody_says_how_long() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            ana.says("Before");
            ana.says("Later");
            stage.pass(LIFE.multipliedBy(3));
            assertThat(comesBack(ana, 1).recovered()).isTrue();
        }
    }

    @Test
    void a_reply_that_begins_while_its_session_is_removed_lets_go_of_the_model() throws InterruptedException {
        AtomicReference<Runnable> justBefore = new AtomicReference<>(() -> {});
        try (Stage stage = Stage.open(
                rules -> {}, ports -> Twins.withStores(ports, hooked(ports.sessions(), justBefore), ports.replies()))) {
            Person ana = stage.person("ana").inRoom();
            AtomicReference<ScriptedExchange> late = new AtomicReference<>();
            justBefore.set(() -> late.set(begun(stage, ana)));
            Stage.done(ana.does(new Command.PurgeSession(ROOM)));
            assertThat(late.get().awaitEnding()).isEqualTo(ScriptedExchange.Ending.INTERRUPTED);
            assertThat(stage.store.sessions().find(ROOM)).isEmpty();
        }
    }

    @Test
    void a_reply_of_another_node_lets_go_of_the_model_too() throws InterruptedException {
        AtomicReference<Runnable> justBefore = new AtomicReference<>(() -> {});
        try (Stage stage = Stage.open(
                rules -> {}, ports -> Twins.withStores(ports, hooked(ports.sessions(), justBefore), ports.replies()))) {
            Person ana = stage.person("ana").inRoom();
            Person elsewhere = stage.person(stage.another(), "ana");
            AtomicReference<ScriptedExchange> late = new AtomicReference<>();
            justBefore.set(() -> late.set(begun(stage, elsewhere)));
            Stage.done(ana.does(new Command.PurgeSession(ROOM)));
            stage.pass(Duration.ofSeconds(3));
            assertThat(late.get().awaitEnding()).isEqualTo(ScriptedExchange.Ending.INTERRUPTED);
        }
    }

    private static ScriptedExchange begun(Stage stage, Person person) {
        person.reply("Am I too late?");
        try {
            return stage.model.next();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    private static Event.CaughtUp comesBack(Person person, long position) {
        Seat seat = person.connects();
        seat.followFrom(Person.ROOM, position, Map.of());
        try {
            return seat.view.await(Event.CaughtUp.class);
        } finally {
            seat.close();
        }
    }

    /** A store in which something happens just before a session is removed. */
    private static SessionStore hooked(SessionStore store, AtomicReference<Runnable> justBefore) {
        return (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(), new Class<?>[] {SessionStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("purge")) {
                        justBefore.get().run();
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
