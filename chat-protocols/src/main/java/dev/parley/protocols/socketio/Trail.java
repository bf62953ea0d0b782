package dev.parley.protocols.socketio;

import dev.parley.protocols.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** What one client was told last, so that it can go on there on another connection. Safe for use by many threads. */
final class Trail {

    static final String START = "0";

    /** What a packet costs beside its bytes. */
    private static final int OVERHEAD = 64;

    private static final int RADIX = 36;

    final String pid;
    final String sid;
    final String namespace;
    final String owner;
    final NamespaceSession session;
    private final SocketIoSettings.Recovery bounds;

    /** The bytes of all trails. */
    private final AtomicLong kept;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Told> told = new ArrayDeque<>();
    private String startsBehind = START;
    private String newest = START;
    private long number;
    private long bytes;
    private boolean taken;
    private boolean over;
    private Optional<NamespaceSession> before = Optional.empty();

    private record Told(String offset, List<Frame> packet, long size) {}

    Trail(
            String pid,
            String sid,
            String namespace,
            String owner,
            NamespaceSession session,
            SocketIoSettings.Recovery bounds,
            AtomicLong kept) {
        this.pid = pid;
        this.sid = sid;
        this.namespace = namespace;
        this.owner = owner;
        this.session = session;
        this.bounds = bounds;
        this.kept = kept;
    }

    /** The next offset that this trail counts by itself. */
    String count() {
        return locked(() -> Long.toString(++number, RADIX));
    }

    /** Where the client is once it has everything it was told. */
    String newest() {
        return locked(() -> newest);
    }

    void add(String offset, List<Frame> packet) {
        lock.lock();
        try {
            if (taken || over) {
                return;
            }
            long size = OVERHEAD;
            for (Frame frame : packet) {
                size += frame.size();
            }
            told.add(new Told(offset, List.copyOf(packet), size));
            newest = offset;
            bytes += size;
            kept.addAndGet(size);
            while (told.size() > bounds.packets()
                    || bytes > bounds.bytes()
                    || kept.get() > bounds.totalBytes() && !told.isEmpty()) {
                Told oldest = told.remove();
                bytes -= oldest.size();
                kept.addAndGet(-oldest.size());
                startsBehind = oldest.offset();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nobody goes on from here any more. */
    void letGo() {
        lock.lock();
        try {
            over = true;
            kept.addAndGet(-bytes);
            bytes = 0;
            told.clear();
        } finally {
            lock.unlock();
        }
    }

    /** The session that went before, once; so that sessions do not hang on each other for ever. */
    Optional<NamespaceSession> before() {
        return locked(() -> {
            Optional<NamespaceSession> earlier = before;
            before = Optional.empty();
            return earlier;
        });
    }

    /** Whether another connection has taken it over. */
    boolean taken() {
        return locked(() -> taken);
    }

    /**
     * Takes it over for another connection.
     *
     * @param offset the last that the client has; empty where it has nothing yet
     * @param later which session goes on
     * @return the same trail for that session; empty when it does not reach back as far
     */
    Optional<Trail> takeOver(Optional<String> offset, NamespaceSession later) {
        return locked(() -> {
            if (taken || over || missed(offset).isEmpty()) {
                return Optional.empty();
            }
            taken = true;
            Trail same = new Trail(pid, sid, namespace, owner, later, bounds, kept);
            same.told.addAll(told);
            same.bytes = bytes;
            told.clear();
            bytes = 0;
            same.number = number;
            same.newest = newest;
            same.startsBehind = startsBehind;
            same.before = Optional.of(session);
            return Optional.of(same);
        });
    }

    /** The packets behind an offset; empty when that is not known any more. */
    Optional<List<Frame>> missed(Optional<String> offset) {
        return locked(() -> {
            String last = offset.orElse(START);
            List<Frame> missed = new ArrayList<>();
            for (Iterator<Told> newestFirst = told.descendingIterator(); newestFirst.hasNext();) {
                Told next = newestFirst.next();
                if (next.offset().equals(last)) {
                    return Optional.of(missed);
                }
                missed.addAll(0, next.packet());
            }
            return startsBehind.equals(last) ? Optional.of(missed) : Optional.empty();
        });
    }

    private <T> T locked(Supplier<T> computation) {
        lock.lock();
        try {
            return computation.get();
        } finally {
            lock.unlock();
        }
    }
}
