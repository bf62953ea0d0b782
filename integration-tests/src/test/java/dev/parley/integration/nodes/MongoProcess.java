package dev.parley.integration.nodes;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A MongoDB in a process of its own, so that neither the servers nor the test slow it down; in the memory of that process. */
final class MongoProcess implements AutoCloseable {

    private final Process process;
    private final int port;

    private MongoProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Serves until whoever started it closes its standard input, or ends. */
    public static void main(String[] none) throws IOException {
        System.setProperty("io.netty.eventLoopThreads", "1");
        MongoServer server = new MongoServer(new MemoryBackend());
        System.out.println(server.bind().getPort());
        int read = System.in.read();
        server.shutdownNow();
        System.exit(Math.min(read, 0));
    }

    static MongoProcess start() throws IOException {
        Process process = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                MongoProcess.class.getName()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.matches("\\d+")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("Expected a MongoDB that says its port");
        }
        // Whatever else it says must not hold it up.
        Thread.ofVirtual().start(() -> out.lines().forEach(said -> {}));
        return new MongoProcess(process, Integer.parseInt(line));
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
