package dev.parley.application.handle;

import dev.parley.application.Ports;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.guard.Access;
import dev.parley.application.guard.ContentRules;
import dev.parley.application.ledger.Ledger;
import dev.parley.domain.access.Right;
import dev.parley.domain.access.UserId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.session.Visibility;
import dev.parley.domain.store.SessionTransaction;
import java.time.Instant;
import java.util.Optional;

/** What owners do to a session that goes on: its title, settings, visibility and members. */
final class UpdateSessionHandler {

    private final Ports ports;
    private final Access access;
    private final ContentRules content;
    private final Ledger ledger;

    UpdateSessionHandler(Ports ports, Access access, ContentRules content, Ledger ledger) {
        this.ports = ports;
        this.access = access;
        this.content = content;
        this.ledger = ledger;
    }

    Outcome<Session> update(Call call, Command.UpdateSession command) {
        return content.title(call.caller(), command.title())
                .then(title -> step(
                        call, command.session(), Right.MANAGE, (step, session, now) -> {
                            Session changed = session.withTitle(command.title().isPresent() ? title : session.title())
                                    .withVisibility(command.visibility().orElse(session.visibility()))
                                    .withSettings(command.settings().applied(session.settings()));
                            if (changed.visibility() == Visibility.PRIVATE
                                    && changed.members().size() > Session.PRIVATE_SEATS) {
                                return roomFull();
                            }
                            if (!changed.equals(session)) {
                                step.append(now, new Change.SessionChanged(changed, call.user()));
                            }
                            return now(step);
                        }));
    }

    Outcome<Session> add(Call call, Command.AddMember command) {
        return step(call, command.session(), Right.MANAGE, (step, session, now) -> {
            if (session.has(command.user())) {
                return Outcome.done(session);
            }
            if (session.full() || session.members().size() >= Session.MAX_INVITED) {
                return roomFull();
            }
            String name = command.user().value();
            Session joined = session.withMember(new Member(command.user(), name, now));
            step.append(now, new Change.MemberJoined(joined, command.user(), name));
            return now(step);
        }).then(session -> Outcome.done(access.awaiting(session, command.user())));
    }

    Outcome<Session> remove(Call call, Command.RemoveMember command) {
        UserId user = command.user();
        Right right = user.equals(call.user()) ? Right.SEND : Right.MANAGE;
        return step(call, command.session(), right, (step, session, now) -> {
            if (session.ownedBy(user)) {
                return Outcome.refused(ErrorCode.CONFLICT, "Expected a member other than the owner");
            }
            if (!session.has(user)) {
                return Outcome.refused(ErrorCode.NOT_FOUND, "Expected a member of the session");
            }
            step.append(now, new Change.MemberLeft(session.withoutMember(user), user, call.user()));
            return now(step);
        });
    }

    static <R> Outcome<R> roomFull() {
        return Outcome.refused(
                ErrorCode.ROOM_FULL, "Expected at most " + Session.PRIVATE_SEATS + " people in a private session");
    }

    @FunctionalInterface
    private interface Decision {
        Outcome<Session> decide(SessionTransaction step, Session session, Instant now);
    }

    private Outcome<Session> step(Call call, SessionId id, Right right, Decision decision) {
        Instant now = ports.clock().instant();
        Outcome<Session> done = ledger.write(id, step -> {
            Optional<Session> session = step.session();
            if (session.isEmpty()) {
                return Access.noSession(id);
            }
            return access.open(call.caller(), session.get(), right)
                    .then(open -> decision.decide(step, open, now));
        });
        return done.then(changed -> {
            if (right == Right.MANAGE) {
                access.auditForeign(call.principal(), changed, "update_session");
            }
            return Outcome.done(changed);
        });
    }

    private static Outcome<Session> now(SessionTransaction step) {
        return Outcome.done(step.session().orElseThrow());
    }
}
