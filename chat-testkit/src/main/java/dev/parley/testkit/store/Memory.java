package dev.parley.testkit.store;

import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.attachment.Upload;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** All data behind one lock. Everything but {@link #locked} is to be called inside it. */
final class Memory {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<SessionId, Conversation> conversations = new HashMap<>();
    private final Map<MessageId, SessionId> homes = new HashMap<>();

    private final Map<AttachmentId, Upload> uploads = new TreeMap<>();
    private final Map<AttachmentId, Attachment> attachments = new TreeMap<>();

    <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    Optional<Conversation> conversation(SessionId id) {
        return Optional.ofNullable(conversations.get(id));
    }

    void add(Conversation conversation) {
        conversations.put(conversation.session().id(), conversation);
    }

    Optional<Conversation> remove(SessionId id) {
        Optional<Conversation> removed = Optional.ofNullable(conversations.remove(id));
        removed.ifPresent(gone -> gone.messages().forEach(message -> homes.remove(message.id())));
        return removed;
    }

    boolean taken(MessageId id) {
        return homes.containsKey(id);
    }

    void settle(MessageId id, SessionId session) {
        homes.put(id, session);
    }

    void release(MessageId id) {
        homes.remove(id);
    }

    /** The conversation that holds the message. */
    Optional<Conversation> home(MessageId id) {
        return Optional.ofNullable(homes.get(id)).flatMap(this::conversation);
    }

    Optional<Message> message(MessageId id) {
        return home(id).flatMap(conversation -> conversation.message(id));
    }

    Optional<Reply> reply(MessageId id) {
        return home(id).flatMap(conversation -> conversation.reply(id));
    }

    List<Reply> replies() {
        List<Reply> all = new ArrayList<>();
        conversations.values().forEach(conversation -> all.addAll(conversation.replies()));
        all.sort(Comparator.comparing(Reply::requestedAt));
        return all;
    }

    Map<AttachmentId, Upload> uploads() {
        return uploads;
    }

    Map<AttachmentId, Attachment> attachments() {
        return attachments;
    }

    /** The sessions that the attachment is in. */
    List<SessionId> homes(AttachmentId id) {
        return conversations.values()
                .stream()
                .filter(conversation -> conversation.attachment(id).isPresent())
                .map(conversation -> conversation.session().id())
                .sorted()
                .toList();
    }

    /** Every session, most recently active first. */
    List<Session> sessions() {
        List<Session> all = new ArrayList<>();
        conversations.values().forEach(conversation -> all.add(conversation.session()));
        all.sort(Comparator.comparing(Session::lastActivity).reversed().thenComparing(Session::id));
        return all;
    }
}
