package dev.parley.testkit.llm;

import static dev.parley.testkit.llm.ModelStep.cut;
import static dev.parley.testkit.llm.ModelStep.end;
import static dev.parley.testkit.llm.ModelStep.fail;
import static dev.parley.testkit.llm.ModelStep.say;
import static dev.parley.testkit.llm.ModelStep.stall;
import static dev.parley.testkit.llm.ModelStep.think;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.error.LlmException;
import dev.parley.domain.error.LlmException.Kind;
import dev.parley.domain.llm.Completion;
import dev.parley.domain.llm.Fragment;
import dev.parley.domain.llm.LlmStreamer;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.llm.Prompt;
import dev.parley.domain.message.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link LlmStreamer} keeps to. */
public abstract class LlmStreamerContract {

    private static final long PATIENCE_SECONDS = 20;

    private @Nullable ModelFixture fixture;

    /** Makes the fixture of one test. */
    protected abstract ModelFixture fixture();

    @BeforeEach
    final void openTheFixture() {
        fixture = fixture();
    }

    @AfterEach
    final void closeTheFixture() {
        if (fixture != null) {
            fixture.close();
        }
    }

    @Nested
    class Answering {

        @Test
        void the_pieces_come_in_order_and_then_the_completion() throws InterruptedException {
            opened().script(say("Hel"), say("lo, "), say("world"), end());
            List<Fragment> heard = new ArrayList<>();
            Completion completion = opened().streamer().stream(prompt(), heard::add);
            assertThat(textOf(heard)).isEqualTo("Hello, world");
            assertThat(completion)
                    .isEqualTo(new Completion(Completion.Reason.STOP, Optional.of(3), Optional.of(5)));
        }

        @Test
        void an_answer_may_be_empty_and_may_be_cut_at_its_length() throws InterruptedException {
            Completion cutShort = new Completion(Completion.Reason.LENGTH, Optional.of(1), Optional.of(2));
            opened().script(new ModelStep.End(cutShort));
            List<Fragment> heard = new ArrayList<>();
            assertThat(opened().streamer().stream(prompt(), heard::add)).isEqualTo(cutShort);
            assertThat(heard).isEmpty();
        }

        @Test
        void thoughts_are_told_apart_from_the_answer() throws InterruptedException {
            opened().script(think("Hm, "), think("well."), say("Yes."), end());
            List<Fragment> heard = new ArrayList<>();
            opened().streamer().stream(prompt(), heard::add);
            assertThat(textOf(heard)).isEqualTo("Yes.");
            assertThat(heard.getFirst()).isInstanceOf(Fragment.Thinking.class);
            assertThat(heard.getLast()).isInstanceOf(Fragment.Text.class);
        }

        @Test
        void any_text_survives_and_no_code_point_is_split() throws InterruptedException {
            String text = "\"\\/\b\f\n\r\t\u0001\u2028é中😀👩‍👩‍👧 {\"done\":true}";
            String large = "large ".repeat(50_000);
            opened().script(say(text), say("😀"), say(large), end());
            List<Fragment> heard = new ArrayList<>();
            opened().streamer().stream(prompt(), heard::add);
            assertThat(textOf(heard)).isEqualTo(text + "😀" + large);
            assertThat(heard).allSatisfy(fragment -> {
                assertThat(fragment.text()).isNotEmpty();
                assertThat(Character.isLowSurrogate(fragment.text().charAt(0))).isFalse();
                assertThat(Character.isHighSurrogate(
                        fragment.text().charAt(fragment.text().length() - 1)))
                        .isFalse();
            });
        }

