package dev.parley.application.reply;

import dev.parley.domain.Registration;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * Writes a model's text to a reply's log in pieces that are worth a write: the first at once, then what came within a window
 * together, and earlier when much has gathered. The model's thread does not wait for a window's write, unless so much gathers
 * meanwhile that it must be slowed down.
 *
 * <p>A log that is away stops nothing: the text is kept here, and whoever reads the log gets the rest when the reply has ended.
 */
final class DeltaWriter {

    private static final System.Logger LOG = System.getLogger(DeltaWriter.class.getName());

    /** A window for what has gathered before: it is over as soon as whoever adds has nothing more to add. */
    static final Duration SOON = Duration.ofNanos(1);

    /** As much text as is worth a write by itself, in UTF-16 code units. */
    private static final int ENOUGH = 2048;

    /** More than that is not let gather behind a slow log. */
    private static final int TOO_MUCH = 64 * 1024;

    private static final char UNKNOWN = '\uFFFD';

    private final MessageId reply;
    private final Timers timers;
    private final Duration window;

    /** Held while the log is written; taken before {@link #lock}. */
    private final ReentrantLock writing = new ReentrantLock();
    // guarded by writing
    private Optional<StreamLog.Writer> writer;

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final StringBuilder text = new StringBuilder();
    private int written;
    private boolean windowOpen;
    private boolean finished;
    private Registration planned = () -> {};

    /**
     * @param writer empty when the log is away from the beginning
     * @param window zero for every piece at once
     */
    DeltaWriter(MessageId reply, Optional<StreamLog.Writer> writer, Timers timers, Duration window) {
        this.reply = reply;
        this.writer = writer;
        this.timers = timers;
        this.window = window;
    }

    /**
     * Adds a piece; returns how long the text is now.
     *
     * @throws dev.parley.domain.error.FencedException when another node has taken the reply
     */
    int add(String piece) {
        boolean now;
        boolean wait;
        int length;
        lock.lock();
        try {
            boolean first = text.isEmpty();
            append(piece);
            length = text.length();
            now = first || window.isZero() || length - written >= ENOUGH;
            wait = first || window.isZero() || length - written >= TOO_MUCH;
            if (!now) {
                openWindow();
            }
        } finally {
            lock.unlock();
        }
        if (now) {
            write(wait);
        }
        return length;
    }

    /** Writes what waits and takes nothing more from windows. Throws as {@link #add}. */
    void finish() {
        lock.lock();
        try {
            planned.close();
            finished = true;
            if (!text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1))) {
                text.setCharAt(text.length() - 1, UNKNOWN);
            }
        } finally {
            lock.unlock();
        }
        write(true);
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
            return text.substring(Math.min(offset, whole()), whole());
        } finally {
            lock.unlock();
        }
    }

    /** Half a pair without its other half cannot be stored; models should not say such, but do. */
    private void append(String piece) {
        boolean half = !piece.isEmpty()
                && Character.isLowSurrogate(piece.charAt(0))
                && (text.isEmpty() || !Character.isHighSurrogate(text.charAt(text.length() - 1)));
        if (half) {
            text.append(UNKNOWN).append(piece, 1, piece.length());
        } else {
            text.append(piece);
        }
    }

    /** How much of the text may be written: a pair whose second half is still to come waits for it. */
    private int whole() {
        int length = text.length();
        return length > 0 && Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    }

    private void openWindow() {
        if (!windowOpen && !finished) {
            windowOpen = true;
            if (window.equals(SOON)) {
                Thread.ofVirtual().name("delta-" + reply).start(this::windowOverSoon);
            } else {
                planned = timers.after(window, this::windowOver);
            }
        }
    }

    /** What a timer would do with what is thrown is done here. */
    private void windowOverSoon() {
        try {
            windowOver();
        } catch (RuntimeException failed) {
            LOG.log(System.Logger.Level.WARNING, "reply=" + reply + " could not be written on", failed);
        }
    }

    /** On a thread that nobody interrupts, so who follows is told by it; when the log is not held any more. */
    private void windowOver() {
        List<Runnable> told = new ArrayList<>(1);
        try {
            writing.lock();
            try {
                append(windowsPiece(), (log, piece) -> log.append(piece, told::add));
            } finally {
                writing.unlock();
            }
        } finally {
            told.forEach(this::tell);
        }
    }

    /** What has gathered until the window's end; nothing when the rest is another's to write. */
    private String windowsPiece() {
        lock.lock();
        try {
            windowOpen = false;
            return finished ? "" : unwritten();
        } finally {
            lock.unlock();
        }
    }

    private void tell(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failed) {
            LOG.log(System.Logger.Level.WARNING, "reply=" + reply + " could not be told", failed);
        }
    }

    /** @param wait whether to wait while another thread writes; otherwise a window sees to what is left */
    private void write(boolean wait) {
        if (wait) {
            writing.lock();
        } else if (!writing.tryLock()) {
            lock.lock();
            try {
                openWindow();
            } finally {
                lock.unlock();
            }
            return;
        }
        try {
            append(piece(), StreamLog.Writer::append);
        } finally {
            writing.unlock();
        }
    }

    private void append(String piece, BiConsumer<StreamLog.Writer, String> appending) {
        try {
            if (!piece.isEmpty() && writer.isPresent()) {
                appending.accept(writer.get(), piece);
            }
        } catch (UnavailableException away) {
            LOG.log(System.Logger.Level.WARNING, "reply=" + reply + " has lost its log; its text follows when it has ended",
                    away);
            writer = Optional.empty();
        }
    }

    private String piece() {
        lock.lock();
        try {
            return unwritten();
        } finally {
            lock.unlock();
        }
    }

    /** Under {@link #lock}. */
    private String unwritten() {
        int to = whole();
        String piece = text.substring(written, to);
        written = to;
        return piece;
    }
}
