package dev.parley.adapter.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClients;
import dev.parley.adapter.mongo.FaultyClient.Fault;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Role;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.SessionStore.Feed;
import dev.parley.domain.store.SessionTransaction;
import dev.parley.domain.store.Slice;
import dev.parley.domain.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is left when a node dies, or its line breaks, after each single write of a step: all of the step or nothing of it, whoever looks,
 * and everybody can go on.
 */
class MongoCrashTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final UserId ANA = new UserId("ana");
    private static final NodeId NODE = new NodeId("node-1");
    private static final Author.Agent AGENT = new Author.Agent("helper", "Helper");
    private static final AtomicInteger SESSIONS = new AtomicInteger();
    private static final Projection.Sizes SMALL = new Projection.Sizes(20_000, 20_000);
    /** For each case: the more there is in it, the longer everything takes. */
    private final MongoFixture database = new MongoFixture();
    private final FaultyClient faulty =
            new FaultyClient(MongoClients.create(MongoAdapter.client(database.settings()).build()));
    private final MongoAdapter dying = MongoAdapter.connect(database.settings(), faulty.client(), SMALL, Telemetry.SILENT);
    private final MongoAdapter other = database.connect();

    @AfterEach
    void close() {
        dying.close();
        database.close();
    }

    /** Something that is done in a session that has a question, a finished answer and a running one. */
    interface Deed {
        void in(Place place, MongoAdapter node);
    }

    /** One session of one case. */
    record Place(SessionId session, String prefix) {
        MessageId id(String name) {
            return new MessageId(prefix + name);
        }

        AttachmentId file(String name) {
            return new AttachmentId(prefix + name);
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    enum Case {
        A_SESSION_IS_OPENED_WITH_A_MESSAGE(false, (place, node) -> node.sessions().write(place.session(), step -> {
            openIfNeeded(place, step);
            if (step.message(place.id("first")).isEmpty()) {
                step.append(START, new Change.MessageAdded(said(place, "first", "hello")));
            }
            return true;
        })),
        EVERYTHING_HAPPENS_AT_ONCE(true, (place, node) -> node.sessions().write(place.session(), step -> {
            everything(place, step);
            return true;
        })),
        MUCH_IS_SAID_AT_ONCE(true, (place, node) -> node.sessions().write(place.session(), step -> {
            for (int i = 0; i < 3 && step.message(place.id("much-" + i)).isEmpty(); i++) {
                step.append(START, new Change.MessageAdded(said(place, "much-" + i, "x".repeat(1_500))));
            }
            return true;
        })),
        A_TITLE_IS_GIVEN_WITHOUT_LOOKING(true, (place, node) -> node.sessions().write(place.session(), step -> {
            step.append(START, new Change.SessionChanged(step.session().orElseThrow().withTitle("title"), ANA));
            return true;
        })),
        A_REPLY_IS_CLAIMED(true, (place, node) -> node.replies().claim(place.id("running"), new NodeId("node-2"))),
        A_REPLY_IS_TO_STOP(true, (place, node) -> node.replies().requestStop(place.id("running"), ANA)),
        THE_PAST_IS_FORGOTTEN(true, (place, node) -> node.sessions().forgetChanges(START.plusSeconds(60))),
        THE_SESSION_IS_PURGED(true, (place, node) -> node.sessions().purge(place.session()));

        private final boolean prepared;
        private final Deed deed;

        Case(boolean prepared, Deed deed) {
            this.prepared = prepared;
            this.deed = deed;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_node_that_dies_leaves_all_or_nothing(Case what) {
        atEachWrite(what, Fault.DIES_AFTER);
    }

    @ParameterizedTest
    @EnumSource(names = {"EVERYTHING_HAPPENS_AT_ONCE", "MUCH_IS_SAID_AT_ONCE"})
    void a_node_that_dies_within_a_write_of_many_parts_leaves_all_or_nothing(Case what) {
        atEachWrite(what, Fault.DIES_WITHIN);
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_that_is_lost_makes_nothing_happen_twice(Case what) {
        atEachWrite(what, Fault.ANSWER_LOST);
    }

    @ParameterizedTest
    @EnumSource
    void a_line_that_breaks_before_makes_nothing_half(Case what) {
        atEachWrite(what, Fault.NEVER_SENT);
    }

    private void atEachWrite(Case what, Fault fault) {
        boolean reached = true;
        for (int writes = 0; reached; writes++) {
            Place place = place(what);
            String before = everythingIn(place);
            faulty.arm(fault, writes);
            boolean done = done(what, place, dying);
            reached = faulty.disarm();
            String after = everythingIn(place);
            if (!after.equals(before)) {
                assertWhole(what, place, before, after);
            }
            assertThat(done && after.equals(before)).as("done and not there: %s after %d writes", what, writes).isFalse();
            goOn(what, place, after.equals(before));
        }
    }

    private static boolean done(Case what, Place place, MongoAdapter node) {
        try {
            what.deed.in(place, node);
            return true;
        } catch (UnavailableException dead) {
            return false;
        }
    }

    /** What is there is what is there when nothing goes wrong. */
    private void assertWhole(Case what, Place place, String before, String after) {
        Place same = place(what);
        assertThat(everythingIn(same)).isEqualTo(named(before, place, same));
        what.deed.in(same, other);
        assertThat(named(after, place, same)).isEqualTo(everythingIn(same));
    }

    private static String named(String text, Place from, Place to) {
        return text.replace(from.prefix(), to.prefix()).replace(from.session().value(), to.session().value());
    }

    /** Whoever tries again gets what they wanted, and the next change has the next position. */
    private void goOn(Case what, Place place, boolean again) {
        if (again) {
            what.deed.in(place, other);
        }
        if (other.sessions().find(place.session()).isEmpty()) {
            assertThat(what).isEqualTo(Case.THE_SESSION_IS_PURGED);
            prepare(place);
        }
        Session session = other.sessions().find(place.session()).orElseThrow();
        Change next = other.sessions()
                .write(place.session(), step -> step.append(START, new Change.MessageAdded(said(place, "next", "next"))));
        assertThat(next.position()).isEqualTo(session.position() + 1);
        assertThat(other.messages().find(place.id("next"))).isPresent();
        List<Change> changes = changes(place);
        for (int at = 0; at < changes.size(); at++) {
            assertThat(changes.get(at).position()).isEqualTo(next.position() - changes.size() + at + 1);
        }
    }

    private Place place(Case what) {
        int number = SESSIONS.incrementAndGet();
        Place place =
                new Place(new SessionId("session-" + String.format("%05d", number)), "p" + String.format("%05d", number) + "-");
        if (what.prepared) {
            prepare(place);
        }
        return place;
    }

    private void prepare(Place place) {
        other.sessions().write(place.session(), step -> {
            openIfNeeded(place, step);
            step.append(START, new Change.MessageAdded(said(place, "question", "why?")));
            step.append(START, new Change.ReplyStarted(asked(place, "old", List.of())), record(place, "old"));
            Message old = step.message(place.id("old")).orElseThrow();
            step.append(START, new Change.ReplyEnded(ended(old, "because")));
            step.append(START, new Change.MessageAdded(said(place, "second", "secret")));
            step.append(START,
                    new Change.MessageEdited(step.message(place.id("second")).orElseThrow().edited("said", START), ANA));
            step.append(START, new Change.ReplyStarted(asked(place, "running", List.of())), record(place, "running"));
            step.append(START, Change.AttachmentAdded.of(attachment(place, "there"), ANA));
            return true;
        });
        other.replies().checkpoint(place.id("running"), 1, 0, "so far");
    }

    private static void openIfNeeded(Place place, SessionTransaction step) {
        if (step.session().isEmpty()) {
            Session fresh = Session.fresh(
                    place.session(), Optional.of(new Member(ANA, "Ana", START)), Visibility.GROUP, Optional.empty(), START);
            step.append(START, new Change.SessionOpened(fresh));
        }
    }

    private static void everything(Place place, SessionTransaction step) {
        if (step.message(place.id("third")).isPresent()) {
            return;
        }
        Session session = step.session().orElseThrow();
        step.append(START, new Change.SessionChanged(session.withTitle("title"), ANA));
        Message third = said(place, "third", "look")
                .withAttachments(List.of(attachment(place, "new")));
        step.append(START, Change.AttachmentAdded.of(attachment(place, "new"), ANA));
        step.append(START, new Change.MessageAdded(third));
        step.append(START, new Change.ReplyStarted(asked(place, "newer", List.of(place.id("old")))), record(place, "newer"));
        Message running = step.message(place.id("running")).orElseThrow();
        step.append(START, new Change.ReplyEnded(ended(running, "so far and on")));
        step.append(START, new Change.MessageEdited(step.message(place.id("question")).orElseThrow().edited("how?", START), ANA));
        step.append(START, new Change.MessageDeleted(step.message(place.id("second")).orElseThrow().asDeleted(START), ANA));
        step.append(START, new Change.AttachmentRemoved(place.file("there"), ANA));
    }

    private static Message said(Place place, String name, String text) {
        return Message.written(
                place.id(name), place.session(), Optional.empty(), new Author.Person(ANA, "Ana"), Role.USER, text, START,
                Optional.of("client-" + name), ClientMetadata.NONE);
    }

    private static Message asked(Place place, String name, List<MessageId> versions) {
        return Message.written(
                place.id(name), place.session(), Optional.empty(), AGENT, Role.ASSISTANT, "", START, Optional.empty(),
                ClientMetadata.NONE)
                .replied("", ReplyFacts.requested(place.id("question"), versions));
    }

    private static Message ended(Message running, String text) {
        ReplyFacts facts = running.reply().orElseThrow();
        return running.replied(text, new ReplyFacts(
                facts.question(), ReplyStatus.COMPLETED, Optional.empty(), "model", false, Optional.empty(),
                Optional.of(Duration.ofSeconds(1)), Optional.empty(), facts.versions(), facts.supersededBy()));
    }

    private static Reply record(Place place, String name) {
        return Reply.requested(place.id(name), place.session(), place.id("question"), ANA, START, NODE);
    }

    private static Attachment attachment(Place place, String name) {
        return new Attachment(
                place.file(name), ANA, FileName.of("x.png"), new MimeType("image/png"), 7, START,
                new Attachment.Kept(Sha256.of(new byte[] {7})));
    }

    private List<Change> changes(Place place) {
        return IntStream.range(0, 20)
                .mapToObj(from -> other.sessions().changesAfter(place.session(), from, 1_000))
                .filter(Feed.Changes.class::isInstance)
                .findFirst()
                .map(feed -> ((Feed.Changes) feed).changes())
                .orElse(List.of());
    }

    /** All that anybody can see of the session, through another node. */
    private String everythingIn(Place place) {
        MessageId running = place.id("running");
        List<Message> messages = other.messages().page(place.session(), new Slice.Newest(100)).items();
        StringBuilder all = new StringBuilder();
        // First by names alone: nobody else's look at the session may have helped.
        all.append(other.replies().find(running)).append('\n');
        all.append(other.messages().find(place.id("third"))).append('\n');
        all.append(other.attachments().sessionsWith(place.file("new"))).append('\n');
        all.append(other.messages().versions(place.id("question"))).append('\n');
        all.append(other.messages().versions(place.id("second"))).append('\n');
        all.append(other.replies().unfinished().stream().filter(reply -> reply.session().equals(place.session())).toList())
                .append('\n');
        all.append(other.sessions().find(place.session())).append('\n');
        all.append(messages).append('\n');
        all.append(changes(place)).append('\n');
        all.append(other.messages().context(place.session(), Long.MAX_VALUE, 50)).append('\n');
        all.append(other.messages().search(place.session(), "s", PageRequest.first())).append('\n');
        all.append(other.messages().sentAs(place.session(), new ClientKey(ANA, "client-third"))).append('\n');
        all.append(other.attachments().of(place.session(), PageRequest.first())).append('\n');
        return all.toString();
    }
}
