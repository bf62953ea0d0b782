package dev.parley.integration.nodes;

import static dev.parley.integration.nodes.Guest.ROOM;
import static dev.parley.integration.nodes.Guest.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.event.Event;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.reply.Reply;
import dev.parley.testkit.llm.ScriptedExchange;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One of two engines is gone, for good or without knowing it: the other settles what it left, and it harms nobody afterwards. */
public abstract class DeadNodeContract extends NodesContract {

    @Test
    void a_reply_of_a_dead_node_is_settled_by_the_other_with_the_text_that_is_safe() throws Exception {
        Guest ana = guest(here(), "ana").inRoom();
        Guest ben = guest(there(), "ben").inRoom();
        MessageId reply = ana.asks("Hello");
        here().model.next().say("Safe");
        awaitSafe(reply, "Safe");
        here().network.cut();
        Message end = ben.awaitEnd(reply);
        assertThat(end.reply().orElseThrow().status()).isEqualTo(ReplyStatus.INTERRUPTED);
        assertThat(end.content()).isEqualTo("Safe");
        assertThat(ben.screen.faults()).isEmpty();
    }

    @Test
    void what_a_zombie_writes_late_is_refused_and_its_own_clients_are_told_the_end_that_counts() throws Exception {
        Guest ana = guest(here(), "ana").inRoom();
        Guest ben = guest(there(), "ben").inRoom();
        MessageId reply = ana.asks("Hello");
        ScriptedExchange exchange = here().model.next();
        exchange.say("Safe");
        awaitSafe(reply, "Safe");
        ana.awaitText(reply, "Safe");
        here().network.cut();
        exchange.say(" but this is not");
        ana.awaitText(reply, "Safe but this is not");
        Message end = ben.awaitEnd(reply);
        assertThat(end.content()).isEqualTo("Safe");
        long position = position();

        here().network.heal();
        assertThat(ana.awaitEnd(reply).content()).as("what the zombie's own clients are told").isEqualTo("Safe");
        soon("the zombie lets go of the model").until(() -> exchange.ending().isPresent());
        assertThat(position()).as("the newest position, as it was at the end").isEqualTo(position);
        assertThat(done(ana.does(new Command.GetMessage(reply))).content()).isEqualTo("Safe");
        assertThat(ana.screen.faults()).isEmpty();
    }

