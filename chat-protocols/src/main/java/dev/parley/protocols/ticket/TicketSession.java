package dev.parley.protocols.ticket;

import dev.parley.application.Following;
import dev.parley.application.Link;
import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.TicketAnswer;
import dev.parley.application.command.TicketState;
import dev.parley.application.event.Event;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.llm.ModelOptions;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.ReplyStatus;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.TicketId;
import dev.parley.protocols.Closing;
import dev.parley.protocols.Frame;
import dev.parley.protocols.Outgoing;
import dev.parley.protocols.ProtocolSession;
import dev.parley.protocols.Step;
import dev.parley.protocols.json.FieldException;
import dev.parley.protocols.json.JsonObject;
import dev.parley.protocols.json.JsonReader;
import dev.parley.protocols.json.JsonReading;
import dev.parley.protocols.json.Speech;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** One client's side of one ticket. Of what happens in the ticket's session it is told the answer that it asked for, and the end. */
final class TicketSession implements ProtocolSession {

    private final TicketId ticket;
    private final Speech speech;
    private final JsonReader reader;
    private final TicketFrames frames;

    /** The answer that this client waits for, and how much of it the client has. */
    private Optional<MessageId> awaited = Optional.empty();

    private long shown;
    private boolean open;
    private boolean spoken;
    private boolean following;

    TicketSession(TicketId ticket, Speech speech, JsonReader reader, TicketFrames frames) {
        this.ticket = ticket;
        this.speech = speech;
        this.reader = reader;
        this.frames = frames;
    }

    @Override
    public List<Step> opened(Instant now) {
        return List.of(new Step.Ask<>(new Command.GetTicket(ticket), outcome -> switch (outcome) {
            case Outcome.Done<TicketState>(TicketState state) when state.closed() -> unopened(new Outcome.Refusal(
                    ErrorCode.GONE, "Expected an open ticket, found a closed one", Optional.empty()));
            case Outcome.Done<TicketState> done -> {
                open = true;
                yield List.of();
            }
            case Outcome.Refused<TicketState> refused -> unopened(refused.refusal());
        }));
    }

    private List<Step> unopened(Outcome.Refusal refusal) {
        return List.of(frames.error(refusal, speech), new Step.Close(Closing.of(refusal)));
    }

    @Override
    public List<Step> received(Frame frame, Instant now) {
        if (!open) {
            return List.of();
        }
        return switch (reader.read(frame.utf8())) {
            case JsonReading.Read read -> take(read.object());
            case JsonReading.Unreadable unreadable -> charged(() -> bad(unreadable.detail()));
            case JsonReading.Hostile hostile -> leave(Closing.because(hostile.reason()));
        };
    }

    private List<Step> take(JsonObject frame) {
        try {
            if (frame.truth("stop").orElse(false)) {
                return stop();
            }
            boolean refresh = frame.truth("refresh").orElse(false);
            Optional<String> body = frame.text("ticketBody");
            if (body.isEmpty() && !refresh) {
                throw new FieldException("Expected ticketBody, found none");
            }
            Ask ask = new Ask(
                    frame.text("agent"),
                    frame.text("model"),
                    Optional.empty(),
                    Optional.empty(),
                    ModelOptions.DEFAULT);
            return charged(() -> ask(new Command.AskTicket(ticket, body, ask, refresh)));
        } catch (FieldException wrong) {
            return charged(() -> bad(wrong.detail()));
        }
    }

    private List<Step> ask(Command.AskTicket command) {
        return asked(command, answer -> switch (answer) {
            case TicketAnswer.Cached cached -> {
                awaited = Optional.empty();
                List<Step> steps = new ArrayList<>(List.of(frames.cached(cached.answer(), speech), frames.done()));
                if (!following) {
                    steps.add(follow(session -> List.of()));
                }
                yield steps;
            }
            case TicketAnswer.Running running -> awaited.equals(Optional.of(running.reply()))
                    ? List.of()
                    : await(running.reply());
        });
    }

    /** Begins with all there is of it; it may have ended before this could follow, and is then told as it was stored. */
    private List<Step> await(MessageId reply) {
        awaited = Optional.of(reply);
        shown = 0;
        return List.of(follow(session -> {
            speech.adopt(session.settings());
            return asked(
                    new Command.GetMessage(reply), message -> message.running() ? List.of() : ended(message));
        }));
    }

    private Step follow(Function<? super Session, List<Step>> then) {
        return new Step.Follow(ticket.session(), new Link.From.Now(), outcome -> switch (outcome) {
            case Outcome.Done<Following> done -> {
                following = true;
                yield then.apply(done.value().session());
            }
            case Outcome.Refused<Following> refused -> {
                following = false;
                awaited = Optional.empty();
                yield List.of(frames.error(refused.refusal(), speech));
            }
        });
    }

