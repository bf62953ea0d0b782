package dev.parley.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.event.Event;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import dev.parley.testkit.llm.ScriptedExchange;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A running reply whose log is gone under those who read it, as when a Redis is emptied. */
final class LostLogTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_log_that_is_gone_and_begun_anew_is_shown_anew_and_ends_once(boolean tells) throws InterruptedException {
        Losing losing = new Losing(tells);
        try (Stage stage = Stage.open(rules -> {}, losing::in)) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            MessageId reply = ana.reply("Count");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("One, ");
            seat.view.awaitText(reply, "One, ");

            losing.next.set(true);
            exchange.say("two, ");
            Wait.until("the log is opened again", () -> {
                stage.pass(Duration.ofMillis(100));
                return seat.view.all(Event.ReplyBegan.class).size() == 2;
            });
            seat.view.awaitText(reply, "One, two, ");
            exchange.say("three");
            seat.view.awaitText(reply, "One, two, three");
            assertThat(seat.view.all(Event.ReplyBegan.class)).as("begun, and begun anew").hasSize(2);

            exchange.end();
            assertThat(seat.view.awaitEnd(reply).content()).isEqualTo("One, two, three");
            assertThat(seat.view.ends()).isEqualTo(1);
            assertThat(seat.view.faults()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_log_that_never_comes_back_leaves_nobody_without_the_whole_text_in_the_end(boolean tells)
            throws InterruptedException {
        Losing losing = new Losing(tells);
        try (Stage stage = Stage.open(rules -> {}, losing::in)) {
            Person ana = stage.person("ana").inRoom();
            Seat seat = ana.sits();
            MessageId reply = ana.reply("Count");
            ScriptedExchange exchange = stage.model.next();
            exchange.say("One, ");
            seat.view.awaitText(reply, "One, ");

            losing.always = true;
            exchange.say("two, ");
            Seat late = stage.person("ben").inRoom().sits();
            exchange.say("three");
            exchange.end();

            for (Seat each : new Seat[] {seat, late}) {
                assertThat(each.view.awaitEnd(reply).content()).isEqualTo("One, two, three");
                assertThat(each.view.ends()).isEqualTo(1);
                assertThat(each.view.faults()).isEmpty();
            }
        }
    }

    /** Logs that are written as ever, but of which cursors find nothing more when the test says so. */
    private static final class Losing {
        private final AtomicBoolean next = new AtomicBoolean();
        private final boolean tells;
        private volatile boolean always;

        /** @param tells whether readers may leave a task instead of waiting */
        Losing(boolean tells) {
            this.tells = tells;
        }

        Ports in(Ports ports) {
            StreamLog log = ports.streams();
            return Twins.withStreams(ports, new StreamLog() {
                @Override
                public Writer create(StreamHead head, long fence) {
                    return log.create(head, fence);
                }

                @Override
                public Cursor open(MessageId reply, long offset) {
                    return losing(log.open(reply, offset));
                }
            });
        }

        private StreamLog.Cursor losing(StreamLog.Cursor cursor) {
            return new StreamLog.Cursor() {
                @Override
                public StreamLog.Read next(Duration wait) throws InterruptedException {
                    StreamLog.Read read = cursor.next(wait);
                    boolean lost = always || read instanceof StreamLog.Read.Grown && next.compareAndSet(true, false);
                    return lost ? new StreamLog.Read.Gone() : read;
                }

                @Override
                public boolean whenMore(Runnable task) {
                    return tells && cursor.whenMore(task);
                }

                @Override
                public void close() {
                    cursor.close();
                }
            };
        }
    }
}
