package dev.parley.testkit.store;

import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.change.Change;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.store.SessionStore.Feed;
import dev.parley.domain.store.SessionStore.Work;
import dev.parley.domain.store.SessionTransaction;
import dev.parley.domain.store.Slice;
import dev.parley.domain.topic.TopicEntry;
import dev.parley.domain.topic.TopicLog;
import dev.parley.testkit.ContractRun;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that is broken in one way is caught by its contract. */
class BrokenStoreTwinsTest {
    @ParameterizedTest
    @ValueSource(classes = {
        LossyWrites.class, HalfSteps.class, GappyFeed.class, BackwardReach.class, LateReads.class, HoardingPurge.class,
        LongMemory.class, Amnesia.class, Forgetful.class,
        LiteralSearch.class, BackwardPages.class, SharedKeys.class, RememberedVersions.class, FlatThreads.class,
        Unfenced.class, Impatient.class, Talkative.class, DeafRevocations.class, OldestAudit.class, PatientSubscriptions.class,
        GappyTopics.class,
        OpenPast.class,
        GenerousQuota.class, DoubleFinish.class, RecklessRemoval.class, StandingUploads.class
    })
    void it_is_caught(Class<?> twin) {
        ContractRun.assertCaught(twin);
    }

    /** What a twin does instead; {@code good} is the same call on the store that works. */
    private interface Fault {
        Object answer(String method, Object[] arguments, Call good) throws Throwable;
    }

    private interface Call {
        Object with(Object... arguments) throws Throwable;
    }

