package dev.parley.application.reply;

import dev.parley.application.EngineSettings;
import dev.parley.application.Ports;
import dev.parley.application.Roster;
import dev.parley.application.command.Ask;
import dev.parley.application.ledger.Ledger;
import dev.parley.application.time.Beat;
import dev.parley.domain.Registration;
import dev.parley.domain.access.UserId;
import dev.parley.domain.content.ContentFilter;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.live.Topic;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The replies of this node: from the place in the queue to the stored end, and the ends of those whose node is gone. */
public final class Replies implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Replies.class.getName());

    private static final Duration LOOK_ELSEWHERE = Duration.ofMillis(200);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final NodeId node;
    private final Ports ports;
    private final EngineSettings settings;
    private final Chooser chooser;
    private final PromptBuilder prompts;
    private final Settlement settlement;
    private final TurnQueue queue;
    private final NodeLease lease;
    private final Orphans orphans;
    private final Beginnings beginnings;
    private final Optional<Naming> naming;
    private final Stops stops;
    private final Registration hearing;

    /** Everything of this node that waits, runs or is being stored. */
    private final Map<MessageId, Turn> turns = new ConcurrentHashMap<>();

    private final ReentrantLock idling = new ReentrantLock();
    /** Told when a turn has ended or a place was left. */
    private final Condition perhapsIdle = idling.newCondition();

    private final LongAdder words = new LongAdder();
    private final ReentrantLock looking = new ReentrantLock();
    private final List<Beat> beats = new ArrayList<>();
    private volatile boolean full;
    private volatile boolean closed;

    /** @param alone whether no other node works on the same stores */
    public Replies(
            NodeId node,
            boolean alone,
            Ports ports,
            EngineSettings settings,
            Roster roster,
            Ledger ledger) {
        this.node = node;
        this.ports = ports;
        this.settings = settings;
        this.chooser = new Chooser(roster, settings, ports.models(), ports.llm());
        this.prompts = new PromptBuilder(settings, ports);
        this.settlement = new Settlement(ports, ledger);
        this.queue = new TurnQueue(settings.concurrentReplies(), settings.queueLimit(), new Runner());
        this.naming = settings.autoTitle() ? Optional.of(new Naming(ports, ledger, filter(ports, settings))) : Optional.empty();
        this.lease = new NodeLease(node, ports.leases(), settings.nodeLease());
        this.orphans = new Orphans(node, alone, ports, settlement);
        this.beginnings = new Beginnings(node);
        this.stops = new Stops(node, ports, turns, turn -> end(turn, Turn.End.STOP));
        this.hearing = ports.bus().subscribe(new Topic.Everywhere(), this::heard);
    }

    /** What models write passes through this. */
    private static ContentFilter filter(Ports ports, EngineSettings settings) {
        return settings.content().replies() ? ports.filter() : ContentFilter.NOTHING;
    }

    /**
     * Begins to say that this node lives, and ends what dead nodes left. Each has a beat of its own: a node that waits for a slow
     * store lives.
     */
    public void start() {
        begin(lease.period(), "to renew this node's lease", lease::renew);
        begin(lease.period(), "to look what became of replies", this::look);
    }

    private void begin(Duration period, String what, Runnable task) {
        beats.add(Beat.every(period, ports.timers(), what, task));
        try {
            task.run();
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "Expected " + what, away);
        }
    }

    /** A place in the queue, kept until it is taken or closed. */
    public final class Place implements AutoCloseable {

        private boolean taken;
        private Optional<MessageId> storing = Optional.empty();

        /**
         * Takes the step that is to store {@code reply} for this place.
         *
         * @param late begins the reply in another place, should it be found in a store that did not say whether it took the step
         */
        public <T> T store(MessageId reply, BiConsumer<Place, Reply> late, Supplier<T> step) {
            storing = Optional.of(reply);
            beginnings.storing(reply);
            try {
                return step.get();
            } catch (UnavailableException unknown) {
                storing = Optional.empty();
                beginnings.unanswered(reply, found -> begunLate(found, late));
                throw unknown;
            }
        }

        /**
         * Puts a reply that is stored now into this place.
         *
         * @param position where in the session's feed it was asked for
         * @param before what ran or waited in the session when it was stored
         */
        public void take(
                Reply reply, long position, long questionPosition, Ask ask, boolean parallel, List<Reply> before) {
            taken = true;
            enqueue(new Turn(reply, position, questionPosition, ask, parallel, parallel ? Set.of() : elsewhere(before)));
        }

        @Override
        public void close() {
            storing.ifPresent(beginnings::over);
            if (!taken) {
                taken = true;
                queue.release();
            }
            tellIdle();
        }
    }

    /** False when there is no place for it yet. It was asked for before this node took no more. */
    private boolean begunLate(Reply found, BiConsumer<Place, Reply> late) {
        boolean room = queue.reserve();
        if (room) {
            try (Place place = new Place()) {
                late.accept(place, found);
            }
        }
        return room;
    }

    /** A place for one more reply; empty when the queue is full, or takes no more. */
    public Optional<Place> reserve() {
        return !full && queue.reserve() ? Optional.of(new Place()) : Optional.empty();
    }

    /** From now on the queue counts as full. */
    public void takeNoMore() {
        full = true;
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
        return stops.stop(replies, by);
    }

    /** Lets go of everything that waits or runs here for a session that is not there any more; nothing of it is stored. */
    public void abandon(SessionId session) {
        turns.values()
                .stream()
                .filter(turn -> turn.session().equals(session))
                .forEach(turn -> letGo(turn, "its session is gone"));
    }

    /**
     * What this node alone knows of a reply that waits or runs here.
     *
     * @param begunAt when its run began; empty as long as it waits
     * @param firstText from then to its first text
     * @param maxTokens how many tokens it may have at most, where that was asked for
     */
    public record Running(Optional<Instant> begunAt, Optional<Duration> firstText, Optional<Integer> maxTokens) {}

    /** What is known of a reply that waits or runs here; empty for all others. */
    public Optional<Running> here(MessageId reply) {
        return Optional.ofNullable(turns.get(reply))
                .map(turn -> new Running(
                        turn.begunAt(), turn.firstText(), turn.ask().options().maxTokens()));
    }

    public NodeId node() {
        return node;
    }

    /** How many pieces of text models said on this node. */
    public long words() {
        return words.sum();
    }

    public int waiting() {
        return queue.waiting();
    }

    public int running() {
        return queue.running();
    }

    /** Begins at once what the store took without saying so, as far as it is found. */
    public void beginLate() {
        try {
            look();
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "Expected to look what became of replies", away);
        }
    }

    /** Waits until no reply waits, runs or is being asked for here, at most {@code grace}; true when that came to be. */
    public boolean awaitIdle(Duration grace) {
        idling.lock();
        try {
            long left = grace.toNanos();
            // A turn is here before its place counts no more, so what is on its way from the one to the other is seen.
            while (queue.reserved() > 0 || !turns.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = perhapsIdle.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            idling.unlock();
        }
    }

    private void tellIdle() {
        idling.lock();
        try {
            perhapsIdle.signalAll();
        } finally {
            idling.unlock();
        }
    }

    /** Ends what still waits or runs as interrupted. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        full = true;
        hearing.close();
        stops.close();
        naming.ifPresent(Naming::close);
        beats.forEach(Beat::close);
        turns.values().forEach(turn -> end(turn, Turn.End.SHUTDOWN));
        awaitIdle(CLOSING);
        settlement.close();
        try {
            ports.leases().release(NodeLease.name(node), node);
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "Expected to let go of this node's lease", away);
        }
    }

    private void enqueue(Turn turn) {
        turns.put(turn.id(), turn);
        turn.whenEnded(() -> {
            try {
                queue.finished(turn);
            } finally {
                turns.remove(turn.id(), turn);
                tellIdle();
            }
            if (turn.toEnd().filter(Turn.End.FENCED::equals).isPresent()) {
                Thread.ofVirtual().name("taken-" + turn.id()).start(() -> endedBySomebodyElse(turn.session()));
            }
        });
        queue.add(turn);
        turn.elsewhere().forEach(other -> waitFor(turn, other));
        if (stops.cameBefore(turn)) {
            end(turn, Turn.End.STOP);
        } else if (closed) {
            end(turn, Turn.End.SHUTDOWN);
        }
    }

    /** Who was cut off when another node ended its reply has not heard of it, and neither have its own clients. */
    private void endedBySomebodyElse(SessionId session) {
        try {
            ports.sessions()
                    .find(session)
                    .ifPresent(now -> ports.bus()
                            .publish(new Topic.OfSession(session), new Hint.FeedGrew(session, now.position())));
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "session=" + session + " cannot be looked at", away);
        }
    }

    /** What other nodes run of {@code before}; each is looked after until it has ended. */
    private Set<MessageId> elsewhere(List<Reply> before) {
        Set<MessageId> others = new HashSet<>();
        for (Reply earlier : before) {
            if (!earlier.owner().equals(node)) {
                others.add(earlier.id());
            }
        }
        return others;
    }

    /** Looks from time to time whether what a turn waits for on another node has ended. */
    private void waitFor(Turn turn, MessageId other) {
        if (closed || turn.ended().isDone()) {
            return;
        }
        boolean over = false;
        try {
            over = ports.replies().find(other).isEmpty();
        } catch (ChatException away) {
            LOG.log(System.Logger.Level.WARNING, "reply=" + other + " cannot be looked at", away);
        }
        if (over) {
            turn.endedElsewhere(other);
            queue.look();
        } else {
            ports.timers().after(LOOK_ELSEWHERE, () -> waitFor(turn, other));
        }
    }

    /** A turn that waits ends here; one that runs is told to end itself. */
    private void end(Turn turn, Turn.End why) {
        turn.end(why);
        queue.withdraw(turn.id()).ifPresent(this::endUnrun);
    }

    private void letGo(Turn turn, String how) {
        turn.fenced(how);
        end(turn, Turn.End.FENCED);
    }

    private void endUnrun(Turn turn) {
        Turn.End why = turn.toEnd().orElse(Turn.End.SHUTDOWN);
        if (why == Turn.End.FENCED) {
            turn.tellFenced();
            turn.ended().complete(null);
        } else {
            settlement.settle(
                    Settlement.Final.withoutRun(turn.reply(), why == Turn.End.STOP),
                    () -> turn.ended().complete(null));
        }
    }

    private void heard(Hint hint) {
        if (hint instanceof Hint.StopRequested stop) {
            Turn turn = turns.get(stop.reply());
            if (turn != null) {
                Thread.ofVirtual().name("stop-" + turn.id()).start(() -> end(turn, Turn.End.STOP));
            }
        }
    }

    /**
     * Looks, even where nobody can be told that this node lives, what became of its replies and of others. However much there is to be
     * done, it is over soon, but for the first look of a node that is alone: who does not come to its next look lets go of its lease,
     * and others end what it runs.
     */
    private void look() {
        looking.lock();
        try {
            Instant over = ports.clock().instant().plus(lease.period());
            BooleanSupplier enough = () -> ports.clock().instant().isAfter(over);
            // In this order: whoever is in the first without being in the second has ended, or was removed with its session.
            List<Turn> here = List.copyOf(turns.values());
            List<Reply> records = ports.replies().unfinishedWithoutTexts();
            if (lease.heardOfStore()) {
                orphans.spareEverybody();
            }
            Map<MessageId, Reply> recorded = new HashMap<>();
            records.forEach(reply -> recorded.put(reply.id(), reply));
            here.stream().filter(turn -> !recorded.containsKey(turn.id())).forEach(turn -> letGo(turn, "its record is gone"));
            beginnings.look(recorded, enough);
            orphans.look(records.stream().filter(reply -> !own(reply)).toList(), enough);
        } finally {
            looking.unlock();
        }
    }

    /** Whether a record is one that this node runs; does what the record says and a lost hint may not have said. */
    private boolean own(Reply reply) {
        // In this order: it has its turn before it is no beginning any more.
        boolean begins = beginnings.has(reply.id());
        Turn turn = turns.get(reply.id());
        if (turn == null) {
            return begins;
        }
        if (!reply.owner().equals(node)) {
            letGo(turn, "node " + reply.owner() + " has taken it");
        } else if (reply.stopRequestedBy().isPresent()) {
            end(turn, Turn.End.STOP);
        }
        return true;
    }

    /** Runs turns on threads of their own, and tells who waits where. */
    private final class Runner implements TurnQueue.Listener {

        @Override
        public void start(Turn turn) {
            Thread.ofVirtual()
                    .name("reply-" + turn.id())
                    .start(new ReplyRun(turn, ports, settings, chooser, prompts, settlement, naming, words)::run);
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
