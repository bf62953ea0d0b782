package dev.parley.adapter.mongo;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.parley.domain.Page;
import dev.parley.domain.PageRequest;
import dev.parley.domain.access.UserId;
import dev.parley.domain.message.ClientKey;
import dev.parley.domain.message.Message;
import dev.parley.domain.message.MessageId;
import dev.parley.domain.message.ReplyFacts;
import dev.parley.domain.message.Version;
import dev.parley.domain.message.Words;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.bson.Document;
import org.bson.conversions.Bson;

final class MongoMessageStore implements MessageStore {
    /** Messages read beyond those wanted, since some may not be readable. */
    private static final int CONTEXT_SPARE = 8;

    /** So often somebody may write while messages are read; then they are taken as they are. */
    private static final int ATTEMPTS = 5;

    /** What no message is made of. */
    private static final Bson MESSAGE = Projections.exclude("words", "record");

    private final Store store;
    private final Heads heads;
    private final Homes homes;

    MongoMessageStore(Store store, Heads heads, Homes homes) {
        this.store = store;
        this.heads = heads;
        this.homes = homes;
    }

    @Override
    public Optional<Message> find(MessageId id) {
        return store.guarded(() -> homes.document(id).map(MessageDocs::read));
    }

    @Override
    public Optional<Message> sentAs(SessionId session, ClientKey key) {
        return store.guarded(() -> heads.settled(session)
                .flatMap(head -> new View(store, session, head.life()).sentAs(key)));
    }

    @Override
    public Page<Message> page(SessionId session, Slice slice) {
        return store.guarded(() -> atOnce(session, head -> part(head, slice))
                .map(seen -> new Page<>(seen.messages(), seen.head().messages()))
                .orElseGet(() -> new Page<>(List.of(), 0)));
    }

    /** @param head the session as it was when the messages were so */
    private record Seen(Head head, List<Message> messages) {}

    /** Reads so that no step is seen in one message and not in another. */
    private Optional<Seen> atOnce(SessionId session, Function<Head, List<Document>> how) {
        for (int attempt = 1;; attempt++) {
            Optional<Head> head = heads.settled(session);
            List<Document> found = head.map(how).orElse(List.of());
            boolean whole = head.isEmpty() || found.stream().noneMatch(head.get()::before);
            if (whole || attempt == ATTEMPTS) {
                return head.map(at -> new Seen(at, found.stream().map(MessageDocs::read).toList()));
            }
        }
    }

    private List<Document> part(Head head, Slice slice) {
        long newest = head.session().position();
        return switch (slice) {
            case Slice.Newest(int limit) -> before(head, newest, limit);
            case Slice.FromOldest(long offset, int limit) ->
                    after(head, 0, Math.toIntExact(Math.min(offset, Integer.MAX_VALUE)), limit);
            case Slice.Before(MessageId id, int limit) ->
                    position(head, id).map(position -> before(head, position - 1, limit)).orElse(List.of());
            case Slice.After(MessageId id, int limit) ->
                    position(head, id).map(position -> after(head, position, 0, limit)).orElse(List.of());
        };
    }

    private Optional<Long> position(Head head, MessageId id) {
        return Optional.ofNullable(
                store.messages()
                        .find(Where.all(Filters.eq("_id", id.value()), Filters.eq("life", head.life())))
                        .projection(Projections.include("position"))
                        .first())
                .flatMap(doc -> Docs.optionalNumber(doc, "position"));
    }

    /** The newest at or before {@code last}, oldest first. */
    private List<Document> before(Head head, long last, int limit) {
        List<Document> newestFirst = store.messages()
                .find(Where.all(Filters.eq("life", head.life()), Filters.lte("position", last)))
                .sort(Sorts.descending("position"))
                .projection(MESSAGE)
                .limit(limit)
                .into(new ArrayList<>());
        return newestFirst.reversed();
    }

    private List<Document> after(Head head, long position, int skip, int limit) {
        return store.messages()
                .find(Where.all(
                        Filters.eq("life", head.life()),
                        Filters.gt("position", position),
                        Filters.lte("position", head.session().position())))
                .sort(Sorts.ascending("position"))
                .projection(MESSAGE)
                .skip(skip)
                .limit(limit)
                .into(new ArrayList<>());
    }

    @Override
    public List<Message> context(SessionId session, long until, int limit) {
        return store.guarded(() -> {
            List<Message> newestFirst = atOnce(session, head -> enough(head, until, limit))
                    .map(Seen::messages)
                    .orElse(List.of())
                    .reversed()
                    .stream()
                    .filter(MongoMessageStore::readable)
                    .limit(limit)
                    .toList();
            return newestFirst.reversed();
        });
    }

