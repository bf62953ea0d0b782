package dev.parley.domain.reply;

import dev.parley.domain.Port;
import dev.parley.domain.message.MessageId;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The log of each running reply: one fenced writer, any number of cursors that pull, an explicit end.
 *
 * <p>An offset is the length, in UTF-16 code units, of the text before it; so offsets are dense, a piece is known by where
 * it begins and ends, and reading from 0 gives the text so far. Pieces never split a surrogate pair. A log is kept for a
 * while after its end, as the adapter's settings say, and then forgotten. Safe for use by many threads.
 */
@Port
public interface StreamLog {

    /** How long one call of {@link Cursor#next(Duration)} waits for those who wait as long as it takes. */
    Duration LOOK_AGAIN = Duration.ofSeconds(30);

    /**
     * Begins the log of a reply.
     *
     * @param fence the owner's fence; a writer with a lower one than the newest gets
     *     {@link dev.parley.domain.error.FencedException}, here and at every call. A higher fence begins the text anew.
     */
    Writer create(StreamHead head, long fence);

    /**
     * Reads a reply from {@code offset} on; the log may be there already or begin later. Never blocks.
     *
     * @param offset where the reader is, from 0
     */
    Cursor open(MessageId reply, long offset);

    /** The one who writes. Used by one thread at a time; close it whatever happens. */
    interface Writer extends AutoCloseable {

        /** Adds {@code text}, which is not empty and splits no surrogate pair; cursors see it soon after. Returns the new offset. */
        long append(String text);

        /**
         * As {@link #append(String)}.
         *
         * @param teller runs what waits by {@link Cursor#whenMore}; for somebody who writes where that may run on the writing thread. Logs
         *     that take no notice of it run that on other threads
         */
        default long append(String text, Executor teller) {
            return append(text);
        }

        /** Says that nothing follows; the reply's last word must be stored before. Ending twice changes nothing. */
        void end();

        /** Lets go without an end if there was none: cursors go on waiting for a writer with a higher fence. */
        @Override
        void close();
    }

    /** One who reads. Used by one thread at a time. */
    interface Cursor extends AutoCloseable {

        /** What has grown since the last call; waits at most {@code wait} for something. The cursor stays usable when interrupted. */
        Read next(Duration wait) throws InterruptedException;

        /** What has grown since the last call, or that nothing can be had here any more; waits as long as that takes. */
        default Read next() throws InterruptedException {
            Read read = next(LOOK_AGAIN);
            while (read instanceof Read.Nothing) {
                read = next(LOOK_AGAIN);
            }
            return read;
        }

        /**
         * Instead of waiting: has {@code task} run once, as soon as there may be something to read; at once on another thread where that is so
         * already. It runs on a thread that nobody interrupts, perhaps after this is closed, and perhaps for nothing. One that takes long
         * holds up nobody who reads another reply, unless a writer's teller runs it.
         *
         * @return false when it will not be run, so that one must wait: before the first read, and where a log does not know how
         */
        default boolean whenMore(Runnable task) {
            return false;
        }

        @Override
        void close();
    }

    /** What a cursor finds. */
    sealed interface Read {

        /** Nothing new in the time given. */
        record Nothing() implements Read {}

        /**
         * There is more.
         *
         * @param from where {@code text} begins; equal to where the cursor was
         * @param text everything from there to the log's present end; empty when only the head or the end is new
         * @param ended whether nothing follows
         */
        record Grown(StreamHead head, long from, String text, boolean ended) implements Read {

            public long to() {
                return from + text.length();
            }
        }

        /** The cursor's place means nothing here any more: forgotten, begun anew, or beyond the end. Read the stored message, or open anew at 0. */
        record Gone() implements Read {}
    }
}
