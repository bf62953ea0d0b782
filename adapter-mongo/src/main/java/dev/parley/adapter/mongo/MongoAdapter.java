package dev.parley.adapter.mongo;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import dev.parley.domain.access.AuditTrail;
import dev.parley.domain.access.Revocations;
import dev.parley.domain.error.ChatException;
import dev.parley.domain.error.Circuit;
import dev.parley.domain.live.Leases;
import dev.parley.domain.store.AttachmentStore;
import dev.parley.domain.store.BlobStore;
import dev.parley.domain.store.MessageStore;
import dev.parley.domain.store.ReplyStore;
import dev.parley.domain.store.SessionStore;
import dev.parley.domain.telemetry.Telemetry;
import dev.parley.domain.telemetry.TelemetryEvent;
import dev.parley.domain.topic.TopicLog;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * Every durable port on one MongoDB database, for any number of processes. A standalone server suffices: no transactions, change
 * streams or sessions are used.
 *
 * <p>Whatever a port acknowledges is with a majority of the servers before. Safe for use by many threads.
 */
public final class MongoAdapter implements AutoCloseable {
    private final MongoClient client;
    private final Store store;
    private final SessionStore sessions;
    private final MessageStore messages;
    private final ReplyStore replies;
    private final AttachmentStore attachments;
    private final BlobStore blobs;
    private final TopicLog topics;
    private final Revocations revocations;
    private final AuditTrail audit;
    private final Sweep sweep;

    private MongoAdapter(MongoClient client, Store store, Projection.Sizes sizes, Telemetry telemetry) {
        this.client = client;
        this.store = store;
        Heads heads = new Heads(store, new Projection(store, sizes));
        Homes homes = new Homes(store, heads);
        Steps steps = new Steps(store, heads, telemetry);
        MongoSessionStore sessionStore = new MongoSessionStore(store, heads, steps);
        MongoTopicLog topicLog = new MongoTopicLog(store);
        GridBlobStore blobStore = new GridBlobStore(store);
        this.sessions = sessionStore;
        this.messages = new MongoMessageStore(store, heads, homes);
        this.replies = new MongoReplyStore(store, heads, steps, homes);
        this.attachments = new MongoAttachmentStore(store, heads, sessionStore);
        this.blobs = blobStore;
        this.topics = topicLog;
        this.revocations = new MongoRevocations(store);
        this.audit = new MongoAuditTrail(store);
        this.sweep = new Sweep(store, heads, topicLog, blobStore);
    }

    /**
     * Connects, brings an older database to this version and creates what is missing in it.
     *
     * @param telemetry told as the dependency {@code store} when it goes away and comes back
     * @throws dev.parley.domain.error.UnavailableException when no server answers, refuses the user or is too old
     * @throws dev.parley.domain.error.CorruptDataException when the database was written by a newer program
     */
    public static MongoAdapter connect(MongoSettings settings, Telemetry telemetry) {
        return connect(settings, MongoClients.create(client(settings).build()), Projection.Sizes.DEFAULT, telemetry);
    }

    /** Connects and tells nobody what it does. */
    public static MongoAdapter connect(MongoSettings settings) {
        return connect(settings, Telemetry.SILENT);
    }

    /** The same by a client that is closed with this. */
    static MongoAdapter connect(
            MongoSettings settings, MongoClient client, Projection.Sizes sizes, Telemetry telemetry) {
        boolean connected = false;
        try {
            Circuit circuit = new Circuit(
                    "MongoDB", System::nanoTime, up -> telemetry.on(new TelemetryEvent.DependencyChanged("store", up)));
            Store store =
                    new Store(client.getDatabase(settings.database()), new Calls(circuit, settings.answerWithin()));
            store.guarded(() -> {
                new Schema(store).prepare();
                return true;
            });
            connected = true;
            return new MongoAdapter(client, store, sizes, telemetry);
        } finally {
            if (!connected) {
                client.close();
            }
        }
    }

    static MongoClientSettings.Builder client(MongoSettings settings) {
        long toConnect = settings.connectWithin().toMillis();
        long forAnswers = settings.answerWithin().toMillis();
        return MongoClientSettings.builder()
                .applyConnectionString(settings.address())
                .applicationName("parley")
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(toConnect, TimeUnit.MILLISECONDS))
                .applyToSocketSettings(socket -> socket.connectTimeout(toConnect, TimeUnit.MILLISECONDS)
                        .readTimeout(forAnswers, TimeUnit.MILLISECONDS))
                .applyToConnectionPoolSettings(pool -> pool.maxSize(settings.connections())
                        .maxWaitTime(forAnswers, TimeUnit.MILLISECONDS))
                .readPreference(ReadPreference.primary())
                .readConcern(ReadConcern.MAJORITY)
                // A server that stands alone is its own majority before its journal is on the disk.
                .writeConcern(
                        WriteConcern.MAJORITY.withJournal(true).withWTimeout(forAnswers, TimeUnit.MILLISECONDS));
    }

    public SessionStore sessions() {
        return sessions;
    }

    public MessageStore messages() {
        return messages;
    }

    public ReplyStore replies() {
        return replies;
    }

    public AttachmentStore attachments() {
        return attachments;
    }

    public BlobStore blobs() {
        return blobs;
    }

    public TopicLog topics() {
        return topics;
    }

    public Revocations revocations() {
        return revocations;
    }

    public AuditTrail audit() {
        return audit;
    }

    /** Leases for what is asked for seldom, as who may use the database; by {@code clock}, which may be some seconds off. */
    public Leases leases(InstantSource clock) {
        return new MongoLeases(store, clock);
    }

    /** What is wrong, for an operator; empty when it reads and writes. Takes as long as a small write does. */
    public Optional<String> fault() {
        try {
            return store.guarded(() -> {
                store.about()
                        .updateOne(Filters.eq("_id", "health"), Updates.inc("looked", 1L), new UpdateOptions().upsert(true));
                return Optional.<String>empty();
            });
        } catch (ChatException fault) {
            return Optional.of(String.valueOf(fault.getMessage()));
        }
    }

    /**
     * Removes what nobody sees any more: what ended before {@code now}, and what purges and processes that died left. To be called
     * every few minutes; any number of nodes may.
     */
    public void sweep(Instant now) {
        store.guarded(() -> {
            sweep.run(now);
            return true;
        });
    }

    /** Which server this is connected to, for the log. */
    public String server() {
        return store.guarded(() -> {
            try {
                return "MongoDB " + Docs.text(store.database().runCommand(new Document("buildInfo", 1)), "version");
            } catch (MongoException unknown) {
                return "MongoDB";
            }
        });
    }

    /** Ends what is open; what is called later fails. */
    @Override
    public void close() {
        client.close();
    }
}