        @Test
        void pieces_are_given_at_once_on_the_asking_thread() throws Exception {
            opened().script(say("first"), stall());
            CompletableFuture<Thread> taker = new CompletableFuture<>();
            Thread asker = Thread.ofVirtual().start(() -> {
                try {
                    opened().streamer().stream(prompt(), fragment -> taker.complete(Thread.currentThread()));
                } catch (InterruptedException e) {
                    taker.completeExceptionally(e);
                }
            });
            assertThat(taker.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isSameAs(asker);
            asker.interrupt();
            asker.join();
        }

        @Test
        void many_answers_at_once_do_not_mix() throws Exception {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                opened().script(say("<" + i + ":"), say("é"), say("😀"), say(i + ">"), end());
            }
            try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 32; i++) {
                    answers.add(askers.submit(() -> ask(new ArrayList<>())));
                }
                List<String> texts = new ArrayList<>();
                for (Future<String> answer : answers) {
                    texts.add(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
                }
                assertThat(texts).doesNotHaveDuplicates().hasSize(32).allMatch(t -> t.matches("<(\\d+):é😀\\1>"));
            }
        }
    }

    @Nested
    class Failing {

        @Test
        void a_stream_that_ends_without_an_end_is_a_failure() {
            opened().script(say("Half an ans"), cut());
            List<Fragment> heard = new ArrayList<>();
            assertFails(Kind.TRUNCATED, heard);
            assertThat(textOf(heard)).isEqualTo("Half an ans");
        }

        @Test
        void a_failure_midway_comes_after_what_was_said() {
            opened().script(say("Half"), say(" an ans"), fail(Kind.FAILED));
            List<Fragment> heard = new ArrayList<>();
            assertFails(Kind.FAILED, heard);
            assertThat(textOf(heard)).isEqualTo("Half an ans");
        }

        @Test
        void refusals_are_told_apart() {
            for (Kind kind : List.of(Kind.OVERLOADED, Kind.NOT_FOUND, Kind.REJECTED, Kind.FAILED, Kind.UNAVAILABLE)) {
                opened().script(fail(kind));
                assertFails(kind, new ArrayList<>());
            }
        }

        @Test
        void after_a_failure_the_next_request_works() throws InterruptedException {
            opened().script(say("x"), fail(Kind.FAILED));
            opened().script(say("Hello"), end());
            assertFails(Kind.FAILED, new ArrayList<>());
            assertThat(ask(new ArrayList<>())).isEqualTo("Hello");
        }

        @Test
        void what_the_sink_throws_is_thrown_on_and_the_model_is_left() throws InterruptedException {
            opened().script(say("Hello"), stall());
            IllegalStateException thrown = new IllegalStateException("Thrown on purpose");
            assertThatThrownBy(() -> opened().streamer().stream(prompt(), fragment -> {
                throw thrown;
            }))
                    .isSameAs(thrown);
            assertThat(opened().awaitGone()).isTrue();
        }
    }

    @Nested
    class Interruption {

        @Test
        void before_the_first_piece() throws Exception {
            opened().script(stall());
            interruptAfter(0);
        }

        @Test
        void between_two_pieces() throws Exception {
            opened().script(say("Hello"), think("hm"), stall());
            interruptAfter(2);
        }

        @Test
        void while_pieces_pour_in() throws Exception {
            List<ModelStep> flood = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                flood.add(say("word "));
            }
            flood.add(stall());
            opened().script(flood.toArray(ModelStep[]::new));
            interruptAfter(100);
        }

        @Test
        void before_the_request() {
            opened().script(say("x"), end());
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> ask(new ArrayList<>())).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
        }

        private void interruptAfter(int pieces) throws InterruptedException, ExecutionException, TimeoutException {
            Semaphore heard = new Semaphore(0);
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            Thread asker = Thread.ofVirtual().start(() -> {
                try {
                    outcome.complete(opened().streamer().stream(prompt(), fragment -> heard.release()));
                } catch (InterruptedException | RuntimeException e) {
                    outcome.complete(e);
                }
            });
            assertThat(opened().awaitAsked()).isTrue();
            assertThat(heard.tryAcquire(pieces, PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            asker.interrupt();
            assertThat(outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            assertThat(opened().awaitGone()).isTrue();
        }
    }

    private void assertFails(Kind kind, List<Fragment> heard) {
        assertThatThrownBy(() -> opened().streamer().stream(prompt(), heard::add))
                .isInstanceOfSatisfying(LlmException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private String ask(List<Fragment> heard) throws InterruptedException {
        opened().streamer().stream(prompt(), heard::add);
        return textOf(heard);
    }

    private Prompt prompt() {
        return new Prompt(
                opened().model(),
                List.of(new Prompt.Turn(Role.SYSTEM, "Be brief."), new Prompt.Turn(Role.USER, "Say \"hello\" 😀")),
                ModelOptions.DEFAULT);
    }

    private ModelFixture opened() {
        if (fixture == null) {
            throw new IllegalStateException("Expected a fixture");
        }
        return fixture;
    }

    private static String textOf(List<Fragment> heard) {
        StringBuilder text = new StringBuilder();
        for (Fragment fragment : heard) {
            if (fragment instanceof Fragment.Text piece) {
                text.append(piece.text());
            }
        }
        return text.toString();
    }
}
