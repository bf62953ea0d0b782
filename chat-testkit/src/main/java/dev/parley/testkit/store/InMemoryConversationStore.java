package dev.parley.testkit.store;

import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.topic.TopicLog;

/**
 * Every durable port in memory, plain enough to be read as their meaning: for tests of what lies above the stores.
 *
 * <p>It keeps all promises of the contracts but durability. One lock guards everything; works run on the calling thread.
 */
public final class InMemoryConversationStore implements DurableStores {
    private final SessionStore sessions;
    private final MessageStore messages;
    private final ReplyStore replies;
    private final AttachmentStore attachments;
    private final Revocations revocations = new MemoryRevocations();
    private final AuditTrail audit = new MemoryAuditTrail();
    private final TopicLog topics = new MemoryTopicLog();

    public InMemoryConversationStore() {
        Memory memory = new Memory();
        this.sessions = new MemorySessionStore(memory);
        this.messages = new MemoryMessageStore(memory);
        this.replies = new MemoryReplyStore(memory);
        this.attachments = new MemoryAttachmentStore(memory);
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public MessageStore messages() {
        return messages;
    }

    @Override
    public ReplyStore replies() {
        return replies;
    }

    @Override
    public Revocations revocations() {
        return revocations;
    }

    @Override
    public AuditTrail audit() {
        return audit;
    }

    @Override
    public TopicLog topics() {
        return topics;
    }

    @Override
    public AttachmentStore attachments() {
        return attachments;
    }
}
