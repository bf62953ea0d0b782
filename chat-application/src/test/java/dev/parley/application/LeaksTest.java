package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.session.SessionId;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class LeaksTest {

    @Test
    void a_thousand_who_come_and_go_leave_nothing() throws Exception {
        try (Stage stage = Stage.open()) {
            Person ana = stage.person("ana").inRoom();
            stage.pass(Duration.ofMinutes(1));
            int waiting = stage.time.waiting();
            for (int i = 0; i < 1000; i++) {
                Seat seat = ana.sits();
                if (i % 3 == 0) {
                    seat.link().unfollow(new SessionId(Person.ROOM));
                }
                if (i % 5 == 0) {
                    seat.follow(Person.ROOM);
                }
                seat.drops();
            }
            stage.pass(Duration.ofSeconds(5));
            assertThat(stage.time.waiting()).isEqualTo(waiting);
            assertThat(stage.live.connections().countOf(ana.user())).isZero();
            assertThat(stage.live.presence().in(new SessionId(Person.ROOM))).isEmpty();
            assertThat(followed(stage)).isZero();
        }
    }

    @Test
    void links_that_close_while_they_join_leave_nothing() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        try (Stage stage = Stage.open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Person ana = stage.person("ana").inRoom();
            for (int i = 0; i < 300; i++) {
                Seat seat = ana.connects();
                Future<?> closes = threads.submit(seat::drops);
                for (int wait = random.nextInt(3000); wait > 0; wait--) {
                    Thread.onSpinWait();
                }
                seat.link().follow(new SessionId(Person.ROOM), new Link.From.Position(0, Map.of()));
                closes.get();
            }
            stage.pass(Duration.ofSeconds(5));
            assertThat(stage.live.connections().countOf(ana.user())).isZero();
            assertThat(stage.live.presence().in(new SessionId(Person.ROOM))).isEmpty();
            assertThat(followed(stage)).isZero();
        }
    }

    @Test
    void replies_that_were_followed_leave_no_thread_and_no_timer() throws Exception {
        try (Stage stage = Stage.open()) {
            stage.model.answerAll("a", "b");
            Person ana = stage.person("ana").inRoom();
            for (int i = 0; i < 50; i++) {
                Seat seat = ana.sits();
                seat.view.awaitEnd(ana.reply("Hello"));
                seat.drops();
            }
            stage.pass(Duration.ofHours(2));
            Wait.until("only beats wait, found " + stage.time.waiting(), () -> stage.time.waiting() <= 7);
            assertThat(followed(stage)).isZero();
        }
    }

    private static int followed(Stage stage) {
        return ((ConversationEngine) stage.engine).followed();
    }
}
