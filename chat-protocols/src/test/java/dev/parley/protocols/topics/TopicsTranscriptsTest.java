package dev.parley.protocols.topics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.Hint;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.Member;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.TopicId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.ProtocolPage;
import dev.parley.protocols.chat.Plain;
import dev.parley.protocols.chat.ScriptedEngine;
import dev.parley.protocols.json.Texts;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Plays every transcript of sessions and topics against the state machines. */
class TopicsTranscriptsTest {

    private static final Path FOLDER = Path.of("..", "docs", "protocol", "topics");

    /** Writes down what the server says, for somebody to read before it is believed: {@code -Dtranscript.record=true}. */
    private static final boolean RECORD = Boolean.getBoolean("transcript.record");

    @TestFactory
    Stream<DynamicTest> transcript() {
        return Transcript.in(FOLDER)
                .stream()
                .map(transcript -> DynamicTest.dynamicTest(transcript.name(), () -> {
                    Path file = FOLDER.resolve(transcript.name() + ".transcript");
                    if (RECORD) {
                        record(file);
                    }
                    play(Transcript.read(file));
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

    private static void record(Path file) throws IOException {
        Stage stage = new Stage();
        List<String> recorded = new ArrayList<>();
        boolean closed = false;
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("S<") || line.startsWith("~ closes")) {
                continue;
            }
            recorded.add(line);
            if (line.startsWith("C>")) {
                stage.client().send(line.substring(2).strip());
            } else if (line.startsWith("~")) {
                closed &= !line.contains("open");
                stage.aside(file.toString(), line.substring(1).strip());
            }
            stage.drain().forEach(frame -> recorded.add("S< " + frame));
            if (!closed && stage.closed()) {
                closed = true;
                recorded.add("~ closes " + stage.client().closed.orElseThrow().reason().code());
            }
        }
        Files.write(file, recorded);
    }

    /** The client, the people around it, and what the server has said that nobody has looked at yet. */
    private static final class Stage {

        private final ScriptedTopics topics = ScriptedTopics.of("ana");
        private final ScriptedEngine session = topics.session;
        private final Deque<String> said = new ArrayDeque<>();
        private Optional<TopicsClient> client = Optional.empty();

        TopicsClient client() {
            return client.orElseThrow(() -> new AssertionError("Expected the transcript to open first"));
        }

        boolean closed() {
            return client.isPresent() && client.get().closed.isPresent();
        }

        List<String> drain() {
            refill();
            List<String> all = List.copyOf(said);
            said.clear();
            return all;
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
            client.ifPresent(open -> said.addAll(open.take()));
        }

        void aside(String where, String what) {
            if (!what.startsWith("closes")) {
                nothingLeft(where);
            }
            String[] words = what.split("\\s+", 3);
            String rest = words.length > 2 ? words[2] : "";
            switch (words[0]) {
                case "open" -> open(what);
                case "gone" -> client = Optional.empty();
                case "beat" -> client().beat();
                case "update" -> {
                    String[] update = rest.split("\\s+", 2);
                    topics.publish(TopicId.named(words[1]), new Publication.Update(update[0], update[1]));
                }
                case "anomaly" -> topics.publish(TopicId.named(words[1]), new Publication.Anomaly(rest));
                case "notify" -> topics.publish(
                        TopicId.of(session.session.id()), new Publication.Notification(what.substring(7)));
                case "shut" -> topics.shut(TopicId.named(words[1]));
                case "refuse" -> refuse(words[1], rest);
                case "reply" -> reply(new MessageId(words[1]), rest);
                case "unstreamed" -> session.session =
                        session.session.withSettings(
                                new dev.parley.domain.session.SessionSettings(Optional.empty(), Optional.empty(), false));
                case "announce" -> session.tell(
                        new Event.Announced(rest, Hint.Level.valueOf(words[1].toUpperCase(Locale.ROOT))));
                case "lose" ->
                        session.tell(new Event.SessionLost(session.session.id(), Event.Loss.valueOf(words[1])));
                case "end" -> client().close(new Closing(
                        Closing.Reason.valueOf(words[1]),
                        rest.isEmpty() ? Optional.empty() : Optional.of(Duration.parse("PT" + rest))));
                case "agent" -> session.tell(new Event.TypingChanged(
                        session.session.id(), "default", "Parley", true, words[1].equals("types")));
                case "closes" -> assertThat(client().closed.map(why -> why.reason().code()))
                        .as(where)
                        .contains(Integer.parseInt(words[1]));
                default -> person(new UserId(words[0]), words[1], rest);
            }
        }

        private void open(String what) {
            Map<String, String> query = new LinkedHashMap<>();
            for (String word : what.split("\\s+")) {
                int equals = word.indexOf('=');
                if (equals > 0) {
                    query.put(word.substring(0, equals), word.substring(equals + 1));
                }
            }
            List<String> languages = Optional.ofNullable(query.remove("prefers")).map(List::of).orElse(List.of());
            Optional<String> topic = Optional.ofNullable(query.remove("investigation"));
            client = Optional.of(
                    topic.isPresent()
                            ? new TopicsClient(
                                    topics,
                                    new InvestigationsProtocol(Texts.load()),
                                    Map.of("investigation_id", topic.get()),
                                    query,
                                    languages)
                            : new TopicsClient(
                                    topics,
                                    new TopicsProtocol(TopicsSettings.DEFAULT, Texts.load()),
                                    Map.of("session_id", query.getOrDefault("session", "test-session")),
                                    query,
                                    languages));
        }

        private void refuse(String code, String rest) {
            boolean frames = code.equals("frame");
            Optional<Duration> wait = rest.isEmpty() ? Optional.empty() : Optional.of(Duration.parse("PT" + rest));
            ErrorCode why = frames ? ErrorCode.RATE_LIMIT : ErrorCode.valueOf(code);
            (frames ? session.frameRefusals : session.refusals)
                    .add(new Outcome.Refusal(why, "Expected something else", wait));
        }

        private void reply(MessageId reply, String rest) {
            String[] words = rest.split("\\s+", 2);
            switch (words[0]) {
                case "begins" -> session.begin(reply, words[1]);
                case "grows" -> session.grow(reply, words[1].replace("_", " "));
                case "ends" -> session.end(reply, ReplyStatus.valueOf(words[1]));
                case "waits" -> session.tell(new Event.ReplyQueued(
                        session.session.id(),
                        reply,
                        session.messages.get(reply).reply().orElseThrow().question(),
                        Integer.parseInt(words[1])));
                default -> throw new AssertionError("Expected begins, grows, ends or waits, found " + rest);
            }
        }

        private void person(UserId who, String verb, String rest) {
            String name = ScriptedEngine.name(who);
            switch (verb) {
                case "writes" -> session.say(who, rest, Optional.empty(), Optional.empty(), ClientMetadata.NONE);
                case "edits" -> {
                    String[] words = rest.split(" ", 2);
                    session.edit(who, new MessageId(words[0]), words[1]);
                }
                case "deletes" -> session.delete(who, new MessageId(rest));
                case "reacts" -> {
                    String[] words = rest.split(" ", 2);
                    session.react(who, new MessageId(words[0]), words[1]);
                }
                case "joins" -> {
                    session.session = session.session.withMember(new Member(who, name, session.now));
                    session.append(new Change.MemberJoined(session.session, who, name));
                }
                case "leaves" -> session.append(new Change.MemberLeft(session.session.withoutMember(who), who, who));
                case "types", "rests" -> session.tell(
                        new Event.TypingChanged(session.session.id(), who.value(), name, false, verb.equals("types")));
                case "comes", "goes" ->
                        session.tell(new Event.PresenceChanged(session.session.id(), who, name, verb.equals("comes")));
                default -> throw new AssertionError("Expected something that people do, found " + verb);
            }
        }
    }
}
