package dev.parley.bootstrap;

import static dev.parley.bootstrap.FilledStore.ANA;
import static dev.parley.bootstrap.FilledStore.OLD;
import static dev.parley.bootstrap.FilledStore.ROOM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.bootstrap.FilledStore.Twist;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.BlobStore;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.topic.TopicId;
import dev.parley.domain.topic.TopicLog;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a copy brings, what it finds in the end, and that it goes on wherever it broke off. */
class StoreCopyTest {

    private final Replacements.Durable source = FilledStore.with(Twist.NONE);
    private final Replacements.Durable target = FilledStore.empty();

    @Test
    void everything_durable_is_brought() {
        StoreTools.Copied copied = copy(source, target);
        assertThat(copied.sessions()).isEqualTo(2);
        assertThat(copied.files()).isEqualTo(3);
        assertThat(copied.uploads()).isEqualTo(1);
        assertThat(copied.piecesLeft()).as("behind one that is missing").isEqualTo(1);
        assertThat(target.attachments().all(Optional.empty(), 10)).isEqualTo(source.attachments().all(Optional.empty(), 10));
        assertThat(target.attachments().find(new AttachmentId("gone-file"))).isEmpty();
        assertThat(target.blobs().pieces(new AttachmentId("upload"))).containsOnlyKeys(0, 1);
        assertThat(target.audit().newest(10)).isEqualTo(source.audit().newest(10));
        for (TopicId topic : List.of(FilledStore.CASE, FilledStore.NEWS)) {
            assertThat(target.topics().after(topic, 0, 10)).isEqualTo(source.topics().after(topic, 0, 10));
        }
        assertThat(target.topics().subscriptions(ROOM, FilledStore.now()))
                .hasSize(2)
                .isEqualTo(source.topics().subscriptions(ROOM, FilledStore.now()));
        assertThat(target.replies().unfinished()).isEqualTo(source.replies().unfinished()).hasSize(1);
    }

    @Test
    void what_is_forgotten_is_forgotten_there_too_and_what_it_left_is_there() {
        copy(source, target);
        Session session = source.sessions().find(OLD).orElseThrow();
        long forgotten = SessionPast.forgotten(source.sessions(), OLD, session.position());
        assertThat(forgotten).isPositive();
        for (long position = 0; position < forgotten; position++) {
            assertThat(target.sessions().changesAfter(OLD, position, 10)).isInstanceOf(SessionStore.Feed.Lost.class);
        }
        assertThat(target.sessions().changesAfter(OLD, forgotten, 100))
                .isEqualTo(source.sessions().changesAfter(OLD, forgotten, 100));
        assertThat(target.attachments().of(OLD, PageRequest.first()).items()).extracting(Attachment::id)
                .containsExactly(new AttachmentId("old-file"));
    }

