package dev.parley.adapter.rest;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes to a client that may go away at any time: nobody's fault and nothing to report, so what is written afterwards falls to
 * the ground, and whoever writes for long asks {@link Visit#clientGone} from time to time.
 */
final class ClientStream extends OutputStream {

    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }

    private final OutputStream out;
    private final Visit visit;

    ClientStream(OutputStream out, Visit visit) {
        this.out = out;
        this.visit = visit;
    }

    @Override
    public void write(int value) {
        unlessGone(() -> out.write(value));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        unlessGone(() -> out.write(bytes, offset, length));
    }

    @Override
    public void flush() {
        unlessGone(out::flush);
    }

    @Override
    public void close() {
        unlessGone(out::close);
    }

    private void unlessGone(Write write) {
        if (visit.clientGone()) {
            return;
        }
        try {
            write.run();
        } catch (IOException gone) {
            visit.noteClientGone();
        }
    }
}
