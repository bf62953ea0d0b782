package dev.parley.client;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** A reply keeps all rules of Reactive Streams for publishers: their own tests, run one by one. */
class PublisherRulesTest {

    private static final int PATIENCE = 1_000;
    /** For how long it is looked whether something comes that must not. */
    private static final int SILENCE = 20;

    private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

    @AfterAll
    static void end() {
        THREADS.shutdownNow();
    }

    @TestFactory
    Stream<DynamicTest> a_reply_keeps_the_rules() {
        return Arrays.stream(Rules.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(method)));
    }

    private static void run(Method rule) throws Throwable {
        Rules rules = new Rules();
        rules.setUp();
        try {
            rule.invoke(rules);
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof SkipException skipped) {
                throw new TestAbortedException(skipped.getMessage());
            }
            throw failed.getCause();
        }
    }

    private static Reply reply() {
        return new Reply(THREADS, each -> CompletableFuture.completedFuture(List.of()));
    }

    /** What the rules are tried with: replies of so many pieces. */
    private static final class Rules extends FlowPublisherVerification<String> {

        Rules() {
            super(new TestEnvironment(PATIENCE, SILENCE), PATIENCE);
        }

        @Override
        public Flow.Publisher<String> createFlowPublisher(long pieces) {
            Reply reply = reply();
            AtomicLong left = new AtomicLong(pieces);
            Runnable next = () -> {
                // What waits comes as one piece: so that each comes alone it is written when the one before is read.
                if (left.getAndDecrement() > 0) {
                    reply.append("word ");
                } else if (!reply.ended()) {
                    reply.end(Reply.Status.COMPLETED, Optional.empty(), Optional.empty());
                }
            };
            next.run();
            return subscriber -> reply.subscribe(subscriber == null ? null : new Paced(subscriber, next));
        }

        @Override
        public Flow.Publisher<String> createFailedFlowPublisher() {
            Reply reply = reply();
            reply.refuse(new ParleyException("CONTENT_REJECTED", "No"));
            return reply;
        }
    }

    /** Has the next piece written as soon as it was told one. */
    private record Paced(Flow.Subscriber<? super String> told, Runnable next) implements Flow.Subscriber<String> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            told.onSubscribe(subscription);
        }

        @Override
        public void onNext(String piece) {
            told.onNext(piece);
            next.run();
        }

        @Override
        public void onError(Throwable fault) {
            told.onError(fault);
        }

        @Override
        public void onComplete() {
            told.onComplete();
        }
    }
}
