package dev.parley.application.handle;

import dev.parley.application.Ports;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.file.FileRelease;
import dev.parley.application.guard.Access;
import dev.parley.application.hub.Hub;
import dev.parley.application.ledger.Ledger;
import dev.parley.application.reply.Replies;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.Right;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionTransaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Ends sessions: what runs in them is stopped first. */
final class CloseSessionHandler {

    private final Ports ports;
    private final Access access;
    private final Ledger ledger;
    private final Replies replies;
    private final Hub hub;
    private final FileRelease release;

    CloseSessionHandler(
            Ports ports, Access access, Ledger ledger, Replies replies, Hub hub, FileRelease release) {
        this.ports = ports;
        this.access = access;
        this.ledger = ledger;
        this.replies = replies;
        this.hub = hub;
        this.release = release;
    }

    Outcome<Session> close(Call call, Command.CloseSession command) {
        SessionId id = command.session();
        return access.open(call.caller(), id, Right.MANAGE).then(open -> {
            access.auditForeign(call.principal(), open, "close_session");
            stopAll(call, id);
            Instant now = ports.clock().instant();
            Outcome<Session> closed = ledger.write(id, step -> {
                Optional<Session> session = step.session();
                if (session.isEmpty()) {
                    return Access.noSession(id);
                }
                if (!session.get().closed()) {
                    step.append(now, new Change.SessionClosed(session.get().asClosed(), call.user()));
                }
                return Outcome.done(step.session().orElseThrow());
            });
            // Whatever began while the others were being stopped.
            stopAll(call, id);
            return closed;
        });
    }

    Outcome<Nothing> purge(Call call, Command.PurgeSession command) {
        SessionId id = command.session();
        Optional<Session> found = ports.sessions().find(id);
        if (found.isEmpty()) {
            return Access.noSession(id);
        }
        if (!access.verdict(call.caller(), found.get(), Right.MANAGE).allowed()) {
            return Access.forbidden(id);
        }
        access.auditForeign(call.principal(), found.get(), "purge_session");
        stopAll(call, id);
        List<AttachmentId> files = files(id);
        ports.topics().forget(id);
        ports.sessions().purge(id);
        // Whatever began while the others were being stopped.
        replies.abandon(id);
        release.release(files);
        hub.purged(id, found.get().position());
        return Outcome.done(Nothing.NOTHING);
    }

    /** Those that the sweep need not find later. */
    private List<AttachmentId> files(SessionId id) {
        return ports.files()
                .facts()
                .of(id, new PageRequest(0, PageRequest.MAX_LIMIT))
                .items()
                .stream()
                .map(Attachment::id)
                .toList();
    }

    private void stopAll(Call call, SessionId id) {
        replies.stop(ports.sessions().write(id, SessionTransaction::unfinished), call.user());
    }
}