    /** As many of the newest as it takes for {@code limit} that can be read, oldest first. */
    private List<Document> enough(Head head, long until, int limit) {
        List<Document> newestFirst = new ArrayList<>();
        long last = Math.min(until, head.session().position());
        long readable = 0;
        while (readable < limit) {
            List<Document> some = before(head, last, limit + CONTEXT_SPARE);
            if (some.isEmpty()) {
                break;
            }
            newestFirst.addAll(some.reversed());
            readable += some.stream().map(MessageDocs::read).filter(MongoMessageStore::readable).count();
            last = Docs.number(some.getFirst(), "position") - 1;
        }
        return newestFirst.reversed();
    }

    private static boolean readable(Message message) {
        return !message.deleted()
                && !message.running()
                && message.reply().flatMap(ReplyFacts::supersededBy).isEmpty();
    }

    @Override
    public Page<Message> thread(MessageId root, PageRequest request) {
        return store.guarded(() -> homes.document(root)
                .map(doc -> thread(Docs.text(doc, "life"), root, request))
                .orElseGet(() -> new Page<>(List.of(), 0)));
    }

    private Page<Message> thread(String life, MessageId root, PageRequest request) {
        Map<Long, String> family = new TreeMap<>();
        List<String> generation = List.of(root.value());
        while (!generation.isEmpty()) {
            List<String> children = new ArrayList<>();
            store.messages()
                    .find(Where.all(Filters.eq("life", life), Filters.in("parent", generation)))
                    .projection(Projections.include("position"))
                    .forEach(doc -> {
                        String child = Docs.text(doc, "_id");
                        if (!child.equals(root.value()) && family.put(Docs.number(doc, "position"), child) == null) {
                            children.add(child);
                        }
                    });
            generation = children;
        }
        List<String> part = family.values().stream().skip(request.offset()).limit(request.limit()).toList();
        Map<String, Message> messages = new HashMap<>();
        store.messages()
                .find(Filters.in("_id", part))
                .projection(MESSAGE)
                .forEach(doc -> messages.put(Docs.text(doc, "_id"), MessageDocs.read(doc)));
        return new Page<>(part.stream().filter(messages::containsKey).map(messages::get).toList(), family.size());
    }

    @Override
    public Page<Message> search(SessionId session, String query, PageRequest request) {
        List<String> words = Words.of(query);
        if (words.isEmpty()) {
            return new Page<>(List.of(), 0);
        }
        return store.guarded(() -> heads.settled(session)
                .map(head -> search(head, words, request))
                .orElseGet(() -> new Page<>(List.of(), 0)));
    }

    private Page<Message> search(Head head, List<String> words, PageRequest request) {
        List<Bson> all = new ArrayList<>();
        all.add(Filters.eq("life", head.life()));
        new LinkedHashSet<>(words.subList(0, words.size() - 1)).forEach(word -> all.add(Filters.eq("words", word)));
        // Words are letters and digits, so that nothing in them is syntax.
        all.add(Filters.regex("words", "^" + words.getLast()));
        Bson filter = Where.all(all.toArray(new Bson[0]));
        List<Message> part = store.messages()
                .find(filter)
                .sort(Sorts.descending("position"))
                .projection(MESSAGE)
                .skip(request.offset())
                .limit(request.limit())
                .map(MessageDocs::read)
                .into(new ArrayList<>());
        return new Page<>(part, Math.max(part.size(), store.messages().countDocuments(filter)));
    }

    @Override
    public List<Version> versions(MessageId id) {
        return store.guarded(() -> homes.document(id)
                .filter(doc -> !doc.containsKey("deletedAt"))
                .map(doc -> versions(Docs.text(doc, "life"), id))
                .orElse(List.of()));
    }

    private List<Version> versions(String life, MessageId id) {
        return store.versions()
                .find(Where.all(Filters.eq("message", id.value()), Filters.eq("life", life), Filters.ne("erased", true)))
                .sort(Sorts.ascending("position"))
                .map(MongoMessageStore::version)
                .into(new ArrayList<>());
    }

    private static Version version(Document doc) {
        return new Version(
                Docs.text(doc, "content"),
                Docs.instant(doc, "writtenAt"),
                Docs.instant(doc, "replacedAt"),
                new UserId(Docs.text(doc, "replacedBy")));
    }
}
