package dev.parley.bootstrap;

import dev.parley.domain.message.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A reply while it grows: takes text from the engine without ever waiting, gives it to a listener on a thread where that may
 * take its time. Safe for use by many threads.
 */
final class Growing {

    private static final System.Logger LOG = System.getLogger(Growing.class.getName());

    private final CompletableFuture<Message> done = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final StringBuilder text = new StringBuilder();
    private @Nullable Message end;
    private boolean lost;

    CompletableFuture<Message> done() {
        return done;
    }

    boolean ended() {
        lock.lock();
        try {
            return end != null || lost;
        } finally {
            lock.unlock();
        }
    }

    /** The reply begins, or begins anew: a listener that was told something gets the rest of what is longer then. */
    void began() {
        lock.lock();
        try {
            text.setLength(0);
        } finally {
            lock.unlock();
        }
    }

    void grew(long from, String piece) {
        lock.lock();
        try {
            if (from == text.length()) {
                text.append(piece);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void ended(Message message) {
        lock.lock();
        try {
            if (end == null) {
                end = message;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will be heard of it here. */
    void lost() {
        lock.lock();
        try {
            lost = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Tells {@code listener} everything from the beginning on, then completes {@link #done}. */
    void tell(Consumer<String> listener) {
        Thread.ofVirtual().name("parley-answer").start(() -> {
            try {
                pump(listener);
            } catch (InterruptedException interrupted) {
                done.completeExceptionally(interrupted);
                Thread.currentThread().interrupt();
            }
        });
    }

    private void pump(Consumer<String> listener) throws InterruptedException {
        int told = 0;
        while (true) {
            String news;
            @Nullable
            Message last;
            boolean gone;
            lock.lock();
            try {
                while (text.length() <= told && end == null && !lost) {
                    changed.await();
                }
                news = text.length() > told ? text.substring(told) : "";
                last = end;
                if (last != null && last.content().length() > told + news.length()) {
                    news = last.content().substring(Math.min(told, last.content().length()));
                }
                gone = lost && last == null;
                told += news.length();
            } finally {
                lock.unlock();
            }
            give(listener, news);
            if (last != null) {
                done.complete(last);
                return;
            }
            if (gone) {
                done.completeExceptionally(new IllegalStateException("The conversation was closed"));
                return;
            }
        }
    }

    @SuppressWarnings("IllegalCatch") // a listener that throws must not end the telling
    private static void give(Consumer<String> listener, String news) {
        if (news.isEmpty()) {
            return;
        }
        try {
            listener.accept(news);
        } catch (RuntimeException thrown) {
            LOG.log(System.Logger.Level.WARNING, "A listener failed", thrown);
        }
    }
}
