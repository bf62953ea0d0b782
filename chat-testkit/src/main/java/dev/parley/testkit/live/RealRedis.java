package dev.parley.testkit.live;

import dev.parley.testkit.wire.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Redis server in a process of its own, which a test may kill, start again at its port, stop and let go on. It keeps nothing on
 * the disk, so that it begins empty each time. Closing it ends it.
 */
public final class RealRedis implements AutoCloseable {

    private static final int PATIENCE_STEPS = 1_000;

    private final Path program;
    private final Path folder;
    private final int port;
    private final List<String> options;
    private Process process;

    private RealRedis(Path program, Path folder, int port, List<String> options) throws IOException {
        this.program = program;
        this.folder = folder;
        this.port = port;
        this.options = List.copyOf(options);
        this.process = begun();
    }

    /**
     * Starts one at a free port and waits until it answers.
     *
     * @param program the server's executable
     * @param folder a folder that is there, for its log and its configuration
     * @param options lines of its configuration, as {@code "maxmemory 10mb"}; lines for a sentinel make it one
     */
    public static RealRedis start(Path program, Path folder, String... options) {
        return startAt(FreePort.find(), program, folder, options);
    }

    /** As {@link #start}, at a certain port. */
    public static RealRedis startAt(int port, Path program, Path folder, String... options) {
        try {
            RealRedis redis = new RealRedis(program, folder, port, List.of(options));
            redis.awaitConnections();
            return redis;
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    public int port() {
        return port;
    }

    /** Its address as settings take it. */
    public String address() {
        return "redis://127.0.0.1:" + port;
    }

    /** Ends it as a crash would. */
    public void kill() {
        process.destroyForcibly();
        ended();
    }

    /** Starts it again, empty, after {@link #kill}. */
    public void restart() {
        try {
            process = begun();
            awaitConnections();
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    /** Lets it stand still: it is there and does not answer. */
    public void pause() {
        signal("STOP");
    }

    /** Lets it go on after {@link #pause}. */
    public void resume() {
        signal("CONT");
    }

    /** What it answers to one command without spaces in its parts, as it comes on the wire; for an answer of one line. */
    public String ask(String... command) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            StringBuilder request = new StringBuilder("*" + command.length + "\r\n");
            for (String part : command) {
                request.append("$").append(part.getBytes(StandardCharsets.UTF_8).length).append("\r\n");
                request.append(part).append("\r\n");
            }
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            StringBuilder line = new StringBuilder();
            for (int next = socket.getInputStream().read(); next >= 0 && next != '\r'; next = socket.getInputStream().read()) {
                line.append((char) next);
            }
            return line.toString();
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            signal("CONT");
        }
        process.destroy();
        ended();
    }

    private Process begun() throws IOException {
        boolean sentinel = options.stream().anyMatch(line -> line.startsWith("sentinel "));
        boolean encrypted = options.stream().anyMatch(line -> line.startsWith("tls-port"));
        List<String> lines = new ArrayList<>(List.of("bind 127.0.0.1", "dir \"" + folder + "\""));
        if (!encrypted) {
            lines.add("port " + port);
        }
        if (!sentinel) {
            lines.addAll(List.of("save \"\"", "appendonly no"));
        }
        lines.addAll(options);
        Path configuration = Files.write(folder.resolve("redis-" + port + ".conf"), lines);
        List<String> command = new ArrayList<>(List.of(program.toString(), configuration.toString()));
        if (sentinel) {
            command.add("--sentinel");
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private Path log() {
        return folder.resolve("redis-" + port + ".log");
    }

    private void awaitConnections() throws IOException {
        for (int step = 0; step < PATIENCE_STEPS; step++) {
            if (takesConnections()) {
                return;
            }
            try {
                // Waiting for its end is waiting a little.
                if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
                    break;
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        String said = Files.readString(log());
        close();
        throw new AssertionError("Expected Redis to take connections, found: " + said);
    }

    private boolean takesConnections() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void ended() {
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
