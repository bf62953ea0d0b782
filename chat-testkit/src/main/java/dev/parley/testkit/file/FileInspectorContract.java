package dev.parley.testkit.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.FileInspector;
import dev.parley.domain.attachment.FileInspector.Inspection;
import dev.parley.domain.attachment.FileName;
import dev.parley.domain.attachment.MimeType;
import dev.parley.domain.error.UnavailableException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link FileInspector} keeps to. */
public abstract class FileInspectorContract {
    private static final Bytes PNG = Bytes.ofHex(
            "89504e470d0a1a0a 0000000d49484452 0000000100000001 0806000000 1f15c489"
                    + "0000000d49444154 789c6360606060000000050001 a5f64540 0000000049454e44ae426082");
    private static final Bytes GIF =
            Bytes.ofHex("474946383961 0100 0100 80 00 00 000000 ffffff 2c00000000010001000002024401003b");
    private static final Bytes JPEG = Bytes.ofHex(
            "ffd8ffe000104a46494600010100000100010000 ffdb0043 00" + "10".repeat(64) + "ffd9");
    private static final Bytes PDF = Bytes.of("""
            %PDF-1.4
            1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
            2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj
            trailer<</Root 1 0 R>>
            %%EOF
            """);
    private static final Bytes PROGRAM = Bytes.ofHex("7f454c46 02010100 0000000000000000 0300 3e00 01000000");
    private static final Bytes WINDOWS_PROGRAM = Bytes.ofHex("4d5a9000 03000000 04000000 ffff0000")
            .then(Bytes.of("This program cannot be run in DOS mode."));

    /** Makes what is to be proved. */
    protected abstract FileInspector inspector();

    private Inspection inspect(String name, FileContent content) {
        return inspector().inspect(FileName.of(name), content);
    }

    private void assertUnfit(String name, FileContent content) {
        assertThat(inspect(name, content)).as(name).isInstanceOf(Inspection.Unfit.class);
    }

    private void assertFit(String name, String type, FileContent content) {
        assertThat(inspect(name, content)).as(name).isEqualTo(new Inspection.Fit(new MimeType(type)));
    }

    @Nested
    class Fit {
        @Test
        void pictures_and_documents_are_what_their_endings_say() {
            assertFit("a.png", "image/png", PNG);
            assertFit("A.GIF", "image/gif", GIF);
            assertFit("a.jpg", "image/jpeg", JPEG);
            assertFit("a.jpeg", "image/jpeg", JPEG);
            assertFit("a.pdf", "application/pdf", PDF);
            assertFit("two.dots.in.it.pdf", "application/pdf", PDF);
        }

        @ParameterizedTest
        @CsvSource({
            "a.txt, text/plain, Olá mundo", "a.md, text/markdown, # Olá", "a.csv, text/csv, 'a,b'",
            "a.json, application/json, {}",
            "a.py, text/x-python, print(1)", "a.js, text/javascript, let a = 1", "a.css, text/css, a { b: c }",
            "a.html, text/html, <!doctype html><p>x</p>", "a.xml, application/xml, <?xml version='1.0'?><a/>",
            "a.svg, image/svg+xml, <svg xmlns='http://www.w3.org/2000/svg'/>"
        })
        void texts_are_what_their_endings_say(String name, String type, String text) {
            assertFit(name, type, Bytes.of(text));
        }

        @Test
        void archives_and_what_is_made_of_them_are_told_apart() {
            Bytes text = Bytes.of("text");
            assertFit("a.zip", "application/zip", text.zipped("x.txt", "y.txt"));
            assertFit("a.gz", "application/gzip", text.gzipped());
            assertFit(
                    "a.docx",
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                    Bytes.of("<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>")
                            .zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"));
        }
    }

    @Nested
    class Unfit {
        @ParameterizedTest
        @ValueSource(strings = {"a.exe", "a.sh", "a.jar", "a.dll", "a", "a.unknown", "pdf", ".pdf", "a.pdf.exe", "a.php"})
        void other_endings_are_not_let_in_whatever_is_inside(String name) {
            assertUnfit(name, PDF);
        }

        @ParameterizedTest
        @ValueSource(strings = {"a.png", "a.pdf", "a.txt", "a.zip", "a.docx", "a.mp4", "a.json", "a.doc", "a.html", "a.svg"})
        void a_program_is_not_let_in_under_any_name(String name) {
            assertUnfit(name, PROGRAM);
            assertUnfit(name, WINDOWS_PROGRAM);
        }

        @Test
        void content_of_another_kind_than_the_ending_says_is_not_let_in() {
            assertUnfit("a.png", JPEG);
            assertUnfit("a.pdf", PNG);
            assertUnfit("a.jpg", Bytes.of("<script>alert(1)</script>"));
            assertUnfit("a.txt", PNG);
            assertUnfit("a.docx", Bytes.of("text").zipped("x.txt"));
            assertUnfit("a.gz", Bytes.of("text"));
        }

        @Test
        void a_file_that_is_two_things_is_not_let_in() {
            Bytes archive = Bytes.of("text").zipped("x.class");
            assertUnfit("a.png", PNG.then(archive));
            assertUnfit("a.gif", GIF.then(archive));
            assertUnfit("a.pdf", PDF.then(archive));
        }

        @Test
        void an_archive_that_unpacks_to_much_more_than_it_is_is_not_let_in() {
            assertUnfit("a.zip", Bytes.zeros(64 * 1024 * 1024).zipped("zeros.txt"));
            assertUnfit("a.gz", Bytes.zeros(64 * 1024 * 1024).gzipped());
            assertUnfit("a.docx", Bytes.zeros(64 * 1024 * 1024).zipped("[Content_Types].xml", "word/document.xml"));
        }

        @Test
        void what_is_cut_off_or_empty_is_not_let_in_as_something_else() {
            assertUnfit("a.png", Bytes.of(""));
            assertUnfit("a.png", PNG.cut(3));
            assertUnfit("a.zip", Bytes.of("text").zipped("x.txt").cut(20));
            assertUnfit("a.docx", Bytes.of(""));
        }

        @Test
        void the_reason_shows_nothing_of_the_content() {
            Inspection inspection = inspect("a.png", Bytes.of("top secret words"));
            assertThat(inspection.toString()).doesNotContain("secret");
        }
    }

    @Test
    void what_cannot_be_read_is_a_failure_and_no_verdict() {
        assertThatThrownBy(() -> inspect("a.png", Bytes.unreadable())).isInstanceOf(UnavailableException.class);
    }
}
