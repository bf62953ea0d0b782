package dev.parley.benchmarks.load;

import dev.parley.testkit.live.RealRedis;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/** A real Redis of a measurement's own, and what it says of what it was asked. */
final class BenchRedis implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(BenchRedis.class.getName());

    private final Path folder;
    private final RealRedis server;

    private BenchRedis(Path folder, RealRedis server) {
        this.folder = folder;
        this.server = server;
    }

    static BenchRedis start() {
        try {
            Path folder = Files.createTempDirectory("parley-redis");
            Path program = ExecutableProvider.newJarResourceProvider(folder.toFile()).get().toPath();
            return new BenchRedis(folder, RealRedis.start(program, folder));
        } catch (IOException unusable) {
            throw new UncheckedIOException("Expected to unpack a Redis", unusable);
        }
    }

    String address() {
        return server.address();
    }

    int port() {
        return server.port();
    }

    /** How many bytes it was sent so far. */
    double bytesIn() {
        return figure("stats", "total_net_input_bytes:(\\d+)");
    }

    /** How often it ran a script. */
    double scripts() {
        return figure("commandstats", "cmdstat_evalsha:calls=(\\d+)") + figure("commandstats", "cmdstat_eval:calls=(\\d+)");
    }

    /** 0 for what it does not speak of. */
    private double figure(String section, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(info(section));
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }

    private String info(String section) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(("INFO " + section + "\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            StringBuilder length = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                length.append((char) next);
            }
            return new String(in.readNBytes(Integer.parseInt(length.substring(1).strip())), StandardCharsets.UTF_8);
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    /** Counts from now on what clients ask; what scripts do inside is none of it. */
    Requests listen() {
        return new Requests(server.port());
    }

    /** What clients asked while this listened. */
    static final class Requests implements AutoCloseable {
        private final Socket socket;
        private final AtomicLong count = new AtomicLong();

        private Requests(int port) {
            try {
                socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                String agreed = lines.readLine();
                if (!"+OK".equals(agreed)) {
                    throw new IllegalStateException("Expected Redis to let itself be listened to, found " + agreed);
                }
                Thread.ofPlatform().daemon().start(() -> count(lines));
            } catch (IOException unusable) {
                throw new UncheckedIOException(unusable);
            }
        }

        private void count(BufferedReader lines) {
            try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (asked(line)) {
                        count.incrementAndGet();
                    }
                }
            } catch (IOException closed) {
                LOG.log(System.Logger.Level.DEBUG, "Nobody listens any more", closed);
            }
        }

        private static boolean asked(String line) {
            return !line.contains(" lua] ") && !line.contains("] \"INFO\"");
        }

        double count() {
            return count.get();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException gone) {
                LOG.log(System.Logger.Level.DEBUG, "It is closed all the same", gone);
            }
        }
    }

    @Override
    public void close() {
        server.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException left) {
            LOG.log(System.Logger.Level.DEBUG, "A folder is left", left);
        }
    }
}
