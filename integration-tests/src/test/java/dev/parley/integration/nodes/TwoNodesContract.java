package dev.parley.integration.nodes;

import static dev.parley.integration.nodes.Guest.ROOM;
import static dev.parley.integration.nodes.Guest.code;
import static dev.parley.integration.nodes.Guest.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.application.Link;
import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Overlap;
import dev.parley.application.command.Sent;
import dev.parley.application.command.Statistics;
import dev.parley.application.command.TicketAnswer;
import dev.parley.application.event.Event;
import dev.parley.domain.access.Principal;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.Hint;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.TicketId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.topic.Publication;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import dev.parley.testkit.llm.ScriptedExchange;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Two engines over the same parts behave as one, whichever of them a client is connected to. */
public abstract class TwoNodesContract extends NodesContract {

    @Nested
    class Conversations {

        @Test
        void everybody_is_told_the_same_in_the_same_order_whichever_node_it_was_said_on() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            Message last = both(number -> ana.says("Ana " + number), number -> ben.says("Ben " + number), 20);
            for (Guest guest : List.of(ana, ben)) {
                guest.awaitMessage(last.id());
                soon("everything is told").until(() -> guest.screen.messages().size() >= 40);
                assertThat(guest.screen.faults()).isEmpty();
            }
            assertThat(ana.screen.messages()).containsAllEntriesOf(ben.screen.messages());
        }

