package dev.parley.bootstrap;

import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.session.Session;
import dev.parley.domain.topic.Audience;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicId;
import dev.parley.domain.topic.TopicLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what is not part of a session from two stores and says where they differ; the other one may hold more beside. */
final class StoreComparison {

    private static final int AT_ONCE = 200;

    private final Replacements.Durable from;
    private final Replacements.Durable to;
    private final Instant now;

    StoreComparison(Replacements.Durable from, Replacements.Durable to, Instant now) {
        this.from = from;
        this.to = to;
        this.now = now;
    }

    /** @throws CorruptDataException when something is not the same in both */
    void compare(List<Session> sessions, List<TopicId> topics) {
        files();
        topics.forEach(this::topic);
        for (Session session : sessions) {
            check(
                    "subscriptions of session " + session.id(),
                    from.topics().subscriptions(session.id(), now),
                    to.topics().subscriptions(session.id(), now));
        }
        revocations();
        List<AuditTrail.Entry> audit = from.audit().newest(Integer.MAX_VALUE);
        check("lines of the audit", List.of(), without(audit, to.audit().newest(Integer.MAX_VALUE)));
    }

    /** What is in {@code all} more often than in {@code some}, in its order. */
    static <T> List<T> without(List<T> all, List<T> some) {
        Map<T, Integer> left = new HashMap<>();
        some.forEach(each -> left.merge(each, 1, Integer::sum));
        List<T> more = new ArrayList<>();
        for (T each : all) {
            if (left.merge(each, -1, Integer::sum) < 0) {
                more.add(each);
            }
        }
        return more;
    }

    private void files() {
        Optional<AttachmentId> after = Optional.empty();
        List<Attachment> part = from.attachments().all(after, AT_ONCE);
        while (!part.isEmpty()) {
            for (Attachment file : part) {
                check("file " + file.id(), Optional.of(file), to.attachments().find(file.id()));
                file.sha256().ifPresent(this::content);
            }
            after = Optional.of(part.getLast().id());
            part = from.attachments().all(after, AT_ONCE);
        }
        for (Upload upload : from.attachments().untouchedSince(Instant.MAX, Integer.MAX_VALUE)) {
            // When it last grew is not told to the minute.
            check(
                    "upload " + upload.id(),
                    Optional.of(upload.touched(now)),
                    to.attachments().upload(upload.id()).map(there -> there.touched(now)));
        }
    }

    private void content(Sha256 hash) {
        Optional<FileContent> content = from.blobs().find(hash);
        if (content.isPresent()) {
            check("content", Optional.of(hash), to.blobs().find(hash).map(StoreComparison::read));
        }
    }

    private static Sha256 read(FileContent content) {
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(content.open(), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
            return Sha256.of(digest);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void topic(TopicId topic) {
        TopicLog mine = from.topics();
        TopicLog theirs = to.topics();
        long newest = mine.newest(topic);
        check("publications of topic " + topic, newest, theirs.newest(topic));
        check("audience of topic " + topic, mine.audience(topic), theirs.audience(topic));
        if (mine.audience(topic) instanceof Audience.Only(var users)) {
            for (UserId user : users) {
                check("audience of topic " + topic, mine.admittedAt(topic, user), theirs.admittedAt(topic, user));
            }
        }
        long at = forgotten(theirs, topic, newest);
        if (at < forgotten(mine, topic, newest)) {
            throw new CorruptDataException("Expected what is forgotten of topic " + topic + " to be forgotten in both stores");
        }
        while (at < newest) {
            List<TopicEntry> part = entries(mine, topic, at);
            check("publications of topic " + topic, part, entries(theirs, topic, at));
            at = part.getLast().position();
        }
    }

    /** The position of the newest entry that is forgotten. */
    private static long forgotten(TopicLog log, TopicId topic, long newest) {
        long low = 0;
        long high = newest;
        while (low < high) {
            long middle = (low + high) / 2;
            if (log.after(topic, middle, 1) instanceof TopicLog.Stretch.Lost) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static List<TopicEntry> entries(TopicLog log, TopicId topic, long after) {
        return switch (log.after(topic, after, AT_ONCE)) {
            case TopicLog.Stretch.Entries(List<TopicEntry> entries) -> entries;
            case TopicLog.Stretch.Lost() -> List.of();
        };
    }

    private void revocations() {
        check("ended tokens", List.of(), without(tokens(from.revocations()), tokens(to.revocations())));
        Map<UserId, Instant> theirs = users(to.revocations());
        users(from.revocations())
                .forEach((user, until) -> check(
                        "end of the tokens of " + user, false, theirs.getOrDefault(user, Instant.MIN).isBefore(until)));
    }

    private static List<String> tokens(Revocations revocations) {
        List<String> all = new ArrayList<>();
        List<Revocations.Token> part = revocations.tokens(Optional.empty(), AT_ONCE);
        while (!part.isEmpty()) {
            part.forEach(token -> all.add(token.id()));
            part = revocations.tokens(Optional.of(part.getLast().id()), AT_ONCE);
        }
        return all;
    }

    private static Map<UserId, Instant> users(Revocations revocations) {
        Map<UserId, Instant> all = new HashMap<>();
        List<Revocations.User> part = revocations.users(Optional.empty(), AT_ONCE);
        while (!part.isEmpty()) {
            part.forEach(user -> all.put(user.user(), user.until()));
            part = revocations.users(Optional.of(part.getLast().user()), AT_ONCE);
        }
        return all;
    }

    private static void check(String what, Object mine, Object theirs) {
        if (!mine.equals(theirs)) {
            throw new CorruptDataException("Expected the same " + what + " in both stores, found that they differ");
        }
    }
}
