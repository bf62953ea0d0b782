package dev.parley.adapter.mongo;

import com.mongodb.ReadConcern;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.util.function.Supplier;
import org.bson.Document;

/** The collections, by what is in them. Reads see only what a majority has, writes wait for a majority. */
final class Store {
    private final MongoDatabase database;
    private final Calls calls;

    Store(MongoDatabase database, Calls calls) {
        this.database = database;
        this.calls = calls;
    }

    /** Runs a call to its end; whatever uses a collection is part of one. */
    <T> T guarded(Supplier<T> call) {
        return calls.guarded(call);
    }

    MongoDatabase database() {
        return database;
    }

    MongoCollection<Document> named(String name) {
        return database.getCollection(name);
    }

    /** One document for each session: its state, and the place where its steps are committed. */
    MongoCollection<Document> sessions() {
        return named("sessions");
    }

    /** The same, read as they are at the server that is written to: for writers who lost a race and are checked anyway. */
    MongoCollection<Document> sessionsNow() {
        return sessions().withReadConcern(ReadConcern.LOCAL);
    }

    MongoCollection<Document> messages() {
        return named("messages");
    }

    /** Message ids are taken here before a step; nothing is lost if a failing server forgets it. */
    MongoCollection<Document> messageIds() {
        return messages().withWriteConcern(WriteConcern.W1);
    }

    MongoCollection<Document> changes() {
        return named("changes");
    }

    MongoCollection<Document> versions() {
        return named("versions");
    }

    /** Which files are in which session. */
    MongoCollection<Document> files() {
        return named("files");
    }

    MongoCollection<Document> attachments() {
        return named("attachments");
    }

    MongoCollection<Document> uploads() {
        return named("uploads");
    }

    /** Who uploads: where uploads of one owner are counted one after the other. */
    MongoCollection<Document> owners() {
        return named("owners");
    }

    /** How far members were told. */
    MongoCollection<Document> reaches() {
        return named("reaches");
    }

    /** The effects of steps that are too large to stand in their session. */
    MongoCollection<Document> steps() {
        return named("steps");
    }

    MongoCollection<Document> topics() {
        return named("topics");
    }

    MongoCollection<Document> entries() {
        return named("entries");
    }

    MongoCollection<Document> subscriptions() {
        return named("subscriptions");
    }

    MongoCollection<Document> revocations() {
        return named("revocations");
    }

    MongoCollection<Document> audit() {
        return named("audit");
    }

    /** Pieces of uploads, and which of the stored files holds each. */
    MongoCollection<Document> pieces() {
        return named("pieces");
    }

    /** Contents by their hash, and which of the stored files holds each. */
    MongoCollection<Document> contents() {
        return named("contents");
    }

    MongoCollection<Document> leases() {
        return named("leases");
    }

    MongoCollection<Document> about() {
        return named("about");
    }
}
