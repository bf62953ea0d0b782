package dev.parley.testkit.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog.Cursor;
import dev.parley.domain.reply.StreamLog.Read;
import dev.parley.domain.reply.StreamLog.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a log keeps to towards readers who leave a task instead of waiting, where it lets them. */
abstract class StreamLogTelling extends StreamLogReading {

    private static final int REPLIES = 50;

    /** Whether readers may leave a task once they have read something. A log that says so must let them, always. */
    protected boolean tells() {
        return true;
    }

    /** True when the task is left; false when this is a log whose readers wait. */
    private boolean leaves(Cursor cursor, Runnable task) {
        assertThat(cursor.whenMore(task)).as("whether a task can be left").isEqualTo(tells());
        return tells();
    }

    @Nested
    class Telling {

        @Test
        void who_leaves_a_task_is_told_once_by_who_writes_and_reads_what_came_together() throws InterruptedException {
            Writer writer = port().create(HEAD, 1);
            try (Cursor cursor = peer().open(REPLY, 0)) {
                grown(cursor);
                BlockingQueue<String> told = new LinkedBlockingQueue<>();
                if (!leaves(cursor, () -> told.add("told"))) {
                    return;
                }
                writer.append("Hello");
                assertThat(told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("told");
                writer.append(", you");
                assertThat(readUntil(cursor, 10)).isEqualTo("Hello, you");
                assertThat(cursor.whenMore(() -> told.add("told of the end"))).isTrue();
                writer.end();
                assertThat(told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("told of the end");
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Grown(HEAD, 10, "", true));
                assertThat(told).isEmpty();
            }
        }

        @Test
        void who_leaves_a_task_too_late_is_told_at_once_and_not_on_the_same_thread() throws InterruptedException {
            Writer writer = port().create(HEAD, 1);
            try (Cursor cursor = port().open(REPLY, 0)) {
                grown(cursor);
                writer.append("Hello");
                BlockingQueue<Thread> told = new LinkedBlockingQueue<>();
                if (!leaves(cursor, () -> told.add(Thread.currentThread()))) {
                    return;
                }
                assertThat(told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull().isNotEqualTo(Thread.currentThread());
                assertThat(cursor.next(Duration.ZERO)).isEqualTo(new Read.Grown(HEAD, 0, "Hello", false));
            }
        }

        @Test
        void who_is_told_of_every_piece_while_others_write_misses_none() throws InterruptedException {
            String text = "One word after the other, and then 😀 the end. ".repeat(200);
            Writer writer = port().create(HEAD, 1);
            try (Cursor cursor = peer().open(REPLY, 0)) {
                grown(cursor);
                Semaphore told = new Semaphore(0);
                Thread.ofVirtual().start(() -> {
                    appendInPieces(writer, text);
                    writer.end();
                });
                StringBuilder read = new StringBuilder();
                boolean ended = false;
                while (!ended && leaves(cursor, told::release)) {
                    assertThat(told.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .as("told after " + read.length() + " characters")
                            .isTrue();
                    if (cursor.next(Duration.ZERO) instanceof Read.Grown more) {
                        read.append(more.text());
                        ended = more.ended();
                    }
                }
                assertThat(ended ? read.toString() : text).isEqualTo(text);
            }
        }

        @Test
        void a_writer_may_have_who_waits_told_where_it_writes_and_no_reader_misses_it() throws InterruptedException {
            Writer writer = port().create(HEAD, 1);
            try (Cursor cursor = port().open(REPLY, 0)) {
                grown(cursor);
                BlockingQueue<Runnable> given = new LinkedBlockingQueue<>();
                CountDownLatch told = new CountDownLatch(1);
                boolean waits = leaves(cursor, told::countDown);
                assertThat(writer.append("Hello", given::add)).isEqualTo(5);
                for (Runnable task : given) {
                    task.run();
                }
                assertThat(!waits || told.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Grown(HEAD, 0, "Hello", false));
            }
        }

        @Test
        void who_is_told_and_takes_long_holds_up_nobody_who_follows_another_reply() throws InterruptedException {
            List<Cursor> cursors = new ArrayList<>();
            try {
                CountDownLatch all = new CountDownLatch(REPLIES);
                Thread leaving = Thread.currentThread();
                List<Writer> writers = new ArrayList<>();
                for (int i = 0; i < REPLIES; i++) {
                    StreamHead head = headOf("reply-of-many-" + i);
                    writers.add(port().create(head, 1));
                    Cursor cursor = port().open(head.reply(), 0);
                    cursors.add(cursor);
                    grown(cursor);
                    if (!leaves(cursor, () -> awaitTogether(all, leaving))) {
                        return;
                    }
                }
                writers.forEach(writer -> writer.append("Hello"));
                assertThat(all.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } finally {
                cursors.forEach(Cursor::close);
            }
        }

        /** Not on the thread that leaves the task, where it must not be run at all. */
        private void awaitTogether(CountDownLatch all, Thread leaving) {
            all.countDown();
            try {
                var unused = Thread.currentThread().equals(leaving) || all.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }

        @Test
        void who_has_closed_its_cursor_is_told_no_more() throws InterruptedException {
            Writer writer = port().create(HEAD, 1);
            try (Cursor stays = port().open(REPLY, 0)) {
                grown(stays);
                BlockingQueue<String> told = new LinkedBlockingQueue<>();
                try (Cursor leaves = port().open(REPLY, 0)) {
                    grown(leaves);
                    if (!leaves(leaves, () -> told.add("told who has left"))) {
                        return;
                    }
                }
                for (String piece : new String[] {"Hello", ", you"}) {
                    assertThat(stays.whenMore(() -> told.add("told"))).isTrue();
                    writer.append(piece);
                    assertThat(told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("told");
                    assertThat(grown(stays).text()).isEqualTo(piece);
                }
                assertThat(told).isEmpty();
            }
        }
    }
}
