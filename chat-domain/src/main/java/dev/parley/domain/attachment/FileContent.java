package dev.parley.domain.attachment;

import java.io.InputStream;

/** Bytes that can be read, as often as somebody likes, without being in memory. */
public interface FileContent {

    long size();

    /**
     * The bytes from {@code offset} on; whoever opens closes.
     *
     * @param offset 0 to {@link #size()}
     * @throws dev.parley.domain.error.UnavailableException when they cannot be had
     */
    InputStream open(long offset);

    /** All bytes. */
    default InputStream open() {
        return open(0);
    }
}
