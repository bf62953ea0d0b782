package dev.parley.integration.nodes;

import static org.awaitility.Awaitility.await;

import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What all tests with two engines share: fresh parts, a node here and a node there, and people at both. */
abstract class NodesContract {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private @Nullable SharedParts parts;
    private SharedParts.@Nullable Parts stores;
    private @Nullable Node here;
    private @Nullable Node there;

    /** Makes what the nodes of one test share. */
    protected abstract SharedParts parts();

    @BeforeEach
    final void openTwoNodes() {
        parts = parts();
        stores = parts.another();
        here = node(Duration.ZERO);
        there = node(clockThere());
    }

    @AfterEach
    final void closeEverything() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        if (parts != null) {
            parts.close();
        }
    }

    /** By how much the clock of the node there is ahead. */
    Duration clockThere() {
        return Duration.ZERO;
    }

    /** How long a node counts as alive. */
    Duration lease() {
        return Node.LEASE;
    }

    /** The node that dies, where one does. */
    final Node here() {
        return found(here);
    }

    final Node there() {
        return found(there);
    }

    /** The stores as nobody sees them who is cut off. */
    final SharedParts.Parts stores() {
        return found(stores);
    }

    /** The record of a reply that has not ended. */
    final Optional<Reply> record(MessageId reply) {
        return stores().replies().find(reply);
    }

    /** The newest position of the room. */
    final long position() {
        return stores().sessions().find(Guest.ROOM).orElseThrow().position();
    }

    /** One more node. */
    final Node node(Duration ahead) {
        Node node = new Node(found(parts), ahead, lease());
        opened.push(node);
        return node;
    }

    final Guest guest(Node node, String name, String... roles) {
        return closing(Guest.at(node, name, roles));
    }

    final Guest closing(Guest guest) {
        opened.push(guest);
        return guest;
    }

    /** Closes {@code thing} after the nodes. */
    final void opening(AutoCloseable thing) {
        opened.addLast(thing);
    }

    static ConditionFactory soon(String what) {
        return await().alias(what).atMost(Guest.PATIENCE).pollInterval(Duration.ofMillis(5)).pollDelay(Duration.ZERO);
    }

    private static <T> T found(@Nullable T opened) {
        if (opened == null) {
            throw new IllegalStateException("Expected that the nodes are open");
        }
        return opened;
    }
}
