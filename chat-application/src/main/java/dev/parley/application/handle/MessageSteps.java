package dev.parley.application.handle;

import dev.parley.application.Ports;
import dev.parley.application.command.Changed;
import dev.parley.application.command.Outcome;
import dev.parley.application.guard.Access;
import dev.parley.application.ledger.Ledger;
import dev.parley.domain.access.Right;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionTransaction;
import java.time.Instant;
import java.util.Optional;

/** What all commands share that change one message: who may, whether it is still there, one step, one answer. */
final class MessageSteps {

    private final Ports ports;
    private final Access access;
    private final Ledger ledger;

    MessageSteps(Ports ports, Access access, Ledger ledger) {
        this.ports = ports;
        this.access = access;
        this.ledger = ledger;
    }

    /** What a command does to the message inside its step. */
    @FunctionalInterface
    interface Decision {
        Outcome<Changed> decide(SessionTransaction step, Session session, Message message, Instant now);
    }

    /**
     * Runs {@code decision} on the message as it is, if the caller may see it and has {@code right} in its session.
     *
     * @param within the session that the message must be in, where one was named
     */
    Outcome<Changed> change(
            Call call, Optional<SessionId> within, MessageId id, Right right, Decision decision) {
        Instant now = ports.clock().instant();
        return permitted(call, within, id, right)
                .then(seen -> ledger.write(
                        seen.session(), step -> decide(call, step, id, right, decision, now)));
    }

    /** The message, if the caller may see it and has {@code right} in its session. */
    Outcome<Message> permitted(Call call, Optional<SessionId> within, MessageId id, Right right) {
        return access.visible(call.caller(), within, id)
                .then(seen -> access.open(call.caller(), seen.session(), right).then(open -> Outcome.done(seen)));
    }

    /** The answer when a change of {@code message} was stored as {@code change}. */
    static Outcome<Changed> changed(Message message, Change change) {
        return Outcome.done(new Changed(message, Optional.empty(), change.position()));
    }

    /** The answer when nothing was left to change. */
    static Outcome<Changed> unchanged(Session session, Message message) {
        return Outcome.done(new Changed(message, Optional.empty(), session.position()));
    }

    private Outcome<Changed> decide(
            Call call, SessionTransaction step, MessageId id, Right right, Decision decision, Instant now) {
        Optional<Message> message = step.message(id);
        Optional<Session> session = step.session();
        if (message.isEmpty() || session.isEmpty()) {
            return Access.noMessage(id);
        }
        if (message.get().deleted()) {
            return Outcome.refused(ErrorCode.GONE, "Expected a message that is not deleted");
        }
        return access.open(call.caller(), session.get(), right)
                .then(open -> decision.decide(step, open, message.get(), now));
    }
}
