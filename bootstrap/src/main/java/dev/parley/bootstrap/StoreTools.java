package dev.parley.bootstrap;

import dev.parley.adapter.embedded.files.FileBlobStore;
import dev.parley.adapter.embedded.sqlite.DataFolder;
import dev.parley.adapter.embedded.sqlite.SqliteDatabase;
import dev.parley.adapter.embedded.sqlite.SqliteSettings;
import dev.parley.adapter.embedded.system.SystemTimers;
import dev.parley.adapter.mongo.MongoAdapter;
import dev.parley.adapter.mongo.MongoSettings;
import dev.parley.adapter.rest.StoreExport;
import dev.parley.bootstrap.settings.Settings;
import dev.parley.domain.access.Principal;
import dev.parley.domain.access.UserId;
import dev.parley.domain.attachment.Sha256;
import dev.parley.domain.error.UnavailableException;
import dev.parley.domain.live.NodeId;
import dev.parley.domain.session.SessionId;
import dev.parley.domain.time.Timers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What is done with a store beside serving it. */
public final class StoreTools {
    private static final System.Logger LOG = System.getLogger(StoreTools.class.getName());

    private StoreTools() {}

    /** How conversations can be written out. */
    public static final List<String> FORMATS = List.of("json", "markdown", "html", "csv");

    /**
     * Copies the database to {@code target}, which is whole or untouched; a server may use the database meanwhile.
     *
     * @throws UnavailableException when there is no database, or the copy cannot be written
     * @throws dev.parley.domain.error.CorruptDataException when the database is damaged
     */
    public static void backup(Settings settings, Path target) {
        if (settings.storage().mongo().isPresent()) {
            throw new UnavailableException(
                    "Expected the database to be in the data folder, found it in MongoDB (MONGODB_URI): use mongodump");
        }
        Path database = settings.dataFolder().resolve(SqliteSettings.DEFAULT.fileName());
        if (!Files.isRegularFile(database)) {
            throw new UnavailableException("Expected a database to copy, found no " + database);
        }
        Path whole = target.toAbsolutePath();
        Path aside = whole.resolveSibling(whole.getFileName() + ".part");
        try {
            Files.deleteIfExists(aside);
            SqliteDatabase.copy(database, aside);
            Files.move(aside, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UnavailableException(
                    "Expected to copy " + database + " to " + whole + ", found: " + failed.getMessage(), failed);
        } finally {
            remove(aside);
        }
    }

    /** What a copy that failed left; whoever looks next time finds it otherwise. */
    private static void remove(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException stays) {
            LOG.log(System.Logger.Level.WARNING, "A copy that was begun stays: " + part, stays);
        }
    }

    /**
     * Writes one session or all; no server may use the data folder meanwhile, while one may use MongoDB.
     *
     * @return false when there is no session of that name
     * @throws UnavailableException when there is no database, or a server uses it
     */
    public static boolean export(Settings settings, Optional<SessionId> one, String format, OutputStream out)
            throws IOException {
        Principal viewer = Principal.trusted(new UserId("export"), Principal.ADMIN);
        if (settings.storage().mongo().isPresent()) {
            try (Opened store = InMongo.open(settings.storage().mongo().get())) {
                return new StoreExport(store.stores().sessions(), store.stores().messages())
                        .write(one, format, viewer, InstantSource.system().instant(), settings.idleAfter(), out);
            }
        }
        Path file = settings.dataFolder().resolve(SqliteSettings.DEFAULT.fileName());
        if (!Files.isRegularFile(file)) {
            throw new UnavailableException("Expected a database to export, found no " + file);
        }
        try (DataFolder folder = DataFolder.lock(settings.dataFolder());
                SqliteDatabase database = SqliteDatabase.open(folder)) {
            return new StoreExport(database.sessions(), database.messages())
                    .write(one, format, viewer, InstantSource.system().instant(), settings.idleAfter(), out);
        }
    }

    /**
     * What is known of a copy that is complete.
     *
     * @param uploads files on their way, which may go on there
     * @param piecesLeft pieces of those that were left out, since one before them is missing; their senders are told
     * @param checksum SHA-256 over the ids and contents of all messages, the same in both stores
     */
    public record Copied(
            long sessions,
            long changes,
            long messages,
            long files,
            long uploads,
            long piecesLeft,
            long topics,
            long revocations,
            long audited,
            String checksum) {}

    /** How the store in the data folder is called. */
    public static final String EMBEDDED = "embedded";

    /** Whether {@code store} is {@value #EMBEDDED} or the address of a MongoDB. */
    public static boolean known(String store) {
        return store.equals(EMBEDDED) || store.startsWith("mongodb://") || store.startsWith("mongodb+srv://");
    }

