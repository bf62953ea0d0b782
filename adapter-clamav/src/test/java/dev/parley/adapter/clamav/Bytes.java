package dev.parley.adapter.clamav;

import dev.parley.domain.attachment.FileContent;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A file in memory that may say another size than it has. */
record Bytes(byte[] bytes, long size) implements FileContent {

    Bytes(byte[] bytes) {
        this(bytes, bytes.length);
    }

    @Override
    public InputStream open(long offset) {
        return new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
    }
}
