package dev.parley.application.reply;

import dev.parley.application.Ports;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.live.Topic;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The wishes of people that replies stop, wherever those run or wait, and the proofs that they have. */
final class Stops implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Stops.class.getName());

    /** How long somebody who says stop is kept waiting for the proof. */
    private static final Duration STOP_PROOF = Duration.ofSeconds(10);

    private static final Duration PROOF_EVERY = Duration.ofMillis(50);
    private static final int LOOKS_PER_HINT = 20;

    private final NodeId node;
    private final Ports ports;
    private final Map<MessageId, Turn> turns;
    private final Consumer<Turn> end;

    /** Stops that came before the turn they are meant for, and their proofs. */
    private final Map<MessageId, CompletableFuture<Void>> early = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /**
     * @param turns what waits or runs on this node
     * @param end ends such a turn
     */
    Stops(NodeId node, Ports ports, Map<MessageId, Turn> turns, Consumer<Turn> end) {
        this.node = node;
        this.ports = ports;
        this.turns = turns;
        this.end = end;
    }

    /**
     * Stops replies wherever they run or wait: the wish is durable first, then the owner is told, then the proof is awaited.
     *
     * @return those whose end was proven: each had not ended before and has ended now
     */
    List<MessageId> stop(List<Reply> replies, UserId by) {
        List<Reply> wanted = replies.stream()
                .filter(reply -> ports.replies().requestStop(reply.id(), by))
                .toList();
        List<CompletableFuture<Void>> proofs = new ArrayList<>();
        // Those that came last first: what waits must not begin because what runs has ended.
        for (Reply reply : wanted.reversed()) {
            proofs.addFirst(stop(reply));
        }
        await(proofs);
        List<MessageId> stopped = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            if (proofs.get(i).isDone() && !proofs.get(i).isCompletedExceptionally()) {
                stopped.add(wanted.get(i).id());
            }
        }
        return stopped;
    }

    /** Whether somebody said stop before {@code turn} was there; they are told when it has ended. */
    boolean cameBefore(Turn turn) {
        CompletableFuture<Void> proof = early.remove(turn.id());
        if (proof != null) {
            turn.whenEnded(() -> proof.complete(null));
        }
        return proof != null;
    }

    /** Nothing is looked after any more. */
    @Override
    public void close() {
        closed = true;
    }

    private CompletableFuture<Void> stop(Reply reply) {
        CompletableFuture<Void> proof = new CompletableFuture<>();
        Turn turn = turns.get(reply.id());
        if (turn == null && reply.owner().equals(node)) {
            // Stored, but not in its place yet: whoever puts it there finds the wish.
            CompletableFuture<Void> first = early.putIfAbsent(reply.id(), proof);
            if (first != null) {
                return first;
            }
            turn = turns.get(reply.id());
        }
        if (turn != null) {
            early.remove(reply.id(), proof);
            turn.whenEnded(() -> proof.complete(null));
            end.accept(turn);
        } else {
            pursue(reply, proof, 0);
        }
        return proof;
    }

    /** Asks the owner, again from time to time since hints are lost, until the reply has ended. */
    private void pursue(Reply reply, CompletableFuture<Void> proof, int look) {
        if (proof.isDone() || closed) {
            return;
        }
        try {
            if (ports.replies().find(reply.id()).isEmpty()) {
                early.remove(reply.id(), proof);
                proof.complete(null);
                return;
            }
            if (look % LOOKS_PER_HINT == 0) {
                ports.bus().publish(new Topic.Everywhere(), new Hint.StopRequested(reply.id()));
            }
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "reply=" + reply.id() + " cannot be looked at", away);
        }
        boolean late = look * PROOF_EVERY.toMillis() > STOP_PROOF.toMillis();
        if (late) {
            early.remove(reply.id(), proof);
        } else {
            ports.timers().after(PROOF_EVERY, () -> pursue(reply, proof, look + 1));
        }
    }

    /** Waits for all of them at most so long. */
    private static void await(List<CompletableFuture<Void>> proofs) {
        try {
            CompletableFuture.allOf(proofs.toArray(CompletableFuture[]::new))
                    .get(STOP_PROOF.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException unproven) {
            LOG.log(System.Logger.Level.DEBUG, "Not all that was to be stopped has ended", unproven);
        }
    }
}
