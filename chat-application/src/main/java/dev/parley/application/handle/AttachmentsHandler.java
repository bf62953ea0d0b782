package dev.parley.application.handle;

import dev.parley.application.FilePorts;
import dev.parley.application.Ports;
import dev.parley.application.command.Changed;
import dev.parley.application.command.Command;
import dev.parley.application.command.Nothing;
import dev.parley.application.command.Outcome;
import dev.parley.application.file.FileRelease;
import dev.parley.application.guard.Access;
import dev.parley.application.ledger.Ledger;
import dev.parley.domain.Page;
import dev.parley.domain.access.Right;
import dev.parley.domain.access.Verdict;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Files that are complete: whoever may enter a session may read what is in it, and their owners always may. */
final class AttachmentsHandler {

    private final Ports ports;
    private final FilePorts files;
    private final Access access;
    private final Ledger ledger;
    private final MessageSteps steps;
    private final Attaching attaching;
    private final FileRelease release;

    AttachmentsHandler(
            Ports ports, Access access, Ledger ledger, MessageSteps steps, Attaching attaching, FileRelease release) {
        this.ports = ports;
        this.files = ports.files();
        this.access = access;
        this.ledger = ledger;
        this.steps = steps;
        this.attaching = attaching;
        this.release = release;
    }

    Outcome<Attachment> get(Call call, Command.GetAttachment command) {
        return readable(call, command.attachment());
    }

    Outcome<Command.OpenedFile> open(Call call, Command.OpenAttachment command) {
        return readable(call, command.attachment()).then(attachment -> {
            Optional<FileContent> content = attachment.sha256().flatMap(files.bytes()::find);
            return content.isPresent()
                    ? Outcome.done(new Command.OpenedFile(attachment, content.get()))
                    : Attaching.noFile();
        });
    }

    Outcome<Page<Attachment>> list(Call call, Command.ListAttachments command) {
        return access.enter(call.caller(), command.session())
                .then(session -> Outcome.done(files.facts().of(command.session(), command.page())));
    }

    /** The file, if the caller may have it; whoever may not is not told that it exists. */
    private Outcome<Attachment> readable(Call call, AttachmentId id) {
        Optional<Attachment> known = files.facts().find(id);
        if (known.isEmpty()) {
            return Attaching.noFile();
        }
        if (known.get().owner().equals(call.user())) {
            return Outcome.done(known.get());
        }
        Optional<Session> audited = Optional.empty();
        for (Session session : homes(id)) {
            Verdict verdict = access.verdict(call.caller(), session, Right.ENTER);
            if (verdict == Verdict.ALLOWED || verdict == Verdict.ALLOWED_AND_JOINS) {
                return Outcome.done(known.get());
            }
            if (verdict.allowed()) {
                audited = Optional.of(session);
            }
        }
        if (audited.isEmpty()) {
            return Attaching.noFile();
        }
        access.audit(call.principal(), "enter_session", audited.get().id().value());
        return Outcome.done(known.get());
    }

    private List<Session> homes(AttachmentId id) {
        return files.facts()
                .sessionsWith(id)
                .stream()
                .flatMap(session -> ports.sessions().find(session).stream())
                .toList();
    }

    Outcome<Changed> attach(Call call, Command.AttachToMessage command) {
        if (command.attachments().isEmpty()) {
            return Outcome.refused(ErrorCode.BAD_REQUEST, "Expected attachments");
        }
        return attaching.found(call, command.attachments())
                .then(found -> steps.change(
                        call,
                        command.session(),
                        command.message(),
                        Right.CHANGE_OWN,
                        (step, session, message, now) -> {
                            if (!message.author().is(call.user())) {
                                return Outcome.refused(
                                        ErrorCode.FORBIDDEN, "Expected a message of the caller's own");
                            }
                            return Attaching.bring(step, call, found, now).then(brought -> {
                                Message with = message.withAttachments(joined(message.attachments(), brought));
                                if (with.attachments().size() > Message.MAX_ATTACHMENTS) {
                                    return Attaching.tooMany();
                                }
                                return MessageSteps.changed(
                                        with, step.append(now, new Change.AttachmentsChanged(with, call.user())));
                            });
                        }));
    }

    private static List<Attachment> joined(List<Attachment> before, List<Attachment> more) {
        List<Attachment> all = new ArrayList<>(before);
        for (Attachment file : more) {
            if (all.stream().noneMatch(has -> has.id().equals(file.id()))) {
                all.add(file);
            }
        }
        return all;
    }

    Outcome<Nothing> delete(Call call, Command.DeleteAttachment command) {
        return readable(call, command.attachment()).then(file -> {
            List<Session> homes = homes(file.id());
            List<Session> allowed =
                    homes.stream().filter(session -> mayDelete(call, session, file)).toList();
            if (allowed.isEmpty() && !homes.isEmpty()) {
                return Outcome.refused(ErrorCode.FORBIDDEN, "Expected a file of the caller's own");
            }
            allowed.forEach(session -> take(call, session, file));
            release.release(List.of(file.id()));
            return Outcome.done(Nothing.NOTHING);
        });
    }

    private boolean mayDelete(Call call, Session session, Attachment file) {
        Right right = file.owner().equals(call.user()) ? Right.CHANGE_OWN : Right.DELETE_OTHERS;
        return access.verdict(call.caller(), session, right).allowed();
    }

    private void take(Call call, Session home, Attachment file) {
        SessionId id = home.id();
        Instant now = ports.clock().instant();
        ledger.write(id, step -> {
            boolean there = step.attachment(file.id()).isPresent()
                    && step.session().filter(session -> mayDelete(call, session, file)).isPresent();
            if (there) {
                step.append(now, new Change.AttachmentRemoved(file.id(), call.user()));
            }
            return there;
        });
        if (!file.owner().equals(call.user())) {
            access.auditForeign(call.principal(), home, "delete_attachment");
        }
    }
}
