package dev.parley.application.guard;

import dev.parley.application.Caller;
import dev.parley.application.Ports;
import dev.parley.application.command.Outcome;
import dev.parley.application.ledger.Ledger;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.Right;
import dev.parley.domain.access.UserId;
import dev.parley.domain.access.Verdict;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.AccessRules;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.topic.TopicId;
import java.time.Instant;
import java.util.Optional;

/**
 * Asks the access table for everything that is done, and does what goes with its answer: joining, and the audit of
 * administrators.
 */
public final class Access {

    private final AccessRules rules;
    private final Ports ports;
    private final Ledger ledger;

    public Access(AccessRules rules, Ports ports, Ledger ledger) {
        this.rules = rules;
        this.ports = ports;
        this.ledger = ledger;
    }

    /** The session, if {@code caller} may read it; somebody new to an open session becomes a member. */
    public Outcome<Session> enter(Caller caller, SessionId id) {
        Optional<Session> found = ports.sessions().find(id);
        return found.isEmpty() ? noSession(id) : enter(caller, found.get());
    }

    /** As {@link #enter(Caller, SessionId)}, of a session that was just read. */
    public Outcome<Session> enter(Caller caller, Session session) {
        Principal who = caller.principal();
        return switch (rules.verdict(who, session, Right.ENTER)) {
            case ALLOWED -> Outcome.done(session);
            case ALLOWED_AND_AUDITED -> {
                audit(who, "enter_session", session.id().value());
                yield Outcome.done(session);
            }
            case ALLOWED_AND_JOINS -> session.closed()
                    ? Outcome.done(session)
                    : join(who, session.id()).then(joined -> Outcome.done(awaiting(joined, who.user())));
            case FORBIDDEN -> forbidden(session.id());
        };
    }

    /** The session, if {@code caller} may do {@code right} in it and it is not closed. */
    public Outcome<Session> open(Caller caller, SessionId id, Right right) {
        Optional<Session> found = ports.sessions().find(id);
        return found.isEmpty() ? noSession(id) : open(caller, found.get(), right);
    }

    /** As {@link #open(Caller, SessionId, Right)}, of a session that was just read; also asked again inside a step that writes. */
    public Outcome<Session> open(Caller caller, Session session, Right right) {
        if (!rules.verdict(caller.principal(), session, right).allowed()) {
            return forbidden(session.id());
        }
        return session.closed() ? gone(session.id()) : Outcome.done(session);
    }

    /** What the table says, and nothing else. */
    public Verdict verdict(Caller caller, Session session, Right right) {
        return rules.verdict(caller.principal(), session, right);
    }

    /** The topic, if {@code caller} may be told what is published to it. */
    public Outcome<TopicId> topic(Caller caller, TopicId topic) {
        Principal who = caller.principal();
        return switch (rules.verdict(who, ports.topics().audience(topic))) {
            case ALLOWED, ALLOWED_AND_JOINS -> Outcome.done(topic);
            case ALLOWED_AND_AUDITED -> {
                audit(who, "watch_topic", topic.value());
                yield Outcome.done(topic);
            }
            case FORBIDDEN -> Outcome.refused(
                    ErrorCode.FORBIDDEN, "Expected somebody in the audience of topic " + topic);
        };
    }

    /** Whether {@code caller} may do to the server what {@code right} says. */
    public Outcome<Principal> server(Caller caller, Right right) {
        return rules.verdict(caller.principal(), right).allowed()
                ? Outcome.done(caller.principal())
                : Outcome.refused(ErrorCode.FORBIDDEN, "Expected a role that may do this");
    }

    /**
     * A message, if {@code caller} may see it; whoever may not is not told that it exists.
     *
     * @param within the session that it must be in, where one was named
     */
    public Outcome<Message> message(Caller caller, Optional<SessionId> within, MessageId id) {
        Optional<Message> found = ports.messages().find(id);
        if (found.isEmpty() || within.isPresent() && !found.get().session().equals(within.get())) {
            return noMessage(id);
        }
        return switch (enter(caller, found.get().session())) {
            case Outcome.Done<Session> in -> Outcome.done(found.get());
            case Outcome.Refused<Session> out -> noMessage(id);
        };
    }

    /**
     * A message, if {@code caller} could see it by coming in; nobody joins by this.
     *
     * @param within the session that it must be in, where one was named
     */
    public Outcome<Message> visible(Caller caller, Optional<SessionId> within, MessageId id) {
        Optional<Message> message = ports.messages()
                .find(id)
                .filter(found -> within.isEmpty() || found.session().equals(within.get()));
        Optional<Session> session = message.flatMap(found -> ports.sessions().find(found.session()));
        if (message.isEmpty() || session.isEmpty()) {
            return noMessage(id);
        }
        return switch (rules.verdict(caller.principal(), session.get(), Right.ENTER)) {
            case ALLOWED, ALLOWED_AND_JOINS -> Outcome.done(message.get());
            case ALLOWED_AND_AUDITED -> {
                audit(caller.principal(), "enter_session", session.get().id().value());
                yield Outcome.done(message.get());
            }
            case FORBIDDEN -> noMessage(id);
        };
    }

    /** Lets what is said from now on wait for {@code user}, who belongs to the session but may not have been there yet. */
    public Session awaiting(Session session, UserId user) {
        if (ports.sessions().reachOf(session.id(), user).isEmpty()) {
            ports.sessions().reach(session.id(), user, session.position());
        }
        return session;
    }

    /** Notes what an administrator did in a session that is somebody else's. */
    public void auditForeign(Principal who, Session session, String action) {
        if (who.admin() && !session.ownedBy(who.user())) {
            audit(who, action, session.id().value());
        }
    }

    public void audit(Principal who, String action, String subject) {
        ports.audit().record(new AuditTrail.Entry(ports.clock().instant(), who.user(), action, subject));
    }

    public static <R> Outcome<R> noSession(SessionId id) {
        return Outcome.refused(ErrorCode.NOT_FOUND, "Expected a session, found none called " + id);
    }

    public static <R> Outcome<R> noMessage(MessageId id) {
        return Outcome.refused(ErrorCode.NOT_FOUND, "Expected a message, found none called " + id);
    }

    public static <R> Outcome<R> forbidden(SessionId id) {
        return Outcome.refused(ErrorCode.FORBIDDEN, "Expected the right to do this in session " + id);
    }

    public static <R> Outcome<R> gone(SessionId id) {
        return Outcome.refused(ErrorCode.GONE, "Expected an open session, found that " + id + " is closed");
    }

    private Outcome<Session> join(Principal who, SessionId id) {
        Instant now = ports.clock().instant();
        return ledger.write(id, transaction -> {
            Optional<Session> session = transaction.session();
            if (session.isEmpty()) {
                return noSession(id);
            }
            return switch (rules.verdict(who, session.get(), Right.ENTER)) {
                case ALLOWED, ALLOWED_AND_AUDITED -> Outcome.done(session.get());
                case FORBIDDEN -> forbidden(id);
                case ALLOWED_AND_JOINS -> {
                    Member member = new Member(who.user(), who.name(), now);
                    transaction.append(
                            now,
                            new Change.MemberJoined(session.get().withMember(member), who.user(), who.name()));
                    yield Outcome.done(transaction.session().orElseThrow());
                }
            };
        });
    }
}