    private static <T> T broken(Class<T> port, T store, Fault fault) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> fault
                .answer(method.getName(), arguments, changed -> {
                    try {
                        return method.invoke(store, changed);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                })));
    }

    /** Everything from a store in memory but what a twin puts in place of it. */
    private record Stores(
            SessionStore sessions,
            MessageStore messages,
            ReplyStore replies,
            Revocations revocations,
            AuditTrail audit,
            TopicLog topics,
            AttachmentStore attachments)
            implements DurableStores {
        Stores(InMemoryConversationStore good) {
            this(
                    good.sessions(),
                    good.messages(),
                    good.replies(),
                    good.revocations(),
                    good.audit(),
                    good.topics(),
                    good.attachments());
        }

        Stores with(SessionStore broken) {
            return new Stores(broken, messages, replies, revocations, audit, topics, attachments);
        }

        Stores with(MessageStore broken) {
            return new Stores(sessions, broken, replies, revocations, audit, topics, attachments);
        }

        Stores with(ReplyStore broken) {
            return new Stores(sessions, messages, broken, revocations, audit, topics, attachments);
        }

        Stores with(Revocations broken) {
            return new Stores(sessions, messages, replies, broken, audit, topics, attachments);
        }

        Stores with(AuditTrail broken) {
            return new Stores(sessions, messages, replies, revocations, broken, topics, attachments);
        }

        Stores with(TopicLog broken) {
            return new Stores(sessions, messages, replies, revocations, audit, broken, attachments);
        }

        Stores with(AttachmentStore broken) {
            return new Stores(sessions, messages, replies, revocations, audit, topics, broken);
        }
    }

    private record Fixture(DurableStores open) implements DurableFixture {
        @Override
        public DurableStores reopen() {
            return open;
        }

        @Override
        public void close() {}
    }

    private static DurableFixture sessions(Fault fault) {
        Stores good = new Stores(new InMemoryConversationStore());
        return new Fixture(good.with(broken(SessionStore.class, good.sessions(), fault)));
    }

    private static DurableFixture messages(Fault fault) {
        Stores good = new Stores(new InMemoryConversationStore());
        return new Fixture(good.with(broken(MessageStore.class, good.messages(), fault)));
    }

    /** The latest counts, not the furthest. */
    static class BackwardReach extends SessionStoreContract {
        @Override
        protected DurableFixture fixture() {
            Map<Object, Long> latest = new HashMap<>();
            return sessions((method, arguments, good) -> switch (method) {
                case "reach" -> {
                    latest.put(List.of(arguments[0], arguments[1]), (Long) arguments[2]);
                    yield good.with(arguments);
                }
                case "reachOf" -> {
                    Long reach = latest.get(List.of(arguments[0], arguments[1]));
                    yield reach == null ? OptionalLong.empty() : OptionalLong.of(reach);
                }
                default -> good.with(arguments);
            });
        }
    }

    private static DurableFixture attachments(Fault fault) {
        Stores good = new Stores(new InMemoryConversationStore());
        return new Fixture(good.with(broken(AttachmentStore.class, good.attachments(), fault)));
    }

    static class GenerousQuota extends AttachmentStoreContract {
        @Override
        protected DurableFixture fixture() {
            return attachments((method, arguments, good) -> method.equals("begin")
                    ? good.with(arguments[0], Long.MAX_VALUE / 2)
                    : good.with(arguments));
        }
    }

    static class DoubleFinish extends AttachmentStoreContract {
        @Override
        protected DurableFixture fixture() {
            return attachments((method, arguments, good) -> {
                Object answer = good.with(arguments);
                return method.equals("finish") ? true : answer;
            });
        }
    }

    static class RecklessRemoval extends AttachmentStoreContract {
        @Override
        protected DurableFixture fixture() {
            return attachments((method, arguments, good) -> {
                Object answer = good.with(arguments);
                return method.equals("remove") ? true : answer;
            });
        }
    }

    static class StandingUploads extends AttachmentStoreContract {
        @Override
        protected DurableFixture fixture() {
            AtomicReference<Object> nothing = new AtomicReference<>();
            return attachments((method, arguments, good) -> method.equals("touch") ? nothing.get() : good.with(arguments));
        }
    }

    static class LossyWrites extends SessionStoreContract {
        private static final class Lost extends RuntimeException {
            private static final long serialVersionUID = 1L;
        }

        @Override
        protected DurableFixture fixture() {
            AtomicInteger writes = new AtomicInteger();
            return sessions((method, arguments, good) -> {
                if (!method.equals("write") || writes.incrementAndGet() % 7 != 0) {
                    return good.with(arguments);
                }
                AtomicReference<Object> result = new AtomicReference<>();
                try {
                    return good.with(arguments[0], (Work<?>) step -> {
                        result.set(((Work<?>) arguments[1]).run(step));
                        throw new Lost();
                    });
                } catch (Lost lost) {
                    return result.get();
                }
            });
        }
    }

    static class HalfSteps extends SessionStoreContract {
        @Override
        protected DurableFixture fixture() {
            return sessions((method, arguments, good) -> {
                if (!method.equals("write")) {
                    return good.with(arguments);
                }
                AtomicReference<RuntimeException> thrown = new AtomicReference<>();
                Object result = good.with(arguments[0], (Work<?>) step -> {
                    try {
                        return ((Work<?>) arguments[1]).run(step);
                    } catch (RuntimeException failed) {
                        thrown.set(failed);
                        return "";
                    }
                });
                if (thrown.get() != null) {
                    throw thrown.get();
                }
                return result;
            });
        }
    }

    static class GappyFeed extends SessionStoreContract {
        @Override
        protected DurableFixture fixture() {
            return sessions((method, arguments, good) -> {
                Object answer = good.with(arguments);
                // Whoever reads several at once misses one, however quick the writers beside are.
                return answer instanceof Feed.Changes(List<Change> changes) && changes.size() > 3
                        ? new Feed.Changes(changes.subList(1, changes.size()))
                        : answer;
            });
        }
    }

    static class LateReads extends SessionStoreContract {
        @Override
        protected DurableFixture fixture() {
            AtomicReference<Object> before = new AtomicReference<>();
            return sessions((method, arguments, good) -> {
                Object now = good.with(arguments);
                Object late = method.equals("find") ? before.getAndSet(now) : null;
                return late == null ? now : late;
            });
        }
    }

    static class HoardingPurge extends SessionStoreContract {
        @Override
        protected DurableFixture fixture() {
            return sessions((method, arguments, good) -> method.equals("purge") ? true : good.with(arguments));
        }
    }

    static class LongMemory extends SessionStoreContract {
        @Override
        protected DurableFixture fixture() {
            return sessions((method, arguments, good) -> method.equals("forgetChanges") ? 0L : good.with(arguments));
        }
    }

    static class Amnesia extends SessionStoreContract {
        @Override
        protected DurableFixture fixture() {
            return sessions((method, arguments, good) -> method.equals("forgetChanges")
                    ? good.with(((Instant) arguments[0]).plusSeconds(3600))
                    : good.with(arguments));
        }
    }

    static class Forgetful extends SessionStoreContract {
        @Override
        protected DurableFixture fixture() {
            return new DurableFixture() {
                @Override
                public DurableStores open() {
                    return new InMemoryConversationStore();
                }

                @Override
                public DurableStores reopen() {
                    return new InMemoryConversationStore();
                }

                @Override
                public void close() {}
            };
        }
    }

    static class LiteralSearch extends MessageStoreContract {
        @Override
        protected DurableFixture fixture() {
            Stores good = new Stores(new InMemoryConversationStore());
            return new Fixture(good.with(broken(MessageStore.class, good.messages(), (method, arguments, right) -> {
                if (!method.equals("search")) {
                    return right.with(arguments);
                }
                List<Message> found = good.messages()
                        .page((SessionId) arguments[0], new Slice.Newest(200))
                        .items()
                        .stream()
                        .filter(message -> message.content().contains((String) arguments[1]))
                        .toList();
                return new Page<>(found, found.size());
            })));
        }
    }

    static class BackwardPages extends MessageStoreContract {
        @Override
        protected DurableFixture fixture() {
            return messages((method, arguments, good) -> good.with(arguments) instanceof Page<?>(List<?> items, long total)
                    && method.equals("page")
                            ? new Page<>(items.reversed(), total)
                            : good.with(arguments));
        }
    }

    static class SharedKeys extends MessageStoreContract {
        @Override
        protected DurableFixture fixture() {
            Stores good = new Stores(new InMemoryConversationStore());
            return new Fixture(good.with(broken(
                    MessageStore.class, good.messages(), (method, arguments, right) -> method.equals("sentAs")
                            ? good.messages()
                                    .page((SessionId) arguments[0], new Slice.Newest(200))
                                    .items()
                                    .reversed()
                                    .stream()
                                    .filter(message -> message.clientId()
                                            .filter(((ClientKey) arguments[1]).clientId()::equals)
                                            .isPresent())
                                    .findFirst()
                            : right.with(arguments))));
        }
    }

    static class RememberedVersions extends MessageStoreContract {
        @Override
        protected DurableFixture fixture() {
            Stores good = new Stores(new InMemoryConversationStore());
            return new Fixture(good.with(broken(SessionStore.class, good.sessions(), (method, arguments, right) -> {
                if (!method.equals("write")) {
                    return right.with(arguments);
                }
                return right.with(arguments[0], (Work<?>) step -> ((Work<?>) arguments[1]).run(broken(
                        SessionTransaction.class, step, (call, body, append) -> body != null
                                && body.length == 2
                                && body[1] instanceof Change.MessageDeleted deleted
                                        ? append.with(body[0], new Change.MessageEdited(deleted.message(), deleted.by()))
                                        : append.with(body))));
            })));
        }
    }

    static class FlatThreads extends MessageStoreContract {
        @Override
        protected DurableFixture fixture() {
            return messages((method, arguments, good) -> {
                Object answer = good.with(arguments);
                if (!method.equals("thread") || !(answer instanceof Page<?> page)) {
                    return answer;
                }
                List<?> children = page.items()
                        .stream()
                        .filter(item -> ((Message) item).parent().orElseThrow().equals((MessageId) arguments[0]))
                        .toList();
                return new Page<>(children, children.size());
            });
        }
    }

    static class Unfenced extends ReplyStoreContract {
        @Override
        protected DurableFixture fixture() {
            Stores good = new Stores(new InMemoryConversationStore());
            return new Fixture(good.with(broken(ReplyStore.class, good.replies(), (method, arguments, right) -> {
                if (!method.equals("checkpoint") || good.replies().find((MessageId) arguments[0]).isEmpty()) {
                    return right.with(arguments);
                }
                long newest = good.replies().find((MessageId) arguments[0]).orElseThrow().fence();
                return right.with(arguments[0], newest, arguments[2], arguments[3]);
            })));
        }
    }

    static class Impatient extends ReplyStoreContract {
        @Override
        protected DurableFixture fixture() {
            Stores good = new Stores(new InMemoryConversationStore());
            return new Fixture(good.with(broken(
                    ReplyStore.class, good.replies(), (method, arguments, right) -> method.equals("unfinished")
                            ? good.replies().unfinished().reversed()
                            : right.with(arguments))));
        }
    }

    static class Talkative extends ReplyStoreContract {
        @Override
        protected DurableFixture fixture() {
            Stores good = new Stores(new InMemoryConversationStore());
            return new Fixture(good.with(broken(
                    ReplyStore.class,
                    good.replies(),
                    (method, arguments, right) -> method.equals("unfinishedWithoutTexts")
                            ? good.replies().unfinished()
                            : right.with(arguments))));
        }
    }

    static class DeafRevocations extends RevocationsContract {
        @Override
        protected DurableFixture fixture() {
            Stores good = new Stores(new InMemoryConversationStore());
            return new Fixture(good.with(broken(
                    Revocations.class, good.revocations(), (method, arguments, right) -> method.equals("revokeToken")
                            ? null
                            : right.with(arguments))));
        }
    }

    static class OldestAudit extends AuditTrailContract {
        @Override
        protected DurableFixture fixture() {
            Stores good = new Stores(new InMemoryConversationStore());
            return new Fixture(good.with(broken(
                    AuditTrail.class, good.audit(), (method, arguments, right) -> method.equals("newest")
                            ? good.audit().newest(PageRequest.MAX_LIMIT).reversed()
                            : right.with(arguments))));
        }
    }

    static class PatientSubscriptions extends TopicLogContract {
        @Override
        protected DurableFixture fixture() {
            Stores good = new Stores(new InMemoryConversationStore());
            return new Fixture(good.with(broken(
                    TopicLog.class, good.topics(), (method, arguments, right) -> method.equals("subscriptions")
                            ? good.topics().subscriptions((SessionId) arguments[0], Instant.EPOCH)
                            : right.with(arguments))));
        }
    }

    /** Tells whoever is let in what was published to others before. */
    static class OpenPast extends TopicLogContract {
        @Override
        protected DurableFixture fixture() {
            Stores good = new Stores(new InMemoryConversationStore());
            return new Fixture(good.with(broken(
                    TopicLog.class, good.topics(), (method, arguments, right) -> method.equals("admittedAt")
                            ? Long.valueOf(0)
                            : right.with(arguments))));
        }
    }

    static class GappyTopics extends TopicLogContract {
        @Override
        protected DurableFixture fixture() {
            Stores good = new Stores(new InMemoryConversationStore());
            return new Fixture(good.with(broken(TopicLog.class, good.topics(), (method, arguments, right) -> {
                Object answer = right.with(arguments);
                return answer instanceof TopicLog.Stretch.Entries(List<TopicEntry> entries) && entries.size() > 60
                        ? new TopicLog.Stretch.Entries(entries.subList(1, entries.size()))
                        : answer;
            })));
        }
    }
}
