package dev.parley.application.handle;

import dev.parley.application.command.Changed;
import dev.parley.application.command.Command;
import dev.parley.application.command.Outcome;
import dev.parley.application.file.FileRelease;
import dev.parley.application.guard.Access;
import dev.parley.domain.access.Right;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.Session;
import dev.parley.domain.store.SessionTransaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Authors delete their own, owners and administrators everybody's; the place stays. */
final class DeleteMessageHandler {

    private final Access access;
    private final MessageSteps steps;
    private final FileRelease release;

    DeleteMessageHandler(Access access, MessageSteps steps, FileRelease release) {
        this.access = access;
        this.steps = steps;
        this.release = release;
    }

    Outcome<Changed> handle(Call call, Command.DeleteMessage command) {
        AtomicReference<List<AttachmentId>> had = new AtomicReference<>(List.of());
        return steps.change(
                call,
                command.session(),
                command.message(),
                Right.CHANGE_OWN,
                (step, session, message, now) -> allowed(call, session, message)
                        .then(fit -> {
                            Message deleted = message.asDeleted(now);
                            Change change = step.append(now, new Change.MessageDeleted(deleted, call.user()));
                            List<AttachmentId> files = takeable(call, session, message);
                            had.set(files);
                            return MessageSteps.changed(deleted, takeAlong(step, call, files, now).orElse(change));
                        }))
                .then(changed -> {
                    release.release(had.get());
                    return audited(call, changed);
                });
    }

    /** Everybody in a session may name any file of it, but only who may delete a file takes it along. */
    private List<AttachmentId> takeable(Call call, Session session, Message message) {
        boolean all = access.verdict(call.caller(), session, Right.DELETE_OTHERS).allowed();
        return message.attachments()
                .stream()
                .filter(file -> all || file.owner().equals(call.user()))
                .map(Attachment::id)
                .toList();
    }

    /** The files go with the message, unless another one has them. */
    private static Optional<Change> takeAlong(
            SessionTransaction step, Call call, List<AttachmentId> files, Instant now) {
        Optional<Change> last = Optional.empty();
        for (AttachmentId file : files) {
            if (!step.mentioned(file)) {
                last = Optional.of(step.append(now, new Change.AttachmentRemoved(file, call.user())));
            }
        }
        return last;
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
