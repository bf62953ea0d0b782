package dev.parley.adapter.embedded.sqlite;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.parley.domain.error.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder that this process alone uses, until it is closed or the process ends in whatever way.
 *
 * <p>Safe for use by many threads.
 */
public final class DataFolder implements AutoCloseable {
    private static final String LOCK_FILE = "parley.lock";

    /**
     * The folders held inside this process. It stands for the whole process because the lock does: closing any other channel
     * on a locked file would give the lock away, so a second attempt must not even open it.
     */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Makes the folder if it is not there, and takes it.
     *
     * @throws UnavailableException when somebody else holds it or it cannot be written; says which folder and what to do
     */
    public static DataFolder lock(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        FileChannel channel = null;
        boolean taken = false;
        try {
            Files.createDirectories(path);
            path = path.toRealPath();
            if (!HELD_HERE.add(path)) {
                throw held(path, "this process itself");
            }
            try {
                channel = FileChannel.open(path.resolve(LOCK_FILE), CREATE, READ, WRITE);
                if (channel.tryLock(0, 1, false) == null) {
                    throw held(path, holder(channel));
                }
                sign(channel);
                taken = true;
                return new DataFolder(path, channel);
            } finally {
                if (!taken) {
                    closeQuietly(channel);
                    HELD_HERE.remove(path);
                }
            }
        } catch (IOException unusable) {
            throw new UnavailableException(
                    "Expected a data folder that can be written, found " + path + ": " + unusable
                            + ". Make it writable for this user or choose another folder.",
                    unusable);
        }
    }

    private static UnavailableException held(Path path, String holder) {
        return new UnavailableException("Expected the data folder " + path + " to be free, found it in use by " + holder
                + ". Stop that one, or choose another folder.");
    }

    /** The lock covers the first byte; behind it stands who holds it, for whoever comes too late. */
    private static void sign(FileChannel channel) throws IOException {
        ByteBuffer name = ByteBuffer.wrap(
                ("\nprocess " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8));
        channel.truncate(0);
        channel.write(name, 0);
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer name = ByteBuffer.allocate(100);
        channel.read(name, 1);
        String holder = new String(name.array(), 0, name.position(), StandardCharsets.UTF_8).strip();
        return holder.isEmpty() ? "another process" : holder;
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            System.getLogger(DataFolder.class.getName())
                    .log(System.Logger.Level.DEBUG, "A lock file could not be closed", ignored);
        }
    }

    /** Absolute. */
    public Path path() {
        return path;
    }

    /** Lets the folder go; what uses it must be closed before. */
    @Override
    public void close() {
        if (HELD_HERE.remove(path)) {
            closeQuietly(channel);
        }
    }
}
