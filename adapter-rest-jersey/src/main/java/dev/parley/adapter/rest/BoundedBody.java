package dev.parley.adapter.rest;

import dev.parley.domain.error.ErrorCode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that ends in a refusal where it becomes too long. */
final class BoundedBody extends FilterInputStream {

    private final int most;
    private long read;

    BoundedBody(InputStream body, int most) {
        super(body);
        this.most = most;
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
            throw tooLong(most);
        }
    }

    static Refused tooLong(int most) {
        return new Refused(ErrorCode.MESSAGE_TOO_LONG, "Expected a body of at most " + most + " bytes");
    }
}
