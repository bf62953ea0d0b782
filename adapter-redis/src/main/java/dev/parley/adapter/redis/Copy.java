package dev.parley.adapter.redis;

import dev.parley.domain.Registration;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * This node's copy of a reply's log that another node writes, for all who read it here. It listens first, then reads once what is
 * there, and is told the rest; whenever something does not fit, it reads again from where it is.
 */
final class Copy implements Subscriber.Listener, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Copy.class.getName());

    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** How long nothing is told before it is looked whether that is so. */
    private static final Duration QUIET = Duration.ofSeconds(15);

    private final MessageId reply;
    private final LogCalls calls;
    private final Timers timers;
    private final LocalText text;

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
    private Registration channel = () -> {};
    private Registration check = () -> {};
    private Registration again = () -> {};
    private boolean looking;
    private boolean lookAgain;
    private boolean missing;
    private boolean vanished;
    private boolean told;
    private boolean closed;

    /** @param numbers counts all beginnings in this node's log */
    Copy(MessageId reply, Own.Setting setting, AtomicLong numbers) {
        this.reply = reply;
        this.calls = setting.calls();
        this.timers = setting.timers();
        this.text = new LocalText(setting.local(), numbers);
    }

    /** Begins to listen, and then to read. */
    void begin(Subscriber subscriber) {
        Registration opened = subscriber.listen(calls.readersOf(reply), this);
        lock.lock();
        try {
            if (!closed) {
                channel = opened;
                checkLater();
                return;
            }
        } finally {
            lock.unlock();
        }
        opened.close();
    }

    /** Waits until it is known what there is; false when that takes longer. */
    boolean await(Duration wait) throws InterruptedException {
        CompletableFuture<@Nullable Void> known;
        lock.lock();
        try {
            known = ready;
        } finally {
            lock.unlock();
        }
        if (known.isDone()) {
            return true;
        }
        if (wait.isZero() || wait.isNegative()) {
            return false;
        }
        try {
            known.get(wait.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("Expected that reading ends well or not at all", impossible);
        }
    }

    @Override
    public void listening() {
        look();
    }

    @Override
    public void heard(byte[] message) {
        LogNews news;
        try {
            news = LogNews.read(message);
        } catch (IllegalArgumentException malformed) {
            LOG.log(System.Logger.Level.WARNING, "Something else than news of reply " + reply + " came from Redis", malformed);
            return;
        }
        lock.lock();
        try {
            told = true;
            if (!take(news)) {
                look();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Reads from where this is, soon. */
    void look() {
        lock.lock();
        try {
            lookAgain = looking;
            if (closed || looking) {
                return;
            }
            looking = true;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name("copy-" + reply).start(this::read);
    }

    @Override
    public void close() {
        Registration heard;
        lock.lock();
        try {
            closed = true;
            heard = channel;
            check.close();
            again.close();
            text.close();
            ready.complete(null);
        } finally {
            lock.unlock();
        }
        heard.close();
    }

    /** Adds what is told to what is known; false when that does not fit. With the lock. */
    private boolean take(LogNews news) {
        if (closed) {
            return true;
        }
        if (!text.of(news.epoch()) || news.from() > text.length()) {
            return false;
        }
        if (news.to() > text.length()) {
            long known = text.length() - news.from();
            if (news.text().length() != news.to() - news.from()) {
                return false;
            }
            text.append(news.text().substring((int) known));
        }
        if (news.ended()) {
            text.end();
        }
        return true;
    }

    private void read() {
        boolean more = true;
        while (more) {
            String epoch;
            long known;
            lock.lock();
            try {
                lookAgain = false;
                epoch = text.epoch();
                known = text.bytes();
            } finally {
                lock.unlock();
            }
            boolean done = read(epoch, known);
            lock.lock();
            try {
                more = done && lookAgain && !closed;
                looking = more;
                if (!done && !closed) {
                    again.close();
                    again = timers.after(AGAIN, this::look);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** False when it should be tried again a little later. */
    private boolean read(String epoch, long known) {
        try {
            Object answer = calls.read(reply, epoch, known);
            lock.lock();
            try {
                return closed || (answer instanceof List<?> found ? found(Answers.list(found)) : nothing());
            } finally {
                lock.unlock();
            }
        } catch (ChatException | IllegalArgumentException away) {
            LOG.log(System.Logger.Level.DEBUG, "reply=" + reply + " cannot be read now", away);
            return false;
        }
    }

    /** With the lock. */
    private boolean found(List<Object> answer) {
        missing = false;
        vanished = false;
        String epoch = Answers.text(answer.get(1));
        long from = Answers.number(answer.get(4));
        byte[] rest = Answers.raw(answer.get(5));
        if (!text.of(epoch)) {
            if (from > 0) {
                lookAgain = true;
                return true;
            }
            text.begin(LogNews.head(Answers.raw(answer.get(2))), epoch);
        }
        text.append(LogNews.text(rest, text.bytes() - from));
        if (Answers.text(answer.get(3)).equals("1")) {
            text.end();
        }
        ready.complete(null);
        return true;
    }

    /** There is no such log, not yet or not any more; what was there is looked for once more. With the lock. */
    private boolean nothing() {
        if (!text.begun()) {
            if (!vanished) {
                ready.complete(null);
            }
            return true;
        }
        if (!missing) {
            missing = true;
            return false;
        }
        LOG.log(System.Logger.Level.INFO, "reply={0} has lost its log", reply);
        text.vanish();
        vanished = true;
        ready = new CompletableFuture<>();
        return true;
    }

    /** With the lock. */
    private void checkLater() {
        check = timers.after(QUIET, () -> {
            lock.lock();
            try {
                if (!closed && !text.ended()) {
                    if (!told) {
                        look();
                    }
                    told = false;
                    checkLater();
                }
            } finally {
                lock.unlock();
            }
        });
    }
}
