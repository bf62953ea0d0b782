package dev.parley.application.handle;

import dev.parley.application.Ports;
import dev.parley.application.command.Attach;
import dev.parley.application.command.Outcome;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.ErrorCode;
import dev.parley.domain.message.Message;
import dev.parley.domain.store.SessionTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What all commands share that give files to a message: they are found before the step, and come into the session with it. */
final class Attaching {

    private final Ports ports;

    Attaching(Ports ports) {
        this.ports = ports;
    }

    /** What is known of the files; whose they are is decided inside the step. Links are made here. */
    Outcome<List<Attachment>> found(Call call, List<Attach> wanted) {
        if (wanted.size() > Message.MAX_ATTACHMENTS) {
            return tooMany();
        }
        Map<AttachmentId, Attachment> found = new LinkedHashMap<>();
        for (Attach attach : wanted) {
            switch (attach) {
                case Attach.Existing(AttachmentId id) -> {
                    Optional<Attachment> known = ports.files().facts().find(id);
                    if (known.isEmpty()) {
                        return noFile();
                    }
                    found.put(id, known.get());
                }
                case Attach.Link link -> {
                    if (!Attachment.isUrl(link.url()) || link.size() < 0) {
                        return Outcome.refused(
                                ErrorCode.BAD_REQUEST, "Expected an absolute http or https address and a size from 0");
                    }
                    Attachment made = made(call, link);
                    found.put(made.id(), made);
                }
            }
        }
        return Outcome.done(List.copyOf(found.values()));
    }

    private Attachment made(Call call, Attach.Link link) {
        String name = link.fileName().isBlank() ? link.url().replaceAll("[?#].*", "") : link.fileName();
        return new Attachment(
                new AttachmentId(ports.ids().next()),
                call.user(),
                FileName.of(name),
                MimeType.of(link.mimeType()),
                link.size(),
                ports.clock().instant(),
                new Attachment.Linked(link.url(), link.metadata()));
    }

    /**
     * Brings the files into the step's session where they are not yet; part of a step that writes.
     *
     * @return them as they are known, unless one is neither the session's nor the caller's
     */
    static Outcome<List<Attachment>> bring(
            SessionTransaction step, Call call, List<Attachment> files, Instant now) {
        List<Attachment> brought = new ArrayList<>();
        for (Attachment file : files) {
            Optional<Attachment> here = step.attachment(file.id());
            if (here.isEmpty() && !file.owner().equals(call.user())) {
                return noFile();
            }
            brought.add(here.orElse(file));
        }
        for (Attachment file : brought) {
            if (step.attachment(file.id()).isEmpty()) {
                step.append(now, Change.AttachmentAdded.of(file, call.user()));
            }
        }
        return Outcome.done(brought);
    }

    /**
     * Whether a message may have been sent with the files that are wanted. Files come to messages and leave them later, so that only
     * one which is in the session and not in the message tells that it was not.
     *
     * @param here whether a file is in the message's session
     */
    static boolean couldHaveHad(List<Attachment> has, List<Attach> wanted, Predicate<AttachmentId> here) {
        return wanted.stream().noneMatch(attach -> switch (attach) {
            case Attach.Existing(AttachmentId id) ->
                    has.stream().noneMatch(file -> file.id().equals(id)) && here.test(id);
            case Attach.Link link -> false;
        });
    }

    static <R> Outcome<R> tooMany() {
        return Outcome.refused(
                ErrorCode.BAD_REQUEST, "Expected at most " + Message.MAX_ATTACHMENTS + " attachments");
    }

    static <R> Outcome<R> noFile() {
        return Outcome.refused(ErrorCode.NOT_FOUND, "Expected a file that is complete, found none called so");
    }
}
