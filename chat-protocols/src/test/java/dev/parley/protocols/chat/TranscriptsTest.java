package dev.parley.protocols.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.Hint;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.Member;
import dev.parley.protocols.Closing;
import dev.parley.protocols.ProtocolPage;
import dev.parley.testkit.transcript.Shape;
import dev.parley.testkit.transcript.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
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

    /** Writes down what the server says, for somebody to read before it is believed: {@code -Dtranscript.record=true}. */
    private static final boolean RECORD = Boolean.getBoolean("transcript.record");

    @TestFactory
    Stream<DynamicTest> transcript() {
        return Transcript.in(FOLDER)
                .stream()
                .map(transcript -> DynamicTest.dynamicTest(transcript.name(), () -> {
                    if (RECORD) {
                        record(transcript);
                    }
                    play(RECORD ? Transcript.read(FOLDER.resolve(transcript.name() + ".transcript")) : transcript);
                }));
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

    private static void record(Transcript transcript) throws IOException {
        Path file = FOLDER.resolve(transcript.name() + ".transcript");
        Stage stage = new Stage();
        List<String> recorded = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("S<") || line.startsWith("~ closes")) {
                continue;
            }
            recorded.add(line);
            if (line.startsWith("C>")) {
                stage.client().send(line.substring(2).strip());
            } else if (line.startsWith("~")) {
                stage.aside(transcript.name(), line.substring(1).strip());
            }
            stage.drain().forEach(frame -> recorded.add("S< " + stage.shortened(frame)));
            if (stage.justClosed()) {
                recorded.add("~ closes " + stage.client().closed.orElseThrow().reason().code());
            }
        }
        Files.write(file, recorded);
    }

    /** The client, the people around it, and what the server has said that nobody has looked at yet. */
    private static final class Stage {

        private final ScriptedEngine engine = Client.engine();
        private final Deque<String> said = new ArrayDeque<>();
        private Optional<Client> client = Optional.empty();
        private boolean full;
        private boolean closeSeen;

        Client client() {
            return client.orElseThrow(() -> new AssertionError("Expected the transcript to open first"));
        }

        List<String> drain() {
            client.ifPresent(open -> {
                open.settle();
                said.addAll(open.take());
            });
            List<String> all = List.copyOf(said);
            said.clear();
            return all;
        }

        boolean justClosed() {
            boolean now = client.isPresent() && client.get().closed.isPresent() && !closeSeen;
            closeSeen |= now;
            return now;
        }

        String shortened(String frame) {
            return full ? frame : Plain.shortened(frame);
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
            if (!what.startsWith("closes")) {
                nothingLeft(where);
            }
            String[] words = what.split("\\s+", 3);
            String rest = words.length > 2 ? words[2] : "";
            switch (words[0]) {
                case "open" -> open(what);
                case "full" -> full = true;
                case "wait" -> engine.now = engine.now.plus(Duration.parse("PT" + words[1]));
                case "refuse" -> refuse(words[1], rest);
                case "reply" -> reply(new MessageId(words[1]), rest);
                case "announce" ->
                        engine.tell(new Event.Announced(rest, Hint.Level.valueOf(words[1].toUpperCase(java.util.Locale.ROOT))));
                case "lose" -> engine.tell(new Event.SessionLost(engine.session.id(), Event.Loss.valueOf(words[1])));
                case "end" -> client().close(new Closing(
                        Closing.Reason.valueOf(words[1]),
                        rest.isEmpty() ? Optional.empty() : Optional.of(Duration.parse("PT" + rest))));
                case "agent" -> engine.tell(new Event.TypingChanged(
                        engine.session.id(), "default", "Parley", true, words[1].equals("types")));
                case "closes" -> assertThat(client().closed.map(why -> why.reason().code()))
                        .as(where)
                        .contains(Integer.parseInt(words[1]));
                default -> person(new UserId(words[0]), words[1], rest);
            }
            client.filter(open -> open.closed.isEmpty()).ifPresent(Client::settle);
        }

        private void open(String what) {
            Map<String, String> query = new LinkedHashMap<>();
            for (String word : what.split("\\s+")) {
                int equals = word.indexOf('=');
                if (equals > 0) {
                    query.put(word.substring(0, equals), word.substring(equals + 1));
                }
            }
            closeSeen = false;
            Client opening = Client.of(engine, query);
            client = Optional.of(opening);
            opening.open();
        }

        private void refuse(String code, String rest) {
            boolean frames = code.equals("frame");
            Optional<Duration> wait = rest.isEmpty() ? Optional.empty() : Optional.of(Duration.parse("PT" + rest));
            ErrorCode why = frames ? ErrorCode.RATE_LIMIT : ErrorCode.valueOf(code);
            (frames ? engine.frameRefusals : engine.refusals)
                    .add(new Outcome.Refusal(why, "Expected something else", wait));
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