    @ParameterizedTest
    @EnumSource(value = Twist.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void one_planted_difference_is_found(Twist twist) {
        copy(source, target);
        Replacements.Durable other = FilledStore.with(twist);
        assertThatThrownBy(() -> compare(other, target)).isInstanceOf(CorruptDataException.class).hasMessageContaining("differ");
    }

    @Test
    void it_goes_on_wherever_it_broke_off_and_brings_nothing_twice() {
        StoreTools.Copied whole = copy(source, target);
        int broken = 0;
        for (int call = 1; broken == call - 1; call++) {
            Replacements.Durable there = FilledStore.empty();
            for (boolean done : new boolean[] {false, true}) {
                if (!brokeOff(there, call, done)) {
                    continue;
                }
                broken = call;
                assertThat(copy(source, there)).as("after call %d", call).isEqualTo(whole);
                assertThat(there.audit().newest(10)).isEqualTo(source.audit().newest(10));
                assertThat(there.attachments().all(Optional.empty(), 10))
                        .isEqualTo(source.attachments().all(Optional.empty(), 10));
                assertThat(there.blobs().unfinished(Optional.empty(), 10)).containsExactly(new AttachmentId("upload"));
                assertThat(there.sessions().changesAfter(ROOM, 0, 100)).isEqualTo(source.sessions().changesAfter(ROOM, 0, 100));
                there = FilledStore.empty();
            }
        }
        assertThat(broken).as("calls at which it broke off").isGreaterThan(80);
    }

    @Test
    void the_source_is_only_read() {
        Set<String> reads = Set.of(
                "all", "find", "changesAfter", "reachOf", "page", "versions", "of", "sessionsWith", "untouchedSince", "upload",
                "pieces", "assemble", "topics", "newest", "after", "audience", "admittedAt", "subscriptions", "tokens", "users");
        List<String> called = new ArrayList<>();
        copy(listening(source, called), target);
        assertThat(called).isNotEmpty().allSatisfy(name -> assertThat(reads).contains(name));
    }

    @Test
    void an_upload_that_was_finished_before_the_copy_went_on_is_a_file_there() {
        copy(source, target);
        AttachmentId id = new AttachmentId("upload");
        Attachment file = source.attachments().find(new AttachmentId("loose-file")).orElseThrow();
        source.attachments()
                .finish(new Attachment(
                        id, file.owner(), file.name(), file.mimeType(), file.size(), file.addedAt(), file.content()));
        source.blobs().discard(id);
        copy(source, target);
        assertThat(target.attachments().find(id)).isEqualTo(source.attachments().find(id)).isPresent();
        assertThat(target.attachments().upload(id)).isEmpty();
    }

    @Test
    void what_the_other_store_holds_beside_stays() {
        AuditTrail.Entry own = new AuditTrail.Entry(FilledStore.START, ANA, "announce", "everybody");
        target.audit().record(own);
        target.revocations().revokeToken("another", FilledStore.START);
        copy(source, target);
        copy(source, target);
        assertThat(target.audit().newest(10)).hasSize(4).contains(own);
        assertThat(target.revocations().tokens(Optional.empty(), 10)).extracting(Revocations.Token::id)
                .containsExactly("another", "token");
    }

    @Test
    void an_empty_store_is_thought_to_be_the_wrong_one() {
        assertThatThrownBy(() -> copy(FilledStore.empty(), target)).isInstanceOf(StartException.class)
                .hasMessageContaining("empty");
    }

    @Test
    void it_stops_wherever_somebody_else_begins_to_use_a_store() {
        AtomicInteger asked = new AtomicInteger();
        new StoreCopy(source, FilledStore.empty(), FilledStore.now(), said -> {}, asked::incrementAndGet).run();
        assertThat(asked.get()).as("how often it is looked whether it is alone").isGreaterThan(5);
        for (int times = 1; times <= asked.get(); times++) {
            AtomicInteger left = new AtomicInteger(times);
            StoreCopy copy = new StoreCopy(source, FilledStore.empty(), FilledStore.now(), said -> {}, () -> {
                assertThat(left.get()).as("left to ask before it had to stop").isPositive();
                if (left.decrementAndGet() == 0) {
                    throw new StartException(StartException.Reason.TAKEN, "Scripted");
                }
            });
            assertThatThrownBy(copy::run).isInstanceOf(StartException.class).hasMessage("Scripted");
        }
    }

    private static StoreTools.Copied copy(Replacements.Durable from, Replacements.Durable to) {
        return new StoreCopy(from, to, FilledStore.now(), said -> {}, () -> {}).run();
    }

    private static void compare(Replacements.Durable from, Replacements.Durable to) {
        List<Session> sessions = new ArrayList<>();
        for (SessionId id : List.of(ROOM, OLD)) {
            sessions.add(from.sessions().find(id).orElseThrow());
        }
        SessionComparison comparison = new SessionComparison(from, to);
        sessions.forEach(comparison::compare);
        new StoreComparison(from, to, FilledStore.now()).compare(sessions, List.of(FilledStore.CASE));
    }

    /** Copies to {@code there} and breaks off at a call; false when it was complete before. {@code done} whether that call was taken */
    private boolean brokeOff(Replacements.Durable there, int call, boolean done) {
        int[] calls = {0};
        Replacements.Durable breaking = through(there, (name, invocation) -> {
            if (++calls[0] == call && !done) {
                throw new UnavailableException("Broken off before " + name);
            }
            Object result = invocation.run();
            if (calls[0] == call) {
                throw new UnavailableException("Broken off after " + name);
            }
            return result;
        });
        try {
            copy(source, breaking);
            return false;
        } catch (UnavailableException broken) {
            return true;
        }
    }

    private static Replacements.Durable listening(Replacements.Durable stores, List<String> called) {
        return through(stores, (name, invocation) -> {
            called.add(name);
            return invocation.run();
        });
    }

    private interface Invocation {
        Object run() throws Throwable;
    }

    private interface Listener {
        Object called(String name, Invocation invocation) throws Throwable;
    }

    private static Replacements.Durable through(Replacements.Durable stores, Listener listener) {
        return new Replacements.Durable(
                port(SessionStore.class, stores.sessions(), listener),
                port(MessageStore.class, stores.messages(), listener),
                port(ReplyStore.class, stores.replies(), listener),
                port(Revocations.class, stores.revocations(), listener),
                port(AuditTrail.class, stores.audit(), listener),
                port(TopicLog.class, stores.topics(), listener),
                port(AttachmentStore.class, stores.attachments(), listener),
                port(BlobStore.class, stores.blobs(), listener));
    }

    private static <T> T port(Class<T> type, T port, Listener listener) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> listener.called(method.getName(), () -> {
                    try {
                        return method.invoke(port, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                })));
    }
}
