package dev.parley.protocols.ticket;

import dev.parley.application.event.Event;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.protocols.Closing;
import dev.parley.protocols.ProtocolPage;
import dev.parley.protocols.Stage;
import dev.parley.protocols.Transcripts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
        return Transcripts.played(FOLDER, TicketStage::new);
    }

    @Test
    void every_example_of_the_page_is_in_a_transcript() throws IOException {
        ProtocolPage.assertPlayed(FOLDER);
    }

    /** The client whose screen is looked at, and the ticket. */
    private static final class TicketStage extends Stage {

        private final ScriptedTickets engine = new ScriptedTickets();
        private Optional<TicketClient> client = Optional.empty();

        TicketClient client() {
            return client.orElseThrow(() -> new AssertionError("Expected the transcript to open first"));
        }

        @Override
        protected void send(String frame) {
            client().send(frame);
        }

        @Override
        protected List<String> heard() {
            client.ifPresent(TicketClient::settle);
            return client.map(TicketClient::take).orElse(List.of());
        }

        @Override
        protected Optional<Closing> closed() {
            return client.flatMap(open -> open.closed);
        }

        @Override
        protected void happens(String what) {
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
                case "refuse" -> refuse(first, second.orElse(""), engine.frameRefusals, engine.refusals);
                default -> throw new AssertionError("Expected something that happens, found " + what);
            }
        }

        private void open(String what) {
            Map<String, String> how = named(what);
            engine.frameRefusals.clear();
            TicketClient opening = new TicketClient(engine, how);
            client = Optional.of(opening);
            opening.open();
        }
    }
}
