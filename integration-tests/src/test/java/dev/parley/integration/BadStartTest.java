package dev.parley.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.bootstrap.Parley;
import dev.parley.bootstrap.StartException;
import dev.parley.bootstrap.settings.FaultySettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Servers that cannot start say why, leave nothing behind, and do not touch the one that runs beside them. */
class BadStartTest extends Misbehaviour {

    @Test
    void a_port_that_is_taken_is_named() throws Exception {
        Path data = folder.resolve("second");
        assertThatThrownBy(() -> server().dataFolder(data).set("PORT", String.valueOf(parley.port())).build())
                .isInstanceOfSatisfying(StartException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(StartException.Reason.ADDRESS);
                    assertThat(failure).hasMessageContaining(String.valueOf(parley.port()));
                });
        bystander.goesOn();
        // Nothing holds the folder any more.
        server().dataFolder(data).build().close();
    }

    @Test
    void a_data_folder_that_is_in_use_is_named() throws Exception {
        assertThatThrownBy(() -> server().build()).isInstanceOfSatisfying(StartException.class, failure -> {
            assertThat(failure.reason()).isEqualTo(StartException.Reason.DATA_FOLDER);
            assertThat(failure).hasMessageContaining(folder.resolve("data").toString());
        });
        bystander.goesOn();
    }

    @Test
    void a_data_folder_that_is_a_file_is_named() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        assertThatThrownBy(() -> server().dataFolder(file).build())
                .isInstanceOfSatisfying(StartException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(StartException.Reason.DATA_FOLDER);
                    assertThat(failure).hasMessageContaining(file.toString());
                });
        assertThat(file).hasContent("not a folder");
    }

    @Test
    void a_database_that_is_damaged_is_named_and_left_as_it_is() throws Exception {
        Path data = Files.createDirectories(folder.resolve("damaged"));
        String damage = "This is no database. ".repeat(1000);
        Files.writeString(data.resolve("parley.db"), damage);
        assertThatThrownBy(() -> server().dataFolder(data).build())
                .isInstanceOfSatisfying(StartException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(StartException.Reason.DATABASE);
                    assertThat(failure).hasMessageContaining("parley.db").hasMessageContaining("backup");
                });
        assertThat(data.resolve("parley.db")).hasContent(damage);
    }

    @Test
    void a_database_whose_middle_was_overwritten_tells_no_one_what_is_in_it() throws Exception {
        Path data = folder.resolve("overwritten");
        try (Parley first = server().dataFolder(data).build();
                Bystander writer = new Bystander(first.url(), token("writer"))) {
            writer.goesOn();
        }
        Path file = data.resolve("parley.db");
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 4096; i < bytes.length; i++) {
            bytes[i] = (byte) 0x5a;
        }
        Files.write(file, bytes);
        Files.deleteIfExists(data.resolve("parley.db-wal"));
        assertThatThrownBy(() -> server().dataFolder(data).build())
                .isInstanceOfSatisfying(StartException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(StartException.Reason.DATABASE));
    }

    @Test
    void settings_that_are_wrong_are_all_named_and_nothing_is_opened() throws Exception {
        Path data = folder.resolve("none");
        assertThatThrownBy(() -> server()
                .dataFolder(data)
                .set("PORT", "eighty")
                .set("JWT_SECRET", "short")
                .set("TURN_POLICY", "never")
                .set("NO_SUCH_SETTING", "1")
                .build())
                .isInstanceOfSatisfying(FaultySettingsException.class, faulty -> {
                    assertThat(faulty.faults()).hasSize(4);
                    assertThat(faulty.getMessage()).doesNotContain("short");
                });
        assertThat(data).doesNotExist();
    }
}
