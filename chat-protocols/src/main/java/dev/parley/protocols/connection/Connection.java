package dev.parley.protocols.connection;

import dev.parley.application.Link;
import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: leads its wire language, the engine and its transport through one life, which ends exactly once.
 *
 * <p>The client's frames are handled one after the other, on the executor of {@link Connections}; events that come meanwhile wait
 * until the frame's steps are done, so that an answer is seen before what it caused. What is to be said goes through a bounded
 * mailbox; what waited for a frame goes there only as fast as the client reads, and all that comes later waits behind it. Safe for use by many threads; no method but those of the executor's tasks blocks.
 */
public final class Connection implements Receiver {

    /** No close frame came. */
    private static final int GONE = 1006;

    private static final System.Logger LOG = System.getLogger(Connection.class.getName());

    private final Connections all;
    private final Entrance entrance;
    private final ProtocolSession session;
    private final FrameWriter writer;
    private final Agenda agenda;
    private final long connectedAt;

    /** Guards the wire language, the mailbox and everything below; held only for as long as it takes to compute. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Mailbox mailbox;
    private final Inbox inbox;
    private final Backlog held;
    private final Meter meter;
    private final Probe probe;
    private final Pulse pulse;
    private boolean opened;
    private boolean running;
    private boolean busy = true;
    private boolean ended;
    private boolean linkClosed;
    private boolean tookLeave;
    private volatile @Nullable Closing wanted;

    Connection(Connections all, Protocol protocol, Arrival arrival, Optional<Doorkeeper> door, FrameWriter writer) {
        this.all = all;
        this.writer = writer;
        this.connectedAt = all.clock.millis();
        this.meter = new Meter(all.clock, all.traffic);
        this.held = new Backlog(all.settings.heldEvents(), all.settings.heartbeat());
        this.inbox = new Inbox(writer, all.settings.inboundBytes());
        this.mailbox = new Mailbox(
                lock, writer, new Told(), all.settings.outboundBytes(), all.settings.outboundFrames());
        this.entrance = new Entrance(all.engine, protocol, arrival, door, this::told);
        this.session = Connections.session(protocol, entrance.handshake(), entrance.link());
        this.agenda = new Agenda(this, entrance, all);
        this.probe = new Probe(() -> link().unsure());
        this.pulse = new Pulse(all.settings, arrival.livesByHeartbeats(), probe, connectedAt);
    }

    /** What the mailbox needs to know of what it tells, under the lock. */
    private final class Told implements Mailbox.Owner {

        @Override
        public Frame encode(Event.ReplyGrew grown) {
            return session.encode(grown);
        }

        @Override
        public Frame stamped(Frame frame) {
            return session.stamped(frame);
        }

        @Override
        public void taken(int frames, int bytes) {
            meter.sent(frames, bytes);
        }

        @Override
        public void roomAgain() {
            schedule();
        }
    }

    public ConnectionId id() {
        return link().id();
    }

    private Link link() {
        return entrance.link();
    }

    private UserId user() {
        return entrance.principal().user();
    }

    /** The transport is ready. */
    public void opened() {
        if (opens()) {
            all.executor.execute(this::run);
        }
    }

    /**
     * As {@link #opened}, on the calling thread, which blocks where the engine does: what a client is told at first, and most of what it
     * missed, is on its way when this returns.
     */
    public void openedHere() {
        if (opens()) {
            run();
        }
    }

    /** True when whoever asks is to run what is to be done first. */
    private boolean opens() {
        return locked(() -> {
            boolean first = !opened && !ended;
            boolean mine = first && !running;
            if (first) {
                opened = true;
                running = true;
                inbox.addFirst(new Inbox.Steps(session.opened(all.clock.instant())));
                all.telemetry.on(new TelemetryEvent.ConnectionOpened(entrance.protocol(), user()));
            }
            return mine;
        });
    }

