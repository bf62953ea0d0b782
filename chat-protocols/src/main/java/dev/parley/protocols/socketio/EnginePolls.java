package dev.parley.protocols.socketio;

import dev.parley.protocols.Frame;
import dev.parley.protocols.socketio.EngineSession.Polled;
import dev.parley.protocols.socketio.EngineSession.Posted;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The side of a session that polls and posts: what waits for the next poll, the poll that waits, and the body that is being taken.
 * Used under its session's lock; what is to be called without it goes into a list.
 */
final class EnginePolls {

    /** Stock clients of Python take no more packets at once. */
    static final int MOST_PACKETS = 16;

    private final int mostBytes;

    /** Packets of Engine.IO itself. */
    private final List<Frame> own = new ArrayList<>(1);

    private List<Frame> batch = List.of();
    private @Nullable Runnable taken;
    private @Nullable Consumer<Polled> poll;
    private boolean polling;
    private boolean posting;
    private @Nullable Consumer<Posted> held;
    private boolean wanted = true;

    EnginePolls(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    // Polls

    /** A poll came; false when there is one already. */
    boolean begin() {
        boolean alone = !polling;
        polling = true;
        return alone;
    }

    /** Puts what waits into a poll that has begun; false once there is no more or the poll is full. */
    boolean collect(List<Frame> packets, List<Runnable> after) {
        packets.addAll(own);
        own.clear();
        int bytes = 0;
        for (Frame packet : packets) {
            bytes += packet.size();
        }
        int room = MOST_PACKETS - packets.size();
        if (taken == null || room <= 0 || bytes >= mostBytes) {
            return false;
        }
        if (batch.size() > room) {
            packets.addAll(batch.subList(0, room));
            batch = batch.subList(room, batch.size());
            return false;
        }
        packets.addAll(batch);
        complete(after);
        return true;
    }

    /** Answers a poll that has begun, or lets it wait when there is nothing. */
    void settle(List<Frame> packets, Consumer<Polled> answer, List<Runnable> after) {
        poll = answer;
        if (!packets.isEmpty()) {
            answer(packets, after);
        }
    }

    /** A poll that has begun has no business here any more. */
    void misplace(Consumer<Polled> answer, List<Runnable> after) {
        poll = null;
        polling = false;
        after.add(() -> answer.accept(new Polled.Misplaced()));
    }

    /** Tells something of Engine.IO itself: now, or with the next poll. */
    void tell(Frame packet, List<Runnable> after) {
        own.add(packet);
        if (poll != null) {
            List<Frame> packets = List.copyOf(own);
            own.clear();
            answer(packets, after);
        }
    }

    /** Answers the poll that waits, if one does, with a packet of Engine.IO itself; true if one did. */
    boolean release(Frame packet, List<Runnable> after) {
        boolean waits = poll != null;
        if (waits) {
            answer(List.of(packet), after);
        }
        return waits;
    }

    /** Takes what the connection says. */
    void offer(List<Frame> frames, Runnable completion, List<Runnable> after) {
        batch = frames;
        taken = completion;
        if (poll != null) {
            List<Frame> packets = new ArrayList<>();
            collect(packets, after);
            answer(packets, after);
        }
    }

    /** What waits for a poll that will not come, to be sent otherwise. */
    List<Frame> rest() {
        List<Frame> rest = new ArrayList<>(own);
        rest.addAll(batch);
        own.clear();
        batch = List.of();
        return rest;
    }

    /** What is to be run once {@link #rest} is sent. */
    Runnable restTaken() {
        Runnable done = taken;
        taken = null;
        return done == null ? () -> {} : done;
    }

    private void answer(List<Frame> packets, List<Runnable> after) {
        Consumer<Polled> waiting = poll;
        poll = null;
        polling = false;
        if (waiting != null) {
            List<Frame> brought = List.copyOf(packets);
            // Before anything that was completed by it says more.
            after.addFirst(() -> waiting.accept(new Polled.Packets(brought)));
        }
    }

    private void complete(List<Runnable> after) {
        Runnable done = taken;
        batch = List.of();
        taken = null;
        if (done != null) {
            after.add(done);
        }
    }

    // Posts

    /** A body is to be read; false when one is being read already. */
    boolean beginPost() {
        boolean alone = !posting;
        posting = true;
        return alone;
    }

    /** A body was taken: its client may send the next, once there is room. */
    void posted(Consumer<Posted> answer, List<Runnable> after) {
        if (wanted) {
            posting = false;
            after.add(() -> answer.accept(Posted.TAKEN));
        } else {
            held = answer;
        }
    }

    void reading(boolean now, List<Runnable> after) {
        wanted = now;
        if (now) {
            release(Posted.TAKEN, after);
        }
    }

    private void release(Posted result, List<Runnable> after) {
        Consumer<Posted> waiting = held;
        if (waiting != null) {
            held = null;
            posting = false;
            after.add(() -> waiting.accept(result));
        }
    }

    /** Nothing will be taken any more. */
    void abandon(List<Runnable> after) {
        wanted = true;
        complete(after);
        release(Posted.MISPLACED, after);
    }
}
