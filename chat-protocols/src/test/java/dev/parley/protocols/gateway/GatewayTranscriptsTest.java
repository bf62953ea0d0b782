package dev.parley.protocols.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.live.Hint;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Receipt;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.SessionId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Stage;
import dev.parley.protocols.Transcripts;
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
import java.util.ArrayList;
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

    @TestFactory
    Stream<DynamicTest> transcript() {
        return Transcripts.played(FOLDER, GatewayStage::new);
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

    /** The client and the people around it. */
    private static final class GatewayStage extends Stage {

        private final GatewayClient.Halls halls = new GatewayClient.Halls();
        private Optional<GatewayClient> client = Optional.empty();
        private String hall = "";
        private boolean cut;
        private String pid = "";
        private String offset = "";

        GatewayClient client() {
            return client.orElseThrow(() -> new AssertionError("Expected the transcript to open first"));
        }

        @Override
        protected void send(String frame) {
            client().send(frame);
        }

        @Override
        protected List<String> heard() {
            client.filter(open -> open.closed.isEmpty()).ifPresent(GatewayClient::settle);
            List<String> packets = client.map(GatewayClient::take).orElse(List.of());
            packets.forEach(this::remember);
            return packets;
        }

        @Override
        protected Optional<Closing> closed() {
            return cut ? Optional.empty() : client.flatMap(open -> open.closed);
        }

        @Override
        protected List<String> differences(String expected, String found) {
            return Packet.of(expected).differences(Packet.of(found));
        }

        @Override
        protected String written(String packet) {
            return Packet.shown(packet);
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

        @Override
        protected void happens(String what) {
            String[] words = what.split("\\s+", 3);
            String rest = words.length > 2 ? words[2] : "";
            switch (words[0]) {
                case "open" -> open(what);
                case "in" -> hall = words[1];
                case "there" -> halls.hall(words[1]);
                case "cut" -> {
                    cut = true;
                    client().cut();
                }
                case "back" -> {
                    open("open");
                    client().send("40/chat,{\"token\":\"…\",\"pid\":\"" + pid + "\",\"offset\":\"" + offset + "\"}");
                }
                case "wait" -> halls.now = halls.now.plus(Duration.parse("PT" + words[1]));
                case "refuse" -> refuse(words[1], rest, here().frameRefusals, here().refusals);
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
                default -> person(new UserId(words[0]), words[1], rest);
            }
        }

        private ScriptedEngine here() {
            return halls.hall(hall);
        }

        private void open(String what) {
            Map<String, String> query = named(what);
            cut = false;
            client = Optional.of(new GatewayClient(halls, query, what.contains("optional")));
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
