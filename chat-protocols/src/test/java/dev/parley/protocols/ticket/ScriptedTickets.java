package dev.parley.protocols.ticket;

import dev.parley.application.Following;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.TicketAnswer;
import dev.parley.application.command.TicketState;
import dev.parley.application.event.Event;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.message.Role;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** One ticket without an engine: does what commands say in the plainest way and tells it as events. */
final class ScriptedTickets {

    private static final SessionId SESSION = new SessionId("ticket:4711");
    private static final MessageId QUESTION = new MessageId("t1:4711");
    private static final Author.Agent AGENT = new Author.Agent("default", "Assistant");
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123Z");

    final List<Command<?>> asked = new ArrayList<>();
    final Deque<Outcome.Refusal> refusals = new ArrayDeque<>();
    final Deque<Outcome.Refusal> frameRefusals = new ArrayDeque<>();
    private final List<Event> events = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private Optional<Message> kept = Optional.empty();
    private Optional<MessageId> running = Optional.empty();
    private Optional<Message> last = Optional.empty();
    private Optional<String> hurry = Optional.empty();
    private String model = "llama3.2";
    private boolean fallback;
    private boolean closed;
    private int count;
    private int followed;

    List<Event> takeEvents() {
        List<Event> taken = List.copyOf(events);
        events.clear();
        return followed > 0 ? taken : List.of();
    }

    void tell(Event event) {
        events.add(event);
    }

    void answered(String answer) {
        begin();
        text.append(answer);
        end(ReplyStatus.COMPLETED, Optional.empty());
        events.clear();
    }

    /** The next answer is over before anybody can look. */
    void hurry(String answer) {
        hurry = Optional.of(answer);
    }

    void model(String name, boolean standsIn) {
        model = name;
        fallback = standsIn;
    }

    void grow(String piece) {
        if (text.isEmpty()) {
            tell(began(running.orElseThrow()));
        }
        tell(new Event.ReplyGrew(SESSION, running.orElseThrow(), text.length(), piece));
        text.append(piece);
    }

    void end(ReplyStatus status, Optional<ErrorCode> error) {
        Message ended = message(running.orElseThrow(), text.toString(), status, error);
        running = Optional.empty();
        last = Optional.of(ended);
        if (status == ReplyStatus.COMPLETED && !text.isEmpty()) {
            kept = last;
        }
        tell(new Event.Happened(new Change(SESSION, 9, NOW, new Change.ReplyEnded(ended))));
    }

    /** Somebody asks something else in the ticket's session, and is answered. */
    void other(String question) {
        MessageId other = new MessageId("other");
        tell(began(other));
        tell(new Event.ReplyGrew(SESSION, other, 0, question));
        tell(new Event.Happened(new Change(
                SESSION,
                9,
                NOW,
                new Change.ReplyEnded(message(other, question, ReplyStatus.COMPLETED, Optional.empty())))));
    }

    void lose(Event.Loss why) {
        closed = why == Event.Loss.CLOSED;
        running = Optional.empty();
        tell(new Event.SessionLost(SESSION, why));
    }

    Outcome<Following> follow() {
        followed++;
        events.clear();
        running.filter(reply -> !text.isEmpty()).ifPresent(reply -> {
            tell(began(reply));
            tell(new Event.ReplyGrew(SESSION, reply, 0, text.toString()));
        });
        Session session = Session.fresh(SESSION, Optional.empty(), Visibility.SHARED, Optional.empty(), NOW);
        return Outcome.done(new Following(session, 1, List.of()));
    }

    @SuppressWarnings("unchecked")
    <R> Outcome<R> handle(Command<R> command) {
        asked.add(command);
        Deque<Outcome.Refusal> refusing = command instanceof Command.Charge ? frameRefusals : refusals;
        boolean looks = command instanceof Command.GetTicket
                && refusing.stream().noneMatch(refusal -> refusal.code() == ErrorCode.FORBIDDEN);
        if (!refusing.isEmpty() && !looks) {
            return new Outcome.Refused<>(refusing.poll());
        }
        return (Outcome<R>) Outcome.done(answer(command));
    }

    private Object answer(Command<?> command) {
        if (command instanceof Command.GetTicket) {
            return new TicketState(kept, running, Optional.empty(), closed);
        }
        if (command instanceof Command.AskTicket ask) {
            return ask(ask);
        }
        if (command instanceof Command.StopReplies) {
            List<MessageId> stopped = running.stream().toList();
            running.ifPresent(reply -> end(ReplyStatus.STOPPED, Optional.empty()));
            return new Command.Stopped(stopped);
        }
        if (command instanceof Command.GetMessage get) {
            return running.equals(Optional.of(get.message()))
                    ? message(get.message(), "", ReplyStatus.RUNNING, Optional.empty())
                    : last.orElseThrow();
        }
        if (command instanceof Command.Charge) {
            return Nothing.NOTHING;
        }
        throw new AssertionError("Expected a command that this protocol has use for, found " + command);
    }

    private TicketAnswer ask(Command.AskTicket ask) {
        if (kept.isPresent() && !ask.refresh()) {
            return new TicketAnswer.Cached(kept.get());
        }
        if (running.isEmpty()) {
            begin();
        }
        MessageId reply = running.orElseThrow();
        hurry.ifPresent(answer -> {
            text.append(answer);
            end(ReplyStatus.COMPLETED, Optional.empty());
        });
        return new TicketAnswer.Running(reply);
    }

    private void begin() {
        count++;
        running = Optional.of(new MessageId("r" + count));
        text.setLength(0);
    }

    private Event.ReplyBegan began(MessageId reply) {
        return new Event.ReplyBegan(new StreamHead(SESSION, reply, QUESTION, AGENT, model, fallback));
    }

    private Message message(MessageId id, String content, ReplyStatus status, Optional<ErrorCode> error) {
        ReplyFacts facts = new ReplyFacts(
                QUESTION,
                status,
                error,
                model,
                fallback,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty());
        return Message.written(
                id,
                SESSION,
                Optional.empty(),
                AGENT,
                Role.ASSISTANT,
                content,
                NOW,
                Optional.empty(),
                ClientMetadata.NONE)
                .replied(content, facts);
    }
}
