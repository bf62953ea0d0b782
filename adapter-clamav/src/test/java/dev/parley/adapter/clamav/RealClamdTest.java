package dev.parley.adapter.clamav;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.attachment.VirusScanner;
import dev.parley.domain.attachment.VirusScanner.Scan;
import dev.parley.testkit.file.Bytes;
import dev.parley.testkit.file.RealClamd;
import dev.parley.testkit.file.VirusScannerContract;
import dev.parley.testkit.time.ManualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapter with the machine's own clamd. */
final class RealClamdTest extends VirusScannerContract {

    private static final int LONGEST = 4 * 1024 * 1024;

    @TempDir
    static Path folder;

    private static RealClamd clamd;

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

    @Override
    protected VirusScanner scanner() {
        return at(clamd.port());
    }

    @Override
    protected VirusScanner away() {
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return at(gone.getLocalPort());
        } catch (IOException unusable) {
            throw new AssertionError("Expected a free port", unusable);
        }
    }

    @Test
    void it_is_reachable() {
        assertThat(at(clamd.port()).reachable()).isTrue();
    }

    @Test
    void what_is_found_has_clamd_s_name() {
        assertThat(scanner().scan(Bytes.eicar())).isEqualTo(new Scan.Infected("Test.Eicar.UNOFFICIAL"));
    }

    @Test
    void a_virus_is_found_in_an_archive() {
        assertThat(scanner().scan(Bytes.eicar().zipped("inside.txt"))).isInstanceOf(Scan.Infected.class);
    }

    @Test
    void more_than_clamd_takes_in_is_unscannable_and_not_clean() {
        assertThat(scanner().scan(Bytes.zeros(8 * LONGEST)))
                .isInstanceOfSatisfying(Scan.Unscannable.class, unscannable -> assertThat(unscannable.reason())
                        .contains("clamd"));
    }

    private static ClamdScanner at(int port) {
        return new ClamdScanner(ClamdSettings.at("127.0.0.1", port), new ManualTime());
    }
}
