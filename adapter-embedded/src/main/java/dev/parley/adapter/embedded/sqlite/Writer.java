package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes, and the group commit: whatever waits is done in one transaction and acknowledged together. What has
 * time is put aside first, so that it takes few commits, and few who are waited for find one under way.
 *
 * <p>First all steps run one after another without a fence between them. Only when one of them fails after it wrote is the
 * transaction undone and everything run again with a savepoint around each step.
 */
final class Writer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Writer.class.getName());

    /** So long nobody writes before the writer takes the time for what can wait. */
    private static final Duration PAUSE = Duration.ofMillis(5);

    /** So long it waits while little is to be tidied. */
    private static final Duration LONG_PAUSE = Duration.ofMillis(50);

    private static final Duration LOOK = Duration.ofNanos(50_000);

    /** From so many steps for one commit on it pays to wait for more. */
    private static final int MANY = 16;

    private final Tables tables;
    private final int stepsPerCommit;
    private final Telemetry telemetry;
    private final LinkedBlockingQueue<Step<?>> queue = new LinkedBlockingQueue<>();
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
    private final Thread thread;
    private boolean closed;

    // used by the writer's thread alone
    private final List<Step<?>> arrived = new ArrayList<>();
    private final Leisure<Step<?>> leisure = new Leisure<>();
    private int lastSteps;
    private long lastTook;
    private boolean waitsForDisk;
    private final AtomicLong commits = new AtomicLong();
    private volatile boolean copyRest;
    private volatile @Nullable ChatException lastFault;

    /** One caller's work. */
    private static final class Step<T> {
        private final Function<Tables, T> work;
        private final boolean hasTime;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private Runnable acknowledge = () -> {};

        Step(Function<Tables, T> work, boolean hasTime) {
            this.work = work;
            this.hasTime = hasTime;
        }

        /** Runs the work; false when it failed. What it did is told later. */
        @SuppressWarnings("IllegalCatch")
        boolean run(Tables tables) {
            try {
                T result = work.apply(tables);
                acknowledge = () -> answer.complete(result);
                return true;
            } catch (Throwable thrown) { // whatever a work throws is its caller's
                acknowledge = () -> answer.completeExceptionally(thrown);
                return false;
            }
        }

        void acknowledge() {
            acknowledge.run();
        }

        void fail(Throwable why) {
            answer.completeExceptionally(why);
        }
    }

    Writer(Tables tables, SqliteSettings settings, Telemetry telemetry) {
        this.tables = tables;
        this.stepsPerCommit = settings.stepsPerCommit();
        this.telemetry = telemetry;
        this.thread = Thread.ofPlatform().name("parley-sqlite-writer").daemon().unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    /** Runs {@code work} on the writer and waits until it is durable, whatever interrupts the caller meanwhile. */
    <T> T write(Function<Tables, T> work) {
        return write(new Step<>(work, false));
    }

    /** As {@link #write}, for what has time: others go first, those who come a little later too. */
    <T> T writeAtLeisure(Function<Tables, T> work) {
        return write(new Step<>(work, true));
    }

    private <T> T write(Step<T> step) {
        if (Thread.currentThread().equals(thread)) {
            throw new IllegalStateException("Expected a work that only uses its transaction, found one that writes elsewhere");
        }
        gate.readLock().lock();
        try {
            if (closed) {
                throw new UnavailableException("Expected an open database, found it closed");
            }
            queue.add(step);
        } finally {
            gate.readLock().unlock();
        }
        return Waiting.join(step.answer);
    }

    /** How many commits there were. */
    long commits() {
        return commits.get();
    }

    /** Has what is left of the log copied to the file behind the commit that goes on, so that the log begins anew. */
    void copyRest() {
        copyRest = true;
    }

    /** Why the last commit failed; empty once one succeeded. */
    Optional<ChatException> lastFault() {
        return Optional.ofNullable(lastFault);
    }

    private void work() {
        List<Step<?>> batch = new ArrayList<>();
        try {
            while (true) {
                batch.clear();
                gather();
                boolean waitedFor = take(batch);
                if (!batch.isEmpty()) {
                    commit(batch);
                    copy();
                } else if (isClosed()) {
                    return;
                } else {
                    rest();
                }
                if (waitedFor) {
                    leisure.others(System.nanoTime());
                }
            }
        } catch (InterruptedException stopped) {
            LOG.log(System.Logger.Level.WARNING, "The database's writer was interrupted");
        } finally {
            end(batch);
        }
    }

    /**
     * Lets those who were just answered come back before the next commit begins: otherwise two halves take turns, and each
     * commit does half of what it could. Costs a small part of the time a commit takes, and nothing when few write.
     */
    private void gather() {
        if (lastSteps < MANY) {
            return;
        }
        long end = System.nanoTime() + lastTook / 8;
        int seen = -1;
        while (queue.size() > seen && queue.size() < stepsPerCommit && System.nanoTime() < end) {
            seen = queue.size();
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** Takes what is to be done now; whether there is anything that has no time. */
    private boolean take(List<Step<?>> batch) {
        queue.drainTo(arrived, stepsPerCommit);
        long now = System.nanoTime();
        for (Step<?> step : arrived) {
            if (step.hasTime) {
                leisure.add(step, now);
            } else {
                batch.add(step);
            }
        }
        arrived.clear();
        boolean waitedFor = !batch.isEmpty();
        if (!waitedFor && isClosed()) {
            leisure.takeAll(batch);
        } else {
            leisure.take(batch, now);
        }
        return waitedFor;
    }

    /** Waits for work; whoever was just answered is given time to come back before anything is tidied. */
    private void rest() throws InterruptedException {
        Duration pause = tables.veryUntidy() ? PAUSE : LONG_PAUSE;
        Step<?> next = next(tables.untidy() ? pause.toNanos() : Leisure.NEVER);
        if (next == null && leisure.due(System.nanoTime()) > 0 && !tidy()) {
            next = next(Leisure.NEVER);
        }
        if (next != null) {
            arrived.add(next);
        }
    }

    /** What comes next, if that is soon enough and before it is time for what had time. */
    private @Nullable Step<?> next(long patience) throws InterruptedException {
        long wait = Math.min(patience, leisure.due(System.nanoTime()));
        return wait == Leisure.NEVER ? queue.take() : queue.poll(wait, TimeUnit.NANOSECONDS);
    }

    private boolean isClosed() {
        gate.readLock().lock();
        try {
            return closed;
        } finally {
            gate.readLock().unlock();
        }
    }

    private void end(List<Step<?>> batch) {
        gate.writeLock().lock();
        try {
            closed = true;
        } finally {
            gate.writeLock().unlock();
        }
        batch.addAll(arrived);
        leisure.takeAll(batch);
        queue.drainTo(batch);
        batch.forEach(step -> step.fail(new UnavailableException("Expected an open database, found it closed")));
    }

    private void commit(List<Step<?>> batch) {
        long begun = System.nanoTime();
        try {
            if (!commitTogether(batch)) {
                commitApart(batch);
            }
            lastFault = null;
        } catch (ChatException fault) {
            lastFault = fault;
            undo();
            batch.forEach(step -> step.fail(fault));
            return;
        } catch (RuntimeException mistake) {
            LOG.log(System.Logger.Level.ERROR, "The database's writer failed", mistake);
            undo();
            batch.forEach(step -> step.fail(mistake));
            return;
        }
        batch.forEach(Step::acknowledge);
        lastSteps = batch.size();
        lastTook = System.nanoTime() - begun;
        commits.incrementAndGet();
        telemetry.on(new TelemetryEvent.StoreCommitted(lastSteps, Duration.ofNanos(lastTook)));
    }

    /** False when nothing is committed because a step failed after it wrote. */
    private boolean commitTogether(List<Step<?>> batch) {
        Sql sql = tables.sql();
        begin(true);
        for (Step<?> step : batch) {
            long before = sql.writes();
            int known = tables.touched();
            boolean done = step.run(tables);
            sql.takeFault().ifPresent(Writer::raise);
            if (!done && (sql.writes() != before || tables.touched() != known)) {
                undo();
                return false;
            }
        }
        tables.search().keepUp(sql, batch.size());
        sql.update("COMMIT");
        tables.committed();
        return true;
    }

    private void commitApart(List<Step<?>> batch) {
        Sql sql = tables.sql();
        begin(true);
        for (Step<?> step : batch) {
            sql.update("SAVEPOINT step");
            boolean done = step.run(tables);
            sql.takeFault().ifPresent(Writer::raise);
            if (!done) {
                sql.update("ROLLBACK TO step");
                tables.undone();
            }
            sql.update("RELEASE step");
        }
        sql.update("COMMIT");
        tables.committed();
    }

    /**
     * Begins a transaction.
     *
     * @param durable whether its end waits for the disk. Where nobody is told, the next one that waits does it for both: what the
     *     computer forgets is the end of the log, in which no other is
     */
    private void begin(boolean durable) {
        if (waitsForDisk != durable) {
            // Where this fails, the next one sets it anew.
            waitsForDisk = false;
            tables.sql().run("PRAGMA synchronous = " + (durable ? "FULL" : "NORMAL"));
            waitsForDisk = durable;
        }
        tables.sql().update("BEGIN IMMEDIATE");
    }

    private void copy() {
        if (!copyRest) {
            return;
        }
        copyRest = false;
        try {
            LogCopier.copy(tables.sql());
        } catch (ChatException fault) {
            LOG.log(System.Logger.Level.WARNING, "The database's log could not be copied", fault);
            tables.sql().takeFault();
        }
    }

    private static void raise(ChatException fault) {
        throw fault;
    }

    private void undo() {
        tables.sql().rollBack();
        tables.undone();
        tables.sql().takeFault();
    }

    /** Does a little of what can wait, in a transaction of its own that waits for no disk; false when nothing is left to do. */
    private boolean tidy() {
        if (!tables.untidy()) {
            return false;
        }
        try {
            begin(false);
            tables.tidy();
            tables.sql().update("COMMIT");
            tables.committed();
            return true;
        } catch (ChatException fault) {
            LOG.log(System.Logger.Level.WARNING, "The database could not be tidied", fault);
            undo();
            return false;
        }
    }

    /** Does what waits, then ends. */
    @Override
    public void close() {
        gate.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            gate.writeLock().unlock();
        }
        queue.add(new Step<>(unused -> true, false));
        Waiting.join(thread);
    }
}
