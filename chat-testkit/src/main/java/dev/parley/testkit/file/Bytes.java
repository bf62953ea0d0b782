package dev.parley.testkit.file;

import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.error.UnavailableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A file in memory.
 *
 * @param all what is in it
 */
public record Bytes(byte[] all) implements FileContent {

    public static Bytes of(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @param hex digits, blanks between them do not count */
    public static Bytes ofHex(String hex) {
        return new Bytes(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** So many bytes of nothing. */
    public static Bytes zeros(int count) {
        return new Bytes(new byte[count]);
    }

    /** A file that every virus scanner calls infected, and that harms nobody; put together so that this one is not found. */
    public static Bytes eicar() {
        return of("X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*");
    }

    /** An archive of files with such names, all with this content. */
    public Bytes zipped(String... names) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(all);
                zip.closeEntry();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Bytes(out.toByteArray());
    }

    public Bytes gzipped() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(all);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Bytes(out.toByteArray());
    }

    /** This with {@code more} behind it. */
    public Bytes then(Bytes more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(all);
        out.writeBytes(more.all);
        return new Bytes(out.toByteArray());
    }

    /** Only the first {@code length} bytes. */
    public Bytes cut(int length) {
        return new Bytes(Arrays.copyOf(all, length));
    }

    /** A file that nobody can read. */
    public static FileContent unreadable() {
        return new FileContent() {
            @Override
            public long size() {
                return 100;
            }

            @Override
            public InputStream open(long offset) {
                throw new UnavailableException("Expected to read a file, found that nobody can");
            }
        };
    }

    @Override
    public long size() {
        return all.length;
    }

    @Override
    public InputStream open(long offset) {
        return new ByteArrayInputStream(all, (int) offset, all.length - (int) offset);
    }
}
