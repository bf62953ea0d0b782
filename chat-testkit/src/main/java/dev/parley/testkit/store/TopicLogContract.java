package dev.parley.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.domain.access.UserId;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.Subscription;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import dev.parley.domain.topic.TopicLog;
import dev.parley.domain.topic.TopicLog.Stretch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link TopicLog} keeps to. */
public abstract class TopicLogContract extends DurableContract {
    private static final TopicId CASE = TopicId.named("inv-7");
    private static final TopicId BESIDE = TopicId.named("inv-8");
    private static final Duration WHILE = Duration.ofMinutes(10);

    private TopicLog log() {
        return stores().topics();
    }

    private TopicEntry publish(TopicId topic, Instant at, int number) {
        return log().append(topic, at, new Publication.Update("progress", "{\"n\":" + number + "}"));
    }

    private List<TopicEntry> after(TopicId topic, long position) {
        return switch (log().after(topic, position, 10_000)) {
            case Stretch.Entries(List<TopicEntry> entries) -> entries;
            case Stretch.Lost() -> throw new AssertionError("Expected entries, found that they are lost");
        };
    }

    private boolean lost(TopicId topic, long position) {
        return log().after(topic, position, 10) instanceof Stretch.Lost;
    }

    private List<TopicId> subscribed(Instant now) {
        return log().subscriptions(ROOM, now).stream().map(Subscription::topic).toList();
    }

    @Nested
    class Topics {
        @Test
        void those_with_entries_or_an_audience_are_listed_in_order_part_by_part() {
            assertThat(log().topics(Optional.empty(), 10)).isEmpty();
            TopicId closed = TopicId.named("inv-9");
            log().setAudience(closed, new Audience.Only(Set.of(ANA)));
            publish(BESIDE, tick(), 1);
            publish(CASE, tick(), 1);
            publish(CASE, tick(), 2);
            reopen();
            assertThat(log().topics(Optional.empty(), 10)).containsExactly(CASE, BESIDE, closed);
            assertThat(log().topics(Optional.empty(), 2)).containsExactly(CASE, BESIDE);
            assertThat(log().topics(Optional.of(BESIDE), 2)).containsExactly(closed);
        }
    }

    @Nested
    class Entries {
        @Test
        void each_has_the_next_position_of_its_topic_and_comes_back_as_it_was() {
            List<Publication> published = List.of(
                    new Publication.Update("report.ready", "{\"text\":\"ação '名' 😀\",\"n\":1.50}"),
                    new Publication.Anomaly("{}"),
                    new Publication.Notification("{\"deep\":{\"list\":[null,true]}}"));
            List<TopicEntry> appended = new ArrayList<>();
            published.forEach(publication -> appended.add(log().append(CASE, tick(), publication)));
            publish(BESIDE, tick(), 1);
            assertThat(appended).extracting(TopicEntry::position).containsExactly(1L, 2L, 3L);
            assertThat(appended).extracting(TopicEntry::publication).isEqualTo(published);
            reopen();
            assertThat(after(CASE, 0)).isEqualTo(appended);
            assertThat(after(CASE, 2)).isEqualTo(appended.subList(2, 3));
            assertThat(log().after(CASE, 0, 2)).isEqualTo(new Stretch.Entries(appended.subList(0, 2)));
            assertThat(log().newest(CASE)).isEqualTo(3);
            assertThat(publish(CASE, tick(), 4).position()).isEqualTo(4);
        }

        @Test
        void a_topic_to_which_nothing_was_published_is_empty() {
            assertThat(after(CASE, 0)).isEmpty();
            assertThat(log().newest(CASE)).isZero();
            publish(CASE, tick(), 1);
            assertThat(after(CASE, 1)).isEmpty();
        }

        @Test
        void who_asks_beyond_the_newest_is_told_that_it_is_lost() {
            assertThat(lost(CASE, 1)).isTrue();
            publish(CASE, tick(), 1);
            assertThat(lost(CASE, 2)).isTrue();
            assertThat(lost(CASE, -1)).isTrue();
        }

