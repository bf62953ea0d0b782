package dev.parley.adapter.embedded.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done with folders and files. */
final class Folders {
    static final int BUFFER = 64 * 1024;

    private Folders() {}

    /** What is in the folder, in the order of the names; nothing when there is no such folder. */
    static List<Path> list(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
        found.sort(null);
        return found;
    }

    /** Deletes the files in the folder. */
    static void empty(Path folder) throws IOException {
        for (Path file : list(folder)) {
            Files.deleteIfExists(file);
        }
    }

    static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            System.getLogger(Folders.class.getName())
                    .log(System.Logger.Level.WARNING, "A file that is not needed any more could not be deleted", left);
        }
    }

    /** Makes names in the folder safe, where the system can. */
    static void force(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException cannot) {
            System.getLogger(Folders.class.getName())
                    .log(System.Logger.Level.DEBUG, "A folder could not be forced to the disk", cannot);
        }
    }

    static InputStream open(Path file, long offset) throws IOException {
        InputStream in = Files.newInputStream(file);
        boolean done = false;
        try {
            in.skipNBytes(offset);
            done = true;
            return in;
        } finally {
            if (!done) {
                in.close();
            }
        }
    }
}
