package dev.parley.adapter.tika;

import dev.parley.domain.attachment.FileContent;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;

/** A file's content for readers that go to and fro. Opens it anew wherever reading does not go on where it was. */
final class ContentChannel implements SeekableByteChannel {

    private final FileContent content;
    private Optional<InputStream> stream = Optional.empty();
    private long streamAt;
    private long position;
    private boolean open = true;

    ContentChannel(FileContent content) {
        this.content = content;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        if (position >= content.size()) {
            return -1;
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        byte[] bytes = new byte[Math.min(target.remaining(), 64 * 1024)];
        int length = here().read(bytes);
        if (length < 0) {
            throw new IOException("Expected a file of " + content.size() + " bytes, found " + position);
        }
        target.put(bytes, 0, length);
        position += length;
        streamAt = position;
        return length;
    }

    private InputStream here() throws IOException {
        long ahead = position - streamAt;
        if (stream.isPresent() && ahead >= 0 && ahead < 64 * 1024) {
            stream.get().skipNBytes(ahead);
            streamAt = position;
            return stream.get();
        }
        forget();
        InputStream opened = new BufferedInputStream(content.open(position), 16 * 1024);
        stream = Optional.of(opened);
        streamAt = position;
        return opened;
    }

    private void forget() throws IOException {
        if (stream.isPresent()) {
            stream.get().close();
            stream = Optional.empty();
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
        if (newPosition < 0) {
            throw new IllegalArgumentException("Expected a position from 0, found " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() {
        return content.size();
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() throws IOException {
        open = false;
        forget();
    }
}
