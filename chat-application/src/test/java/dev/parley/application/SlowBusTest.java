package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.Registration;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.topic.TopicId;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Beginning to listen takes a round trip to a broker: who waits for it holds up nobody who listens to something else. */
final class SlowBusTest {

    private static final SessionId FAR = new SessionId("far");
    private static final TopicId FAR_TOPIC = TopicId.named("far");

    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();

    @Test
    void whoever_enters_one_session_waits_for_nobody_who_enters_another() throws Exception {
        try (Stage stage = open(); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Person ana = stage.person("ana");
            Stage.done(ana.enters("far", Visibility.SHARED));
            Stage.done(ana.enters("near", Visibility.SHARED));
            Future<Seat> first = threads.submit(() -> ana.sits("far"));
            Wait.until("somebody begins to listen", () -> waiting.get() == 1);
            Future<Seat> second = threads.submit(() -> ana.sits("far"));
            Future<Seat> elsewhere = threads.submit(() -> ana.sits("near"));
            try (Seat near = elsewhere.get(20, TimeUnit.SECONDS)) {
                assertThat(near.link()).isNotNull();
                assertThat(first).as("who waits for the broker").isNotDone();
                assertThat(second).as("who follows the same session").isNotDone();
            } finally {
                released.countDown();
            }
            first.get(20, TimeUnit.SECONDS).close();
            second.get(20, TimeUnit.SECONDS).close();
            assertThat(waiting).as("one listens for all").hasValue(1);
        }
    }

    @Test
    void whoever_is_told_of_one_topic_waits_for_nobody_who_is_told_of_another() throws Exception {
        try (Stage stage = open(); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Person ana = stage.person("ana");
            Future<Watching> first = threads.submit(() -> watches(ana, FAR_TOPIC));
            Wait.until("somebody begins to listen", () -> waiting.get() == 1);
            try {
                assertThat(threads.submit(() -> watches(ana, TopicId.named("near"))).get(20, TimeUnit.SECONDS).positions())
                        .containsOnlyKeys(TopicId.named("near"));
                assertThat(first).isNotDone();
            } finally {
                released.countDown();
            }
            assertThat(first.get(20, TimeUnit.SECONDS).positions()).containsOnlyKeys(FAR_TOPIC);
        }
    }

    private static Watching watches(Person person, TopicId topic) {
        return Stage.done(person.connects().link().watch(new Link.Watched.OfTopic(topic), Optional.empty()));
    }

    private Stage open() {
        return Stage.open(rules -> {}, ports -> Twins.withBus(ports, new Slow(ports.bus())));
    }

    /** Takes its time with what is far. */
    private final class Slow implements EventBus {
        private final EventBus quick;

        Slow(EventBus quick) {
            this.quick = quick;
        }

        @Override
        public void publish(Topic topic, Hint hint) {
            quick.publish(topic, hint);
        }

        @Override
        public Registration subscribe(Topic topic, Consumer<? super Hint> listener) {
            boolean far = switch (topic) {
                case Topic.OfSession(SessionId session) -> session.equals(FAR);
                case Topic.OfPublications(TopicId publications) -> publications.equals(FAR_TOPIC);
                case Topic.Everywhere everywhere -> false;
            };
            if (far) {
                waiting.incrementAndGet();
                try {
                    released.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
            return quick.subscribe(topic, listener);
        }
    }
}
