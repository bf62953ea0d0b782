package dev.parley.testkit.file;

import dev.parley.testkit.Peers;
import dev.parley.testkit.wire.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/** The machine's own clamd with one signature, EICAR's, in a folder of its own. Closing it ends it. */
public final class RealClamd implements AutoCloseable {

    /** Where Debian puts it. */
    private static final Path PROGRAM = Path.of("/usr/sbin/clamd");

    private static final int PATIENCE_STEPS = 600;

    private final Process process;
    private final int port;
    private final Path log;

    private RealClamd(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /**
     * Starts it and waits until it takes connections; without a clamd the test is skipped, or fails where it is required.
     *
     * @param folder an empty folder for its files
     * @param longestStream how much it takes in, in bytes; more it refuses
     */
    public static RealClamd start(Path folder, long longestStream) {
        if (!Files.isExecutable(PROGRAM)) {
            Peers.missing("clamd", "install clamav-daemon");
        }
        try {
            Path database = Files.createDirectories(folder.resolve("database"));
            String signature = HexFormat.of().formatHex(Bytes.eicar().all());
            Files.writeString(database.resolve("test.ndb"), "Test.Eicar:0:*:" + signature + "\n");
            int port = FreePort.find();
            Path configuration = Files.write(
                    folder.resolve("clamd.conf"),
                    List.of(
                            "Foreground yes",
                            "TCPSocket " + port,
                            "TCPAddr 127.0.0.1",
                            "DatabaseDirectory " + database,
                            "StreamMaxLength " + longestStream));
            Path log = folder.resolve("clamd.log");
            Process process = new ProcessBuilder(PROGRAM.toString(), "-c", configuration.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            RealClamd clamd = new RealClamd(process, port, log);
            clamd.await();
            return clamd;
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void await() throws IOException {
        for (int step = 0; step < PATIENCE_STEPS; step++) {
            if (takesConnections()) {
                return;
            }
            try {
                // Waiting for its end is waiting a little.
                if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    break;
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        String said = Files.readString(log);
        close();
        Assertions.fail("Expected clamd to take connections, found: " + said);
    }

    private boolean takesConnections() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
