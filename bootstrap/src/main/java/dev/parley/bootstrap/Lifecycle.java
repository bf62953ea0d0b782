package dev.parley.bootstrap;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/** What was opened, closed in reverse order; what fails while closing is logged and keeps nothing else open. */
final class Lifecycle implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Lifecycle.class.getName());

    private record Part(String name, AutoCloseable closing) {}

    private final Deque<Part> parts = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** Closes {@code opened} with the rest, before everything that was opened before it. */
    <T extends AutoCloseable> T opened(String name, T opened) {
        onClose(name, opened);
        return opened;
    }

    void onClose(String name, AutoCloseable closing) {
        lock.lock();
        try {
            parts.push(new Part(name, closing));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            while (!parts.isEmpty()) {
                close(parts.pop());
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("IllegalCatch") // whatever fails, the rest must be closed
    private static void close(Part part) {
        try {
            part.closing().close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception failed) {
            LOG.log(System.Logger.Level.WARNING, "Expected to close the " + part.name(), failed);
        }
    }
}
