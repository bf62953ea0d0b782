package dev.parley.adapter.tika;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.parley.domain.attachment.FileInspector.Inspection;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is let in, and what is not. */
final class TikaInspectorTest {

    private static final InspectionLimits SMALL = new InspectionLimits(100, 4 << 20, 1 << 20, 50, 3);

    private final TikaInspector inspector = new TikaInspector(SMALL);

    static Stream<Arguments> whatItSaysItIs() throws IOException {
        return Stream.of(
                arguments("a.png", Files.PNG, "image/png"),
                arguments("A.JPG", Files.JPEG, "image/jpeg"),
                arguments("a.gif", Files.GIF, "image/gif"),
                arguments("a.svg", Files.text("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "image/svg+xml"),
                arguments("a.pdf", Files.PDF, "application/pdf"),
                arguments("a.txt", "olá, mundo".getBytes(StandardCharsets.UTF_8), "text/plain"),
                arguments("a.txt", new byte[0], "text/plain"),
                arguments("a.md", Files.text("# Title\n\nText"), "text/markdown"),
                arguments("a.md", Files.text("<html>in Markdown</html>"), "text/markdown"),
                arguments("a.csv", Files.text("a,b\n1,2\n"), "text/csv"),
                arguments("a.json", Files.text("{\"a\": 1}"), "application/json"),
                arguments("a.py", Files.text("#!/usr/bin/env python3\nprint(1)\n"), "text/x-python"),
                arguments("a.js", Files.text("export const a = 1;\n"), "text/javascript"),
                arguments("a.html", Files.text("<!doctype html><html><body>x</body></html>"), "text/html"),
                arguments("a.xml", Files.text("<?xml version=\"1.0\"?><a/>"), "application/xml"),
                arguments("a.zip", Files.zip(Map.of("a.txt", Files.text("a"))), "application/zip"),
                arguments("a.zip", Files.zip(Map.of("b.zip", Files.zip(Map.of("c", Files.PDF)))), "application/zip"),
                arguments("a.zip", Files.word(Map.of()), "application/zip"),
                arguments("a.docx", Files.word(Map.of()),
                        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
                arguments("a.odt",
                        Files.zip(Map.of("mimetype", Files.text("application/vnd.oasis.opendocument.text"))),
                        "application/vnd.oasis.opendocument.text"),
                arguments("a.gz", Files.gzip(Files.text("a")), "application/gzip"),
                arguments("a.tar", Files.tar("a.txt", Files.text("a")), "application/x-tar"),
                arguments("a.tar.gz", Files.gzip(Files.tar("a.txt", Files.text("a"))), "application/gzip"),
                arguments("a.7z", Files.sevenZip(Files.text("a".repeat(1000))), "application/x-7z-compressed"),
                arguments("a.rar", Files.text("Rar!\32\7\1\0 and more"), "application/vnd.rar"),
                arguments("a.mp3", Files.text("ID3\4\0\0\0\0\0\0 and more"), "audio/mpeg"),
                arguments("a.wav", Files.text("RIFF\44\0\0\0WAVEfmt "), "audio/wav"),
                arguments("a.flac", Files.text("fLaC\0\0\0\42"), "audio/flac"),
                arguments("a.ogg", Files.text("OggS\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\36\1vorbis"), "audio/ogg"),
                arguments("a.mp4", Files.text("\0\0\0\30ftypmp42\0\0\0\0mp42isom"), "video/mp4"),
                arguments("a.mov", Files.text("\0\0\0\24ftypqt  \0\0\0\0qt  "), "video/quicktime"),
                arguments("a.webm", Files.text("\32\105\337\243\1\0\0\0\0\0\0\37\102\206\201\1\102\202\204webm"), "video/webm"));
    }

    @ParameterizedTest(name = "{0} as {2}")
    @MethodSource("whatItSaysItIs")
    void a_file_that_is_what_it_says_is_let_in(String name, byte[] bytes, String type) {
        assertThat(inspected(name, bytes)).isEqualTo(new Inspection.Fit(new MimeType(type)));
    }

    static Stream<Arguments> whatItIsNot() throws IOException {
        byte[] zip = Files.zip(Map.of("a.txt", Files.text("a")));
        return Stream.of(
                arguments("a program as a picture", "a.png", Files.PROGRAM),
                arguments("a program as a text", "a.txt", Files.PROGRAM),
                arguments("a program by its own name", "a.exe", Files.PROGRAM),
                arguments("a name without ending", "a", Files.text("a")),
                arguments("an ending nobody knows", "a.txt.xyz", Files.text("a")),
                arguments("a page as a picture", "a.jpg", Files.text("<html><script>alert(1)</script></html>")),
                arguments("a picture as a document", "a.pdf", Files.PNG),
                arguments("an empty picture", "a.png", new byte[0]),
                arguments("an archive as an office document", "a.docx", zip),
                arguments("a text document as a sheet", "a.xlsx", Files.word(Map.of())),
                arguments("an office document with macros", "a.docx",
                        Files.word(Map.of("word/vbaProject.bin", Files.PROGRAM))),
                arguments("an archive behind a picture", "a.gif", Files.joined(Files.GIF, zip)),
                arguments("an archive behind a document", "a.pdf", Files.joined(Files.PDF, zip)),
                arguments("a picture before an archive", "a.zip", Files.joined(Files.GIF, zip)),
                arguments("something behind an archive", "a.zip", Files.joined(zip, Files.PDF)),
                arguments("a script in a picture", "a.gif", Files.joined(Files.GIF, Files.text("/*<SCRIPT>*/"))),
                arguments("a document in a picture", "a.jpg", Files.joined(Files.JPEG, Files.PDF)),
                arguments("something before a document", "a.pdf", Files.joined(Files.text("\n"), Files.PDF)),
                arguments("a broken archive", "a.zip", Files.text("PK\3\4 and nothing more")),
                arguments("half an archive", "a.7z", half(Files.sevenZip(new byte[5000]))),
                arguments("a broken gzip", "a.gz", half(Files.gzip(noise(1000)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whatItIsNot")
    void a_file_that_is_something_else_is_not(String what, String name, byte[] bytes) {
        assertThat(inspected(name, bytes)).isInstanceOfSatisfying(Inspection.Unfit.class, unfit -> assertThat(unfit.reason())
                .startsWith("Expected "));
    }

    static Stream<Arguments> bombs() throws IOException {
        byte[] zeros = new byte[8 << 20];
        byte[] manyZeros = Files.zip(Map.of("zeros", new byte[1 << 20]));
        Map<String, byte[]> copies = new HashMap<>();
        for (int i = 0; i < 16; i++) {
            copies.put(i + ".zip", manyZeros);
        }
        Map<String, byte[]> many = new HashMap<>();
        for (int i = 0; i < 101; i++) {
            many.put(Integer.toString(i), new byte[0]);
        }
        byte[] deep = Files.zip(Map.of("a", Files.text("a")));
        for (int i = 0; i < 3; i++) {
            deep = Files.zip(Map.of("inside.zip", deep));
        }
        return Stream.of(
                arguments("zeros in a zip", "a.zip", Files.zip(Map.of("zeros", zeros))),
                arguments("zeros in a document", "a.docx", Files.word(Map.of("word/media/image1.bmp", zeros))),
                arguments("zeros in archives in an archive", "a.zip", Files.zip(copies)),
                arguments("zeros in a gzip", "a.gz", Files.gzip(zeros)),
                arguments("zeros in a tar in a gzip", "a.gz", Files.gzip(Files.tar("zeros", zeros))),
                arguments("zeros in a gzip in a gzip", "a.gz", Files.gzip(Files.gzip(zeros))),
                arguments("zeros in a 7z", "a.7z", Files.sevenZip(zeros)),
                arguments("too many files", "a.zip", Files.zip(many)),
                arguments("archives too deep in archives", "a.zip", deep),
                arguments("files that share their bytes", "a.zip", overlapping()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bombs")
    void an_archive_that_unpacks_to_much_more_than_it_is_is_not(String what, String name, byte[] bytes) {
        assertThat(inspected(name, bytes)).isInstanceOf(Inspection.Unfit.class);
    }

    @Test
    void an_archive_with_a_password_is_not_since_nobody_can_look_into_it() throws IOException {
        byte[] zip = Files.zip(Map.of("a.txt", Files.text("a")));
        // The first bit of the flags says so, in the file's own head and in the list.
        zip[6] |= 1;
        int list = indexOf(zip, Files.text("PK\1\2"));
        zip[list + 8] |= 1;
        assertThat(inspected("a.zip", zip)).isInstanceOfSatisfying(Inspection.Unfit.class, unfit -> assertThat(unfit.reason())
                .contains("password"));
    }

    @Test
    void whatever_the_bytes_there_is_an_answer() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[][] seeds = {
            Files.zip(Map.of("a.txt", noise(300), "b.txt", Files.text("b"))),
            Files.word(Map.of()),
            Files.gzip(Files.tar("a", noise(700))),
            Files.sevenZip(noise(300)),
            Files.PDF
        };
        String[] names = {"a.zip", "a.docx", "a.gz", "a.7z", "a.pdf"};
        for (int round = 0; round < 400; round++) {
            int which = random.nextInt(seeds.length);
            byte[] bytes = seeds[which].clone();
            for (int change = random.nextInt(6); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            assertThat(inspected(names[which], bytes)).as("seed %d, round %d", seed, round).isNotNull();
        }
    }

    private Inspection inspected(String name, byte[] bytes) {
        return inspector.inspect(FileName.of(name), Files.content(bytes));
    }

    /** Two files in the list whose bytes are the same ones. */
    private static byte[] overlapping() throws IOException {
        byte[] zip = Files.zip(Map.of("aaaa", noise(100), "bbbb", noise(100)));
        int first = indexOf(zip, Files.text("PK\1\2"));
        int second = first + 46 + 4;
        System.arraycopy(zip, first + 42, zip, second + 42, 4);
        return zip;
    }

    private static byte[] half(byte[] bytes) {
        return java.util.Arrays.copyOf(bytes, bytes.length / 2);
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static int indexOf(byte[] whole, byte[] part) {
        for (int i = 0; i <= whole.length - part.length; i++) {
            if (java.util.Arrays.equals(whole, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new IllegalStateException("Expected to find it");
    }
}
