package dev.parley.testkit.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.Registration;
import dev.parley.domain.access.UserId;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link EventBus} keeps to while its broker is well. */
public abstract class EventBusContract extends LiveContract<EventBus> {

    private static final SessionId ROOM = new SessionId("room");
    private static final Topic OF_ROOM = new Topic.OfSession(ROOM);
    private static final Topic EVERYWHERE = new Topic.Everywhere();

    @Nested
    class Delivery {

        @Test
        void every_kind_of_hint_arrives_as_it_was_published() throws InterruptedException {
            UserId ana = new UserId("ana ✓");
            List<Hint> hints = List.of(
                    new Hint.FeedGrew(ROOM, 7),
                    new Hint.Typing(ROOM, "ana", "Ana 😀", false, true),
                    new Hint.PresenceChanged(ROOM, ana, "Ana", true),
                    new Hint.QueueMoved(ROOM, new MessageId("r"), new MessageId("q"), 3),
                    new Hint.StopRequested(new MessageId("r")),
                    new Hint.TopicGrew(TopicId.named("investigation:1"), 12),
                    new Hint.AudienceChanged(TopicId.of(ROOM)),
                    new Hint.SubscriptionsChanged(ROOM),
                    new Hint.HintsLost(),
                    new Hint.TokenRevoked("token \"1\""),
                    new Hint.ConnectionDismissed(new ConnectionId("c1")),
                    new Hint.UserRevoked(ana, Instant.parse("2026-01-01T00:00:00.123Z")),
                    new Hint.Announced("Back in\n5 minutes", Hint.Level.WARNING));
            BlockingQueue<Hint> heard = new LinkedBlockingQueue<>();
            try (Registration listening = peer().subscribe(EVERYWHERE, heard::add)) {
                hints.forEach(hint -> port().publish(EVERYWHERE, hint));
                assertThat(take(heard, hints.size())).isEqualTo(hints);
            }
        }

        @Test
        void everybody_who_listens_hears_it_once_the_publisher_too() throws InterruptedException {
            BlockingQueue<Hint> own = new LinkedBlockingQueue<>();
            BlockingQueue<Hint> others = new LinkedBlockingQueue<>();
            try (Registration one = port().subscribe(OF_ROOM, own::add);
                    Registration other = peer().subscribe(OF_ROOM, others::add)) {
                port().publish(OF_ROOM, position(1));
                port().publish(OF_ROOM, position(2));
                assertThat(take(own, 2)).containsExactly(position(1), position(2));
                assertThat(take(others, 2)).containsExactly(position(1), position(2));
                assertThat(own).isEmpty();
                assertThat(others).isEmpty();
            }
        }

        @Test
        void topics_do_not_mix() throws InterruptedException {
            BlockingQueue<Hint> heard = new LinkedBlockingQueue<>();
            try (Registration listening = peer().subscribe(OF_ROOM, heard::add)) {
                port().publish(new Topic.OfSession(new SessionId("other")), position(1));
                port().publish(EVERYWHERE, position(2));
                port().publish(OF_ROOM, position(3));
                assertThat(take(heard, 1)).containsExactly(position(3));
            }
        }
    }

    @Nested
    class Ordering {

        @Test
        void hints_of_one_publisher_arrive_in_order_one_at_a_time() throws InterruptedException {
            BlockingQueue<Hint> heard = new LinkedBlockingQueue<>();
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger together = new AtomicInteger();
            List<Hint> published = new ArrayList<>();
            try (Registration listening = peer().subscribe(OF_ROOM, hint -> {
                together.accumulateAndGet(inside.incrementAndGet(), Math::max);
                heard.add(hint);
                inside.decrementAndGet();
            })) {
                for (int i = 1; i <= 1_000; i++) {
                    published.add(position(i));
                    port().publish(OF_ROOM, position(i));
                }
                assertThat(take(heard, 1_000)).isEqualTo(published);
                assertThat(together).hasValue(1);
            }
        }
    }

    @Nested
    class Isolation {

