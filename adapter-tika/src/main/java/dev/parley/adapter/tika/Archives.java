package dev.parley.adapter.tika;

import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.MimeType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.MemoryLimitException;
import org.apache.commons.compress.PasswordRequiredException;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Archives, and documents that are archives: what they are exactly, and that they are no bombs. */
final class Archives {

    private static final String ZIP = "application/zip";
    private static final String OOXML = "application/x-tika-ooxml";
    private static final String OFFICE = "application/vnd.openxmlformats-officedocument.";
    private static final String OPEN = "application/vnd.oasis.opendocument.";
    private static final Map<String, String> MAIN_PARTS = Map.of(
            "word/document.xml", OFFICE + "wordprocessingml.document",
            "xl/workbook.xml", OFFICE + "spreadsheetml.sheet",
            "ppt/presentation.xml", OFFICE + "presentationml.presentation");

    /** A list of files that is longer is not read: it would be held in memory. */
    private static final long LONGEST_DIRECTORY = 4L << 20;

    private static final int SEVEN_ZIP_MEMORY_KIB = 64 * 1024;

    private final InspectionLimits limits;
    private final FileContent content;

    Archives(InspectionLimits limits, FileContent content) {
        this.limits = limits;
        this.content = content;
    }

    /** Whether what Tika calls {@code found} is a ZIP archive. */
    static boolean zipped(MimeType found) {
        String value = found.value();
        return value.equals(ZIP) || value.equals(OOXML) || value.startsWith(OFFICE) || value.startsWith(OPEN)
                || value.equals("application/epub+zip") || value.equals("application/java-archive");
    }

    static UnfitException locked() {
        return new UnfitException("Expected an archive without password that can be looked into");
    }

    /** The exact type of what Tika calls {@code found}, once it was unpacked. */
    MimeType exact(MimeType found) throws IOException, UnfitException {
        if (zipped(found)) {
            return unpacked(this::zip);
        }
        return switch (found.value()) {
            case "application/gzip", "application/x-tar", "application/x-gtar" -> unpacked(() -> {
                try (InputStream bytes = content.open()) {
                    new Unpacked(limits, content.size()).read(bytes, 0);
                }
                return found;
            });
            case "application/x-7z-compressed" -> unpacked(() -> {
                sevenZip();
                return found;
            });
            default -> found;
        };
    }

    /** Something that unpacks, and fails where the archive is broken. */
    private interface Unpacking {
        MimeType run() throws IOException, UnfitException;
    }

    private static MimeType unpacked(Unpacking unpacking) throws UnfitException {
        try {
            return unpacking.run();
        } catch (PasswordRequiredException secret) {
            throw locked();
        } catch (MemoryLimitException greedy) {
            throw new UnfitException("Expected an archive that unpacks in little memory", greedy);
        } catch (IOException | IllegalArgumentException | IllegalStateException | ArithmeticException broken) {
            // The libraries tell broken archives in each of these ways; what cannot be decided is unfit.
            throw new UnfitException("Expected an archive that can be unpacked", broken);
        }
    }

    private MimeType zip() throws IOException, UnfitException {
        ZipEnd end = ZipEnd.of(content).orElseThrow(() -> new UnfitException("Expected an archive with an end"));
        if (!end.whole() || !begins()) {
            throw new UnfitException("Expected an archive and nothing else in the file");
        }
        if (end.directorySize() > LONGEST_DIRECTORY) {
            throw new UnfitException("Expected an archive of at most " + limits.entries() + " files");
        }
        try (ContentChannel channel = new ContentChannel(content);
                ZipFile archive = ZipFile.builder().setSeekableByteChannel(channel).get()) {
            List<ZipArchiveEntry> entries = Collections.list(archive.getEntriesInPhysicalOrder());
            Unpacked unpacked = new Unpacked(limits, content.size());
            long free = 0;
            for (ZipArchiveEntry entry : entries) {
                unpacked.entry();
                // Files that share their bytes unpack to more than the archive could hold.
                if (entry.getDataOffset() < free) {
                    throw new UnfitException("Expected files beside each other, found one inside another");
                }
                free = entry.getDataOffset() + Math.max(0, entry.getCompressedSize());
                if (!archive.canReadEntryData(entry)) {
                    throw locked();
                }
                try (InputStream bytes = archive.getInputStream(entry)) {
                    unpacked.read(bytes, 1);
                }
            }
            return kind(archive, entries);
        }
    }

    private boolean begins() throws IOException {
        byte[] head = Reading.at(content, 0, 4);
        return head.length == 4 && head[0] == 'P' && head[1] == 'K' && (head[2] == 3 || head[2] == 5);
    }

    private static MimeType kind(ZipFile archive, List<ZipArchiveEntry> entries) throws IOException, UnfitException {
        Set<String> names = new HashSet<>();
        entries.forEach(entry -> names.add(entry.getName()));
        if (names.contains("[Content_Types].xml")) {
            if (names.stream().anyMatch(name -> name.endsWith("vbaProject.bin"))) {
                throw new UnfitException("Expected a document without macros");
            }
            return new MimeType(MAIN_PARTS.entrySet()
                    .stream()
                    .filter(part -> names.contains(part.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(OOXML));
        }
        ZipArchiveEntry said = archive.getEntry("mimetype");
        if (said != null) {
            try (InputStream bytes = archive.getInputStream(said)) {
                String type = new String(bytes.readNBytes(128), StandardCharsets.US_ASCII).strip();
                if (type.startsWith(OPEN)) {
                    return MimeType.of(type);
                }
            }
        }
        return new MimeType(ZIP);
    }

    private void sevenZip() throws IOException, UnfitException {
        try (ContentChannel channel = new ContentChannel(content);
                SevenZFile archive = SevenZFile.builder()
                        .setSeekableByteChannel(channel)
                        .setMaxMemoryLimitKiB(SEVEN_ZIP_MEMORY_KIB)
                        .get()) {
            Unpacked unpacked = new Unpacked(limits, content.size());
            for (SevenZArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                unpacked.entry();
                if (entry.hasStream()) {
                    try (InputStream bytes = archive.getInputStream(entry)) {
                        unpacked.read(bytes, 1);
                    }
                }
            }
        }
    }
}
