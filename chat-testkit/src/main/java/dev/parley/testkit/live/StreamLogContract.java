package dev.parley.testkit.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.error.FencedException;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.reply.StreamLog.Cursor;
import dev.parley.domain.reply.StreamLog.Read;
import dev.parley.domain.reply.StreamLog.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link StreamLog} keeps to. */
public abstract class StreamLogContract extends StreamLogTelling {

    /** For how long the port under test keeps a log after its end. */
    protected abstract Duration keptAfterEnd();

    /** For how long the port under test keeps a log that nobody ends, at most. */
    protected abstract Duration keptWhenAbandoned();

    @Nested
    class Reading {

        @Test
        void a_cursor_that_was_there_first_is_told_the_head_before_any_text() throws InterruptedException {
            try (Cursor cursor = peer().open(REPLY, 0)) {
                assertThat(cursor.next(Duration.ZERO)).isEqualTo(new Read.Nothing());
                Writer writer = port().create(HEAD, 1);
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Grown(HEAD, 0, "", false));
                writer.append("Hello");
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Grown(HEAD, 0, "Hello", false));
                writer.close();
            }
        }

        @Test
        void one_read_gives_everything_that_has_grown_since_the_last() throws InterruptedException {
            Writer writer = port().create(HEAD, 1);
            assertThat(writer.append("One ")).isEqualTo(4);
            assertThat(writer.append("two ")).isEqualTo(8);
            try (Cursor elsewhere = peer().open(REPLY, 0)) {
                assertThat(elsewhere.next(PATIENCE)).isEqualTo(new Read.Grown(HEAD, 0, "One two ", false));
                assertThat(elsewhere.next(Duration.ZERO)).isEqualTo(new Read.Nothing());
            }
            try (Cursor cursor = port().open(REPLY, 0)) {
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Grown(HEAD, 0, "One two ", false));
                assertThat(cursor.next(Duration.ZERO)).isEqualTo(new Read.Nothing());
                writer.append("three");
                writer.append(".");
                Read.Grown grown = grown(cursor);
                assertThat(grown).isEqualTo(new Read.Grown(HEAD, 8, "three.", false));
                assertThat(grown.to()).isEqualTo(14);
            }
        }

        @Test
        void a_cursor_at_the_present_end_is_told_the_head() throws InterruptedException {
            port().create(HEAD, 1).append("Hello");
            try (Cursor cursor = peer().open(REPLY, 5)) {
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Grown(HEAD, 5, "", false));
            }
        }

        @Test
        void a_place_beyond_the_end_means_nothing() throws InterruptedException {
            port().create(HEAD, 1).append("Hello");
            try (Cursor cursor = peer().open(REPLY, 6)) {
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Gone());
                assertThat(cursor.next(Duration.ZERO)).isEqualTo(new Read.Gone());
            }
        }

        @Test
        void a_place_within_a_surrogate_pair_means_nothing() throws InterruptedException {
            port().create(HEAD, 1).append("a😀b");
            try (Cursor cursor = peer().open(REPLY, 2)) {
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Gone());
            }
        }

        @Test
        void replies_do_not_mix() throws InterruptedException {
            port().create(HEAD, 1).append("one");
            port().create(headOf("reply-2"), 1).append("two");
            try (Cursor cursor = peer().open(REPLY, 0)) {
                assertThat(grown(cursor).text()).isEqualTo("one");
            }
        }

        @Test
        void any_text_survives() throws InterruptedException {
            String text = "\"\\\u0001\n\t\u2028é中😀{0}%s" + "long ".repeat(200_000);
            port().create(HEAD, 1).append(text);
            try (Cursor cursor = peer().open(REPLY, 0)) {
                assertThat(readUntil(cursor, text.length())).isEqualTo(text);
            }
        }
    }

    @Nested
    class Ending {

        @Test
        void the_end_comes_with_the_rest_and_again_to_those_who_open_later() throws InterruptedException {
            Writer writer = port().create(HEAD, 1);
            writer.append("All");
            writer.end();
            writer.end();
            writer.close();
            for (int i = 0; i < 2; i++) {
                try (Cursor cursor = peer().open(REPLY, 0)) {
                    assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Grown(HEAD, 0, "All", true));
                    assertThat(cursor.next(Duration.ZERO)).isEqualTo(new Read.Nothing());
                }
            }
        }

        @Test
        void an_end_without_text_is_told() throws InterruptedException {
            Writer writer = port().create(HEAD, 1);
            try (Cursor cursor = peer().open(REPLY, 0)) {
                grown(cursor);
                writer.end();
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Grown(HEAD, 0, "", true));
            }
        }

        @Test
        void a_writer_that_lets_go_ends_nothing() throws InterruptedException {
            Writer writer = port().create(HEAD, 1);
            writer.append("Half");
            writer.close();
            try (Cursor cursor = peer().open(REPLY, 0)) {
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Grown(HEAD, 0, "Half", false));
            }
        }
    }

    @Nested
    class Fencing {

        @Test
        void an_old_writer_may_not_begin_append_or_end() throws InterruptedException {
            Writer old = port().create(HEAD, 3);
            old.append("old");
            Writer newest = peer().create(HEAD, 4);
            newest.append("new");
            assertThatThrownBy(() -> old.append("x")).isInstanceOf(FencedException.class);
            assertThatThrownBy(old::end).isInstanceOf(FencedException.class);
            assertThatThrownBy(() -> port().create(HEAD, 3)).isInstanceOf(FencedException.class);
            old.close();
            try (Cursor cursor = port().open(REPLY, 0)) {
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Grown(HEAD, 0, "new", false));
            }
        }

        @Test
        void who_reads_where_the_old_owner_is_is_told_of_the_new_one_elsewhere() throws InterruptedException {
            Writer old = port().create(HEAD, 1);
            old.append("Said by the old one");
            try (Cursor cursor = port().open(REPLY, 0)) {
                assertThat(grown(cursor).text()).isEqualTo("Said by the old one");
                Writer newest = peer().create(HEAD, 2);
                newest.append("Said by the new one");
                newest.end();
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Gone());
            }
            assertThat(readToTheEnd(port(), 0)).isEqualTo("Said by the new one");
        }

        @Test
        void of_many_owners_at_once_the_one_with_the_highest_fence_is_read_everywhere() throws Exception {
            List<Callable<Boolean>> owners = new ArrayList<>();
            for (int i = 1; i <= 16; i++) {
                long fence = i;
                StreamLog log = i % 2 == 0 ? port() : peer();
                owners.add(() -> wrote(log, fence));
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Boolean>> wrote = threads.invokeAll(owners, PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(result(wrote.getLast())).as("the newest owner may write").isTrue();
            }
            assertThat(readToTheEnd(port(), 0)).isEqualTo("Said under 16");
            assertThat(readToTheEnd(peer(), 0)).isEqualTo("Said under 16");
        }

        private boolean wrote(StreamLog log, long fence) {
            try (Writer writer = log.create(HEAD, fence)) {
                writer.append("Said under ");
                writer.append(String.valueOf(fence));
                writer.end();
                return true;
            } catch (FencedException replaced) {
                return false;
            }
        }

        @Test
        void who_has_read_a_text_that_is_begun_anew_is_told_so() throws InterruptedException {
            port().create(HEAD, 1).append("A text that is long enough");
            try (Cursor cursor = peer().open(REPLY, 0);
                    Cursor waiting = peer().open(REPLY, 0)) {
                grown(cursor);
                Writer newest = port().create(HEAD, 2);
                newest.append("Another text that is even longer than the first");
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Gone());
                assertThat(readUntil(waiting, 7)).startsWith("Another");
            }
        }
    }

    @Nested
    class Waking {

        @Test
        void a_waiting_cursor_wakes_for_the_beginning_for_text_and_for_the_end() throws Exception {
            try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
                    Cursor cursor = peer().open(REPLY, 0)) {
                Callable<Read> read = () -> cursor.next(PATIENCE);
                Future<Read> head = readers.submit(read);
                assertWaiting(head);
                Writer writer = port().create(HEAD, 1);
                assertThat(result(head)).isEqualTo(new Read.Grown(HEAD, 0, "", false));
                Future<Read> text = readers.submit(read);
                assertWaiting(text);
                writer.append("Hello");
                assertThat(result(text)).isEqualTo(new Read.Grown(HEAD, 0, "Hello", false));
                Future<Read> end = readers.submit(read);
                assertWaiting(end);
                writer.end();
                assertThat(result(end)).isEqualTo(new Read.Grown(HEAD, 5, "", true));
            }
        }

        @Test
        void a_cursor_that_waits_as_long_as_it_takes_wakes_for_text_for_the_end_and_for_an_interrupt() throws Exception {
            Writer writer = port().create(HEAD, 1);
            try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
                    Cursor cursor = peer().open(REPLY, 0)) {
                assertThat(cursor.next()).isEqualTo(new Read.Grown(HEAD, 0, "", false));
                Callable<Read> read = cursor::next;
                Future<Read> text = readers.submit(read);
                assertWaiting(text);
                writer.append("Hello");
                assertThat(result(text)).isEqualTo(new Read.Grown(HEAD, 0, "Hello", false));
                AtomicReference<Object> thrown = new AtomicReference<>("nothing");
                Thread waiting = Thread.ofVirtual().start(() -> {
                    try {
                        thrown.set(cursor.next());
                    } catch (InterruptedException e) {
                        thrown.set(e);
                    }
                });
                waiting.interrupt();
                assertThat(waiting.join(PATIENCE)).isTrue();
                assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
                Future<Read> end = readers.submit(read);
                assertWaiting(end);
                writer.end();
                assertThat(result(end)).isEqualTo(new Read.Grown(HEAD, 5, "", true));
            }
        }

        @Test
        void an_interrupted_cursor_can_be_used_again() throws Exception {
            Writer writer = port().create(HEAD, 1);
            try (Cursor cursor = peer().open(REPLY, 0)) {
                grown(cursor);
                AtomicReference<Object> thrown = new AtomicReference<>("nothing");
                CountDownLatch ended = new CountDownLatch(1);
                Thread reader = Thread.ofVirtual().start(() -> {
                    try {
                        thrown.set(cursor.next(PATIENCE.multipliedBy(2)));
                    } catch (InterruptedException e) {
                        thrown.set(e);
                    }
                    ended.countDown();
                });
                reader.interrupt();
                assertThat(ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
                writer.append("Hello");
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Grown(HEAD, 0, "Hello", false));
            }
        }

        @Test
        void a_thousand_cursors_of_one_log_all_see_all_of_it() throws Exception {
            String text = "One word after the other, and then 😀 the end. ".repeat(40);
            List<Future<String>> seen = new ArrayList<>();
            try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 1_000; i++) {
                    seen.add(readers.submit(() -> readToTheEnd(peer(), 0)));
                }
                Writer writer = port().create(HEAD, 1);
                appendInPieces(writer, text);
                writer.end();
                for (Future<String> one : seen) {
                    assertThat(result(one)).isEqualTo(text);
                }
            }
        }

        private void assertWaiting(Future<?> read) {
            assertThatThrownBy(() -> read.get(20, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        }
    }

    @Nested
    class Concurrency {

        @Test
        void whatever_place_a_cursor_is_opened_at_while_the_text_grows_nothing_is_missing_and_nothing_comes_twice()
                throws Exception {
            String text = "A wörd, 中文, 😀😀 and more. ".repeat(12);
            List<Future<String>> seen = new ArrayList<>();
            try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
                Writer writer = port().create(HEAD, 1);
                writer.append(text.substring(0, 200));
                for (int i = 0; i <= 200; i++) {
                    int offset = i;
                    seen.add(readers.submit(() -> readToTheEnd(peer(), offset)));
                }
                appendInPieces(writer, text.substring(200));
                writer.end();
                for (int i = 0; i <= 200; i++) {
                    String expected = splitsPair(text, i) ? GONE : text.substring(i);
                    assertThat(result(seen.get(i))).as("from offset " + i).isEqualTo(expected);
                }
            }
        }
    }

    @Nested
    class Limits {

        @Test
        void an_ended_log_is_kept_for_its_time_and_then_forgotten() throws InterruptedException {
            Writer writer = port().create(HEAD, 1);
            writer.append("Hello");
            writer.end();
            advance(keptAfterEnd().dividedBy(2));
            Cursor early = peer().open(REPLY, 0);
            assertThat(grown(early).text()).isEqualTo("Hello");
            advance(keptAfterEnd());
            assertThat(early.next(PATIENCE)).isEqualTo(new Read.Gone());
            early.close();
            try (Cursor late = peer().open(REPLY, 0)) {
                assertThat(late.next(Duration.ZERO)).isIn(new Read.Gone(), new Read.Nothing());
            }
        }

        @Test
        void a_log_that_nobody_ends_is_forgotten_too() throws InterruptedException {
            port().create(HEAD, 1).append("Hello");
            try (Cursor cursor = peer().open(REPLY, 0)) {
                grown(cursor);
                advance(keptWhenAbandoned().plusSeconds(1));
                assertThat(cursor.next(PATIENCE)).isEqualTo(new Read.Gone());
            }
        }

        @Test
        void pieces_that_are_no_text_are_the_callers_mistake() {
            Writer writer = port().create(HEAD, 1);
            assertThatThrownBy(() -> writer.append("")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.append("a\ud83d")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.append("\ude00a")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> port().open(REPLY, -1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static <T> T result(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
