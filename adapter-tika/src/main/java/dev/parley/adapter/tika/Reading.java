package dev.parley.adapter.tika;

import dev.parley.domain.attachment.FileContent;
import java.io.IOException;
import java.io.InputStream;

/** Parts of a file. */
final class Reading {

    private Reading() {}

    /** The bytes from {@code offset} on, at most {@code length} of them; fewer at the end. */
    static byte[] at(FileContent content, long offset, int length) throws IOException {
        try (InputStream bytes = content.open(offset)) {
            return bytes.readNBytes(length);
        }
    }

    /** A number of two bytes, the lowest first. */
    static int two(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
    }

    /** A number of four bytes, the lowest first. */
    static long four(byte[] bytes, int at) {
        return two(bytes, at) | (long) two(bytes, at + 2) << 16;
    }
}
