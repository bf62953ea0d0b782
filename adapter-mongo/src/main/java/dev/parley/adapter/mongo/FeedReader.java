package dev.parley.adapter.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.parley.domain.attachment.Attachment;
import dev.parley.domain.attachment.AttachmentId;
import dev.parley.domain.change.Change;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.session.Session;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.SessionStore.Feed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;

/** Reads the changes of a session with everything in them as it is now. */
final class FeedReader {
    /** So often what was read may be forgotten or purged meanwhile. */
    private static final int ATTEMPTS = 5;

    private final Store store;
    private final Heads heads;

    FeedReader(Store store, Heads heads) {
        this.store = store;
        this.heads = heads;
    }

    Feed after(SessionId session, long position, int limit) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Optional<Head> head = heads.settled(session);
            if (head.isEmpty()
                    || position < head.get().forgotten()
                    || position > head.get().session().position()) {
                return new Feed.Lost();
            }
            Optional<List<Change>> changes = changes(head.get(), position, limit, attempt == ATTEMPTS);
            if (changes.isPresent()) {
                return new Feed.Changes(changes.get());
            }
        }
        throw new CorruptDataException(
                "Expected the changes of session " + session + " behind " + position + " without a gap, found one");
    }

    /**
     * Empty when something is not there that was there a moment ago.
     *
     * @param anyhow whether states of different steps will do: whoever follows a busy session is told of them by what comes next
     */
    private Optional<List<Change>> changes(Head head, long position, int limit, boolean anyhow) {
        long newest = head.session().position();
        int wanted = (int) Math.min(Math.max(0, limit), newest - position);
        if (wanted == 0) {
            return Optional.of(List.of());
        }
        List<Document> found = store.changes()
                .find(Where.all(
                        Filters.eq("life", head.life()),
                        Filters.gt("position", position),
                        Filters.lte("position", newest)))
                .sort(Sorts.ascending("position"))
                .limit(wanted)
                .into(new ArrayList<>(wanted));
        for (int at = 0; at < found.size(); at++) {
            if (Docs.number(found.get(at), "position") != position + at + 1) {
                return Optional.empty();
            }
        }
        return found.size() < wanted ? Optional.empty() : read(head, found, anyhow);
    }

    private Optional<List<Change>> read(Head head, List<Document> found, boolean anyhow) {
        List<Document> states = messages(head, names(found, "message"));
        if (!anyhow && states.stream().anyMatch(head::before)) {
            return Optional.empty();
        }
        Map<MessageId, Message> messages = new HashMap<>();
        states.forEach(doc -> messages.put(new MessageId(Docs.text(doc, "_id")), MessageDocs.read(doc)));
        Map<AttachmentId, Attachment> files = files(head, names(found, "file"));
        if (!names(found, "message").stream().allMatch(id -> messages.containsKey(new MessageId(id)))) {
            return Optional.empty();
        }
        ChangeDocs.Now now = new ChangeDocs.Now() {
            @Override
            public Session session() {
                return head.session();
            }

            @Override
            public Message message(MessageId id) {
                return Optional.ofNullable(messages.get(id)).orElseThrow();
            }

            @Override
            public Optional<Attachment> file(AttachmentId id) {
                return Optional.ofNullable(files.get(id));
            }
        };
        return Optional.of(found.stream().map(doc -> ChangeDocs.read(doc, now)).toList());
    }

    private static List<String> names(List<Document> changes, String field) {
        return changes.stream().flatMap(change -> Docs.optionalText(change, field).stream()).distinct().toList();
    }

    private List<Document> messages(Head head, List<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : store.messages()
                        .find(Where.all(Filters.in("_id", ids), Filters.eq("life", head.life())))
                        .projection(Projections.exclude("words", "record"))
                        .into(new ArrayList<>());
    }

    private Map<AttachmentId, Attachment> files(Head head, List<String> ids) {
        Map<AttachmentId, Attachment> files = new HashMap<>();
        if (!ids.isEmpty()) {
            store.files()
                    .find(Where.all(
                            Filters.in("_id", ids.stream().map(id -> Operations.fileId(head.life(), id)).toList()),
                            Filters.eq("in", true)))
                    .map(doc -> AttachmentDocs.read(Docs.document(doc, "facts")))
                    .forEach(file -> files.put(file.id(), file));
        }
        return files;
    }
}
