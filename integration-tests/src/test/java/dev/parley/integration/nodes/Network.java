package dev.parley.integration.nodes;

import dev.parley.domain.Registration;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Leases;
import dev.parley.domain.live.Presence;
import dev.parley.domain.live.Topic;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.BlobStore;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.topic.TopicLog;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What lies between one node and the parts it shares; while it is cut, that node is dead for the others and does not know it. */
final class Network {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Set<Class<?>> DURABLE = Set.of(
            SessionStore.class,
            MessageStore.class,
            ReplyStore.class,
            Revocations.class,
            AuditTrail.class,
            TopicLog.class,
            AttachmentStore.class,
            BlobStore.class);

    private volatile boolean cut;
    private volatile boolean storeCut;
    private volatile CountDownLatch store = new CountDownLatch(0);

    void cut() {
        cut = true;
    }

    /** From now on what is durable is out of reach, and what is live is not. */
    void cutStore() {
        storeCut = true;
    }

    /** From now on the records of replies do not answer, and nobody is told. */
    void hangStore() {
        store = new CountDownLatch(1);
    }

    void heal() {
        cut = false;
        storeCut = false;
        store.countDown();
    }

    /** The parts through this network. */
    SharedParts.Parts through(SharedParts.Parts parts) {
        return new SharedParts.Parts(
                port(SessionStore.class, parts.sessions()),
                port(MessageStore.class, parts.messages()),
                port(ReplyStore.class, parts.replies()),
                port(Revocations.class, parts.revocations()),
                port(AuditTrail.class, parts.audit()),
                port(TopicLog.class, parts.topics()),
                port(AttachmentStore.class, parts.attachments()),
                port(BlobStore.class, parts.blobs()),
                port(StreamLog.class, parts.streams()),
                bus(parts.bus()),
                port(Presence.class, parts.presence()),
                port(RateLimiter.class, parts.limiter()),
                port(Leases.class, parts.leases()),
                port(ConnectionRegistry.class, parts.connections()));
    }

    private <P> P port(Class<P> type, P port) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (cut || storeCut && DURABLE.contains(type)) {
                throw new UnavailableException("Scripted to be cut off");
            }
            if (type == ReplyStore.class && !store.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new UnavailableException("Scripted to hang");
            }
            try {
                return method.invoke(port, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        }));
    }

    private EventBus bus(EventBus bus) {
        return new EventBus() {
            @Override
            public void publish(Topic topic, Hint hint) {
                if (!cut) {
                    bus.publish(topic, hint);
                }
            }

            @Override
            public Registration subscribe(Topic topic, Consumer<? super Hint> listener) {
                return bus.subscribe(topic, hint -> {
                    if (!cut) {
                        listener.accept(hint);
                    }
                });
            }
        };
    }
}