    @Override
    public void received(Frame frame) {
        boolean flood;
        lock.lock();
        try {
            if (ended) {
                return;
            }
            pulse.heard();
            meter.received(frame.size());
            flood = !inbox.add(frame);
            schedule();
        } finally {
            lock.unlock();
        }
        if (flood) {
            close(Closing.because(Closing.Reason.LIMITS));
        }
    }

    @Override
    public void heard() {
        locked(() -> {
            pulse.heard();
            if (probe.answered() && !held.paused()) {
                inbox.addLast(new Inbox.Seen());
                schedule();
            }
        });
    }

    @Override
    public void close(Closing why) {
        List<Outgoing> lastWords = new ArrayList<>();
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
            held.clear();
            inbox.clear();
            for (Step step : session.closing(why, all.clock.instant())) {
                if (step instanceof Step.Send send) {
                    lastWords.add(send.outgoing());
                }
            }
            session.ended(all.clock.instant());
        } finally {
            lock.unlock();
        }
        writer.ending();
        mailbox.finish(lastWords, why.reason().code(), why.reason().word());
        end(why.reason().code());
    }

    @Override
    public void gone(int code) {
        boolean first = locked(() -> {
            boolean alive = !ended;
            ended = true;
            boolean toldAll = mailbox.discard() && held.isEmpty();
            held.clear();
            tookLeave = alive && toldAll && code != GONE;
            if (alive) {
                session.ended(all.clock.instant());
            }
            return alive;
        });
        if (first) {
            end(code);
        }
    }

    boolean ended() {
        return locked(() -> ended);
    }

    void tick(long now) {
        Meter.Sums sums;
        Pulse.Due due = Pulse.Due.NOTHING;
        boolean stalled = false;
        lock.lock();
        try {
            sums = meter.sums();
            if (opened && !ended) {
                stalled = held.stalled(now, meter.lastTaken());
                if (pulse.silent(now, meter.lastActivity()) || session.overdue(Instant.ofEpochMilli(now))) {
                    due = Pulse.Due.SILENT;
                } else if (!stalled) {
                    due = pulse.due(now);
                }
            }
        } finally {
            lock.unlock();
        }
        report(sums);
        switch (due) {
            case SILENT -> close(Closing.because(Closing.Reason.TIMEOUT));
            case BEAT -> beat();
            case ASK -> {
                if (!writer.beat()) {
                    locked(probe::giveUp);
                }
            }
            case NOTHING -> {
                if (stalled) {
                    close(Closing.because(Closing.Reason.SLOW));
                }
            }
        }
    }

    private void beat() {
        boolean asks = writer.beat();
        locked(() -> {
            if (!asks) {
                pulse.asksNothing();
            }
            // The engine takes for read what it told before the last sign of life, so none is given while some of that waits here.
            if (!held.paused() && pulse.takeHeard()) {
                inbox.addLast(new Inbox.Seen());
            }
            List<Step> rest = say(session.heartbeat(all.clock.instant()));
            if (!rest.isEmpty()) {
                inbox.addLast(new Inbox.Steps(rest));
            }
            schedule();
        });
        settle();
    }

    private void report(Meter.Sums sums) {
        if (sums.sent() > 0) {
            all.telemetry.on(new TelemetryEvent.BytesSent(entrance.protocol(), user(), sums.sent()));
        }
        if (sums.received() > 0) {
            all.telemetry.on(new TelemetryEvent.BytesReceived(entrance.protocol(), user(), sums.received()));
        }
    }

    /** The engine's door: never blocks. */
    private void told(Event event) {
        Mailbox.Turn turn;
        lock.lock();
        try {
            if (ended) {
                return;
            }
            if (!busy && held.isEmpty() || waitsForNothing(event)) {
                tell(event);
            } else if (!held.add(event)) {
                wanted = Closing.because(Closing.Reason.SLOW);
            }
            // Taken together with what was added, so that the lock is not taken for that alone.
            turn = mailbox.turn();
        } finally {
            lock.unlock();
        }
        mailbox.perform(turn);
        closeIfWanted();
    }

    /** Who may no longer be here goes at once, whatever is being done; who is to go elsewhere, only not behind a slow reader. */
    private boolean waitsForNothing(Event event) {
        return opened
                && event instanceof Event.Disconnecting disconnecting
                && switch (disconnecting.cause()) {
                    case TOKEN_EXPIRED, TOKEN_REVOKED -> true;
                    case DRAIN, STORE_LOST -> !busy;
                };
    }

    private void tell(Event event) {
        if (event instanceof Event.Disconnecting disconnecting) {
            wanted = Closing.of(disconnecting);
            return;
        }
        Instant now = all.clock.instant();
        probe.told(event, now.toEpochMilli());
        List<Step> rest = say(session.happened(event, now));
        if (!rest.isEmpty()) {
            busy = true;
            inbox.addFirst(new Inbox.Steps(rest));
            schedule();
        }
    }

    /** Puts what is only to be sent into the mailbox; what remains begins with a step that may block. */
    private List<Step> say(List<Step> steps) {
        for (int i = 0; i < steps.size(); i++) {
            if (!(steps.get(i) instanceof Step.Send send)) {
                return steps.subList(i, steps.size());
            }
            send(send.outgoing());
        }
        return List.of();
    }

    private void send(Outgoing outgoing) {
        if (!mailbox.add(outgoing)) {
            wanted = Closing.because(Closing.Reason.SLOW);
        }
    }

    /** Does what was found to be done under the lock, without it. */
    void settle() {
        if (wanted == null) {
            mailbox.flush();
        }
        closeIfWanted();
    }

    private void closeIfWanted() {
        Closing why = wanted;
        if (why != null) {
            close(why);
        }
    }

    private void schedule() {
        if (!running && (opened || ended)) {
            running = true;
            all.executor.execute(this::run);
        }
    }

    private void run() {
        try {
            while (runNext()) {
                // One after the other, until nothing waits.
            }
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.ERROR, "connection=" + id() + " ends by a fault", fault);
            close(Closing.because(Closing.Reason.STORE));
            locked(() -> {
                inbox.clear();
                running = false;
                schedule();
            });
        }
    }

    private boolean runNext() {
        Inbox.Work work;
        boolean closeLink = false;
        lock.lock();
        try {
            catchUp();
            work = held.paused() ? null : inbox.poll();
            busy = work != null;
            if (work == null) {
                running = false;
                closeLink = ended && !linkClosed;
                linkClosed |= closeLink;
            }
        } finally {
            lock.unlock();
        }
        settle();
        switch (work) {
            case null -> {
                if (closeLink) {
                    if (tookLeave) {
                        link().left();
                    }
                    link().close();
                }
                return false;
            }
            case Inbox.Received received -> agenda.perform(
                    () -> session.received(received.frame(), all.clock.instant()));
            case Inbox.Steps steps -> agenda.perform(steps::steps);
            case Inbox.Seen seen -> link().seen();
        }
        locked(() -> {
            busy = false;
        });
        return true;
    }

    /** Tells what waited for as long as there is room for it; the client's next frame is handled behind all of it. */
    private void catchUp() {
        while (!busy && !ended && !held.isEmpty() && mailbox.hasRoom()) {
            tell(held.next());
        }
        held.pause(!busy && !held.isEmpty(), all.clock.millis());
    }

    /** Computes something with the wire language. */
    <T> T locked(Supplier<T> computation) {
        lock.lock();
        try {
            return computation.get();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** Says something once what was said before is settled. */
    void sendNext(Outgoing outgoing) {
        locked(() -> send(outgoing));
    }

    private void end(int code) {
        boolean told = locked(() -> {
            schedule();
            return opened;
        });
        all.ended(this);
        report(locked(meter::sums));
        if (told) {
            Instant from = Instant.ofEpochMilli(connectedAt);
            all.telemetry.on(new TelemetryEvent.ConnectionClosed(
                    entrance.protocol(), user(), code, Duration.between(from, all.clock.instant())));
        }
    }
}
