package dev.parley.adapter.embedded.files;

import dev.parley.domain.attachment.FileContent;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/** Unpacks archives to nowhere, to see what is in them and how much it is. */
final class ArchiveCheck {
    private static final int MOST_ENTRIES = 10_000;
    private static final long ALWAYS_FINE = 10L * 1024 * 1024;
    private static final long MOST_BYTES = 1024L * 1024 * 1024;
    private static final int MOST_TIMES = 100;

    private static final Optional<String> BROKEN = Optional.of("Expected an archive that is whole");
    private static final Optional<String> BOMB = Optional.of("Expected an archive that unpacks to less");

    private ArchiveCheck() {}

    /** What is wrong with it, if anything is. */
    static Optional<String> zip(String ending, FileContent content) throws IOException {
        Budget budget = new Budget(content.size());
        Set<String> names = new HashSet<>();
        String kind = "";
        int entries = 0;
        try (InputStream in = content.open();
                ZipInputStream zip = new ZipInputStream(in, StandardCharsets.UTF_8)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(top(entry.getName()));
                if (entry.getName().equals("mimetype")) {
                    byte[] said = zip.readNBytes(200);
                    kind = new String(said, StandardCharsets.US_ASCII).strip();
                }
                if (++entries > MOST_ENTRIES || !budget.takes(zip)) {
                    return BOMB;
                }
            }
        } catch (ZipException | EOFException | IllegalArgumentException broken) {
            return BROKEN;
        }
        return holds(ending, names, kind) ? Optional.empty() : Optional.of("Expected the content of a ." + ending + " file");
    }

    /** What is wrong with it, if anything is. */
    static Optional<String> gzip(FileContent content) throws IOException {
        try (InputStream in = content.open(); GZIPInputStream gzip = new GZIPInputStream(in)) {
            return new Budget(content.size()).takes(gzip) ? Optional.empty() : BOMB;
        } catch (ZipException | EOFException broken) {
            return BROKEN;
        }
    }

    private static String top(String name) {
        int slash = name.indexOf('/');
        return slash < 0 ? name : name.substring(0, slash + 1);
    }

    private static boolean holds(String ending, Set<String> names, String kind) {
        return switch (ending) {
            case "docx" -> names.contains("[Content_Types].xml") && names.contains("word/");
            case "xlsx" -> names.contains("[Content_Types].xml") && names.contains("xl/");
            case "pptx" -> names.contains("[Content_Types].xml") && names.contains("ppt/");
            case "odt" -> kind.equals("application/vnd.oasis.opendocument.text");
            case "ods" -> kind.equals("application/vnd.oasis.opendocument.spreadsheet");
            case "odp" -> kind.equals("application/vnd.oasis.opendocument.presentation");
            default -> !names.isEmpty();
        };
    }

    /** How much may come out of an archive. */
    private static final class Budget {
        private final long packed;
        private final byte[] buffer = new byte[Folders.BUFFER];
        private long unpacked;

        Budget(long packed) {
            this.packed = packed;
        }

        /** Reads to the end; false as soon as it is too much. */
        boolean takes(InputStream in) throws IOException {
            int read = in.read(buffer);
            while (read >= 0) {
                unpacked += read;
                if (unpacked > MOST_BYTES || unpacked > ALWAYS_FINE && unpacked / MOST_TIMES > packed) {
                    return false;
                }
                read = in.read(buffer);
            }
            return true;
        }
    }
}
