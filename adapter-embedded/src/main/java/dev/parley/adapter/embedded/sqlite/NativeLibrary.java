package dev.parley.adapter.embedded.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * The driver's native library, unpacked where it can be run: the common temporary folder may forbid running code. The driver would
 * unpack it too, but compares its copy with the original byte by byte.
 */
final class NativeLibrary {

    /** Where the driver looks for it. */
    private static final String FOLDER = "org.sqlite.lib.path";

    /** Where the driver unpacks it otherwise: on machines that it looks at closer than this does. */
    private static final String TEMPORARY = "org.sqlite.tmpdir";

    private NativeLibrary() {}

    /**
     * Unpacks it into {@code folder}, for this process; nothing is done where somebody said already where it is.
     *
     * @param folder which this process holds, so that what is left there by one that was killed is nobody's
     */
    static void provide(Path folder) {
        if (System.getProperty(FOLDER) != null || System.getProperty(TEMPORARY) != null) {
            return;
        }
        try {
            Files.createDirectories(folder);
            empty(folder);
            System.setProperty(TEMPORARY, folder.toString());
            String name = LibraryLoaderUtil.getNativeLibName();
            try (InputStream library = SQLiteJDBCLoader.class.getResourceAsStream(
                    LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name)) {
                if (library != null) {
                    System.setProperty(FOLDER, unpacked(library, folder, name).toString());
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Path unpacked(InputStream library, Path folder, String name) throws IOException {
        Path own = Files.createTempDirectory(folder, "sqlite-");
        Path file = own.resolve(name);
        // What is named last goes first.
        own.toFile().deleteOnExit();
        file.toFile().deleteOnExit();
        Files.copy(library, file);
        return own;
    }

    private static void empty(Path folder) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "sqlite-*")) {
            for (Path old : left) {
                if (Files.isDirectory(old)) {
                    emptied(old);
                }
                Files.deleteIfExists(old);
            }
        }
    }

    private static void emptied(Path old) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(old)) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
    }
}
