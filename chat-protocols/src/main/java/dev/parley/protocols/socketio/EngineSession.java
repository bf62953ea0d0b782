package dev.parley.protocols.socketio;

import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.connection.FrameWriter;
import dev.parley.protocols.connection.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One session of Engine.IO: the transport of a connection over polls, a WebSocket, or polls until a WebSocket takes over. It begins
 * either with {@link #openPolls} or with {@link #openSocket}; its host brings what comes over the network, and ticks when asked to.
 *
 * <p>Knows no network, no thread and no clock: times are arguments, in milliseconds. Safe for use by many threads; no method blocks,
 * and nothing is called with the lock held.
 */
public final class EngineSession implements FrameWriter {

    /** What a poll brings. */
    public sealed interface Polled {

        /** At least one packet. */
        record Packets(List<Frame> packets) implements Polled {}

        /** Nothing: the request should not have come. */
        record Misplaced() implements Polled {}
    }

    /** What became of a body. */
    public enum Posted {
        TAKEN,
        /** The request should not have come, or nobody can read it. */
        MISPLACED
    }

    private static final Closing DEPARTED = Closing.because(Closing.Reason.ASKED);

    private final String sid;
    private final EngineSettings settings;
    private final Consumer<Duration> alarm;
    private final Runnable forget;
    private final ReentrantLock lock = new ReentrantLock();
    private final EngineHeartbeat heartbeat;
    private final EnginePolls polls;
    private volatile @Nullable FrameWriter socket;
    private final EngineUpgrade upgrade = new EngineUpgrade();
    private boolean ending;
    private boolean closing;
    private long endBy;
    private volatile boolean ended;
    /** Whether the poll that is here came before the end. */
    private boolean polledInTime;
    private boolean forgotten;
    private volatile @Nullable Receiver receiver;

    /**
     * @param sid the session's id, a secret of the client's
     * @param alarm asks for a {@link #tick} after a time
     * @param forget called once when the session is over
     */
    public EngineSession(String sid, EngineSettings settings, Consumer<Duration> alarm, Runnable forget) {
        this.sid = sid;
        this.settings = settings;
        this.alarm = alarm;
        this.forget = forget;
        this.heartbeat = new EngineHeartbeat(settings);
        this.polls = new EnginePolls(settings.maxPayload());
    }

    /** The connection that is carried; before anything else. */
    public void carries(Receiver carried) {
        receiver = carried;
    }

    /** Whether a poll may come: false once a WebSocket has taken over. */
    public boolean polled() {
        return socket == null;
    }

    /** The session begins with a poll: the next one brings the first packet. */
    public void openPolls(long now) {
        change(after -> {
            polls.tell(EnginePackets.open(sid, true, settings), after);
            heartbeat.begin(now);
            arm(now, after);
        });
    }

    /** The session begins on a WebSocket. */
    public void openSocket(FrameWriter opened, long now) {
        change(after -> {
            socket = opened;
            heartbeat.begin(now);
            arm(now, after);
            after.add(() -> opened.write(List.of(EnginePackets.open(sid, false, settings)), () -> {}));
        });
    }

    /** The client polls. {@code answer} is called once, now or later */
    public void poll(Consumer<Polled> answer) {
        boolean alone = locked(after -> {
            boolean first = polls.begin();
            if (first) {
                polledInTime = !ended;
            } else {
                after.add(() -> answer.accept(new Polled.Misplaced()));
            }
            return first;
        });
        if (!alone) {
            end(Closing.because(Closing.Reason.PROTOCOL));
            return;
        }
        List<Frame> packets = new ArrayList<>();
        boolean more = true;
        while (more) {
            // What is taken makes the connection say more at once.
            more = locked(after -> !ended && socket == null && polls.collect(packets, after));
        }
        change(after -> settle(packets, answer, after));
    }

    private void settle(List<Frame> packets, Consumer<Polled> answer, List<Runnable> after) {
        if (packets.isEmpty() && (socket != null || ended && !polledInTime)) {
            polls.misplace(answer, after);
            return;
        }
        if (packets.isEmpty() && ended) {
            // The session ended while it looked for something to bring.
            packets.add(EnginePackets.CLOSE);
            polls.settle(packets, answer, after);
            return;
        }
        if (!ended && socket == null) {
            // Perhaps something was said since; what is said because of that waits for the next poll.
            polls.collect(packets, after);
        }
        boolean last = closing && !ended;
        if (last) {
            packets.add(EnginePackets.CLOSE);
        } else if (packets.isEmpty() && upgrade.probed()) {
            packets.add(EnginePackets.NOOP);
        }
        polls.settle(packets, answer, after);
        if (last) {
            finish(after);
        }
    }

    /** A body is about to be read; false when it must not come. Ends with {@link #posted} or {@link #unread}. */
    public boolean beginPost() {
        boolean alone = locked(after -> polls.beginPost());
        if (!alone) {
            end(Closing.because(Closing.Reason.PROTOCOL));
        }
        return alone && locked(after -> !ended && socket == null);
    }

    /** A body came. {@code answer} is called once, now or later */
    public void posted(byte[] body, Consumer<Posted> answer, long now) {
        Optional<List<Frame>> packets = EnginePackets.packets(body, settings.maxPackets());
        if (packets.isEmpty()) {
            end(Closing.because(Closing.Reason.INVALID_TEXT));
            answer.accept(Posted.MISPLACED);
            return;
        }
        for (Frame packet : packets.get()) {
            received(packet, now);
        }
        change(after -> polls.posted(answer, after));
    }

    /** A body could not be read, or is not to be. */
    public void unread(Closing why) {
        end(why);
    }

    /** A WebSocket wants to take over from polls; false when it may not. */
    public boolean probe(FrameWriter candidate, long now) {
        return locked(after -> {
            boolean begins = !ended
                    && !closing
                    && socket == null
                    && upgrade.begin(candidate, now + settings.upgradeTimeout().toMillis());
            if (begins) {
                after.add(() -> alarm.accept(settings.upgradeTimeout()));
            }
            return begins;
        });
    }

    /** A WebSocket brought a packet. */
    public void received(FrameWriter from, Frame packet, long now) {
        boolean carries = locked(after -> {
            if (upgrade.is(from)) {
                probed(from, packet, after);
                heartbeat.heard(now);
                return false;
            }
            return from.equals(socket);
        });
        if (carries) {
            received(packet, now);
        }
    }

    private void probed(FrameWriter candidate, Frame packet, List<Runnable> after) {
        switch (upgrade.received(candidate, packet, after)) {
            case PROBED -> polls.release(EnginePackets.NOOP, after);
            case TAKES_OVER -> takeOver(candidate, after);
            case NONSENSE -> {}
        }
    }

    private void takeOver(FrameWriter candidate, List<Runnable> after) {
        socket = candidate;
        polls.release(EnginePackets.NOOP, after);
        List<Frame> waiting = polls.rest();
        Runnable done = polls.restTaken();
        if (!waiting.isEmpty()) {
            after.add(() -> candidate.write(waiting, done));
        }
        if (closing) {
            ended = true;
            after.add(() -> candidate.close(DEPARTED.reason().code(), DEPARTED.reason().word()));
        }
    }

    /** A WebSocket is gone. */
    public void gone(FrameWriter which, int code) {
        Receiver carried = receiver;
        change(after -> {
            if (upgrade.is(which)) {
                upgrade.forget();
            } else if (which.equals(socket)) {
                ended = true;
                forget(after);
                if (carried != null) {
                    after.add(() -> carried.gone(code));
                }
            }
        });
    }

    /** A WebSocket broke the rules below this layer. */
    public void broken(FrameWriter which, Closing why) {
        if (which.equals(socket)) {
            end(why);
        } else {
            change(upgrade::drop);
        }
    }

    private void received(Frame packet, long now) {
        Receiver carried = receiver;
        boolean over = locked(after -> {
            heartbeat.heard(now);
            return ended;
        });
        if (carried == null || over) {
            return;
        }
        Optional<EnginePackets.Type> type = EnginePackets.type(packet);
        if (packet.size() > settings.maxPayload()) {
            end(Closing.because(Closing.Reason.TOO_LARGE));
        } else if (type.isEmpty()) {
            end(Closing.because(Closing.Reason.PROTOCOL));
        } else {
            switch (type.get()) {
                case MESSAGE -> carried.received(packet);
                case PONG -> {
                    change(after -> {
                        heartbeat.answered(now);
                        arm(now, after);
                    });
                    carried.heard();
                }
                case CLOSE -> end(DEPARTED);
                case PING -> end(Closing.because(Closing.Reason.PROTOCOL));
                case OPEN, UPGRADE, NOOP -> {}
            }
        }
    }

    /** Does what is due. */
    public void tick(long now) {
        boolean silent = locked(after -> {
            if (ended) {
                return false;
            }
            upgrade.tick(now, after);
            if (ending && endBy == 0) {
                endBy = now + settings.closeGrace().toMillis();
            }
            EngineHeartbeat.Due due = heartbeat.due(now);
            if (due == EngineHeartbeat.Due.PING) {
                ping(after);
            }
            arm(now, after);
            return due == EngineHeartbeat.Due.SILENT || ending && now >= endBy;
        });
        if (silent) {
            end(Closing.because(Closing.Reason.TIMEOUT));
        }
    }

    private void ping(List<Runnable> after) {
        FrameWriter open = socket;
        if (open == null) {
            polls.tell(EnginePackets.PING, after);
        } else {
            after.add(() -> open.write(List.of(EnginePackets.PING), () -> {}));
        }
    }

    private void arm(long now, List<Runnable> after) {
        heartbeat.arm(now, ending ? endBy : 0).ifPresent(wait -> after.add(() -> alarm.accept(wait)));
    }

    @Override
    public void write(List<Frame> frames, Runnable completion) {
        FrameWriter carrying = socket;
        if (carrying != null && !ended) {
            // What polls left is written before whoever writes here is told to go on.
            carrying.write(frames, completion);
            return;
        }
        change(after -> {
            FrameWriter open = socket;
            if (ended) {
                after.add(completion);
            } else if (open == null) {
                polls.offer(frames, completion, after);
            } else {
                after.add(() -> open.write(frames, completion));
            }
        });
    }

    @Override
    public void ending() {
        change(after -> {
            ending = true;
            FrameWriter open = socket;
            after.add(open == null ? () -> alarm.accept(Duration.ZERO) : open::ending);
        });
    }

    @Override
    public void close(int code, String reason) {
        change(after -> {
            FrameWriter open = socket;
            if (ended) {
                return;
            }
            if (open != null) {
                // Forgotten once the socket is gone.
                ended = true;
                after.add(() -> open.close(code, reason));
            } else if (polls.release(EnginePackets.CLOSE, after)) {
                finish(after);
            } else {
                closing = true;
            }
        });
    }

    @Override
    public boolean postpones(Runnable flush) {
        FrameWriter open = socket;
        return open != null && open.postpones(flush);
    }

    @Override
    public void reading(boolean wanted) {
        change(after -> {
            FrameWriter open = socket;
            if (open != null) {
                after.add(() -> open.reading(wanted));
            }
            polls.reading(wanted, after);
        });
    }

    /** Ends at once, without last words. */
    private void end(Closing why) {
        Receiver carried = receiver;
        change(after -> {
            if (ended) {
                return;
            }
            polls.release(why.equals(DEPARTED) ? EnginePackets.NOOP : EnginePackets.CLOSE, after);
            FrameWriter open = socket;
            if (open != null) {
                after.add(() -> open.close(why.reason().code(), why.reason().word()));
            }
            finish(after);
            if (carried != null) {
                // Whoever departs has everything it was told, as far as it matters to it; from others nothing is taken any more.
                after.add(() -> {
                    if (why.equals(DEPARTED)) {
                        carried.gone(why.reason().code());
                    } else {
                        carried.close(why);
                    }
                });
            }
        });
    }

    private void finish(List<Runnable> after) {
        ended = true;
        upgrade.drop(after);
        polls.abandon(after);
        forget(after);
    }

    private void forget(List<Runnable> after) {
        if (!forgotten) {
            forgotten = true;
            after.add(forget);
        }
    }

    private interface Change<T> {
        T apply(List<Runnable> after);
    }

    /** Changes what is known under the lock, then does what follows from it without. */
    private <T> T locked(Change<T> change) {
        List<Runnable> after = new ArrayList<>(2);
        T result;
        lock.lock();
        try {
            result = change.apply(after);
        } finally {
            lock.unlock();
        }
        after.forEach(Runnable::run);
        return result;
    }

    /** As {@link #locked}, for changes that tell nothing. */
    private void change(Consumer<List<Runnable>> change) {
        locked(after -> {
            change.accept(after);
            return true;
        });
    }
}
