package dev.parley.application.handle;

import dev.parley.application.Ports;
import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.Repeat;
import dev.parley.application.command.Sent;
import dev.parley.application.guard.Access;
import dev.parley.application.guard.ContentRules;
import dev.parley.application.guard.Limits;
import dev.parley.application.hub.Hub;
import dev.parley.application.ledger.Ledger;
import dev.parley.application.reply.Titles;
import dev.parley.domain.access.Right;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Author;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Role;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionTransaction;
import dev.parley.domain.telemetry.TelemetryEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Whether it was said before is decided before limits, limits before the queue, and all before anything is stored. */
final class SendMessageHandler {

    private final Ports ports;
    private final Access access;
    private final Limits limits;
    private final ContentRules content;
    private final Ledger ledger;
    private final Asking asking;
    private final Attaching attaching;
    private final Hub hub;

    SendMessageHandler(
            Ports ports,
            Access access,
            Limits limits,
            ContentRules content,
            Ledger ledger,
            Asking asking,
            Attaching attaching,
            Hub hub) {
        this.ports = ports;
        this.access = access;
        this.limits = limits;
        this.content = content;
        this.ledger = ledger;
        this.asking = asking;
        this.attaching = attaching;
        this.hub = hub;
    }

    Outcome<Sent> handle(Call call, Command.SendMessage command) {
        Instant arrived = ports.clock().instant();
        if (command.clientId().filter(id -> id.isEmpty() || id.length() > ClientKey.MAX_LENGTH).isPresent()) {
            return Outcome.refused(
                    ErrorCode.BAD_REQUEST, "Expected a client id of 1 to " + ClientKey.MAX_LENGTH + " characters");
        }
        return content.message(call.caller(), command.content(), !command.attachments().isEmpty())
                .then(text -> access.open(call.caller(), command.session(), Right.SEND)
                        .then(session -> said(call, command, text, arrived)
                                .orElseGet(() -> attaching.found(call, command.attachments())
                                        .then(files -> counted(call, command)
                                                .then(counted -> send(call, command, text, files, arrived))))));
    }

    private Outcome<Nothing> counted(Call call, Command.SendMessage command) {
        return command.countedAs()
                .map(event -> limits.event(call.caller(), event))
                .orElseGet(() -> limits.message(call.caller()));
    }

    /** The answer if this was said before. */
    private Optional<Outcome<Sent>> said(Call call, Command.SendMessage command, String text, Instant arrived) {
        Optional<Message> found = key(call, command).flatMap(key -> ports.messages().sentAs(command.session(), key));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Message before = found.get();
        boolean same = says(before, text, command, file -> isIn(command.session(), file)) || againAsItWas(before, text);
        if (!speaksOf(command.repeat(), before, same, arrived)) {
            return Optional.empty();
        }
        return Optional.of(
                same
                        ? ports.sessions()
                                .<Outcome<Sent>>write(
                                        command.session(), transaction -> repeated(transaction, before))
                        : conflict());
    }

    private Outcome<Sent> send(Call call, Command.SendMessage command, String text, List<Attachment> files, Instant arrived) {
        NewMessage fresh = newMessage(files);
        if (command.ask().isEmpty()) {
            return ledger.write(command.session(), step -> store(step, call, command, text, fresh))
                    .then(stored -> Outcome.done(finished(call, stored, arrived)));
        }
        Ask ask = command.ask().get();
        return asking.place(ask)
                .then(place -> asking.store(
                        place,
                        fresh.reply(),
                        ask,
                        () -> ledger.write(command.session(), step -> store(step, call, command, text, fresh)),
                        Stored::begun))
                .then(stored -> Outcome.done(finished(call, stored, arrived)));
    }

    /** The ids are made before the step, since a step may run more than once. */
    private record NewMessage(MessageId message, MessageId reply, Instant at, List<Attachment> files) {}

    private record Stored(Sent sent, Optional<Asking.Begun> begun) {}

    private NewMessage newMessage(List<Attachment> files) {
        return new NewMessage(
                asking.newId(), asking.newId(), ports.clock().instant(), files);
    }

