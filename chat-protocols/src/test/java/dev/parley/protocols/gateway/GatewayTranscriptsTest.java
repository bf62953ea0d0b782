package dev.parley.protocols.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.command.Outcome;
import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.Hint;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.chat.Plain;
import dev.parley.protocols.chat.ScriptedEngine;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import dev.parley.testkit.transcript.Shape;
import dev.parley.testkit.transcript.Transcript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

/** Plays every transcript of the chat gateway against its state machine. */
class GatewayTranscriptsTest {

    private static final Path FOLDER = Path.of("..", "docs", "protocol", "gateway");

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
        List<Object> played = Transcript.in(FOLDER)
                .stream()
                .flatMap(transcript -> transcript.lines().stream())
                .flatMap(line -> switch (line) {
                    case Transcript.Line.Client client -> Stream.of(client.frame());
                    case Transcript.Line.Server server -> Stream.of(server.frame());
                    case Transcript.Line.Aside aside -> Stream.<String>empty();
                })
                .map(frame -> Packet.of(frame).content())
                .toList();
        List<String> examples = examples();
        assertThat(examples).isNotEmpty();
        for (String example : examples) {
            Object shortened = Plain.open(Packet.json(example));
            assertThat(played)
                    .as("an example of the page that no transcript has: %s", example)
                    .anyMatch(content -> Shape.differences(shortened, content).isEmpty());
        }
    }

    private static List<String> examples() throws IOException {
        List<String> examples = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(FOLDER.resolveSibling("gateway.md"))) {
            if (line.startsWith("```")) {
                inside = line.equals("```json");
            } else if (inside && !line.isBlank()) {
                examples.add(line);
            }
        }
        return examples;
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
            stage.drain().forEach(packet -> recorded.add("S< " + Packet.shown(packet)));
            if (stage.justClosed()) {
                recorded.add("~ closes " + stage.client().closed.orElseThrow().reason().code());
            }
        }
        Files.write(file, recorded);
    }

    /** The client, the people around it, and what the server has said that nobody has looked at yet. */
    private static final class Stage {

        private final GatewayClient.Halls halls = new GatewayClient.Halls();
        private final Deque<String> said = new ArrayDeque<>();
        private Optional<GatewayClient> client = Optional.empty();
        private String hall = "";
        private boolean closeSeen;
        private String pid = "";
        private String offset = "";

        GatewayClient client() {
            return client.orElseThrow(() -> new AssertionError("Expected the transcript to open first"));
        }

        List<String> drain() {
            refill();
            List<String> all = List.copyOf(said);
            said.clear();
            return all;
        }

        boolean justClosed() {
            boolean now = client.isPresent() && client.get().closed.isPresent() && !closeSeen;
            closeSeen |= now;
            return now;
        }

        void expect(String where, String packet) {
            refill();
            assertThat(said).as("what the server says at %s", where).isNotEmpty();
            String found = said.poll();
            assertThat(Packet.of(packet).differences(Packet.of(found)))
                    .as("%s: expected %s, found %s", where, packet, found)
                    .isEmpty();
        }

        void nothingLeft(String where) {
            refill();
            assertThat(said).as("more than expected before %s", where).isEmpty();
        }

        private void refill() {
            client.ifPresent(open -> {
                if (open.closed.isEmpty()) {
                    open.settle();
                }
                for (String packet : open.take()) {
                    said.add(packet);
                    remember(packet);
                }
            });
        }

        /** What a stock client remembers to come back with. */
        private void remember(String packet) {
            if (packet.startsWith("40/chat,")
                    && JsonReader.STANDARD.read(packet.substring("40/chat,".length())
                            .getBytes(StandardCharsets.UTF_8)) instanceof JsonReading.Read(JsonObject object)) {
                pid = object.text("pid").orElse("");
            }
            if (packet.startsWith("42/chat,[") && Packet.of(packet).body() instanceof List<?> list
                    && list.getLast() instanceof String last) {
                offset = last;
            }
        }

        void aside(String where, String what) {
            if (!what.startsWith("closes")) {
                nothingLeft(where);
            }
            String[] words = what.split("\\s+", 3);
            String rest = words.length > 2 ? words[2] : "";
            switch (words[0]) {
                case "open" -> open(what);
                case "in" -> hall = words[1];
                case "there" -> halls.hall(words[1]);
                case "cut" -> {
                    closeSeen = true;
                    client().cut();
                }
                case "back" -> {
                    open("open");
                    client().send("40/chat,{\"token\":\"…\",\"pid\":\"" + pid + "\",\"offset\":\"" + offset + "\"}");
                }
                case "wait" -> halls.now = halls.now.plus(Duration.parse("PT" + words[1]));
                case "refuse" -> refuse(words[1], rest);
                case "reply" -> reply(new MessageId(words[1]), rest);
                case "announce" -> client().tell(
                        new Event.Announced(rest, Hint.Level.valueOf(words[1].toUpperCase(Locale.ROOT))));
                case "lose" -> here().tell(new Event.SessionLost(new SessionId(hall), Event.Loss.valueOf(words[1])));
                case "forget" -> here().tell(new Event.CaughtUp(new SessionId(hall), false, 99));
                case "drain" -> client().tell(new Event.Disconnecting(
                        Event.Cause.DRAIN, Optional.of(Duration.parse("PT" + words[1]))));
                case "end" -> client().close(Closing.because(Closing.Reason.valueOf(words[1])));
                case "agent" -> here().tell(new Event.TypingChanged(
                        new SessionId(hall), "default", "Parley", true, words[1].equals("types")));
                case "closes" -> assertThat(client().closed.map(why -> why.reason().code()))
                        .as(where)
                        .contains(Integer.parseInt(words[1]));
                default -> person(new UserId(words[0]), words[1], rest);
            }
        }

        private ScriptedEngine here() {
            return halls.hall(hall);
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
            client = Optional.of(new GatewayClient(halls, query, what.contains("optional")));
        }

        private void refuse(String code, String rest) {
            boolean event = code.equals("event");
            Optional<Duration> wait = rest.isEmpty() ? Optional.empty() : Optional.of(Duration.parse("PT" + rest));
            ErrorCode why = event ? ErrorCode.RATE_LIMIT : ErrorCode.valueOf(code);
            (event ? here().frameRefusals : here().refusals)
                    .add(new Outcome.Refusal(why, "Expected something else", wait));
        }

        private void reply(MessageId reply, String rest) {
            String[] words = rest.split("\\s+", 2);
            switch (words[0]) {
                case "begins" -> here().begin(reply, words[1]);
                case "grows" -> here().grow(reply, words[1].replace("_", " "));
                case "ends" -> here().end(reply, ReplyStatus.valueOf(words[1]));
                case "waits" -> here().tell(new Event.ReplyQueued(
                        new SessionId(hall),
                        reply,
                        here().messages.get(reply).reply().orElseThrow().question(),
                        Integer.parseInt(words[1])));
                default -> throw new AssertionError("Expected begins, grows, ends or waits, found " + rest);
            }
        }

        private void person(UserId who, String verb, String rest) {
            String[] words = rest.split(" ", 2);
            ScriptedEngine engine = here();
            switch (verb) {
                case "writes" -> engine.say(who, rest, Optional.empty(), Optional.empty(), ClientMetadata.NONE);
                case "brings" -> engine.bring(who, rest);
                case "edits" -> engine.edit(who, new MessageId(words[0]), words[1]);
                case "deletes" -> engine.delete(who, new MessageId(rest));
                case "reacts" -> engine.react(who, new MessageId(words[0]), words[1]);
                case "reads" -> engine.read(who, new MessageId(rest));
                case "gets" -> engine.receive(who, new MessageId(rest), Receipt.DELIVERED);
                case "titles" -> {
                    engine.session = engine.session.withTitle(rest);
                    engine.append(new Change.SessionChanged(engine.session, who));
                }
                case "joins" -> {
                    engine.session = engine.session.withMember(new Member(who, ScriptedEngine.name(who), engine.now));
                    engine.append(new Change.MemberJoined(
                            engine.session, who, ScriptedEngine.name(who)));
                }
                case "removes" -> engine.append(new Change.MemberLeft(
                        engine.session.withoutMember(new UserId(rest)), new UserId(rest), who));
                case "types", "rests" -> engine.tell(new Event.TypingChanged(
                        new SessionId(hall), who.value(), ScriptedEngine.name(who), false, verb.equals("types")));
                case "comes", "goes" -> engine.tell(new Event.PresenceChanged(
                        new SessionId(hall), who, ScriptedEngine.name(who), verb.equals("comes")));
                default -> throw new AssertionError("Expected something that people do, found " + verb);
            }
        }
    }
}
