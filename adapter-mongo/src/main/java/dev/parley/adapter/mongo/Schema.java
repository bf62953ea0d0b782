package dev.parley.adapter.mongo;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.error.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** The shape of what is stored: the indexes it needs, and the way from every older shape to this one. */
final class Schema {
    /** The oldest server that this was made for. */
    static final String OLDEST_SERVER = "4.4";

    private static final int MAJOR = 4;
    private static final int MINOR = 4;
    private static final String ID = "schema";

    /** @param sparse documents without the field are not in it */
    private record Index(String collection, Document keys, boolean sparse) {
        String name() {
            return String.join("_", keys.keySet()).replace('.', '-');
        }

        boolean is(Document found) {
            Document key = Docs.document(found, "key");
            return name().equals(found.get("name"))
                    && Docs.truth(found, "sparse") == sparse
                    && List.copyOf(keys.keySet()).equals(List.copyOf(key.keySet()))
                    && keys.keySet().stream().allMatch(field -> Docs.number(keys, field) == Docs.number(key, field));
        }
    }

    private static final List<Index> INDEXES = List.of(
            new Index("sessions", new Document("lastActivity", -1).append("_id", 1), false),
            new Index("sessions", new Document("members.user", 1), false),
            new Index("sessions", new Document("oldest", 1), false),
            new Index("sessions", new Document("effects.step", 1), true),
            new Index("sessions", new Document("purged", 1), true),
            new Index("messages", new Document("life", 1).append("position", -1), false),
            new Index("messages", new Document("life", 1).append("words", 1).append("position", -1), false),
            new Index("messages", new Document("sent", 1), true),
            new Index("messages", new Document("answers", 1), true),
            new Index("messages", new Document("parent", 1), true),
            new Index("messages", new Document("running", 1), true),
            new Index("messages", new Document("files.id", 1), true),
            new Index("messages", new Document("stub.step", 1), true),
            new Index("changes", new Document("life", 1).append("position", 1), false),
            new Index("versions", new Document("message", 1), false),
            new Index("versions", new Document("life", 1), false),
            new Index("files", new Document("life", 1).append("position", 1), false),
            new Index("files", new Document("file", 1), false),
            new Index("reaches", new Document("life", 1), false),
            new Index("steps", new Document("life", 1), false),
            new Index("attachments", new Document("owner", 1), false),
            new Index("attachments", new Document("sha256", 1), true),
            new Index("attachments", new Document("addedAt", 1), false),
            new Index("uploads", new Document("owner", 1), false),
            new Index("uploads", new Document("touchedAt", 1), false),
            new Index("entries", new Document("topic", 1).append("position", 1), false),
            new Index("subscriptions", new Document("until", 1), false),
            new Index("audit", new Document("at", -1).append("_id", -1), false),
            new Index("pieces", new Document("upload", 1).append("index", 1), false),
            new Index("pieces", new Document("file", 1), false),
            new Index("contents", new Document("file", 1), false));

    /** What brings a database from one version to the next; may be done again, and by two nodes at once. */
    @FunctionalInterface
    interface Migration {
        void run(Store store);
    }

    /** The first makes version 2 of version 1. */
    private static final List<Migration> MIGRATIONS = List.of();

    private final Store store;
    private final List<Migration> migrations;

    Schema(Store store) {
        this(store, MIGRATIONS);
    }

    Schema(Store store, List<Migration> migrations) {
        this.store = store;
        this.migrations = List.copyOf(migrations);
    }

    private int newest() {
        return migrations.size() + 1;
    }

    /** Makes of whatever is there what this program works with. */
    void prepare() {
        checkServer(Docs.text(store.database().runCommand(new Document("buildInfo", 1)), "version"));
        int version = version();
        if (version > newest()) {
            throw new CorruptDataException("Expected a database of version " + newest() + " or older, found version " + version
                    + ". Use the newer program that wrote it");
        }
        for (int from = version; from < newest(); from++) {
            migrations.get(from - 1).run(store);
            store.about()
                    .updateOne(
                            Where.all(Filters.eq("_id", ID), Filters.eq("version", from)), Updates.set("version", from + 1));
        }
        INDEXES.stream()
                .collect(Collectors.groupingBy(Index::collection))
                .forEach((collection, indexes) -> create(store.named(collection), indexes));
    }

    static void checkServer(String version) {
        String[] parts = version.split("\\.", -1);
        int major = number(parts, 0);
        if (major < MAJOR || major == MAJOR && number(parts, 1) < MINOR) {
            throw new UnavailableException(
                    "Expected MongoDB " + OLDEST_SERVER + " or newer, found " + version + ". Upgrade the server");
        }
    }

    private static int number(String[] parts, int at) {
        return at < parts.length && parts[at].matches("[0-9]{1,6}") ? Integer.parseInt(parts[at]) : 0;
    }

    /** The version of what is there; a database with nothing in it gets the newest. */
    private int version() {
        store.about()
                .updateOne(
                        Filters.eq("_id", ID), Updates.setOnInsert("version", newest()), new UpdateOptions().upsert(true));
        return Math.toIntExact(Optional.ofNullable(store.about().find(Filters.eq("_id", ID)).first())
                .map(doc -> Docs.number(doc, "version"))
                .orElse((long) newest()));
    }

    /** Creates what is missing, and makes sure of everything. */
    private static void create(MongoCollection<Document> collection, List<Index> indexes) {
        List<Index> missing = missing(collection, indexes);
        if (missing.isEmpty()) {
            return;
        }
        try {
            collection.createIndexes(missing.stream()
                    .map(index -> new IndexModel(index.keys(), new IndexOptions().name(index.name()).sparse(index.sparse())))
                    .toList());
        } catch (MongoCommandException fault) {
            throw wrong(collection, missing, fault);
        }
        List<Index> wrong = missing(collection, missing);
        if (!wrong.isEmpty()) {
            throw wrong(collection, wrong, null);
        }
    }

    private static UnavailableException wrong(
            MongoCollection<Document> collection, List<Index> indexes, @Nullable MongoCommandException fault) {
        String why = "Expected to create indexes of " + collection.getNamespace().getCollectionName() + " called "
                + String.join(", ", indexes.stream().map(Index::name).toList()) + ", found "
                + (fault == null ? "others of those names" : "error " + fault.getErrorCode())
                + ". Drop what was made by hand and start again";
        return fault == null ? new UnavailableException(why) : new UnavailableException(why, fault);
    }

    private static List<Index> missing(MongoCollection<Document> collection, List<Index> indexes) {
        List<Document> there = collection.listIndexes().into(new ArrayList<>());
        return indexes.stream().filter(index -> there.stream().noneMatch(index::is)).toList();
    }

}
