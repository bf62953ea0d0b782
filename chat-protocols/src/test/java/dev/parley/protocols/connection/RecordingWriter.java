package dev.parley.protocols.connection;

import dev.parley.protocols.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A transport that takes what it is given when the test says so. Used by one thread. */
final class RecordingWriter implements FrameWriter {

    final List<List<Frame>> batches = new ArrayList<>();
    final List<String> closings = new ArrayList<>();
    final List<Boolean> reading = new ArrayList<>();
    boolean takesAtOnce = true;
    boolean postpones;
    boolean asksForAnswer;
    int beats;
    int endings;
    Optional<Runnable> pending = Optional.empty();
    Optional<Runnable> postponed = Optional.empty();

    @Override
    public void write(List<Frame> batch, Runnable completion) {
        if (pending.isPresent()) {
            throw new AssertionError("Expected no batch while one is being written");
        }
        if (!closings.isEmpty()) {
            throw new AssertionError("Expected no batch after the end");
        }
        batches.add(batch);
        if (takesAtOnce) {
            completion.run();
        } else {
            pending = Optional.of(completion);
        }
    }

    void take() {
        Runnable completion = pending.orElseThrow();
        pending = Optional.empty();
        completion.run();
    }

    @Override
    public void ending() {
        endings++;
    }

    @Override
    public void close(int code, String reason) {
        closings.add(code + " " + reason);
    }

    @Override
    public boolean postpones(Runnable flush) {
        if (postpones) {
            postponed = Optional.of(flush);
        }
        return postpones;
    }

    @Override
    public boolean beat() {
        beats++;
        return asksForAnswer;
    }

    @Override
    public void reading(boolean wanted) {
        reading.add(wanted);
    }

    List<String> texts() {
        return batches.stream().flatMap(List::stream).map(Frame::text).toList();
    }
}
