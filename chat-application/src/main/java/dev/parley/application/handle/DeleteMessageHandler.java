package dev.parley.application.handle;

import dev.parley.application.command.Changed;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.guard.Access;
import dev.parley.domain.access.Right;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.Session;

/** Authors delete their own, owners and administrators everybody's; the place stays. */
final class DeleteMessageHandler {

    private final Access access;
    private final MessageSteps steps;

    DeleteMessageHandler(Access access, MessageSteps steps) {
        this.access = access;
        this.steps = steps;
    }

    Outcome<Changed> handle(Call call, Command.DeleteMessage command) {
        return steps.change(
                call,
                command.session(),
                command.message(),
                Right.CHANGE_OWN,
                (step, session, message, now) -> allowed(call, session, message)
                        .then(fit -> {
                            Message deleted = message.asDeleted(now);
                            return MessageSteps.changed(
                                    deleted,
                                    step.append(now, new Change.MessageDeleted(deleted, call.user())));
                        }))
                .then(changed -> audited(call, changed));
    }

    private Outcome<Changed> audited(Call call, Changed changed) {
        Message message = changed.message();
        if (call.principal().admin() && !message.author().is(call.user())) {
            access.audit(call.principal(), "delete_message", message.id().value());
        }
        return Outcome.done(changed);
    }

    private Outcome<Message> allowed(Call call, Session session, Message message) {
        boolean mine = message.author().is(call.user());
        if (!mine && !access.verdict(call.caller(), session, Right.DELETE_OTHERS).allowed()) {
            return Outcome.refused(ErrorCode.FORBIDDEN, "Expected a message of the caller's own");
        }
        if (message.running()) {
            return Outcome.refused(ErrorCode.CONFLICT, "Expected a reply that has ended; stop it first");
        }
        return Outcome.done(message);
    }
}
