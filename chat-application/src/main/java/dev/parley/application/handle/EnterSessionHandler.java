package dev.parley.application.handle;

import dev.parley.application.EngineSettings;
import dev.parley.application.Ports;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.guard.Access;
import dev.parley.application.guard.ContentRules;
import dev.parley.application.ledger.Ledger;
import dev.parley.domain.access.Right;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.session.Member;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.Visibility;
import java.time.Instant;
import java.util.Optional;

/** Whoever names a new id makes the session; whoever names an old one comes in if the access table says so. */
final class EnterSessionHandler {

    private final Ports ports;
    private final EngineSettings settings;
    private final Access access;
    private final ContentRules content;
    private final Ledger ledger;

    EnterSessionHandler(Ports ports, EngineSettings settings, Access access, ContentRules content, Ledger ledger) {
        this.ports = ports;
        this.settings = settings;
        this.access = access;
        this.content = content;
        this.ledger = ledger;
    }

    Outcome<Command.Entered> handle(Call call, Command.EnterSession command) {
        Optional<Session> found = ports.sessions().find(command.session());
        return found.isPresent() ? enter(call, found.get()) : create(call, command);
    }

    private Outcome<Command.Entered> enter(Call call, Session session) {
        if (session.closed() && access.verdict(call.caller(), session, Right.ENTER).allowed()) {
            return Access.gone(session.id());
        }
        return access.enter(call.caller(), session)
                .then(in -> Outcome.done(new Command.Entered(in, false)));
    }

    private Outcome<Command.Entered> create(Call call, Command.EnterSession command) {
        if (command.session().isTicket()) {
            return Outcome.refused(ErrorCode.FORBIDDEN, "Expected an id that is not a ticket's");
        }
        return content.title(call.caller(), command.title()).then(title -> make(call, command, title));
    }

    private Outcome<Command.Entered> make(Call call, Command.EnterSession command, String title) {
        Instant now = ports.clock().instant();
        Session fresh = fresh(call, command, now).withTitle(title);
        Optional<Session> made = ledger.write(command.session(), step -> {
            if (step.session().isPresent()) {
                return Optional.empty();
            }
            step.append(now, new Change.SessionOpened(fresh));
            return step.session();
        });
        return made.isPresent()
                ? Outcome.done(new Command.Entered(made.get(), true))
                : ports.sessions()
                        .find(command.session())
                        .map(other -> enter(call, other))
                        .orElseGet(() -> Access.noSession(command.session()));
    }

    private Session fresh(Call call, Command.EnterSession command, Instant now) {
        Visibility visibility = settings.visibility().orElse(command.visibility());
        Member owner = new Member(call.user(), call.principal().name(), now);
        return Session.fresh(command.session(), Optional.of(owner), visibility, command.project(), now)
                .withClient(call.caller().client());
    }
}
