package dev.parley.application.handle;

import dev.parley.application.EngineSettings;
import dev.parley.application.Ports;
import dev.parley.application.Roster;
import dev.parley.application.command.Ask;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Overlap;
import dev.parley.application.reply.Replies;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.llm.Agent;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.Role;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.store.SessionTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What all commands share that ask for a reply: a place first, then the record with the facts, then the run. */
final class Asking {

    private static final Duration FULL = Duration.ofSeconds(5);
    private static final Duration TAKEN = Duration.ofSeconds(2);

    private final Ports ports;
    private final EngineSettings settings;
    private final Roster roster;
    private final Replies replies;

    Asking(Ports ports, EngineSettings settings, Roster roster, Replies replies) {
        this.ports = ports;
        this.settings = settings;
        this.roster = roster;
        this.replies = replies;
    }

    /**
     * A reply whose beginning is stored.
     *
     * @param overlapped what ran or waited in the session before
     */
    record Begun(Reply record, long questionPosition, long position, Overlap overlap, List<Reply> overlapped) {}

    /** A place in the queue, if the agent that is named is there, the system prompt is not too long and the queue has room. */
    Outcome<Replies.Place> place(Ask ask) {
        if (ask.agent().isPresent() && roster.find(ask.agent().get()).isEmpty()) {
            return Outcome.refused(ErrorCode.NOT_FOUND, "Expected an agent, found none called as asked");
        }
        int most = settings.maxMessageLength();
        if (ask.systemPrompt().filter(text -> text.codePointCount(0, text.length()) > most).isPresent()) {
            return Outcome.refused(
                    ErrorCode.MESSAGE_TOO_LONG, "Expected a system prompt of at most " + most + " characters");
        }
        return replies.reserve()
                .map(Outcome::done)
                .orElseGet(() -> Outcome.refused(ErrorCode.BUSY, "Expected room in the model's queue", FULL));
    }

    /** Whether a reply may begin in the session as it is; part of a step that writes, before it writes. */
    Outcome<Nothing> fits(SessionTransaction transaction, Ask ask) {
        return overlap(ask) == Overlap.REJECT && !transaction.unfinished().isEmpty()
                ? Outcome.refused(ErrorCode.BUSY, "Expected no other reply in the session", TAKEN)
                : Outcome.done(Nothing.NOTHING);
    }

    private Overlap overlap(Ask ask) {
        return ask.overlap().orElse(settings.overlap());
    }

    /** Stores that a reply to {@code question} was asked for; part of a step that writes. */
    Begun begin(
            SessionTransaction transaction, Message question, UserId asker, Ask ask, MessageId id, Instant now) {
        List<Reply> unfinished = transaction.unfinished();
        List<MessageId> versions =
                transaction.repliesTo(question.id()).stream().map(Message::id).toList();
        Agent agent = ask.agent().flatMap(roster::find).orElseGet(roster::standard);
        Message placeholder = Message.written(
                id,
                question.session(),
                question.parent(),
                new Author.Agent(agent.id(), agent.name()),
                Role.ASSISTANT,
                "",
                now,
                Optional.empty(),
                ClientMetadata.NONE)
                .replied("", ReplyFacts.requested(question.id(), versions));
        Reply record = replies.record(id, question.session(), question.id(), asker);
        Change started = transaction.append(now, new Change.ReplyStarted(placeholder), record);
        return new Begun(record, question.position(), started.position(), overlap(ask), unfinished);
    }

    /**
     * Takes the step that stores the beginning of {@code reply}, and lets it run once the step is durable. A beginning that the
     * store took without saying so runs as soon as it is found there.
     *
     * @param begun what the step began
     */
    <T> Outcome<T> store(
            Replies.Place place,
            MessageId reply,
            Ask ask,
            Supplier<Outcome<T>> step,
            Function<T, Optional<Begun>> begun) {
        try (place) {
            return place.store(reply, (later, found) -> goLate(later, found, ask), step).then(stored -> {
                begun.apply(stored).ifPresent(started -> go(place, started, ask));
                return Outcome.done(stored);
            });
        }
    }

    /** Nobody was told that the feed grew, neither here nor elsewhere. */
    private void goLate(Replies.Place place, Reply found, Ask ask) {
        ports.sessions().write(found.session(), step -> begun(step, found, ask)).ifPresent(begun -> {
            go(place, begun, ask);
            ports.bus()
                    .publish(
                            new Topic.OfSession(found.session()),
                            new Hint.FeedGrew(found.session(), begun.position()));
        });
    }

    /** A beginning as the store has it; empty when it has ended or another node has taken it, or its session is not there any more. */
    private Optional<Begun> begun(SessionTransaction step, Reply record, Ask ask) {
        Optional<Message> placeholder = step.message(record.id());
        Optional<Message> question = step.message(record.question());
        boolean mine = step.reply(record.id()).filter(now -> now.fence() == record.fence()).isPresent();
        if (placeholder.isEmpty() || question.isEmpty() || !mine) {
            return Optional.empty();
        }
        long position = placeholder.get().position();
        List<Reply> before = step.unfinished()
                .stream()
                .filter(other -> step.message(other.id()).filter(reply -> reply.position() < position).isPresent())
                .toList();
        return Optional.of(new Begun(record, question.get().position(), position, overlap(ask), before));
    }

    /** Ends what it interrupts, too. */
    private void go(Replies.Place place, Begun begun, Ask ask) {
        place.take(begun.record(), begun.position(), begun.questionPosition(), ask, begun.overlap() == Overlap.PARALLEL,
                begun.overlapped());
        if (begun.overlap() == Overlap.INTERRUPT && !begun.overlapped().isEmpty()) {
            Thread.ofVirtual()
                    .name("interrupt-" + begun.record().id())
                    .start(() -> replies.stop(begun.overlapped(), begun.record().asker()));
        }
    }

    MessageId newId() {
        return new MessageId(ports.ids().next());
    }
}
