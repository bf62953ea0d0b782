package dev.parley.adapter.embedded.memory;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.Registration;
import dev.parley.domain.access.UserId;
import dev.parley.domain.limit.Decision;
import dev.parley.domain.limit.LimitKey;
import dev.parley.domain.limit.Quota;
import dev.parley.domain.limit.RateLimiter;
import dev.parley.domain.limit.Usage;
import dev.parley.domain.live.ConnectionId;
import dev.parley.domain.live.ConnectionInfo;
import dev.parley.domain.live.ConnectionRegistry;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Leases;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.live.Presence;
import dev.parley.domain.live.Topic;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.StreamHead;
import dev.parley.domain.reply.StreamLog;
import dev.parley.domain.session.SessionId;
import dev.parley.testkit.ContractRun;
import dev.parley.testkit.live.ConnectionRegistryContract;
import dev.parley.testkit.live.EventBusContract;
import dev.parley.testkit.live.LeasesContract;
import dev.parley.testkit.live.LiveFixture;
import dev.parley.testkit.live.PresenceContract;
import dev.parley.testkit.live.RateLimiterContract;
import dev.parley.testkit.live.StreamLogContract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each contract of a live port catches an implementation that breaks one of its promises. */
final class BrokenTwinsTest {

    @ParameterizedTest
    @ValueSource(
            classes = {
                UnfencedLog.class,
                ForgetfulLog.class,
                HastyLog.class,
                DuplicatingBus.class,
                DeafToClosingBus.class,
                AlwaysNewPresence.class,
                RepeatingSweepPresence.class,
                ForgetfulSweepPresence.class,
                GenerousLimiter.class,
                HastyLimiter.class,
                ChargingLimiter.class,
                ObligingLeases.class,
                StickyRegistry.class
            })
    void a_broken_twin_fails_its_contract(Class<?> twin) {
        ContractRun.assertCaught(twin);
    }

    abstract static class TwinLog extends StreamLogContract {

        @Override
        protected Duration keptAfterEnd() {
            return LiveMemory.Retention.DEFAULT.ended();
        }

        @Override
        protected Duration keptWhenAbandoned() {
            return LiveMemory.Retention.DEFAULT.abandoned();
        }
    }

    /** Lets every writer write. */
    static final class UnfencedLog extends TwinLog {

        @Override
        protected LiveFixture<StreamLog> fixture() {
            return MemoryFixture.of(memory -> new StreamLog() {
                @Override
                public Writer create(StreamHead head, long fence) {
                    return memory.streams().create(head, 1);
                }

                @Override
                public Cursor open(MessageId reply, long offset) {
                    return memory.streams().open(reply, offset);
                }
            });
        }
    }

    /** Does not know where its readers were. */
    static final class ForgetfulLog extends TwinLog {

        @Override
        protected LiveFixture<StreamLog> fixture() {
            return MemoryFixture.of(memory -> new StreamLog() {
                @Override
                public Writer create(StreamHead head, long fence) {
                    return memory.streams().create(head, fence);
                }

                @Override
                public Cursor open(MessageId reply, long offset) {
                    return memory.streams().open(reply, 0);
                }
            });
        }
    }

    /** Runs a task that is left before whoever leaves it goes on. */
    static final class HastyLog extends TwinLog {

        @Override
        protected LiveFixture<StreamLog> fixture() {
            return MemoryFixture.of(memory -> new StreamLog() {
                @Override
                public Writer create(StreamHead head, long fence) {
                    return memory.streams().create(head, fence);
                }

                @Override
                public Cursor open(MessageId reply, long offset) {
                    return hasty(memory.streams().open(reply, offset));
                }
            });
        }

        private static StreamLog.Cursor hasty(StreamLog.Cursor cursor) {
            return new StreamLog.Cursor() {
                @Override
                public StreamLog.Read next(Duration wait) throws InterruptedException {
                    return cursor.next(wait);
                }

                @Override
                public boolean whenMore(Runnable task) {
                    task.run();
                    return true;
                }

                @Override
                public void close() {
                    cursor.close();
                }
            };
        }
    }

    /** Says everything twice. */
    static final class DuplicatingBus extends EventBusContract {

        @Override
        protected LiveFixture<EventBus> fixture() {
            return MemoryFixture.of(memory -> new EventBus() {
                @Override
                public void publish(Topic topic, Hint hint) {
                    memory.bus().publish(topic, hint);
                    memory.bus().publish(topic, hint);
                }

                @Override
                public Registration subscribe(Topic topic, Consumer<? super Hint> listener) {
                    return memory.bus().subscribe(topic, listener);
                }
            });
        }
    }

    /** Calls listeners that are closed. */
    static final class DeafToClosingBus extends EventBusContract {

        @Override
        protected LiveFixture<EventBus> fixture() {
            return MemoryFixture.of(memory -> new EventBus() {
                @Override
                public void publish(Topic topic, Hint hint) {
                    memory.bus().publish(topic, hint);
                }

                @Override
                public Registration subscribe(Topic topic, Consumer<? super Hint> listener) {
                    memory.bus().subscribe(topic, listener);
                    return () -> {};
                }
            });
        }
    }

    private static class PassingPresence implements Presence {

        private final Presence real;

        PassingPresence(Presence real) {
            this.real = real;
        }

