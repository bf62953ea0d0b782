package dev.parley.adapter.redis;

import dev.parley.adapter.redis.LogCalls.Ownership;
import dev.parley.domain.Registration;
import dev.parley.domain.error.FencedException;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.time.Timers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A log that this node writes: at once for readers here, and as soon as Redis takes it for all others, in one step for whatever
 * has gathered. The writer waits a moment for Redis, and not at all once it was slow; what Redis did not take, or has lost, is
 * given again from the text that is here.
 */
final class Own implements Subscriber.Listener {

    private static final System.Logger LOG = System.getLogger(Own.class.getName());

    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final int MOST_CORRECTIONS = 5;

    /** Longer texts are not given to Redis any further: their readers elsewhere get the rest with the stored message. */
    private static final long LONGEST = 8L * 1024 * 1024;

    /**
     * What all logs of this node share.
     *
     * @param node what this node's epochs begin with
     * @param local this node's own log
     * @param patience how long a writer waits for Redis that was quick so far
     */
    record Setting(String node, StreamLog local, LogCalls calls, Subscriber subscriber, Timers timers, Duration patience) {}

    private final Setting setting;
    private final Ownership owner;
    private final Runnable over;

    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final LocalText text;
    private final StringBuilder unsent = new StringBuilder();
    private CompletableFuture<@Nullable Void> pushed = CompletableFuture.completedFuture(null);
    private Registration retry = () -> {};
    private Registration channel = () -> {};
    private long life;
    private boolean listened;
    private long sent;
    private boolean known;
    private boolean endWanted;
    private boolean endSent;
    private boolean underWay;
    private boolean givenUp;
    private boolean released;
    private int corrections;

    // read without the lock
    private volatile boolean prompt;
    private volatile boolean fenced;

    /**
     * @param known whether Redis knows that the log has begun
     * @param over told when this has nothing more to do, or may do nothing more
     */
    Own(Setting setting, LocalText text, Ownership owner, boolean known, Runnable over) {
        this.setting = setting;
        this.text = text;
        this.owner = owner;
        this.known = known;
        this.prompt = known;
        this.over = over;
        text.begin(owner.head(), owner.epoch());
    }

    long fence() {
        return owner.fence();
    }

    long append(String piece) {
        if (piece.isEmpty()) {
            throw new IllegalArgumentException("Expected a piece that is not empty");
        }
        CompletableFuture<@Nullable Void> done;
        long length;
        lock.lock();
        try {
            checkFence();
            text.append(piece);
            length = text.length();
            if (!givenUp) {
                unsent.append(piece);
            }
            done = push();
        } finally {
            lock.unlock();
        }
        await(done);
        return length;
    }

    void end() {
        CompletableFuture<@Nullable Void> done;
        lock.lock();
        try {
            checkFence();
            text.end();
            endWanted = true;
            done = push();
        } finally {
            lock.unlock();
        }
        await(done);
    }

    void release() {
        lock.lock();
        try {
            released = true;
        } finally {
            lock.unlock();
        }
        over.run();
    }

    /** Another node has taken the reply, or another owner on this one. */
    void replace() {
        lock.lock();
        try {
            fenced = true;
            retry.close();
            text.close();
        } finally {
            lock.unlock();
        }
        over.run();
    }

    /** Begins to listen for the next owner. */
    void listen() {
        long now = setting.subscriber().lives();
        lock.lock();
        try {
            life = now;
        } finally {
            lock.unlock();
        }
        Registration opened = setting.subscriber().listen(setting.calls().ownersOf(owner.reply()), this);
        boolean late;
        lock.lock();
        try {
            late = fenced || givenUp;
            channel = opened;
        } finally {
            lock.unlock();
        }
        if (late) {
            opened.close();
        }
    }

    /** Nobody needs it here any more. */
    void leave() {
        Registration opened;
        lock.lock();
        try {
            opened = channel;
        } finally {
            lock.unlock();
        }
        opened.close();
    }

    @Override
    public void heard(byte[] message) {
        if (Answers.number(message) > owner.fence()) {
            replace();
        }
    }