    /**
     * Brings everything durable from one store into another, and compares them in the end; what was brought before is not brought again.
     * No server may use either meanwhile.
     *
     * @param from {@value #EMBEDDED} or the address of a MongoDB, as {@code to}
     * @param progress told what is done, a line each time
     * @throws StartException when a server uses a store, or one cannot be used
     * @throws UnavailableException when a store went away, or there is nothing to copy
     * @throws dev.parley.domain.error.CorruptDataException when the other store holds something else under the same names
     */
    public static Copied copy(Settings settings, String from, String to, Consumer<String> progress) {
        if (from.equals(EMBEDDED)) {
            Path database = settings.dataFolder().resolve(SqliteSettings.DEFAULT.fileName());
            if (!Files.isRegularFile(database)) {
                throw new StartException(
                        StartException.Reason.DATA_FOLDER, "Expected a database to copy from, found no " + database);
            }
        }
        NodeId copier = copier(settings, from, to);
        InstantSource clock = InstantSource.system();
        try (SystemTimers timers = SystemTimers.start();
                Opened source = alone(settings, from, copier, timers);
                Opened target = alone(settings, to, copier, timers)) {
            Runnable alone = () -> {
                source.alone().run();
                target.alone().run();
            };
            return new StoreCopy(source.stores(), target.stores(), clock.instant(), progress, alone).run();
        }
    }

    /** The same for the same copy, so that one that broke off may go on at once. */
    private static NodeId copier(Settings settings, String from, String to) {
        String what = settings.dataFolder().toAbsolutePath().normalize() + "\n" + from + "\n" + to;
        return new NodeId("copy-" + Sha256.of(what.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16));
    }

    private static Opened alone(Settings settings, String store, NodeId copier, Timers timers) {
        try {
            return store.equals(EMBEDDED) ? Embedded.open(settings) : InMongo.alone(store, copier, timers);
        } catch (UnavailableException unusable) {
            throw new StartException(
                    store.equals(EMBEDDED) ? StartException.Reason.DATA_FOLDER : StartException.Reason.DEPENDENCY,
                    String.valueOf(unusable.getMessage()),
                    unusable);
        }
    }

    /**
     * A store that is open until it is closed.
     *
     * @param alone fails once somebody else may use it, too
     */
    private record Opened(Replacements.Durable stores, List<AutoCloseable> parts, Runnable alone) implements AutoCloseable {
        @Override
        @SuppressWarnings("IllegalCatch") // whatever fails, the rest must be closed
        public void close() {
            List<Exception> failures = new ArrayList<>();
            for (AutoCloseable part : parts) {
                try {
                    part.close();
                } catch (Exception unclosed) {
                    failures.add(unclosed);
                }
            }
            if (!failures.isEmpty()) {
                UnavailableException failed = new UnavailableException("Expected to close a store", failures.getFirst());
                failures.stream().skip(1).forEach(failed::addSuppressed);
                throw failed;
            }
        }
    }

    private static final class Embedded {
        static Opened open(Settings settings) {
            try {
                PrivateFolder.make(settings.dataFolder());
                PrivateFolder.make(settings.uploads().folder());
                PrivateFolder.make(settings.uploads().temporary());
            } catch (IOException unusable) {
                throw new UnavailableException("Expected a data folder that can be written, found " + unusable.getMessage(),
                        unusable);
            }
            DataFolder folder = DataFolder.lock(settings.dataFolder());
            SqliteDatabase database = SqliteDatabase.open(folder);
            FileBlobStore blobs = FileBlobStore.open(settings.uploads().folder(), settings.uploads().temporary());
            return new Opened(
                    new Replacements.Durable(
                            database.sessions(),
                            database.messages(),
                            database.replies(),
                            database.revocations(),
                            database.audit(),
                            database.topics(),
                            database.attachments(),
                            blobs),
                    List.of(database, folder),
                    () -> {});
        }
    }

    /** Loaded only when it is asked for, since its driver is optional. */
    private static final class InMongo {
        static Opened open(String address) {
            MongoAdapter mongo = MongoAdapter.connect(MongoSettings.of(address));
            return new Opened(stores(mongo), List.of(mongo), () -> {});
        }

        /** For nobody else meanwhile: servers keep a claim on what they use, as does this. */
        static Opened alone(String address, NodeId owner, Timers timers) {
            MongoAdapter mongo = MongoAdapter.connect(MongoSettings.of(address));
            boolean claimed = false;
            try {
                StoreClaim claim = StoreClaim.of(
                        StoreClaim.SERVER,
                        owner,
                        mongo.leases(InstantSource.system()),
                        timers,
                        "Expected a MongoDB that no server uses, found one that is used. End all servers on it first; after a"
                                + " crash, or where servers share it, wait for half a minute.");
                claimed = true;
                return new Opened(stores(mongo), List.of(claim, mongo), () -> claim.check(
                        "Expected a MongoDB that no server uses until all is copied, found one that began to. End all servers on it,"
                                + " and copy again: what was brought is not brought again."));
            } finally {
                if (!claimed) {
                    mongo.close();
                }
            }
        }

        private static Replacements.Durable stores(MongoAdapter mongo) {
            return new Replacements.Durable(
                    mongo.sessions(),
                    mongo.messages(),
                    mongo.replies(),
                    mongo.revocations(),
                    mongo.audit(),
                    mongo.topics(),
                    mongo.attachments(),
                    mongo.blobs());
        }
    }
}
