package dev.parley.protocols.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.event.Event;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.Hint;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.connection.Arrival;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SocketIoSessionTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<String> noted = new ArrayList<>();
    private SocketIoProtocol protocol = protocol(SocketIoSettings.STANDARD);

    /** A namespace whose session does what its client's event is called. */
    private final class Scripted implements NamespaceSession {
        private final NamespaceSocket socket;

        Scripted(NamespaceSocket socket) {
            this.socket = socket;
        }

        @Override
        public List<Step> connecting(JsonObject auth, Instant now) {
            String user = auth.text("user").orElse("");
            if (user.equals("nobody")) {
                return socket.refuse("Not authorized", Optional.of(new JsonValue.Text("why")));
            }
            List<Step> steps = new ArrayList<>(socket.accept(user));
            socket.earlier().ifPresent(before -> noted.add("goes on"));
            steps.addAll(socket.hint("here", "here", Payload.EMPTY));
            return steps;
        }

        @Override
        public List<Step> received(SocketEvent event, Instant now) {
            return switch (event.name()) {
                case "say" -> socket.emit("said", event.arguments());
                case "answer" -> {
                    List<Step> steps = new ArrayList<>(event.answer(event.arguments()));
                    steps.addAll(event.answer(Payload.of("twice")));
                    yield steps;
                }
                case "ask" -> socket.ask("question", Payload.EMPTY, answer -> {
                    noted.add(answer.map(given -> given.values().toString()).orElse("given up"));
                    return List.of();
                });
                case "leave" -> socket.leave();
                case "close" -> socket.close();
                default -> List.of();
            };
        }

        @Override
        public List<Step> happened(Event event, Instant now) {
            return socket.emit("happened", Payload.EMPTY);
        }

        @Override
        public List<Step> closing(Closing why, Instant now) {
            return socket.emit("closing", Payload.EMPTY);
        }

        @Override
        public List<Step> left(Instant now) {
            noted.add("left " + socket.namespace());
            return List.of();
        }
    }

    @Test
    void a_client_is_let_in() {
        Client client = new Client();
        assertThat(client.says("40").getFirst()).matches("40\\{\"sid\":\"[A-Za-z0-9_-]{24}\"\\}");
        assertThat(client.says("40/other,{}").getFirst()).startsWith("40/other,{\"sid\":");
        assertThat(client.says("42[\"say\",1,\"two\",{\"three\":[null]}]"))
                .containsExactly("42[\"said\",1,\"two\",{\"three\":[null]}]");
        assertThat(client.says("42/other,[\"say\"]")).containsExactly("42/other,[\"said\"]");
    }

    @Test
    void a_client_may_be_refused() {
        Client client = new Client();
        assertThat(client.says("40{\"user\":\"nobody\"}"))
                .containsExactly("44{\"message\":\"Not authorized\",\"data\":\"why\"}");
        assertThat(client.says("40/random,")).containsExactly("44/random,{\"message\":\"Invalid namespace\"}");
        assertThat(client.closed).isEmpty();
        client.says("40");
        assertThat(client.says("42[\"say\"]")).hasSize(1);
    }

    @Test
    void whoever_is_refused_again_and_again_is_closed() {
        Client client = new Client();
        for (int i = 0; i < 10; i++) {
            assertThat(client.closed).isEmpty();
            client.says("40{\"user\":\"nobody\"}");
        }
        assertThat(client.closed).contains(Closing.Reason.LIMITS);
    }

    @Test
    void whoever_says_anything_before_being_let_in_is_closed() {
        for (String early : List.of("42[\"say\"]", "431[]", "41", "4x", "44{}")) {
            Client client = new Client();
            client.says(early);
            assertThat(client.closed).as(early).contains(Closing.Reason.PROTOCOL);
            assertThat(client.says("40")).isEmpty();
        }
    }

    @Test
    void whoever_asks_twice_is_closed() {
        Client client = new Client();
        client.says("40");
        client.says("40");
        assertThat(client.closed).contains(Closing.Reason.PROTOCOL);
    }

    @Test
    void a_client_has_a_time_to_ask() {
        Client client = new Client();
        assertThat(client.session.overdue(START.plusSeconds(44))).isFalse();
        assertThat(client.session.overdue(START.plusSeconds(45))).isTrue();
        client.says("40{\"user\":\"nobody\"}");
        assertThat(client.session.overdue(START.plusSeconds(45))).isTrue();
        client.says("40");
        assertThat(client.session.overdue(START.plusSeconds(450))).isFalse();
    }

    @Test
    void an_event_is_answered_once() {
        Client client = new Client();
        client.says("40");
        assertThat(client.says("42456[\"answer\",1,\"2\"]")).containsExactly("43456[1,\"2\"]");
        assertThat(client.says("42[\"answer\"]")).isEmpty();
    }

    @Test
    void bytes_are_echoed_behind_their_packet() {
        Client client = new Client();
        client.says("40");
        assertThat(client.says("452-[\"say\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]"))
                .isEmpty();
        client.brings(new byte[] {1});
        assertThat(client.brings(new byte[] {2, 3}))
                .containsExactly(
                        "452-[\"said\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]",
                        "<01>",
                        "<0203>");
    }

    @Test
    void the_client_is_asked_and_answers() {
        Client client = new Client();
        client.says("40");
        assertThat(client.says("42[\"ask\"]")).containsExactly("420[\"question\"]");
        assertThat(client.says("430[7]")).isEmpty();
        assertThat(noted).containsExactly("[Numeral[literal=7]]");
        assertThat(client.says("430[7]")).isEmpty();
        assertThat(client.says("4399[7]")).isEmpty();
        assertThat(noted).hasSize(1);
        assertThat(client.closed).isEmpty();
    }

    @Test
    void answers_are_awaited_up_to_a_bound() {
        SocketLimits standard = SocketLimits.STANDARD;
        protocol = protocol(SocketIoSettings.STANDARD.withLimits(new SocketLimits(
                standard.json(), standard.binaries(), standard.binaryBytes(), 2, standard.refusals(), 1)));
        Client client = new Client();
        client.says("40");
        client.says("42[\"ask\"]");
        client.says("42[\"ask\"]");
        assertThat(noted).containsExactly("given up");
        client.says("40/other,");
        client.says("40/random,");
        assertThat(client.closed).as("more namespaces than allowed").isPresent();
    }

    @Test
    void a_client_leaves_and_comes_again() {
        Client client = new Client();
        client.says("40/other,");
        client.says("40");
        assertThat(client.says("41")).isEmpty();
        assertThat(noted).containsExactly("left /");
        assertThat(client.says("42/other,[\"say\"]")).hasSize(1);
        assertThat(client.says("40").getFirst()).startsWith("40{");
        client.says("41");
        client.says("42[\"say\"]");
        assertThat(client.closed).contains(Closing.Reason.PROTOCOL);
    }

    @Test
    void a_client_that_was_put_out_may_not_know_it_yet() {
        Client client = new Client();
        client.says("40");
        assertThat(client.says("42[\"leave\"]")).containsExactly("41");
        assertThat(client.says("42[\"say\"]")).isEmpty();
        assertThat(client.says("431[]")).isEmpty();
        assertThat(client.closed).isEmpty();
        assertThat(client.says("40").getFirst()).startsWith("40{");
    }

    @Test
    void the_engine_is_heard_where_the_client_is_in() {
        Client client = new Client();
        assertThat(client.hears()).isEmpty();
        client.says("40");
        client.says("40/other,");
        assertThat(client.hears()).containsExactly("42[\"happened\"]", "42/other,[\"happened\"]");
    }

    @Test
    void whoever_should_not_come_back_is_put_out_before_the_end() {
        Client client = new Client();
        client.says("40");
        assertThat(client.closing(Closing.Reason.DRAIN)).containsExactly("42[\"closing\"]");
        Client revoked = new Client();
        revoked.says("40");
        assertThat(revoked.closing(Closing.Reason.REVOKED)).containsExactly("42[\"closing\"]", "41");
    }

    @Test
    void without_recovery_nothing_is_added() {
        Client client = new Client();
        assertThat(client.says("40{\"pid\":\"x\",\"offset\":\"y\"}").getFirst()).doesNotContain("pid");
        assertThat(client.says("42[\"say\",1]")).containsExactly("42[\"said\",1]");
        assertThat(noted).isEmpty();
    }

    @Test
    void a_client_that_was_cut_off_goes_on() {
        recovering();
        Client first = new Client();
        String connected = first.says("40{\"user\":\"ann\"}").getFirst();
        String pid = field(connected, "pid");
        assertThat(first.says("42[\"say\",\"a\"]")).containsExactly("42[\"said\",\"a\",\"1\"]");
        assertThat(first.says("42[\"say\",\"b\"]")).containsExactly("42[\"said\",\"b\",\"2\"]");
        assertThat(first.says("42[\"say\",\"c\"]")).containsExactly("42[\"said\",\"c\",\"3\"]");
        first.session.ended(START);

        Client second = new Client();
        assertThat(second.says("40{\"user\":\"ann\",\"pid\":\"" + pid + "\",\"offset\":\"1\"}"))
                .containsExactly(connected, "42[\"said\",\"b\",\"2\"]", "42[\"said\",\"c\",\"3\"]", "42[\"here\",\"3\"]");
        assertThat(noted).containsExactly("left /", "goes on");
        assertThat(second.says("42[\"say\",\"d\"]")).containsExactly("42[\"said\",\"d\",\"4\"]");
        second.session.ended(START);

        Client third = new Client();
        assertThat(third.says("40{\"user\":\"ann\",\"pid\":\"" + pid + "\",\"offset\":\"3\"}"))
                .startsWith(connected, "42[\"said\",\"d\",\"4\"]");
    }

    @Test
    void a_client_that_comes_back_before_its_end_is_known_goes_on_too() {
        recovering();
        Client first = new Client();
        String connected = first.says("40").getFirst();
        first.says("42[\"say\",1]");
        Client second = new Client();
        assertThat(second.says("40{\"pid\":\"" + field(connected, "pid") + "\"}"))
                .startsWith(connected, "42[\"said\",1,\"1\"]");
        assertThat(first.session.overdue(START)).isTrue();
        assertThat(second.session.overdue(START)).isFalse();
        first.session.ended(START);
        assertThat(new Client().says("40{\"pid\":\"" + field(connected, "pid") + "\",\"offset\":\"1\"}"))
                .startsWith(connected);
    }

    @Test
    void nobody_else_goes_on_as_a_client() {
        recovering();
        Client ann = new Client();
        String pid = field(ann.says("40{\"user\":\"ann\"}").getFirst(), "pid");
        ann.says("42[\"say\",\"secret\"]");
        ann.session.ended(START);
        assertThat(String.join("", new Client().says("40{\"user\":\"eve\",\"pid\":\"" + pid + "\",\"offset\":\"0\"}")))
                .doesNotContain("secret", pid);
        assertThat(String.join("", new Client().says("40/other,{\"user\":\"ann\",\"pid\":\"" + pid + "\"}")))
                .doesNotContain("secret", pid);
    }

    @Test
    void a_client_that_left_or_stayed_away_too_long_begins_anew() {
        recovering();
        Client left = new Client();
        String pid = field(left.says("40").getFirst(), "pid");
        left.says("41");
        left.session.ended(START);
        assertThat(new Client().says("40{\"pid\":\"" + pid + "\"}").getFirst()).doesNotContain(pid);

        Client late = new Client();
        String latePid = field(late.says("40").getFirst(), "pid");
        late.session.ended(START);
        Client back = new Client();
        back.now = START.plus(Duration.ofMinutes(2));
        assertThat(back.says("40{\"pid\":\"" + latePid + "\"}").getFirst()).doesNotContain(latePid);
    }

    @Test
    void a_client_that_missed_more_than_is_kept_begins_anew() {
        recovering();
        Client client = new Client();
        String pid = field(client.says("40").getFirst(), "pid");
        for (int i = 0; i < 4; i++) {
            client.says("42[\"say\"]");
        }
        client.session.ended(START);
        assertThat(new Client().says("40{\"pid\":\"" + pid + "\"}").getFirst()).doesNotContain(pid);
        assertThat(new Client().says("40{\"pid\":\"" + pid + "\",\"offset\":\"nonsense\"}").getFirst()).doesNotContain(pid);
        assertThat(new Client().says("40{\"pid\":\"" + pid + "\",\"offset\":\"1\"}").getFirst()).contains(pid);
    }

    @Test
    void what_is_kept_of_all_clients_together_is_bounded() {
        protocol = protocol(SocketIoSettings.STANDARD.withRecovery(
                new SocketIoSettings.Recovery(Duration.ofMinutes(2), 100, 100_000, 1000, 20_000)));
        Recoveries all = protocol.recoveries().orElseThrow();
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Client client = new Client();
            client.says("40");
            for (int j = 0; j < 20; j++) {
                client.says("42[\"say\",\"" + "x".repeat(100) + "\"]");
                assertThat(all.bytes()).isLessThanOrEqualTo(20_000);
            }
            clients.add(client);
            if (i % 2 == 0) {
                client.session.ended(START);
            }
        }
        assertThat(all.bytes()).isPositive();
        clients.forEach(client -> client.says("41"));
        clients.forEach(client -> client.session.ended(START));
        Client last = new Client();
        last.now = START.plus(Duration.ofMinutes(3));
        last.says("40");
        last.session.ended(last.now);
        assertThat(all.bytes()).isZero();
    }

    @Test
    void who_goes_on_takes_along_what_was_kept() {
        recovering();
        Recoveries all = protocol.recoveries().orElseThrow();
        Client first = new Client();
        String pid = field(first.says("40").getFirst(), "pid");
        first.says("42[\"say\",1]");
        long before = all.bytes();
        Client second = new Client();
        second.says("40{\"pid\":\"" + pid + "\"}");
        first.says("42[\"say\",2]");
        first.session.ended(START);
        assertThat(all.bytes()).isEqualTo(before);
        second.says("41");
        assertThat(all.bytes()).isZero();
    }

    @Test
    void who_can_do_nothing_with_offsets_gets_none() {
        recovering();
        assertThat(new Client(Map.of("t", "1763721600.1234567")).says("40").getFirst()).doesNotContain("pid");
        Client plain = new Client();
        assertThat(plain.says("40{\"recovery\":false}").getFirst()).doesNotContain("pid");
        assertThat(plain.says("42[\"say\",1]")).containsExactly("42[\"said\",1]");
        assertThat(new Client(Map.of("t", "nakz8q2w")).says("40").getFirst()).contains("pid");
        assertThat(new Client(Map.of("t", "NxFk3-x.0")).says("40").getFirst()).contains("pid");
    }

    @Test
    void only_so_many_who_are_away_are_remembered() {
        protocol = protocol(SocketIoSettings.STANDARD.withRecovery(
                new SocketIoSettings.Recovery(Duration.ofMinutes(2), 3, 10_000, 1, 1_000_000)));
        Client one = new Client();
        Client two = new Client();
        String first = field(one.says("40").getFirst(), "pid");
        String second = field(two.says("40").getFirst(), "pid");
        one.session.ended(START);
        two.session.ended(START);
        assertThat(protocol.recoveries().orElseThrow().size()).isEqualTo(1);
        assertThat(new Client().says("40{\"pid\":\"" + first + "\"}").getFirst()).doesNotContain(first);
        assertThat(new Client().says("40{\"pid\":\"" + second + "\"}").getFirst()).contains(second);
    }

    private void recovering() {
        protocol = protocol(SocketIoSettings.STANDARD.withRecovery(
                new SocketIoSettings.Recovery(Duration.ofMinutes(2), 3, 10_000, 100, 1_000_000)));
    }

    private SocketIoProtocol protocol(SocketIoSettings settings) {
        return SocketIoProtocol.builder(settings)
                .namespace("/", Scripted::new)
                .namespace("/other", Scripted::new)
                .verbatim()
                .build();
    }

    private static String field(String packet, String name) {
        int start = packet.indexOf("\"" + name + "\":\"") + name.length() + 4;
        return packet.substring(start, packet.indexOf('"', start));
    }

    /** A client, and a connection that does its steps. */
    private final class Client {
        final ProtocolSession session;
        Optional<Closing.Reason> closed = Optional.empty();
        Instant now = START;

        Client() {
            this(Map.of());
        }

        /** @param query of the request that opened the connection */
        Client(Map<String, String> query) {
            session = protocol.open(new Handshake(new ConnectionId("-"), Arrival.STRANGER, Map.of(), query, List.of()));
            assertThat(session.opened(START)).isEmpty();
        }

        List<String> says(String packet) {
            return perform(session.received(Frame.text(packet), now))
                    .stream()
                    .filter(said -> !said.equals("42[\"here\"]") && !said.equals("42/other,[\"here\"]"))
                    .toList();
        }

        List<String> brings(byte[] bytes) {
            return perform(session.received(Frame.binary(bytes), now));
        }

        List<String> hears() {
            return perform(session.happened(new Event.Announced("x", Hint.Level.INFO), now));
        }

        List<String> closing(Closing.Reason reason) {
            return perform(session.closing(Closing.because(reason), now));
        }

        private List<String> perform(List<Step> steps) {
            List<String> said = new ArrayList<>();
            for (Step step : steps) {
                switch (step) {
                    case Step.Send send -> said.add(
                            switch (send.outgoing()) {
                                case Outgoing.Kept kept -> show(kept.frame());
                                case Outgoing.Replaceable hint -> show(hint.frame());
                                case Outgoing.Growing growing -> show(session.encode(growing.grown()));
                            });
                    case Step.Close close -> closed = Optional.of(close.why().reason());
                    default -> throw new AssertionError("Expected nothing that needs an engine");
                }
            }
            return said;
        }

        private static String show(Frame frame) {
            return frame.binary()
                    ? "<" + java.util.HexFormat.of().formatHex(frame.utf8()) + ">"
                    : frame.text();
        }
    }
}
