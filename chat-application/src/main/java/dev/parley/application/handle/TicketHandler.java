package dev.parley.application.handle;

import dev.parley.application.Ports;
import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.TicketAnswer;
import dev.parley.application.command.TicketState;
import dev.parley.application.guard.Access;
import dev.parley.application.guard.ContentRules;
import dev.parley.application.guard.Limits;
import dev.parley.application.ledger.Ledger;
import dev.parley.application.reply.Replies;
import dev.parley.application.reply.Titles;
import dev.parley.domain.access.Right;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Role;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.TicketId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.SessionTransaction;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * One question per ticket, and one request to the model for all who ask it at once: whether there is an answer, whether one is being
 * written, and that one is asked for is one step of the store.
 */
final class TicketHandler {

    private static final int TURNSTILES = 64;

    private final Ports ports;
    private final Access access;
    private final Limits limits;
    private final ContentRules content;
    private final Ledger ledger;
    private final Asking asking;

    /** Who asks the same ticket at this node goes in one after the other, so that only the first is charged for asking. */
    private final ReentrantLock[] turnstiles =
            Stream.generate(ReentrantLock::new).limit(TURNSTILES).toArray(ReentrantLock[]::new);

    TicketHandler(
            Ports ports, Access access, Limits limits, ContentRules content, Ledger ledger, Asking asking) {
        this.ports = ports;
        this.access = access;
        this.limits = limits;
        this.content = content;
        this.ledger = ledger;
        this.asking = asking;
    }

    Outcome<TicketState> state(Call call, Command.GetTicket command) {
        Optional<Session> found = ports.sessions().find(command.ticket().session());
        if (found.isEmpty()) {
            return access.verdict(call.caller(), fresh(command.ticket(), "", now()), Right.ENTER).allowed()
                    ? Outcome.done(TicketState.UNKNOWN)
                    : Access.forbidden(command.ticket().session());
        }
        return access.enter(call.caller(), found.get())
                .then(in -> Outcome.done(look(command.ticket()).state()));
    }

    Outcome<TicketAnswer> ask(Call call, Command.AskTicket command) {
        return entered(call, command.ticket()).then(in -> {
            Optional<TicketAnswer> there = look(command.ticket()).given(command.refresh(), command.body());
            return there.map(Outcome::done).orElseGet(() -> inTurn(call, command));
        });
    }

    private Outcome<TicketAnswer> inTurn(Call call, Command.AskTicket command) {
        ReentrantLock turnstile = turnstiles[Math.floorMod(command.ticket().hashCode(), TURNSTILES)];
        turnstile.lock();
        try {
            Ticket ticket = look(command.ticket());
            Optional<TicketAnswer> there = ticket.given(command.refresh(), command.body());
            return there.map(Outcome::done)
                    .orElseGet(() -> body(call, command).then(body -> ticket.given(command.refresh(), body)
                            .map(Outcome::done)
                            .orElseGet(() -> anew(call, command, ticket, body))));
        } finally {
            turnstile.unlock();
        }
    }

    private Outcome<TicketAnswer> anew(
            Call call, Command.AskTicket command, Ticket ticket, Optional<String> body) {
        return ticket.question().isEmpty() && body.isEmpty()
                ? noBody()
                : limits.message(call.caller())
                        .then(counted -> asking.place(command.ask()))
                        .then(place -> askModel(call, command, body, place));
    }

    /** A ticket that nobody has asked about has no session yet: whoever may use tickets makes it. */
    private Outcome<Session> entered(Call call, TicketId ticket) {
        return ports.sessions()
                .find(ticket.session())
                .map(session -> access.enter(call.caller(), session)
                        .then(in -> in.closed() ? Access.<Session>gone(in.id()) : Outcome.done(in)))
                .orElseGet(() -> access.open(call.caller(), fresh(ticket, "", now()), Right.SEND));
    }

    private Ticket look(TicketId ticket) {
        return ports.sessions().write(ticket.session(), step -> Ticket.in(step, ticket));
    }

