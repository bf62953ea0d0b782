package dev.parley.protocols.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.live.Hint;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.testkit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConnectionTest {

    private static final Principal ANN = Principal.trusted(new UserId("ann"));

    private final ManualTime time = new ManualTime();
    private final ScriptedEngine engine = new ScriptedEngine();
    private final RecordingWriter writer = new RecordingWriter();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<TelemetryEvent> telemetry = new ArrayList<>();
    private final Connections connections = new Connections(
            engine,
            token -> token.equals("good")
                    ? new Verification.Verified(ANN)
                    : new Verification.Refused(token.equals("old"), "not good"),
            tasks::add,
            new ConnectionSettings(
                    2_000, 100, 1_000, 10, Duration.ofSeconds(30), Duration.ofSeconds(300), 3, Duration.ofSeconds(10)),
            time,
            telemetry::add);

    private final Connection connection = connect(false);

    @Test
    void says_hello_when_the_transport_is_ready_and_answers_in_order() {
        run();
        assertThat(writer.texts()).isEmpty();
        open();
        receive("one", "two", "three");
        assertThat(writer.texts()).containsExactly("hello c1", "one", "two", "three");
        assertThat(telemetry).contains(new TelemetryEvent.ConnectionOpened("lines", ANN.user()));
    }

    @Test
    void whoever_opens_it_there_and_then_has_said_hello_when_it_is_open() {
        connection.openedHere();
        assertThat(writer.texts()).containsExactly("hello c1");
        assertThat(tasks).isEmpty();
        connection.openedHere();
        connection.opened();
        receive("one");
        assertThat(writer.texts()).containsExactly("hello c1", "one");
    }

    @Test
    void who_is_gone_before_it_is_open_is_told_nothing() {
        connection.gone(1006);
        run();
        connection.openedHere();
        assertThat(writer.texts()).isEmpty();
    }

    @Test
    void what_follows_from_a_step_comes_before_the_next_step() {
        open();
        engine.answer = command -> Outcome.done(new Usage(1, 2, Duration.ZERO));
        receive("ask twice");
        assertThat(writer.texts()).containsExactly("hello c1", "first done", "second done", "after");
    }

    @Test
    void an_answer_is_seen_before_what_it_caused() {
        open();
        engine.answer = command -> {
            tell("caused");
            return Outcome.done(new Usage(1, 2, Duration.ZERO));
        };
        receive("ask");
        assertThat(writer.texts()).containsExactly("hello c1", "answer done", "after", "told caused");
    }

    @Test
    void events_before_the_transport_is_ready_come_after_the_hello() {
        tell("early");
        open();
        assertThat(writer.texts()).containsExactly("hello c1", "told early");
    }

    @Test
    void an_event_that_asks_holds_back_later_ones_until_it_is_done() {
        open();
        tell("ask");
        tell("later");
        assertThat(writer.texts()).containsExactly("hello c1", "asking");
        run();
        assertThat(writer.texts()).containsExactly("hello c1", "asking", "answer NOT_FOUND", "asked", "told later");
    }

    @Test
    void grown_text_is_encoded_when_it_is_its_turn() {
        open();
        writer.takesAtOnce = false;
        tell("x");
        grow(0, "a");
        grow(1, "b");
        writer.take();
        assertThat(writer.texts()).containsExactly("hello c1", "told x", "0:ab");
    }

    @Test
    void a_client_that_asks_to_leave_gets_its_close_once() {
        open();
        receive("bye", "more");
        connection.close(Closing.because(Closing.Reason.DRAIN));
        assertThat(writer.texts()).containsExactly("hello c1", "goodbye", "closing asked");
        assertThat(writer.closings).containsExactly("1000 asked");
        connection.gone(1000);
        run();
        assertThat(engine.closed).isEqualTo(1);
        assertThat(connections.count()).isZero();
        assertThat(telemetry)
                .filteredOn(TelemetryEvent.ConnectionClosed.class::isInstance)
                .containsExactly(new TelemetryEvent.ConnectionClosed("lines", ANN.user(), 1000, Duration.ZERO));
    }

    @Test
    void only_who_took_leave_and_was_told_everything_counts_as_having_it() {
        open();
        tell("x");
        connection.gone(1000);
        run();
        assertThat(engine.left).isEqualTo(1);
    }

    @Test
    void who_vanishes_may_have_missed_what_was_told_last() {
        open();
        tell("x");
        connection.gone(1006);
        run();
        assertThat(engine.left).isZero();
        assertThat(engine.closed).isEqualTo(1);
    }

    @Test
    void disconnecting_closes_with_its_code_behind_last_words() {
        open();
        sink(new Event.Disconnecting(Event.Cause.TOKEN_REVOKED, Optional.empty()));
        assertThat(writer.texts()).endsWith("closing revoked");
        assertThat(writer.closings).containsExactly("4500 revoked");
    }

    @Test
    void losing_the_session_is_for_the_wire_language_to_judge() {
        open();
        sink(new Event.SessionLost(new SessionId("s"), Event.Loss.REMOVED));
        run();
        assertThat(writer.closings).containsExactly("4501 removed");
    }

    @Test
    void a_slow_client_is_closed_and_nothing_more_is_kept_for_it() {
        open();
        writer.takesAtOnce = false;
        for (int i = 0; i < 100; i++) {
            tell("x".repeat(100));
        }
        assertThat(writer.closings).isEmpty();
        assertThat(writer.endings).isEqualTo(1);
        writer.take();
        writer.take();
        assertThat(writer.texts()).hasSize(3).endsWith("closing slow");
        assertThat(writer.closings).containsExactly("4000 slow");
        run();
        assertThat(engine.closed).isEqualTo(1);
    }

    @Test
    void too_many_events_while_a_frame_is_handled_count_as_slow() {
        open();
        engine.answer = command -> {
            for (int i = 0; i < 20; i++) {
                tell("e" + i);
            }
            return Outcome.refused(ErrorCode.NOT_FOUND, "");
        };
        receive("ask");
        assertThat(writer.closings).containsExactly("4000 slow");
    }

    @Test
    void what_was_missed_is_told_whole_however_little_may_wait() {
        open();
        missedMuch();
        receive("follow");
        assertThat(writer.texts()).containsExactlyElementsOf(backlog());
        assertThat(writer.closings).isEmpty();
    }

    @Test
    void what_was_missed_is_told_as_fast_as_it_is_read_and_all_that_comes_later_waits_behind_it() {
        open();
        writer.takesAtOnce = false;
        missedMuch();
        receive("follow", "mine");
        takeAndRun();
        tell("live");
        assertThat(told()).as("frames told before the rest was read").isLessThan(8);
        readToTheEnd();
        assertThat(writer.texts())
                .containsExactlyElementsOf(
                        Stream.concat(backlog().stream(), Stream.of("told live", "mine")).toList());
        assertThat(writer.closings).isEmpty();
    }

    @Test
    void who_reads_nothing_of_what_was_missed_is_closed_as_slow() {
        open();
        writer.takesAtOnce = false;
        missedMuch();
        receive("follow");
        pass(29);
        receive("I write, and do not read");
        assertThat(writer.endings).isZero();
        pass(1);
        assertThat(writer.endings).isEqualTo(1);
        readToTheEnd();
        assertThat(writer.closings).containsExactly("4000 slow");
    }

    @Test
    void who_reads_some_of_what_was_missed_now_and_then_stays() {
        open();
        writer.takesAtOnce = false;
        missedMuch();
        receive("follow");
        pass(29);
        takeAndRun();
        pass(29);
        assertThat(writer.endings).isZero();
    }

    @Test
    void who_falls_ever_further_behind_what_was_missed_is_closed_as_slow() {
        open();
        writer.takesAtOnce = false;
        missedMuch();
        receive("follow");
        for (int i = 0; i < 10; i++) {
            tell("live " + i);
        }
        readToTheEnd();
        assertThat(writer.closings).containsExactly("4000 slow");
    }

    @Test
    void no_sign_of_life_is_given_for_what_still_waits() {
        writer.asksForAnswer = true;
        open();
        writer.takesAtOnce = false;
        missedMuch();
        receive("follow");
        time.advance(Duration.ofSeconds(15));
        takeAndRun();
        connection.heard();
        pass(15);
        assertThat(engine.seen).isZero();
        readToTheEnd();
        connection.heard();
        pass(30);
        assertThat(engine.seen).isEqualTo(1);
    }

    @Test
    void who_leaves_before_everything_was_told_does_not_count_as_having_it() {
        open();
        engine.answer = command -> {
            tell("missed");
            connection.gone(1000);
            return Outcome.refused(ErrorCode.NOT_FOUND, "");
        };
        receive("ask");
        assertThat(engine.left).isZero();
        assertThat(engine.closed).isEqualTo(1);
    }

    @Test
    void who_may_no_longer_be_here_goes_at_once_whatever_is_being_done() {
        open();
        engine.answer = command -> {
            tell("caused");
            sink(new Event.Disconnecting(Event.Cause.TOKEN_EXPIRED, Optional.empty()));
            assertThat(writer.closings).as("while the question is still being answered").hasSize(1);
            return Outcome.refused(ErrorCode.NOT_FOUND, "");
        };
        receive("ask");
        assertThat(writer.texts()).containsExactly("hello c1", "closing expired");
        assertThat(engine.asked).hasSize(1);
        assertThat(engine.closed).isEqualTo(1);
    }

    @Test
    void who_is_to_go_elsewhere_gets_the_answer_first() {
        open();
        engine.answer = command -> {
            sink(new Event.Disconnecting(Event.Cause.DRAIN, Optional.empty()));
            return Outcome.refused(ErrorCode.NOT_FOUND, "");
        };
        receive("ask");
        assertThat(writer.texts()).containsExactly("hello c1", "answer NOT_FOUND", "after", "closing drain");
    }

    @Test
    void who_is_to_go_elsewhere_need_not_read_first_what_was_missed() {
        open();
        writer.takesAtOnce = false;
        missedMuch();
        receive("follow");
        sink(new Event.Disconnecting(Event.Cause.DRAIN, Optional.empty()));
        assertThat(writer.endings).isEqualTo(1);
    }

    @Test
    void who_keeps_ignoring_limits_is_closed() {
        open();
        engine.answer = command -> Outcome.refused(ErrorCode.RATE_LIMIT, "Too many");
        receive("ask");
        receive("ask");
        time.advance(Duration.ofSeconds(11));
        receive("ask");
        receive("ask");
        assertThat(writer.closings).isEmpty();
        receive("ask");
        assertThat(writer.texts()).endsWith("answer RATE_LIMIT", "after", "closing limits");
        assertThat(writer.closings).containsExactly("1008 limits");
    }

    @Test
    void a_client_is_not_read_further_while_too_much_waits() {
        open();
        connection.received(Frame.text("x".repeat(600)));
        assertThat(writer.reading).isEmpty();
        connection.received(Frame.text("x".repeat(600)));
        assertThat(writer.reading).containsExactly(false);
        run();
        assertThat(writer.reading).containsExactly(false, true);
        assertThat(writer.closings).isEmpty();
    }

    @Test
    void a_client_that_floods_all_the_same_is_closed() {
        open();
        for (int i = 0; i < 10; i++) {
            connection.received(Frame.text("x".repeat(600)));
        }
        assertThat(writer.closings).containsExactly("1008 limits");
    }

    @Test
    void what_was_sent_before_the_client_went_is_still_handled() {
        open();
        connection.received(Frame.text("ask"));
        connection.received(Frame.text("ask"));
        connection.gone(1006);
        run();
        assertThat(engine.asked).hasSize(2);
        assertThat(engine.closed).isEqualTo(1);
        assertThat(writer.texts()).containsExactly("hello c1");
        assertThat(writer.closings).isEmpty();
    }

    @Test
    void a_connection_that_never_opened_lets_go_of_the_engine_and_is_not_counted() {
        connection.gone(1006);
        run();
        assertThat(engine.closed).isEqualTo(1);
        assertThat(telemetry).isEmpty();
        assertThat(connections.count()).isZero();
    }

    @Test
    void who_does_not_answer_until_the_next_heartbeat_is_gone() {
        writer.asksForAnswer = true;
        open();
        pass(30);
        connection.heard();
        pass(30);
        assertThat(writer.closings).isEmpty();
        assertThat(writer.beats).isEqualTo(2);
        pass(30);
        assertThat(writer.closings).containsExactly("4001 timeout");
        assertThat(engine.seen).isEqualTo(1);
    }

    @Test
    void a_frame_is_a_sign_of_life_too() {
        writer.asksForAnswer = true;
        open();
        for (int i = 0; i < 5; i++) {
            pass(30);
            receive("x");
        }
        assertThat(writer.closings).isEmpty();
    }

    @Test
    void silence_ends_a_connection_and_frames_either_way_break_it() {
        Connection quiet = connect(false);
        quiet.opened();
        run();
        time.advance(Duration.ofSeconds(299));
        quiet.received(Frame.text("x"));
        run();
        time.advance(Duration.ofSeconds(299));
        quiet.tick(time.millis());
        assertThat(writer.closings).isEmpty();
        time.advance(Duration.ofSeconds(301));
        quiet.tick(time.millis());
        assertThat(writer.closings).containsExactly("4001 timeout");
    }

    @Test
    void who_lives_by_heartbeats_may_be_silent() {
        Connection patient = connect(true);
        patient.opened();
        run();
        time.advance(Duration.ofDays(1));
        patient.tick(time.millis());
        assertThat(writer.closings).isEmpty();
    }

    @Test
    void a_newer_token_is_verified_first() {
        open();
        receive("refresh good", "refresh old", "refresh bad");
        assertThat(writer.texts())
                .containsExactly("hello c1", "refreshed done", "refreshed TOKEN_EXPIRED", "refreshed UNAUTHORIZED");
        assertThat(engine.refreshed).contains(ANN);
    }

    @Test
    void a_fault_ends_this_connection_only_and_lets_go_of_the_engine() {
        open();
        receive("fault");
        assertThat(writer.closings).containsExactly("4002 store");
        assertThat(engine.closed).isEqualTo(1);
    }

    @Test
    void bytes_are_told_in_sums() {
        open();
        receive("12345", "123");
        connections.tick();
        assertThat(telemetry)
                .contains(
                        new TelemetryEvent.BytesReceived("lines", ANN.user(), 8),
                        new TelemetryEvent.BytesSent("lines", ANN.user(), 16));
    }

    private Connection connect(boolean livesByHeartbeats) {
        return connections.connect(
                new LineProtocol(),
                new Arrival(ANN, ClientInfo.UNKNOWN, Map.of(), Map.of(), List.of(), livesByHeartbeats),
                writer);
    }

    private void open() {
        connection.opened();
        run();
    }

    private void receive(String... lines) {
        for (String line : lines) {
            connection.received(Frame.text(line));
        }
        run();
    }

    private void pass(int seconds) {
        time.advance(Duration.ofSeconds(seconds));
        connections.tick();
        run();
    }

    /** Twice as much as may wait. */
    private void missedMuch() {
        engine.missed = () -> IntStream.range(0, 10).forEach(i -> tell(i + "x".repeat(400)));
    }

    private static List<String> backlog() {
        return Stream.concat(
                Stream.of("hello c1", "follow FORBIDDEN"),
                IntStream.range(0, 10).mapToObj(i -> "told " + i + "x".repeat(400)))
                .toList();
    }

    private long told() {
        return writer.texts().stream().filter(text -> text.startsWith("told")).count();
    }

    private void takeAndRun() {
        writer.take();
        run();
    }

    private void readToTheEnd() {
        while (writer.pending.isPresent()) {
            takeAndRun();
        }
    }

    private void tell(String message) {
        sink(new Event.Announced(message, Hint.Level.INFO));
    }

    private void grow(long from, String text) {
        sink(new Event.ReplyGrew(new SessionId("s"), new MessageId("r"), from, text));
    }

    private void sink(Event event) {
        engine.sink.orElseThrow().accept(event);
    }

    private void run() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }
}
