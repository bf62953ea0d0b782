package dev.parley.protocols.chat;

import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.live.Hint;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.Member;
import dev.parley.protocols.Closing;
import dev.parley.protocols.ProtocolPage;
import dev.parley.protocols.Stage;
import dev.parley.protocols.Transcripts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Plays every transcript of the native protocol against the state machine. */
class TranscriptsTest {

    static final Path FOLDER = Path.of("..", "docs", "protocol", "chat");

    @TestFactory
    Stream<DynamicTest> transcript() {
        return Transcripts.played(FOLDER, ChatStage::new);
    }

    @Test
    void every_example_of_the_page_is_in_a_transcript() throws IOException {
        ProtocolPage.assertPlayed(FOLDER);
    }

    /** The client and the people around it. */
    private static final class ChatStage extends Stage {

        private final ScriptedEngine engine = Client.engine();
        private Optional<Client> client = Optional.empty();
        private boolean full;

        Client client() {
            return client.orElseThrow(() -> new AssertionError("Expected the transcript to open first"));
        }

        @Override
        protected void send(String frame) {
            client().send(frame);
        }

        @Override
        protected List<String> heard() {
            client.ifPresent(Client::settle);
            return client.map(Client::take).orElse(List.of());
        }

        @Override
        protected Optional<Closing> closed() {
            return client.flatMap(open -> open.closed);
        }

        @Override
        protected String written(String frame) {
            return full ? frame : Plain.shortened(frame);
        }

        @Override
        protected void happens(String what) {
            String[] words = what.split("\\s+", 3);
            String rest = words.length > 2 ? words[2] : "";
            switch (words[0]) {
                case "open" -> open(what);
                case "full" -> full = true;
                case "wait" -> engine.now = engine.now.plus(Duration.parse("PT" + words[1]));
                case "refuse" -> refuse(words[1], rest, engine.frameRefusals, engine.refusals);
                case "reply" -> reply(new MessageId(words[1]), rest);
                case "announce" ->
                        engine.tell(new Event.Announced(rest, Hint.Level.valueOf(words[1].toUpperCase(java.util.Locale.ROOT))));
                case "lose" -> engine.tell(new Event.SessionLost(engine.session.id(), Event.Loss.valueOf(words[1])));
                case "end" -> client().close(new Closing(Closing.Reason.valueOf(words[1]), time(rest)));
                case "agent" -> engine.tell(new Event.TypingChanged(
                        engine.session.id(), "default", "Parley", true, words[1].equals("types")));
                default -> person(new UserId(words[0]), words[1], rest);
            }
        }

        private void open(String what) {
            Map<String, String> query = named(what);
            Client opening = Client.of(engine, query);
            client = Optional.of(opening);
            opening.open();
        }

        private void reply(MessageId reply, String rest) {
            String[] words = rest.split("\\s+", 2);
            switch (words[0]) {
                case "begins" -> engine.begin(reply, words[1]);
                case "grows" -> engine.grow(reply, words[1].replace("_", " "));
                case "ends" -> engine.end(reply, ReplyStatus.valueOf(words[1]));
                case "waits" -> engine.tell(new Event.ReplyQueued(
                        engine.session.id(),
                        reply,
                        engine.messages.get(reply).reply().orElseThrow().question(),
                        Integer.parseInt(words[1])));
                default -> throw new AssertionError("Expected begins, grows, ends or waits, found " + rest);
            }
        }

        private void person(UserId who, String verb, String rest) {
            String name = ScriptedEngine.name(who);
            switch (verb) {
                case "writes" -> engine.say(who, rest, Optional.empty(), Optional.empty(), ClientMetadata.NONE);
                case "brings" -> engine.bring(who, rest);
                case "attaches" -> {
                    String[] words = rest.split(" ", 2);
                    Message with = engine.message(new MessageId(words[0])).withAttachments(List.of(engine.file(words[1])));
                    engine.append(new Change.AttachmentsChanged(with, who));
                }
                case "takes" -> engine.append(new Change.AttachmentRemoved(new AttachmentId(rest), who));
                case "edits" -> {
                    String[] words = rest.split(" ", 2);
                    engine.edit(who, new MessageId(words[0]), words[1]);
                }
                case "deletes" -> engine.delete(who, new MessageId(rest));
                case "reacts" -> {
                    String[] words = rest.split(" ", 2);
                    engine.react(who, new MessageId(words[0]), words[1]);
                }
                case "reads" -> engine.read(who, new MessageId(rest));
                case "titles" -> {
                    engine.session = engine.session.withTitle(rest);
                    engine.append(new Change.SessionChanged(engine.session.at(engine.session.position() + 1, engine.now), who));
                }
                case "joins" -> {
                    engine.session = engine.session.withMember(new Member(who, name, engine.now));
                    engine.append(new Change.MemberJoined(engine.session, who, name));
                }
                case "leaves" -> engine.append(new Change.MemberLeft(engine.session.withoutMember(who), who, who));
                case "removes" -> engine.append(
                        new Change.MemberLeft(engine.session.withoutMember(new UserId(rest)), new UserId(rest), who));
                case "types", "rests" -> engine.tell(
                        new Event.TypingChanged(engine.session.id(), who.value(), name, false, verb.equals("types")));
                case "comes", "goes" -> engine.tell(
                        new Event.PresenceChanged(engine.session.id(), who, name, verb.equals("comes")));
                default -> throw new AssertionError("Expected something that people do, found " + verb);
            }
        }
    }
}