        @Test
        void a_listener_that_throws_harms_nobody_and_hears_more() throws InterruptedException {
            BlockingQueue<Hint> thrower = new LinkedBlockingQueue<>();
            BlockingQueue<Hint> heard = new LinkedBlockingQueue<>();
            try (Registration bad = peer().subscribe(OF_ROOM, hint -> {
                thrower.add(hint);
                throw new IllegalStateException("Thrown on purpose");
            });
                    Registration good = peer().subscribe(OF_ROOM, heard::add)) {
                port().publish(OF_ROOM, position(1));
                port().publish(OF_ROOM, position(2));
                assertThat(take(heard, 2)).containsExactly(position(1), position(2));
                assertThat(take(thrower, 2)).containsExactly(position(1), position(2));
            }
        }

        @Test
        void a_listener_that_is_stuck_holds_up_neither_publishers_nor_other_listeners() throws InterruptedException {
            CountDownLatch release = new CountDownLatch(1);
            BlockingQueue<Hint> heard = new LinkedBlockingQueue<>();
            Registration stuck = peer().subscribe(OF_ROOM, hint -> awaitQuietly(release));
            try (Registration good = peer().subscribe(OF_ROOM, heard::add)) {
                for (int i = 1; i <= 100; i++) {
                    port().publish(OF_ROOM, position(i));
                }
                assertThat(take(heard, 100)).hasSize(100);
            } finally {
                release.countDown();
                stuck.close();
            }
        }
    }

    @Nested
    class Closing {

        @Test
        void a_closed_listener_is_not_called_again() throws InterruptedException {
            for (int round = 0; round < 100; round++) {
                AtomicInteger late = new AtomicInteger();
                AtomicInteger isClosed = new AtomicInteger();
                BlockingQueue<Hint> heard = new LinkedBlockingQueue<>();
                Registration listening = peer().subscribe(OF_ROOM, hint -> late.addAndGet(isClosed.get()));
                try (Registration witness = peer().subscribe(OF_ROOM, heard::add)) {
                    for (int i = 1; i <= 20; i++) {
                        port().publish(OF_ROOM, position(i));
                    }
                    listening.close();
                    isClosed.set(1);
                    port().publish(OF_ROOM, position(21));
                    take(heard, 21);
                    assertThat(late).hasValue(0);
                }
            }
        }

        @Test
        void closing_twice_is_harmless_and_ends_one_subscription_only() throws InterruptedException {
            BlockingQueue<Hint> heard = new LinkedBlockingQueue<>();
            Registration one = peer().subscribe(OF_ROOM, heard::add);
            try (Registration other = peer().subscribe(OF_ROOM, heard::add)) {
                one.close();
                one.close();
                port().publish(OF_ROOM, position(1));
                assertThat(take(heard, 1)).containsExactly(position(1));
            }
        }

        @Test
        void a_listener_may_close_itself() throws InterruptedException {
            BlockingQueue<Registration> own = new LinkedBlockingQueue<>();
            BlockingQueue<Hint> heard = new LinkedBlockingQueue<>();
            BlockingQueue<Hint> witnessed = new LinkedBlockingQueue<>();
            own.add(peer().subscribe(OF_ROOM, hint -> {
                own.remove().close();
                heard.add(hint);
            }));
            try (Registration witness = peer().subscribe(OF_ROOM, witnessed::add)) {
                port().publish(OF_ROOM, position(1));
                assertThat(take(heard, 1)).containsExactly(position(1));
                port().publish(OF_ROOM, position(2));
                take(witnessed, 2);
                assertThat(heard).isEmpty();
            }
        }
    }

    private static Hint position(long position) {
        return new Hint.FeedGrew(ROOM, position);
    }

    private static List<Hint> take(BlockingQueue<Hint> heard, int count) throws InterruptedException {
        List<Hint> taken = new ArrayList<>();
        while (taken.size() < count) {
            Hint hint = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (hint == null) {
                throw new AssertionError("Expected " + count + " hints, found " + taken);
            }
            taken.add(hint);
        }
        return taken;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
