package dev.parley.adapter.clamav;

import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.error.UnavailableException;
import java.io.IOException;
import java.io.InputStream;

/** A file's bytes to its very end; what goes wrong with them is told from what goes wrong with clamd. */
final class Source implements AutoCloseable {

    private final InputStream bytes;
    private final long size;
    private long read;

    Source(FileContent content) {
        this.bytes = content.open();
        this.size = content.size();
    }

    /**
     * Fills the beginning of {@code chunk}; returns how much of it, 0 at the end.
     *
     * @throws UnavailableException when the file cannot be read, or is shorter or longer than it says
     */
    int read(byte[] chunk) {
        int length;
        try {
            length = bytes.readNBytes(chunk, 0, chunk.length);
        } catch (IOException unreadable) {
            throw new UnavailableException("Expected to read a file that is to be scanned", unreadable);
        }
        read += length;
        if (read > size || length == 0 && read < size) {
            throw new UnavailableException("Expected a file of " + size + " bytes, found " + read);
        }
        return length;
    }

    @Override
    public void close() {
        try {
            bytes.close();
        } catch (IOException open) {
            throw new UnavailableException("Expected to close a file that was scanned", open);
        }
    }
}
