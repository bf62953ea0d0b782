package dev.parley.protocols.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verification;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Handshake;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.Protocol;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Connections of clients that say only later who they are. */
class StrangersTest {

    private final ManualTime time = new ManualTime();
    private final ScriptedEngine engine = new ScriptedEngine();
    private final RecordingWriter writer = new RecordingWriter();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<String> noted = new ArrayList<>();
    private final Connections connections = new Connections(
            engine,
            token -> new Verification.Refused(false, "not asked"),
            tasks::add,
            ConnectionSettings.STANDARD,
            time,
            Telemetry.SILENT);
    private final Connection connection = connections.connect(
            new Asking(),
            new Arrival(Arrival.STRANGER, new ClientInfo("", "", ""), Map.of(), Map.of(), List.of(), true),
            StrangersTest::admit,
            writer);

    StrangersTest() {
        connection.opened();
        run();
    }

    private static Outcome<Principal> admit(Optional<String> token, Optional<String> clientId) {
        return switch (token.orElse("none")) {
            case "bad" -> Outcome.refused(ErrorCode.UNAUTHORIZED, "Expected a token");
            case "away" -> throw new UnavailableException("No keys");
            default -> Outcome.done(Principal.trusted(new UserId(token.orElse(clientId.orElse("guest")))));
        };
    }

    @Test
    void a_stranger_gets_nothing_and_the_engine_does_not_hear_of_it() {
        says("ask");
        assertThat(writer.texts()).containsExactly("UNAUTHORIZED");
        assertThat(engine.sink).isEmpty();
        assertThat(engine.asked).isEmpty();
    }

    @Test
    void whoever_says_who_it_is_gets_an_answer() {
        says("i am ann");
        engine.answer = command -> Outcome.done(new Usage(1, 2, Duration.ZERO));
        says("ask");
        assertThat(writer.texts()).containsExactly("ann c1", "done");
        engine.sink.orElseThrow().accept(new Event.Announced("x", dev.parley.domain.live.Hint.Level.INFO));
        assertThat(writer.texts()).last().isEqualTo("told");
    }

    @Test
    void whoever_is_refused_may_try_again() {
        says("i am bad");
        says("i am away");
        assertThat(engine.sink).isEmpty();
        says("i am ann");
        assertThat(writer.texts()).containsExactly("UNAUTHORIZED", "STORE_UNAVAILABLE", "ann c1");
    }

    @Test
    void a_connection_stays_the_same_users() {
        says("i am ann");
        says("i am bob");
        assertThat(engine.refreshed).isEmpty();
        says("i am ann");
        assertThat(engine.refreshed.orElseThrow().user()).isEqualTo(new UserId("ann"));
        assertThat(writer.texts()).containsExactly("ann c1", "FORBIDDEN", "ann c1");
    }

    @Test
    void a_client_that_goes_while_it_is_let_in_leaves_no_link_behind() {
        connection.received(Frame.text("i am ann"));
        connection.gone(1006);
        run();
        assertThat(engine.closed).isEqualTo(1);
        assertThat(connections.count()).isZero();
    }

    @Test
    void a_term_that_passed_ends_the_connection_once() {
        connections.tick();
        assertThat(connections.count()).isOne();
        noted.add("overdue");
        connections.tick();
        assertThat(connections.count()).isZero();
        connection.gone(1006);
        assertThat(noted).containsExactly("overdue", "closing timeout", "ended");
    }

    @Test
    void the_language_hears_that_the_transport_is_gone() {
        connection.gone(1006);
        connection.gone(1006);
        connection.close(Closing.because(Closing.Reason.ASKED));
        assertThat(noted).containsExactly("ended");
    }

    private void says(String text) {
        connection.received(Frame.text(text));
        run();
    }

    private void run() {
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            next.run();
        }
    }

    /** Asks who its client is when that says so. */
    private final class Asking implements Protocol {
        @Override
        public String name() {
            return "asking";
        }

        @Override
        public ProtocolSession open(Handshake handshake) {
            assertThat(handshake.principal()).isEqualTo(Arrival.STRANGER);
            return new AskingSession();
        }
    }

    private final class AskingSession implements ProtocolSession {
        @Override
        public List<Step> opened(Instant now) {
            return List.of();
        }

        @Override
        public List<Step> received(Frame frame, Instant now) {
            if (frame.text().equals("ask")) {
                return List.of(new Step.Ask<>(new Command.GetQuota(), outcome -> List.of(say(word(outcome)))));
            }
            Optional<String> token = Optional.of(frame.text().substring("i am ".length()));
            return List.of(new Step.Identify(token, Optional.empty(), outcome -> List.of(say(switch (outcome) {
                case Outcome.Done<Handshake> done -> done.value().principal().user() + " " + done.value().connection();
                case Outcome.Refused<Handshake> refused -> word(refused);
            }))));
        }

        @Override
        public List<Step> happened(Event event, Instant now) {
            return List.of(say("told"));
        }

        @Override
        public List<Step> closing(Closing why, Instant now) {
            noted.add("closing " + why.reason().word());
            return List.of();
        }

        @Override
        public List<Step> heartbeat(Instant now) {
            return List.of();
        }

        @Override
        public boolean overdue(Instant now) {
            return noted.contains("overdue");
        }

        @Override
        public void ended(Instant now) {
            noted.add("ended");
        }

        @Override
        public Frame encode(Event.ReplyGrew grown) {
            throw new AssertionError("Expected no reply");
        }

        private static Step say(String text) {
            return new Step.Send(new Outgoing.Kept(Frame.text(text)));
        }

        private static String word(Outcome<?> outcome) {
            return switch (outcome) {
                case Outcome.Done<?> done -> "done";
                case Outcome.Refused<?> refused -> refused.refusal().code().name();
            };
        }
    }
}
