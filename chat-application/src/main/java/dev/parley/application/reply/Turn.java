package dev.parley.application.reply;

import dev.parley.application.command.Ask;
import dev.parley.domain.access.UserId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One reply on this node from the moment it is asked for until it has ended. */
final class Turn {

    private static final System.Logger LOG = System.getLogger(Turn.class.getName());

    /** Why a turn is to end before the model says so. */
    enum End {
        STOP,
        SHUTDOWN,
        /** Another node has taken it: nothing of it is this node's to write any more. */
        FENCED
    }

    private final Reply reply;
    private final long position;
    private final long questionPosition;
    private final Ask ask;
    private final boolean parallel;
    private final Set<MessageId> elsewhere = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    // written under lock
    private Optional<Thread> runner = Optional.empty();
    private volatile Optional<End> end = Optional.empty();
    private volatile @Nullable String fencedBecause;
    private volatile Optional<Instant> begunAt = Optional.empty();
    private volatile Optional<Duration> firstText = Optional.empty();

    /**
     * @param position where in the session's feed it was asked for
     * @param elsewhere earlier replies of the session that other nodes run, and that it has to wait for
     */
    Turn(Reply reply, long position, long questionPosition, Ask ask, boolean parallel, Set<MessageId> elsewhere) {
        this.reply = reply;
        this.position = position;
        this.questionPosition = questionPosition;
        this.ask = ask;
        this.parallel = parallel;
        this.elsewhere.addAll(elsewhere);
    }

    MessageId id() {
        return reply.id();
    }

    SessionId session() {
        return reply.session();
    }

    UserId asker() {
        return reply.asker();
    }

    Reply reply() {
        return reply;
    }

    /** Where in the session's feed it was asked for. */
    long position() {
        return position;
    }

    long questionPosition() {
        return questionPosition;
    }

    Ask ask() {
        return ask;
    }

    /** Whether it runs beside others of its session. */
    boolean parallel() {
        return parallel;
    }

    /** The replies of other nodes that it still waits for. */
    Set<MessageId> elsewhere() {
        return Set.copyOf(elsewhere);
    }

    boolean waitsForOthers() {
        return !elsewhere.isEmpty();
    }

    /** Says that a reply of another node has ended. */
    void endedElsewhere(MessageId other) {
        elsewhere.remove(other);
    }

    /** Completes once the reply's end is durable, or is somebody else's to write. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    void whenEnded(Runnable then) {
        var unused = ended.thenRun(then);
    }

    /** Says that {@code thread} runs it; if it is to end already, that thread is interrupted. */
    void runBy(Thread thread) {
        lock.lock();
        try {
            runner = Optional.of(thread);
            if (end.isPresent()) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Says that no thread runs it any more: nobody is interrupted for it once this has returned. */
    void runByNobody() {
        lock.lock();
        try {
            runner = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Ends it early; the first reason counts. */
    void end(End why) {
        lock.lock();
        try {
            if (end.isEmpty()) {
                end = Optional.of(why);
                runner.ifPresent(Thread::interrupt);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends it early because nothing of it is this node's to write any more. {@code how} that is known, for operators */
    void fenced(@Nullable String how) {
        fencedBecause = how;
        end(End.FENCED);
    }

    /** Says in the log that it was let go of; who ended in the same moment as its record has not been. */
    void tellFenced() {
        LOG.log(System.Logger.Level.INFO, "reply={0} session={1} is let go of: {2}", id(), session(), fencedBecause);
    }

    /** Says that its run begins. */
    void begins(Instant now) {
        begunAt = Optional.of(now);
    }

    /** Says how long after the run's beginning its first text came. */
    void firstText(Duration took) {
        firstText = Optional.of(took);
    }

    Optional<Instant> begunAt() {
        return begunAt;
    }

    Optional<Duration> firstText() {
        return firstText;
    }

    /** Whether and why it is to end early. */
    Optional<End> toEnd() {
        return end;
    }
}