        @Test
        void positions_have_no_gap_and_no_double_when_many_publish_at_once() throws Exception {
            SessionConcurrencyContract.together(64, number -> publish(CASE, START, number));
            assertThat(after(CASE, 0))
                    .extracting(TopicEntry::position)
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, 64).boxed().toList());
            assertThat(after(CASE, 0)).extracting(TopicEntry::publication).doesNotHaveDuplicates();
        }

        @Test
        void ids_that_differ_in_case_alone_are_two_topics_and_a_sessions_own_is_a_third() {
            publish(TopicId.named("Case"), tick(), 1);
            publish(TopicId.named("case"), tick(), 2);
            publish(TopicId.of(ROOM), tick(), 3);
            assertThat(log().newest(TopicId.named("Case"))).isEqualTo(1);
            assertThat(log().newest(TopicId.named("case"))).isEqualTo(1);
            assertThat(log().newest(TopicId.of(ROOM))).isEqualTo(1);
            assertThat(log().newest(TopicId.named(ROOM.value()))).isZero();
        }
    }

    @Nested
    class Retention {
        @Test
        void the_newest_are_kept_however_old() {
            for (int i = 1; i <= TopicLog.KEPT_ENTRIES; i++) {
                publish(CASE, START, i);
            }
            Instant later = START.plus(TopicLog.KEPT_FOR).plusSeconds(1);
            publish(CASE, later, 0);
            publish(CASE, later, 0);
            publish(CASE, later, 0);
            assertThat(after(CASE, 3)).hasSize(TopicLog.KEPT_ENTRIES);
            assertThat(lost(CASE, 0)).as("what is old and not among the newest").isTrue();
            reopen();
            assertThat(lost(CASE, 2)).isTrue();
            assertThat(after(CASE, 3).getFirst().position()).isEqualTo(4);
        }

        @Test
        void the_young_are_kept_however_many() {
            int many = TopicLog.KEPT_ENTRIES + 20;
            for (int i = 1; i <= many; i++) {
                publish(CASE, START.plusSeconds(i), i);
            }
            publish(CASE, START.plus(TopicLog.KEPT_FOR), 0);
            assertThat(after(CASE, 0)).hasSize(many + 1);
        }
    }

    @Nested
    class Audiences {
        @Test
        void whoever_is_let_in_is_let_in_after_the_newest_entry() {
            assertThat(log().admittedAt(CASE, ANA)).isZero();
            publish(CASE, START, 1);
            log().setAudience(CASE, new Audience.Only(Set.of(ANA)));
            assertThat(log().admittedAt(CASE, ANA)).as("never left out").isZero();
            assertThat(log().admittedAt(CASE, BEN)).as("not let in").isEqualTo(1);
            publish(CASE, START, 2);
            log().setAudience(CASE, new Audience.Only(Set.of(ANA, BEN)));
            publish(CASE, START, 3);
            assertThat(log().admittedAt(CASE, ANA)).as("never left out").isZero();
            assertThat(log().admittedAt(CASE, BEN)).as("let in after the second").isEqualTo(2);
            log().setAudience(CASE, new Audience.Only(Set.of(ANA)));
            log().setAudience(CASE, new Audience.Only(Set.of(ANA, BEN)));
            assertThat(log().admittedAt(CASE, BEN)).as("let in again").isEqualTo(3);
            log().setAudience(CASE, new Audience.Everybody());
            assertThat(log().admittedAt(CASE, BEN)).as("everybody").isZero();
        }

        @Test
        void it_is_everybody_until_somebody_says_otherwise() {
            assertThat(log().audience(CASE)).isEqualTo(new Audience.Everybody());
            Audience some = new Audience.Only(Set.of(ANA, Sample.HOSTILE_USER));
            log().setAudience(CASE, some);
            assertThat(log().audience(CASE)).isEqualTo(some);
            assertThat(log().audience(BESIDE)).isEqualTo(new Audience.Everybody());
            reopen();
            assertThat(log().audience(CASE)).isEqualTo(some);
            log().setAudience(CASE, new Audience.Only(Set.of(BEN)));
            assertThat(log().audience(CASE)).isEqualTo(new Audience.Only(Set.of(BEN)));
            log().setAudience(CASE, new Audience.Only(Set.of()));
            assertThat(log().audience(CASE)).as("nobody is not everybody").isEqualTo(new Audience.Only(Set.of()));
            log().setAudience(CASE, new Audience.Everybody());
            assertThat(log().audience(CASE)).isEqualTo(new Audience.Everybody());
        }

        @Test
        void it_changes_nothing_of_what_was_published() {
            publish(CASE, tick(), 1);
            log().setAudience(CASE, new Audience.Only(Set.of()));
            assertThat(after(CASE, 0)).hasSize(1);
            assertThat(publish(CASE, tick(), 2).position()).isEqualTo(2);
        }

        @Test
        void a_thousand_users_fit() {
            Set<UserId> users = IntStream.range(0, Audience.Only.MAX_USERS)
                    .mapToObj(number -> new UserId("user " + number))
                    .collect(Collectors.toSet());
            log().setAudience(CASE, new Audience.Only(users));
            assertThat(log().audience(CASE)).isEqualTo(new Audience.Only(users));
        }
    }

    @Nested
    class Subscriptions {
        @Test
        void a_subscription_knows_what_it_is_owed_and_survives_a_restart() {
            publish(CASE, START, 1);
            publish(CASE, START, 2);
            assertThat(log().subscribe(ROOM, CASE, START, START.plus(WHILE))).contains(new Subscription(CASE, 2));
            publish(CASE, START, 3);
            assertThat(log().subscribe(ROOM, CASE, START, START.plus(WHILE)))
                    .as("subscribing again changes nothing")
                    .contains(new Subscription(CASE, 2));
            reopen();
            assertThat(log().subscriptions(ROOM, START)).containsExactly(new Subscription(CASE, 2));
            assertThat(log().subscriptions(OTHER, START)).isEmpty();
        }

        @Test
        void it_ends_when_it_is_not_kept_and_not_before() {
            log().subscribe(ROOM, CASE, START, START.plus(WHILE));
            assertThat(subscribed(START.plus(WHILE).minusMillis(1))).containsExactly(CASE);
            log().keep(ROOM, START.plusSeconds(60), START.plus(WHILE).plusSeconds(60));
            assertThat(subscribed(START.plus(WHILE).plusSeconds(59))).containsExactly(CASE);
            log().keep(ROOM, START.plusSeconds(61), START.plusSeconds(62));
            assertThat(subscribed(START.plus(WHILE).plusSeconds(59)))
                    .as("keeping takes nothing from what was granted")
                    .containsExactly(CASE);
            assertThat(subscribed(START.plus(WHILE).plusSeconds(60))).isEmpty();
            assertThat(subscribed(START)).as("looking ahead changes nothing").containsExactly(CASE);
        }

        @Test
        void one_that_has_ended_is_not_kept_and_begins_anew() {
            publish(CASE, START, 1);
            log().subscribe(ROOM, CASE, START, START.plusSeconds(10));
            publish(CASE, START, 2);
            log().keep(ROOM, START.plusSeconds(10), START.plus(WHILE));
            assertThat(subscribed(START.plusSeconds(11))).isEmpty();
            assertThat(log().subscribe(ROOM, CASE, START.plusSeconds(11), START.plus(WHILE)))
                    .contains(new Subscription(CASE, 2));
        }

        @Test
        void unsubscribing_ends_it_for_this_session_alone() {
            log().subscribe(ROOM, CASE, START, START.plus(WHILE));
            log().subscribe(ROOM, BESIDE, START, START.plus(WHILE));
            log().subscribe(OTHER, CASE, START, START.plus(WHILE));
            assertThat(log().unsubscribe(ROOM, CASE)).isTrue();
            assertThat(log().unsubscribe(ROOM, CASE)).isFalse();
            assertThat(subscribed(START)).containsExactly(BESIDE);
            assertThat(log().subscriptions(OTHER, START)).hasSize(1);
        }

        @Test
        void a_session_has_no_more_than_its_share() {
            for (int i = 0; i < Subscription.MAX_PER_SESSION; i++) {
                assertThat(log().subscribe(ROOM, TopicId.named("t" + i), START, START.plusSeconds(10))).isPresent();
            }
            assertThat(log().subscribe(ROOM, CASE, START, START.plus(WHILE))).isEmpty();
            assertThat(log().subscribe(ROOM, TopicId.named("t0"), START, START.plus(WHILE))).isPresent();
            assertThat(log().subscribe(OTHER, CASE, START, START.plus(WHILE))).isPresent();
            assertThat(log().subscribe(ROOM, CASE, START.plusSeconds(10), START.plus(WHILE)))
                    .as("those that have ended count no longer")
                    .isPresent();
        }

        @Test
        void many_who_subscribe_at_once_take_no_more_than_the_share() throws Exception {
            Set<Optional<Subscription>> granted = new HashSet<>(SessionConcurrencyContract.together(
                    64, number -> log().subscribe(ROOM, TopicId.named("t" + number), START, START.plus(WHILE))));
            assertThat(granted.stream().filter(Optional::isPresent)).hasSize(Subscription.MAX_PER_SESSION);
            assertThat(subscribed(START)).hasSize(Subscription.MAX_PER_SESSION);
        }

        @Test
        void another_node_sees_them_too() {
            Optional<DurableStores> second = opened().second();
            assumeTrue(
                    second.isPresent(), "this store serves one process alone: nothing to prove with a second node");
            log().subscribe(ROOM, CASE, START, START.plus(WHILE));
            publish(CASE, START, 1);
            TopicLog there = second.orElseThrow().topics();
            assertThat(there.subscriptions(ROOM, START)).hasSize(1);
            assertThat(there.append(CASE, START, new Publication.Anomaly("{}")).position()).isEqualTo(2);
        }
    }

    @Nested
    class Forgetting {
        @Test
        void a_session_takes_its_own_topic_and_its_subscriptions_with_it() {
            TopicId own = TopicId.of(ROOM);
            log().append(own, START, new Publication.Notification("{}"));
            log().append(TopicId.of(OTHER), START, new Publication.Notification("{}"));
            publish(CASE, START, 1);
            log().subscribe(ROOM, CASE, START, START.plus(WHILE));
            log().subscribe(OTHER, CASE, START, START.plus(WHILE));
            log().forget(ROOM);
            log().forget(ROOM);
            reopen();
            assertThat(after(own, 0)).isEmpty();
            assertThat(subscribed(START)).isEmpty();
            assertThat(after(TopicId.of(OTHER), 0)).hasSize(1);
            assertThat(after(CASE, 0)).hasSize(1);
            assertThat(log().subscriptions(OTHER, START)).hasSize(1);
            assertThat(log().append(own, START, new Publication.Notification("{}")).position())
                    .as("a session of the same name begins anew")
                    .isEqualTo(1);
        }
    }
}
