package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.application.command.Ask;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.Visibility;
import dev.parley.testkit.llm.ScriptedExchange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A node that dies is one whose timers and leases stop while its threads may still believe that they live. */
final class CrashTest {

    @Test
    void another_node_ends_what_a_dead_one_left_with_the_text_that_is_safe() throws InterruptedException {
        AtomicBoolean dead = new AtomicBoolean();
        try (Stage stage = Stage.open(rules -> {}, ports -> Mortal.node(ports, dead))) {
            Person ana = stage.person("ana").inRoom();
            MessageId reply = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("Safe");
            stage.pass(Duration.ofSeconds(1));
            exchange.say(" and lost");
            dead.set(true);
            ChatEngine survivor = ChatEngineBuilder.over(stage.ports())
                    .settings(new Rules().settings())
                    .build();
            try {
                Seat seat = stage.person(survivor, "ana").sits();
                stage.pass(Duration.ofSeconds(9));
                assertThat(stage.message(reply).running()).isTrue();
                stage.pass(Duration.ofSeconds(6));
                Message end = seat.view.awaitEnd(reply);
                assertThat(end.content()).isEqualTo("Safe");
                assertThat(end.reply().orElseThrow().status()).isEqualTo(ReplyStatus.INTERRUPTED);
                assertThat(end.reply().orElseThrow().error()).contains(ErrorCode.INTERRUPTED);
                long position = stage.session(Person.ROOM).position();
                // The zombie goes on as if nothing had happened.
                exchange.say(" whatever");
                exchange.end();
                Wait.until("the zombie has let go", () -> !stage.store.replies().find(reply).isPresent());
                assertThat(stage.message(reply)).isEqualTo(end);
                assertThat(stage.session(Person.ROOM).position()).isEqualTo(position);
                assertThat(seat.view.faults()).isEmpty();
                assertThat(seat.view.ends()).isEqualTo(1);
            } finally {
                survivor.close();
            }
        }
    }

    @Test
    void what_somebody_wanted_stopped_before_the_crash_ends_as_stopped() throws InterruptedException {
        AtomicBoolean dead = new AtomicBoolean();
        try (Stage stage = Stage.open(rules -> {}, ports -> Mortal.node(ports, dead))) {
            Person ana = stage.person("ana").inRoom();
            MessageId reply = ana.reply("Hello");
            stage.model.next();
            dead.set(true);
            stage.store.replies().requestStop(reply, ana.user());
            try (Closing survivor = new Closing(ChatEngineBuilder.over(stage.ports())
                    .settings(new Rules().settings())
                    .build())) {
                stage.pass(Duration.ofSeconds(15));
                assertThat(survivor.engine().accepting()).isTrue();
                assertThat(stage.message(reply).reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
            }
        }
    }

    @Test
    void a_server_that_starts_again_ends_what_it_left_at_once() throws InterruptedException {
        AtomicBoolean dead = new AtomicBoolean();
        try (Stage before = Stage.open(rules -> {}, ports -> Mortal.node(ports, dead))) {
            MessageId reply = before.person("ana").inRoom().reply("Hello");
            before.model.next().say("Half");
            before.pass(Duration.ofSeconds(1));
            dead.set(true);
            try (var memory = LiveMemory.create(before.time, before.time);
                    Closing again = new Closing(ChatEngineBuilder.over(Mortal.withLive(before.ports(), memory))
                            .alone()
                            .settings(new Rules().settings())
                            .build())) {
                assertThat(again.engine().accepting()).isTrue();
                Message end = before.message(reply);
                assertThat(end.reply().orElseThrow().status()).isEqualTo(ReplyStatus.INTERRUPTED);
                assertThat(end.content()).isEqualTo("Half");
            }
        }
    }

    @Test
    void followers_at_the_zombie_are_told_the_end_that_was_stored() throws InterruptedException {
        AtomicBoolean dead = new AtomicBoolean();
        try (Stage stage = Stage.open(rules -> {}, ports -> Mortal.node(ports, dead))) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            MessageId reply = ana.reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("Safe");
            seat.view.awaitText(reply, "Safe");
            stage.pass(Duration.ofSeconds(1));
            exchange.say(" not");
            seat.view.awaitText(reply, "Safe not");
            dead.set(true);
            try (Closing survivor = new Closing(ChatEngineBuilder.over(stage.ports())
                    .settings(new Rules().settings())
                    .build())) {
                stage.pass(Duration.ofSeconds(15));
                assertThat(seat.view.awaitEnd(reply).content()).isEqualTo("Safe");
                assertThat(seat.view.faults()).isEmpty();
                assertThat(survivor.engine().accepting()).isTrue();
            }
        }
    }

