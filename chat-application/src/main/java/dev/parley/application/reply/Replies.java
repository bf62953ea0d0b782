package dev.parley.application.reply;

import dev.parley.application.EngineSettings;
import dev.parley.application.Ports;
import dev.parley.application.Roster;
import dev.parley.application.command.Ask;
import dev.parley.application.ledger.Ledger;
import dev.parley.domain.Registration;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.live.Topic;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The replies of this node: from the place in the queue to the stored end, and the ends of those whose node is gone. */
public final class Replies implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Replies.class.getName());

    /** How long somebody who says stop is kept waiting for the proof. */
    private static final Duration STOP_PROOF = Duration.ofSeconds(10);

    private static final Duration PROOF_EVERY = Duration.ofMillis(50);

    private final NodeId node;
    private final Ports ports;
    private final EngineSettings settings;
    private final Chooser chooser;
    private final PromptBuilder prompts;
    private final Settlement settlement;
    private final TurnQueue queue;
    private final Registration stops;
    private volatile boolean closed;

    public Replies(NodeId node, Ports ports, EngineSettings settings, Roster roster, Ledger ledger) {
        this.node = node;
        this.ports = ports;
        this.settings = settings;
        this.chooser = new Chooser(roster, settings, ports.models(), ports.llm());
        this.prompts = new PromptBuilder(settings, ports.messages(), ports.projects());
        this.settlement = new Settlement(ports, ledger);
        this.queue = new TurnQueue(settings.concurrentReplies(), settings.queueLimit(), new Runner());
        this.stops = ports.bus().subscribe(new Topic.Everywhere(), this::heard);
    }

    /** Begins to say that this node lives, and ends what dead nodes left. */
    public void start() {
        beat();
    }

    /** A place in the queue, kept until it is taken or closed. */
    public final class Place implements AutoCloseable {

        private boolean taken;

        /** Puts a reply that is stored now into this place. */
        public void take(Reply reply, long questionPosition, Ask ask, boolean parallel) {
            taken = true;
            queue.add(new Turn(reply, questionPosition, ask, parallel));
        }

        @Override
        public void close() {
            if (!taken) {
                taken = true;
                queue.release();
            }
        }
    }

    /** A place for one more reply; empty when the queue is full. */
    public Optional<Place> reserve() {
        return queue.reserve() ? Optional.of(new Place()) : Optional.empty();
    }

    /** A record for a reply that this node is to run. */
    public Reply record(MessageId id, SessionId session, MessageId question, UserId asker) {
        return Reply.requested(id, session, question, asker, ports.clock().instant(), node);
    }

    /**
     * Stops replies wherever they run or wait: the wish is durable first, then the owner is told, then the proof is awaited.
     *
     * @return those whose end was proven: each had not ended before and has ended now
     */
    public List<MessageId> stop(List<Reply> replies, UserId by) {
        List<Reply> wanted = replies.stream()
                .filter(reply -> ports.replies().requestStop(reply.id(), by))
                .toList();
        List<CompletableFuture<Void>> proofs = wanted.stream().map(this::tell).toList();
        long deadline = System.nanoTime() + STOP_PROOF.toNanos();
        ArrayList<MessageId> stopped = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            if (proven(proofs.get(i), deadline)) {
                stopped.add(wanted.get(i).id());
            }
        }
        return stopped;
    }

    public int waiting() {
        return queue.waiting();
    }

    public int running() {
        return queue.running();
    }

    /** Waits until no reply waits or runs here, at most {@code grace}; true when that came to be. */
    public boolean awaitIdle(Duration grace) {
        CompletableFuture<?>[] ends =
                queue.find(turn -> true).stream().map(Turn::ended).toArray(CompletableFuture[]::new);
        return proven(CompletableFuture.allOf(ends), System.nanoTime() + grace.toNanos());
    }

    /** Ends what still waits or runs as interrupted. */
    @Override
    public void close() {
        closed = true;
        stops.close();
        for (Turn turn : queue.find(any -> true)) {
            end(turn, Turn.End.SHUTDOWN);
        }
        awaitIdle(Duration.ofSeconds(5));
        ports.leases().release(lease(node), node);
    }

    private CompletableFuture<Void> tell(Reply reply) {
        for (Turn turn : queue.find(turn -> turn.id().equals(reply.id()))) {
            end(turn, Turn.End.STOP);
            return turn.ended();
        }
        ports.bus().publish(new Topic.Everywhere(), new Hint.StopRequested(reply.id()));
        CompletableFuture<Void> ended = new CompletableFuture<>();
        watch(reply.id(), ended);
        return ended;
    }

    /** Looks from time to time whether another node has ended it. */
    private void watch(MessageId reply, CompletableFuture<Void> ended) {
        if (ports.replies().find(reply).isEmpty()) {
            ended.complete(null);
        } else if (!closed) {
            ports.timers().after(PROOF_EVERY, () -> watch(reply, ended));
        }
    }

    private static boolean proven(CompletableFuture<?> proof, long deadline) {
        try {
            proof.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException unproven) {
            return false;
        }
    }

    /** A turn that waits ends here; one that runs is told to end itself. */
    private void end(Turn turn, Turn.End why) {
        turn.end(why);
        queue.withdraw(turn.id()).ifPresent(this::endUnrun);
    }

    private void endUnrun(Turn turn) {
        boolean stop = turn.toEnd().filter(Turn.End.STOP::equals).isPresent();
        settlement.settle(
                Settlement.Final.withoutRun(
                        turn.reply(),
                        stop ? ReplyStatus.STOPPED : ReplyStatus.INTERRUPTED,
                        stop ? Optional.empty() : Optional.of(ErrorCode.INTERRUPTED)),
                () -> turn.ended().complete(null));
    }

    private void heard(Hint hint) {
        if (hint instanceof Hint.StopRequested stop) {
            queue.find(turn -> turn.id().equals(stop.reply()))
                    .forEach(turn -> Thread.startVirtualThread(
                            () -> end(turn, Turn.End.STOP)));
        }
    }

    private void beat() {
        if (closed) {
            return;
        }
        try {
            ports.leases().acquire(lease(node), node, settings.nodeLease());
            settleOrphans();
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "Expected to renew this node's lease", away);
        } finally {
            ports.timers().after(settings.nodeLease().dividedBy(3), this::beat);
        }
    }

    /** Ends the replies whose node is gone: with their safe text, as stopped where somebody had said so. */
    private void settleOrphans() {
        for (Reply reply : ports.replies().unfinished()) {
            if (!reply.owner().equals(node) && !ports.leases().held(lease(reply.owner()))) {
                ports.replies().claim(reply.id(), node).ifPresent(claimed -> {
                    boolean stop = claimed.stopRequestedBy().isPresent();
                    settlement.settle(
                            Settlement.Final.withoutRun(
                                    claimed,
                                    stop ? ReplyStatus.STOPPED : ReplyStatus.INTERRUPTED,
                                    stop ? Optional.empty() : Optional.of(ErrorCode.INTERRUPTED)),
                            () -> LOG.log(System.Logger.Level.INFO, "reply={0} is settled", claimed.id()));
                });
            }
        }
    }

    private static String lease(NodeId node) {
        return "node/" + node.value();
    }

    /** Runs turns on threads of their own, and tells who waits where. */
    private final class Runner implements TurnQueue.Listener {

        @Override
        public void start(Turn turn) {
            Thread.ofVirtual().name("reply-" + turn.id()).start(() -> {
                try {
                    new ReplyRun(turn, ports, settings, chooser, prompts, settlement).run();
                } finally {
                    queue.finished(turn);
                }
            });
        }

        @Override
        public void waits(Turn turn, int place) {
            ports.bus()
                    .publish(
                            new Topic.OfSession(turn.session()),
                            new Hint.QueueMoved(turn.session(), turn.id(), turn.reply().question(), place));
        }

        @Override
        public void changed(int waiting, int running) {
            ports.telemetry().on(new TelemetryEvent.QueueChanged(waiting, running));
        }
    }
}
