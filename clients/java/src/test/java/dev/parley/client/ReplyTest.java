package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What subscribers of a reply may rely on. */
class ReplyTest {

    private static class Reader implements Flow.Subscriber<String> {
        final List<String> told = new ArrayList<>();
        Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            told.add("begin");
        }

        @Override
        public void onNext(String piece) {
            told.add(piece);
        }

        @Override
        public void onError(Throwable fault) {
            told.add(fault.getClass().getSimpleName());
        }

        @Override
        public void onComplete() {
            told.add("end");
        }
    }

    private final Reply reply = reply(Runnable::run);
    private final Reader reader = new Reader();

    private static Reply reply(Executor workers) {
        return new Reply(workers, each -> CompletableFuture.completedFuture(List.of()));
    }

    private void end() {
        reply.end(Reply.Status.COMPLETED, Optional.empty(), Optional.empty());
    }

    @Test
    void nothing_comes_that_was_not_asked_for_and_what_waits_comes_as_one() {
        reply.subscribe(reader);
        reply.append("one ");
        reply.append("two ");
        assertThat(reader.told).containsExactly("begin");
        reader.subscription.request(1);
        assertThat(reader.told).containsExactly("begin", "one two ");
        reply.append("three ");
        reader.subscription.request(2);
        reply.append("four ");
        end();
        assertThat(reader.told).containsExactly("begin", "one two ", "three ", "four ", "end");
    }

    @Test
    void the_end_needs_no_demand_but_comes_after_all_text() {
        reply.subscribe(reader);
        reply.append("text");
        end();
        assertThat(reader.told).containsExactly("begin");
        reader.subscription.request(1);
        assertThat(reader.told).containsExactly("begin", "text", "end");
        Reader late = new Reader();
        reply.subscribe(late);
        late.subscription.request(Long.MAX_VALUE);
        assertThat(late.told).containsExactly("begin", "text", "end");
    }

    @Test
    void a_demand_of_nothing_is_an_error_and_cancelling_ends_everything() {
        reply.subscribe(reader);
        reader.subscription.request(0);
        reader.subscription.request(1);
        reply.append("text");
        assertThat(reader.told).containsExactly("begin", "IllegalArgumentException");
        Reader leaving = new Reader();
        reply.subscribe(leaving);
        leaving.subscription.request(5);
        leaving.subscription.cancel();
        leaving.subscription.cancel();
        leaving.subscription.request(1);
        reply.append(" more");
        assertThat(leaving.told).containsExactly("begin", "text");
    }

    @Test
    void a_subscriber_that_asks_from_within_is_not_called_from_within() {
        int[] depth = {0, 0};
        Reader greedy = new Reader() {
            @Override
            public void onNext(String piece) {
                depth[0]++;
                depth[1] = Math.max(depth[1], depth[0]);
                super.onNext(piece);
                subscription.request(1);
                depth[0]--;
            }
        };
        reply.subscribe(greedy);
        greedy.subscription.request(1);
        for (int i = 0; i < 1_000; i++) {
            reply.append("x");
        }
        end();
        assertThat(depth[1]).isEqualTo(1);
        assertThat(String.join("", greedy.told)).isEqualTo("begin" + "x".repeat(1_000) + "end");
    }

    @Test
    void a_subscriber_that_throws_is_left_alone_and_harms_nobody() {
        Reader broken = new Reader() {
            @Override
            public void onNext(String piece) {
                super.onNext(piece);
                throw new IllegalStateException("mine");
            }
        };
        reply.subscribe(broken);
        reply.subscribe(reader);
        broken.subscription.request(9);
        reader.subscription.request(9);
        reply.append("a");
        reply.append("b");
        assertThat(broken.told).containsExactly("begin", "a");
        assertThat(reader.told).containsExactly("begin", "a", "b");
        assertThatThrownBy(() -> reply.subscribe(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void a_reply_that_never_begins_is_an_error_for_all_who_wait() {
        reply.subscribe(reader);
        reply.refuse(new ParleyException("CONTENT_REJECTED", "No"));
        assertThat(reader.told).containsExactly("begin", "ParleyException");
        assertThatThrownBy(() -> reply.pieces().forEach(piece -> {})).hasMessageContaining("CONTENT_REJECTED");
        assertThat(reply.finished()).isCompletedExceptionally();
    }

    @Test
    void a_reply_begun_anew_goes_on_where_its_reader_was_and_no_character_is_cut() {
        reply.subscribe(reader);
        reader.subscription.request(9);
        reply.append("ab\ud83d");
        reply.append("\ude00");
        reply.begin(new Frame(Map.of()));
        reply.append("ab\ud83d\ude00c");
        end();
        assertThat(reader.told).containsExactly("begin", "ab", "😀", "c", "end");
    }

    @Test
    void readers_on_other_threads_miss_nothing() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Reply shared = reply(threads);
            CountDownLatch done = new CountDownLatch(20);
            List<List<String>> texts = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                List<String> text = new CopyOnWriteArrayList<>();
                texts.add(text);
                shared.subscribe(new Reader() {
                    @Override
                    public void onSubscribe(Flow.Subscription given) {
                        super.onSubscribe(given);
                        given.request(1);
                    }

                    @Override
                    public void onNext(String piece) {
                        text.add(piece);
                        subscription.request(1);
                    }

                    @Override
                    public void onComplete() {
                        done.countDown();
                    }
                });
            }
            for (int i = 0; i < 2_000; i++) {
                shared.append("w" + i + " ");
            }
            shared.end(Reply.Status.COMPLETED, Optional.empty(), Optional.empty());
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(texts).allSatisfy(text -> assertThat(String.join("", text)).isEqualTo(shared.text()));
        }
    }
}
