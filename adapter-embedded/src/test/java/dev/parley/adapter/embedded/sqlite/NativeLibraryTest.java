package dev.parley.adapter.embedded.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.util.LibraryLoaderUtil;

class NativeLibraryTest {

    private static final String FOLDER = "org.sqlite.lib.path";
    private static final String TEMPORARY = "org.sqlite.tmpdir";

    @TempDir
    Path data;

    private final Map<String, String> before = new HashMap<>();

    @BeforeEach
    void nobody_has_said_where_it_is() {
        for (String name : List.of(FOLDER, TEMPORARY)) {
            String value = System.clearProperty(name);
            if (value != null) {
                before.put(name, value);
            }
        }
    }

    @AfterEach
    void as_it_was() {
        List.of(FOLDER, TEMPORARY).forEach(System::clearProperty);
        before.forEach(System::setProperty);
    }

    @Test
    void it_is_unpacked_where_the_driver_looks_for_it() throws Exception {
        NativeLibrary.provide(data.resolve("native"));

        Path library = Path.of(System.getProperty(FOLDER)).resolve(LibraryLoaderUtil.getNativeLibName());
        assertThat(library).startsWith(data.resolve("native"));
        try (var original = LibraryLoaderUtil.class.getResourceAsStream(
                LibraryLoaderUtil.getNativeLibResourcePath() + "/" + library.getFileName())) {
            assertThat(library).hasBinaryContent(original.readAllBytes());
        }
    }

    @Test
    void what_a_process_left_that_was_killed_is_removed_and_nothing_else() throws Exception {
        Path folder = Files.createDirectories(data.resolve("native"));
        Files.createFile(Files.createDirectory(folder.resolve("sqlite-1")).resolve("library.so"));
        Files.createFile(folder.resolve("sqlite-3.50-library.so"));
        Files.createFile(folder.resolve("other"));

        NativeLibrary.provide(folder);

        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactlyInAnyOrder(folder.resolve("other"), Path.of(System.getProperty(FOLDER)));
        }
    }

    @Test
    void whoever_says_where_it_is_is_taken_at_their_word() {
        System.setProperty(TEMPORARY, "/elsewhere");

        NativeLibrary.provide(data.resolve("native"));

        assertThat(data.resolve("native")).doesNotExist();
        assertThat(System.getProperty(FOLDER)).isNull();
        assertThat(System.getProperty(TEMPORARY)).isEqualTo("/elsewhere");
    }
}
