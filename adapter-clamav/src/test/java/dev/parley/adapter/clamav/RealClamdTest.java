package dev.parley.adapter.clamav;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.attachment.VirusScanner.Scan;
import dev.parley.testkit.attachment.RealClamd;
import dev.parley.testkit.time.ManualTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapter with the machine's own clamd. */
final class RealClamdTest {

    private static final int LONGEST = 1024 * 1024;

    @TempDir
    static Path folder;

    private static RealClamd clamd;

    private final ClamdScanner scanner =
            new ClamdScanner(ClamdSettings.at("127.0.0.1", clamd.port()), new ManualTime());

    @BeforeAll
    static void start() {
        clamd = RealClamd.start(folder, LONGEST);
    }

    @AfterAll
    static void stop() {
        if (clamd != null) {
            clamd.close();
        }
    }

    @Test
    void it_is_reachable() {
        assertThat(scanner.reachable()).isTrue();
    }

    @Test
    void an_ordinary_file_is_clean() {
        byte[] bytes = new byte[LONGEST - 1];
        new Random(5).nextBytes(bytes);
        assertThat(scanner.scan(new Bytes(bytes))).isEqualTo(new Scan.Clean());
        assertThat(scanner.scan(new Bytes(new byte[0]))).isEqualTo(new Scan.Clean());
    }

    @Test
    void a_virus_is_found_and_named() {
        assertThat(scanner.scan(new Bytes(RealClamd.eicar()))).isEqualTo(new Scan.Infected("Test.Eicar.UNOFFICIAL"));
    }

    @Test
    void a_virus_is_found_in_an_archive() throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            zip.putNextEntry(new ZipEntry("inside.txt"));
            zip.write(RealClamd.eicar());
        }
        assertThat(scanner.scan(new Bytes(archive.toByteArray()))).isInstanceOf(Scan.Infected.class);
    }

    @Test
    void more_than_clamd_takes_in_is_unscannable_and_not_clean() {
        Scan scan = scanner.scan(new Bytes(new byte[8 * LONGEST]));
        assertThat(scan).isInstanceOfSatisfying(
                Scan.Unscannable.class, unscannable -> assertThat(unscannable.reason()).contains("clamd"));
    }
}
