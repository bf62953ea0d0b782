package dev.parley.adapter.ollama;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection without TLS. The thread of {@link Wires} reads, one call of the system for whatever has come, and wakes whoever waits;
 * when much waits to be taken it reads no further, and the server waits.
 */
final class PlainWire extends Wire {

    private static final System.Logger LOG = System.getLogger(PlainWire.class.getName());

    private static final int FIRST_CAPACITY = 1024;

    /** As much as that may wait to be taken. */
    private static final int MUCH = 256 * 1024;

    private final Wires wires;
    private final SocketChannel channel;

    /** Tell that something has come: which is read at once, or which may gather. */
    private final SelectionKey key;

    private final SelectionKey gatheringKey;

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private byte[] arrived = new byte[FIRST_CAPACITY];
    private int taken;
    private int filled;
    private boolean paused;
    private boolean gathers;
    private boolean ended;
    private @Nullable IOException broken;

    private volatile @Nullable Thread sleeper;
    private volatile boolean writable;

    private PlainWire(Wires wires, SocketChannel channel, SelectionKey key, SelectionKey gatheringKey) {
        this.wires = wires;
        this.channel = channel;
        this.key = key;
        this.gatheringKey = gatheringKey;
    }

    /** @param channel connected, and not blocking; whoever gave it closes it when this throws */
    static PlainWire over(Wires wires, SocketChannel channel) throws IOException {
        SelectionKey gatheringKey = wires.gathering().register(channel);
        SelectionKey key = wires.register(channel);
        PlainWire wire = new PlainWire(wires, channel, key, gatheringKey);
        gatheringKey.attach(wire);
        key.attach(wire);
        return wire;
    }

    @Override
    int read(byte[] into, int at, int room, long deadline)
            throws IOException, InterruptedException, LateException {
        sleeper = Thread.currentThread();
        try {
            int count = take(into, at, room);
            if (count == 0) {
                waits(wires, deadline);
                count = take(into, at, room);
            }
            while (count == 0) {
                if (wires.now() >= deadline) {
                    throw new LateException();
                }
                LockSupport.park(this);
                throwIfInterrupted();
                count = take(into, at, room);
            }
            return count;
        } finally {
            sleeper = null;
            waitsNoLonger();
        }
    }

    /** What has arrived; 0 when that is nothing yet. */
    private int take(byte[] into, int at, int room) throws IOException {
        boolean goesOn;
        int count;
        lock.lock();
        try {
            count = Math.min(room, filled - taken);
            if (count == 0) {
                return nothing();
            }
            System.arraycopy(arrived, taken, into, at, count);
            taken += count;
            if (taken == filled) {
                taken = 0;
                filled = 0;
            }
            goesOn = paused && filled - taken <= MUCH / 2;
            paused &= !goesOn;
            if (goesOn) {
                listen();
            }
        } finally {
            lock.unlock();
        }
        if (goesOn) {
            wires.wake();
        }
        return count;
    }

    private int nothing() throws IOException {
        if (broken != null) {
            throw broken;
        }
        return ended ? END : 0;
    }

    @Override
    void gathers(boolean now) {
        boolean heeded;
        lock.lock();
        try {
            if (gathers == now || now && broken != null) {
                return;
            }
            gathers = now;
            listen();
            if (!now) {
                wires.gathering().fewer();
            }
            heeded = now && wires.gathering().more();
        } finally {
            lock.unlock();
        }
        if (!heeded) {
            wires.wake();
        }
    }

    /** Has the one key or the other tell what comes, or none while nothing is to be read. */
    private void listen() {
        int reads = paused || ended ? 0 : SelectionKey.OP_READ;
        try {
            key.interestOps(key.interestOps() & ~SelectionKey.OP_READ | (gathers ? 0 : reads));
            gatheringKey.interestOps(gathers ? reads : 0);
        } catch (CancelledKeyException gone) {
            LOG.log(System.Logger.Level.TRACE, "A connection went", gone);
        }
    }

    @Override
    void write(ByteBuffer bytes, long deadline) throws IOException, InterruptedException, LateException {
        channel.write(bytes);
        if (!bytes.hasRemaining()) {
            return;
        }
        sleeper = Thread.currentThread();
        waits(wires, deadline);
        try {
            while (bytes.hasRemaining()) {
                writable = false;
                wires.awaitWritable(key);
                while (!writable && channel.isOpen()) {
                    if (wires.now() >= deadline) {
                        throw new LateException();
                    }
                    LockSupport.park(this);
                    throwIfInterrupted();
                }
                channel.write(bytes);
            }
        } finally {
            sleeper = null;
            waitsNoLonger();
        }
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** For the thread that reads: takes what has come, by way of {@code shared}, and answers who waits for that. */
    @Nullable
    Thread arrives(ByteBuffer shared) {
        try {
            if (key.isWritable()) {
                key.interestOpsAnd(~SelectionKey.OP_WRITE);
                writable = true;
            }
            boolean more = reads();
            while (more) {
                shared.clear();
                int count = channel.read(shared);
                more = keep(shared.flip(), count < 0) && count == shared.capacity();
            }
        } catch (IOException | CancelledKeyException gone) {
            breaks(new IOException("Expected the connection to last", gone));
        }
        return sleeper;
    }

    private boolean reads() {
        lock.lock();
        try {
            return !paused && !ended;
        } finally {
            lock.unlock();
        }
    }

    /** Puts them to what waits to be taken; whether there is room for more. */
    private boolean keep(ByteBuffer bytes, boolean end) {
        boolean room;
        lock.lock();
        try {
            put(bytes);
            ended |= end;
            paused |= filled - taken > MUCH;
            room = !paused && !ended;
            if (gathers || !room) {
                listen();
            }
        } finally {
            lock.unlock();
        }
        if (end && wires.rests(this)) {
            close();
        }
        return room;
    }

    private void put(ByteBuffer bytes) {
        int more = bytes.remaining();
        if (filled + more > arrived.length) {
            System.arraycopy(arrived, taken, arrived, 0, filled - taken);
            filled -= taken;
            taken = 0;
            if (filled + more > arrived.length) {
                arrived = Arrays.copyOf(arrived, Math.max(2 * arrived.length, filled + more));
            }
        }
        bytes.get(arrived, filled, more);
        filled += more;
    }

    private void breaks(IOException cause) {
        lock.lock();
        try {
            broken = broken == null ? cause : broken;
        } finally {
            lock.unlock();
        }
        close();
    }

    @Override
    void overdue() {
        LockSupport.unpark(sleeper);
    }

    @Override
    boolean reusable() {
        lock.lock();
        try {
            return !ended && broken == null && filled == taken && channel.isOpen();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            broken = broken == null ? new IOException("Expected an open connection, found it closed") : broken;
        } finally {
            lock.unlock();
        }
        gathers(false);
        wires.forget(this);
        try {
            channel.close();
        } catch (IOException already) {
            LOG.log(System.Logger.Level.DEBUG, "A connection went before it was closed", already);
        }
        // The system's side is let go of by the thread that reads.
        wires.leaves();
        LockSupport.unpark(sleeper);
    }
}
