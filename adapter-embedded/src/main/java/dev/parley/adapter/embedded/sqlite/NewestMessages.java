package dev.parley.adapter.embedded.sqlite;

import dev.parley.domain.change.Change;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.session.SessionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest messages of sessions that were written to lately, as they are now: what a model is to read is mostly among them, and is
 * wanted as soon as a question is stored.
 *
 * <p>Whatever is known of a session is what one commit left behind. The writer's thread gathers what steps do, and tells it once it is
 * on the disk and before anybody hears of it; anybody may look.
 */
final class NewestMessages {
    /** So many are kept of one session, and no more text than so much, in characters. */
    private static final int MESSAGES = 24;

    private static final int TEXT = 64 * 1024;

    /** No more text than this of all sessions together. */
    private static final long ALL_TEXT = 8 * 1024 * 1024;

    /** What a message costs beside its text. */
    private static final int OVERHEAD = 256;

    private final Map<SessionId, Newest> told = new ConcurrentHashMap<>();

    // used by the writer's thread alone
    private final Map<SessionId, Newest> gathered = new HashMap<>();
    private final Set<SessionId> doubtful = new HashSet<>();
    private final LinkedHashMap<SessionId, Newest> oldestFirst = new LinkedHashMap<>(16, 0.75f, true);
    private long text;

    /**
     * @param messages without one left out between them, oldest first
     * @param whole whether there are no others in the session
     */
    private record Newest(List<Message> messages, boolean whole) {
        static final Newest UNKNOWN = new Newest(List.of(), false);

        Newest with(Message added) {
            List<Message> more = new ArrayList<>(messages.size() + 1);
            more.addAll(messages);
            more.add(added);
            int from = Math.max(0, more.size() - MESSAGES);
            long size = sizeOf(more.subList(from, more.size()));
            while (size > TEXT && from < more.size()) {
                size -= sizeOf(more.get(from++));
            }
            return new Newest(List.copyOf(more.subList(from, more.size())), whole && from == 0);
        }

        Newest changed(Message now) {
            return new Newest(
                    messages.stream()
                            .map(message -> message.id().equals(now.id()) ? now : message)
                            .toList(),
                    whole);
        }

        long size() {
            return sizeOf(messages);
        }

        private static long sizeOf(List<Message> some) {
            return some.stream().mapToLong(Newest::sizeOf).sum();
        }

        private static long sizeOf(Message message) {
            return (long) OVERHEAD + message.content().length();
        }
    }

    /** The newest {@code limit} readable ones up to position {@code until}, oldest first; empty when they must be read from the file. */
    Optional<List<Message>> readable(SessionId session, long until, int limit) {
        Newest known = told.get(session);
        if (known == null) {
            return Optional.empty();
        }
        List<Message> newestFirst = new ArrayList<>(limit);
        for (Message message : known.messages().reversed()) {
            if (newestFirst.size() < limit && message.position() <= until && readable(message)) {
                newestFirst.add(message);
            }
        }
        return known.whole() || newestFirst.size() == limit ? Optional.of(newestFirst.reversed()) : Optional.empty();
    }

    /** Whether a model is to read it. */
    static boolean readable(Message message) {
        return !message.deleted()
                && !message.running()
                && message.reply().flatMap(ReplyFacts::supersededBy).isEmpty();
    }

    /** Something happened in the step that runs. */
    void happened(Change change) {
        SessionId session = change.session();
        Newest before = gathered.getOrDefault(session, told.getOrDefault(session, Newest.UNKNOWN));
        gathered.put(session, after(before, change.body()));
    }

    private static Newest after(Newest before, Change.Body body) {
        return switch (body) {
            case Change.SessionOpened b -> new Newest(List.of(), true);
            case Change.SessionChanged b -> before;
            case Change.SessionClosed b -> before;
            case Change.MemberJoined b -> before;
            case Change.MemberLeft b -> before;
            case Change.MessageAdded b -> before.with(b.message());
            case Change.ReplyStarted b -> replaces(b.message())
                    ? Newest.UNKNOWN.with(b.message())
                    : before.with(b.message());
            case Change.ReplyEnded b -> before.changed(b.message());
            case Change.MessageEdited b -> before.changed(b.message());
            case Change.MessageDeleted b -> before.changed(b.message());
            case Change.ReactionChanged b -> before.changed(b.message());
            case Change.FeedbackGiven b -> before.changed(b.message());
            case Change.ReceiptGiven b -> before.changed(b.message());
            case Change.AttachmentsChanged b -> before.changed(b.message());
            case Change.AttachmentAdded b -> before;
            case Change.AttachmentRemoved b -> Newest.UNKNOWN;
        };
    }

    /** Whether others that are there already are no longer read because of it. */
    private static boolean replaces(Message reply) {
        return reply.reply().filter(facts -> !facts.versions().isEmpty()).isPresent();
    }

    /** What steps did with these sessions was undone, perhaps not all of it. */
    void undone(List<SessionId> sessions) {
        doubtful.addAll(sessions);
    }

    void forget(SessionId session) {
        tell(session, null);
    }

    /** What was gathered is on the disk. */
    void committed() {
        gathered.forEach(this::tell);
        gathered.clear();
        doubtful.forEach(this::forget);
        doubtful.clear();
        while (text > ALL_TEXT) {
            forget(oldestFirst.firstEntry().getKey());
        }
    }

    private void tell(SessionId session, @Nullable Newest now) {
        Newest before = now == null ? oldestFirst.remove(session) : oldestFirst.put(session, now);
        text += (now == null ? 0 : now.size()) - (before == null ? 0 : before.size());
        if (now == null) {
            told.remove(session);
        } else {
            told.put(session, now);
        }
    }
}
