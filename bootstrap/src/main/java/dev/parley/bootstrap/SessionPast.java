package dev.parley.bootstrap;

import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.Version;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.store.Slice;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A session's changes from the first on. In the place of those that are forgotten stands what they left: the session as it is, its
 * files, its messages at their positions, their versions; and where they left nothing, that something changed.
 */
final class SessionPast {

    private final Replacements.Durable from;
    private final Session session;
    private final long forgotten;
    private final Map<Long, Message> placed = new HashMap<>();
    /** How many of a message's edits are not forgotten. */
    private final Map<MessageId, Integer> keptEdits = new HashMap<>();
    /** Files whose coming is forgotten, in the order they came. */
    private final Deque<Attachment> files = new ArrayDeque<>();
    /** Edits whose changes are forgotten and whose messages were told. */
    private final Deque<Edit> edits = new ArrayDeque<>();
    private Instant last;
    private long position;

    /** An edit whose change is forgotten. {@code replaced} what the message said before it */
    private record Edit(Message message, Version replaced) {}

    SessionPast(Replacements.Durable from, Session session) {
        this.from = from;
        this.session = session;
        this.forgotten = forgotten(from.sessions(), session.id(), session.position());
        this.last = session.startedAt();
        if (forgotten > 0) {
            readMessages();
            readKept();
        }
    }

    /** The position of the newest change that is forgotten: what comes after it is all there. */
    static long forgotten(SessionStore sessions, SessionId session, long newest) {
        long low = 0;
        long high = newest;
        while (low < high) {
            long middle = (low + high) / 2;
            if (sessions.changesAfter(session, middle, 1) instanceof SessionStore.Feed.Lost) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The position of the newest change that is forgotten. */
    long forgotten() {
        return forgotten;
    }

    List<Change> next(int limit) {
        List<Change> part = new ArrayList<>();
        while (part.size() < limit && position < Math.min(forgotten, session.position())) {
            Change left = left(++position);
            last = left.at();
            part.add(left);
        }
        if (part.size() < limit && position < session.position()) {
            part.addAll(changes(position, limit - part.size()));
            position = part.getLast().position();
        }
        return part;
    }

    private Change left(long at) {
        if (at == 1) {
            return change(at, session.startedAt(), new Change.SessionOpened(session));
        }
        Message message = placed.get(at);
        if (message != null) {
            List<Version> all = from.messages().versions(message.id());
            // A deletion drops the versions, and none of the edits that are kept.
            int mine = Math.max(0, all.size() - keptEdits.getOrDefault(message.id(), 0));
            all.subList(0, mine).forEach(version -> edits.add(new Edit(message, version)));
            return change(at, message.createdAt(), message.reply().isPresent()
                    ? new Change.ReplyStarted(message)
                    : new Change.MessageAdded(message));
        }
        Attachment file = files.poll();
        if (file != null) {
            return change(at, last, Change.AttachmentAdded.of(file, file.owner()));
        }
        Edit edit = edits.poll();
        if (edit != null) {
            return change(
                    at, edit.replaced().replacedAt(), new Change.MessageEdited(edit.message(), edit.replaced().replacedBy()));
        }
        UserId somebody = session.owner().orElseGet(StoreCopy::nobody);
        return change(at, last, new Change.SessionChanged(session, somebody));
    }

    private Change change(long at, Instant when, Change.Body body) {
        return new Change(session.id(), at, when, body);
    }

    private List<Change> changes(long after, int limit) {
        return switch (from.sessions().changesAfter(session.id(), after, limit)) {
            case SessionStore.Feed.Changes(List<Change> changes) -> changes;
            case SessionStore.Feed.Lost() -> throw new CorruptDataException(
                    "Expected the changes of session " + session.id() + " after " + after + ", found none");
        };
    }

    private void readMessages() {
        long offset = 0;
        List<Message> part = from.messages().page(session.id(), new Slice.FromOldest(offset, 200)).items();
        while (!part.isEmpty()) {
            part.stream()
                    .filter(message -> message.position() <= forgotten)
                    .forEach(message -> placed.put(message.position(), message));
            offset += part.size();
            part = from.messages().page(session.id(), new Slice.FromOldest(offset, 200)).items();
        }
    }

    private void readKept() {
        Set<AttachmentId> cameLater = new HashSet<>();
        Set<MessageId> filledLater = new HashSet<>();
        long at = forgotten;
        while (at < session.position()) {
            List<Change> part = changes(at, 200);
            for (Change change : part) {
                if (change.body() instanceof Change.MessageEdited(Message message, UserId by)) {
                    keptEdits.merge(message.id(), 1, Integer::sum);
                } else if (change
                        .body() instanceof Change.AttachmentAdded(AttachmentId file, Optional<Attachment> facts, UserId by)) {
                    cameLater.add(file);
                } else if (change.body() instanceof Change.AttachmentsChanged(Message message, UserId by)) {
                    filledLater.add(message.id());
                }
            }
            at = part.getLast().position();
        }
        // One that came again was there before if a message had it by then.
        placed.values()
                .stream()
                .filter(message -> !filledLater.contains(message.id()))
                .flatMap(message -> message.attachments().stream())
                .forEach(file -> cameLater.remove(file.id()));
        readFiles(cameLater);
    }

    private void readFiles(Set<AttachmentId> cameLater) {
        int offset = 0;
        List<Attachment> part = from.attachments().of(session.id(), new PageRequest(0, PageRequest.MAX_LIMIT)).items();
        while (!part.isEmpty()) {
            part.stream().filter(file -> !cameLater.contains(file.id())).forEach(files::add);
            offset += part.size();
            part = from.attachments().of(session.id(), new PageRequest(offset, PageRequest.MAX_LIMIT)).items();
        }
    }
}
