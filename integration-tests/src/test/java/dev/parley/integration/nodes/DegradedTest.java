package dev.parley.integration.nodes;

import static dev.parley.integration.nodes.Guest.ROOM;
import static dev.parley.integration.nodes.Guest.code;
import static dev.parley.integration.nodes.Guest.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Sent;
import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.testkit.live.RealRedis;
import dev.parley.testkit.llm.ScriptedExchange;
import dev.parley.testkit.wire.FaultProxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What two nodes go on doing while Redis or MongoDB is away, slow or empty, and how they are as before when it is back. */
class DegradedTest extends NodesContract {

    private final RealRedis redis = ClusterServers.ownRedis();
    private final FaultProxy toRedis = FaultProxy.before("127.0.0.1", redis.port());
    private final URI mongo = URI.create(ClusterServers.mongo());
    private final FaultProxy toMongo = FaultProxy.before(mongo.getHost(), mongo.getPort());

    @Override
    protected SharedParts parts() {
        return new ClusterParts(
                "mongodb://" + toMongo.host() + ":" + toMongo.port(),
                "redis://" + toRedis.host() + ":" + toRedis.port(),
                Duration.ofSeconds(2));
    }

    /** Longer than one node may come back to a store later than the other. */
    @Override
    Duration lease() {
        return Duration.ofSeconds(3);
    }

    @AfterEach
    void healAndEnd() {
        toRedis.heal();
        toMongo.heal();
        opening(toRedis);
        opening(toMongo);
        opening(redis);
    }

    @Nested
    class WithoutRedis {

        @Test
        void a_reply_goes_on_word_by_word_on_its_own_node_and_is_caught_up_with_on_the_other() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            MessageId reply = ana.asks("Count");
            ScriptedExchange exchange = here().model.next();
            exchange.say("One, ");
            ben.awaitText(reply, "One, ");
            toRedis.cut();
            exchange.say("two, ");
            ana.awaitText(reply, "One, two, ");
            exchange.say("three, ");
            ana.awaitText(reply, "One, two, three, ");
            toRedis.heal();
            ben.awaitText(reply, "One, two, three, ");
            exchange.say("four");
            exchange.end();
            for (Guest guest : List.of(ana, ben)) {
                assertThat(guest.awaitEnd(reply).content()).isEqualTo("One, two, three, four");
                assertThat(guest.screen.faults()).isEmpty();
            }
        }

        @Test
        void replies_begin_and_end_and_are_stored() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            toRedis.cut();
            MessageId reply = ana.asks("Hello");
            ScriptedExchange exchange = here().model.next();
            exchange.say("Hello back");
            ana.awaitText(reply, "Hello back");
            exchange.end();
            Message end = ana.awaitEnd(reply);
            assertThat(end.reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
            assertThat(stores().messages().find(reply).orElseThrow().content()).isEqualTo("Hello back");
            toRedis.heal();
            assertThat(ben.awaitEnd(reply).content()).isEqualTo("Hello back");
            assertThat(ben.screen.faults()).isEmpty();
        }

        @Test
        void people_come_in_and_see_who_is_on_their_node_and_everybody_when_it_is_back() {
            Guest ben = guest(there(), "ben").inRoom();
            toRedis.cut();
            Guest ana = guest(here(), "ana").inRoom();
            Guest cleo = guest(here(), "cleo").inRoom();
            assertThat(present(ana)).containsExactly("ana", "cleo");
            MessageId hello = cleo.says("Is anybody there?").message().id();
            ana.awaitMessage(hello);
            assertThat(ben.screen.messages()).doesNotContainKey(hello);
            toRedis.heal();
            ben.awaitMessage(hello);
            soon("everybody is seen").until(() -> present(ben), List.of("ana", "ben", "cleo")::equals);
        }