    @Test
    void who_wanted_it_stopped_before_the_crash_gets_it_stopped() throws Exception {
        Guest ana = guest(here(), "ana").inRoom();
        Guest ben = guest(there(), "ben").inRoom();
        MessageId reply = ana.asks("Hello");
        here().model.next().say("On and on");
        awaitSafe(reply, "On and on");
        here().network.cut();
        done(ben.stops(reply));
        Message end = ben.awaitEnd(reply);
        assertThat(end.reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
        assertThat(end.content()).isEqualTo("On and on");
    }

    @Test
    void a_question_that_waited_for_a_dead_nodes_reply_is_answered() throws Exception {
        Guest ana = guest(here(), "ana").inRoom();
        Guest ben = guest(there(), "ben").inRoom();
        ana.asks("First");
        here().model.next().say("Never finished");
        MessageId second = ben.asks("Second");
        here().network.cut();
        ScriptedExchange next = there().model.next();
        next.say("At last");
        next.end();
        assertThat(ben.awaitEnd(second).content()).isEqualTo("At last");
    }

    @Test
    void a_node_that_is_cut_off_for_less_than_its_lease_keeps_its_replies() throws Exception {
        Guest ana = guest(here(), "ana").inRoom();
        Guest ben = guest(there(), "ben").inRoom();
        MessageId reply = ana.asks("Hello");
        ScriptedExchange exchange = here().model.next();
        exchange.say("One, ");
        ana.awaitText(reply, "One, ");
        here().network.cut();
        exchange.say("two, ");
        ana.awaitText(reply, "One, two, ");
        here().network.heal();
        exchange.say("three");
        exchange.end();
        for (Guest guest : List.of(ana, ben)) {
            assertThat(guest.awaitEnd(reply).content()).isEqualTo("One, two, three");
            assertThat(guest.screen.faults()).isEmpty();
        }
    }

    @Test
    void a_node_that_waits_for_a_store_that_hangs_for_a_moment_is_not_thought_dead() throws Exception {
        Guest ana = guest(here(), "ana").inRoom();
        MessageId reply = ana.asks("Hello");
        ScriptedExchange exchange = here().model.next();
        exchange.say("Slowly ");
        ana.awaitText(reply, "Slowly ");
        NodeId owner = record(reply).orElseThrow().owner();
        here().network.hangStore();
        soon("it is nobody else's")
                .during(Node.LEASE.dividedBy(2))
                .until(() -> record(reply).orElseThrow().owner(), owner::equals);
        here().network.heal();
        exchange.say("but surely");
        exchange.end();
        assertThat(ana.awaitEnd(reply).content()).isEqualTo("Slowly but surely");
    }

    @Test
    void a_reply_of_a_node_that_is_cut_off_from_the_store_alone_is_settled_by_the_other() throws Exception {
        Guest ana = guest(here(), "ana").inRoom();
        Guest ben = guest(there(), "ben").inRoom();
        MessageId reply = ana.asks("Hello");
        ScriptedExchange exchange = here().model.next();
        exchange.say("Safe");
        awaitSafe(reply, "Safe");
        here().network.cutStore();
        exchange.say(" but this is not");
        ben.awaitText(reply, "Safe but this is not");
        Message end = ben.awaitEnd(reply);
        assertThat(end.reply().orElseThrow().status()).isEqualTo(ReplyStatus.INTERRUPTED);
        assertThat(end.content()).isEqualTo("Safe");
        long position = position();

        here().network.heal();
        assertThat(ana.awaitEnd(reply).content()).as("what the clients of the node without a store are told").isEqualTo("Safe");
        soon("it lets go of the model").until(() -> exchange.ending().isPresent());
        assertThat(position()).as("the newest position, as it was at the end").isEqualTo(position);
        MessageId next = ana.asks("And now?");
        ScriptedExchange again = here().model.next();
        again.say("I am back");
        again.end();
        assertThat(ben.awaitEnd(next).content()).as("what a node does that has its store again").isEqualTo("I am back");
    }

    @Test
    void nobody_is_there_any_more_who_was_connected_to_a_dead_node() {
        Guest ana = guest(here(), "ana").inRoom();
        Guest ben = guest(there(), "ben").inRoom();
        here().network.cut();
        ben.awaitEvent(Event.PresenceChanged.class, now -> now.user().equals(ana.user()) && !now.online());
        assertThat(done(ben.does(new Command.ListPresent(ROOM))))
                .extracting(present -> present.user().value())
                .containsExactly("ben");
    }

    @Test
    void clients_of_a_dead_node_go_on_at_the_other_where_they_were() throws Exception {
        Guest ana = guest(here(), "ana").inRoom();
        Guest ben = guest(there(), "ben").inRoom();
        MessageId reply = ben.asks("Hello");
        ScriptedExchange exchange = there().model.next();
        exchange.say("One, ");
        ana.awaitText(reply, "One, ");
        here().network.cut();
        exchange.say("two, ");
        Message aside = ben.says("Meanwhile").message();
        ana.comesBackAt(there());
        ana.awaitMessage(aside.id());
        exchange.say("three");
        exchange.end();
        assertThat(ana.awaitEnd(reply).content()).isEqualTo("One, two, three");
        assertThat(ana.screen.faults()).isEmpty();
    }

    private void awaitSafe(MessageId reply, String text) {
        soon("the text is safe")
                .until(() -> record(reply).map(Reply::checkpoint).orElse(""), text::equals);
    }
}
