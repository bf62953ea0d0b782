package dev.parley.adapter.tika;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** What comes out of one uploaded archive, with all that is packed inside it; counted and thrown away. */
final class Unpacked {

    private static final int TAR_MAGIC = 257;
    private static final int HEAD = 512;

    private final InspectionLimits limits;
    private final long most;
    private long bytes;
    private int entries;

    /** @param size of the archive itself, in bytes */
    Unpacked(InspectionLimits limits, long size) {
        this.limits = limits;
        this.most = limits.unpackedFrom(size);
    }

    /** Counts a file in it. */
    void entry() throws UnfitException {
        entries++;
        if (entries > limits.entries()) {
            throw new UnfitException("Expected an archive of at most " + limits.entries() + " files");
        }
    }

    /** Reads all of {@code stream}, and what is packed in it too. {@code depth} how many archives it lies in */
    void read(InputStream stream, int depth) throws IOException, UnfitException {
        BufferedInputStream content = new BufferedInputStream(stream);
        content.mark(HEAD);
        byte[] head = content.readNBytes(HEAD);
        content.reset();
        if (zip(head)) {
            each(new ZipArchiveInputStream(content, "UTF-8", true, true), deeper(depth));
        } else if (gzip(head)) {
            read(GzipCompressorInputStream.builder()
                    .setInputStream(content)
                    .setDecompressConcatenated(true)
                    .get(), deeper(depth));
        } else if (tar(head)) {
            each(new TarArchiveInputStream(content), deeper(depth));
        } else {
            count(content);
        }
        // What an archive leaves unread behind its end is still there.
        count(content);
    }

    private void each(ArchiveInputStream<? extends ArchiveEntry> archive, int depth) throws IOException, UnfitException {
        for (ArchiveEntry next = archive.getNextEntry(); next != null; next = archive.getNextEntry()) {
            entry();
            if (!archive.canReadEntryData(next)) {
                throw Archives.locked();
            }
            read(archive, depth);
        }
    }

    private int deeper(int depth) throws UnfitException {
        if (depth >= limits.depth()) {
            throw new UnfitException("Expected archives at most " + limits.depth() + " deep in each other");
        }
        return depth + 1;
    }

    private void count(InputStream content) throws IOException, UnfitException {
        byte[] chunk = new byte[16 * 1024];
        for (int length = content.read(chunk); length >= 0; length = content.read(chunk)) {
            bytes += length;
            if (bytes > most) {
                throw new UnfitException("Expected an archive that unpacks to at most " + most + " bytes, found more");
            }
        }
    }

    private static boolean zip(byte[] head) {
        return head.length > 3 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
    }

    private static boolean gzip(byte[] head) {
        return head.length > 2 && head[0] == 0x1F && head[1] == (byte) 0x8B && head[2] == 8;
    }

    private static boolean tar(byte[] head) {
        return head.length == HEAD
                && head[TAR_MAGIC] == 'u'
                && head[TAR_MAGIC + 1] == 's'
                && head[TAR_MAGIC + 2] == 't'
                && head[TAR_MAGIC + 3] == 'a'
                && head[TAR_MAGIC + 4] == 'r';
    }
}
