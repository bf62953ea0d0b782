package dev.parley.adapter.ollama;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One connection to the model's server. It is used by one thread at a time, which blocks; that thread's interruption ends the wait
 * and not the connection, so whoever used it closes it then. {@link #close} and {@link #overdue} may come from any thread.
 *
 * <p>A timer for the wait for each word would cost more than the word: so whoever waits says until when, and {@link Wires} looks now
 * and then whether a wait takes too long.
 */
abstract class Wire implements AutoCloseable {

    /** Nothing follows. */
    static final int END = -1;

    private static final long NOBODY = Long.MAX_VALUE;

    private volatile long until = NOBODY;

    /** Until when somebody waits, on the clock of {@link Wires}; the end of time when nobody does. */
    final long until() {
        return until;
    }

    /** Somebody waits, and {@code wires} sees to it that it is not for longer than until {@code deadline}. */
    final void waits(Wires wires, long deadline) {
        until = deadline;
        wires.lookBy(deadline);
    }

    final void waitsNoLonger() {
        until = NOBODY;
    }

    /** The wait that goes on is over, or it was just now. */
    abstract void overdue();

    /**
     * Bytes as they come: how many, or {@link #END}.
     *
     * @param room at least 1
     */
    abstract int read(byte[] into, int at, int room, long deadline)
            throws IOException, InterruptedException, LateException;

    /** Whether what comes may gather for as long as the settings say; it is read at once until this is said. */
    void gathers(boolean now) {}

    abstract void write(ByteBuffer bytes, long deadline) throws IOException, InterruptedException, LateException;

    /** Whether another request may go over it. */
    abstract boolean reusable();

    /** Ends it at once, whoever uses it. */
    @Override
    public abstract void close();
}
