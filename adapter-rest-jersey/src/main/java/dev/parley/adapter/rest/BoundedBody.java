package dev.parley.adapter.rest;

import dev.parley.domain.error.ErrorCode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that ends in a refusal where it becomes too long. */
final class BoundedBody extends FilterInputStream {

    private final long most;
    private final ErrorCode code;
    private long read;

    BoundedBody(InputStream body, long most, ErrorCode code) {
        super(body);
        this.most = most;
        this.code = code;
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        if (next >= 0) {
            count(1);
        }
        return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        if (count > 0) {
            count(count);
        }
        return count;
    }

    private void count(int more) {
        read += more;
        if (read > most) {
            throw new Refused(code, "Expected a body of at most " + most + " bytes");
        }
    }
}
