package dev.parley.protocols.rooms;

import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.live.Hint;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.protocols.Closing;
import dev.parley.protocols.ProtocolPage;
import dev.parley.protocols.Stage;
import dev.parley.protocols.Transcripts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Plays every transcript of the protocol of rooms against the state machine. */
class RoomsTranscriptsTest {

    private static final Path FOLDER = Path.of("..", "docs", "protocol", "rooms");

    @TestFactory
    Stream<DynamicTest> transcript() {
        return Transcripts.played(FOLDER, RoomsStage::new);
    }

    @Test
    void every_example_of_the_page_is_in_a_transcript() throws IOException {
        ProtocolPage.assertPlayed(FOLDER);
    }

    /** The client and the people around it. */
    private static final class RoomsStage extends Stage {

        private final Town town = new Town(RoomsClient.START);
        private Optional<RoomsClient> client = Optional.empty();

        RoomsClient client() {
            return client.orElseThrow(() -> new AssertionError("Expected the transcript to open first"));
        }

        @Override
        protected void send(String frame) {
            client().send(frame);
        }

        @Override
        protected List<String> heard() {
            client.ifPresent(open -> {
                if (open.closed.isEmpty()) {
                    open.settle();
                }
            });
            return client.map(RoomsClient::take).orElse(List.of());
        }

        @Override
        protected Optional<Closing> closed() {
            return client.flatMap(open -> open.closed);
        }

        @Override
        protected void happens(String what) {
            String[] words = what.split("\\s+", 3);
            String rest = words.length > 2 ? words[2] : "";
            switch (words[0]) {
                case "open" -> open(what);
                case "heartbeat" -> client().heartbeat();
                case "wait" -> town.now = town.now.plus(Duration.parse("PT" + words[1]));
                case "away" -> town.house(words[1]).away();
                case "refuse" -> refuse(words[1], rest, town.frameRefusals, town.refusals);
                case "reply" -> reply(new MessageId(words[1]), rest);
                case "announce" -> town.tell(
                        new Event.Announced(rest, Hint.Level.valueOf(words[1].toUpperCase(Locale.ROOT))));
                case "end" -> client().close(new Closing(Closing.Reason.valueOf(words[1]), time(rest)));
                case "agent" -> town.tell(new Event.TypingChanged(
                        new SessionId(rest), "default", "Parley", true, words[1].equals("types")));
                case "lost" -> town.tell(new Event.CaughtUp(new SessionId(words[1]), false, 99));
                default -> person(new UserId(words[0]), words[1], rest);
            }
        }

        private void open(String what) {
            Map<String, String> query = named(what);
            query.replaceAll((name, value) -> value.replace("_", " "));
            client = Optional.of(RoomsClient.opened(town, query));
        }

        private void reply(MessageId reply, String rest) {
            House house = town.houseOf(reply);
            String[] words = rest.split("\\s+", 2);
            switch (words[0]) {
                case "begins" -> house.begin(reply, words[1]);
                case "grows" -> house.grow(reply, words[1].replace("_", " "));
                case "ends" -> house.end(reply, ReplyStatus.valueOf(words[1]), false);
                case "stands-in" -> house.end(reply, ReplyStatus.valueOf(words[1]), true);
                case "waits" -> town.tell(new Event.ReplyQueued(
                        house.session().id(),
                        reply,
                        house.messages.get(reply).reply().orElseThrow().question(),
                        Integer.parseInt(words[1])));
                default -> throw new AssertionError("Expected begins, grows, ends or waits, found " + rest);
            }
        }

        private void person(UserId who, String verb, String rest) {
            String[] words = rest.split(" ", 2);
            SessionId room = new SessionId(words[0]);
            House house = verb.equals("opens") ? town.build(room, Visibility.PRIVATE, who, "") : town.house(words[0]);
            switch (verb) {
                case "opens" -> house.session();
                case "shares" -> town.build(room, Visibility.SHARED, who, words[1]);
                case "asks" -> house.request(house.say(who, words[1], Optional.empty()));
                case "edits" -> {
                    String[] more = words[1].split(" ", 2);
                    house.edit(who, new MessageId(more[0]), more[1]);
                }
                case "deletes" -> house.delete(who, new MessageId(words[1]));
                case "reads" -> house.receive(who, new MessageId(words[1]), Receipt.READ);
                case "brings" -> house.attach(new Attachment(
                        new AttachmentId("f9"),
                        who,
                        FileName.of(words[1]),
                        MimeType.of("image/png"),
                        2048,
                        town.now,
                        new Attachment.Kept(Sha256.of(new byte[0]))));
                case "titles" -> house.title(who, words[1]);
                case "joins" -> house.join(who);
                case "removes" -> {
                    UserId whom = new UserId(words[1]);
                    house.leave(whom, who);
                    if (whom.equals(Town.ANA)) {
                        town.tell(new Event.SessionLost(room, Event.Loss.REMOVED));
                    }
                }
                case "closes" -> house.close(who);
                case "types", "rests" -> town.tell(
                        new Event.TypingChanged(room, who.value(), Town.name(who), false, verb.equals("types")));
                case "comes", "goes" -> town.tell(
                        new Event.PresenceChanged(room, who, Town.name(who), verb.equals("comes")));
                default -> throw new AssertionError("Expected something that people do, found " + verb);
            }
        }
    }
}
