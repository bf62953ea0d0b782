package dev.parley.application.ledger;

import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.live.EventBus;
import dev.parley.domain.live.Hint;
import dev.parley.domain.live.Topic;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.store.SessionTransaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Writes to a session's feed, and says that it grew once what was written is durable. */
public final class Ledger {

    private final SessionStore sessions;
    private final EventBus bus;

    public Ledger(SessionStore sessions, EventBus bus) {
        this.sessions = sessions;
        this.bus = bus;
    }

    /** As {@link SessionStore#write}. */
    public <T> T write(SessionId session, SessionStore.Work<T> work) {
        var written = sessions.write(session, transaction -> {
            Noted noted = new Noted(transaction);
            T value = work.run(noted);
            return new Written<>(value, noted.newest);
        });
        if (written.position() > 0) {
            bus.publish(new Topic.OfSession(session), new Hint.FeedGrew(session, written.position()));
        }
        return written.value();
    }

    private record Written<T>(T value, long position) {}

    /** Notes the newest position that a step appended. */
    private static final class Noted implements SessionTransaction {

        private final SessionTransaction inner;
        private long newest;

        Noted(SessionTransaction inner) {
            this.inner = inner;
        }

        @Override
        public Optional<Session> session() {
            return inner.session();
        }

        @Override
        public Optional<Message> message(MessageId id) {
            return inner.message(id);
        }

        @Override
        public Optional<Message> sentAs(ClientKey key) {
            return inner.sentAs(key);
        }

        @Override
        public Optional<Reply> reply(MessageId id) {
            return inner.reply(id);
        }

        @Override
        public List<Reply> unfinished() {
            return inner.unfinished();
        }

        @Override
        public List<Message> repliesTo(MessageId question) {
            return inner.repliesTo(question);
        }

        @Override
        public Optional<Attachment> attachment(AttachmentId id) {
            return inner.attachment(id);
        }

        @Override
        public boolean mentioned(AttachmentId id) {
            return inner.mentioned(id);
        }

        @Override
        public Change append(Instant at, Change.Body body) {
            return noted(inner.append(at, body));
        }

        @Override
        public Change append(Instant at, Change.ReplyStarted body, Reply record) {
            return noted(inner.append(at, body, record));
        }

        private Change noted(Change change) {
            newest = Math.max(newest, change.position());
            return change;
        }
    }
}