        @Override
        public boolean enter(Present who, ConnectionId connection, Duration ttl) {
            return real.enter(who, connection, ttl);
        }

        @Override
        public boolean leave(Present who, ConnectionId connection) {
            return real.leave(who, connection);
        }

        @Override
        public List<Present> in(SessionId session) {
            return real.in(session);
        }

        @Override
        public void sweep(Consumer<? super Present> told) {
            real.sweep(told);
        }
    }

    /** Takes every connection for an arrival. */
    static final class AlwaysNewPresence extends PresenceContract {

        @Override
        protected LiveFixture<Presence> fixture() {
            return MemoryFixture.of(memory -> new PassingPresence(memory.presence()) {
                @Override
                public boolean enter(Present who, ConnectionId connection, Duration ttl) {
                    super.enter(who, connection, ttl);
                    return true;
                }
            });
        }
    }

    /** Names departures again at the next sweep. */
    static final class RepeatingSweepPresence extends PresenceContract {

        @Override
        protected LiveFixture<Presence> fixture() {
            return MemoryFixture.of(memory -> new PassingPresence(memory.presence()) {
                private List<Present> before = List.of();

                @Override
                public void sweep(Consumer<? super Present> told) {
                    List<Present> swept = new ArrayList<>();
                    super.sweep(swept::add);
                    (swept.isEmpty() ? before : swept).forEach(told);
                    before = swept;
                }
            });
        }
    }

    /** Forgets whom it names before it has named them. */
    static final class ForgetfulSweepPresence extends PresenceContract {

        @Override
        protected LiveFixture<Presence> fixture() {
            return MemoryFixture.of(memory -> new PassingPresence(memory.presence()) {
                @Override
                public void sweep(Consumer<? super Present> told) {
                    List<Present> swept = new ArrayList<>();
                    super.sweep(swept::add);
                    swept.forEach(told);
                }
            });
        }
    }

    /** Gives one permit more than the quota says. */
    static final class GenerousLimiter extends RateLimiterContract {

        @Override
        protected LiveFixture<RateLimiter> fixture() {
            return MemoryFixture.of(memory -> new RateLimiter() {
                @Override
                public Decision tryAcquire(List<Demand> demands) {
                    return memory.limiter().tryAcquire(demands.stream().map(this::generous).toList());
                }

                private Demand generous(Demand demand) {
                    Quota quota = demand.quota();
                    return new Demand(
                            demand.key(), new Quota(quota.permits() + 1, quota.window()), demand.permits());
                }

                @Override
                public Usage usage(LimitKey key, Quota quota) {
                    return memory.limiter().usage(key, quota);
                }
            });
        }
    }

    /** Takes of one quota before it knows that there is enough of the other. */
    static final class HastyLimiter extends RateLimiterContract {

        @Override
        protected LiveFixture<RateLimiter> fixture() {
            return MemoryFixture.of(memory -> new RateLimiter() {
                @Override
                public Decision tryAcquire(List<Demand> demands) {
                    return demands.stream()
                            .map(each -> memory.limiter().tryAcquire(each.key(), each.quota(), each.permits()))
                            .reduce((one, other) -> other instanceof Decision.Denied ? other : one)
                            .orElseThrow();
                }

                @Override
                public Usage usage(LimitKey key, Quota quota) {
                    return memory.limiter().usage(key, quota);
                }
            });
        }
    }

    /** Charges for asking how much is left. */
    static final class ChargingLimiter extends RateLimiterContract {

        @Override
        protected LiveFixture<RateLimiter> fixture() {
            return MemoryFixture.of(memory -> new RateLimiter() {
                @Override
                public Decision tryAcquire(List<Demand> demands) {
                    return memory.limiter().tryAcquire(demands);
                }

                @Override
                public Usage usage(LimitKey key, Quota quota) {
                    Usage usage = memory.limiter().usage(key, quota);
                    memory.limiter().tryAcquire(key, quota, 1);
                    return usage;
                }
            });
        }
    }

    /** Gives a lease to whoever asks. */
    static final class ObligingLeases extends LeasesContract {

        @Override
        protected LiveFixture<Leases> fixture() {
            return MemoryFixture.of(memory -> new Leases() {
                @Override
                public boolean acquire(String name, NodeId owner, Duration ttl) {
                    memory.leases().acquire(name, owner, ttl);
                    return true;
                }

                @Override
                public void release(String name, NodeId owner) {
                    memory.leases().release(name, owner);
                }

                @Override
                public boolean held(String name) {
                    return memory.leases().held(name);
                }
            });
        }
    }

    /** Keeps connections that are gone. */
    static final class StickyRegistry extends ConnectionRegistryContract {

        @Override
        protected LiveFixture<ConnectionRegistry> fixture() {
            return MemoryFixture.of(memory -> new ConnectionRegistry() {
                @Override
                public void put(ConnectionInfo connection) {
                    memory.connections().put(connection);
                }

                @Override
                public void touch(ConnectionId id, Instant lastPing) {
                    memory.connections().touch(id, lastPing);
                }

                @Override
                public void remove(ConnectionId id) {
                    // Kept on purpose.
                }

                @Override
                public int countOf(UserId user) {
                    return memory.connections().countOf(user);
                }

                @Override
                public Page<ConnectionInfo> all(PageRequest request) {
                    return memory.connections().all(request);
                }
            });
        }
    }
}
