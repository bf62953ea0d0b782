package dev.parley.integration.nodes;

import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Leases;
import dev.parley.domain.live.Presence;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.BlobStore;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.topic.TopicLog;
import dev.parley.testkit.store.DurableStores;
import java.time.InstantSource;

/** What several nodes share; made for one test, used by one thread. */
public interface SharedParts extends AutoCloseable {

    /**
     * The parts as one more node sees them; ended with everything else.
     *
     * @param clock what that node takes for the time, in all that it brings with it
     */
    Parts another(InstantSource clock);

    /** The same, for a node whose clock is right. */
    default Parts another() {
        return another(InstantSource.system());
    }

    @Override
    void close();

    /** Everything that a node shares with others. */
    record Parts(
            SessionStore sessions,
            MessageStore messages,
            ReplyStore replies,
            Revocations revocations,
            AuditTrail audit,
            TopicLog topics,
            AttachmentStore attachments,
            BlobStore blobs,
            StreamLog streams,
            EventBus bus,
            Presence presence,
            RateLimiter limiter,
            Leases leases,
            ConnectionRegistry connections) {

        /** What is kept in stores that tests know, and what is live. */
        static Parts of(
                DurableStores stores,
                BlobStore blobs,
                StreamLog streams,
                EventBus bus,
                Presence presence,
                RateLimiter limiter,
                Leases leases,
                ConnectionRegistry connections) {
            return new Parts(
                    stores.sessions(),
                    stores.messages(),
                    stores.replies(),
                    stores.revocations(),
                    stores.audit(),
                    stores.topics(),
                    stores.attachments(),
                    blobs,
                    streams,
                    bus,
                    presence,
                    limiter,
                    leases,
                    connections);
        }
    }
}
