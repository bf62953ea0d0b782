package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.event.Event;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.Subscription;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TopicsTest {

    private static final SessionId ROOM = new SessionId(Person.ROOM);
    private static final TopicId CASE = TopicId.named("inv-7");
    private static final TopicId OWN = TopicId.of(ROOM);
    private static final Link.Watched ROOMS_TOPICS = new Link.Watched.OfSession(ROOM);

    private static TopicEntry publish(Stage stage, TopicId topic, String payload) {
        return Stage.done(stage.ask(
                stage.person("feeder", "service").caller(),
                new Command.Publish(
                        topic,
                        topic.session().isPresent()
                                ? new Publication.Notification(payload)
                                : new Publication.Update("progress", payload))));
    }

    private static Watching watch(Seat seat) {
        return Stage.done(seat.link().watch(ROOMS_TOPICS, Optional.empty()));
    }

    private static void awaitEntry(Seat seat, TopicEntry entry) {
        seat.view.await(Event.Published.class, published -> published.entry().equals(entry));
    }

    private static List<TopicEntry> told(Seat seat) {
        return seat.view.all(Event.Published.class).stream().map(Event.Published::entry).toList();
    }

    @Test
    void all_connections_of_a_session_on_all_nodes_are_told_once_one_has_subscribed() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat first = ana.sits();
            Seat second = ana.sits();
            Seat elsewhere = stage.person(stage.another(), "ana").sits();
            List<Seat> seats = List.of(first, second, elsewhere);
            seats.forEach(TopicsTest::watch);
            publish(stage, CASE, "{\"n\":0}");
            ana.does(new Command.Subscribe(ROOM, CASE));
            TopicEntry one = publish(stage, CASE, "{\"n\":1}");
            TopicEntry note = publish(stage, OWN, "{\"note\":true}");
            for (Seat seat : seats) {
                awaitEntry(seat, one);
                awaitEntry(seat, note);
            }
            first.drops();
            TopicEntry two = publish(stage, CASE, "{\"n\":2}");
            awaitEntry(second, two);
            awaitEntry(elsewhere, two);
            ana.does(new Command.Unsubscribe(ROOM, CASE));
            TopicEntry end = publish(stage, OWN, "{\"end\":true}");
            awaitEntry(second, end);
            assertThat(told(second)).containsExactlyInAnyOrder(one, note, two, end);
            assertThat(second.view.faults()).isEmpty();
        }
    }

    @Test
    void nothing_is_told_to_a_connection_that_does_not_watch() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat plain = ana.sits();
            Seat watching = ana.sits();
            watch(watching);
            ana.does(new Command.Subscribe(ROOM, CASE));
            awaitEntry(watching, publish(stage, CASE, "{}"));
            assertThat(told(plain)).isEmpty();
        }
    }

    @Test
    void who_comes_back_is_told_what_it_missed_once_and_in_order() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            watch(seat);
            ana.does(new Command.Subscribe(ROOM, CASE));
            TopicEntry one = publish(stage, CASE, "{\"n\":1}");
            awaitEntry(seat, one);
            seat.drops();
            TopicEntry two = publish(stage, CASE, "{\"n\":2}");
            TopicId later = TopicId.named("later");
            publish(stage, later, "{\"n\":\"before\"}");
            ana.does(new Command.Subscribe(ROOM, later));
            TopicEntry three = publish(stage, later, "{\"n\":3}");
            TopicEntry note = publish(stage, OWN, "{\"n\":4}");
            seat.comesBack(Person.ROOM);
            seat.view.forgetEvents();
            Watching begun = Stage.done(
                    seat.link().watch(ROOMS_TOPICS, Optional.of(Map.of(OWN, 0L, CASE, one.position()))));
            assertThat(begun.positions()).isEqualTo(Map.of(OWN, 0L, CASE, 1L, later, 1L));
            assertThat(seat.view.await(Event.TopicsCaughtUp.class).recovered()).isTrue();
            assertThat(told(seat)).containsExactlyInAnyOrder(two, three, note);
            awaitEntry(seat, publish(stage, CASE, "{\"n\":5}"));
            assertThat(told(seat)).hasSize(4);
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    @Test
    void who_names_no_place_or_missed_too_much_is_told_so_and_hears_what_is_live() {
        try (Stage stage = Stage.open(rules -> rules.maxMissed = 3)) {
            Person ana = stage.person("ana").inRoom();
            for (int i = 0; i < 6; i++) {
                publish(stage, OWN, "{}");
            }
            for (long nonsense : List.of(1L, 99L, -7L)) {
                Seat seat = ana.sits();
                Watching begun = Stage.done(seat.link().watch(ROOMS_TOPICS, Optional.of(Map.of(OWN, nonsense))));
                assertThat(seat.view.await(Event.TopicsCaughtUp.class).recovered()).isFalse();
                assertThat(told(seat)).isEmpty();
                TopicEntry live = publish(stage, OWN, "{}");
                assertThat(begun.positions()).containsEntry(OWN, live.position() - 1);
                awaitEntry(seat, live);
                seat.close();
            }
        }
    }

    @Test
    void a_subscription_ends_ten_minutes_after_the_last_connection_and_not_while_there_is_one() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            watch(seat);
            ana.does(new Command.Subscribe(ROOM, CASE));
            for (int minute = 0; minute < 25; minute++) {
                int now = minute;
                stage.pass(Duration.ofMinutes(1));
                Wait.until("it is kept in minute " + now, () -> !left(stage, Duration.ofMinutes(9)).isEmpty());
            }
            TopicEntry one = publish(stage, CASE, "{}");
            awaitEntry(seat, one);
            stage.pass(Duration.ofSeconds(30));
            seat.drops();
            Wait.until("it is kept once more", () -> !left(stage, Duration.ofSeconds(599)).isEmpty());
            stage.pass(Duration.ofSeconds(599));
            assertThat(left(stage, Duration.ZERO)).hasSize(1);
            stage.pass(Duration.ofSeconds(1));
            assertThat(left(stage, Duration.ZERO)).isEmpty();
            Seat late = ana.sits();
            assertThat(watch(late).positions()).containsOnlyKeys(OWN);
        }
    }

    @Test
    void a_server_that_ends_leaves_subscriptions_for_the_ten_minutes_until_it_is_back() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            watch(seat);
            ana.does(new Command.Subscribe(ROOM, CASE));
            awaitEntry(seat, publish(stage, CASE, "{}"));
            stage.pass(Duration.ofSeconds(59));
            stage.engine.close();
            assertThat(left(stage, Duration.ofSeconds(599))).hasSize(1);
        }
    }

    private static List<Subscription> left(Stage stage, Duration later) {
        return stage.store.topics().subscriptions(ROOM, stage.time.instant().plus(later));
    }

    @Test
    void a_topic_is_for_its_audience_alone_and_is_taken_from_who_is_taken_out() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Person service = stage.person("feeder", "service");
            service.does(audience("ana", "ben"));
            Seat ben = stage.person("ben").inRoom().sits();
            Seat cleo = stage.person(stage.another(), "cleo").inRoom().sits();
            watch(ben);
            watch(cleo);
            assertThat(Stage.code(stage.ask(cleo.person.caller(), new Command.Subscribe(ROOM, CASE))))
                    .isEqualTo(ErrorCode.FORBIDDEN);
            ana.does(new Command.Subscribe(ROOM, CASE));
            TopicEntry before = publish(stage, CASE, "{\"n\":1}");
            awaitEntry(ben, before);
            service.does(audience("ana", "cleo"));
            assertThat(ben.view.await(Event.TopicLost.class).topic()).isEqualTo(CASE);
            TopicEntry secret = publish(stage, CASE, "{\"n\":2}");
            TopicEntry note = publish(stage, OWN, "{}");
            awaitEntry(ben, note);
            assertThat(told(ben)).doesNotContain(secret);
            // Let in, she may be told what is published from then on; what was published while she was out is not for her.
            cleo.person.does(new Command.Subscribe(ROOM, CASE));
            Wait.until("cleo is told what is new", () -> {
                publish(stage, CASE, "{\"n\":3}");
                return !told(cleo).stream().filter(entry -> entry.topic().equals(CASE)).toList().isEmpty();
            });
            assertThat(told(cleo)).doesNotContain(before);
        }
    }

    private static Command.SetAudience audience(String... users) {
        return new Command.SetAudience(
                CASE,
                new Audience.Only(Set.copyOf(Stream.of(users).map(UserId::new).toList())));
    }

    @Test
    void one_topic_is_watched_without_any_session() {
        try (Stage stage = Stage.open()) {
            Seat seat = stage.person("ana").connects();
            TopicEntry zero = publish(stage, CASE, "{\"n\":0}");
            Stage.done(seat.link().watch(new Link.Watched.OfTopic(CASE), Optional.of(Map.of(CASE, 0L))));
            TopicEntry one = publish(stage, CASE, "{\"n\":1}");
            awaitEntry(seat, one);
            assertThat(told(seat)).containsExactly(zero, one);
            stage.person("root", "admin").does(audience("ben"));
            seat.view.await(Event.TopicLost.class);
            publish(stage, CASE, "{\"n\":2}");
            assertThat(Stage.code(seat.link().watch(new Link.Watched.OfTopic(CASE), Optional.empty())))
                    .isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(told(seat)).hasSize(2);
            assertThat(Stage.code(seat.link().watch(new Link.Watched.OfTopic(OWN), Optional.empty())))
                    .isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(Stage.code(seat.link().watch(ROOMS_TOPICS, Optional.empty()))).isEqualTo(ErrorCode.BAD_REQUEST);
        }
    }

    @Test
    void an_administrator_may_watch_what_is_not_meant_for_them_and_leaves_a_trace() {
        try (Stage stage = Stage.open()) {
            stage.person("feeder", "service").does(audience("ben"));
            Seat root = stage.person("root", "admin").connects();
            Stage.done(root.link().watch(new Link.Watched.OfTopic(CASE), Optional.empty()));
            awaitEntry(root, publish(stage, CASE, "{}"));
            root.person.does(new Command.Publish(CASE, new Publication.Anomaly("{}")));
            root.person.does(audience("root"));
            assertThat(stage.store.audit().newest(10))
                    .extracting(AuditTrail.Entry::action)
                    .containsExactly("set_audience", "publish", "watch_topic");
        }
    }

    @Test
    void only_services_and_administrators_publish() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            Publication news = new Publication.Notification("{}");
            assertThat(Stage.code(stage.ask(ana.caller(), new Command.Publish(CASE, news)))).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(Stage.code(stage.ask(ana.caller(), new Command.Publish(OWN, news)))).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(Stage.code(stage.ask(ana.caller(), audience("ana")))).isEqualTo(ErrorCode.FORBIDDEN);
            Caller service = stage.person("feeder", "service").caller();
            TopicId nobodys = TopicId.of(new SessionId("nobody-s"));
            assertThat(Stage.code(stage.ask(service, new Command.Publish(nobodys, news)))).isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(Stage.code(stage.ask(service, new Command.SetAudience(OWN, new Audience.Everybody()))))
                    .isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(Stage.code(stage.ask(service, new Command.Publish(OWN, new Publication.Anomaly("{}")))))
                    .isEqualTo(ErrorCode.BAD_REQUEST);
            ana.does(new Command.CloseSession(ROOM));
            assertThat(Stage.code(stage.ask(service, new Command.Publish(OWN, news)))).isEqualTo(ErrorCode.GONE);
        }
    }

    @Test
    void who_does_not_belong_to_a_session_changes_none_of_its_subscriptions() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            ana.does(new Command.Subscribe(ROOM, CASE));
            Caller stranger = stage.person("mallory").caller();
            assertThat(Stage.code(stage.ask(stranger, new Command.Subscribe(ROOM, TopicId.named("x")))))
                    .isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(Stage.code(stage.ask(stranger, new Command.Unsubscribe(ROOM, CASE)))).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(Stage.code(stage.ask(ana.caller(), new Command.Subscribe(ROOM, OWN)))).isEqualTo(ErrorCode.BAD_REQUEST);
            for (int i = 1; i < Subscription.MAX_PER_SESSION; i++) {
                ana.does(new Command.Subscribe(ROOM, TopicId.named("t" + i)));
            }
            assertThat(Stage.code(stage.ask(ana.caller(), new Command.Subscribe(ROOM, TopicId.named("last")))))
                    .isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        }
    }

    @Test
    void who_is_removed_from_a_session_is_told_nothing_more_of_its_topics() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            ana.does(new Command.AddMember(ROOM, new UserId("ben")));
            Seat ben = stage.person("ben").sits();
            watch(ben);
            Seat watcher = ana.sits();
            watch(watcher);
            ana.does(new Command.RemoveMember(ROOM, new UserId("ben")));
            ben.awaitLoss();
            awaitEntry(watcher, publish(stage, OWN, "{}"));
            assertThat(told(ben)).isEmpty();
        }
    }

    @Test
    void a_purged_session_leaves_nothing_to_the_next_of_its_name() {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            ana.does(new Command.Subscribe(ROOM, CASE));
            publish(stage, OWN, "{\"secret\":true}");
            ana.does(new Command.PurgeSession(ROOM));
            Seat ben = stage.person("ben").inRoom().sits();
            Stage.done(ben.link().watch(ROOMS_TOPICS, Optional.of(Map.of(OWN, 0L))));
            awaitEntry(ben, publish(stage, OWN, "{}"));
            assertThat(told(ben)).hasSize(1);
        }
    }

    @Test
    void hints_that_are_lost_doubled_or_late_lose_and_double_nothing() {
        for (long seed = 0; seed < 5; seed++) {
            long now = seed;
            try (Stage stage = Stage.open(rules -> {}, ports -> Twins.withBus(ports, new UnreliableBus(ports.bus(), now)))) {
                Person ana = stage.person("ana").inRoom();
                Seat seat = ana.sits();
                watch(seat);
                ana.does(new Command.Subscribe(ROOM, CASE));
                for (int i = 0; i < 40; i++) {
                    publish(stage, CASE, "{\"n\":" + i + "}");
                }
                Wait.until("everything is told", () -> {
                    stage.pass(Duration.ofSeconds(30));
                    return told(seat).size() == 40;
                });
                assertThat(seat.view.faults()).isEmpty();
            }
        }
    }
}
