package dev.parley.adapter.mongo;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import dev.parley.domain.error.CorruptDataException;
import dev.parley.domain.error.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

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
        INDEXES.forEach(this::create);
        INDEXES.forEach(this::verify);
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

    private void create(Index index) {
        try {
            collection(index).createIndex(index.keys(), new IndexOptions().name(index.name()).sparse(index.sparse()));
        } catch (MongoCommandException fault) {
            throw new UnavailableException(
                    "Expected to create the index " + index.name() + " of " + index.collection() + ", found error "
                            + fault.getErrorCode() + ". Drop an index of that name that was made by hand",
                    fault);
        }
    }

    private MongoCollection<Document> collection(Index index) {
        return store.named(index.collection());
    }

    private void verify(Index index) {
        boolean there = collection(index)
                .listIndexes()
                .into(new ArrayList<>())
                .stream()
                .anyMatch(found -> index.name().equals(found.get("name"))
                        && same(index.keys(), Docs.document(found, "key"))
                        && Docs.truth(found, "sparse") == index.sparse());
        if (!there) {
            throw new UnavailableException("Expected the index " + index.name() + " of " + index.collection()
                    + ", found none or another. Drop what was made by hand and start again");
        }
    }

    private static boolean same(Document wanted, Document found) {
        return List.copyOf(wanted.keySet()).equals(List.copyOf(found.keySet()))
                && wanted.keySet().stream().allMatch(key -> Docs.number(wanted, key) == Docs.number(found, key));
    }
}