    /** After a while in which nothing could be heard, or said, Redis is asked whether all is as it should be. */
    @Override
    public void listening() {
        long now = setting.subscriber().lives();
        lock.lock();
        try {
            boolean unsure = !known || listened || now != life;
            listened = true;
            if (unsure && !underWay && !fenced && !givenUp && !endSent) {
                begin();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives up what Redis did not take. */
    void close() {
        lock.lock();
        try {
            givenUp = true;
            retry.close();
            text.close();
        } finally {
            lock.unlock();
        }
        leave();
    }

    /** Whether this may write no more. */
    boolean replaced() {
        lock.lock();
        try {
            return fenced;
        } finally {
            lock.unlock();
        }
    }

    /** Whether this has nothing more to do. */
    boolean done() {
        lock.lock();
        try {
            boolean all = unsent.isEmpty() && known && !underWay;
            return fenced || givenUp && released || all && (endSent || released && !endWanted);
        } finally {
            lock.unlock();
        }
    }

    private void checkFence() {
        if (fenced) {
            throw new FencedException("Expected a fence of more than " + owner.fence() + " for reply " + owner.reply());
        }
    }

    private void await(CompletableFuture<@Nullable Void> done) {
        if (prompt || fenced) {
            try {
                done.get(setting.patience().toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (TimeoutException slow) {
                prompt = false;
            } catch (ExecutionException away) {
                LOG.log(System.Logger.Level.TRACE, "Redis did not take it", away);
            }
        }
        lock.lock();
        try {
            checkFence();
        } finally {
            lock.unlock();
        }
    }

    /** Gives Redis what it has not; completes when it has taken everything. With the lock. */
    private CompletableFuture<@Nullable Void> push() {
        boolean nothing = known && unsent.isEmpty() && endWanted == endSent;
        if (!underWay && !nothing && !givenUp && !fenced) {
            pushed = new CompletableFuture<>();
            begin();
        }
        return pushed;
    }

    /** With the lock. */
    private void begin() {
        underWay = true;
        corrections = 0;
        retry.close();
        next();
    }

    /** With the lock. */
    private void next() {
        if (text.length() > LONGEST) {
            LOG.log(System.Logger.Level.WARNING, "reply={0} is too long to be followed on other nodes", owner.reply());
            giveUp();
        } else if (known) {
            add();
        } else {
            restore();
        }
    }

    /** With the lock. */
    private void add() {
        String piece = unsent.toString();
        boolean last = endWanted;
        give(setting.calls().append(owner, sent, piece, last), sent + piece.length(), last);
    }

    /** With the lock. */
    private void restore() {
        String whole = textFrom(0);
        if (whole == null) {
            giveUp();
            return;
        }
        boolean last = endWanted;
        give(setting.calls().restore(owner, whole, last), whole.length(), last);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nothing in it is left to fail
    private void give(CompletableFuture<Object> given, long to, boolean last) {
        given.whenComplete((answer, failure) -> {
            lock.lock();
            try {
                if (failure != null || answer == null) {
                    tryLater(failure);
                } else {
                    answered(Answers.list(answer), to, last);
                }
            } catch (RuntimeException unexpected) {
                tryLater(unexpected);
            } finally {
                lock.unlock();
            }
            over.run();
        });
    }

    /** With the lock. */
    private void answered(List<Object> answer, long to, boolean last) {
        switch (Answers.text(answer.getFirst())) {
            case "ok" -> {
                has(to);
                known = true;
                endSent = last;
                corrections = 0;
                more();
            }
            case "at" -> {
                known = true;
                endSent = Answers.text(answer.get(2)).equals("1");
                correct(Answers.number(answer.get(1)));
            }
            case "lost" -> {
                known = false;
                LOG.log(System.Logger.Level.INFO, "reply={0} was lost by Redis and is put there again", owner.reply());
                corrected();
            }
            default -> {
                fenced = true;
                underWay = false;
                text.close();
                pushed.completeExceptionally(new FencedException("Expected to be the owner of " + owner.reply()));
            }
        }
    }

    /** Redis is at another place than was thought: it took what it could not confirm, or has fallen back. With the lock. */
    private void correct(long place) {
        if (place >= sent && place <= sent + unsent.length()) {
            has(place);
            more();
            return;
        }
        String rest = place > text.length() ? null : textFrom(place);
        if (rest == null) {
            giveUp();
            return;
        }
        sent = place;
        unsent.setLength(0);
        unsent.append(rest);
        corrected();
    }

    /** With the lock. */
    private void corrected() {
        corrections++;
        if (corrections > MOST_CORRECTIONS) {
            tryLater(null);
        } else {
            next();
        }
    }

    /** With the lock. */
    private void more() {
        if (!unsent.isEmpty() || endWanted && !endSent) {
            corrected();
        } else {
            underWay = false;
            prompt = true;
            pushed.complete(null);
        }
    }

    /** Redis has everything before {@code place}. With the lock. */
    private void has(long place) {
        unsent.delete(0, Math.clamp(place - sent, 0, unsent.length()));
        sent = place;
    }

    /** With the lock. */
    private void tryLater(@Nullable Throwable failure) {
        underWay = false;
        prompt = false;
        LOG.log(System.Logger.Level.DEBUG, "reply=" + owner.reply() + " cannot be given to Redis now", failure);
        pushed.complete(null);
        if (!givenUp) {
            retry.close();
            retry = setting.timers().after(AGAIN, this::again);
        }
    }

    private void again() {
        lock.lock();
        try {
            if (!underWay && !givenUp && !fenced) {
                begin();
            }
        } finally {
            lock.unlock();
        }
    }

    /** With the lock. */
    private void giveUp() {
        givenUp = true;
        underWay = false;
        unsent.setLength(0);
        pushed.complete(null);
    }

    /** The text from {@code place} on, which is there; null when it is kept no longer. */
    private @Nullable String textFrom(long place) {
        boolean interrupted = Thread.interrupted();
        try (StreamLog.Cursor cursor = setting.local().open(owner.reply(), place)) {
            return text.of(owner.epoch()) && cursor.next(Duration.ZERO) instanceof StreamLog.Read.Grown grown ? grown.text()
                    : null;
        } catch (InterruptedException stopped) {
            interrupted = true;
            return null;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
