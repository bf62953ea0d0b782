package dev.parley.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, and what the system says about it. It says {@code READY <port>} once it listens. */
final class ServerProcess implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("READY (\\d+)");
    private static final Pattern COMPILER = Pattern.compile("\\(C[12] Compiler");
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    /** Java's serial collector leaves gaps in its older generation, unless it is the fourth time. */
    private static final int COLLECTIONS = 4;

    private static final double MICROS_PER_TICK = 10_000;

    private final Process process;
    private final int port;
    private final double startMillis;

    private ServerProcess(Process process, int port, double startMillis) {
        this.process = process;
        this.port = port;
        this.startMillis = startMillis;
    }

    /** @param cores which it may use, where {@code taskset} is there */
    static ServerProcess start(String cores, List<String> command) {
        List<String> pinned = new ArrayList<>(pin(cores));
        pinned.addAll(command);
        long began = System.nanoTime();
        try {
            Process process = new ProcessBuilder(pinned)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            CompletableFuture<Integer> port = new CompletableFuture<>();
            Thread.ofPlatform().daemon().start(() -> listen(process, port));
            int ready = port.get(60, TimeUnit.SECONDS);
            return new ServerProcess(process, ready, (System.nanoTime() - began) / 1e6);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException silent) {
            throw new IllegalStateException("Expected READY from " + String.join(" ", command), silent);
        }
    }

    private static void listen(Process process, CompletableFuture<Integer> port) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null) {
                Matcher ready = READY.matcher(line);
                if (ready.find()) {
                    port.complete(Integer.valueOf(ready.group(1)));
                }
                line = lines.readLine();
            }
            port.completeExceptionally(new IOException("the process ended"));
        } catch (IOException ended) {
            port.completeExceptionally(ended);
        }
    }

    static List<String> pin(String cores) {
        return Files.isExecutable(Path.of("/usr/bin/taskset")) ? List.of("taskset", "-c", cores) : List.of();
    }

    int port() {
        return port;
    }

    /** From the process's beginning to the moment it was ready. */
    double startMillis() {
        return startMillis;
    }

    /** What the process has used of processors so far, in microseconds; in steps of 10 ms. */
    double cpuMicros() {
        return micros(read("stat"));
    }

    /** What Java's compilers have used of that, in microseconds; 0 for others. */
    double compilerMicros() {
        double all = 0;
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                if (COMPILER.matcher(stat).find()) {
                    all += micros(stat);
                }
            }
        } catch (IOException gone) {
            throw new UncheckedIOException("Expected a process that runs", gone);
        }
        return all;
    }

    private static double micros(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
    }

    /** What the process holds of memory, in kilobytes. */
    double residentKilobytes() {
        Matcher resident = Pattern.compile("VmRSS:\\s+(\\d+)").matcher(read("status"));
        return resident.find() ? Double.parseDouble(resident.group(1)) : Double.NaN;
    }

    /** What a Java process holds on its heap after collecting, in kilobytes; not a number for others. */
    double heapKilobytes() {
        try {
            for (int i = 0; i < COLLECTIONS; i++) {
                jcmd("GC.run");
            }
            double used = Double.NaN;
            for (String line : jcmd("GC.heap_info").split("\n")) {
                Matcher found = USED.matcher(line);
                if (found.find() && !line.contains("Metaspace") && !line.contains("class space")) {
                    used = (Double.isNaN(used) ? 0 : used) + Double.parseDouble(found.group(1));
                }
            }
            return used;
        } catch (IOException none) {
            return Double.NaN;
        }
    }

    private String jcmd(String what) throws IOException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process asked = new ProcessBuilder(tool, Long.toString(process.pid()), what)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String read(String what) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), what));
        } catch (IOException gone) {
            throw new UncheckedIOException("Expected a process that runs", gone);
        }
    }

    @Override
    public void close() {
        end(Duration.ofSeconds(5));
    }

    /** Asks it to end, and sees to it when it has not in time. */
    void end(Duration patience) {
        process.destroy();
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