    private Outcome<Optional<String>> body(Call call, Command.AskTicket command) {
        return command.body()
                .filter(body -> !body.isBlank())
                .map(body -> content.message(call.caller(), body).then(clean -> Outcome.done(Optional.of(clean))))
                .orElse(Outcome.done(Optional.empty()));
    }

    private static <R> Outcome<R> noBody() {
        return Outcome.refused(ErrorCode.BAD_REQUEST, "Expected what the ticket says, found nothing");
    }

    /** The ids are made before the step, since a step may run more than once. */
    private record New(MessageId reply, Instant at) {}

    private record Stored(TicketAnswer answer, boolean asked, Optional<Asking.Begun> begun) {}

    private Outcome<TicketAnswer> askModel(
            Call call, Command.AskTicket command, Optional<String> body, Replies.Place place) {
        New fresh = new New(asking.newId(), now());
        return asking.store(
                place,
                fresh.reply(),
                command.ask(),
                () -> ledger.write(command.ticket().session(), step -> store(step, call, command, body, fresh)),
                Stored::begun)
                .then(stored -> {
                    if (stored.asked()) {
                        ports.telemetry()
                                .on(new TelemetryEvent.MessageStored(Duration.between(fresh.at(), now())));
                    }
                    return Outcome.done(stored.answer());
                });
    }

    private Outcome<Stored> store(
            SessionTransaction step, Call call, Command.AskTicket command, Optional<String> body, New fresh) {
        Optional<Session> session = step.session();
        return access.open(
                call.caller(),
                session.orElseGet(() -> fresh(command.ticket(), body.orElse(""), fresh.at())),
                Right.SEND)
                .then(open -> {
                    Ticket ticket = Ticket.in(step, command.ticket());
                    Optional<TicketAnswer> there = ticket.given(command.refresh(), body);
                    if (there.isPresent()) {
                        return Outcome.done(new Stored(there.get(), false, Optional.empty()));
                    }
                    if (ticket.question().isEmpty() && body.isEmpty()) {
                        return noBody();
                    }
                    return asking.fits(step, command.ask()).then(fit -> {
                        if (session.isEmpty()) {
                            step.append(fresh.at(), new Change.SessionOpened(
                                    open.withClient(call.caller().client())));
                        }
                        return Outcome.done(begin(step, call, command.ask(), ticket, body, fresh));
                    });
                });
    }

    private Stored begin(
            SessionTransaction step, Call call, Ask ask, Ticket ticket, Optional<String> body, New fresh) {
        Message question = ticket.question()
                .map(before -> said(step, call, before, body, fresh.at()))
                .orElseGet(() -> say(step, call, ticket.questionId(), body.orElseThrow(), fresh.at()));
        Asking.Begun begun = asking.begin(step, question, call.user(), ask, fresh.reply(), fresh.at());
        return new Stored(
                new TicketAnswer.Running(fresh.reply()), ticket.question().isEmpty(), Optional.of(begun));
    }

    private static Message say(SessionTransaction step, Call call, MessageId id, String body, Instant now) {
        Message written = Message.written(
                id,
                step.session().orElseThrow().id(),
                Optional.empty(),
                new Author.Person(call.user(), call.principal().name()),
                Role.USER,
                body,
                now,
                Optional.empty(),
                ClientMetadata.NONE);
        return written.at(step.append(now, new Change.MessageAdded(written)).position());
    }

    /** The question as it is now: tickets change, and whoever asks anew asks about the newest. */
    private static Message said(
            SessionTransaction step, Call call, Message before, Optional<String> body, Instant now) {
        Optional<String> news = body.filter(text -> !text.equals(before.content()));
        if (news.isEmpty()) {
            return before;
        }
        Message edited = before.edited(news.get(), now);
        step.append(now, new Change.MessageEdited(edited, call.user()));
        return edited;
    }

    /** Nobody owns a ticket; the access table knows who may use it. */
    private static Session fresh(TicketId ticket, String body, Instant now) {
        return Session.fresh(ticket.session(), Optional.empty(), Visibility.SHARED, Optional.empty(), now)
                .withTitle(Titles.of(body));
    }

    private Instant now() {
        return ports.clock().instant();
    }
}
