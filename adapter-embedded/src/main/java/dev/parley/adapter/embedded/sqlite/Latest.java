package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.change.Change;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore.Feed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was committed last, so that those who follow a session need not ask the file for what has just been written: sessions as
 * they are, and their last changes.
 *
 * <p>It never knows more or less of a session than one commit left behind: what a step did is gathered here, and told when the
 * step is on the disk and before anybody hears of it. The writer's thread gathers; anybody may look.
 */
final class Latest {

    /** So many changes are remembered of all sessions together, and so many of one. */
    private static final int CHANGES = 2_048;

    private static final int OF_ONE = 16;

    private final Map<SessionId, Snapshot> snapshots = new ConcurrentHashMap<>();

    // used by the writer's thread alone
    private final Map<SessionId, List<Change>> gathered = new HashMap<>();
    private final Set<SessionId> doubtful = new HashSet<>();
    private final ArrayDeque<SessionId> oldest = new ArrayDeque<>();

    /** @param changes the last ones, without a gap up to the session's position */
    private record Snapshot(Session session, List<Change> changes) {}

    Optional<Session> session(SessionId id) {
        return Optional.ofNullable(snapshots.get(id)).map(Snapshot::session);
    }

    /** What followed {@code position}, or empty when that must be read from the file. */
    Optional<Feed> after(SessionId id, long position, int limit) {
        Snapshot latest = snapshots.get(id);
        if (latest == null) {
            return Optional.empty();
        }
        long missing = latest.session().position() - position;
        int known = latest.changes().size();
        if (missing < 0 || missing > known || limit < 0) {
            return Optional.empty();
        }
        int from = known - (int) missing;
        return Optional.of(new Feed.Changes(latest.changes().subList(from, Math.min(known, from + limit))));
    }

    /** Something happened in the step that runs. */
    void happened(Change change) {
        List<Change> changes = gathered.computeIfAbsent(change.session(), id -> new ArrayList<>());
        if (changesWhatWas(change.body())) {
            // Nobody is told any more what a message was before.
            changes.clear();
        }
        changes.add(change);
    }

    /** What steps did with these sessions was undone, perhaps not all of it. */
    void undone(List<SessionId> sessions) {
        doubtful.addAll(sessions);
    }

    /** It is forgotten what is known of a session, so that it takes no room. */
    void forget(SessionId id) {
        snapshots.remove(id);
    }

    /** What was gathered is on the disk. {@code now} the sessions as they are, of those that changed */
    void committed(Map<SessionId, Session> now) {
        now.forEach((id, session) -> {
            List<Change> changes = gathered.remove(id);
            if (!doubtful.contains(id)) {
                Snapshot before = snapshots.get(id);
                snapshots.put(id, new Snapshot(session, newest(joined(before, changes, session.position()), session)));
                remember(id, changes == null ? 0 : changes.size());
            }
        });
        gathered.keySet().forEach(snapshots::remove);
        gathered.clear();
        doubtful.forEach(snapshots::remove);
        doubtful.clear();
    }

    void clear() {
        snapshots.clear();
    }

    private static List<Change> joined(@Nullable Snapshot before, @Nullable List<Change> changes, long position) {
        List<Change> old = before == null ? List.of() : before.changes();
        if (changes == null || changes.isEmpty()) {
            return before != null && before.session().position() == position ? old : List.of();
        }
        long first = changes.getFirst().position();
        boolean whole = changes.getLast().position() == position && position - first + 1 == changes.size();
        if (!whole) {
            return List.of();
        }
        boolean goesOn = before != null
                && before.session().position() == first - 1
                && !changesWhatWas(changes.getFirst().body());
        if (!goesOn) {
            return changes;
        }
        List<Change> joined = new ArrayList<>(old.size() + changes.size());
        joined.addAll(old);
        joined.addAll(changes);
        return joined;
    }

    /** The newest of {@code changes}, with the session in them as it is now. */
    private static List<Change> newest(List<Change> changes, Session now) {
        List<Change> newest = new ArrayList<>(OF_ONE);
        for (Change change : changes.subList(Math.max(0, changes.size() - OF_ONE), changes.size())) {
            newest.add(asOf(now, change));
        }
        return List.copyOf(newest);
    }

    private static Change asOf(Session now, Change change) {
        return switch (change.body()) {
            case Change.SessionOpened b -> with(change, new Change.SessionOpened(now));
            case Change.SessionChanged b -> with(change, new Change.SessionChanged(now, b.by()));
            case Change.SessionClosed b -> with(change, new Change.SessionClosed(now, b.by()));
            case Change.MemberJoined b -> with(change, new Change.MemberJoined(now, b.user(), b.name()));
            case Change.MemberLeft b -> with(change, new Change.MemberLeft(now, b.user(), b.by()));
            case Change.MessageAdded b -> change;
            case Change.MessageEdited b -> change;
            case Change.MessageDeleted b -> change;
            case Change.ReactionChanged b -> change;
            case Change.FeedbackGiven b -> change;
            case Change.ReceiptGiven b -> change;
            case Change.ReplyStarted b -> change;
            case Change.ReplyEnded b -> change;
            case Change.AttachmentAdded b -> change;
            case Change.AttachmentRemoved b -> change;
            case Change.AttachmentsChanged b -> change;
        };
    }

    private static Change with(Change change, Change.Body body) {
        return new Change(change.session(), change.position(), change.at(), body);
    }

    private void remember(SessionId id, int changes) {
        for (int i = 0; i < changes; i++) {
            oldest.add(id);
        }
        while (oldest.size() > CHANGES) {
            snapshots.computeIfPresent(
                    oldest.remove(),
                    (same, snapshot) -> snapshot.changes().isEmpty()
                            ? snapshot
                            : new Snapshot(
                                    snapshot.session(),
                                    List.copyOf(snapshot.changes().subList(1, snapshot.changes().size()))));
        }
    }

    /** Whether the change is another state of messages that earlier changes tell of. */
    private static boolean changesWhatWas(Change.Body body) {
        return switch (body) {
            case Change.MessageEdited b -> true;
            case Change.MessageDeleted b -> true;
            case Change.ReactionChanged b -> true;
            case Change.FeedbackGiven b -> true;
            case Change.ReceiptGiven b -> true;
            case Change.ReplyEnded b -> true;
            case Change.ReplyStarted started -> started.message()
                    .reply()
                    .filter(facts -> !facts.versions().isEmpty())
                    .isPresent();
            case Change.AttachmentRemoved b -> true;
            case Change.AttachmentsChanged b -> true;
            case Change.AttachmentAdded b -> false;
            case Change.MessageAdded b -> false;
            case Change.SessionOpened b -> false;
            case Change.SessionChanged b -> false;
            case Change.SessionClosed b -> false;
            case Change.MemberJoined b -> false;
            case Change.MemberLeft b -> false;
        };
    }
}
