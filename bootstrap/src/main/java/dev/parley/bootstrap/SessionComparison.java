package dev.parley.bootstrap;

import dev.parley.domain.PageRequest;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.message.Message;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.store.Slice;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Reads sessions from two stores and says where they differ: what they are, their messages, their changes, their files. */
final class SessionComparison {

    private static final int AT_ONCE = 200;

    private final Replacements.Durable from;
    private final Replacements.Durable to;
    private final MessageDigest digest = sha256();
    private long messages;

    SessionComparison(Replacements.Durable from, Replacements.Durable to) {
        this.from = from;
        this.to = to;
    }

    /** @throws CorruptDataException when what there is of the session is not the same in both */
    void compare(Session session) {
        SessionId id = session.id();
        check(id, "session", List.of(session), to.sessions().find(id).map(List::of).orElse(List.of()));
        messages(id);
        changes(session);
        files(id);
        session.members()
                .forEach(member -> check(
                        id,
                        "way of " + member.user(),
                        List.of(from.sessions().reachOf(id, member.user())),
                        List.of(to.sessions().reachOf(id, member.user()))));
    }

    long messages() {
        return messages;
    }

    String checksum() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void messages(SessionId id) {
        long offset = 0;
        List<Message> mine = page(from, id, offset);
        while (!mine.isEmpty()) {
            check(id, "messages", mine, page(to, id, offset));
            for (Message message : mine) {
                digest.update((message.id() + "\n" + message.content() + "\n").getBytes(StandardCharsets.UTF_8));
                if (message.editedAt().isPresent()) {
                    check(id, "versions", from.messages().versions(message.id()), to.messages().versions(message.id()));
                }
                if (message.running()) {
                    check(
                            id,
                            "running reply",
                            List.of(from.replies().find(message.id())),
                            List.of(to.replies().find(message.id())));
                }
            }
            offset += mine.size();
            mine = page(from, id, offset);
        }
        check(id, "messages", List.of(), page(to, id, offset));
        messages += offset;
    }

    /** There more may be forgotten, never less: whoever reads on from what is forgotten here must not be told half of it there. */
    private void changes(Session session) {
        SessionId id = session.id();
        long forgotten = SessionPast.forgotten(from.sessions(), id, session.position());
        long at = SessionPast.forgotten(to.sessions(), id, session.position());
        if (at < forgotten) {
            throw differ(id, "forgotten changes");
        }
        while (at < session.position()) {
            List<Change> mine = part(from, id, at);
            check(id, "changes", mine, part(to, id, at));
            at = mine.getLast().position();
        }
    }

    private void files(SessionId id) {
        int offset = 0;
        List<Attachment> mine = files(from, id, offset);
        while (!mine.isEmpty()) {
            check(id, "files", mine, files(to, id, offset));
            offset += mine.size();
            mine = files(from, id, offset);
        }
        check(id, "files", List.of(), files(to, id, offset));
    }

    private static List<Message> page(Replacements.Durable stores, SessionId id, long offset) {
        return stores.messages().page(id, new Slice.FromOldest(offset, AT_ONCE)).items();
    }

    private static List<Attachment> files(Replacements.Durable stores, SessionId id, int offset) {
        return stores.attachments().of(id, new PageRequest(offset, AT_ONCE)).items();
    }

    private static List<Change> part(Replacements.Durable stores, SessionId id, long after) {
        return switch (stores.sessions().changesAfter(id, after, AT_ONCE)) {
            case SessionStore.Feed.Changes(List<Change> changes) when !changes.isEmpty() -> changes;
            case SessionStore.Feed.Changes none -> throw differ(id, "changes");
            case SessionStore.Feed.Lost() -> throw differ(id, "changes");
        };
    }

    private static void check(SessionId id, String what, List<?> mine, List<?> theirs) {
        if (!mine.equals(theirs)) {
            throw differ(id, what);
        }
    }

    private static CorruptDataException differ(SessionId id, String what) {
        return new CorruptDataException(
                "Expected the same " + what + " of session " + id + " in both stores, found that they differ");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("Expected SHA-256, which every Java platform has", missing);
        }
    }
}