        @Test
        void one_message_that_is_sent_to_both_nodes_is_stored_once() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest again = guest(there(), "ana").inRoom();
            List<Sent> sent = new ArrayList<>();
            for (Outcome<Sent> outcome : TwoNodesContract.<Outcome<Sent>>atOnce(List.of(
                    () -> ana.tries("Hello", Optional.of("mine"), Optional.empty()),
                    () -> again.tries("Hello", Optional.of("mine"), Optional.empty())))) {
                sent.add(done(outcome));
            }
            assertThat(sent.getFirst().message().id()).isEqualTo(sent.getLast().message().id());
            assertThat(sent).extracting(Sent::duplicate).containsExactlyInAnyOrder(true, false);
        }

        @Test
        void who_types_and_who_is_there_is_seen_on_the_other_node() {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            ana.awaitEvent(Event.PresenceChanged.class, now -> now.user().equals(ben.user()) && now.online());
            done(ben.does(new Command.SetTyping(ROOM, true)));
            ana.awaitEvent(Event.TypingChanged.class, now -> now.id().equals("ben") && now.active());
            assertThat(done(ana.does(new Command.ListPresent(ROOM))))
                    .extracting(present -> present.user().value())
                    .containsExactly("ana", "ben");
            ben.drops();
            ana.awaitEvent(Event.PresenceChanged.class, now -> now.user().equals(ben.user()) && !now.online());
        }

        @Test
        void what_is_published_on_one_node_is_told_on_the_other() {
            TopicId topic = TopicId.named("case-7");
            Guest ana = guest(there(), "ana").inRoom();
            done(ana.link().watch(new Link.Watched.OfSession(ROOM), Optional.empty()));
            done(ana.does(new Command.Subscribe(ROOM, topic)));
            Guest feeder = guest(here(), "feeder", Principal.SERVICE);
            TopicEntry entry = done(feeder.does(new Command.Publish(topic, new Publication.Update("progress", "{}"))));
            ana.awaitEvent(Event.Published.class, published -> published.entry().equals(entry));
        }

        @Test
        void an_upload_that_began_on_one_node_is_finished_through_the_other() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest later = guest(there(), "ana").inRoom();
            byte[] content = "The first half, and the second.".getBytes(StandardCharsets.UTF_8);
            AttachmentId id = new AttachmentId("file");
            done(ana.does(new Command.BeginUpload(
                    Optional.of(id), Optional.of(ROOM), "notes.txt", "text/plain", content.length, true)));
            done(ana.does(new Command.AddChunk(id, 0, ByteBuffer.wrap(content, 0, 15).slice())));
            Command.Uploading state = done(later.does(new Command.BeginUpload(
                    Optional.of(id), Optional.of(ROOM), "notes.txt", "text/plain", content.length, true)));
            assertThat(state.received()).containsExactly(0);
            done(later.does(new Command.AddChunk(id, 1, ByteBuffer.wrap(content, 15, content.length - 15).slice())));
            Attachment file = done(later.does(
                    new Command.FinishUpload(id, Optional.of(Sha256.of(content)), Optional.of(2)))).attachment();
            try (InputStream bytes =
                    done(ana.does(new Command.OpenAttachment(file.id()))).content().open()) {
                assertThat(bytes.readAllBytes()).isEqualTo(content);
            }
        }
    }

    @Nested
    class Replies {

        @Test
        void a_reply_is_followed_on_the_other_node_through_cuts_without_a_word_lost_or_doubled() throws Exception {
            long seed = new Random().nextLong();
            System.out.println("TwoNodes: cuts, seed " + seed);
            Random random = new Random(seed);
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            MessageId reply = ana.asks("Count");
            ScriptedExchange exchange = here().model.next();
            StringBuilder text = new StringBuilder();
            for (int word = 1; word <= 120; word++) {
                String piece = "word" + word + (word % 10 == 0 ? " 🙂 " : " ");
                text.append(piece);
                exchange.say(piece);
                if (random.nextInt(10) == 0) {
                    ben.comesBackAt(random.nextInt(3) == 0 ? here() : there());
                }
            }
            ben.awaitText(reply, text.toString());
            exchange.end();
            for (Guest guest : List.of(ana, ben)) {
                assertThat(guest.awaitEnd(reply).content()).isEqualTo(text.toString());
                assertThat(guest.screen.faults()).as("seed %d", seed).isEmpty();
            }
        }

        @Test
        void stop_through_the_other_node_closes_the_exchange_with_the_model_and_is_proven() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            MessageId reply = ana.asks("Go on for ever");
            ScriptedExchange exchange = here().model.next();
            exchange.say("On and ");
            ben.awaitText(reply, "On and ");
            assertThat(done(ben.stops(reply)).replies()).containsExactly(reply);
            assertThat(exchange.awaitEnding()).isEqualTo(ScriptedExchange.Ending.INTERRUPTED);
            for (Guest guest : List.of(ana, ben)) {
                Message end = guest.awaitEnd(reply);
                assertThat(end.reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
                assertThat(end.content()).isEqualTo("On and ");
                assertThat(guest.screen.faults()).isEmpty();
            }
        }

        @Test
        void a_reply_that_waits_is_stopped_through_the_other_node_and_no_model_is_asked() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            MessageId first = ana.asks("First");
            ScriptedExchange exchange = here().model.next();
            MessageId second = ana.asks("Second");
            assertThat(done(ben.stops(second)).replies()).containsExactly(second);
            exchange.say("Done");
            exchange.end();
            assertThat(ben.awaitEnd(first).reply().orElseThrow().status()).isEqualTo(ReplyStatus.COMPLETED);
            assertThat(ben.awaitEnd(second).reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
            assertThat(here().model.requests()).isEqualTo(1);
        }

        @Test
        void questions_of_one_session_are_answered_one_after_the_other_whatever_node_they_were_asked_on() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            MessageId first = ana.asks("First");
            ScriptedExchange running = here().model.next();
            MessageId second = ben.asks("Second");
            running.say("One");
            assertThat(there().model.requests()).isZero();
            running.end();
            ScriptedExchange next = there().model.next();
            assertThat(next.prompt().turns()).extracting(turn -> turn.content())
                    .containsExactly("ana: First", "One", "ben: Second");
            next.say("Two");
            next.end();
            assertThat(ana.awaitEnd(first).content()).isEqualTo("One");
            assertThat(ana.awaitEnd(second).content()).isEqualTo("Two");
        }

        @Test
        void overlapping_questions_on_two_nodes_are_refused_or_interrupt_as_wished() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            MessageId first = ana.asks("First");
            here().model.next().say("One");
            assertThat(code(ben.asks("Not now", Overlap.REJECT))).isEqualTo(ErrorCode.BUSY);
            done(ben.asks("Instead", Overlap.INTERRUPT));
            assertThat(ana.awaitEnd(first).reply().orElseThrow().status()).isEqualTo(ReplyStatus.STOPPED);
            there().model.next().end();
        }

        @Test
        void a_ticket_that_is_opened_on_both_nodes_at_once_is_answered_once() throws Exception {
            Guest ana = guest(here(), "ana");
            Guest ben = guest(there(), "ben");
            Command.AskTicket ask =
                    new Command.AskTicket(new TicketId("77"), Optional.of("It does not print"), Ask.PLAINLY, false);
            here().model.answerAll("Turn it on");
            there().model.answerAll("Turn it on");
            List<Outcome<TicketAnswer>> answers =
                    TwoNodesContract.<Outcome<TicketAnswer>>atOnce(List.of(() -> ana.does(ask), () -> ben.does(ask)));
            answers.forEach(Guest::done);
            SessionId ticket = new TicketId("77").session();
            soon("the answer is stored")
                    .until(() -> done(ana.does(new Command.GetTicket(new TicketId("77")))).answer().isPresent());
            assertThat(here().model.requests() + there().model.requests()).as("requests about %s", ticket).isEqualTo(1);
        }
    }

    @Nested
    class Rules {

        @Test
        void limits_are_exact_with_both_nodes_hammered() throws Exception {
            Guest ana = guest(here(), "ana").inRoom();
            Guest again = guest(there(), "ana").inRoom();
            List<Callable<Outcome<Sent>>> work = new ArrayList<>();
            for (int i = 0; i < 3 * Node.MESSAGES; i++) {
                Guest sender = i % 2 == 0 ? ana : again;
                String content = "Number " + i;
                work.add(() -> sender.tries(content, Optional.empty(), Optional.empty()));
            }
            List<Outcome<Sent>> outcomes = atOnce(work);
            assertThat(outcomes.stream().filter(outcome -> outcome instanceof Outcome.Done).count()).isEqualTo(Node.MESSAGES);
            outcomes.stream().filter(outcome -> outcome instanceof Outcome.Refused).forEach(outcome -> {
                assertThat(code(outcome)).isEqualTo(ErrorCode.RATE_LIMIT);
                assertThat(Guest.refusal(outcome).retryAfter()).isPresent();
            });
            assertThat(done(again.does(new Command.GetQuota())).used()).isEqualTo(Node.MESSAGES);
        }

        @Test
        void who_is_taken_out_of_a_group_loses_it_on_the_other_node() {
            Guest ana = guest(here(), "ana").inRoom(Visibility.GROUP);
            Guest ben = guest(there(), "ben");
            done(ana.does(new Command.AddMember(ROOM, ben.user())));
            ben.inRoom(Visibility.GROUP);
            done(ana.does(new Command.RemoveMember(ROOM, ben.user())));
            assertThat(ben.awaitEvent(Event.SessionLost.class, lost -> lost.session().equals(ROOM)).why())
                    .isEqualTo(Event.Loss.REMOVED);
            assertThat(code(ben.tries("Still here?", Optional.empty(), Optional.empty()))).isEqualTo(ErrorCode.FORBIDDEN);
            MessageId after = ana.says("Without Ben").message().id();
            ana.awaitMessage(after);
            assertThat(ben.screen.messages()).doesNotContainKey(after);
        }

        @Test
        void a_session_that_is_closed_ends_on_the_other_node() {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            done(ana.does(new Command.CloseSession(ROOM)));
            assertThat(ben.awaitEvent(Event.SessionLost.class, lost -> true).why()).isEqualTo(Event.Loss.CLOSED);
            assertThat(code(ben.tries("Hello?", Optional.empty(), Optional.empty()))).isEqualTo(ErrorCode.GONE);
        }

        @Test
        void a_token_that_is_revoked_ends_connections_and_is_refused_on_the_other_node() {
            Guest ana = closing(Guest.withToken(there(), "ana", "token-1")).inRoom();
            Guest same = closing(Guest.withToken(there(), "ana", "token-2")).inRoom();
            done(guest(here(), "root", Principal.ADMIN).does(new Command.RevokeToken("token-1")));
            assertThat(ana.awaitEvent(Event.Disconnecting.class, end -> true).cause())
                    .isEqualTo(Event.Cause.TOKEN_REVOKED);
            soon("the token is refused")
                    .until(() -> ana.tries("Hello?", Optional.empty(), Optional.empty()) instanceof Outcome.Refused<Sent> refused
                            && refused.refusal().code() == ErrorCode.UNAUTHORIZED);
            same.says("Another token is as good as ever");
        }

        @Test
        void all_tokens_of_a_user_are_revoked_on_both_nodes() {
            Guest ana = guest(here(), "ana").inRoom();
            Guest again = guest(there(), "ana").inRoom();
            done(guest(there(), "root", Principal.ADMIN).does(new Command.RevokeUser(ana.user())));
            for (Guest guest : List.of(ana, again)) {
                assertThat(guest.awaitEvent(Event.Disconnecting.class, end -> true).cause())
                        .isEqualTo(Event.Cause.TOKEN_REVOKED);
            }
        }
    }

    @Nested
    class Looking {

        @Test
        void an_announcement_reaches_everybody_on_both_nodes() {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben");
            done(guest(there(), "root", Principal.ADMIN)
                    .does(new Command.Announce("Back in five minutes", Hint.Level.WARNING)));
            for (Guest guest : List.of(ana, ben)) {
                assertThat(guest.awaitEvent(Event.Announced.class, told -> true).message())
                        .isEqualTo("Back in five minutes");
            }
        }

        @Test
        void an_administrator_sees_the_connections_of_both_nodes() {
            Guest ana = guest(here(), "ana").inRoom();
            Guest ben = guest(there(), "ben").inRoom();
            Guest root = guest(here(), "root", Principal.ADMIN);
            List<ConnectionInfo> seen = connections(root);
            assertThat(seen).extracting(ConnectionInfo::id).contains(ana.link().id(), ben.link().id());
            assertThat(seen.stream().map(ConnectionInfo::node).distinct()).hasSize(2);
            ben.drops();
            soon("the connection is gone")
                    .until(() -> connections(root).stream().noneMatch(open -> open.user().equals(ben.user())));
        }

        private static List<ConnectionInfo> connections(Guest root) {
            Statistics now = done(root.does(new Command.GetStatistics()));
            return now.connections().items();
        }
    }

    @FunctionalInterface
    private interface Says {
        Sent number(int number);
    }

    /** Both say so many things at once; the message that was stored last. */
    private static Message both(Says one, Says other, int times) throws Exception {
        List<Callable<Sent>> work = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            int number = i;
            work.add(() -> one.number(number));
            work.add(() -> other.number(number));
        }
        Sent last = null;
        for (Sent sent : atOnce(work)) {
            last = last == null || sent.position() > last.position() ? sent : last;
        }
        return java.util.Objects.requireNonNull(last).message();
    }

    private static <T> List<T> atOnce(List<Callable<T>> work) throws Exception {
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> one : threads.invokeAll(work)) {
                results.add(one.get());
            }
        }
        return results;
    }
}
