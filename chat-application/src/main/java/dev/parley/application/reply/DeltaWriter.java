package dev.parley.application.reply;

import dev.parley.domain.Registration;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes a model's text to a reply's log in pieces that are worth a write: the first at once, then what came within a window
 * together, and earlier when much has gathered. The model's thread never waits for a window.
 */
final class DeltaWriter {

    /** As much text as is worth a write by itself, in UTF-16 code units. */
    private static final int ENOUGH = 2048;

    private final StreamLog.Writer writer;
    private final Timers timers;
    private final Duration window;

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final StringBuilder text = new StringBuilder();
    private int written;
    private boolean flushPlanned;
    private boolean closed;
    private Registration planned = () -> {};

    DeltaWriter(StreamLog.Writer writer, Timers timers, Duration window) {
        this.writer = writer;
        this.timers = timers;
        this.window = window;
    }

    /** Adds a piece. Throws what the log throws, also for an earlier write of a window. */
    void add(String piece) {
        lock.lock();
        try {
            boolean first = text.isEmpty();
            text.append(piece);
            if (first || window.isZero() || text.length() - written >= ENOUGH) {
                write();
            } else if (!flushPlanned) {
                flushPlanned = true;
                planned = timers.after(window, this::windowOver);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes what waits and takes nothing more from windows; returns the whole text. */
    String finish() {
        lock.lock();
        try {
            planned.close();
            if (!closed) {
                closed = true;
                write();
            }
            return text.toString();
        } finally {
            lock.unlock();
        }
    }

    /** The whole text, written or not; what is known even when the log is lost. */
    String text() {
        lock.lock();
        try {
            return text.toString();
        } finally {
            lock.unlock();
        }
    }

    /** The text behind {@code offset}. */
    String tail(int offset) {
        lock.lock();
        try {
            return text.substring(offset);
        } finally {
            lock.unlock();
        }
    }

    int length() {
        lock.lock();
        try {
            return text.length();
        } finally {
            lock.unlock();
        }
    }

    private void windowOver() {
        lock.lock();
        try {
            flushPlanned = false;
            if (!closed) {
                write();
            }
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        if (written < text.length()) {
            writer.append(text.substring(written));
            written = text.length();
        }
    }
}
