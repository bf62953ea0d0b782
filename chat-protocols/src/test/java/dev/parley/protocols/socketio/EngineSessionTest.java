package dev.parley.protocols.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.connection.FrameWriter;
import dev.parley.protocols.connection.Receiver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EngineSessionTest {

    private static final EngineSettings SETTINGS =
            EngineSettings.STANDARD.withPings(Duration.ofMillis(300), Duration.ofMillis(200)).withMaxPayload(100);

    private final Above above = new Above();
    private final List<Duration> alarms = new ArrayList<>();
    private final List<String> forgotten = new ArrayList<>();
    private final EngineSession session =
            new EngineSession("sid", SETTINGS, alarms::add, () -> forgotten.add("forgotten"));

    EngineSessionTest() {
        session.carries(above);
    }

    @Test
    void the_first_poll_brings_the_opening_packet() {
        session.openPolls(0);
        assertThat(poll().only()).startsWith("0{\"sid\":\"sid\"");
        assertThat(alarms).containsExactly(Duration.ofMillis(300));
    }

    @Test
    void a_socket_begins_with_the_opening_packet() {
        Wire wire = new Wire();
        session.openSocket(wire, 0);
        assertThat(wire.texts()).hasSize(1);
        assertThat(wire.texts().getFirst()).startsWith("0{\"sid\":\"sid\",\"upgrades\":[],");
    }

    @Test
    void a_poll_waits_until_there_is_something() {
        opened();
        Poll poll = poll();
        assertThat(poll.answered()).isFalse();
        say("4hello");
        assertThat(poll.only()).isEqualTo("4hello");
    }

    @Test
    void a_poll_brings_everything_that_waits() {
        opened();
        List<String> waiting = new ArrayList<>(List.of("4b", "4c"));
        session.write(List.of(Frame.text("4a")), new Runnable() {
            @Override
            public void run() {
                if (!waiting.isEmpty()) {
                    session.write(List.of(Frame.text(waiting.removeFirst())), this);
                }
            }
        });
        assertThat(poll().texts()).containsExactly("4a", "4b", "4c");
        assertThat(poll().answered()).isFalse();
    }

    @Test
    void what_is_posted_arrives_in_its_order() {
        opened();
        assertThat(post("4hello\u001ebAQID\u001e4world")).isEqualTo(EngineSession.Posted.TAKEN);
        assertThat(above.said).containsExactly("4hello", "[1, 2, 3]", "4world");
    }

    @Test
    void a_second_poll_at_a_time_ends_the_session() {
        opened();
        Poll first = poll();
        Poll second = poll();
        assertThat(first.only()).isEqualTo("1");
        assertThat(second.misplaced).isTrue();
        assertThat(above.gone).containsExactly(Closing.Reason.PROTOCOL.code());
        assertThat(forgotten).hasSize(1);
    }

    @Test
    void a_second_post_at_a_time_ends_the_session() {
        opened();
        assertThat(session.beginPost()).isTrue();
        assertThat(session.beginPost()).isFalse();
        assertThat(forgotten).hasSize(1);
    }

    @Test
    void a_body_that_nobody_can_read_ends_the_session() {
        opened();
        Poll poll = poll();
        assertThat(post("abc")).isEqualTo(EngineSession.Posted.MISPLACED);
        assertThat(poll.only()).isEqualTo("1");
        assertThat(forgotten).hasSize(1);
    }

    @Test
    void a_body_waits_while_too_much_waits_to_be_handled() {
        opened();
        session.reading(false);
        List<EngineSession.Posted> posted = new ArrayList<>();
        assertThat(session.beginPost()).isTrue();
        session.posted(bytes("4a"), posted::add, 0);
        assertThat(posted).isEmpty();
        session.reading(true);
        assertThat(posted).containsExactly(EngineSession.Posted.TAKEN);
    }

    @Test
    void a_client_is_pinged_and_answers() {
        opened();
        Poll poll = poll();
        session.tick(299);
        assertThat(poll.answered()).isFalse();
        session.tick(300);
        assertThat(poll.only()).isEqualTo("2");
        postAt("3", 400);
        assertThat(above.heard).isEqualTo(1);
        session.tick(699);
        Poll next = poll();
        session.tick(700);
        assertThat(next.only()).isEqualTo("2");
    }

    @Test
    void a_ping_waits_for_the_poll() {
        opened();
        session.tick(300);
        assertThat(poll().only()).isEqualTo("2");
    }

    @Test
    void a_client_that_does_not_answer_is_gone() {
        opened();
        session.tick(300);
        poll();
        Poll poll = poll();
        session.tick(499);
        assertThat(forgotten).isEmpty();
        session.tick(500);
        assertThat(poll.only()).isEqualTo("1");
        assertThat(above.gone).containsExactly(Closing.Reason.TIMEOUT.code());
        assertThat(forgotten).hasSize(1);
    }

    @Test
    void a_client_that_sends_all_the_while_is_there_though_its_answer_is_late() {
        opened();
        session.tick(300);
        postAt("4busy", 450);
        session.tick(500);
        assertThat(forgotten).isEmpty();
        session.tick(650);
        assertThat(forgotten).hasSize(1);
    }

    @Test
    void a_socket_that_does_not_answer_is_closed() {
        Wire wire = new Wire();
        session.openSocket(wire, 0);
        session.tick(300);
        assertThat(wire.texts().getLast()).isEqualTo("2");
        session.tick(500);
        assertThat(wire.closed).containsExactly(Closing.Reason.TIMEOUT.code());
    }

    @Test
    void a_client_that_pings_is_put_out() {
        Wire wire = new Wire();
        session.openSocket(wire, 0);
        session.received(wire, Frame.text("2"), 0);
        assertThat(wire.closed).hasSize(1);
        assertThat(forgotten).hasSize(1);
    }

    @Test
    void a_client_may_close() {
        opened();
        Poll poll = poll();
        post("4last\u001e1");
        assertThat(poll.only()).isEqualTo("6");
        assertThat(above.said).containsExactly("4last");
        assertThat(above.gone).containsExactly(1000);
    }

    @Test
    void a_message_that_is_too_long_ends_the_session() {
        Wire wire = new Wire();
        session.openSocket(wire, 0);
        session.received(wire, Frame.text("4" + "x".repeat(99)), 0);
        assertThat(above.said).hasSize(1);
        session.received(wire, Frame.text("4" + "x".repeat(100)), 0);
        assertThat(above.said).hasSize(1);
        assertThat(wire.closed).containsExactly(Closing.Reason.TOO_LARGE.code());
    }

    @Test
    void a_socket_takes_over_from_polls() {
        opened();
        Poll poll = poll();
        Wire wire = new Wire();
        assertThat(session.probe(wire, 0)).isTrue();
        session.received(wire, Frame.text("2probe"), 0);
        assertThat(wire.texts()).containsExactly("3probe");
        assertThat(poll.only()).isEqualTo("6");
        say("4between");
        session.received(wire, Frame.text("5"), 0);
        assertThat(wire.texts()).containsExactly("3probe", "4between");
        say("4after");
        assertThat(wire.texts()).last().isEqualTo("4after");
        session.received(wire, Frame.text("4hello"), 0);
        assertThat(above.said).containsExactly("4hello");
        assertThat(session.polled()).isFalse();
        assertThat(poll().misplaced).isTrue();
        assertThat(forgotten).isEmpty();
    }

    @Test
    void what_waits_is_not_lost_when_a_poll_comes_during_the_change() {
        opened();
        Wire wire = new Wire();
        session.probe(wire, 0);
        session.received(wire, Frame.text("2probe"), 0);
        say("4a");
        assertThat(poll().only()).isEqualTo("4a");
        assertThat(poll().only()).isEqualTo("6");
    }

    @Test
    void two_sockets_cannot_take_over() {
        opened();
        Wire first = new Wire();
        assertThat(session.probe(first, 0)).isTrue();
        assertThat(session.probe(new Wire(), 0)).isFalse();
        session.received(first, Frame.text("2probe"), 0);
        session.received(first, Frame.text("5"), 0);
        assertThat(session.probe(new Wire(), 0)).isFalse();
    }

    @Test
    void a_probe_that_says_something_else_is_closed_and_polls_go_on() {
        for (String wrong : List.of("2", "5", "4hello", "1", "")) {
            Wire wire = new Wire();
            session.probe(wire, 0);
            session.received(wire, Frame.text(wrong), 0);
            assertThat(wire.closed).as(wrong).hasSize(1);
        }
        Poll poll = poll();
        say("4still here");
        assertThat(poll.only()).isEqualTo("4still here");
    }

    @Test
    void a_probe_that_takes_too_long_is_closed_and_polls_go_on() {
        opened();
        Wire wire = new Wire();
        session.probe(wire, 0);
        post("3");
        session.tick(9_999);
        assertThat(wire.closed).isEmpty();
        EngineSession patient = new EngineSession("p", EngineSettings.STANDARD, wait -> {}, () -> {});
        patient.openPolls(0);
        patient.probe(wire, 0);
        patient.tick(10_000);
        assertThat(wire.closed).hasSize(1);
        assertThat(patient.polled()).isTrue();
    }

    @Test
    void a_probe_that_goes_leaves_the_polls() {
        opened();
        Wire wire = new Wire();
        session.probe(wire, 0);
        session.gone(wire, 1006);
        assertThat(forgotten).isEmpty();
        assertThat(session.probe(new Wire(), 0)).isTrue();
    }

    @Test
    void a_socket_that_goes_is_the_end() {
        Wire wire = new Wire();
        session.openSocket(wire, 0);
        session.gone(wire, 1006);
        assertThat(above.gone).containsExactly(1006);
        assertThat(forgotten).hasSize(1);
        List<String> completed = new ArrayList<>();
        session.write(List.of(Frame.text("4late")), () -> completed.add("done"));
        assertThat(completed).hasSize(1);
    }

    @Test
    void last_words_wait_for_the_poll_and_so_does_the_end() {
        opened();
        session.write(List.of(Frame.text("4bye")), () -> session.close(1001, "drain"));
        assertThat(forgotten).isEmpty();
        assertThat(poll().texts()).containsExactly("4bye", "1");
        assertThat(forgotten).hasSize(1);
    }

    @Test
    void last_words_do_not_wait_for_ever() {
        opened();
        List<String> completed = new ArrayList<>();
        session.write(List.of(Frame.text("4bye")), () -> completed.add("done"));
        session.ending();
        assertThat(alarms.getLast()).isEqualTo(Duration.ZERO);
        session.tick(0);
        post("3");
        EngineSession slow = new EngineSession("p", EngineSettings.STANDARD, wait -> {}, () -> forgotten.add("slow"));
        slow.openPolls(0);
        slow.write(List.of(Frame.text("4bye")), () -> completed.add("done"));
        slow.ending();
        slow.tick(1);
        slow.tick(5_000);
        assertThat(forgotten).isEmpty();
        slow.tick(5_001);
        assertThat(forgotten).containsExactly("slow");
        assertThat(completed).hasSize(1);
    }

    @Test
    void a_poll_brings_no_more_packets_than_stock_clients_take() {
        opened();
        List<Frame> many = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            many.add(Frame.text("4" + i));
        }
        List<String> completed = new ArrayList<>();
        session.write(many, () -> completed.add("done"));
        List<String> got = new ArrayList<>();
        for (int expected : List.of(16, 16, 8)) {
            assertThat(completed).isEmpty();
            Poll poll = poll();
            assertThat(poll.texts()).hasSize(expected);
            got.addAll(poll.texts());
        }
        assertThat(completed).hasSize(1);
        assertThat(got).containsExactlyElementsOf(many.stream().map(Frame::text).toList());
    }

    @Test
    void a_poll_during_which_the_session_ends_is_answered_all_the_same() {
        opened();
        session.write(List.of(Frame.text("4a")), () -> session.unread(Closing.because(Closing.Reason.PROTOCOL)));
        assertThat(poll().only()).isEqualTo("4a");
        assertThat(poll().misplaced).isTrue();
    }

    @Test
    void whatever_comes_in_whatever_order_nothing_is_thrown_lost_doubled_or_left_waiting() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            try {
                play(random);
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError("seed " + seed + ", round " + round, failed);
            }
        }
    }

    private static void play(Random random) {
        List<String> over = new ArrayList<>();
        EngineSession any = new EngineSession("sid", SETTINGS, wait -> {}, () -> over.add("over"));
        Above told = new Above();
        any.carries(told);
        List<Wire> wires = new ArrayList<>(List.of(new Wire(), new Wire()));
        List<Poll> polls = new ArrayList<>();
        List<Integer> completed = new ArrayList<>();
        int said = 0;
        long now = 0;
        boolean closed = false;
        if (random.nextBoolean()) {
            any.openPolls(now);
        } else {
            any.openSocket(wires.getFirst(), now);
        }
        String[] packets = {"2probe", "5", "4hello", "3", "1", "6", "0", "2", "", "x"};
        for (int i = 0; i < 60; i++) {
            // A socket that was closed does not come again.
            if (!wires.getLast().closed.isEmpty()) {
                wires.add(new Wire());
            }
            Wire wire = wires.get(random.nextInt(wires.size()));
            int mostly = random.nextInt(4) == 0 ? packets.length : 4;
            String packet = packets[random.nextInt(mostly)];
            switch (random.nextInt(9)) {
                case 0, 1 -> {
                    Poll poll = new Poll();
                    polls.add(poll);
                    any.poll(poll);
                }
                case 2 -> {
                    if (any.beginPost()) {
                        any.posted(bytes(packet), taken -> {}, now);
                    }
                }
                case 3 -> any.probe(wires.getLast(), now);
                case 4 -> any.received(wire, Frame.text(packet), now);
                case 5, 6 -> {
                    // As the mailbox does: nothing before the last is taken, nothing behind the end.
                    if (completed.size() == said && !closed) {
                        int number = said++;
                        any.write(List.of(Frame.text("4#" + number)), () -> completed.add(number));
                    }
                }
                case 7 -> {
                    now += random.nextInt(200);
                    any.tick(now);
                }
                default -> {
                    if (random.nextInt(10) == 0) {
                        any.gone(wire, 1006);
                    } else if (random.nextInt(10) == 0 && completed.size() == said) {
                        closed = true;
                        any.close(1001, "drain");
                    }
                }
            }
        }
        any.unread(Closing.because(Closing.Reason.PROTOCOL));
        wires.forEach(wire -> any.gone(wire, 1006));
        assertThat(over).hasSize(1);
        assertThat(polls).allMatch(Poll::answered);
        assertThat(completed).as("written and taken").hasSize(said).doesNotHaveDuplicates();
        List<String> got = new ArrayList<>();
        polls.forEach(poll -> got.addAll(poll.texts()));
        wires.forEach(wire -> got.addAll(wire.texts()));
        assertThat(got.stream().filter(text -> text.startsWith("4#"))).doesNotHaveDuplicates();
        assertThat(wires).allMatch(wire -> wire.closed.size() <= 1);
    }

    private void opened() {
        session.openPolls(0);
        poll();
    }

    private Poll poll() {
        Poll poll = new Poll();
        session.poll(poll);
        return poll;
    }

    private void say(String packet) {
        session.write(List.of(Frame.text(packet)), () -> {});
    }

    private EngineSession.Posted post(String body) {
        return postAt(body, 0);
    }

    private EngineSession.Posted postAt(String body, long now) {
        List<EngineSession.Posted> posted = new ArrayList<>();
        assertThat(session.beginPost()).isTrue();
        session.posted(bytes(body), posted::add, now);
        return posted.getFirst();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class Poll implements Consumer<EngineSession.Polled> {
        private final List<Frame> packets = new ArrayList<>();
        boolean misplaced;

        @Override
        public void accept(EngineSession.Polled polled) {
            assertThat(answered()).isFalse();
            switch (polled) {
                case EngineSession.Polled.Packets brought -> packets.addAll(brought.packets());
                case EngineSession.Polled.Misplaced nothing -> misplaced = true;
            }
        }

        boolean answered() {
            return misplaced || !packets.isEmpty();
        }

        List<String> texts() {
            return packets.stream().map(Frame::text).toList();
        }

        String only() {
            assertThat(packets).hasSize(1);
            return texts().getFirst();
        }
    }

    private static final class Wire implements FrameWriter {
        private final List<Frame> written = new ArrayList<>();
        final List<Integer> closed = new ArrayList<>();

        @Override
        public void write(List<Frame> batch, Runnable completion) {
            written.addAll(batch);
            completion.run();
        }

        @Override
        public void close(int code, String reason) {
            closed.add(code);
        }

        List<String> texts() {
            return written.stream().map(Frame::text).toList();
        }
    }

    private static final class Above implements Receiver {
        final List<String> said = new ArrayList<>();
        final List<Integer> gone = new ArrayList<>();
        int heard;

        @Override
        public void received(Frame frame) {
            said.add(frame.binary() ? java.util.Arrays.toString(frame.utf8()) : frame.text());
        }

        @Override
        public void heard() {
            heard++;
        }

        @Override
        public void close(Closing why) {
            gone.add(why.reason().code());
        }

        @Override
        public void gone(int code) {
            gone.add(code);
        }
    }
}
