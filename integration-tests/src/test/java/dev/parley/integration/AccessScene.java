package dev.parley.integration;

import dev.parley.application.Caller;
import dev.parley.application.ChatEngine;
import dev.parley.application.command.Ask;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.command.SettingsPatch;
import dev.parley.application.command.TicketAnswer;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.message.ClientMetadata;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.ClientInfo;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.TicketId;
import dev.parley.domain.session.Visibility;
import dev.parley.integration.AccessTable.Action;
import dev.parley.integration.AccessTable.Place;
import dev.parley.integration.AccessTable.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** A session in which somebody is about to do something: made for that alone, through the engine. */
final class AccessScene implements AutoCloseable {

    /** What the model of these tests never ends to answer. */
    static final String ENDLESS = "endless";

    private static final String COLLEAGUE = "colleague";
    private static final String GUEST = "guest";

    private final ChatEngine engine;
    private final Place place;
    private final SessionId session;
    private final Map<Role, MessageId> own = new EnumMap<>(Role.class);
    private final MessageId colleagues;
    private String file = "";

    /** @param without leave the private session's second seat free */
    private AccessScene(ChatEngine engine, Place place, boolean without, boolean running) {
        this.engine = engine;
        this.place = place;
        String id = UUID.randomUUID().toString();
        if (place == Place.TICKET) {
            TicketId ticket = new TicketId(id);
            session = ticket.session();
            answered(ticket);
            colleagues = say(as(COLLEAGUE, "helpdesk"));
            own.put(Role.MEMBER, say(as(Role.MEMBER)));
            if (running) {
                done(as(COLLEAGUE, "helpdesk"), new Command.AskTicket(ticket, Optional.of(ENDLESS), Ask.PLAINLY, true));
            }
        } else {
            session = new SessionId(id);
            made(without ? List.of() : List.of(new UserId(Role.MEMBER.user())));
            own.put(Role.OWNER, say(as(Role.OWNER)));
            if (!without) {
                own.put(Role.MEMBER, say(as(Role.MEMBER)));
            }
            colleagues = own.get(without ? Role.OWNER : Role.MEMBER);
            if (running) {
                done(as(Role.OWNER), message(ENDLESS, Optional.of(Ask.PLAINLY)));
            }
        }
    }

    static AccessScene set(ChatEngine engine, Place place, Role role, Action action) {
        boolean without = place == Place.PRIVATE && action == Action.INVITE && role != Role.MEMBER;
        AccessScene scene = new AccessScene(engine, place, without, action == Action.STOP);
        if (action == Action.DOWNLOAD) {
            scene.file = scene.upload();
        }
        return scene;
    }

    String session() {
        return session.value();
    }

    /** The ticket's id, in a ticket. */
    String ticket() {
        return session.value().substring(SessionId.TICKET_PREFIX.length());
    }

    Place place() {
        return place;
    }

    String own(Role role) {
        return own.get(role).value();
    }

    /** A message that somebody else than {@code role} wrote. */
    String foreign(Role role) {
        return role == Role.MEMBER && place != Place.TICKET ? own(Role.OWNER) : colleagues.value();
    }

    /** A file that somebody else brought. */
    String file() {
        return file;
    }

    private String upload() {
        Caller colleague = place == Place.TICKET ? as(COLLEAGUE, "helpdesk") : as(Role.OWNER);
        byte[] bytes = "Hello".getBytes(StandardCharsets.UTF_8);
        AttachmentId upload = done(
                colleague,
                new Command.BeginUpload(
                        Optional.empty(), Optional.of(session), "note.txt", "text/plain", bytes.length, false))
                .upload()
                .id();
        done(colleague, new Command.AddChunk(upload, 0, ByteBuffer.wrap(bytes)));
        done(colleague, new Command.FinishUpload(upload, Optional.empty(), Optional.empty()));
        return upload.value();
    }

    /** Somebody who is in and could be sent out by {@code role}. */
    String removable(Role role) {
        return role == Role.MEMBER ? Role.OWNER.user() : Role.MEMBER.user();
    }

    /** Somebody who is not in. */
    String guest() {
        return GUEST;
    }

    /** The session as it is; empty when it is gone for good. */
    Optional<Session> now() {
        return engine.handle(as(Role.ADMIN), new Command.GetSession(session)) instanceof Outcome.Done<Session> done
                ? Optional.of(done.value())
                : Optional.empty();
    }

    boolean isMember(Role role) {
        return now().filter(found -> found.has(new UserId(role.user()))).isPresent();
    }

    @Override
    public void close() {
        engine.handle(as(Role.ADMIN), new Command.PurgeSession(session));
    }

    private void made(List<UserId> members) {
        done(
                as(Role.OWNER),
                new Command.CreateSession(
                        Optional.of(session),
                        Optional.empty(),
                        Visibility.valueOf(place.name()),
                        members,
                        Optional.empty(),
                        SettingsPatch.NONE));
    }

    /** Asks, and waits until that is answered. */
    private void answered(TicketId ticket) {
        Command.AskTicket ask = new Command.AskTicket(ticket, Optional.of("Help"), Ask.PLAINLY, false);
        long end = System.nanoTime() + Frames.PATIENCE.toNanos();
        while (!(done(as(COLLEAGUE, "helpdesk"), ask) instanceof TicketAnswer.Cached)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Expected the ticket to be answered in time");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private MessageId say(Caller caller) {
        return done(caller, message("Hello", Optional.empty())).message().id();
    }

    private Command.SendMessage message(String content, Optional<Ask> ask) {
        return new Command.SendMessage(
                session, content, Optional.empty(), Optional.empty(), ClientMetadata.NONE, ask);
    }

    private <R> R done(Caller caller, Command<R> command) {
        return switch (engine.handle(caller, command)) {
            case Outcome.Done<R> done -> done.value();
            case Outcome.Refused<R> refused -> throw new AssertionError("Expected a scene, found " + refused.refusal());
        };
    }

    private static Caller as(Role role) {
        return as(role.user(), role.roles());
    }

    private static Caller as(String user, String... roles) {
        return new Caller(Principal.trusted(new UserId(user), roles), ClientInfo.UNKNOWN, "java");
    }
}
