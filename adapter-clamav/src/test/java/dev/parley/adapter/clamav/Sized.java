package dev.parley.adapter.clamav;

import dev.parley.domain.attachment.FileContent;
import java.io.InputStream;

/** A file that says another size than it has. */
record Sized(FileContent content, long size) implements FileContent {

    @Override
    public InputStream open(long offset) {
        return content.open(offset);
    }
}
