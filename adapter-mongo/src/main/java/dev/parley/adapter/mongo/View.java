package dev.parley.adapter.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.reply.Reply;
import dev.parley.domain.session.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/** What is stored of one session beside its own document; remembers the messages it was asked for by id. */
final class View {
    private final Store store;
    private final SessionId session;
    private final String life;
    private final Map<MessageId, Optional<Document>> asked = new HashMap<>();
    private boolean used;

    View(Store store, SessionId session, String life) {
        this.store = store;
        this.session = session;
        this.life = life;
    }

    /** Whether anything was read. */
    boolean used() {
        return used;
    }

    Optional<Message> message(MessageId id) {
        return document(id).map(MessageDocs::read);
    }

    Optional<Reply> reply(MessageId id) {
        return document(id).flatMap(ReplyDocs::read);
    }

    private Optional<Document> document(MessageId id) {
        used = true;
        return asked.computeIfAbsent(id, asking -> Optional.ofNullable(
                store.messages().find(mine(Filters.eq("_id", asking.value()))).first())
                .filter(MessageDocs::there));
    }

    Optional<Message> sentAs(ClientKey key) {
        used = true;
        return Optional.ofNullable(
                store.messages()
                        .find(Filters.eq("sent", MessageDocs.sentKey(life, key)))
                        .sort(Sorts.descending("position"))
                        .first())
                .map(MessageDocs::read);
    }

    /** The replies that have not ended, by the positions of their messages. */
    Map<MessageId, Reply> running() {
        used = true;
        Map<MessageId, Reply> replies = new LinkedHashMap<>();
        for (Document doc : store.messages().find(Filters.eq("running", life)).sort(Sorts.ascending("position"))) {
            ReplyDocs.read(doc).ifPresent(reply -> replies.put(reply.id(), reply));
        }
        return replies;
    }

    List<Message> repliesTo(MessageId question) {
        return messages(Filters.eq("answers", question.value()));
    }

    List<Message> with(AttachmentId file) {
        return messages(Filters.eq("files.id", file.value()));
    }

    private List<Message> messages(Bson filter) {
        used = true;
        return store.messages()
                .find(mine(filter))
                .sort(Sorts.ascending("position"))
                .map(MessageDocs::read)
                .into(new ArrayList<>());
    }

    /** Whether a message other than {@code but} has the file. */
    boolean mentioned(AttachmentId file, Collection<MessageId> but) {
        used = true;
        return store.messages()
                .find(mine(Where.all(
                        Filters.eq("files.id", file.value()),
                        Filters.nin("_id", but.stream().map(MessageId::value).toList()))))
                .projection(Projections.include("_id"))
                .first() != null;
    }

    /** A file of the session. */
    Optional<Attachment> file(AttachmentId id) {
        used = true;
        return Optional.ofNullable(
                store.files()
                        .find(Where.all(
                                Filters.eq("_id", Operations.fileId(life, id.value())), Filters.eq("in", true)))
                        .first())
                .map(doc -> AttachmentDocs.read(Docs.document(doc, "facts")));
    }

    /** A file of any session, or of none. */
    Optional<Attachment> known(AttachmentId id) {
        used = true;
        return Optional.ofNullable(store.attachments().find(Filters.eq("_id", id.value())).first())
                .map(AttachmentDocs::read);
    }

    /** The position of the first change behind {@code position} that happened at or after {@code at}. */
    Optional<Long> changedSince(long position, Instant at) {
        used = true;
        return Optional.ofNullable(
                store.changes()
                        .find(mine(Where.all(Filters.gt("position", position), Filters.gte("at", Times.nanos(at)))))
                        .sort(Sorts.ascending("position"))
                        .first())
                .map(doc -> Docs.number(doc, "position"));
    }

    Optional<Instant> changedAt(long position) {
        used = true;
        return Optional.ofNullable(store.changes().find(Filters.eq("_id", ChangeDocs.id(life, position))).first())
                .map(doc -> Docs.instant(doc, "at"));
    }

    private Bson mine(Bson filter) {
        return Where.all(Filters.eq("life", life), filter);
    }

    SessionId session() {
        return session;
    }
}
