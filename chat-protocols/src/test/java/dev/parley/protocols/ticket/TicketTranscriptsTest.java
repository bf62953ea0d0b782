package dev.parley.protocols.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.protocols.ProtocolPage;
import dev.parley.protocols.chat.Plain;
import dev.parley.testkit.transcript.Shape;
import dev.parley.testkit.transcript.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Plays every transcript of the ticket protocol against the state machine. */
class TicketTranscriptsTest {

    private static final Path FOLDER = Path.of("..", "docs", "protocol", "ticket");

    @TestFactory
    Stream<DynamicTest> transcript() {
        return Transcript.in(FOLDER)
                .stream()
                .map(transcript -> DynamicTest.dynamicTest(transcript.name(), () -> play(transcript)));
    }

    @Test
    void every_example_of_the_page_is_in_a_transcript() throws IOException {
        ProtocolPage.assertPlayed(FOLDER);
    }

    private static void play(Transcript transcript) {
        Stage stage = new Stage();
        for (Transcript.Line line : transcript.lines()) {
            String where = transcript.name() + ":" + line.number();
            switch (line) {
                case Transcript.Line.Client client -> {
                    stage.nothingLeft(where);
                    stage.client().send(client.frame());
                }
                case Transcript.Line.Server server -> stage.expect(where, server.frame());
                case Transcript.Line.Aside aside -> stage.aside(where, aside.what());
            }
        }
        stage.nothingLeft(transcript.name() + ": the end");
    }

    /** The client whose screen is looked at, the ticket, and what the server has said that nobody has looked at yet. */
    private static final class Stage {

        private final ScriptedTickets engine = new ScriptedTickets();
        private final Deque<String> said = new ArrayDeque<>();
        private Optional<TicketClient> client = Optional.empty();

        TicketClient client() {
            return client.orElseThrow(() -> new AssertionError("Expected the transcript to open first"));
        }

        void expect(String where, String frame) {
            refill();
            assertThat(said).as("what the server says at %s", where).isNotEmpty();
            String found = said.poll();
            assertThat(Shape.differences(Plain.read(frame), Plain.read(found)))
                    .as("%s: expected %s, found %s", where, frame, found)
                    .isEmpty();
        }

        void nothingLeft(String where) {
            refill();
            assertThat(said).as("more than expected before %s", where).isEmpty();
        }

        private void refill() {
            client.ifPresent(open -> {
                open.settle();
                said.addAll(open.take());
            });
        }

        void aside(String where, String what) {
            nothingLeft(where);
            String[] words = what.split("\\s+", 3);
            String first = words.length > 1 ? words[1] : "";
            String text = first.replace("_", " ");
            Optional<String> second = words.length > 2 ? Optional.of(words[2]) : Optional.empty();
            switch (words[0]) {
                case "open" -> open(what);
                case "answered" -> engine.answered(text);
                case "hurry" -> engine.hurry(text);
                case "model" -> engine.model(first, second.isPresent());
                case "grows" -> engine.grow(text);
                case "other" -> engine.other(text);
                case "ends" -> engine.end(ReplyStatus.valueOf(words[1]), second.map(ErrorCode::valueOf));
                case "beat" -> client().beat();
                case "lose" -> engine.lose(Event.Loss.valueOf(first));
                case "refuse" -> refuse(first, second.map(wait -> Duration.parse("PT" + wait)));
                case "closes" -> assertThat(client().closed.map(why -> why.reason().code()))
                        .as(where)
                        .contains(Integer.parseInt(first));
                default -> throw new AssertionError("Expected something that happens, found " + what);
            }
        }

        private void refuse(String code, Optional<Duration> wait) {
            boolean frames = code.equals("frame");
            ErrorCode why = frames ? ErrorCode.RATE_LIMIT : ErrorCode.valueOf(code);
            (frames ? engine.frameRefusals : engine.refusals)
                    .add(new Outcome.Refusal(why, "Expected something else", wait));
        }

        private void open(String what) {
            Map<String, String> how = new LinkedHashMap<>();
            for (String word : what.split("\\s+")) {
                int equals = word.indexOf('=');
                if (equals > 0) {
                    how.put(word.substring(0, equals), word.substring(equals + 1));
                }
            }
            engine.frameRefusals.clear();
            TicketClient opening = new TicketClient(engine, how);
            client = Optional.of(opening);
            opening.open();
        }
    }
}