    /** What this client waits for is stopped and its end told as every end is; else what others wait for. */
    private List<Step> stop() {
        if (awaited.isPresent()) {
            return asked(stopping(awaited.get()), stopped -> List.of());
        }
        return asked(new Command.GetTicket(ticket), state -> state.running()
                .map(reply -> asked(
                        stopping(reply),
                        stopped -> List.of(stopped.replies().isEmpty() ? frames.done() : frames.stopped())))
                .orElseGet(() -> List.of(frames.done())));
    }

    private Command<Command.Stopped> stopping(MessageId reply) {
        return new Command.StopReplies(ticket.session(), Optional.of(reply));
    }

    @Override
    public List<Step> happened(Event event, Instant now) {
        if (!open) {
            return List.of();
        }
        return switch (event) {
            case Event.ReplyGrew grew -> grew(grew);
            case Event.Happened happened -> happened.change().body() instanceof Change.ReplyEnded ended
                    && awaits(ended.message().id()) ? ended(ended.message()) : List.of();
            case Event.SessionLost lost -> leave(Closing.of(lost));
            case Event.Disconnecting ending -> leave(Closing.of(ending));
            // An answer that begins anew begins with what was shown of it, so what is known already is passed over.
            case Event.ReplyBegan began -> List.of();
            case Event.ReplyQueued queued -> List.of();
            case Event.TypingChanged typing -> List.of();
            case Event.PresenceChanged presence -> List.of();
            case Event.CaughtUp caughtUp -> List.of();
            case Event.Published published -> List.of();
            case Event.TopicsCaughtUp caughtUp -> List.of();
            case Event.TopicLost lost -> List.of();
            case Event.Announced announced -> List.of();
        };
    }

    private List<Step> grew(Event.ReplyGrew grew) {
        if (!awaits(grew.reply()) || grew.from() > shown || grew.to() <= shown) {
            return List.of();
        }
        Event.ReplyGrew news = grew.from() == shown
                ? grew
                : new Event.ReplyGrew(
                        grew.session(),
                        grew.reply(),
                        shown,
                        grew.text().substring(Math.toIntExact(shown - grew.from())));
        shown = grew.to();
        return List.of(new Step.Send(new Outgoing.Growing(news)));
    }

    private List<Step> ended(Message answer) {
        if (!awaits(answer.id())) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>(2);
        if (shown < answer.content().length()) {
            steps.add(frames.whole(answer.content().substring(Math.toIntExact(shown))));
        }
        steps.add(switch (answer.reply().map(ReplyFacts::status).orElse(ReplyStatus.COMPLETED)) {
            case COMPLETED, RUNNING -> answer.content().isBlank() ? frames.empty(speech) : frames.done(answer);
            case STOPPED -> frames.stopped();
            case FAILED -> frames.error(
                    answer.reply().flatMap(ReplyFacts::error).orElse(ErrorCode.MODEL_FAILED), speech);
            case INTERRUPTED -> frames.error(ErrorCode.INTERRUPTED, speech);
        });
        awaited = Optional.empty();
        return steps;
    }

    private boolean awaits(MessageId reply) {
        return awaited.filter(reply::equals).isPresent();
    }

    @Override
    public List<Step> closing(Closing why, Instant now) {
        open = false;
        return List.of();
    }

    @Override
    public List<Step> heartbeat(Instant now) {
        return awaited.isPresent() ? List.of(frames.alive()) : List.of();
    }

    @Override
    public Frame encode(Event.ReplyGrew grown) {
        return frames.piece(grown);
    }

    private List<Step> leave(Closing why) {
        open = false;
        return List.of(new Step.Close(why));
    }

    private List<Step> bad(String detail) {
        return List.of(frames.error(
                new Outcome.Refusal(ErrorCode.BAD_REQUEST, detail, Optional.empty()), speech));
    }

    /** A client says one thing on a connection, so that is free; who says more is counted. */
    private List<Step> charged(Supplier<List<Step>> steps) {
        if (!spoken) {
            spoken = true;
            return steps.get();
        }
        return asked(new Command.Charge(Command.Bucket.FRAMES), (Nothing nothing) -> steps.get());
    }

    private <R> List<Step> asked(Command<R> command, Function<? super R, List<Step>> then) {
        return List.of(new Step.Ask<>(command, outcome -> switch (outcome) {
            case Outcome.Done<R> done -> then.apply(done.value());
            case Outcome.Refused<R> refused -> List.of(frames.error(refused.refusal(), speech));
        }));
    }
}