    @Test
    void a_node_whose_lease_was_lost_for_a_moment_keeps_its_replies() throws InterruptedException {
        try (Stage stage = Stage.open()) {
            ChatEngine other = stage.another();
            MessageId reply = stage.person("ana").inRoom().reply("Hello");
            ScriptedExchange exchange = stage.model.next();
            stage.live.leases()
                    .release("node/" + stage.store.replies().find(reply).orElseThrow().owner(),
                            stage.store.replies().find(reply).orElseThrow().owner());
            stage.pass(Duration.ofSeconds(10));
            assertThat(stage.message(reply).running()).isTrue();
            assertThat(other.accepting()).isTrue();
            exchange.say("Still here");
            exchange.end();
            assertThat(stage.awaitEnd(reply).content()).isEqualTo("Still here");
        }
    }

    @Test
    void who_was_without_the_store_itself_ends_what_a_dead_node_left_soon_after_its_return() throws InterruptedException {
        AtomicBoolean dead = new AtomicBoolean();
        AtomicBoolean away = new AtomicBoolean();
        try (Stage stage = Stage.open(rules -> {}, ports -> Mortal.node(ports, dead));
                Closing survivor = new Closing(ChatEngineBuilder.over(Mortal.without(stage.ports(), away))
                        .settings(new Rules().settings())
                        .build())) {
            MessageId reply = stage.person("ana").inRoom().reply("Hello");
            stage.model.next();
            dead.set(true);
            away.set(true);
            stage.pass(Duration.ofSeconds(12));
            away.set(false);
            stage.pass(Duration.ofSeconds(5));
            assertThat(stage.message(reply).running())
                    .as("running while others may come back to the store")
                    .isTrue();
            stage.pass(Duration.ofSeconds(10));
            assertThat(stage.message(reply).reply().orElseThrow().status()).isEqualTo(ReplyStatus.INTERRUPTED);
            assertThat(survivor.engine().accepting()).isTrue();
        }
    }

    @Test
    void who_has_much_of_a_dead_node_to_end_lives_meanwhile() throws InterruptedException {
        AtomicBoolean dead = new AtomicBoolean();
        try (Stage stage = Stage.open(rules -> {}, ports -> Mortal.node(ports, dead));
                Closing survivor = new Closing(ChatEngineBuilder.over(
                        Mortal.slowToClaim(stage.ports(), () -> stage.pass(Duration.ofSeconds(3))))
                        .settings(new Rules().settings())
                        .build());
                Closing other = new Closing(ChatEngineBuilder.over(stage.ports())
                        .settings(new Rules().settings())
                        .build())) {
            Person ana = stage.person("ana").inRoom();
            List<MessageId> left =
                    List.of(ana.reply("One"), ana.reply("Two"), ana.reply("Three"), ana.reply("Four"), ana.reply("Five"));
            stage.model.next();
            Person ben = stage.person(survivor.engine(), "ben");
            ben.enters("another", Visibility.SHARED);
            MessageId reply = Stage.done(
                    ben.does(Person.message("another", "Hello", Optional.empty(), Optional.of(Ask.PLAINLY))))
                    .reply()
                    .orElseThrow();
            ScriptedExchange exchange = stage.model.next();
            dead.set(true);
            stage.pass(Duration.ofSeconds(60));
            assertThat(left).allMatch(
                    each -> stage.message(each).reply().orElseThrow().status() == ReplyStatus.INTERRUPTED);
            exchange.say("Still here");
            exchange.end();
            assertThat(stage.awaitEnd(reply).content()).isEqualTo("Still here");
            assertThat(stage.message(reply).reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
            assertThat(other.engine().accepting()).isTrue();
        }
    }

    private record Closing(ChatEngine engine) implements AutoCloseable {
        @Override
        public void close() {
            engine.close();
        }
    }
}
