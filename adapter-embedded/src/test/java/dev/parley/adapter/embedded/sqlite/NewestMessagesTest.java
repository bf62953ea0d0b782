package dev.parley.adapter.embedded.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.Author;
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
import dev.parley.domain.store.MessageStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a model is to read is the same whether it is known or read from the file. */
final class NewestMessagesTest {

    private static final SessionId ROOM = new SessionId("room");
    private static final UserId ANA = new UserId("ana");
    private static final Instant AT = Instant.parse("2026-11-21T12:00:00Z");

    private final SqliteFixture fixture = new SqliteFixture();
    private final List<Message> said = new ArrayList<>();
    private final List<Message> running = new ArrayList<>();
    private int ids;

    @BeforeEach
    void open() {
        fixture.open();
        Session fresh = Session.fresh(
                ROOM, Optional.of(new Member(ANA, "Ana", AT)), Visibility.GROUP, Optional.empty(), AT);
        append(new Change.SessionOpened(fresh));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void whatever_happens_the_same_is_read_by_who_knows_it_and_by_who_asks_the_file() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int step = 0; step < 300; step++) {
            happens(random);
            if (step % 30 == 29) {
                List<List<Message>> known = contexts();
                fixture.reopen();
                assertThat(contexts()).isEqualTo(known);
            }
        }
    }

    @Test
    void what_is_undone_is_not_read() {
        say("Before");
        try {
            fixture.database().sessions().write(ROOM, step -> {
                step.append(AT, new Change.MessageAdded(message("Undone", Role.USER)));
                throw new IllegalStateException("undo");
            });
        } catch (IllegalStateException wanted) {
            say("Behind");
        }
        assertThat(context(Long.MAX_VALUE, 10)).extracting(Message::content).containsExactly("Before", "Behind");
    }

    @Test
    void long_texts_are_read_from_the_file() {
        for (int i = 0; i < 12; i++) {
            say(i + "x".repeat(30_000));
        }
        assertThat(context(Long.MAX_VALUE, 10)).extracting(message -> message.content().charAt(0)).hasSize(10);
        say("Short");
        assertThat(context(Long.MAX_VALUE, 2)).extracting(message -> message.content().length()).containsExactly(30_002, 5);
    }

    private void happens(Random random) {
        int what = said.isEmpty() ? 0 : random.nextInt(8);
        Message some = said.isEmpty() ? message("", Role.USER) : said.get(random.nextInt(said.size()));
        switch (what) {
            case 0, 1, 2 -> say("Message " + ids);
            case 3 -> begin(some, List.of());
            case 4 -> {
                if (!running.isEmpty()) {
                    end(running.removeFirst());
                }
            }
            case 5 -> append(new Change.MessageDeleted(now(some).asDeleted(AT), ANA));
            case 6 -> append(new Change.MessageEdited(now(some).edited("Edited " + ids++, AT), ANA));
            case 7 -> begin(some, answers(some));
            default -> throw new IllegalStateException("Expected another " + what);
        }
    }

    private void say(String content) {
        Message message = message(content, Role.USER);
        append(new Change.MessageAdded(message));
        said.add(message);
    }

    private void begin(Message question, List<MessageId> versions) {
        Message reply = message("", Role.ASSISTANT).replied("", ReplyFacts.requested(question.id(), versions));
        fixture.database()
                .sessions()
                .write(
                        ROOM,
                        step -> step.append(
                                AT,
                                new Change.ReplyStarted(reply),
                                Reply.requested(reply.id(), ROOM, question.id(), ANA, AT, new NodeId("node"))));
        running.add(reply);
    }

    private List<MessageId> answers(Message question) {
        return fixture.database()
                .sessions()
                .write(ROOM, step -> step.repliesTo(question.id()))
                .stream()
                .filter(reply -> !reply.running())
                .map(Message::id)
                .toList();
    }

    private void end(Message reply) {
        fixture.database().sessions().write(ROOM, step -> {
            Message there = step.message(reply.id()).orElseThrow();
            ReplyFacts facts = there.reply().orElseThrow();
            ReplyFacts ended = new ReplyFacts(
                    facts.question(),
                    ReplyStatus.COMPLETED,
                    Optional.empty(),
                    "model",
                    false,
                    Optional.of(3),
                    Optional.empty(),
                    Optional.empty(),
                    facts.versions(),
                    facts.supersededBy());
            return step.append(AT, new Change.ReplyEnded(there.replied("Answer", ended)));
        });
    }

    private Message now(Message message) {
        return fixture.database().messages().find(message.id()).orElseThrow();
    }

    private List<List<Message>> contexts() {
        List<List<Message>> all = new ArrayList<>();
        long newest = fixture.database().sessions().find(ROOM).orElseThrow().position();
        for (long until = Math.max(1, newest - 12); until <= newest; until++) {
            all.add(context(until, 10));
            all.add(context(until, 3));
        }
        return all;
    }

    private List<Message> context(long until, int limit) {
        MessageStore messages = fixture.database().messages();
        return messages.context(ROOM, until, limit);
    }

    private Change append(Change.Body body) {
        return fixture.database().sessions().write(ROOM, step -> step.append(AT, body));
    }

    private Message message(String content, Role role) {
        Author author = role == Role.USER ? new Author.Person(ANA, "Ana") : new Author.Agent("agent", "Agent");
        return Message.written(
                new MessageId("m" + ids++), ROOM, Optional.empty(), author, role, content, AT, Optional.empty(),
                ClientMetadata.NONE);
    }
}
