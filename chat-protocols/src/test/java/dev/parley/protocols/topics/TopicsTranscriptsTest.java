package dev.parley.protocols.topics;

import dev.parley.application.event.Event;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.live.Hint;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.Member;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.TopicId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.ProtocolPage;
import dev.parley.protocols.Stage;
import dev.parley.protocols.Transcripts;
import dev.parley.protocols.chat.ScriptedEngine;
import dev.parley.protocols.json.Texts;
import java.io.IOException;
import java.nio.file.Path;
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

    @TestFactory
    Stream<DynamicTest> transcript() {
        return Transcripts.played(FOLDER, TopicsStage::new);
    }

    @Test
    void every_example_of_the_page_is_in_a_transcript() throws IOException {
        ProtocolPage.assertPlayed(FOLDER);
    }

    /** The client and the people around it. */
    private static final class TopicsStage extends Stage {

        private final ScriptedTopics topics = ScriptedTopics.of("ana");
        private final ScriptedEngine session = topics.session;
        private Optional<TopicsClient> client = Optional.empty();

        TopicsClient client() {
            return client.orElseThrow(() -> new AssertionError("Expected the transcript to open first"));
        }

        @Override
        protected void send(String frame) {
            client().send(frame);
        }

        @Override
        protected List<String> heard() {
            return client.map(TopicsClient::take).orElse(List.of());
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
                case "refuse" -> refuse(words[1], rest, session.frameRefusals, session.refusals);
                case "reply" -> reply(new MessageId(words[1]), rest);
                case "unstreamed" -> session.session =
                        session.session.withSettings(
                                new dev.parley.domain.session.SessionSettings(Optional.empty(), Optional.empty(), false));
                case "announce" -> session.tell(
                        new Event.Announced(rest, Hint.Level.valueOf(words[1].toUpperCase(Locale.ROOT))));
                case "lose" ->
                        session.tell(new Event.SessionLost(session.session.id(), Event.Loss.valueOf(words[1])));
                case "end" -> client().close(new Closing(Closing.Reason.valueOf(words[1]), time(rest)));
                case "agent" -> session.tell(new Event.TypingChanged(
                        session.session.id(), "default", "Parley", true, words[1].equals("types")));
                default -> person(new UserId(words[0]), words[1], rest);
            }
        }

        private void open(String what) {
            Map<String, String> query = named(what);
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
