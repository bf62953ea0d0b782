package dev.parley.application;

import dev.parley.adapter.embedded.memory.LiveMemory;
import dev.parley.domain.access.UserId;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.Leases;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.store.ReplyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Parts for a node that can die: from then on it renews no lease and looks after no records. */
final class Mortal {
    private Mortal() {}

    static Ports node(Ports p, AtomicBoolean dead) {
        return with(p, replies(p.replies(), dead), leases(p.leases(), dead));
    }

    /** Parts for a node that lives and is without its store from time to time. */
    static Ports without(Ports p, AtomicBoolean storeAway) {
        return with(p, replies(p.replies(), storeAway), p.leases());
    }

    /** Parts for a node to whose store every claim takes as long as {@code passing}. */
    static Ports slowToClaim(Ports p, Runnable passing) {
        return with(p, replies(p.replies(), new AtomicBoolean(), passing), p.leases());
    }

    private static Ports with(Ports p, ReplyStore replies, Leases leases) {
        return new Ports(p.sessions(), p.messages(), replies, p.revocations(), p.audit(), p.topics(), p.files(), p.streams(),
                p.bus(), p.presence(), p.limiter(), leases, p.connections(), p.llm(), p.models(), p.projects(),
                p.telemetry(), p.ids(), p.timers(), p.clock());
    }

    static Ports withLive(Ports p, LiveMemory live) {
        return new Ports(p.sessions(), p.messages(), p.replies(), p.revocations(), p.audit(), p.topics(), p.files(),
                live.streams(),
                live.bus(),
                live.presence(), live.limiter(), live.leases(), live.connections(), p.llm(), p.models(), p.projects(),
                p.telemetry(), p.ids(), p.timers(), p.clock());
    }

    private static Leases leases(Leases leases, AtomicBoolean dead) {
        return new Leases() {
            @Override
            public boolean acquire(String name, NodeId owner, Duration ttl) {
                return !dead.get() && leases.acquire(name, owner, ttl);
            }

            @Override
            public void release(String name, NodeId owner) {
                if (!dead.get()) {
                    leases.release(name, owner);
                }
            }

            @Override
            public boolean held(String name) {
                return leases.held(name);
            }
        };
    }

    private static ReplyStore replies(ReplyStore store, AtomicBoolean dead) {
        return replies(store, dead, () -> {});
    }

    private static ReplyStore replies(ReplyStore store, AtomicBoolean dead, Runnable beforeClaims) {
        return new ReplyStore() {
            @Override
            public Optional<Reply> find(MessageId id) {
                return store.find(id);
            }

            @Override
            public List<Reply> unfinished() {
                if (dead.get()) {
                    throw new UnavailableException("Scripted to be away");
                }
                return store.unfinished();
            }

            @Override
            public Optional<Reply> claim(MessageId id, NodeId owner) {
                beforeClaims.run();
                return store.claim(id, owner);
            }

            @Override
            public boolean checkpoint(MessageId id, long fence, long offset, String tail) {
                return dead.get() || store.checkpoint(id, fence, offset, tail);
            }

            @Override
            public boolean requestStop(MessageId id, UserId by) {
                return store.requestStop(id, by);
            }
        };
    }
}
