package dev.parley.testkit.store;

import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.topic.TopicLog;

/** The durable ports of one opened store; they share their data. */
public interface DurableStores {
    SessionStore sessions();

    MessageStore messages();

    ReplyStore replies();

    Revocations revocations();

    AuditTrail audit();

    TopicLog topics();
    AttachmentStore attachments();
}
