package dev.parley.protocols.connection;

import dev.parley.protocols.Frame;
import java.util.List;

/**
 * The transport under one connection, as its host implements it: a WebSocket, a stream of server-sent events, a poll.
 *
 * <p>No method blocks or throws; a transport that is gone completes what it is given and tells its connection by
 * {@link Connection#gone}. Batches come from one thread at a time; everything else may come from any thread at any time.
 *
 * <p>Server-sent events write a batch as {@code id:} and {@code data:} fields, keep the cursor by {@link Frame#mark}, and
 * complete when the bytes are with the system. A long poll keeps {@code completion} until a poll takes the batch; in between the
 * mailbox merges and conflates, and what nobody fetches ends at its bound like any slow reader.
 */
public interface FrameWriter {

    /**
     * Sends frames in order; the next batch is given only after this one is complete.
     *
     * @param batch at least one frame; together about 64 KB, or one frame that is larger
     * @param completion to be run once when the transport has taken the batch, or never will; may be run before this returns. It
     *     may encode and write what came meanwhile, so it is not for a thread that must not be busy
     */
    void write(List<Frame> batch, Runnable completion);

    /**
     * The connection is at its end: {@link #close} follows once what waits is written. A client that does not read may keep that
     * from ever being so; the transport then ends by itself, in bounded time from now.
     */
    default void ending() {}

    /**
     * Ends the transport in bounded time behind what was written, whether the client still reads or not. Called at most once.
     *
     * @param reason a word, at most 123 bytes
     */
    void close(int code, String reason);

    /**
     * Whether to wait a moment before something is written to a transport that is free, so that more can go with it. Asked under the
     * connection's lock: it must neither wait nor run {@code flush} itself.
     *
     * @param flush to be run soon if this returns true, and not at all otherwise
     */
    default boolean postpones(Runnable flush) {
        return false;
    }

    /** Gives the transport's own sign of life; true when the client must answer it, which is told by {@link Connection#heard}. */
    default boolean beat() {
        return false;
    }

    /** Whether the client's frames are wanted: false when too many wait, true when there is room again. */
    default void reading(boolean wanted) {}
}
