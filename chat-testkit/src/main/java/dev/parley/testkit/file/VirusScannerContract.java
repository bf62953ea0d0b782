package dev.parley.testkit.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.domain.attachment.FileContent;
import dev.parley.domain.attachment.VirusScanner;
import dev.parley.domain.attachment.VirusScanner.Scan;
import dev.parley.domain.error.UnavailableException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link VirusScanner} keeps to. */
public abstract class VirusScannerContract {

    /** A scanner that knows the {@linkplain Bytes#eicar() test file}. */
    protected abstract VirusScanner scanner();

    /** A scanner whose service is not there. */
    protected abstract VirusScanner away();

    @Test
    void nothing_is_found_where_nothing_is() {
        assertThat(scanner().scan(Bytes.of("hello"))).isEqualTo(new Scan.Clean());
        assertThat(scanner().scan(Bytes.of(""))).isEqualTo(new Scan.Clean());
        assertThat(scanner().scan(Bytes.zeros(3_000_000))).isEqualTo(new Scan.Clean());
    }

    @Test
    void what_is_infected_is_found_and_named() {
        assertThat(scanner().scan(Bytes.eicar())).isInstanceOfSatisfying(
                Scan.Infected.class, infected -> assertThat(infected.virus()).isNotBlank());
    }

    @Test
    void scans_do_not_disturb_each_other() throws Exception {
        VirusScanner scanner = scanner();
        List<Future<Scan>> infected = new ArrayList<>();
        List<Future<Scan>> clean = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 10; i++) {
                infected.add(threads.submit(() -> scanner.scan(Bytes.eicar())));
                clean.add(threads.submit(() -> scanner.scan(Bytes.zeros(500_000))));
            }
        }
        for (Future<Scan> scan : infected) {
            assertThat(scan.get()).isInstanceOf(Scan.Infected.class);
        }
        for (Future<Scan> scan : clean) {
            assertThat(scan.get()).isInstanceOf(Scan.Clean.class);
        }
    }

    @Test
    void what_nobody_looked_at_is_never_clean() {
        assertThat(away().scan(Bytes.of("hello"))).isInstanceOf(Scan.Unscannable.class);
    }

    @Test
    void what_cannot_be_read_is_unscannable() {
        assertThat(scanner().scan(Bytes.unreadable())).isInstanceOf(Scan.Unscannable.class);
        assertThat(scanner().scan(new Breaking())).isInstanceOf(Scan.Unscannable.class);
        assertThat(scanner().scan(Bytes.of("hello"))).as("the next one").isEqualTo(new Scan.Clean());
    }

    /** A file that breaks off while it is read. */
    private static final class Breaking implements FileContent {
        @Override
        public long size() {
            return 1_000_000;
        }

        @Override
        public InputStream open(long offset) {
            return new InputStream() {
                private int left = 300_000;

                @Override
                public int read() {
                    if (left-- > 0) {
                        return 'x';
                    }
                    throw new UnavailableException("Expected more of a file, found that it broke off");
                }

                @Override
                public int read(byte[] into, int from, int length) {
                    if (length == 0) {
                        return 0;
                    }
                    into[from] = (byte) read();
                    return 1;
                }
            };
        }
    }
}
