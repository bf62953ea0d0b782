package dev.parley.application.handle;

import dev.parley.application.EngineSettings;
import dev.parley.application.Ports;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.guard.Access;
import dev.parley.application.guard.ContentRules;
import dev.parley.application.guard.Limits;
import dev.parley.application.ledger.Ledger;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.project.ProjectId;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.SessionTransaction;
import dev.parley.domain.store.Slice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sessions that are made on purpose: new ones, and forks of old ones. */
final class CreateSessionHandler {

    private static final int MAX_FORKED = 5000;

    private final Ports ports;
    private final EngineSettings settings;
    private final Access access;
    private final Limits limits;
    private final ContentRules content;
    private final Ledger ledger;

    CreateSessionHandler(
            Ports ports,
            EngineSettings settings,
            Access access,
            Limits limits,
            ContentRules content,
            Ledger ledger) {
        this.ports = ports;
        this.settings = settings;
        this.access = access;
        this.limits = limits;
        this.content = content;
        this.ledger = ledger;
    }

    Outcome<Session> create(Call call, Command.CreateSession command) {
        SessionId id = command.session().orElseGet(this::newId);
        if (id.isTicket()) {
            return Outcome.refused(ErrorCode.FORBIDDEN, "Expected an id that is not a ticket's");
        }
        if (command.members().size() > Session.MAX_INVITED) {
            return Outcome.refused(
                    ErrorCode.BAD_REQUEST, "Expected at most " + Session.MAX_INVITED + " people to invite");
        }
        return content.title(call.caller(), command.title()).then(title -> {
            Instant now = ports.clock().instant();
            Session session = fresh(
                    call, id, settings.visibility().orElse(command.visibility()), command.project(), now)
                    .withTitle(title);
            for (UserId user : command.members()) {
                session = session.withMember(new Member(user, user.value(), now));
            }
            if (session.visibility() == Visibility.PRIVATE && session.members().size() > Session.PRIVATE_SEATS) {
                return UpdateSessionHandler.roomFull();
            }
            Session made = new Session(
                    session.id(),
                    session.project(),
                    session.owner(),
                    session.title(),
                    session.visibility(),
                    session.startedAt(),
                    session.lastActivity(),
                    false,
                    session.client(),
                    command.settings().applied(session.settings()),
                    session.members(),
                    0);
            return open(made, now, List.of()).then(opened -> {
                opened.members().forEach(member -> access.awaiting(opened, member.user()));
                return Outcome.done(opened);
            });
        });
    }

    Outcome<Session> fork(Call call, Command.ForkSession command) {
        SessionId id = command.session().orElseGet(this::newId);
        if (id.isTicket()) {
            return Outcome.refused(ErrorCode.FORBIDDEN, "Expected an id that is not a ticket's");
        }
        return access.enter(call.caller(), command.from())
                .then(from -> limits.message(call.caller())
                        .then(counted -> readable(from, command.until()))
                        .then(messages -> title(call, command, from)
                                .then(title -> {
                                    Instant now = ports.clock().instant();
                                    Visibility visibility = settings.visibility().orElse(Visibility.PRIVATE);
                                    Session made = fresh(call, id, visibility, from.project(), now)
                                            .withTitle(title)
                                            .withSettings(from.settings());
                                    return open(made, now, copies(id, messages));
                                })));
    }

    /** What it is called already is nobody's choice now. */
    private Outcome<String> title(Call call, Command.ForkSession command, Session from) {
        return command.title().isPresent() ? content.title(call.caller(), command.title()) : Outcome.done(from.title());
    }

    private SessionId newId() {
        return new SessionId(ports.ids().next());
    }

    private static Session fresh(
            Call call, SessionId id, Visibility visibility, Optional<ProjectId> project, Instant now) {
        return Session.fresh(
                id,
                Optional.of(new Member(call.user(), call.principal().name(), now)),
                visibility,
                project,
                now)
                .withClient(call.caller().client());
    }

    private Outcome<Session> open(Session fresh, Instant now, List<Message> messages) {
        return ledger.write(fresh.id(), step -> {
            if (step.session().isPresent()) {
                return Outcome.refused(ErrorCode.CONFLICT, "Expected an id that is free, found it taken");
            }
            step.append(now, new Change.SessionOpened(fresh));
            for (Message message : messages) {
                bringFiles(step, message, now);
                step.append(now, new Change.MessageAdded(message));
            }
            return Outcome.done(step.session().orElseThrow());
        });
    }

    /** The same files, under the same ids: they are in both sessions then. */
    private static void bringFiles(SessionTransaction step, Message message, Instant now) {
        for (Attachment file : message.attachments()) {
            if (step.attachment(file.id()).isEmpty()) {
                step.append(now, Change.AttachmentAdded.of(file, file.owner()));
            }
        }
    }

    /** What may be read up to and with a message: not deleted, not superseded, not running. */
    private Outcome<List<Message>> readable(Session from, Optional<MessageId> until) {
        List<Message> readable = new ArrayList<>();
        for (long offset = 0;; offset += PageRequest.MAX_LIMIT) {
            List<Message> page = ports.messages()
                    .page(from.id(), new Slice.FromOldest(offset, PageRequest.MAX_LIMIT))
                    .items();
            for (Message message : page) {
                boolean superseded =
                        message.reply().flatMap(ReplyFacts::supersededBy).isPresent();
                if (!message.deleted() && !message.running() && !superseded) {
                    readable.add(message);
                }
                if (readable.size() > MAX_FORKED || until.isPresent() && message.id().equals(until.get())) {
                    return fitting(readable);
                }
            }
            if (page.size() < PageRequest.MAX_LIMIT) {
                return until.isPresent() ? Access.noMessage(until.get()) : fitting(readable);
            }
        }
    }

    private static Outcome<List<Message>> fitting(List<Message> messages) {
        return messages.size() > MAX_FORKED
                ? Outcome.refused(
                        ErrorCode.BAD_REQUEST, "Expected at most " + MAX_FORKED + " messages to copy")
                : Outcome.done(messages);
    }

    /** The same messages with ids of their own, answering and continuing each other as before. */
    private List<Message> copies(SessionId session, List<Message> messages) {
        Map<MessageId, MessageId> ids = new HashMap<>();
        messages.forEach(message -> ids.put(message.id(), new MessageId(ports.ids().next())));
        return messages.stream().map(message -> copy(session, message, ids)).toList();
    }

    private static Message copy(SessionId session, Message message, Map<MessageId, MessageId> ids) {
        Message copy = Message.written(
                ids.getOrDefault(message.id(), message.id()),
                session,
                message.parent().map(ids::get),
                message.author(),
                message.role(),
                message.content(),
                message.createdAt(),
                Optional.empty(),
                message.metadata())
                .withAttachments(message.attachments());
        return message.reply()
                .map(facts -> copy.replied(
                        message.content(),
                        new ReplyFacts(
                                ids.getOrDefault(facts.question(), facts.question()),
                                facts.status(),
                                facts.error(),
                                facts.model(),
                                facts.fallback(),
                                facts.tokens(),
                                facts.processingTime(),
                                facts.timeToFirstToken(),
                                List.of(),
                                Optional.empty())))
                .orElse(copy);
    }
}