        @Test
        void stop_through_the_other_node_is_found_in_the_store() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            MessageId reply = ana.asks("Go on for ever");
            ScriptedExchange exchange = here().model.next();
            exchange.say("On and ");
            ben.awaitText(reply, "On and ");
            toRedis.cut();
            assertThat(done(ben.stops(reply)).replies()).containsExactly(reply);
            assertThat(exchange.awaitEnding()).isEqualTo(ScriptedExchange.Ending.INTERRUPTED);
        }

        @Test
        void nobody_is_thought_dead() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            MessageId reply = ana.asks("Hello");
            ScriptedExchange exchange = here().model.next();
            exchange.say("Still ");
            toRedis.cut();
            soon("longer than a lease, and looks at it")
                    .during(lease().multipliedBy(3).dividedBy(2))
                    .until(() -> record(reply).isPresent());
            toRedis.heal();
            exchange.say("here");
            exchange.end();
            Message end = ana.awaitEnd(reply);
            assertThat(end.content()).isEqualTo("Still here");
            assertThat(end.reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
        }

        @Test
        void what_was_revoked_or_taken_away_meanwhile_takes_effect_once_it_is_back() {
            Guest ana = closing(Guest.withToken(there(), "ana", "token-1")).inRoom();
            toRedis.cut();
            done(guest(here(), "root", Principal.ADMIN).does(new Command.RevokeToken("token-1")));
            assertThat(code(ana.tries("Hello?", Optional.empty(), Optional.empty()))).isEqualTo(ErrorCode.UNAUTHORIZED);
            toRedis.heal();
            assertThat(ana.awaitEvent(Event.Disconnecting.class, end -> true).cause())
                    .isEqualTo(Event.Cause.TOKEN_REVOKED);
        }

        @Test
        void a_redis_that_takes_everything_and_answers_nothing_holds_nobody_up_for_long() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            toRedis.halfOpen();
            List<Callable<Outcome<Sent>>> work = new ArrayList<>();
            for (int i = 0; i < Node.MESSAGES * 2; i++) {
                String content = "Number " + i;
                work.add(() -> ana.tries(content, Optional.empty(), Optional.empty()));
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Outcome<Sent>> sent : threads.invokeAll(work, 20, TimeUnit.SECONDS)) {
                    assertThat(sent.isCancelled()).as("held up for 20 s").isFalse();
                    done(sent.get());
                }
            }
        }
    }

    @Nested
    class WithAnEmptyRedis {

        @Test
        void a_reply_under_way_is_shown_whole_on_both_nodes() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            MessageId reply = ana.asks("Count");
            ScriptedExchange exchange = here().model.next();
            exchange.say("One, ");
            ben.awaitText(reply, "One, ");
            assertThat(redis.ask("FLUSHALL")).isEqualTo("+OK");
            exchange.say("two, ");
            Guest late = guest(there(), "late").inRoom();
            exchange.say("three");
            for (Guest guest : List.of(ana, ben, late)) {
                guest.awaitText(reply, "One, two, three");
            }
            exchange.end();
            for (Guest guest : List.of(ana, ben, late)) {
                assertThat(guest.awaitEnd(reply).content()).isEqualTo("One, two, three");
                assertThat(guest.screen.faults()).isEmpty();
            }
        }

        @Test
        void people_are_there_again_and_nobody_is_thought_dead() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            MessageId reply = ana.asks("Hello");
            ScriptedExchange exchange = here().model.next();
            exchange.say("Still ");
            assertThat(redis.ask("FLUSHALL")).isEqualTo("+OK");
            soon("everybody is seen").until(() -> present(ben), List.of("ana", "ben")::equals);
            exchange.say("here");
            exchange.end();
            assertThat(ben.awaitEnd(reply).content()).isEqualTo("Still here");
        }
    }

    @Nested
    class WithASlowRedis {

        @Test
        void a_reply_is_shown_everywhere_and_no_word_waits_for_the_line() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            toRedis.delay(Duration.ofMillis(50));
            MessageId reply = ana.asks("Count");
            ScriptedExchange exchange = here().model.next();
            StringBuilder text = new StringBuilder();
            for (int word = 1; word <= 200; word++) {
                exchange.say("word" + word + " ");
                text.append("word").append(word).append(' ');
            }
            exchange.end();
            for (Guest guest : List.of(ana, ben)) {
                assertThat(guest.awaitEnd(reply).content()).isEqualTo(text.toString());
                assertThat(guest.screen.faults()).isEmpty();
            }
        }
    }

    @Nested
    class WithoutMongo {

        @Test
        void nothing_is_acknowledged_reads_say_so_and_what_ran_is_stored_afterwards() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            MessageId reply = ana.asks("Hello");
            ScriptedExchange exchange = here().model.next();
            exchange.say("All ");
            ben.awaitText(reply, "All ");
            toMongo.cut();
            assertThat(code(ana.tries("Lost?", Optional.of("mine"), Optional.empty()))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            assertThat(code(ben.does(new Command.GetSession(ROOM)))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            exchange.say("of it");
            for (Guest guest : List.of(ana, ben)) {
                guest.awaitText(reply, "All of it");
            }
            exchange.end();
            toMongo.heal();
            soon("it is used again").until(
                    () -> ana.tries("Lost?", Optional.of("mine"), Optional.empty()) instanceof Outcome.Done<Sent>);
            Sent again = done(ana.tries("Lost?", Optional.of("mine"), Optional.empty()));
            for (Guest guest : List.of(ana, ben)) {
                assertThat(guest.awaitEnd(reply).content()).isEqualTo("All of it");
                guest.awaitMessage(again.message().id());
                assertThat(guest.screen.faults()).isEmpty();
            }
            assertThat(stores().messages().find(reply).orElseThrow().reply().orElseThrow().status())
                    .isEqualTo(ReplyStatus.COMPLETED);
        }

        @Test
        void after_a_time_in_which_nobody_had_the_store_each_node_ends_its_own_replies() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            MessageId reply = ana.asks("Hello");
            ScriptedExchange exchange = here().model.next();
            exchange.say("One, ");
            ben.awaitText(reply, "One, ");
            NodeId owner = record(reply).orElseThrow().owner();
            here().network.cutStore();
            there().network.cutStore();
            soon("nobody says any more that the owner lives").until(() -> !stores().leases().held("node/" + owner.value()));
            there().network.heal();
            ben.says("The other has it again");
            soon("the other takes nothing at once")
                    .during(lease().dividedBy(3))
                    .until(() -> record(reply).orElseThrow().owner(), owner::equals);
            here().network.heal();
            exchange.say("two");
            exchange.end();
            for (Guest guest : List.of(ana, ben)) {
                Message end = guest.awaitEnd(reply);
                assertThat(end.content()).isEqualTo("One, two");
                assertThat(end.reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
            }
        }
    }

    @Nested
    class WithASlowMongo {

        @Test
        void one_that_takes_everything_and_answers_nothing_holds_up_no_word_and_is_not_asked_by_all() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            MessageId reply = ana.asks("Count");
            ScriptedExchange exchange = here().model.next();
            exchange.say("One, ");
            ben.awaitText(reply, "One, ");
            toMongo.halfOpen();
            exchange.say("two");
            for (Guest guest : List.of(ana, ben)) {
                guest.awaitText(reply, "One, two");
            }
            List<Callable<Outcome<Sent>>> work = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String content = "Number " + i;
                work.add(() -> ana.tries(content, Optional.empty(), Optional.empty()));
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Outcome<Sent>> sent : threads.invokeAll(work, 20, TimeUnit.SECONDS)) {
                    assertThat(sent.isCancelled()).as("held up for 20 s").isFalse();
                    assertThat(code(sent.get())).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
                }
            }
            toMongo.heal();
            soon("it is used again").until(
                    () -> ana.tries("After", Optional.empty(), Optional.empty()) instanceof Outcome.Done<Sent>);
            exchange.end();
            ana.awaitEnd(reply);
            assertThat(ben.screen.faults()).isEmpty();
        }
    }

    private static List<String> present(Guest guest) {
        return done(guest.does(new Command.ListPresent(ROOM))).stream().map(present -> present.user().value()).toList();
    }
}