    private Outcome<Stored> store(
            SessionTransaction step, Call call, Command.SendMessage command, String text, NewMessage fresh) {
        Optional<Session> session = step.session();
        if (session.isEmpty()) {
            return Access.noSession(command.session());
        }
        Optional<Message> before = key(call, command)
                .flatMap(step::sentAs)
                .filter(sent -> speaksOf(command.repeat(), sent, again(step, sent, text, command), fresh.at()));
        if (before.isPresent()) {
            Outcome<Sent> answer = again(step, before.get(), text, command) ? repeated(step, before.get()) : conflict();
            return answer.then(sent -> Outcome.done(new Stored(sent, Optional.empty())));
        }
        return access.open(call.caller(), session.get(), Right.SEND).then(open -> {
            if (command.parent().isPresent() && step.message(command.parent().get()).isEmpty()) {
                return Access.noMessage(command.parent().get());
            }
            Outcome<Nothing> fits = command.ask()
                    .map(ask -> asking.fits(step, ask))
                    .orElse(Outcome.done(Nothing.NOTHING));
            return fits.then(fit -> Attaching.bring(step, call, fresh.files(), fresh.at()))
                    .then(files -> Outcome.done(append(step, call, command, text, fresh, open, files)));
        });
    }

    private Stored append(
            SessionTransaction step,
            Call call,
            Command.SendMessage command,
            String text,
            NewMessage fresh,
            Session session,
            List<Attachment> files) {
        Message written = Message.written(
                fresh.message(),
                command.session(),
                command.parent(),
                new Author.Person(call.user(), call.principal().name()),
                Role.USER,
                text,
                fresh.at(),
                command.clientId(),
                command.metadata())
                .withAttachments(files);
        Change added = step.append(fresh.at(), new Change.MessageAdded(written));
        Message message = written.at(added.position());
        long position = name(step, session, message, fresh.at(), call).orElse(added.position());
        if (command.ask().isEmpty()) {
            return new Stored(new Sent(message, Optional.empty(), position, false), Optional.empty());
        }
        Asking.Begun begun =
                asking.begin(step, message, call.user(), command.ask().get(), fresh.reply(), fresh.at());
        return new Stored(
                new Sent(message, Optional.of(fresh.reply()), begun.position(), false), Optional.of(begun));
    }

    /** The first words name the session. */
    private static Optional<Long> name(
            SessionTransaction step, Session session, Message message, Instant now, Call call) {
        if (!session.title().isEmpty()) {
            return Optional.empty();
        }
        String words = message.content().isBlank() && !message.attachments().isEmpty()
                ? message.attachments().getFirst().name().value()
                : message.content();
        Session named = session.withTitle(Titles.of(words));
        return Optional.of(
                step.append(now, new Change.SessionChanged(named, call.user())).position());
    }

    private Sent finished(Call call, Stored stored, Instant arrived) {
        SessionId session = stored.sent().message().session();
        // The others learn it from the message; what is typed next is news again.
        call.connection().ifPresent(connection -> hub.newsOfTyping(connection, session, false));
        ports.telemetry()
                .on(new TelemetryEvent.MessageStored(
                        Duration.between(arrived, ports.clock().instant())));
        return stored.sent();
    }

    private static Optional<ClientKey> key(Call call, Command.SendMessage command) {
        return command.clientId().map(id -> new ClientKey(call.user(), id));
    }

    /** Inside a step what it said before its edits cannot be read; that is done before, so only who is very quick gets here. */
    private static boolean again(SessionTransaction step, Message before, String text, Command.SendMessage command) {
        return before.deleted()
                || before.editedAt().isPresent()
                || says(before, text, command, file -> step.attachment(file).isPresent());
    }

    private static boolean says(
            Message before, String text, Command.SendMessage command, Predicate<AttachmentId> here) {
        return before.content().equals(text) && Attaching.couldHaveHad(before.attachments(), command.attachments(), here);
    }

    private boolean isIn(SessionId session, AttachmentId file) {
        return ports.files().facts().sessionsWith(file).contains(session);
    }

    /** Whether it said so when it was sent; of what is deleted nobody can tell. */
    private boolean againAsItWas(Message before, String text) {
        return before.deleted()
                || ports.messages()
                        .versions(before.id())
                        .stream()
                        .findFirst()
                        .filter(first -> first.content().equals(text))
                        .isPresent();
    }

    /** Whether a client that uses the name of {@code before} again speaks of that message, {@code same} in content or not. */
    private static boolean speaksOf(Repeat repeat, Message before, boolean same, Instant now) {
        return switch (repeat) {
            case Repeat.ForLife forLife -> true;
            case Repeat.Within(Duration window) ->
                    same && now.isBefore(before.createdAt().plus(window));
        };
    }

    private static Outcome<Sent> repeated(SessionTransaction step, Message before) {
        List<Message> answers = step.repliesTo(before.id());
        Optional<MessageId> reply = answers.isEmpty() ? Optional.empty() : Optional.of(answers.getLast().id());
        long position = step.session().map(Session::position).orElse(before.position());
        return Outcome.done(new Sent(before, reply, position, true));
    }

    private static <R> Outcome<R> conflict() {
        return Outcome.refused(
                ErrorCode.CONFLICT, "Expected the same content under the same client id, found another message");
    }
}
