package dev.parley.application.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.domain.Registration;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ReplyTailTest {

    private static final MessageId REPLY = new MessageId("reply");
    private static final StreamHead HEAD = new StreamHead(
            new SessionId("room"), REPLY, new MessageId("question"), new Author.Agent("helper", "Helper"), "tiny", false);

    private final LiveMemory live = LiveMemory.create(InstantSource.system(), (delay, task) -> () -> {});
    private final Semaphore leaves = new Semaphore(0);
    private final Semaphore lettingGo = new Semaphore(0);
    private final AtomicBoolean failing = new AtomicBoolean();
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private CompletableFuture<?> whenTold = CompletableFuture.completedFuture(true);

    private final BlockingQueue<Planned> planned = new LinkedBlockingQueue<>();

    private record Planned(Duration delay, Runnable task) {}

    private record Told(StreamLog.Read read, Thread by) {}

    @AfterEach
    void end() {
        live.close();
    }

    @Test
    void a_piece_is_told_by_who_writes_it() throws InterruptedException {
        try (ReplyTail tail = tail(true)) {
            StreamLog.Writer writer = begun(tail);
            append(writer, "Hello");
            assertThat(told.poll())
                    .isEqualTo(new Told(new StreamLog.Read.Grown(HEAD, 0, "Hello", false), Thread.currentThread()));
            append(writer, ", you");
            assertThat(told.poll())
                    .isEqualTo(new Told(new StreamLog.Read.Grown(HEAD, 5, ", you", false), Thread.currentThread()));
            writer.end();
            assertThat(next()).isEqualTo(new StreamLog.Read.Grown(HEAD, 10, "", true));
            lettingGo.acquire();
        }
    }

    @Test
    void a_piece_that_is_written_without_time_to_tell_is_told_by_another_thread() throws InterruptedException {
        try (ReplyTail tail = tail(true)) {
            begun(tail).append("Hello");
            Told first = told.poll(30, TimeUnit.SECONDS);
            assertThat(first).isNotNull();
            assertThat(first.read()).isEqualTo(new StreamLog.Read.Grown(HEAD, 0, "Hello", false));
            assertThat(first.by()).isNotEqualTo(Thread.currentThread());
        }
    }

    @Test
    void a_log_that_cannot_tell_is_waited_for() throws InterruptedException {
        try (ReplyTail tail = tail(false)) {
            StreamLog.Writer writer = begun(tail);
            append(writer, "Hello");
            assertThat(next()).isEqualTo(new StreamLog.Read.Grown(HEAD, 0, "Hello", false));
            append(writer, ", you");
            assertThat(next()).isEqualTo(new StreamLog.Read.Grown(HEAD, 5, ", you", false));
        }
    }

    @Test
    void a_log_that_cannot_be_opened_is_opened_a_little_later() throws InterruptedException {
        AtomicInteger opened = new AtomicInteger();
        StreamLog log = live.streams();
        StreamLog away = new StreamLog() {
            @Override
            public Writer create(StreamHead head, long fence) {
                return log.create(head, fence);
            }

            @Override
            public Cursor open(MessageId reply, long offset) {
                if (opened.getAndIncrement() == 0) {
                    throw new UnavailableException("Thrown on purpose");
                }
                return log.open(reply, offset);
            }
        };
        log.create(HEAD, 1).append("Hello");
        try (ReplyTail tail = tailOf(away)) {
            tail.begin();
            pass(Duration.ofSeconds(1));
            assertThat(next()).isEqualTo(new StreamLog.Read.Grown(HEAD, 0, "Hello", false));
        }
    }

    @Test
    void a_log_that_fails_who_writes_it_is_opened_again() throws InterruptedException {
        try (ReplyTail tail = tail(true)) {
            StreamLog.Writer writer = begun(tail);
            failing.set(true);
            append(writer, "Hello");
            assertThat(lettingGo.tryAcquire()).as("the cursor that failed is closed").isTrue();
            pass(Duration.ofSeconds(1));
            assertThat(next()).isEqualTo(new StreamLog.Read.Grown(HEAD, 0, "Hello", false));
        }
    }

    @Test
    void what_is_written_while_a_piece_is_being_told_is_told_together_behind_it() throws InterruptedException {
        try (ReplyTail tail = tail(true)) {
            StreamLog.Writer writer = begun(tail);
            CompletableFuture<Boolean> slow = new CompletableFuture<>();
            whenTold = slow;
            append(writer, "One ");
            assertThat(next()).isEqualTo(new StreamLog.Read.Grown(HEAD, 0, "One ", false));
            append(writer, "two ");
            append(writer, "three");
            assertThat(told).isEmpty();
            whenTold = CompletableFuture.completedFuture(true);
            slow.complete(true);
            assertThat(next()).isEqualTo(new StreamLog.Read.Grown(HEAD, 4, "two three", false));
        }
    }

    @Test
    void a_piece_that_could_not_be_told_keeps_nobody_from_the_next() throws InterruptedException {
        try (ReplyTail tail = tail(true)) {
            StreamLog.Writer writer = begun(tail);
            whenTold = CompletableFuture.failedFuture(new IllegalStateException("Thrown on purpose"));
            append(writer, "One ");
            append(writer, "two");
            assertThat(next()).isEqualTo(new StreamLog.Read.Grown(HEAD, 0, "One ", false));
            assertThat(next()).isEqualTo(new StreamLog.Read.Grown(HEAD, 4, "two", false));
        }
    }

    @Test
    void who_is_closed_is_told_nothing_more_and_lets_go_of_the_log() throws InterruptedException {
        ReplyTail tail = tail(true);
        StreamLog.Writer writer = begun(tail);
        tail.close();
        assertThat(lettingGo.tryAcquire()).as("the cursor that waited is closed").isTrue();
        append(writer, "Hello");
        assertThat(told).isEmpty();
    }

    /** Who is closed by what is told, as when that is the reply's end in the session's feed. */
    @Test
    void who_is_closed_while_a_piece_is_being_told_lets_go_of_the_log_once_it_was() throws InterruptedException {
        ReplyTail tail = tail(true);
        StreamLog.Writer writer = begun(tail);
        CompletableFuture<Boolean> slow = new CompletableFuture<>();
        whenTold = slow;
        append(writer, "Hello");
        tail.close();
        assertThat(lettingGo.tryAcquire()).isFalse();
        slow.complete(true);
        assertThat(lettingGo.tryAcquire()).isTrue();
    }

    @Test
    void who_is_closed_before_it_opens_the_log_again_leaves_that_be() throws InterruptedException {
        ReplyTail tail = tail(true);
        StreamLog.Writer writer = begun(tail);
        failing.set(true);
        append(writer, "Hello");
        assertThat(planned).hasSize(1);
        tail.close();
        assertThat(planned).isEmpty();
    }

    private Registration plan(Duration delay, Runnable task) {
        Planned plan = new Planned(delay, task);
        planned.add(plan);
        return () -> planned.remove(plan);
    }

    /** Waits until something is planned in so long, and has it happen. */
    private void pass(Duration delay) throws InterruptedException {
        Planned next = planned.poll(30, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        assertThat(next.delay()).isEqualTo(delay);
        assertThat(told).isEmpty();
        next.task().run();
    }

    /** Has the log begun and waits until {@code tail} has nothing more to do. */
    private StreamLog.Writer begun(ReplyTail tail) throws InterruptedException {
        StreamLog.Writer writer = live.streams().create(HEAD, 1);
        tail.begin();
        assertThat(next()).isEqualTo(new StreamLog.Read.Grown(HEAD, 0, "", false));
        leaves.acquire();
        return writer;
    }

    private static void append(StreamLog.Writer writer, String piece) {
        List<Runnable> waits = new ArrayList<>();
        writer.append(piece, waits::add);
        waits.forEach(Runnable::run);
    }

    private StreamLog.Read next() throws InterruptedException {
        Told next = told.poll(30, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("Expected to be told something, was told nothing");
        }
        return next.read();
    }

    private ReplyTail tail(boolean tells) {
        StreamLog log = live.streams();
        StreamLog watched = new StreamLog() {
            @Override
            public Writer create(StreamHead head, long fence) {
                return log.create(head, fence);
            }

            @Override
            public Cursor open(MessageId reply, long offset) {
                return watched(log.open(reply, offset), tells);
            }
        };
        return tailOf(watched);
    }

    private ReplyTail tailOf(StreamLog log) {
        return new ReplyTail(log, REPLY, this::plan, read -> {
            told.add(new Told(read, Thread.currentThread()));
            return whenTold;
        });
    }

    private StreamLog.Cursor watched(StreamLog.Cursor cursor, boolean tells) {
        return new StreamLog.Cursor() {
            @Override
            public StreamLog.Read next(Duration wait) throws InterruptedException {
                if (failing.getAndSet(false)) {
                    throw new IllegalStateException("Thrown on purpose");
                }
                return cursor.next(wait);
            }

            @Override
            public boolean whenMore(Runnable task) {
                boolean told = tells && cursor.whenMore(task);
                leaves.release();
                return told;
            }

            @Override
            public void close() {
                cursor.close();
                lettingGo.release();
            }
        };
    }
}
